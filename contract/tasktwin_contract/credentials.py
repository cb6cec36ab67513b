"""Who a run may be on a live server: actors and the API key.

They come from the environment (`TASKTWIN_HITASK_MEMBER_LOGIN`, `…_PASSWORD`,
`TASKTWIN_HITASK_API_KEY`) or from the API's table of the configuration file, each value
by itself, the environment first:

    [hitask]
    api-key = "${HITASK_KEY}"

    [hitask.actors.member]
    login = "max@example.com"
    password = "${MAX_PASSWORD}"

All of them are secrets; nothing here shows a value.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from tasktwin_contract.configuration import File, find, nearest, resolved
from tasktwin_schemas import APIS, openapi

API_KEY = "api-key"
ACTORS = "actors"


class CredentialsError(Exception):
    """The credentials are not complete: what is missing, in one sentence."""


@dataclass(frozen=True, repr=False)
class Credentials:
    """The API key, and what it takes to be each actor, by the names they go under.

    The key is empty where the API knows none.
    """

    api_key: str
    people: Mapping[str, Mapping[str, str]]

    @property
    def keys(self) -> dict[str, str]:
        """The API key as signing in takes it."""
        return {"api_key": self.api_key} if self.api_key else {}


def load(api: str) -> Credentials:
    """What is configured for `api`. Raises `CredentialsError`, `ConfigurationError`."""
    table = _table(api)
    people = {name: dict(_person(api, name, table)) for name in _cast(api).ACTORS}
    known = {name: person for name, person in people.items() if person}
    key = _value(variable(api, "API_KEY"), table, API_KEY)
    if not known:
        example = [variable(api, _cast(api).ACTORS[0], key) for key in _cast(api).KEYS]
        raise CredentialsError(
            f"no actor is configured: set {' and '.join(example)}, or likewise for"
            f" {', '.join(_cast(api).ACTORS[1:])}, or [{api}.actors.…] in tasktwin.toml"
        )
    if not key and _has_key(api):
        name = variable(api, "API_KEY")
        raise CredentialsError(
            f"the API key is missing: set {name}, or api-key under [{api}]"
        )
    for name, person in known.items():
        for key_of_person in _cast(api).KEYS:
            if key_of_person not in person:
                missing = variable(api, name, key_of_person)
                raise CredentialsError(f"the actor {name} lacks {missing}")
    return Credentials(key or "", known)


def _has_key(api: str) -> bool:
    """Whether the API has a key for each program that calls it."""
    schemes = openapi(api)["components"]["securitySchemes"].values()
    return any(one.get("x-tasktwin-credential") == "api_key" for one in schemes)


def variable(api: str, *words: str) -> str:
    """The environment's name of a value: `TASKTWIN_HITASK_MEMBER_LOGIN`."""
    return "_".join(("TASKTWIN", api, *words)).upper()


def without(api: str, file: File, content: object) -> object:
    """The table of `api` without its credentials; any other table as it is.

    Raises `ConfigurationError` where they are not what they should be; what a
    `${NAME}` stands for is not looked at.
    """
    if api not in APIS or not isinstance(content, dict):
        return content
    _check_text(file, f"{api}.{API_KEY}", content.get(API_KEY, ""))
    actors = content.get(ACTORS, {})
    _check_table(file, f"{api}.{ACTORS}", actors, _cast(api).ACTORS)
    for name, person in actors.items():
        key = f"{api}.{ACTORS}.{name}"
        _check_table(file, key, person, _cast(api).KEYS)
        for word, value in person.items():
            _check_text(file, f"{key}.{word}", value)
    return {key: v for key, v in content.items() if key not in (API_KEY, ACTORS)}


def _check_text(file: File, key: str, value: object) -> None:
    if not isinstance(value, str):
        raise file.error(key, "must be a text")


def _check_table(file: File, key: str, table: object, known: tuple[str, ...]) -> None:
    if not isinstance(table, dict):
        raise file.error(key, "must be a table")
    for name in table:
        if name not in known:
            words = nearest(name, dict.fromkeys(known))
            raise file.error(f"{key}.{name}", f"is not known; {words}")


@dataclass(frozen=True)
class _Table:
    """A table of a configuration file, and where in it it stands."""

    file: File | None
    key: str
    content: Mapping[str, Any]

    def inner(self, name: str) -> "_Table":
        return _Table(self.file, f"{self.key}.{name}", self.content.get(name, {}))

    def value(self, name: str) -> str | None:
        if self.file is None or name not in self.content:
            return None
        text = resolved(self.file, f"{self.key}.{name}", self.content[name])
        return str(text) or None


def _table(api: str) -> _Table:
    file = find()
    if file is None:
        return _Table(None, api, {})
    content = file.content.get(api, {})
    without(api, file, content)
    return _Table(file, api, content if isinstance(content, dict) else {})


def _person(api: str, name: str, table: _Table) -> Iterator[tuple[str, str]]:
    own = table.inner(ACTORS).inner(name)
    for key in _cast(api).KEYS:
        value = _value(variable(api, name, key), own, key)
        if value:
            yield key, value


def _value(variable_name: str, table: _Table, key: str) -> str | None:
    return os.environ.get(variable_name) or table.value(key)


def _cast(api: str) -> Any:
    return import_module(f"tasktwin_contract.{api}.cast")
