"""Items: listing, making, changing and deleting them.

Published at https://hitask.com under Item.
"""

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask.access import Level
from tasktwin_mockserver.hitask.changes import change
from tasktwin_mockserver.hitask.dates import stamp_text
from tasktwin_mockserver.hitask.errors import InvalidDataError, StaleObjectError
from tasktwin_mockserver.hitask.fields import (
    INSTANCE,
    changed_fields,
    check,
    issue_id,
    needed_level,
    new_item,
)
from tasktwin_mockserver.hitask.history import record
from tasktwin_mockserver.hitask.records import Item, Mark
from tasktwin_mockserver.hitask.rights import (
    find_item,
    named_item,
    permitted_item,
    require,
)
from tasktwin_mockserver.hitask.sharing import Change, cascaded, lowers, with_people
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld
from tasktwin_mockserver.hitask.unread import Unread, tell


@operation("createItem")
def create_item(call: Call, world: HiTaskWorld) -> Item:
    """Make an item that the caller owns."""
    guid = call.parameters.get("guid") or world.token("guid", call.write.next("guid"))
    if find_item(world, guid):
        raise InvalidDataError("guid", "(in use)")
    asked = new_item(call, world, guid)
    check(world, None, asked)
    item = with_people(call, world, None, asked)
    Change(call, world, None, item).check(asked.permissions)
    item = replace(item, issue_id=issue_id(world, item, call.write.next("issue")))
    if call.parameters.get("starred"):
        _star(call, world, item, True)
    record(call, world, item, "created")
    tell(call, world, item, Unread.NEW)
    if (parent := world.items.get(item.parent)) is not None:
        tell(call, world, parent, Unread.MODIFIED)
    return call.write.put(world.items, item)


@operation("updateItem")
def update_item(call: Call, world: HiTaskWorld) -> Item:
    """Change what is sent of an item; what already is so changes nothing."""
    item = named_item(call, world)
    if call.parameters.get("version", item.version) < item.version:
        raise StaleObjectError(stamp_text(item.updated))
    changes = changed_fields(call, world, item)
    starred = _new_star(call, world, item)
    require(call, world, item, needed_level(changes, starred is not None))
    updated = _changed(call, world, item, replace(item, **changes))
    if starred is not None:
        _star(call, world, item, starred)
    if call.parameters.get("completed") and call.parameters.get("cascade"):
        _complete_below(call, world, item)
    if call.parameters.get("cascadeAcl"):
        _share_below(call, world, item, updated)
    return updated


@operation("deleteItem")
def delete_item(call: Call, world: HiTaskWorld) -> None:
    """Delete an item and everything below it."""
    item = permitted_item(call, world, "deleteItem", call.parameters["guid"])
    delete(call, world, item)


def delete(call: Call, world: HiTaskWorld, item: Item) -> None:
    """Take out an item, everything below it, and all that hangs on these."""
    for gone in (item, *world.descendants(item)):
        call.write.remove(world.items, gone.id)
        marks = world.marks.where("item", gone.id)
        call.write.remove(world.marks, *((mark.viewer, mark.item) for mark in marks))
        events = world.events.where("item", gone.id)
        call.write.remove(world.events, *(event.id for event in events))


def _changed(call: Call, world: HiTaskWorld, item: Item, asked: Item) -> Item:
    """The item after what was asked for has been held against the rules."""
    if asked == item:
        return item
    parent = world.items.get(asked.parent)
    if parent is not None and asked.parent != item.parent:
        require(call, world, parent, Level.ADD)
    check(world, item, asked)
    new = with_people(call, world, item, asked)
    Change(call, world, item, new).check(asked.permissions)
    return change(call, world, item, new)


def _complete_below(call: Call, world: HiTaskWorld, item: Item) -> None:
    if INSTANCE in call.parameters:
        return
    for below in world.descendants(item):
        if not below.completed and below.archived is None:
            change(call, world, below, replace(below, completed=True))


def _share_below(call: Call, world: HiTaskWorld, item: Item, updated: Item) -> None:
    """Give everything below the item's list, which is a matter of sharing it.

    Who may share, but not do everything, lowers and removes nothing this way either.
    """
    cascade = cascaded(call, world, updated)
    if cascade:
        require(call, world, item, Level.SHARE)
    for below, entries in cascade:
        if lowers(below.permissions, entries):
            require(call, world, below, Level.EVERYTHING)
        current = call.write.get(world.items, below.id) or below
        change(call, world, current, replace(current, permissions=entries))


def _new_star(call: Call, world: HiTaskWorld, item: Item) -> bool | None:
    """The caller's own mark, where one is sent that differs."""
    mark = world.marks.get((call.user.id, item.id))
    starred: bool | None = call.parameters.get("starred")
    return None if starred is (mark is not None and mark.starred) else starred


def _star(call: Call, world: HiTaskWorld, item: Item, starred: bool) -> None:
    key = (call.user.id, item.id)
    mark = call.write.get(world.marks, key) or Mark(*key)
    changed = replace(mark, starred=starred, stamp=call.write.stamp)
    call.write.put(world.marks, changed)
