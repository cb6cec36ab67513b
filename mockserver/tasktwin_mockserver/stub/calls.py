"""Calls that prepare a test: by operation ids, through the API itself."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode
from wsgiref.types import WSGIApplication

import msgspec

from tasktwin_mockserver.exchange import FORM, PREPARING
from tasktwin_mockserver.spelling import known
from tasktwin_mockserver.stub.mounted import ask
from tasktwin_schemas import Operation, openapi, operations
from tasktwin_schemas.document import JSON

Pairs = Mapping[str, str]


class PrepareError(ValueError):
    """A world cannot be prepared as asked: the call is none, or it was refused.

    `status` is that of the refusal.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


def prepare(
    app: WSGIApplication,
    api: str,
    url: str,
    operation_id: str,
    parameters: Mapping[str, Any],
    headers: Pairs,
    query: Pairs,
) -> Any:
    """What the operation answers: the data of JSON, else the bytes.

    The call meets no fault script and no limit of rate, and is not in the log. Raises
    `PrepareError`.
    """
    operation = _operation(api, operation_id)
    rest = {**_forms(operation), **parameters}
    _hold_to_names(api, operation, rest)
    path = _path(operation, rest)
    asked, media_type, body = _written(operation, rest)
    line = urlencode({**asked, **query})
    target = f"{url}{operation.base}{path}{'?' if line else ''}{line}"
    sent = {**headers, **({"Content-Type": media_type} if body else {})}
    answer = ask(app, operation.method, target, sent.items(), body, {PREPARING: True})
    kinds = {name.lower(): value for name, value in answer.headers}
    is_json = kinds.get("content-type", "").partition(";")[0] == JSON
    data = msgspec.json.decode(answer.body) if is_json and answer.body else answer.body
    if answer.status >= HTTPStatus.BAD_REQUEST:
        said = answer.body[:500].decode(errors="replace")
        words = f"{operation_id} was refused with {answer.status}: {said}"
        raise PrepareError(words, answer.status)
    return data


def _operation(api: str, operation_id: str) -> Operation:
    every = operations(api)
    if operation_id not in every:
        near = known(operation_id, every)
        raise PrepareError(f"there is no operation {operation_id!r}{near}")
    return every[operation_id]


def _forms(operation: Operation) -> dict[str, str]:
    """The parameters that ask for an answer in JSON, where there is a choice."""
    return {
        name: value
        for name, parameter in operation.parameters.items()
        for value, media_type in parameter.forms.items()
        if media_type == JSON
    }


def _hold_to_names(
    api: str, operation: Operation, parameters: Mapping[str, Any]
) -> None:
    if operation.free:
        return
    schemes = openapi(api)["components"]["securitySchemes"].values()
    names = {*operation.parameters, *(row.get("name", "") for row in schemes)}
    for name, value in parameters.items():
        if name not in names:
            near = known(name, operation.parameters)
            words = f"{operation.id} has no parameter {name!r}{near}"
            raise PrepareError(words)
        if isinstance(value, bytes | bytearray):
            words = f"{name} of {operation.id} is a file; send it with a client"
            raise PrepareError(words)


def _path(operation: Operation, rest: dict[str, Any]) -> str:
    """The path; the parameters that stand in it are taken from `rest`."""
    path = operation.path
    for name in operation.parameters:
        if f"{{{name}}}" not in path:
            continue
        if name not in rest:
            raise PrepareError(f"{operation.id} needs {name!r}")
        path = path.replace(f"{{{name}}}", quote(str(rest.pop(name)), safe=""))
    return path


def _written(operation: Operation, rest: Mapping[str, Any]) -> tuple[Pairs, str, bytes]:
    """The parameters: those of the query, and a body with its media type."""
    kinds = operation.media_types
    own = {n for n, one in operation.parameters.items() if one.place == "body"}
    in_body = {n: v for n, v in rest.items() if kinds and (operation.free or n in own)}
    query = {n: _text(operation, n, v) for n, v in rest.items() if n not in in_body}
    if not in_body:
        return query, "", b""
    if JSON in kinds:
        return query, JSON, msgspec.json.encode(in_body)
    form = {n: _text(operation, n, v) for n, v in in_body.items() if v is not None}
    return query, FORM, urlencode(form).encode()


def _text(operation: Operation, name: str, value: Any) -> str:
    parameter = operation.parameters.get(name)
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and parameter and parameter.encoding == "comma":
        return ",".join(map(str, value))
    return json.dumps(value)
