"""Whose a task is: at its creation, and by updates."""

from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.gsmtasks.bodies import PLACE
from tasktwin_contract.gsmtasks.histories import history
from tasktwin_contract.gsmtasks.laws import names
from tasktwin_contract.gsmtasks.states import STATES, TABLE, named, shown, task_in
from tasktwin_contract.rows import certain, table
from tasktwin_contract.target import Target, World

HANDS = ("worker", "second_worker", "both")
every_hand = pytest.mark.parametrize("hand", HANDS)
MISSING = ("nobody", "stranger", "manager", "made")


def in_way(person: Actor, way: str) -> Any:
    """Somebody as an assignee is named."""
    email = person.email
    ways = {"email": email, "upper": email.upper(), "title": email.title()}
    return person.user if way == "address" else {"email": ways[way]}


def nobody_here(world: World, who: str) -> list[Any]:
    """Ways to name somebody who is no worker of the account."""
    if who == "nobody":
        return [{"email": world.address()}, {"email": ""}]
    person = world.manager.make("user") if who == "made" else None
    if person is not None:
        return [{"email": person["email"]}, person["url"]]
    actor = getattr(world, who)
    return [named(actor), actor.user]


@clause("GT-TASK-06")
@pytest.mark.parametrize("sent", [{}, {"assignee": None}])
def test_nobodys_task(target: Target, sent: dict[str, Any]) -> None:
    """Created without an assignee a task is unassigned."""
    with target.world() as world:
        made = world.manager.made("task", **sent)
        assert (made["state"], made["assignee"]) == ("unassigned", None)


@clause("GT-TASK-07", "GT-TASK-08", "GT-TASK-09")
@pytest.mark.parametrize("way", ["address", "email"])
@every_hand
def test_somebodys_task(target: Target, way: str, hand: str) -> None:
    """Created with an assignee, by address or e-mail, a task is assigned to them."""
    with target.world() as world:
        person = getattr(world, hand)
        made = world.manager.made("task", assignee=in_way(person, way))
        for task in (made, world.manager.shown("task", made)):
            with judging("GT-TASK-08" if way == "address" else "GT-TASK-09"):
                assert task["assignee"] == person.user
            assert task["state"] == "assigned"
        assert person.sees("task", made)


@clause("GT-TASK-10")
@pytest.mark.parametrize("way", ["upper", "title"])
@every_hand
def test_emails_in_any_case(target: Target, way: str, hand: str) -> None:
    """The e-mail of an assignee is understood in any letter case."""
    with target.world() as world:
        person = getattr(world, hand)
        made = world.manager.made("task", assignee=in_way(person, way))
        assert made["assignee"] == person.user
        task = world.manager.make("task")
        sent = {"assignee": in_way(person, way)}
        assert world.manager.act("assign", task, **sent).expect(200)["assignee"] == (
            person.user
        )
        task = world.manager.make("task")
        assert world.manager.changed("task", task, **sent)["assignee"] == person.user


@clause("GT-TASK-11", "GT-TASK-12")
@pytest.mark.parametrize("who", table(MISSING, "stranger"))
@pytest.mark.parametrize("way", [certain("create"), "update", "assign"])
def test_who_is_no_worker(target: Target, who: str, way: str) -> None:
    """An assignee who is no worker of the account is refused with 400 on assignee."""
    with target.world() as world:
        task = world.manager.make("task")
        for sent in nobody_here(world, who):
            words: dict[str, Any] = (
                {"id": task["id"]} if way != "create" else {"address": PLACE}
            )
            if way == "create":
                words["account"] = world.manager.account
            reply = world.manager.call(f"{way}Task", **words, assignee=sent)
            names(reply, "assignee")
        assert world.manager.shown("task", task) == task
        assert list(world.manager.listed("task")) == [task["id"]]


@clause("GT-TASK-12")
def test_who_was_a_worker(target: Target) -> None:
    """Who is a worker no more is no assignee: 400 on assignee."""
    with target.world() as world:
        role = next(
            one
            for one in world.manager.all("role")
            if one["user"] == world.second_worker.user
        )
        sent = {"assignee": named(world.second_worker)}
        world.manager.made("task", **sent)
        world.manager.changed("role", role, is_manager=True, is_worker=False)
        names(world.manager.post("task", **sent), "assignee")


