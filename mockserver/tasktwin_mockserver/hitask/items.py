"""Items: listing, making, changing and deleting them.

Published at https://hitask.com under Item.
"""

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask.access import (
    find_item,
    visible_item,
    visible_items,
)
from tasktwin_mockserver.hitask.dates import stamp_text
from tasktwin_mockserver.hitask.errors import (
    InvalidDataError,
    OneOfMandatoryError,
    StaleObjectError,
)
from tasktwin_mockserver.hitask.fields import changed_fields, check, issue_id, new_item
from tasktwin_mockserver.hitask.records import Call, HiTaskWorld, Item, Mark
from tasktwin_mockserver.hitask.shapes import ItemList, stamp_for


@operation("listItems")
def list_items(call: Call, world: HiTaskWorld) -> ItemList:
    """Every item that the caller sees, and the newest stamp among them."""
    items = visible_items(world, call.user)
    stamps = (stamp_for(world, call.user, item) for item in items)
    return ItemList(items, max(stamps, default=world.stamp))


@operation("createItem")
def create_item(call: Call, world: HiTaskWorld) -> Item:
    """Make an item that the caller owns."""
    guid = call.parameters.get("guid") or world.token("guid", call.write.next("guid"))
    if find_item(world, guid):
        raise InvalidDataError("guid", "(in use)")
    item = new_item(call, world, guid)
    check(call, world, None, item)
    item = replace(item, issue_id=issue_id(world, item, call.write.next("issue")))
    _star(call, world, item)
    return call.write.put(world.items, item)


@operation("updateItem")
def update_item(call: Call, world: HiTaskWorld) -> Item:
    """Change what is sent of an item; what already is so changes nothing."""
    item = _named_item(call, world)
    if call.parameters.get("version", item.version) < item.version:
        raise StaleObjectError(stamp_text(item.updated))
    changes = changed_fields(call, world, item)
    updated = _touched(call, item, changes) if changes else item
    check(call, world, item, updated)
    _star(call, world, item)
    if call.parameters.get("completed") and call.parameters.get("cascade"):
        for below in world.descendants(item):
            if not below.completed:
                call.write.put(world.items, _touched(call, below, {"completed": True}))
    return call.write.put(world.items, updated) if changes else item


@operation("deleteItem")
def delete_item(call: Call, world: HiTaskWorld) -> None:
    """Delete an item and everything below it."""
    item = visible_item(call, world, call.parameters["guid"])
    for gone in (item, *world.descendants(item)):
        call.write.remove(world.items, gone.id)
        marks = world.marks.where("item", gone.id)
        call.write.remove(world.marks, *((mark.viewer, mark.item) for mark in marks))


def _named_item(call: Call, world: HiTaskWorld) -> Item:
    """The item that guid or id, or both, name."""
    names = [
        str(call.parameters[key]) for key in ("guid", "id") if key in call.parameters
    ]
    if not names:
        raise OneOfMandatoryError("guid, id")
    items = [visible_item(call, world, name) for name in names]
    if items[0] is not items[-1]:
        raise InvalidDataError("id", "(of another item than guid)")
    return items[0]


def _touched(call: Call, item: Item, changes: dict[str, object]) -> Item:
    """`item` after a change of own fields."""
    if "completed" in changes:
        changes |= {
            "transition_time": call.write.stamp,
            "transition_user": call.user.id,
        }
    return replace(item, **changes, version=item.version + 1, updated=call.write.stamp)


def _star(call: Call, world: HiTaskWorld, item: Item) -> None:
    """Set the caller's own mark, where one is sent that differs."""
    mark = world.marks.get((call.user.id, item.id))
    starred = call.parameters.get("starred")
    if starred is not None and starred != (mark is not None and mark.starred):
        stamp = call.write.stamp
        call.write.put(world.marks, Mark(call.user.id, item.id, starred, stamp))
