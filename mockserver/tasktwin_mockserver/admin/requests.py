"""The log of a world's requests, for the controls."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from tasktwin_mockserver.admin.asked import Asked, Query, control
from tasktwin_mockserver.clock import text
from tasktwin_mockserver.traffic import KEPT, Exchange

LEAST, MOST = -(2**63), 2**64 - 1  # what JSON can have here


class Search(Query, forbid_unknown_fields=True):
    """The query of `GET /__admin/requests`; of more than `limit` the latest."""

    operation: str | None = None
    path: str | None = None
    status: int | None = None
    actor: str | None = None
    since: Annotated[int, msgspec.Meta(ge=0)] = 0
    unmatched: bool = False
    violations: bool = False
    limit: Annotated[int, msgspec.Meta(ge=1, le=KEPT)] = KEPT


@control("GET", "/requests")
def list_requests(asked: Asked) -> object:
    """The requests of a world that are all that is asked for, oldest first."""
    return [_shown(exchange) for exchange in _found(asked)]


@control("GET", "/requests/count")
def count_requests(asked: Asked) -> object:
    """How many they are."""
    return {"count": len(_found(asked))}


@control("DELETE", "/requests")
def clear_requests(asked: Asked) -> object:
    """Forget all requests of a world."""
    asked.world.traffic.clear()
    return {"cleared": True}


def _found(asked: Asked) -> list[Exchange]:
    search = asked.query(Search)
    found = asked.world_called(search.world).traffic.find(
        search.operation,
        path=search.path,
        status=search.status,
        actor=search.actor,
        since=search.since,
        unmatched=search.unmatched,
        violations=search.violations,
    )
    return found[-search.limit :]


def _shown(exchange: Exchange) -> dict[str, Any]:
    return {
        "number": exchange.number,
        "at": text(exchange.at),
        "method": exchange.method,
        "path": exchange.path,
        "query": exchange.query,
        "operation": exchange.operation,
        "actor": exchange.actor,
        "parameters": _plain(exchange.parameters),
        "headers": exchange.headers,
        "status": exchange.status,
        "size": exchange.size,
        "fault": exchange.fault and exchange.fault.plain(),
        "violations": exchange.violations,
        "error": exchange.error,
    }


def _plain(value: Any) -> Any:
    """`value` as JSON can have it; what it cannot have is text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, int) and not LEAST <= value <= MOST:
        return str(value)
    return msgspec.to_builtins(value, enc_hook=str)
