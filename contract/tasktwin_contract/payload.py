"""The parameters of a request as it stands on the wire, read back, and put anew.

Only what can be read in one way is read: a body that would not be written just so from
what was read in it is one of which nobody can tell what a server makes.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

from tasktwin_contract.actors import BOUNDARY, FORM, PART, multipart
from tasktwin_contract.wire import File, Request
from tasktwin_schemas import Operation

Values = list[tuple[str, Any]]
Change = Callable[[str, Any], Any]
VARIABLE = re.compile(r"\\\{(\w+)\\\}")
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
FILE_NAME = re.compile(b'; filename="([^"\r\n]*)"')
PARTS = re.compile(
    b'--%b\r\n%b; name="([^"\r\n]*)"(; filename="[^"\r\n]*")?\r\n'
    b"(?:Content-Type: ([^\r\n]*)\r\n)?\r\n(.*?)\r\n(?=--%b)"
    % tuple(map(re.escape, map(str.encode, (BOUNDARY, PART, BOUNDARY)))),
    re.DOTALL,
)


class UnclearError(Exception):
    """Nobody can tell what a server would read in this request."""


def read(request: Request, operation: Operation, version: str) -> Values:
    """Every parameter of `request`, doubled ones too. Raises `UnclearError`.

    `version` is the pattern of what stands before the operation's path.
    """
    query = [(name, _text(value)) for name, value in request.query]
    return [*_in_path(request, operation, version), *query, *_in_body(request)]


def rewritten(request: Request, change: Change) -> Request:
    """`request` with `change(name, value)` for each value of query and body."""
    query = tuple((name, change(name, _text(value))) for name, value in request.query)
    if not request.body:
        return replace(request, query=query)
    values = [(name, change(name, value)) for name, value in _in_body(request)]
    body = WRITERS[_kind(request)](values)
    return replace(request, query=query, body=body)


def matches(path: str, operation: Operation, version: str) -> re.Match[str] | None:
    """Whether a path of a request is one of `operation`."""
    pattern = VARIABLE.sub(r"(?P<\1>[^/]+)", re.escape(operation.path))
    return re.fullmatch(f"(?:{version if operation.base else ''}){pattern}", path)


def _in_path(request: Request, operation: Operation, version: str) -> Values:
    found = matches(request.path, operation, version)
    if found is None:
        raise UnclearError
    named = {k: v for k, v in found.groupdict().items() if v is not None}
    return [(name, _text(unquote_to_bytes(value))) for name, value in named.items()]


def _in_body(request: Request) -> Values:
    if not request.body:
        return []
    kind = _kind(request)
    if kind not in READERS:
        raise UnclearError
    try:
        values = READERS[kind](request.body)
    except (ValueError, RecursionError):
        raise UnclearError from None
    if WRITERS[kind](values) != request.body:
        raise UnclearError
    return values


def _kind(request: Request) -> str:
    kinds = [v for name, v in request.headers if name.lower() == "content-type"]
    whole = kinds[0] if len(kinds) == 1 else ""
    return whole if whole == MULTIPART else whole.partition(";")[0].strip().lower()


def _text(value: str | bytes) -> str:
    try:
        return value.decode() if isinstance(value, bytes) else value
    except UnicodeDecodeError:
        raise UnclearError from None


def _form(body: bytes) -> Values:
    return list(parse_qsl(body.decode(), keep_blank_values=True))


def _json(body: bytes) -> Values:
    values = json.loads(body.decode(), object_pairs_hook=_Pairs)
    if not isinstance(values, _Pairs):
        raise UnclearError
    return [(name, _plain(value)) for name, value in values]


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it was written."""


def _plain(value: Any) -> Any:
    """A value without doubled keys. Raises `UnclearError` where it has some."""
    if isinstance(value, _Pairs):
        if len(dict(value)) != len(value):
            raise UnclearError
        return {name: _plain(each) for name, each in value}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _multipart(body: bytes) -> Values:
    return [_value(*found) for found in PARTS.findall(body)]


def _value(name: bytes, file: bytes, kind: bytes, data: bytes) -> tuple[str, Any]:
    if not file:
        return name.decode(), data.decode()
    called = FILE_NAME.fullmatch(file)
    if called is None:
        raise UnclearError
    return name.decode(), File(data, called[1].decode(), kind.decode())


def _to_form(values: Values) -> bytes:
    return urlencode(values).encode()


def _to_json(values: Values) -> bytes:
    members = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in values]
    return f"{{{', '.join(members)}}}".encode()


READERS: dict[str, Callable[[bytes], Values]] = {
    FORM: _form,
    "application/json": _json,
    MULTIPART: _multipart,
}
WRITERS: dict[str, Callable[[Values], bytes]] = {
    FORM: _to_form,
    "application/json": _to_json,
    MULTIPART: multipart,
}
