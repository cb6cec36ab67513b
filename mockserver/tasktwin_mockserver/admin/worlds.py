"""The worlds of the server, for its controls."""

from http import HTTPStatus

import msgspec

from tasktwin_mockserver.admin.asked import (
    AdminError,
    Asked,
    control,
    kit_version,
    named,
)
from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.world import Settings
from tasktwin_mockserver.worlds import DEFAULT, TooManyError, WorldError


class MakeWorld(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /__admin/worlds`."""

    name: str | None = None
    seed: int | None = None
    settings: Settings | None = None
    origin: str | None = msgspec.field(default=None, name="from")


@control("GET", "/health")
def health(asked: Asked) -> object:
    """What serves here."""
    return {
        "tasktwin": kit_version(),
        "api": asked.worlds.api.name,
        "worlds": len(asked.worlds),
    }


@control("GET", "/worlds")
def list_worlds(asked: Asked) -> object:
    """All worlds, oldest first."""
    worlds = asked.worlds
    return [worlds.describe(name, asked.url) for name in worlds.names()]


@control("POST", "/worlds")
def make_world(asked: Asked) -> object:
    """Make a world."""
    body = asked.body(MakeWorld)
    try:
        name = asked.worlds.make(body.name, body.seed, body.settings, body.origin)
    except TooManyError as error:
        raise AdminError(str(error), status=HTTPStatus.CONFLICT) from None
    except WorldError as error:
        raise named(error) from None
    world = asked.worlds.describe(name, asked.url)
    return Answer(world, status=HTTPStatus.CREATED)


@control("GET", "/worlds/{name}")
def show_world(asked: Asked) -> object:
    """One world, with the credentials of its people."""
    asked.world_called(asked.name)
    return asked.worlds.describe(asked.name, asked.url)


@control("DELETE", "/worlds/{name}")
def drop_world(asked: Asked) -> object:
    """Drop a world; the default one stays."""
    asked.world_called(asked.name)
    if asked.name == DEFAULT:
        raise AdminError("the default world stays", "name")
    asked.worlds.drop(asked.name)
    return {"dropped": asked.name}


@control("POST", "/reset")
def reset(asked: Asked) -> object:
    """Have a world be as it was made: state, clock, settings; no log and no faults."""
    asked.world.reset()
    return {"reset": True}
