"""Schemathesis over an API's document: requests that it allows, and others."""

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import schemathesis
from hypothesis import given, seed, settings
from schemathesis import GenerationMode

from tasktwin_contract.actors import FORM, as_text
from tasktwin_contract.reply import Sent
from tasktwin_contract.target import Target, World
from tasktwin_contract.wire import Request
from tasktwin_schemas import Operation, operations
from tasktwin_schemas.document import credentials, openapi_path

SOMEWHERE = "http://localhost"
KEPT_HEADERS = frozenset({"content-type"})
KEY = "api_key"


@cache
def _document(api: str) -> Any:
    # By path: a document given as data lets wrong bodies pass in silence.
    return schemathesis.openapi.from_path(str(openapi_path(api)))


def explore(
    target: Target, operation_id: str, mode: GenerationMode, cases: int
) -> None:
    """Send `cases` generated requests for an operation, each in a fresh session.

    Every answer is held against the document by the checks that always run.
    """
    operation = operations(target.api)[operation_id]
    strategy = _document(target.api)[operation.path][operation.method].as_strategy(
        generation_mode=mode
    )

    @seed(target.seed)
    @settings(max_examples=cases)
    @given(case=strategy)
    def each(case: Any) -> None:
        with target.world() as world:
            world.send(_sent(world, operation, case))

    run: Callable[[], None] = each
    run()


def _sent(world: World, operation: Operation, case: Any) -> Sent:
    """The generated case as a request of the first of the world's people."""
    prepared = _prepared(operation, case)
    parts = urlsplit(prepared.url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    body = prepared.body or b""
    headers = [(k, v) for k, v in prepared.headers.items() if k.lower() in KEPT_HEADERS]
    actor = world.first
    if operation.secured:
        ways = {way.name for way in credentials(world.api)}
        query = [(name, value) for name, value in query if name not in ways]
        carried, parameters = actor.signed_in().carried
        query += parameters
        headers += carried
    elif not operation.public:
        query.append((KEY, world.api_key))
    request = Request(
        method=operation.method,
        path=f"{world.prefix}{operation.base}{quote(parts.path, safe='/%')}",
        query=tuple(query),
        headers=tuple(headers),
        body=body.encode() if isinstance(body, str) else body,
    )
    return Sent(request, operation, actor.name, world.api)


def _prepared(operation: Operation, case: Any) -> Any:
    import requests

    words = case.as_transport_kwargs(base_url=SOMEWHERE)
    if case.media_type == FORM and isinstance(case.body, dict):
        words["data"] = dict(as_text(operation, case.body))
    names = ("method", "url", "params", "headers", "data", "json", "files")
    return requests.Request(**{n: words[n] for n in names if n in words}).prepare()
