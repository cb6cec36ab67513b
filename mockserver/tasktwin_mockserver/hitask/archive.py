"""The archive: what is in it is not seen, but for bringing it back.

Published at https://hitask.com under Item, Archive.
"""

from collections import Counter

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask.changes import change
from tasktwin_mockserver.hitask.errors import ItemLimitError
from tasktwin_mockserver.hitask.records import ROOT, Item
from tasktwin_mockserver.hitask.rights import NEEDED, named_item, require
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld


@operation("archiveItem")
def archive_item(call: Call, world: HiTaskWorld) -> None:
    """Archive an item, and with it what is below and not yet archived."""
    item = named_item(call, world)
    require(call, world, item, NEEDED["archiveItem"])
    archive(call, world, item)


def archive(call: Call, world: HiTaskWorld, item: Item) -> None:
    """Archive an item, and with it what is below and not yet archived."""
    for away in (item, *world.descendants(item)):
        if away.archived is None:
            gone = replace(away, archived=call.write.stamp)
            change(call, world, away, gone, silent=True)


@operation("restoreItem")
def restore_item(call: Call, world: HiTaskWorld) -> Item:
    """Bring back an item, and what went into the archive in the same act.

    It comes to the root where its parent is in the archive itself.
    """
    item = named_item(call, world, archived=True)
    require(call, world, item, NEEDED["restoreItem"])
    gone = [one for one in world.descendants(item) if one.archived == item.archived]
    check_limit(world, [item, *gone])
    parent = world.items.get(item.parent)
    place = ROOT if parent is None or parent.archived is not None else parent.id
    for below in gone:
        change(call, world, below, replace(below, archived=None), silent=True)
    back = replace(item, archived=None, parent=place)
    return change(call, world, item, back, silent=True)


def check_limit(world: HiTaskWorld, coming: list[Item]) -> None:
    """Raise `ItemLimitError` if an account has no room for what it owns of `coming`."""
    most = world.settings.max_items
    if most is None:
        return
    there = (item for item in world.items.values() if item.archived is None)
    owned = Counter(item.user_id for item in (*there, *coming))
    if any(owned[item.user_id] > most for item in coming):
        raise ItemLimitError("Items")
