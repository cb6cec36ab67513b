"""What a caller may see and do."""

from collections.abc import Mapping
from contextlib import suppress

from tasktwin_mockserver.hitask.access import ADMINISTRATOR
from tasktwin_mockserver.hitask.errors import (
    InvalidDataError,
    NoPermissionsError,
    NoTeamError,
    NotFoundError,
    OneOfMandatoryError,
)
from tasktwin_mockserver.hitask.records import Item, User
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld
from tasktwin_schemas import operations

BOTH = "BOTH"  # the subscription of those who have both agreed
NEEDED: Mapping[str, int] = {
    one.id: one.level for one in operations("hitask").values() if one.level is not None
}


def permitted_item(call: Call, world: HiTaskWorld, operation: str, name: str) -> Item:
    """The item called `name`, on which the caller may do `operation`.

    Raises `NotFoundError` where they do not see it, `NoPermissionsError` where they see
    it and may not.
    """
    item = visible_item(call, world, name)
    require(call, world, item, NEEDED[operation])
    return item


def permitted_items(call: Call, world: HiTaskWorld, operation: str) -> list[Item]:
    """Those of the items listed as `id` on which the caller may do `operation`.

    Each once; the others are passed over in silence.
    """
    found = []
    for number in dict.fromkeys(call.parameters["id"]):
        with suppress(NotFoundError, NoPermissionsError):
            found.append(permitted_item(call, world, operation, str(number)))
    return found


def named_item(call: Call, world: HiTaskWorld, archived: bool = False) -> Item:
    """The item that guid or id, or both, name, in the archive or outside it."""
    names = [
        str(call.parameters[key]) for key in ("guid", "id") if key in call.parameters
    ]
    if not names:
        raise OneOfMandatoryError("guid, id")
    items = [visible_item(call, world, name, archived) for name in names]
    if items[0] is not items[-1]:
        raise InvalidDataError("id", "(of another item than guid)")
    return items[0]


def visible_item(
    call: Call, world: HiTaskWorld, name: str, archived: bool = False
) -> Item:
    """The item whose id or guid is `name`. Raises `NotFoundError`."""
    item = find_item(world, name)
    if item is None or call.user.id not in world.access.levels(item):
        raise NotFoundError("Item")
    if archived != (item.archived is not None):
        raise NotFoundError("Item")
    return item


def find_item(world: HiTaskWorld, name: str) -> Item | None:
    """The item whose id, in decimal digits, or guid is `name`, archived or not."""
    if name.isascii() and name.isdigit() and len(name) < 20:
        return world.items.get(int(name))
    return world.items.first("guid", name.lower())


def require(call: Call, world: HiTaskWorld, item: Item, level: int) -> None:
    """Raise `NoPermissionsError` if the caller has less than `level` on `item`."""
    if world.access.level(item, call.user) < level:
        raise NoPermissionsError


def administered_team(call: Call) -> int:
    """The team that the caller administers.

    Raises `NoTeamError` where they have none, `NoPermissionsError` where they may not.
    """
    user = call.user
    if user.team is None:
        raise NoTeamError
    if (user.membership or 0) < ADMINISTRATOR:
        raise NoPermissionsError
    return user.team


def knows(world: HiTaskWorld, user: User, other: int) -> bool:
    """Whether `user` knows the user `other`: themselves, of their team, a contact."""
    if other == user.id:
        return True
    found = world.users.get(other)
    if found is None:
        return False
    row = world.contacts.get((user.id, other))
    established = row is not None and row.subscription == BOTH
    return established or (found.team is not None and found.team == user.team)


def is_principal(world: HiTaskWorld, user: User, principal: str) -> bool:
    """Whether `principal` is a user or a group that `user` knows."""
    group = world.groups.get(principal)
    if group is not None:
        return group.team == user.team
    return (
        principal.isascii()
        and principal.isdigit()
        and len(principal) < 20
        and principal == str(int(principal))
        and knows(world, user, int(principal))
    )
