"""Levels of permission, the ways to hold one, and calls that need one."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.checks import Violation
from tasktwin_contract.clauses import rest, resting_on
from tasktwin_contract.failures import ClauseBrokenError, NotJudgedError
from tasktwin_contract.hitask.steps import FIELDS, update
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target, World

Fields = Mapping[str, Any]
Entries = list[dict[str, Any]]

LEVELS: tuple[int, ...] = tuple(
    sorted(FIELDS["permissions"]["items"]["properties"]["level"]["enum"])
)
SEEING = LEVELS[1:]
PLAIN: Fields = {}


@dataclass(frozen=True)
class Guard:
    """A call that needs a level on an item; `base` is what that item has to be.

    `parameters` has the owner prepare the call, `changes` names the fields that it
    changes. `stated_by` is the clause that it can be called so, where no MUST says it.
    """

    operation: str
    level: int
    parameters: Callable[["Ladder", Object], Fields]
    base: Fields = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    stated_by: str | None = None


@dataclass(frozen=True)
class Way:
    """How somebody holds a level: who, and which entries give it to them.

    Where both they and their group are listed, the group has a level less. `stated_by`
    is the clause that this gives it to them, where no MUST says it.
    """

    caller: str
    other: str
    on_item: tuple[str, ...] = ()
    on_parent: tuple[str, ...] = ()
    stated_by: str | None = None


# Plain members and a manager: none of them has a right by membership alone.
WAYS: Mapping[str, Way] = {
    "an own entry": Way("member", "colleague", ("caller",)),
    "a group's entry": Way(
        "colleague", "manager", ("group",), stated_by="HT-ACCESS-04"
    ),
    "an own entry above a group's": Way(
        "manager", "member", ("caller", "group"), stated_by="HT-ACCESS-02"
    ),
    "the parent": Way(
        "member", "manager", on_parent=("caller",), stated_by="HT-ACCESS-05"
    ),
}
every_way = pytest.mark.parametrize("way", table(WAYS, "an own entry"))


def entry(principal: Actor | str, level: int) -> dict[str, Any]:
    """An entry of a list of permissions, for somebody or a group."""
    name = principal if isinstance(principal, str) else principal.id
    return {"principal": name, "level": level}


def group_of(world: World, *members: Actor) -> str:
    """The id of a new group of these. Raises `NotJudgedError`."""
    made = world.owner.call("createGroup", name="a group").arranged()
    for member in members:
        joined = {"groupId": made["id"], "id": member.number}
        world.owner.call("addGroupMember", **joined).arranged()
    return str(made["id"])


@dataclass
class Attempt:
    """A guarded call by somebody who has `level` on the item; `reply` makes it."""

    ladder: "Ladder"
    guard: Guard
    level: int
    item: Object
    parameters: Fields

    def __str__(self) -> str:
        call = f"{self.guard.operation}({', '.join(self.parameters)})"
        return f"{call} with level {self.level} by {self.ladder.name}"

    @cached_property
    def reply(self) -> Reply:
        """What the target answers, asked once."""
        return self.ladder.caller.call(self.guard.operation, **self.parameters)

    def accepted(self) -> None:
        """Demand success.

        Where a title that is sent unchanged is in the way, that is another clause's.
        """
        with self._told(), resting_on(self._title_alone):
            self.reply.expect(200)

    def refused(self, status: int | None = None, code: int | None = None) -> None:
        """Demand a refusal; the status and the API's own code where given."""
        with self._told():
            self.reply.refused(status, code)

    def noted(
        self, target: Target, clause: str, status: int | None = None, code: Any = None
    ) -> None:
        """Have the target's verdict on `clause` say it, where it is not so refused."""
        try:
            self.refused(status, code)
        except ClauseBrokenError as error:
            target.note(Violation(clause, error.expected, error.actual), self.world)

    @property
    def world(self) -> World:
        """Where the call is made."""
        return self.ladder.world

    def turned_away(self) -> None:
        """Stop the test, blaming nobody, unless the call is refused."""
        if self.reply.status == 200:
            raise NotJudgedError(f"not refused, as it should be: {self}")

    def takes_effect(self, stored: Mapping[int, Object]) -> None:
        """Demand success, and that the fields have other values in `stored`."""
        self.accepted()
        now = stored.get(self.item["id"], Object())
        for name in self.guard.changes:
            if now[name] == self.item[name]:
                with self._told():
                    raise ClauseBrokenError(f"another {name}", f"still {now[name]!r}")

    @property
    def _title_alone(self) -> str | None:
        if self.reply.status == 200 or "title" not in self.parameters:
            return None
        parameters = {**self.parameters, "title": None}
        again = self.ladder.caller.call(self.guard.operation, **parameters)
        return "HT-LEVEL-26" if again.status == 200 else None

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except ClauseBrokenError as error:
            error.add(f"for {self}")
            rest(error, self.guard.stated_by)
            raise


