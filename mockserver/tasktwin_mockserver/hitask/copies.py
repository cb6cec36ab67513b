"""Copies of what is in the archive.

Published at https://hitask.com under Item, Archive.
"""

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask.access import Level
from tasktwin_mockserver.hitask.archive import check_limit
from tasktwin_mockserver.hitask.fields import issue_id
from tasktwin_mockserver.hitask.files import copy_file
from tasktwin_mockserver.hitask.history import record
from tasktwin_mockserver.hitask.records import ROOT, Alert, Item
from tasktwin_mockserver.hitask.rights import NEEDED, named_item, require
from tasktwin_mockserver.hitask.sharing import as_entries, as_levels
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld
from tasktwin_mockserver.hitask.unread import Unread, tell


@operation("restoreCopy")
def restore_copy(call: Call, world: HiTaskWorld) -> Item:
    """Make an item of the caller's that is as one in the archive, which stays there.

    What is the archived one's own does not come along: what is below it, its short
    name, comments, history, stars and unread marks.
    """
    item = named_item(call, world, archived=True)
    require(call, world, item, NEEDED["restoreCopy"])
    copy = _copy(call, world, item)
    check_limit(world, [copy])
    copy_file(call, world, item, copy)
    record(call, world, copy, "created")
    tell(call, world, copy, Unread.NEW)
    if (parent := world.items.get(copy.parent)) is not None:
        tell(call, world, parent, Unread.MODIFIED)
    return call.write.put(world.items, copy)


def _copy(call: Call, world: HiTaskWorld, item: Item) -> Item:
    """What `item` is as the caller's: as visible as before, and all its numbers new."""
    levels = as_levels(item.permissions) | {str(call.user.id): int(Level.EVERYTHING)}
    copy = replace(
        item,
        id=call.write.next("item"),
        guid=world.token("guid", call.write.next("guid")),
        user_id=call.user.id,
        version=1,
        created=call.write.stamp,
        updated=call.write.stamp,
        short_name=None,
        parent=_place(call, world, item),
        alerts=tuple(_alert(call, alert) for alert in item.alerts),
        permissions=as_entries(levels),
        last_comment=None,
        archived=None,
    )
    return replace(copy, issue_id=issue_id(world, copy, call.write.next("issue")))


def _place(call: Call, world: HiTaskWorld, item: Item) -> int:
    """The parent of `item` where the caller may add to it, or else the root."""
    parent = world.items.get(item.parent)
    if parent is None or parent.archived is not None:
        return ROOT
    may_add = world.access.level(parent, call.user) >= Level.ADD
    return parent.id if may_add else ROOT


def _alert(call: Call, alert: Alert) -> Alert:
    return replace(alert, id=call.write.next("alert"))
