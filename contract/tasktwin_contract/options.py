"""The options of the command, and the kinds of values that they take."""

import math
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from click.core import ParameterSource

FORMATS = ("json", "junit")
PROFILES = ("quick", "default", "thorough")


class Setting(click.Option):
    """An option that says which variable a wrong value came from.

    `own` says that each API may have a value of its own.
    """

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own

    @property
    def key(self) -> str:
        """Its name in a configuration file."""
        return str(self.name).replace("_", "-")

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """The API's own variable, or else the one that click looks at."""
        own = os.environ.get(self._own_variable(ctx)) if self.own else None
        return own or super().resolve_envvar_value(ctx)

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Its name, with the variable that it was read from."""
        hint = super().get_error_hint(ctx)
        if ctx is None:
            return hint
        source = ctx.get_parameter_source(str(self.name))
        if source is not ParameterSource.ENVIRONMENT:
            return hint
        variable = f"{ctx.auto_envvar_prefix}_{self.name}".upper()
        if self.own and os.environ.get(self._own_variable(ctx)):
            variable = self._own_variable(ctx)
        return f"{hint} (from {variable})"

    def _own_variable(self, ctx: click.Context) -> str:
        prefix = ctx.find_root().auto_envvar_prefix
        return f"{prefix}_{ctx.params['api']}_{self.name}".upper()


class FilePath(click.Path):
    """A file; one that a configuration file names starts at that file's folder."""

    def __init__(self, *, exists: bool = False, folder: bool = False) -> None:
        super().__init__(
            exists=exists, dir_okay=folder, file_okay=not folder, path_type=Path
        )

    def anchored(self, value: str, folder: Path) -> str:
        """`value` as it is meant in a configuration file of `folder`."""
        return str(folder / value)


class BaseUrl(click.types.StringParamType):
    """Where a server's API starts: `scheme://host[/prefix]`.

    What is wrong is said without the address, which may hold a secret.
    """

    name = "url"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The address without a slash at the end."""
        text = super().convert(value, param, ctx)
        problem = self._problem(text)
        if problem:
            self.fail(problem, param, ctx)
        return text.rstrip("/")

    def _problem(self, text: str) -> str | None:
        words = "An address is http:// or https://, a host, and a path if need be."
        try:
            parts = urlsplit(text)
            reachable = parts.hostname and parts.port != 0
        except ValueError:
            return words
        if parts.scheme not in ("http", "https") or not reachable:
            return words
        if not text.isprintable() or " " in text:
            return "An address holds no blanks."
        if "@" in parts.netloc:
            return "An address holds no credentials."
        if "?" in text or "#" in text:
            return "An address ends with its path: no query, no fragment."
        if re.search(r"/api(/v\d+)?/*$", parts.path):
            return "An address leaves out /api, which the suite adds itself."
        return None


class Workers(click.types.StringParamType):
    """What pytest-xdist takes for `-n`."""

    name = "workers"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The number, or a word for one, as text."""
        text = super().convert(value, param, ctx)
        if not re.fullmatch(r"auto|logical|[0-9]{1,3}", text):
            self.fail(f"{text!r} is not a number, auto or logical.", param, ctx)
        return text


class Seconds(click.FloatRange):
    """A time to wait, which ends."""

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number of seconds."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number.", param, ctx)
        return number


class ReportFile(FilePath):
    """A report to write: `FORMAT=FILE`."""

    name = "report"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The same text."""
        text = str(value)
        form, _, file = text.partition("=")
        if not file or form not in FORMATS:
            known = ", ".join(f"{name}=FILE" for name in FORMATS)
            self.fail(f"{text!r} is not one of: {known}.", param, ctx)
        super().convert(file, param, ctx)
        return text

    def anchored(self, value: str, folder: Path) -> str:
        """The report with its file as it is meant in a file of `folder`."""
        form, sign, file = value.partition("=")
        return f"{form}{sign}{folder / file}" if file else value
