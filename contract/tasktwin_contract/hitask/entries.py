"""Lists of permissions: as they are sent, as they are kept, and what they give.

Lists are written by the names of the cast: `entries(world, member=50)`.
"""

from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.hitask.steps import update
from tasktwin_contract.reply import Object
from tasktwin_contract.target import World
from tasktwin_schemas import schema

Entry = dict[str, Any]

LEVELS: list[int] = schema("hitask", "permission")["properties"]["level"]["enum"]
# Whom no membership gives more than the list does.
PLAIN = ("manager", "member", "colleague")


def entry(principal: str | int, level: int) -> Entry:
    """The entry that gives a user or a group this level."""
    return {"principal": principal, "level": level}


def entries(world: World, **levels: int) -> list[Entry]:
    """A list that gives each of the cast that is named this level."""
    return [entry(getattr(world, name).id, level) for name, level in levels.items()]


def kept(world: World, item: Object) -> dict[str, Any]:
    """The level of each principal that is listed, the cast by their names.

    Raises `ClauseBrokenError` where somebody is listed twice.
    """
    names = {facts["id"]: name for name, facts in world.people.items()}
    rows = [Object(row) for row in item["permissions"] or []]
    principals = [str(row["principal"]) for row in rows]
    if len(set(principals)) < len(principals):
        raise ClauseBrokenError("one entry for each principal", repr(rows))
    return {
        names.get(str(row["principal"]), row["principal"]): row["level"] for row in rows
    }


def listed(actor: Actor, item: Object) -> dict[str, Any]:
    """The same, from the actor's list as it is now."""
    return kept(actor.world, actor.stored(item["guid"]))


def level_of(viewer: Actor, item: Object) -> Any:
    """The level on the item in the viewer's list, None where it is not there."""
    seen = viewer.items().get(item["id"])
    return seen["permission"] if seen is not None else None


def seen_by(item: Object, *viewers: Actor) -> set[str | None]:
    """The names of those of `viewers` whose list holds the item."""
    return {viewer.name for viewer in viewers if item["id"] in viewer.items()}


def reshare(item: Object, actor: Actor, **levels: int) -> None:
    """Give the item this list, to go on from. Raises `NotJudgedError`."""
    update(actor, item, permissions=entries(actor.world, **levels)).arranged()


def project(world: World, **levels: int) -> Object:
    """A project of the owner's that has this list."""
    made: Object = world.owner.item(category=0, permissions=entries(world, **levels))
    return made


def below(parent: Object, actor: Actor, **levels: int) -> Object:
    """An item of the actor's below `parent` that has this list, and no other."""
    permissions = entries(actor.world, **levels)
    made: Object = actor.item(parent=parent["id"], permissions=permissions)
    return made


def deep(world: World, depth: int, **levels: int) -> Object:
    """An item of the owner's so far below a project; each of them has this list."""
    item = project(world, **levels)
    for _ in range(depth):
        item = below(item, world.owner, **levels)
    return item


def group(world: World, *names: str) -> str:
    """The id of a new group of these members. Raises `NotJudgedError`."""
    made = world.owner.call("createGroup", name=f"group {world.guid()}").arranged()
    for name in names:
        member = {"groupId": made["id"], "id": getattr(world, name).number}
        world.owner.call("addGroupMember", **member).arranged()
    return str(made["id"])
