"""Accounts are apart: what is of one is nothing to those of another."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.gsmtasks.bodies import LEFT_OUT, body
from tasktwin_contract.gsmtasks.cast import TEAM
from tasktwin_contract.gsmtasks.changes import WRITABLE, change
from tasktwin_contract.gsmtasks.examples import registration
from tasktwin_contract.gsmtasks.nouns import CREATED, EVERY, NOUNS, UPDATED
from tasktwin_contract.gsmtasks.states import ACTIONS, given, named
from tasktwin_contract.gsmtasks.stock import (
    OF_TASK,
    download,
    number,
    stocked,
)
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target, World

# Who looks, and whose things they look at.
ACROSS = [
    *(("stranger", name) for name in ("manager", "both")),
    *((name, "stranger") for name in TEAM),
]
every_noun = pytest.mark.parametrize("noun", EVERY)
every_pair = pytest.mark.parametrize(("who", "whose"), ACROSS)


def pair(world: World, who: str, whose: str) -> tuple[Actor, Actor]:
    """Who looks, and whose things they look at."""
    return getattr(world, who), getattr(world, whose)


def newcomer(world: World) -> Actor:
    """Somebody who has just registered."""
    reply = world.nobody.call("register", **registration(world)).arranged()
    return world.nobody.with_session(reply["token"])


@clause("GT-ACCESS-01")
@every_noun
@every_pair
def test_nothing_of_others_is_listed(
    target: Target, noun: str, who: str, whose: str
) -> None:
    """No list holds anything of an account in which the caller has no role."""
    with target.world() as world:
        actor, other = pair(world, who, whose)
        before = actor.listed(noun)
        stock = stocked(other)
        assert actor.listed(noun) == before
        assert stock[noun]["id"] not in before
        assert not set(other.listed(noun)) & set(before)


@clause("GT-ACCESS-01", "GT-ACCESS-02")
@every_noun
def test_who_has_just_registered(target: Target, noun: str) -> None:
    """Who has just registered and older accounts see nothing of each other."""
    with target.world() as world:
        stocked(world.manager)
        new = newcomer(world)
        for actor, other in ((new, world.manager), (world.manager, new)):
            records = other.listed(noun)
            assert not set(records) & set(actor.listed(noun))
            for number_of in list(records)[:2]:
                actor.call(NOUNS[noun].get, id=number_of).refused(404)


@clause("GT-ACCESS-02")
@every_noun
@every_pair
def test_nothing_of_others_is_read(
    target: Target, noun: str, who: str, whose: str
) -> None:
    """A record of an account in which the caller has no role is refused with 404."""
    with target.world() as world:
        actor, other = pair(world, who, whose)
        record = stocked(other)[noun]
        actor.get(noun, record).refused(404)
        other.get(noun, record).expect(200)


@clause("GT-ACCESS-02", "GT-FILE-16")
@every_pair
def test_files_of_others(target: Target, who: str, whose: str) -> None:
    """The bytes of a file of another account are refused with 404."""
    with target.world() as world:
        actor, other = pair(world, who, whose)
        stock = stocked(other)
        for noun in ("file_upload", "document", "signature"):
            download(actor, stock[noun]["file"]).refused(404)
            download(other, stock[noun]["file"]).expect(200)


@clause("GT-ACCESS-03")
@pytest.mark.parametrize("noun", UPDATED)
@every_pair
def test_nothing_of_others_is_changed(
    target: Target, noun: str, who: str, whose: str
) -> None:
    """A record of an account in which the caller has no role cannot be changed."""
    with target.world() as world:
        actor, other = pair(world, who, whose)
        record = stocked(other)[noun]
        for field in WRITABLE[noun]:
            sent = {**change(other, noun, field), "id": record["id"]}
            for operation_id in (NOUNS[noun].update, NOUNS[noun].patch):
                actor.call(operation_id, **sent).refused(404)
        reply = actor.call("postTracker", id=record["id"], autozoom=True)
        reply.refused(404)
        assert other.shown(noun, record) == record


@clause("GT-ACCESS-03")
@pytest.mark.parametrize("action", ACTIONS)
@every_pair
def test_tasks_of_others_do_not_move(
    target: Target, action: str, who: str, whose: str
) -> None:
    """A task of an account in which the caller has no role cannot be moved."""
    with target.world() as world:
        actor, other = pair(world, who, whose)
        task = other.make("task", assignee=named(other.hand))
        actor.act(action, task, **given(action, actor.hand)).refused(404)
        assert other.shown("task", task) == task


@clause("GT-ACCESS-04")
@every_pair
def test_lists_below_records_of_others(target: Target, who: str, whose: str) -> None:
    """Lists below the records of others are refused with 404."""
    with target.world() as world:
        actor, other = pair(world, who, whose)
        stock = stocked(other)
        place = {"id": stock["account"]["id"]}
        for name in ("listWorkers", "listManagers"):
            actor.call(name, **place).refused(404)
            other.call(name, **place).expect(200)
        for word in OF_TASK:
            place = {"id": stock["task"]["id"]}
            actor.call(f"list{word}OfTask", **place).refused(404)
            other.call(f"list{word}OfTask", **place).expect(200)


@clause("GT-ACCESS-05")
@pytest.mark.parametrize("noun", [n for n in CREATED if "account" in NOUNS[n].refers])
@every_pair
def test_nothing_is_made_in_accounts_of_others(
    target: Target, noun: str, who: str, whose: str
) -> None:
    """A record is not made in an account in which the caller has no role."""
    with target.world() as world:
        actor, other = pair(world, who, whose)
        sent = body(other, noun, {})
        before = other.listed(noun)
        reply = actor.bare(noun, **sent).refused()
        assert reply.status in (400, 403), reply.summary
        assert other.listed(noun) == before


@clause("GT-ACCESS-05")
def test_a_stranger_makes_nothing_here(target: Target) -> None:
    """Who names an account without a role in it is refused with 400 on account."""
    with target.world() as world:
        for actor, other in (
            (world.stranger, world.manager),
            (world.manager, world.stranger),
        ):
            for noun in ("client", "order", "task", "contact_address"):
                reply = actor.post(noun, account=other.account).refused(400)
                assert reply["account"] is not None, reply.summary


@clause("GT-ACCESS-06")
@every_pair
@pytest.mark.parametrize("filtered", ["account", "assignee"])
@pytest.mark.parametrize("form", [str, number])
def test_filtering_by_what_is_not_seen(
    target: Target, who: str, whose: str, filtered: str, form: Any
) -> None:
    """A filter by an account, or a user, of others finds nothing."""
    with target.world() as world:
        actor, other = pair(world, who, whose)
        task = other.make("task", assignee=named(other.hand))
        actor.hand.call("listTasks")
        value = form(task[filtered])
        found = actor.query("task", **{filtered: value}).expect(200)
        assert found.data == []
        assert other.query("task", **{filtered: value}).data != []


@clause("GT-ACCESS-16", "GT-ACCESS-17")
@pytest.mark.parametrize("name", [*TEAM, "stranger"])
def test_users(target: Target, name: str) -> None:
    """Users are listed to those who share an account with them, and read by them."""
    with target.world() as world:
        actor = getattr(world, name)
        emails = {user["email"] for user in actor.all("user")}
        team = {getattr(world, one).email for one in TEAM}
        assert emails == ({world.stranger.email} if name == "stranger" else team)
        for one in (*TEAM, "stranger"):
            other = getattr(world, one)
            place = {"id": number(other.user)}
            reply = actor.call("getUser", **place)
            assert reply.status == (200 if other.email in emails else 404)


@clause("GT-ACCESS-17")
def test_users_who_were_made(target: Target) -> None:
    """A user of no account is seen by who made them, and by nobody else."""
    with target.world() as world:
        made = world.manager.made("user")
        assert world.manager.sees("user", made)
        for name in (*TEAM[1:], "stranger"):
            assert not getattr(world, name).sees("user", made), name
        world.manager.make("role", user=made["url"])
        for name in TEAM:
            assert getattr(world, name).sees("user", made), name
        assert not world.stranger.sees("user", made)


class Accounts(WorldMachine):
    """Two accounts in which everything is made in turns."""

    def settle(self) -> None:
        """Start with what each account has of itself."""
        self.sides = ("manager", "stranger")
        self.made: dict[str, list[tuple[str, Object]]] = {s: [] for s in self.sides}
        self.latest = "task"

    @rule(side=st.sampled_from([0, 1]), noun=st.sampled_from(CREATED))
    def make(self, side: int, noun: str) -> None:
        """Make a record in one of the accounts."""
        name, self.latest = self.sides[side], noun
        record = getattr(self.world, name).made(noun)
        self.made[name].append((noun, record))

    @rule(side=st.sampled_from([0, 1]), data=st.data())
    def borrow(self, side: int, data: Any) -> None:
        """Refer to a record of the other account, in vain."""
        name, other = self.sides[side], self.sides[1 - side]
        tasks = [r["url"] for n, r in self.made[other] if n == "task"]
        if tasks:
            url = data.draw(st.sampled_from(tasks))
            actor = getattr(self.world, name)
            actor.post("order", tasks=[url]).refused(400)
            actor.post("signature", task=url).refused(400)
            actor.post("document", task=LEFT_OUT, order=url).refused(400)

    @invariant()
    def they_are_apart(self) -> None:
        """What one account's manager sees the other's does not."""
        nouns = {self.latest}
        seen = {s: {noun: self._seen(s, noun) for noun in nouns} for s in self.sides}
        one, other = seen.values()
        for noun in nouns:
            assert not one[noun] & other[noun], noun
        for side, listed in seen.items():
            for noun, record in self.made[side]:
                assert record["id"] in listed.get(noun, {record["id"]})

    def _seen(self, name: str, noun: str) -> set[str]:
        return set(getattr(self.world, name).listed(noun))


@clause("GT-ACCESS-01")
def test_histories_of_accounts(target: Target) -> None:
    """Whatever is made in one account, no list of the other's holds it."""
    play(Accounts, target)
