"""Several items at once: those that the caller may touch, the others untouched.

Published at https://hitask.com under Item, Multiple items operations.
"""

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask.archive import archive
from tasktwin_mockserver.hitask.items import delete
from tasktwin_mockserver.hitask.records import Item
from tasktwin_mockserver.hitask.rights import permitted_items
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld


@operation("deleteMultiple")
def delete_multiple(call: Call, world: HiTaskWorld) -> None:
    """Delete the items that the caller might delete one by one."""
    for item in _tops(world, permitted_items(call, world, "deleteItem")):
        delete(call, world, item)


@operation("archiveMultiple")
def archive_multiple(call: Call, world: HiTaskWorld) -> None:
    """Archive the items that the caller might archive one by one, in one act."""
    for item in _tops(world, permitted_items(call, world, "archiveItem")):
        archive(call, world, item)


def _tops(world: HiTaskWorld, items: list[Item]) -> list[Item]:
    """Those of `items` that do not go with another of them anyway."""
    below = {one.id for item in items for one in world.descendants(item)}
    return [item for item in items if item.id not in below]
