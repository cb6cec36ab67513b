"""The list of permissions of an item: what may be sent, and what is kept.

The rules look at the item as it is after the whole request, and only at what the
request adds, lowers or removes. Published at https://hitask.com under Item, response
codes for Create and Update.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver.hitask.access import Level, Levels
from tasktwin_mockserver.hitask.errors import (
    AssigneeAccessError,
    DowngradeError,
    InvalidDataError,
    NoPermissionsError,
    OwnerPermissionError,
    ParentEntryError,
    ParentNotSharedError,
    ParticipantError,
    RemovedAssigneeError,
)
from tasktwin_mockserver.hitask.records import NOBODY, Entry, Item, User
from tasktwin_mockserver.hitask.rights import is_principal, knows
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld

Entries = tuple[Entry, ...]


def sent_entries(
    call: Call, world: HiTaskWorld, owner: User, old: Entries, rows: list[Any]
) -> Entries:
    """The list that `rows` stands for; `old` is the one there is.

    Of a principal named twice the last entry counts, and level 0 removes. The owner
    always has everything. A list that says what `old` says is `old`.
    """
    levels = {str(row["principal"]): int(row["level"]) for row in rows}
    own = str(owner.id)
    if levels.setdefault(own, Level.EVERYTHING) != Level.EVERYTHING:
        raise OwnerPermissionError(owner.login)
    known = as_levels(old)
    for principal in levels:
        if principal not in known and not is_principal(world, call.user, principal):
            raise InvalidDataError("permissions", f"(no principal {principal})")
    kept = {principal: level for principal, level in levels.items() if level}
    return old if kept == known else as_entries(kept)


def inherited_entries(parent: Item | None, owner: int) -> Entries:
    """The list of a new item that comes without one."""
    levels = as_levels(parent.permissions) if parent else {}
    return as_entries(levels | {str(owner): int(Level.EVERYTHING)})


def as_levels(entries: Entries) -> dict[str, int]:
    """The level of each principal that is listed."""
    return {entry.principal: entry.level for entry in entries}


def as_entries(levels: dict[str, int]) -> Entries:
    """The list of these levels."""
    return _entries(tuple(levels.items()))


@lru_cache(maxsize=1000)
def _entries(levels: tuple[tuple[str, int], ...]) -> Entries:
    """One list for all items that are shared alike, since most are with nobody."""
    return tuple(Entry(level, principal) for principal, level in levels)


def lowers(before: Entries, after: Entries) -> bool:
    """Whether an entry of `before` is lower in `after`, or gone."""
    levels = as_levels(after)
    return any(levels.get(one.principal, Level.NONE) < one.level for one in before)


def people(item: Item) -> tuple[int, ...]:
    """The assignee and the participants."""
    return (*([item.assignee] if item.assignee else []), *item.participants)


def with_people(call: Call, world: HiTaskWorld, old: Item | None, new: Item) -> Item:
    """`new`, in whose list everybody who joins may at least complete it.

    Nobody gets an entry whom the parent gives no access at all.
    """
    before = people(old) if old else ()
    joining = [user for user in people(new) if user not in before]
    for user in joining:
        if not knows(world, call.user, user):
            raise ParticipantError(user)
    access, parent = world.access, world.items.get(new.parent)
    levels = access.of(new) if joining else {}
    raised = {
        str(user): int(Level.COMPLETE)
        for user in joining
        if access.effective(levels, new, world.users[user]) < Level.COMPLETE
        and (parent is None or user in access.levels(parent))
    }
    if not raised:
        return new
    return replace(new, permissions=as_entries(as_levels(new.permissions) | raised))


class Change:
    """A change of lists, people or place, to be held against the rules for them."""

    def __init__(
        self, call: Call, world: HiTaskWorld, old: Item | None, new: Item
    ) -> None:
        self._call, self._world, self._old, self._new = call, world, old, new
        self._parent = world.items.get(new.parent)
        self._moves = old is not None and old.parent != new.parent
        self._before = as_levels(old.permissions) if old else {}
        self._after = as_levels(new.permissions)
        self._own = str(new.user_id)

    def check(self, asked: Entries) -> None:
        """Raise what is wrong; `asked` is the list before anybody joined."""
        if self._old is not None:
            self._check_caller(self._old, as_levels(asked))
        if self._parent is not None:
            self._check_added(self._parent)
            self._check_lowered(self._parent)
            self._check_removed(self._parent)
        self._check_people_left()
        if self._parent is not None:
            self._check_people(self._parent)

    def _check_caller(self, old: Item, asked: dict[str, int]) -> None:
        """Who may share, but not do everything, only adds, and no more than they have.

        https://hitask.com, Permissions: level 70 can add level 70 but not remove it.
        """
        level = self._world.access.level(old, self._call.user)
        if level >= Level.EVERYTHING or asked == self._before:
            return
        for principal in self._before.keys() | asked.keys():
            before, after = self._before.get(principal, 0), asked.get(principal, 0)
            if after < before or (after > before and after > level):
                raise NoPermissionsError

    def _changed(self) -> Iterator[tuple[str, int, int]]:
        """Each principal whose entry changes: the level before, and the one after."""
        for principal in sorted((self._before | self._after).keys() - {self._own}):
            before = self._before.get(principal, Level.NONE)
            after = self._after.get(principal, Level.NONE)
            if before != after:
                yield principal, before, after

    def _check_added(self, parent: Item) -> None:
        added = [p for p, before, _ in self._changed() if not before]
        for principal in self._after if self._moves else added:
            if principal != self._own and not self._world.access.given(
                parent, principal
            ):
                name = self._name(principal)
                raise ParentNotSharedError(name, name)

    def _check_lowered(self, parent: Item) -> None:
        for principal, before, after in self._changed():
            given = self._world.access.given(parent, principal)
            if after and (not before or after < before) and after < given:
                raise DowngradeError(self._name(principal), after, given)

    def _check_removed(self, parent: Item) -> None:
        for principal, _, after in self._changed():
            if not after and self._world.access.listed(parent, principal):
                name = self._name(principal)
                raise ParentEntryError(name, "removed", parent.title)

    def _check_people_left(self) -> None:
        old, new = self._old, self._new
        if old is None or old.permissions == new.permissions:
            return
        after = self._world.access.of(new)
        before = self._world.access.levels(old)
        raise_if_left(self._world, people(new), before, after)

    def _check_people(self, parent: Item) -> None:
        before = people(self._old) if self._old and not self._moves else ()
        given = self._world.access.levels(parent)
        for user in people(self._new):
            if user not in before and user not in given and user != self._new.user_id:
                kind = "assignee" if user == self._new.assignee else "participant"
                raise AssigneeAccessError(self._name(str(user)), kind, parent.title)

    def _name(self, principal: str) -> str:
        return name_of(self._world, principal)


def raise_if_left(
    world: HiTaskWorld, users: Iterable[int], before: Levels, after: Levels
) -> None:
    """Raise `RemovedAssigneeError` for one of `users` who loses all access."""
    for user in users:
        if user != NOBODY and user in before and user not in after:
            raise RemovedAssigneeError("assignee", name_of(world, str(user)))


def name_of(world: HiTaskWorld, principal: str) -> str:
    """The name of a group, or the login of a user."""
    group = world.groups.get(principal)
    return group.name if group else world.users[int(principal)].login


def cascaded(call: Call, world: HiTaskWorld, new: Item) -> list[tuple[Item, Entries]]:
    """The items below `new` that get another list when it gives them its own.

    Each keeps its own owner. Raises `RemovedAssigneeError`.
    """
    levels = as_levels(new.permissions)
    found = []
    for below in world.descendants(new):
        if below.archived is not None:
            continue
        given = levels | {str(below.user_id): int(Level.EVERYTHING)}
        if given != as_levels(below.permissions):
            found.append((below, as_entries(given)))
        _check_below(world, new, below, given)
    return found


def _check_below(
    world: HiTaskWorld, new: Item, below: Item, given: dict[str, int]
) -> None:
    """Nobody who has to do with `below` loses it.

    What is between the two has the same list, and its owners see less than they do.
    """
    users = {user for name in given for user in world.access.users_of(name)}
    owners, above = {new.user_id}, world.items.get(below.parent)
    while above is not None and above.id != new.id:
        owners.add(above.user_id)
        above = world.items.get(above.parent)
    top = world.access.of(new)
    after = dict.fromkeys(users | owners | top.keys(), 1)
    raise_if_left(world, people(below), world.access.levels(below), after)
