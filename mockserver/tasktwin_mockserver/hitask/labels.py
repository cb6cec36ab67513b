"""Which tags items carry, and what they are called.

An item knows its tags by their ids, so that a name stands in one place only.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tasktwin_mockserver.hitask.records import Item, Tag, User
from tasktwin_mockserver.world import Write

if TYPE_CHECKING:
    from tasktwin_mockserver.hitask.universe import HiTaskWorld


def linked(
    world: "HiTaskWorld",
    write: Write,
    owner: User,
    old: Iterable[int],
    names: Iterable[str],
) -> tuple[int, ...]:
    """The tags of these names for an item of `owner` that has the `old` ones.

    A name that nobody has used makes a tag.
    """
    known = {world.tags[tag].name: tag for tag in old}
    account = _account(owner)
    return tuple(known.get(n) or _called(world, write, account, n) for n in names)


def names_of(world: "HiTaskWorld", tags: Iterable[int]) -> tuple[str, ...]:
    """What `tags` are called."""
    return tuple(world.tags[tag].name for tag in tags)


def seen_with(world: "HiTaskWorld", tag: int, user: User) -> list[Item]:
    """The items with this tag that `user` sees."""
    levels = world.access.levels
    return [
        item
        for item in world.items.where("tag", tag)
        if item.archived is None and user.id in levels(item)
    ]


def drop_unlinked(world: "HiTaskWorld", write: Write) -> None:
    """Have those tags go with `write` that no item carries after it."""
    items = write.changes(world.items)
    lost: set[int] = set()
    for key, new in items.items():
        old = world.items.get(key)
        if old is not None and old.tags:
            lost |= {*old.tags} - {*(new.tags if new else ())}
    for tag in lost:
        before = (item for item in world.items.where("tag", tag))
        kept = any(item.id not in items for item in before)
        if not kept and not any(new and tag in new.tags for new in items.values()):
            write.remove(world.tags, tag)


def _account(owner: User) -> str:
    """Whose tags those of this owner's items are: the team's, or the owner's own."""
    return f"user {owner.id}" if owner.team is None else f"team {owner.team}"


def _called(world: "HiTaskWorld", write: Write, account: str, name: str) -> int:
    found = world.tags.first("name", (account, name))
    if found is None:
        found = write.put(world.tags, Tag(write.next("tag"), account, name))
    return found.id