@clause("GT-TASK-29")
@pytest.mark.parametrize("state", [one for one in STATES if "assign" in TABLE[one]])
@pytest.mark.parametrize("way", ["address", "email", "upper"])
def test_another_assignee(target: Target, state: str, way: str) -> None:
    """An update with another assignee is an assignment."""
    with target.world() as world:
        task = task_in(state, world.manager, world.worker)
        person = world.second_worker
        before = history(world.manager, task)
        answer = world.manager.changed("task", task, assignee=in_way(person, way))
        assert (answer["state"], answer["assignee"]) == ("assigned", person.user)
        events = history(world.manager, task)
        same, last = events[:-1], events.last
        assert same == before
        assert (last["event"], last["from_state"]) == ("assign", state)
        assert (last["to_state"], last["assignee"]) == ("assigned", person.user)
        assert last["user"] == world.manager.user


@clause("GT-TASK-30")
@pytest.mark.parametrize("state", [one for one in STATES if "unassign" in TABLE[one]])
def test_no_assignee(target: Target, state: str) -> None:
    """An update with the assignee null takes the task from its worker."""
    with target.world() as world:
        task = task_in(state, world.manager, world.worker)
        before = history(world.manager, task)
        answer = world.manager.changed("task", task, assignee=None)
        assert (answer["state"], answer["assignee"]) == ("unassigned", None)
        events = history(world.manager, task)
        same, last = events[:-1], events.last
        assert same == before
        assert (last["event"], last["from_state"]) == ("unassign", state)
        assert (last["to_state"], last["assignee"]) == ("unassigned", None)


@clause("GT-TASK-31")
@pytest.mark.parametrize("state", table(STATES, "completed"))
@pytest.mark.parametrize("what", ["other", certain("none")])
def test_changes_that_are_no_transitions(target: Target, state: str, what: str) -> None:
    """A change of the assignee that is no transition of the state is 400."""
    action = "assign" if what == "other" else "unassign"
    with target.world() as world:
        task = task_in(state, world.manager, world.worker)
        before = shown(world.manager, task)
        sent = {"assignee": named(world.second_worker) if what == "other" else None}
        reply = world.manager.put("task", task, **sent, description="new")
        if action in TABLE[state] or task["assignee"] == sent["assignee"]:
            reply.expect(200)
        else:
            names(reply, "assignee")
            assert shown(world.manager, task) == before


@clause("GT-TASK-31")
def test_a_cancelled_task_of_nobody(target: Target) -> None:
    """Nobody's task that was cancelled cannot be given to anybody by an update."""
    with target.world() as world:
        task = world.manager.make("task")
        world.manager.act("cancel", task).arranged()
        names(world.manager.put("task", task, assignee=named(world.worker)), "assignee")
        world.manager.changed("task", task, assignee=None)


@clause("GT-TASK-32", "GT-EVENT-13")
@pytest.mark.parametrize("state", table(STATES, "accepted"))
@pytest.mark.parametrize("way", [certain("address"), "email", "upper"])
def test_the_same_assignee(target: Target, state: str, way: str) -> None:
    """An update with the assignee that the task has is no transition."""
    with target.world() as world:
        task = task_in(state, world.manager, world.worker)
        before = history(world.manager, task)
        held = task["assignee"] is not None
        sent = in_way(world.worker, way) if held else None
        answer = world.manager.changed("task", task, assignee=sent, description="x")
        assert (answer["state"], answer["assignee"]) == (state, task["assignee"])
        assert history(world.manager, task) == before


@clause("GT-TASK-29")
def test_an_assignment_with_other_changes(target: Target) -> None:
    """An update that assigns changes whatever else it was sent."""
    with target.world() as world:
        task = world.manager.make("task", address=PLACE)
        sent = {"description": "Left of the gate.", "assignee": named(world.worker)}
        answer = world.manager.changed("task", task, **sent)
        assert (answer["description"], answer["state"]) == (
            sent["description"],
            "assigned",
        )
        wrong = {"category": "other", "assignee": named(world.second_worker)}
        names(world.manager.put("task", task, **wrong), "category")
        assert world.manager.shown("task", task) == answer
