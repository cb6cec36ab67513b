"""Histories of a team with groups, stars, unread marks, restoring and cascades."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tasktwin_contract.checks import Violation
from tasktwin_contract.hitask import laws
from tasktwin_contract.hitask.deltas import Copy
from tasktwin_contract.hitask.steps import update
from tasktwin_contract.hitask.teamwork import (
    PLAIN,
    VIEWERS,
    Basics,
    levels,
    numbers,
    words,
)
from tasktwin_contract.reply import Object, Reply

EVERYONE = 1


class Company(Basics):
    """What `Basics` does, and all else that changes what somebody gets of an item."""

    viewers: tuple[str, ...] = VIEWERS
    own = None  # derived changes are looked at here, as closely as the others

    def settle(self) -> None:
        """Start with groups too: Everyone, and one with an item and a member."""
        listed = self.world.owner.call("listGroups").arranged().data
        everyone = [group["id"] for group in listed if group["type"] == EVERYONE]
        made = self.world.owner.call("createGroup", name="first").arranged()
        self.groups = [made["id"]]
        self.principals = [*everyone, made["id"], *map(self.id_of, VIEWERS)]
        self.regroup("addGroupMember", made["id"], "colleague").arranged()
        super().settle()
        entries = [{"principal": made["id"], "level": 40}]
        top = self.world.member.item(permissions=entries)
        below = self.world.member.item(parent=top["id"])
        self.made |= {top["id"], below["id"]}
        self.lists = {name: self.listed(name) for name in self.viewers}
        self.copies = {name: Copy(self.lists[name]) for name in self.viewers}

    @rule(n=numbers, other=numbers, level=levels, cascades=st.booleans())
    def share_anything(self, n: int, other: int, level: int, cascades: bool) -> None:
        """Give or take the access of a person or group, with what is below or not."""
        principal = self.principals[other % len(self.principals)]
        more = {"cascadeAcl": True} if cascades else {}
        for actor, item in self.some(n, 70):
            self.shares(actor, item, principal, level, **more)

    @rule(n=numbers, other=numbers)
    def assign(self, n: int, other: int) -> None:
        """Assign an item to somebody, or to nobody."""
        people = [0, *(self.of(name).number for name in VIEWERS)]
        for actor, item in self.some(n, 40):
            reply = update(actor, item, assignee=people[other % len(people)])
            self.wrote(laws.OWN, actor, item, reply)

    @rule(n=numbers, names=st.sets(st.sampled_from(VIEWERS), max_size=2).map(sorted))
    def involve(self, n: int, names: list[str]) -> None:
        """Give an item other participants."""
        people = [self.of(name).number for name in names]
        for actor, item in self.some(n, 40):
            reply = update(actor, item, participants=people)
            self.wrote(laws.OWN, actor, item, reply)

    @rule(n=numbers)
    def read(self, n: int) -> None:
        """Read an item, unread or not."""
        unread = [(a, item) for a, item in self.pairs(10) if item["unread"]]
        for actor, item in self.one_of(n, unread or self.pairs(10)):
            self.wrote(laws.READ, actor, item, actor.call("markRead", **_named(item)))

    @rule(n=numbers, starred=st.booleans())
    def star(self, n: int, starred: bool) -> None:
        """Star an item, or take the star back."""
        for actor, item in self.some(n, 10):
            self.wrote(laws.STAR, actor, item, update(actor, item, starred=starred))

    @precondition(lambda self: self.archived)
    @rule(n=numbers)
    def restore(self, n: int) -> None:
        """Bring an item back from the archive."""
        for name, item in self.one_of(n, self.archived):
            self.archived.remove((name, item))
            actor = self.of(name)
            reply = actor.call("restoreItem", id=item)
            self.wrote(laws.RESTORE, actor, Object(id=item), reply)

    @rule(n=numbers)
    def complete_all(self, n: int) -> None:
        """Complete an item with all that is below it."""
        for actor, item in self.some(n, 50):
            reply = update(actor, item, completed=True, cascade=True)
            self.wrote(laws.OWN, actor, item, reply)

    @rule(n=numbers, other=numbers, up=st.booleans())
    def move(self, n: int, other: int, up: bool) -> None:
        """Put an item below another, or to the root."""
        for actor, item in self.some(n, 60):
            parents = [parent for who, parent in self.pairs(30) if who == actor]
            for parent in self.one_of(other, parents):
                reply = update(actor, item, parent=0 if up else parent["id"])
                self.wrote(laws.SHARE, actor, item, reply)

    @precondition(lambda self: self.groups)
    @rule(n=numbers, other=numbers, joins=st.booleans())
    def change_members(self, n: int, other: int, joins: bool) -> None:
        """Have somebody join or leave a group."""
        operation = "addGroupMember" if joins else "removeGroupMember"
        for group in self.one_of(n, self.groups):
            name = self.viewers[other % len(self.viewers)]
            self.regrouped(self.regroup(operation, group, name))

    @rule(name=words)
    def make_group(self, name: str) -> None:
        """Make a group, with nobody in it."""
        reply = self.world.administrator.call("createGroup", name=name)
        if self.regrouped(reply):
            self.groups.append(reply["id"])
            self.principals.append(reply["id"])

    @precondition(lambda self: self.groups)
    @rule(n=numbers)
    def delete_group(self, n: int) -> None:
        """Delete a group, and so the entries that name it."""
        for group in self.one_of(n, self.groups):
            reply = self.world.administrator.call("deleteGroup", id=group)
            if self.regrouped(reply):
                self.groups.remove(group)
                self.principals.remove(group)

    def regroup(self, operation: str, group: str, name: str) -> Reply:
        """Have the owner change who is in a group."""
        person = self.of(name).number
        return self.world.owner.call(operation, groupId=group, id=person)

    def regrouped(self, reply: Reply) -> bool:
        """Remember that groups have changed."""
        return self.wrote(laws.REGROUP, self.world.owner, Object(id=None), reply)

    def id_of(self, name: str) -> str:
        """The id of the actor of that name, as entries have it."""
        return str(self.of(name).id)


class Frozen(Company):
    """The same while the clock stands still, goes back, or jumps."""

    viewers = PLAIN
    whole = "HT-DELTA-31"

    def settle(self) -> None:
        """Stop the clock before anything is written."""
        self.world.freeze()
        super().settle()

    @rule(seconds=st.sampled_from([-3600, -1, -0.001, 0.001, 1]))
    def turn(self, seconds: float) -> None:
        """Turn the clock, mostly back."""
        self.world.advance(seconds)

    def note(self, found: laws.Found) -> None:
        super().note(map(_of_the_clock, found))


def _named(item: Object) -> dict[str, Any]:
    return {"guid": item["guid"]}


def _of_the_clock(violation: Violation) -> Violation:
    """What a delta does not tell while the clock stands is the clock's clause."""
    untold = violation.clause in laws.UNTOLD
    return replace(violation, clause="HT-DELTA-51") if untold else violation
