"""The people of a world, who call operations."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlencode

from tasktwin_contract.reply import Reply, Sent
from tasktwin_contract.wire import File, Pairs, Request
from tasktwin_schemas import Operation, operations
from tasktwin_schemas.document import JSON, Credential, credentials

if TYPE_CHECKING:
    from tasktwin_contract.target import World

FORM = "application/x-www-form-urlencoded"
BOUNDARY = "tasktwin-5f6c1b"
PART = "Content-Disposition: form-data"


@dataclass(frozen=True, repr=False)
class Actor:
    """Somebody who calls operations, with a session or token, or without one.

    `via` is where parameters go (`query`, `form`, `multipart`, `json`; None is where
    the vendor shows them; files always go in a multipart body), `prefix` what stands
    between an operation's base and its path, `session_by` how they say who they are
    (`header`, `cookie`, `parameter`; None is the usual way of the API). What people of
    one API do to prepare a test, those of its own class do (`cast.py` of its suite).
    """

    world: "World"
    name: str | None
    facts: Mapping[str, str]
    via: str | None = None
    prefix: str = ""
    session_by: str | None = None

    def using(self, **ways: str | None) -> Self:
        """The same person, who calls in another way."""
        return replace(self, **ways)  # type: ignore[arg-type]

    def with_session(self, session: str) -> Self:
        """The same person with another session, or token."""
        fact = self.credential.fact
        return replace(self, facts={**self.facts, fact: session})

    def signed_in(self) -> Self:
        """The same person with a session of its own, where there are such.

        Raises `NotJudgedError`.
        """
        return self

    @property
    def credential(self) -> Credential:
        """How the actor says who it is."""
        return _credential(self.world.api, self.session_by)

    @property
    def carried(self) -> tuple[Pairs, Pairs]:
        """The headers and the parameters by which the actor says who it is."""
        way = self.credential
        if way.fact not in self.facts:
            return (), ()
        value = f"{way.prefix}{self.facts[way.fact]}"
        if way.place == "query":
            return (), ((way.name, value),)
        if way.place == "cookie":
            return (("Cookie", f"{way.name}={value}"),), ()
        return ((way.name, value),), ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self.facts[name]
        except KeyError:
            raise AttributeError(name) from None

    def __repr__(self) -> str:
        return f"<{self.name or 'nobody'} of {self.world}>"

    @property
    def number(self) -> int:
        """The actor's id."""
        return int(self.facts["id"])

    def call(self, operation_id: str, /, **parameters: Any) -> Reply:
        """Call an operation; a parameter of None is left out, but for JSON."""
        operation = operations(self.world.api)[operation_id]
        request = self.request(operation, parameters)
        return self.world.send(Sent(request, operation, self.name, self.world.api))

    def request(self, operation: Operation, parameters: Mapping[str, Any]) -> Request:
        """The request that calls `operation`."""
        path, rest = operation.path, dict(parameters)
        for name in named_in(path):
            path = path.replace(f"{{{name}}}", quote(str(rest.pop(name)), safe=""))
        carried, own = self.carried
        headers = [*carried]
        rest.update(own)
        via = self.via or WAYS[(*operation.media_types, None)[0]]
        files = {name: v for name, v in rest.items() if isinstance(v, File)}
        query: Pairs = ()
        body = b""
        if via == "query":
            query = as_text(
                operation, {n: v for n, v in rest.items() if n not in files}
            )
            rest = files
        if rest:
            kind, body = BODIES["multipart" if files else via](operation, rest)
            headers.append(("Content-Type", kind))
        path = f"{self.world.prefix}{operation.base}{self.prefix}{path}"
        return Request(operation.method, path, query, tuple(headers), body)


@cache
def _credential(api: str, session_by: str | None) -> Credential:
    place = "query" if session_by == "parameter" else session_by
    return next(one for one in credentials(api) if place in (None, one.place))


@cache
def named_in(path: str) -> tuple[str, ...]:
    """The parameters that stand in the path of an operation."""
    return tuple(re.findall(r"\{(\w+)\}", path))


def actor_of(api: str) -> type[Actor]:
    """The class of the people of `api`."""
    found: type[Actor] = import_module(f"tasktwin_contract.{api}.cast").Actor
    return found


def as_text(operation: Operation, parameters: Mapping[str, Any]) -> Pairs:
    """`parameters` as a form or a query has them, without files."""
    pairs = []
    for name, value in parameters.items():
        known = operation.parameters.get(name)
        encoding = known.encoding if known else "json"
        if value is not None and not isinstance(value, File):
            pairs.append((name, _text(value, encoding)))
    return tuple(pairs)


def _text(value: Any, encoding: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and encoding == "comma":
        return ",".join(_text(part, "json") for part in value)
    return json.dumps(value)


def _form(operation: Operation, parameters: Mapping[str, Any]) -> tuple[str, bytes]:
    return FORM, urlencode(as_text(operation, parameters)).encode()


def _json(operation: Operation, parameters: Mapping[str, Any]) -> tuple[str, bytes]:
    return "application/json", json.dumps(parameters).encode()


def _multipart(
    operation: Operation, parameters: Mapping[str, Any]
) -> tuple[str, bytes]:
    values: list[tuple[str, str | File]] = [*as_text(operation, parameters)]
    values += [(n, v) for n, v in parameters.items() if isinstance(v, File)]
    return f"multipart/form-data; boundary={BOUNDARY}", multipart(values)


def multipart(values: Iterable[tuple[str, str | File]]) -> bytes:
    """A multipart body with these values, in this order."""
    parts = [_part(name, value) for name, value in values]
    return b"".join((*parts, f"--{BOUNDARY}--\r\n".encode()))


def _part(name: str, value: str | File) -> bytes:
    start = f'--{BOUNDARY}\r\n{PART}; name="{name}"'
    if isinstance(value, str):
        return f"{start}\r\n\r\n{value}\r\n".encode()
    head = f'{start}; filename="{value.name}"\r\n'
    if value.media_type:
        head += f"Content-Type: {value.media_type}\r\n"
    return b"%b\r\n%b\r\n" % (head.encode(), value.data)


BODIES = {"form": _form, "json": _json, "multipart": _multipart}
WAYS = {FORM: "form", JSON: "json", "multipart/form-data": "multipart", None: "query"}
