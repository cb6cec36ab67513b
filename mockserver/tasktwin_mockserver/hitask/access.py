"""Who may do what with an item."""

from collections.abc import Iterable
from enum import IntEnum

from tasktwin_mockserver.hitask.errors import NotFoundError
from tasktwin_mockserver.hitask.records import Call, HiTaskWorld, Item, User


class Level(IntEnum):
    """What a principal may do with an item; each level includes the lower ones."""

    NONE = 0
    OWN = 100


def level_of(item: Item, user: User) -> Level:
    """The effective level of `user` on `item`."""
    return Level.OWN if item.user_id == user.id else Level.NONE


def visible_items(world: HiTaskWorld, user: User) -> Iterable[Item]:
    """Every item that `user` sees, oldest first."""
    return world.items.where("owner", user.id)


def visible_item(call: Call, world: HiTaskWorld, name: str) -> Item:
    """The item whose id or guid is `name`. Raises `NotFoundError`."""
    item = find_item(world, name)
    if item is None or level_of(item, call.user) is Level.NONE:
        raise NotFoundError("Item")
    return item


def find_item(world: HiTaskWorld, name: str) -> Item | None:
    """The item whose id, in decimal digits, or guid is `name`."""
    if name.isascii() and name.isdigit() and len(name) < 20:
        return world.items.get(int(name))
    return world.items.first("guid", name.lower())
