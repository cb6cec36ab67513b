"""What a write changes for viewers without touching an item's own fields."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tasktwin_mockserver.hitask.access import Level
from tasktwin_mockserver.hitask.records import Item, Mark, User
from tasktwin_mockserver.world import Write

if TYPE_CHECKING:
    from tasktwin_mockserver.hitask.universe import HiTaskWorld

# The level, whether anyone but the owner has one, and whether it is administered.
View = tuple[int, bool, bool]


class Views:
    """How the items that `write` does not touch looked before it.

    Made before the write is applied; `update` then marks, with the write's stamp, each
    viewer's items that look different. The items that it does touch have its stamp
    themselves.
    """

    def __init__(self, world: "HiTaskWorld", write: Write) -> None:
        self._world = world
        self._write = write
        items = write.changes(world.items)
        moved = [
            world.items[key]
            for key, record in items.items()
            if key in world.items and _moves(world.items[key], record)
        ]
        regrouped = _regrouped(world, write)
        roots = (*moved, *regrouped)
        stale = {one.id: one for root in roots for one in world.descendants(root)}
        self._renamed = {
            item.id: item
            for tag in write.changes(world.tags)
            for item in world.items.where("tag", tag)
        }
        self._stale = stale | {one.id: one for one in roots} | self._renamed
        self._others = [one for key, one in self._stale.items() if key not in items]
        self._before = [self._views(item) for item in self._others]
        # Claimed before the write is applied, so that no later write gets it too.
        self._stamp = write.stamp if self._others else 0

    def update(self) -> None:
        """Mark what looks different now."""
        world = self._world
        world.access.forget(self._stale)
        marked = (item for _, item in self._write.changes(world.marks))
        touched = self._write.changes(world.items)
        world.shelves.forget((*touched, *marked, *self._stale))
        for key, record in touched.items():
            if record is None:
                world.encodings.forget(key)
        for item, before in zip(self._others, self._before, strict=True):
            if item.archived is None:
                for viewer, view in self._views(item).items():
                    if before.get(viewer) != view:
                        self._mark(viewer, item)
        self._mark_renamed()

    def _views(self, item: Item) -> dict[int, View]:
        access, users = self._world.access, self._world.users
        levels = access.levels(item)
        shared = len(levels) > 1
        return {
            viewer: (
                access.level(item, users[viewer]),
                shared,
                access.administers(item, users[viewer]),
            )
            for viewer, level in levels.items()
            if level >= Level.VIEW
        }

    def _mark_renamed(self) -> None:
        for item in self._renamed.values():
            if item.archived is None:
                for user in self._views(item):
                    self._mark(user, item)

    def _mark(self, viewer: int, item: Item) -> None:
        marks = self._world.marks
        mark = marks.get((viewer, item.id)) or Mark(viewer, item.id)
        marks.put(replace(mark, stamp=self._stamp))


def _regrouped(world: "HiTaskWorld", write: Write) -> Iterable[Item]:
    """The items on which somebody's rank or groups may matter, and change."""
    users = write.changes(world.users)
    if any(_rank(world.users.get(key)) != _rank(user) for key, user in users.items()):
        return world.items.values()
    groups = write.changes(world.groups).keys()
    return [
        item
        for item in (world.items.values() if groups else ())
        if any(entry.principal in groups for entry in item.permissions)
    ]


def _rank(user: User | None) -> object:
    """The place of `user` in a team."""
    return user and (user.team, user.membership)


def _moves(old: Item, new: Item | None) -> bool:
    """Whether a change of `old` to `new` may change levels, there or below."""
    return new is None or (
        old.permissions != new.permissions
        or old.parent != new.parent
        or old.archived != new.archived
    )