class Ladder:
    """Somebody in a world who has any level on items of the owner's, in one way."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name, self.way = world, name, WAYS[name]
        self.caller: Actor = getattr(world, self.way.caller)
        self.other: Actor = getattr(world, self.way.other)

    @cached_property
    def group(self) -> str:
        """The group that the caller is in."""
        return group_of(self.world, self.caller)

    def items(self, level: int, bases: Iterable[Fields] = (PLAIN,)) -> list[Object]:
        """New items of the owner's on each of which the caller has `level`."""
        owner = self.world.owner
        if not self.way.on_parent:
            listed = self._entries(self.way.on_item, level)
            return [owner.item(**base, permissions=listed) for base in bases]
        # Shared when all is there: what is made later would be listed itself.
        parent = owner.item(category=0)
        made = [owner.item(**base, parent=parent["id"]) for base in bases]
        listed = self._entries(self.way.on_parent, level)
        shared = [*listed, entry(owner, 100), entry(self.other, 10)]
        update(owner, parent, permissions=shared).arranged()
        return made

    def item(self, level: int, **base: Any) -> Object:
        """One such item."""
        return self.items(level, [base])[0]

    def attempts(
        self, guards: Iterable[Guard], levels: Iterable[int], *, alone: bool = False
    ) -> list[Attempt]:
        """The call of each guard at each level, prepared; `alone` on its own item."""
        return [
            Attempt(self, guard, level, item, guard.parameters(self, item))
            for level in levels
            for guard, item in self._items_for(level, tuple(guards), alone)
        ]

    def too_low(self, guards: Collection[Guard]) -> list[Attempt]:
        """The calls at each level that is too low, none among them."""
        return [
            attempt
            for level in LEVELS
            for attempt in self.attempts(
                [guard for guard in guards if guard.level > level], [level]
            )
        ]

    def _items_for(
        self, level: int, guards: tuple[Guard, ...], alone: bool
    ) -> Iterator[tuple[Guard, Object]]:
        keys = [str(n if alone else guard.base) for n, guard in enumerate(guards)]
        bases = {key: guard.base for key, guard in zip(keys, guards, strict=True)}
        items = dict(zip(bases, self.items(level, bases.values()), strict=True))
        for key, guard in zip(keys, guards, strict=True):
            yield guard, items[key]

    def _entries(self, names: tuple[str, ...], level: int) -> Entries:
        lower = max((one for one in LEVELS if one < level), default=0)
        levels = {"caller": level, "group": lower if "caller" in names else level}
        who = {
            "caller": self.caller.id,
            "group": self.group if "group" in names else "",
        }
        return [entry(who[name], levels[name]) for name in names if levels[name]]


@contextmanager
def ladder(target: Target, name: str) -> Iterator[Ladder]:
    """A fresh world with somebody who holds levels in the way of this name."""
    with target.world() as world, resting_on(WAYS[name].stated_by):
        yield Ladder(world, name)


def unseen_by(name: str) -> AbstractContextManager[None]:
    """What somebody does who has nothing on an item; administrators may see it."""
    return resting_on("HT-ACCESS-14" if name == "administrator" else None)


def from_level(level: int) -> tuple[int, ...]:
    """The levels that are `level` or more."""
    return tuple(one for one in LEVELS if one >= level)


def below(level: int, *, seeing: bool = False) -> tuple[int, ...]:
    """The levels that are less than `level`; no level only if not `seeing`."""
    return tuple(one for one in (SEEING if seeing else LEVELS) if one < level)
