"""Listing items, and what has changed since a cursor.

A cursor is the newest stamp of what its viewer was told, in milliseconds. Published at
https://hitask.com under Item, Get delta update of items.
"""

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask.records import Item
from tasktwin_mockserver.hitask.rights import visible_items
from tasktwin_mockserver.hitask.shapes import ItemList
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld

MILLISECOND = 1000
DEPRECATED = (("Deprecation", "true"),)


@operation("listItems")
def list_items(call: Call, world: HiTaskWorld) -> ItemList:
    """Every item that the caller sees, and the newest stamp among them."""
    stamped = _stamped(call, world)
    return ItemList([item for item, _ in stamped], _cursor(world, stamped))


@operation("listItemsSince")
def list_items_since(call: Call, world: HiTaskWorld) -> ItemList:
    """Only what was changed or added since then."""
    stamped = _stamped(call, world)
    since = call.parameters["timestamp"] * MILLISECOND
    items = [item for item, stamp in stamped if stamp > since]
    return ItemList(items, _cursor(world, stamped), headers=DEPRECATED)


@operation("getItemsDelta")
def get_items_delta(call: Call, world: HiTaskWorld) -> ItemList:
    """What was changed or added since then, and the ids of all the rest."""
    stamped = _stamped(call, world)
    since = call.parameters["delta"] * MILLISECOND
    items = [item for item, stamp in stamped if stamp > since]
    same = [item.id for item, stamp in stamped if stamp <= since]
    return ItemList(items, _cursor(world, stamped), unchanged=same)


def _stamped(call: Call, world: HiTaskWorld) -> list[tuple[Item, int]]:
    """Each item that the caller sees, with the stamp of its last change for them."""
    marks, viewer = world.marks, call.user.id
    found = []
    for item in visible_items(world, call.user):
        mark = marks.get((viewer, item.id))
        newer = mark is not None and mark.stamp > item.updated
        found.append((item, mark.stamp if mark and newer else item.updated))
    return found


def _cursor(world: HiTaskWorld, stamped: list[tuple[Item, int]]) -> int:
    newest = max((stamp for _, stamp in stamped), default=world.stamp)
    return newest // MILLISECOND
