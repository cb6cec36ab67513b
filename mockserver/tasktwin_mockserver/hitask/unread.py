"""What is new to those who have to do with an item.

Published at https://hitask.com under Item, Unread value.
"""

from enum import IntEnum

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask.records import NOBODY, Item, Mark
from tasktwin_mockserver.hitask.rights import permitted_item
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld


class Unread(IntEnum):
    """Why an item is unread; of several reasons the highest is kept."""

    READ = 0
    COMMENT = 1
    MODIFIED = 2
    NEW = 3


@operation("markRead")
def mark_read(call: Call, world: HiTaskWorld) -> None:
    """Have the item be read by the caller."""
    item = permitted_item(call, world, "markRead", call.parameters["guid"])
    mark = world.marks.get((call.user.id, item.id))
    if mark is not None and mark.unread:
        read = replace(mark, unread=int(Unread.READ), stamp=call.write.stamp)
        call.write.put(world.marks, read)


def tell(call: Call, world: HiTaskWorld, item: Item, kind: Unread) -> None:
    """Have `item` be unread by its creator, assignee and participants.

    Not by the caller, whose doing it is; and not by less than it already is.
    """
    told = {item.user_id, item.assignee, *item.participants}
    for user in told - {NOBODY, call.user.id}:
        key = (user, item.id)
        mark = call.write.get(world.marks, key) or Mark(*key)
        if mark.unread < kind:
            unread = replace(mark, unread=int(kind), stamp=call.write.stamp)
            call.write.put(world.marks, unread)
