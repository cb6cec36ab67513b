"""Requests part by part, as no well-behaved client sends them."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.reply import Reply, Sent
from tasktwin_contract.wire import Pairs
from tasktwin_schemas import operations

VARIABLE = re.compile(r"\{(\w+)\}")
JSON = "application/json"
NOWHERE = "4368ec5d-9942-4c74-90f7-eea752a6e489"
"""The id of no record."""


def send(
    actor: Actor,
    name: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    headers: Pairs = (),
    query: Pairs = (),
    kind: str | None = None,
    body: bytes | None = None,
) -> Reply:
    """Call an operation as `actor.call` does, with these parts beside.

    A `body`, of the media type `kind`, is sent as it is; then `parameters` holds what
    stands in the operation's path, and nothing else.
    """
    operation = operations(actor.world.api)[name]
    typed = (("Content-Type", kind),) if kind else ()
    plain = actor.request(operation, parameters or {})
    request = replace(
        plain,
        query=(*plain.query, *query),
        headers=(*plain.headers, *typed, *headers),
        body=plain.body if body is None else body,
    )
    world = actor.world
    return world.send(Sent(request, operation, actor.name, world.api))


def whole(actor: Actor, name: str, number: str, record: Mapping[str, Any]) -> Reply:
    """Call an operation of one record with all of `record` as its body, ids too."""
    body = json.dumps(record).encode()
    return send(actor, name, {"id": number}, kind=JSON, body=body)


def in_path(name: str, value: str) -> dict[str, str]:
    """The parameters in an operation's path, all of them `value`."""
    path = operations("gsmtasks")[name].path
    return dict.fromkeys(VARIABLE.findall(path), value)
