"""Histories of a team's items: who writes what, and what each of them is told."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import initialize, invariant, precondition, rule

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.hitask import laws
from tasktwin_contract.hitask.deltas import (
    YEAR,
    Copy,
    Delta,
    Listing,
    delta,
    listed,
    since,
)
from tasktwin_contract.hitask.laws import Step, View
from tasktwin_contract.hitask.steps import create, milliseconds, update
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import Target

VIEWERS = ("manager", "member", "colleague", "administrator", "owner")
PLAIN = VIEWERS[:3]
SLOWEST = 5  # of five steps a viewer may sleep four
CROWD = 5  # with fewer items none is taken away, for histories need some
HISTORIES = 40  # that are played to show a broken law with a short one
ALERT = {"timeType": 4, "time": 5, "sound": True}

numbers = st.integers(0, 9999)  # of which one picks what there is at the moment
words = st.sampled_from(["one", "two", "three"])
levels = st.sampled_from([0, 10, 20, 40, 50, 60, 70, 80, 100])
fields = st.one_of(
    st.fixed_dictionaries({"title": words}),
    st.fixed_dictionaries({"message": words}),
    st.fixed_dictionaries({"color": st.integers(0, 7)}),
    st.fixed_dictionaries({"tags": st.sets(words, max_size=2).map(sorted)}),
    st.sampled_from([{"alerts": [ALERT]}, {"alerts": []}]),
)


class LawBrokenError(AssertionError):
    """A history broke the law that is looked for: Hypothesis then shortens it."""


class Basics(WorldMachine):
    """Create, update, complete, comment, delete, archive and share, by several users.

    `found` gathers the clauses that are broken, `sought` is the one that ends a
    history. After each step every viewer gets a fresh list, and a delta from the list
    before; their copies are kept by deltas from further back.
    """

    viewers: tuple[str, ...] = PLAIN
    own: str | None = "HT-DELTA-29"  # the clause of copies' own fields
    whole = "HT-DELTA-30"  # and that of all of a copy

    def __init__(
        self, target: Target, found: list[str], sought: str | None = None
    ) -> None:
        self.found, self.sought = found, sought
        super().__init__(target)

    def settle(self) -> None:
        """Start with a shared item, one below, and a private one."""
        self.step, self.steps = Step(), 0
        self.made: set[int] = set()
        self.comments: list[tuple[str, int, int]] = []
        self.archived: list[tuple[str, int]] = []
        self.asleep = dict.fromkeys(self.viewers, 1)
        top = self.world.manager.item(permissions=self.list_of(member=60))
        below = self.world.manager.item(parent=top["id"])
        lone = self.world.member.item()
        self.made |= {top["id"], below["id"], lone["id"]}
        self.lists = {name: self.listed(name) for name in self.viewers}
        self.copies = {name: Copy(self.lists[name]) for name in self.viewers}
        probe = self.told("manager", self.lists["manager"].cursor)
        self.complete = self.lists["manager"].items.keys() <= probe.named

    @initialize(sleeps=st.tuples(*[st.integers(1, SLOWEST) for _ in VIEWERS]))
    def sleep(self, sleeps: tuple[int, ...]) -> None:
        """Have each viewer keep the copy at a pace of their own."""
        self.asleep = dict(zip(VIEWERS, sleeps, strict=True))

    @rule(n=numbers, title=words, other=numbers, level=levels)
    def create(self, n: int, title: str, other: int, level: int) -> None:
        """Make an item at the root, shared or not."""
        entries = self.list_of(**{self.viewers[other % len(self.viewers)]: level})
        name = self.viewers[n % len(self.viewers)]
        entries = [row for row in entries if row["principal"] != self.of(name).id]
        self.creates(self.of(name), title=title, permissions=entries)

    @rule(n=numbers, title=words)
    def create_below(self, n: int, title: str) -> None:
        """Make an item below another."""
        for actor, parent in self.some(n, 30):
            self.creates(actor, title=title, parent=parent["id"])

    @rule(n=numbers, changes=fields)
    def change(self, n: int, changes: dict[str, Any]) -> None:
        """Change a field of an item, or send what it already has."""
        for actor, item in self.some(n, 60):
            self.wrote(laws.OWN, actor, item, update(actor, item, **changes))

    @rule(n=numbers, completed=st.booleans())
    def complete_one(self, n: int, completed: bool) -> None:
        """Complete an item, or take it back."""
        for actor, item in self.some(n, 50):
            reply = update(actor, item, completed=completed)
            self.wrote(laws.OWN, actor, item, reply)

    @rule(n=numbers, message=words)
    def comment(self, n: int, message: str) -> None:
        """Comment on an item."""
        for actor, item in self.some(n, 20):
            reply = actor.call("addComment", id=item["id"], message=message)
            if self.wrote(laws.OWN, actor, item, reply):
                self.comments.append((str(actor.name), item["id"], reply["id"]))

    @precondition(lambda self: self.comments)
    @rule(n=numbers)
    def delete_comment(self, n: int) -> None:
        """Delete one's own comment, the latest or an older one."""
        for author, item, comment in self.one_of(n, self.comments):
            self.comments.remove((author, item, comment))
            actor = self.of(author)
            reply = actor.call("deleteComment", id=comment, itemId=item)
            self.wrote(laws.UNCOMMENT, actor, Object(id=item), reply)

    @precondition(lambda self: self.alone)
    @rule(n=numbers, other=numbers, level=levels)
    def share(self, n: int, other: int, level: int) -> None:
        """Give or take somebody's access to an item with nothing below it."""
        for actor, item in self.one_of(n, self.alone):
            name = self.viewers[other % len(self.viewers)]
            self.shares(actor, item, self.of(name).id, level)

    @precondition(lambda self: self.crowded)
    @rule(n=numbers)
    def archive(self, n: int) -> None:
        """Archive an item with what is below it."""
        for actor, item in self.some(n, 80):
            reply = actor.call("archiveItem", id=item["id"])
            if self.wrote(laws.OWN, actor, item, reply):
                self.archived.append((str(actor.name), item["id"]))

    @precondition(lambda self: self.crowded)
    @rule(n=numbers)
    def delete(self, n: int) -> None:
        """Delete an item with what is below it."""
        for actor, item in self.some(n, 100):
            reply = actor.call("deleteItem", guid=item["guid"])
            self.wrote(laws.OWN, actor, item, reply)

    @invariant()
    def all_are_told(self) -> None:
        """Each viewer is told what changed for them, and nothing else."""
        self.steps += 1
        before, step = self.lists, self.step
        self.lists = {name: self.listed(name) for name in self.viewers}
        views = [self.view(name, before[name]) for name in self.viewers]
        for view in views:
            self.note(laws.laws(view, self.complete))
        self.note(laws.of_stamps(views))
        view = views[self.steps % len(views)]
        with suppress(NotJudgedError):  # it is deprecated, and may be refused
            self.note(laws.of_since(view, self.since(view)))
        self.note(self.probe(view))
        for view in views:
            if self.steps % self.asleep[view.viewer] == 0:
                self.keep_copy(view)
        latest = max([step.latest, *self.stamps()])
        self.step = Step(latest=latest)

    def view(self, name: str, before: Listing) -> View:
        """What a viewer is told of the step."""
        told = self.told(name, before.cursor)
        return View(name, self.step, before, self.lists[name], told)

    def since(self, view: View) -> Listing:
        """What listItemsSince tells the viewer of the step."""
        return since(self.of(view.viewer), view.before.cursor, self.made)

    def probe(self, view: View) -> laws.Found:
        """What is broken of what holds from a cursor of the viewer's choice."""
        name, fresh = view.viewer, view.after
        match self.steps % 4:
            case 0:
                return laws.of_silence(fresh, self.told(name, fresh.cursor))
            case 1:
                again = self.told(name, view.before.cursor)
                return laws.of_repeating(view.delta, again)
            case 2:
                return laws.of_the_beginning(
                    fresh.items, self.told(name, 0).changed, "HT-DELTA-36"
                )
        future = self.told(name, fresh.cursor + YEAR)
        return laws.of_the_future(future.changed, "HT-DELTA-37")

    def keep_copy(self, view: View) -> None:
        """Bring a copy up to date, and hold it against the list."""
        copy, fresh = self.copies[view.viewer], view.after
        near = copy.cursor == view.before.cursor
        copy.apply(
            view.delta if near else self.told(view.viewer, copy.cursor),
            self.complete,
        )
        kept = copy.items
        if not self.complete:
            kept = {n: item for n, item in kept.items() if n in fresh.items}
        self.note(laws.of_a_copy(kept, fresh.items, self.own, self.whole))
        self.copies[view.viewer] = Copy(fresh)

    def note(self, found: laws.Found) -> None:
        """Keep what is broken; end where it is sought."""
        for violation in found:
            self.target.note(violation, self.world)
            self.found.append(violation.clause)
            if violation.clause == self.sought:
                raise LawBrokenError(violation.clause)

    def creates(self, actor: Actor, **facts: Any) -> None:
        """Make an item, whose id has never been there."""
        guid = self.world.guid()
        reply = create(actor, guid=guid, **facts)
        if self.wrote(laws.CREATE, actor, Object(id=None), reply):
            number = reply["id"] or actor.stored(guid)["id"]
            assert number not in self.made, "ids are never reused"
            self.made.add(number)

    def shares(
        self, actor: Actor, item: Object, principal: str, level: int, **more: Any
    ) -> None:
        """Give `principal` the level on an item; 0 takes the entry away."""
        entries = {row["principal"]: row["level"] for row in item["permissions"]}
        entries |= {principal: level}
        rows = [{"principal": p, "level": n} for p, n in entries.items() if n]
        reply = update(actor, item, permissions=rows, **more)
        self.wrote(laws.SHARE, actor, item, reply)

    def wrote(self, kind: str, actor: Actor, item: Object, reply: Reply) -> bool:
        """Remember what the step did, unless it was refused."""
        if reply.status == 200:
            self.step = Step(kind, actor.name, item["id"], self.step.latest)
        return reply.status == 200

    def some(self, n: int, least: int) -> list[tuple[Actor, Object]]:
        """One of those who have the level on an item, with the item; or nothing."""
        return self.one_of(n, self.pairs(least))

    def pairs(self, least: int) -> list[tuple[Actor, Object]]:
        """Everybody with every item on which they have the level."""
        return [
            (self.of(name), item)
            for name in self.viewers
            for item in self.lists[name].items.values()
            if (item["permission"] or 0) >= least
        ]

    @property
    def alone(self) -> list[tuple[Actor, Object]]:
        """What may be shared, by whom, where nothing is above or below."""
        choices = self.pairs(70)
        parents = {item["parent"] for _, item in choices}
        return [
            (actor, item)
            for actor, item in choices
            if item["id"] not in parents and not item["parent"]
        ]

    @property
    def crowded(self) -> bool:
        """Whether there are items enough to lose one."""
        seen = {number for fresh in self.lists.values() for number in fresh.items}
        return len(seen) >= CROWD

    def one_of(self, n: int, choices: list[Any]) -> list[Any]:
        """One of `choices`, or none where there is none."""
        return [choices[n % len(choices)]] if choices else []

    def listed(self, name: str) -> Listing:
        """The viewer's list of what this history made."""
        return listed(self.of(name), self.made)

    def told(self, name: str, cursor: int) -> Delta:
        """The viewer's delta, likewise."""
        return delta(self.of(name), cursor, self.made)

    def of(self, name: str) -> Actor:
        """The actor of that name."""
        actor: Actor = getattr(self.world, name)
        return actor

    def list_of(self, **levels: int) -> list[dict[str, Any]]:
        """Entries for people of these names."""
        return [
            {"principal": self.of(name).id, "level": level}
            for name, level in levels.items()
            if level
        ]

    def stamps(self) -> Iterator[int]:
        """Every time_last_update that anybody sees."""
        for fresh in self.lists.values():
            for item in fresh.items.values():
                yield milliseconds(item["time_last_update"])


def judge(kind: Callable[..., Basics], target: Target) -> None:
    """Play histories of `kind`, and note the clauses that they break.

    What is broken does not end a history, for a server that keeps one law less shall
    still be judged by the others. The clause broken first is then sought once more,
    to be shown with the shortest history.
    """
    found: list[str] = []
    play(partial(kind, found=found), target)
    for sought in found[:1]:
        seeking = partial(kind, found=found, sought=sought)
        with suppress(LawBrokenError, Flaky):
            play(_few(seeking), target)


def _few(kind: Callable[[Target], Basics]) -> Callable[[Target], Basics]:
    """`kind` for a few histories, which is enough for a short one; then none."""
    left = iter(range(HISTORIES))

    def make(target: Target) -> Basics:
        if next(left, None) is None:
            reject()  # Hypothesis then takes the end for flaky
        return kind(target)

    return make
