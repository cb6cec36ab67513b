"""How much files take up, and which of them have gone with their items."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tasktwin_mockserver.hitask.records import User
from tasktwin_mockserver.world import Write

if TYPE_CHECKING:
    from tasktwin_mockserver.hitask.universe import HiTaskWorld

MEGABYTE = 1_000_000


def storage_used(world: "HiTaskWorld", team: int) -> int:
    """What the files of a team's members take up, archived ones too, in whole MB."""
    members = world.users.where("team", team)
    return -(-bytes_used(world, (member.id for member in members)) // MEGABYTE)


def has_room(world: "HiTaskWorld", user: User, more: int) -> bool:
    """Whether `user`'s team, or they alone without one, may keep `more` bytes."""
    mates = (user,) if user.team is None else world.users.where("team", user.team)
    used = bytes_used(world, (mate.id for mate in mates))
    return used + more <= world.settings.max_storage * MEGABYTE


def bytes_used(world: "HiTaskWorld", owners: Iterable[int]) -> int:
    """The sizes of the files that these own, together."""
    ids = set(owners)
    return sum(
        len(file.data)
        for file in world.files.values()
        if world.items[file.item].user_id in ids
    )


def without_items(world: "HiTaskWorld", write: Write) -> list[int]:
    """The files whose items `write` takes away."""
    changes = write.changes(world.items).items()
    return [key for key, item in changes if item is None and key in world.files]
