"""Histories of teams and contacts, against plain dictionaries."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.people import (
    RANKS,
    TEAM,
    arranged_one,
    contacts_of,
    everyone,
    licenses,
    of_address,
    people,
    team_of,
)
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.reply import Reply
from tasktwin_contract.target import Target

writers = st.sampled_from(RANKS)
numbers = st.integers(0, 9999)  # of which one picks what there is at the moment
LEAVING = ("removeMember", "removeContactFromBusiness")
MOST = 9
MIRROR = {"TO": "FROM", "FROM": "TO", "BOTH": "BOTH"}
STRANGERS = ("owner", "outsider", "personal")
strangers = st.sampled_from(STRANGERS)


class Team(WorldMachine):
    """Two who administer a team take people in and out, as far as licences go."""

    def settle(self) -> None:
        """Start with the team, in a world with few licences."""
        self.target.close(self.world)
        self.world = self.target.open(max_members=MOST)
        self.members = {self.of(name).number for name in TEAM}
        self.invited: dict[int, str] = {}
        self.gone: set[str] = set()
        self.steps = 0

    def of(self, name: str) -> Actor:
        """The actor of that name."""
        actor: Actor = getattr(self.world, name)
        return actor

    @property
    def is_full(self) -> bool:
        """Whether no licence is left."""
        return len(self.members) + len(self.invited) >= MOST

    @rule(who=writers, again=st.booleans(), n=numbers)
    def invite(self, who: str, again: bool, n: int) -> None:
        """Invite somebody new, or who was invited and is so no longer."""
        old = sorted(self.gone)
        email = old[n % len(old)] if again and old else self.world.address()
        reply = self.of(who).call("inviteMember", email=email)
        if self.is_full:
            reply.refused(400, 12)
            return
        reply.expect(200)
        person = arranged_one(of_address(people(self.world.owner, "listTeam"), email))
        self.invited[person["id"]] = email
        self.gone.discard(email)

    @precondition(lambda self: self.invited)
    @rule(who=writers, n=numbers)
    def invite_again(self, who: str, n: int) -> None:
        """Invite, and send to, who is invited already."""
        email = sorted(self.invited.values())[n % len(self.invited)]
        self.of(who).call("inviteMember", email=email).refused(412, 79)
        self.of(who).call("resendInvitation", email=email).expect(200)

    @precondition(lambda self: self.invited)
    @rule(who=writers, n=numbers, name=st.sampled_from(LEAVING))
    def take_back(self, who: str, n: int, name: str) -> None:
        """Take an invitation back."""
        number = sorted(self.invited)[n % len(self.invited)]
        self.of(who).call(name, id=number).expect(200)
        self.gone.add(self.invited.pop(number))

    @rule(who=st.sampled_from(TEAM[2:]), name=st.sampled_from(LEAVING))
    def leave(self, who: str, name: str) -> None:
        """Have a member leave, or nobody where they have left."""
        number = self.of(who).number
        reply = self.world.owner.call(name, id=number)
        if number in self.members:
            reply.expect(200)
            self.members.discard(number)
        else:
            reply.refused(404, 1)

    @rule(who=st.sampled_from(TEAM[2:]))
    def come(self, who: str) -> None:
        """Have somebody who has left be a contact, and come back."""
        actor, owner = self.of(who), self.world.owner
        if actor.number in self.members:
            owner.call("addContactToBusiness", id=actor.number).refused(412, 16)
            return
        owner.call("addContact", id=actor.number)
        actor.call("approveContact", id=owner.number)
        reply = owner.call("addContactToBusiness", id=actor.number)
        if self.is_full:
            reply.refused(400, 12)
            return
        reply.expect(200)
        self.members.add(actor.number)

    @invariant()
    def the_team(self) -> None:
        """The list, the licences and Everyone are what the sets say."""
        owner = self.world.owner
        found = team_of(owner)
        waiting = {n for n, one in found.items() if one["subscription"] == "BIS_WAIT"}
        assert waiting == self.invited.keys()
        assert found.keys() - waiting == self.members
        self.steps += 1
        if self.steps % 2:
            assert licenses(owner) == len(self.members) + len(self.invited)
        else:
            assert set(everyone(owner)["members"]) == self.members


class Acquaintances(WorldMachine):
    """Three people of different accounts who ask, approve and delete each other."""

    def settle(self) -> None:
        """Start with nobody knowing another."""
        self.rows: dict[tuple[str, str], str] = {}
        self.latest: tuple[str, ...] = STRANGERS

    def of(self, name: str) -> Actor:
        """The actor of that name."""
        actor: Actor = getattr(self.world, name)
        return actor

    def row(self, one: str, other: str, here: str | None) -> None:
        """Remember what two are to each other from now on."""
        pairs = ((one, other), (other, one))
        for pair in pairs:
            self.rows.pop(pair, None)
        if here is not None:
            self.rows |= dict(zip(pairs, (here, MIRROR[here]), strict=True))

    @rule(
        one=strangers, other=strangers, way=st.sampled_from(["id", "email", "invite"])
    )
    def ask(self, one: str, other: str, way: str) -> None:
        """Ask somebody, oneself too."""
        self.latest = (one, other)
        actor, whom = self.of(one), self.of(other)
        reply = _ask(actor, whom, way)
        if one == other:
            reply.refused(400, 14)
        elif (one, other) in self.rows:
            reply.refused(400, 15)
        else:
            reply.expect(200)
            self.row(one, other, "TO")

    @rule(one=strangers, other=strangers)
    def approve(self, one: str, other: str) -> None:
        """Approve a request, where there is one."""
        self.latest = (one, other)
        reply = self.of(one).call("approveContact", id=self.of(other).number)
        here = self.rows.get((one, other))
        if here == "FROM":
            reply.expect(200)
            self.row(one, other, "BOTH")
        else:
            reply.refused(*((400, 15) if here == "BOTH" else (404, 1)))

    @rule(one=strangers, other=strangers)
    def delete(self, one: str, other: str) -> None:
        """Delete a contact, where there is one."""
        self.latest = (one, other)
        reply = self.of(one).call("deleteContact", id=self.of(other).number)
        if (one, other) in self.rows:
            reply.expect(200)
            self.row(one, other, None)
        else:
            reply.refused(404, 1)

    @invariant()
    def the_contacts(self) -> None:
        """The list of whoever did something, or had it done, is what it should be."""
        team = {self.of(name).number for name in TEAM}
        for one in self.latest:
            listed: dict[int, Any] = contacts_of(self.of(one))
            found = {n: who["subscription"] for n, who in listed.items()}
            expected: dict[int, str] = {
                self.of(other).number: here
                for (whose, other), here in self.rows.items()
                if whose == one
            }
            if one == "owner":
                expected |= dict.fromkeys(team - {self.of(one).number}, "BIS")
            assert found == expected, f"the contacts of {one}"


def _ask(actor: Actor, whom: Actor, way: str) -> Reply:
    if way == "invite":
        return actor.call("inviteContact", email=whom.email)
    named = whom.number if way == "id" else whom.email
    return actor.call("addContact", **{way: named})


@clause("HT-TEAM-46")
def test_histories_of_a_team(target: Target) -> None:
    """List, licences and Everyone are what plain sets predict after any history."""
    play(Team, target)


@clause("HT-CONTACT-43")
def test_histories_of_contacts(target: Target) -> None:
    """Each one's contacts are what a plain dictionary predicts after any history."""
    play(Acquaintances, target)
