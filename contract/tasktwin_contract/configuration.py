"""Where an option's value comes from beside the command line.

Every option of every command is also an environment variable, `TASKTWIN_VERIFY_SEED`
for `tasktwin verify --seed`, and a key of the nearest `tasktwin.toml`, or table
`[tool.tasktwin]` of `pyproject.toml`, upwards from the working directory:

    [hitask]
    base-url = "${STAGING}"        # the address to judge; TASKTWIN_HITASK_BASE_URL
    access = "own"                 # what may be touched there (credentials.py has more)

    [verify]
    profile = "quick"
    clause = ["HT-DELTA-04"]       # options that repeat are lists
    report = ["json=report.json"]  # paths start at the file's own folder

The command line counts over the environment, and that over the file; what is given for
one API counts over what is given for all. `${NAME}` reads the environment, when and
only when the value is needed. Variables that hold a list part it by blanks, lists of
paths by the system's path separator.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from tasktwin_contract.options import FilePath, Workers

REFERENCE = re.compile(r"\$\{([^}]*)\}")

Tables = Mapping[str, Mapping[str, click.Option]]
Defaults = dict[str, dict[str, object]]


class ConfigurationError(click.ClickException):
    """A configuration file cannot be read as one: which, where and why."""

    exit_code = 2


@dataclass(frozen=True)
class File:
    """A configuration file: its path, where in it ours starts, what stands there."""

    path: Path
    root: str
    content: Mapping[str, Any]

    def error(self, key: str, message: str) -> ConfigurationError:
        """What is wrong with `key`."""
        return ConfigurationError(f"{self.path}: {self.root}{key} {message}.")


Without = Callable[[str, File, object], object]


def load(tables: Tables, without: Without, start: Path | None = None) -> Defaults:
    """The values of the nearest file from `start` upwards, by table and parameter.

    `tables` are the options that each table may hold, by key; `without` gives a table
    without what is no option's. Values with a `${NAME}` are functions that find it out.
    Raises `ConfigurationError`.
    """
    file = find(start)
    if file is None:
        return {}
    return {
        name: _table(file, name, without(name, file, content), tables)
        for name, content in file.content.items()
    }


def adopt(ctx: click.Context, param: click.Parameter, api: str) -> str:
    """Let the values for `api` count over those for all, as its argument is read."""
    everything = ctx.find_root().default_map or {}
    ctx.default_map = {**(ctx.default_map or {}), **everything.get(api, {})}
    return api


def find(start: Path | None = None) -> File | None:
    """The nearest configuration file from `start` upwards, by default from here."""
    try:
        start = start or Path.cwd()
    except FileNotFoundError:
        return None
    for folder in (start, *start.parents):
        file = _whole(folder / "tasktwin.toml") or _part(folder / "pyproject.toml")
        if file is not None:
            return file
    return None


def _whole(path: Path) -> File | None:
    content = _parsed(path)
    return None if content is None else File(path, "", content)


def _part(path: Path) -> File | None:
    tool = (_parsed(path) or {}).get("tool")
    content = tool.get("tasktwin") if isinstance(tool, dict) else None
    if content is None:
        return None
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path}: tool.tasktwin must be a table.")
    return File(path, "tool.tasktwin.", content)


def _parsed(path: Path) -> dict[str, Any] | None:
    # Path.is_file raises where a folder on the way up may not be entered.
    if not os.path.isfile(path):  # noqa: PTH113
        return None
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise ConfigurationError(message) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}.") from None


def _table(file: File, name: str, content: object, tables: Tables) -> dict[str, object]:
    if name not in tables:
        raise file.error(name, f"is not known; {nearest(name, tables)}")
    if not isinstance(content, dict):
        raise file.error(name, "must be a table")
    options = tables[name]
    values = {}
    for key, value in content.items():
        if key not in options:
            message = f"is not known; {nearest(key, options)}"
            raise file.error(f"{name}.{key}", message)
        option = options[key]
        values[str(option.name)] = _value(file, f"{name}.{key}", option, value)
    return values


def nearest(name: str, known: Mapping[str, object]) -> str:
    """What a name that is not known may mean."""
    near = get_close_matches(name, known, n=1)
    if near:
        return f"the nearest is {near[0]}"
    return f"known: {', '.join(sorted(known))}"


def _value(file: File, key: str, option: click.Option, value: object) -> object:
    if option.multiple and not isinstance(value, list):
        raise file.error(key, "must be a list")
    for each in value if isinstance(value, list) and option.multiple else [value]:
        _check_kind(file, key, option, each)
    if not _refers(value):
        return _checked(file, key, option, value)
    return lambda: _checked(file, key, option, resolved(file, key, value))


def _check_kind(file: File, key: str, option: click.Option, value: object) -> None:
    kinds: set[type]
    if option.is_flag:
        kinds, words = {bool}, "true or false"
    elif isinstance(option.type, click.types.IntParamType):
        kinds, words = {int}, "a whole number"
    elif isinstance(option.type, click.types.FloatParamType):
        kinds, words = {int, float}, "a number"
    elif isinstance(option.type, Workers):
        kinds, words = {int, str}, "a whole number or a text"
    else:
        kinds, words = {str}, "a text"
    if type(value) not in kinds and not _refers(value):
        each = "must be a list, each entry" if option.multiple else "must be"
        raise file.error(key, f"{each} {words}")


def _refers(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_refers, value))
    return isinstance(value, str) and REFERENCE.search(value) is not None


def resolved(file: File, key: str, value: object) -> object:
    """`value` with the environment's values in the place of their names.

    Raises `ConfigurationError` where a name is not set.
    """

    def read(match: re.Match[str]) -> str:
        name = match[1]
        if name not in os.environ:
            raise file.error(key, f"reads the environment's {name!r}, which is not set")
        return os.environ[name]

    if isinstance(value, list):
        return [resolved(file, key, each) for each in value]
    return REFERENCE.sub(read, value) if isinstance(value, str) else value


def _checked(file: File, key: str, option: click.Option, value: object) -> object:
    """`value` where the option takes it, paths anchored at the file's folder."""
    if isinstance(value, list):
        return [_checked(file, key, option, each) for each in value]
    if isinstance(option.type, FilePath):
        value = option.type.anchored(str(value), file.path.parent)
    try:
        option.type.convert(value, option, None)
    except click.BadParameter as error:
        message = f"is wrong: {error.message.removesuffix('.')}"
        raise file.error(key, message) from None
    return value
