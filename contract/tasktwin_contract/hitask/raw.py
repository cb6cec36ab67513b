"""Requests part by part, as no well-behaved client sends them."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from tasktwin_contract.actors import BOUNDARY, FORM, Actor
from tasktwin_contract.hitask.examples import OPERATIONS
from tasktwin_contract.reply import Reply, Sent
from tasktwin_contract.wire import Pairs

VARIABLE = re.compile(r"\{(\w+)\}")
JSON = "application/json"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
PLACES = ("query", "form", "multipart", "json")
BODIES = PLACES[1:]


def send(
    actor: Actor,
    name: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    query: Pairs = (),
    headers: Pairs = (),
    kind: str | None = None,
    body: bytes = b"",
) -> Reply:
    """Call an operation as `actor.call` does, with these parts beside.

    A `body`, of the media type `kind`, is sent as it is; then `parameters` holds what
    stands in the operation's path, and nothing else.
    """
    operation = OPERATIONS[name]
    typed = (("Content-Type", kind),) if kind else ()
    plain = actor.request(operation, parameters or {})
    request = replace(
        plain,
        query=(*plain.query, *query),
        headers=(*plain.headers, *typed, *headers),
        body=body or plain.body,
    )
    world = actor.world
    return world.send(Sent(request, operation, actor.name, world.api))


def in_path(name: str, value: str) -> dict[str, str]:
    """The parameters in an operation's path, all of them `value`."""
    return dict.fromkeys(VARIABLE.findall(OPERATIONS[name].path), value)


def written(place: str, pairs: Pairs) -> dict[str, Any]:
    """The parts of a request that has `pairs` in that place, doubled ones too."""
    if place == "query":
        return {"query": pairs}
    kind, body = WRITERS[place](pairs)
    return {"kind": kind, "body": body}


def _form(pairs: Pairs) -> tuple[str, bytes]:
    return FORM, urlencode(pairs).encode()


def _multipart(pairs: Pairs) -> tuple[str, bytes]:
    start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    parts = [f'{start}"{name}"\r\n\r\n{value}\r\n' for name, value in pairs]
    return MULTIPART, f"{''.join(parts)}--{BOUNDARY}--\r\n".encode()


def _json(pairs: Pairs) -> tuple[str, bytes]:
    members = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in pairs]
    return JSON, f"{{{', '.join(members)}}}".encode()


WRITERS: Mapping[str, Callable[[Pairs], tuple[str, bytes]]] = {
    "form": _form,
    "multipart": _multipart,
    "json": _json,
}
