"""Writes of an item's own fields, by name, and what tests of deltas begin with."""

from collections.abc import Callable, Mapping
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.hitask.deltas import delta, listed, same
from tasktwin_contract.hitask.steps import update
from tasktwin_contract.reply import Object, Reply

Write = Callable[[Actor, Object], Reply]


def shared(actor: Actor, **levels: int) -> Object:
    """An item of `actor`'s in whose list are people by their names."""
    people = {getattr(actor.world, name).id: level for name, level in levels.items()}
    rows = [entry(principal, level) for principal, level in people.items()]
    made: Object = actor.stored(actor.item(permissions=rows)["guid"])
    return made


def commented(actor: Actor, item: Object) -> Object:
    """`item` with one more comment of `actor`'s, as the list has it then."""
    actor.call("addComment", id=item["id"], message="prepared").arranged()
    made: Object = actor.stored(item["guid"])
    return made


def entry(principal: str, level: int) -> dict[str, Any]:
    """An entry of a list of permissions."""
    return {"principal": principal, "level": level}


def grant(actor: Actor, item: Object, principal: str, level: int) -> None:
    """Have `actor` put somebody or a group into the list of an item."""
    kept = [e for e in item["permissions"] if str(e["principal"]) != principal]
    rows = [*kept, *([entry(principal, level)] if level else [])]
    update(actor, item, permissions=rows).arranged()


def family(actor: Actor, **levels: int) -> tuple[Object, Object]:
    """A shared item of `actor`'s and one below, whose own list has but its owner."""
    top = shared(actor, **levels)
    below = actor.item(parent=top["id"], permissions=[entry(actor.id, 100)])
    return top, actor.stored(below["guid"])


def is_told(actor: Actor, cursor: int, *items: Object) -> None:
    """Demand that each of `items` is changed true, as the actor's list has it."""
    told, fresh = delta(actor, cursor).changed, listed(actor).items
    for item in items:
        number = item["id"]
        assert number in fresh, f"item {number} is not listed for {actor.name}"
        assert number in told, f"item {number} is not changed true for {actor.name}"
        assert same(told[number], fresh[number])


def uncomment(actor: Actor, item: Object) -> Reply:
    """Delete the last comment of an item."""
    number = item["last_comment_id"]
    return actor.call("deleteComment", id=number, itemId=item["id"]).arranged()


def restored(actor: Actor, item: Object) -> Reply:
    """Archive an item and bring it back."""
    actor.call("archiveItem", id=item["id"]).arranged()
    return actor.call("restoreItem", id=item["id"]).arranged()


def share(actor: Actor, item: Object) -> Reply:
    """Give the manager's administrator a level on an item."""
    row = entry(actor.world.administrator.id, 20)
    return update(actor, item, permissions=[*item["permissions"], row]).arranged()


def _update(**fields: object) -> Write:
    return lambda actor, item: update(actor, item, **fields).arranged()


WRITES: Mapping[str, Write] = {
    "title": _update(title="changed"),
    "message": _update(message="changed"),
    "tags": _update(tags=["changed"]),
    "alerts": _update(alerts=[{"timeType": 4, "time": 5}]),
    "completed": _update(completed=True),
    "permissions": share,
    "comment": lambda actor, item: actor.call(
        "addComment", id=item["id"], message="changed"
    ).arranged(),
    "comment deleted": uncomment,
}
EVERY_WRITE: Mapping[str, Write] = {**WRITES, "archive state": restored}
