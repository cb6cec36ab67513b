"""Who has which level on which item.

The level of a user on an item is the highest of: the owner's, that of an entry of
theirs, those of entries of their groups, and what the parent gives. Above that, an
administrator of the owner's team has every right on what they see at all.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING

from tasktwin_mockserver.hitask.records import Group, Item, User

if TYPE_CHECKING:
    from tasktwin_mockserver.hitask.universe import HiTaskWorld

EVERYONE = 1  # the type of the group of all members
ADMINISTRATOR = 10  # the least membership level that administers a team
Levels = Mapping[int, int]


class Level(IntEnum):
    """What a principal may do with an item; each level includes the lower ones."""

    NONE = 0
    VIEW = 10
    ADD = 30
    COMPLETE = 50
    SHARE = 70
    EVERYTHING = 100


class Access:
    """The levels on the items of a world, kept until a write changes them."""

    def __init__(self, world: "HiTaskWorld") -> None:
        self._world = world
        self._kept: dict[int, Levels] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept."""
        return not self._kept

    def forget(self, items: Iterable[int]) -> None:
        """Work the levels on `items` out anew when they are asked for."""
        for item in items:
            self._kept.pop(item, None)

    def forget_all(self) -> None:
        """The same for every item."""
        self._kept = {}

    def levels(self, item: Item) -> Levels:
        """The level of each user who has one on `item`, without administrators'."""
        kept = self._kept.get(item.id)
        return self._work_out(item) if kept is None else kept

    def of(self, item: Item) -> Levels:
        """The same for a record that stands in no table yet."""
        parent = self._world.items.get(item.parent)
        levels = dict(self.levels(parent)) if parent else {}
        for entry in item.permissions:
            for user in self.users_of(entry.principal):
                if levels.get(user, Level.NONE) < entry.level:
                    levels[user] = entry.level
        return levels

    def level(self, item: Item, user: User) -> int:
        """The level of `user` on `item`, an administrator's included."""
        return self.effective(self.levels(item), item, user)

    def effective(self, levels: Levels, item: Item, user: User) -> int:
        """The level of `user` where `levels` are those on `item`."""
        level = levels.get(user.id, Level.NONE)
        if level and self.administers(item, user):
            return Level.EVERYTHING
        return level

    def administers(self, item: Item, user: User) -> bool:
        """Whether `user` administers the team of the owner of `item`."""
        if user.membership is None or user.membership < ADMINISTRATOR:
            return False
        return self._world.users[item.user_id].team == user.team

    def given(self, item: Item, principal: str) -> int:
        """The level that `item`, as a parent, gives a user or a group."""
        if principal in self._world.groups:
            return max(self.listed(item, principal), default=Level.NONE)
        return self.levels(item).get(int(principal), Level.NONE)

    def listed(self, item: Item, principal: str) -> list[int]:
        """The levels of the entries of `principal` on `item` and all above it."""
        found, above = [], self._world.items.get(item.id)
        while above is not None:
            found += [e.level for e in above.permissions if e.principal == principal]
            above = self._world.items.get(above.parent)
        return found

    def users_of(self, principal: str) -> Iterable[int]:
        """The ids of the users for whom `principal` stands."""
        group = self._world.groups.get(principal)
        return (int(principal),) if group is None else self.members(group)

    def members(self, group: Group) -> tuple[int, ...]:
        """The ids of the members of `group`."""
        if group.type != EVERYONE:
            return group.members
        return tuple(user.id for user in self._world.users.where("team", group.team))

    def _work_out(self, item: Item) -> Levels:
        above = [item]
        while (parent := self._world.items.get(above[-1].parent)) is not None:
            if parent.id in self._kept:
                break
            above.append(parent)
        for one in reversed(above):
            self._kept[one.id] = self.of(one)
        return self._kept[item.id]
