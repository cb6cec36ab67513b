"""Listing items, and what has changed since a cursor.

A cursor is the newest stamp of what its viewer was told, in milliseconds. Published at
https://hitask.com under Item, Get delta update of items.
"""

from collections.abc import Iterable
from operator import attrgetter

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask.shapes import ItemList
from tasktwin_mockserver.hitask.shelves import Row
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld

MILLISECOND = 1000
DEPRECATED = (("Deprecation", "true"),)


@operation("listItems")
def list_items(call: Call, world: HiTaskWorld) -> ItemList:
    """Every item that the caller sees, and the newest stamp among them."""
    rows = world.shelves.rows(call.user).values()
    return ItemList(rows, _cursor(world, rows))


@operation("listItemsSince")
def list_items_since(call: Call, world: HiTaskWorld) -> ItemList:
    """Only what was changed or added since then."""
    rows = world.shelves.rows(call.user).values()
    since = call.parameters["timestamp"] * MILLISECOND
    changed = [row for row in rows if row.stamp > since]
    return ItemList(changed, _cursor(world, rows), headers=DEPRECATED)


@operation("getItemsDelta")
def get_items_delta(call: Call, world: HiTaskWorld) -> ItemList:
    """What was changed or added since then, and the ids of all the rest."""
    rows = world.shelves.rows(call.user).values()
    since = call.parameters["delta"] * MILLISECOND
    changed = [row for row in rows if row.stamp > since]
    same = [row for row in rows if row.stamp <= since]
    return ItemList(changed, _cursor(world, rows), unchanged=same)


def _cursor(world: HiTaskWorld, rows: Iterable[Row]) -> int:
    newest = max(map(attrgetter("stamp"), rows), default=world.stamp)
    return newest // MILLISECOND
