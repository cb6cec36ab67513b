"""Changes of an item's own fields, and what is told of them."""

from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver.hitask.fields import FIELDS
from tasktwin_mockserver.hitask.history import record, record_change
from tasktwin_mockserver.hitask.records import Item
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld
from tasktwin_mockserver.hitask.unread import Unread, tell


def change(
    call: Call, world: HiTaskWorld, old: Item, new: Item, *, silent: bool = False
) -> Item:
    """Have `new` be kept in the place of `old`, a version later.

    Those who have to do with it find it unread, but for a `silent` change.
    """
    changed = [name for name in FIELDS if getattr(old, name) != getattr(new, name)]
    given: dict[str, Any] = {
        "version": old.version + 1,
        "updated": call.write.stamp,
    }
    if "completed" in changed:
        given |= {
            "transition_time": call.write.stamp,
            "transition_user": call.user.id,
        }
    kept = replace(new, **given)
    for name in sorted(changed):
        before, after = getattr(old, name), getattr(new, name)
        record_change(call, world, old, name, before, after)
    if old.instances != new.instances:
        record(call, world, old, "instances")
    if (old.archived is None) != (new.archived is None):
        away = new.archived is not None
        record_change(call, world, old, "archived", not away, away)
    if not silent:
        tell(call, world, kept, Unread.MODIFIED)
    return call.write.put(world.items, kept)
