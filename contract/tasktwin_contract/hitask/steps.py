"""What tests of items do again and again."""

from datetime import datetime
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import Target
from tasktwin_schemas import operations, schema

FIELDS = schema("hitask", "item-write")["properties"]
NO_ID = 2**62
MOST_SECONDS = 10**11


def create(actor: Actor, **fields: Any) -> Reply:
    """Call createItem with what is mandatory, and with `fields`."""
    return actor.call(
        "createItem", **{"guid": actor.world.guid(), "title": "a title", **fields}
    )


def private(actor: Actor, **fields: Any) -> Object:
    """An item that nobody but `actor` sees, whatever new items are shared with."""
    made: Object = actor.item(
        permissions=[{"principal": actor.id, "level": 100}], **fields
    )
    return made


def update(actor: Actor, item: Object, **fields: Any) -> Reply:
    """Call updateItem for `item`, its title sent unchanged."""
    named = {"guid": item["guid"], "title": item["title"], **fields}
    return actor.call("updateItem", **named)


def created(actor: Actor, **fields: Any) -> Object:
    """The item that createItem makes with `fields`, as the list has it."""
    guid = actor.world.guid()
    create(actor, guid=guid, **fields).expect(200)
    made: Object = actor.stored(guid)
    return made


def updated(actor: Actor, item: Object | None = None, **fields: Any) -> Object:
    """What `item`, or a new one, is after updateItem with `fields`, from the list."""
    item = item or actor.item()
    update(actor, item, **fields).expect(200)
    made: Object = actor.stored(item["guid"])
    return made


def both_ways(target: Target, **fields: Any) -> tuple[Object, Object]:
    """An item made with `fields`, and one that got them by an update."""
    with target.world() as world:
        return created(world.owner, **fields), updated(world.owner, **fields)


def refused_both_ways(
    target: Target, status: int | None, code: int | None, **fields: Any
) -> None:
    """Demand that neither createItem nor updateItem takes `fields`."""
    with target.world() as world:
        create(world.owner, **fields).refused(status, code)
        update(world.owner, world.owner.item(), **fields).refused(status, code)


def instant(text: Any) -> datetime | None:
    """The moment that a date means; None for what is no date."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def milliseconds(text: Any) -> int:
    """Milliseconds since the epoch of a date; -1 for what is no date."""
    moment = instant(text)
    return -1 if moment is None else round(moment.timestamp() * 1000)


def unit(cursor: int) -> int:
    """How many milliseconds a cursor counts by: one, or 1000 where it has seconds."""
    return 1 if cursor > MOST_SECONDS else 1000


def secured_operations() -> list[str]:
    """The ids of the operations that need a session."""
    return [one.id for one in operations("hitask").values() if one.secured]
