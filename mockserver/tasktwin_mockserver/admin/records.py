"""What people see of a world, and what the API has, for the console."""

from functools import cache
from typing import Annotated, Any

import msgspec

from tasktwin_mockserver.admin.asked import AdminError, Asked, Query, control
from tasktwin_mockserver.sight import Sight
from tasktwin_mockserver.worlds import DEFAULT
from tasktwin_schemas import clauses, openapi, operations

LIMIT, MOST = 1000, 10_000


class Look(Query, forbid_unknown_fields=True, kw_only=True):
    """The query of `GET /__admin/records`; `limit` holds for each kind of thing."""

    actor: str
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = LIMIT


@control("GET", "/records")
def show_records(asked: Asked) -> object:
    """What one of a world's people sees of it; the world does not notice."""
    look = asked.query(Look)
    world, api = asked.world_called(look.world), asked.worlds.api
    cast = asked.worlds.describe(look.world, asked.url)
    facts = cast["actors"].get(look.actor)
    if facts is None:
        raise AdminError(f"there is nobody called {look.actor!r}", "actor", 404)
    keys = [("api_key", key) for key in cast.get("api_keys", {}).values()][:1]
    prefix = "" if look.world == DEFAULT else f"/~{look.world}"
    sight = Sight(api, world, {**dict(keys), **facts}, asked.request.environ, prefix)
    return {"actor": look.actor, **sight.show(asked.ask, look.limit)}


@control("GET", "/contract")
def show_contract(asked: Asked) -> object:
    """The API that is played: its operations, and its clauses by their ids."""
    return _contract(asked.worlds.api.name)


@cache
def _contract(api: str) -> dict[str, Any]:
    document = openapi(api)
    return {
        "api": api,
        "title": document["info"]["title"],
        "operations": [
            {
                "id": one.id,
                "method": one.method,
                "path": f"{one.base}{one.path}",
                "summary": _summary(document["paths"][one.path], one.id),
            }
            for one in operations(api).values()
        ],
        "clauses": {name: one.text for name, one in clauses(api).items()},
    }


def _summary(methods: dict[str, Any], operation: str) -> str:
    rows = (row for row in methods.values() if isinstance(row, dict))
    found = (row for row in rows if row.get("operationId") == operation)
    return str(next(found, {}).get("summary", ""))
