"""What comes of a transition, for whom, and with what body."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as draws
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.gsmtasks.histories import history
from tasktwin_contract.gsmtasks.raw import JSON, send
from tasktwin_contract.gsmtasks.states import (
    ACTIONS,
    AFTER,
    ENDED,
    MANAGERS,
    STATES,
    TABLE,
    WORKERS,
    given,
    named,
    shown,
    task_in,
)
from tasktwin_contract.gsmtasks.values import stored
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target, World

HOUR = 3600
A_MOMENT = timedelta(seconds=2)
every_state = pytest.mark.parametrize("state", STATES)
every_action = pytest.mark.parametrize("action", ACTIONS)


@clause("GT-STATE-03")
@every_state
def test_addresses_of_actions(target: Target, state: str) -> None:
    """An action's address is the task's url with its name and a slash after it."""
    with target.world() as world:
        task = task_in(state, world.manager)
        for name, address in task["actions"].items():
            assert address == f"{task['url']}{name}/"
        task_of_creation = world.manager.made("task")
        for name, address in task_of_creation["actions"].items():
            assert address == f"{task_of_creation['url']}{name}/"


@clause("GT-STATE-01")
@every_state
def test_states(target: Target, state: str) -> None:
    """The state is one of eight, in every place where a task is answered."""
    with target.world() as world:
        task = task_in(state, world.manager)
        assert task["state"] in STATES
        assert world.manager.listed("task")[task["id"]]["state"] == task["state"]
        assert task["state"] == state


@clause("GT-STATE-05")
@every_action
@pytest.mark.parametrize("name", ["manager", "worker", "both"])
def test_the_answer_is_the_task(target: Target, action: str, name: str) -> None:
    """A transition answers the task, in the state that it has then."""
    with target.world() as world:
        actor: Actor = getattr(world, name)
        task = task_in("assigned", world.manager)
        if name == "worker" and action in MANAGERS:
            return
        answer = actor.act(action, task, **given(action, world.worker)).expect(200)
        assert answer["id"] == task["id"]
        assert answer["state"] == AFTER[action]
        assert answer["url"] == task["url"]
        if actor.get("task", task).status == 200:
            assert answer.data == actor.shown("task", task)


@clause("GT-STATE-06", "GT-STATE-23")
@pytest.mark.parametrize(
    "state", ["unassigned", "assigned", "accepted", "transit", "failed"]
)
@pytest.mark.parametrize("way", ["address", "email"])
def test_assigning(target: Target, state: str, way: str) -> None:
    """assign makes a task assigned, its assignee the one sent, by address or e-mail."""
    with target.world() as world:
        task = task_in(state, world.manager, world.worker)
        whose = world.second_worker.user
        sent = whose if way == "address" else named(world.second_worker)
        answer = world.manager.act("assign", task, assignee=sent).expect(200)
        assert (answer["state"], answer["assignee"]) == ("assigned", whose)
        found = world.manager.shown("task", task)
        assert (found["state"], found["assignee"]) == ("assigned", whose)


@clause("GT-STATE-07", "GT-STATE-09")
@pytest.mark.parametrize(
    "action", ["accept", "transit", "activate", "complete", "fail", "cancel"]
)
@pytest.mark.parametrize("name", ["manager", "worker"])
def test_where_transitions_lead(target: Target, action: str, name: str) -> None:
    """Each transition leads to its state, and leaves the assignee as it is."""
    with target.world() as world:
        task = task_in("assigned", world.manager)
        actor: Actor = getattr(world, name if action in WORKERS else "manager")
        actor.act(action, task).expect(200)
        found = world.manager.shown("task", task)
        assert found["state"] == AFTER[action]
        assert found["assignee"] == task["assignee"] is not None


@clause("GT-STATE-08")
@pytest.mark.parametrize(
    ("action", "state"),
    [
        *((action, "assigned") for action in ("reject", "unassign")),
        *((action, "accepted") for action in ("reject", "unassign")),
        ("unassign", "transit"),
        ("unassign", "failed"),
    ],
)
def test_without_an_assignee(target: Target, action: str, state: str) -> None:
    """reject and unassign make a task unassigned, without an assignee."""
    with target.world() as world:
        task = task_in(state, world.manager)
        answer = world.manager.act(action, task).expect(200)
        assert (answer["state"], answer["assignee"]) == ("unassigned", None)
        found = world.manager.shown("task", task)
        assert (found["state"], found["assignee"]) == ("unassigned", None)


@clause("GT-STATE-20")
@pytest.mark.parametrize("state", table(STATES, "failed"))
def test_completed_at(target: Target, state: str) -> None:
    """completed_at is set in the state completed, and null in every other."""
    with target.world() as world:
        task = task_in(state, world.manager)
        assert (task["completed_at"] is not None) == (state == "completed")


@clause("GT-STATE-21")
@every_state
def test_cancelled_at(target: Target, state: str) -> None:
    """cancelled_at is set in the state cancelled, and null in every other."""
    with target.world() as world:
        task = task_in(state, world.manager)
        assert (task["cancelled_at"] is not None) == (state == "cancelled")


def _ended(target: Target, action: str, field: str) -> None:
    """Demand that the field is the time of the transition, then and for ever."""
    with target.world() as world:
        task = task_in("assigned", world.manager)
        world.advance(HOUR)
        answer = world.manager.act(action, task).expect(200)
        newest = history(world.manager, task).last
        gap = stored(answer[field]) - stored(newest["created_at"])
        assert abs(gap) < A_MOMENT
        world.advance(HOUR)
        world.manager.changed("task", task, description="Left at the door.")
        assert world.manager.shown("task", task)[field] == answer[field]


@clause("GT-STATE-20")
def test_the_time_of_completion(target: Target) -> None:
    """completed_at is the time of the transition."""
    _ended(target, "complete", "completed_at")


@clause("GT-STATE-21")
def test_the_time_of_cancellation(target: Target) -> None:
    """cancelled_at is the time of the transition."""
    _ended(target, "cancel", "cancelled_at")


@clause("GT-STATE-22")
@pytest.mark.parametrize("action", [one for one in ACTIONS if one != "assign"])
def test_empty_bodies(target: Target, action: str) -> None:
    """A transition takes a body without anything, and none at all."""
    with target.world() as world:
        for body, kind in ((b"{}", JSON), (b"", None)):
            task = task_in("assigned", world.manager)
            place = {"id": task["id"]}
            send(world.manager, f"{action}Task", place, kind=kind, body=body).expect(
                200
            )


@clause("GT-STATE-24")
@pytest.mark.parametrize("sent", [{}, {"assignee": None}, {"notes": "who?"}])
def test_assigning_to_nobody(target: Target, sent: dict[str, Any]) -> None:
    """assign without an assignee is refused with 400 on assignee."""
    with target.world() as world:
        task = world.manager.make("task")
        reply = world.manager.act("assign", task, **sent).refused(400)
        assert reply["assignee"] is not None, reply.summary
        assert world.manager.shown("task", task)["state"] == "unassigned"


@clause("GT-STATE-25")
@pytest.mark.parametrize("state", ["assigned", "accepted", "transit", "failed"])
def test_assigning_to_who_has_it(target: Target, state: str) -> None:
    """assign to the worker who has the task is a transition like any other."""
    with target.world() as world:
        task = task_in(state, world.manager)
        before = len(world.manager.of_task("Events", task))
        world.manager.act("assign", task, assignee=task["assignee"]).expect(200)
        assert world.manager.shown("task", task)["state"] == "assigned"
        events = world.manager.of_task("Events", task)
        assert len(events) == before + 1
        assert (events[0]["event"], events[0]["from_state"]) == ("assign", state)


@clause("GT-STATE-26")
@pytest.mark.parametrize("action", [one for one in ACTIONS if one != "assign"])
@pytest.mark.parametrize("value", ["email", "address", "rubbish", 7])
def test_an_assignee_that_is_not_wanted(
    target: Target, action: str, value: Any
) -> None:
    """Every other transition ignores an assignee that is sent."""
    with target.world() as world:
        task = task_in("assigned", world.manager)
        ways = {
            "email": named(world.second_worker),
            "address": world.second_worker.user,
        }
        sent = ways.get(value, value)
        answer = world.manager.act(action, task, assignee=sent).expect(200)
        assert answer["state"] == AFTER[action]
        left = None if AFTER[action] == "unassigned" else task["assignee"]
        assert answer["assignee"] == left


@clause("GT-STATE-27")
@pytest.mark.parametrize("action", sorted(WORKERS))
@pytest.mark.parametrize("name", ["worker", "second_worker", "both"])
def test_workers_on_their_own_tasks(target: Target, action: str, name: str) -> None:
    """A worker has six transitions on the tasks that are assigned to them."""
    with target.world() as world:
        for state in (one for one in STATES if action in TABLE[one]):
            actor: Actor = getattr(world, name)
            task = task_in(state, world.manager, actor)
            answer = actor.act(action, task).expect(200)
            assert answer["state"] == AFTER[action]


@clause("GT-STATE-28")
@pytest.mark.parametrize("action", table(sorted(MANAGERS), "cancel"))
def test_what_is_the_managers(target: Target, action: str) -> None:
    """assign, unassign and cancel are refused with 403 to a worker, on own tasks."""
    with target.world() as world:
        for state in (one for one in STATES if action in TABLE[one]):
            task = task_in(state, world.manager, world.worker)
            if task["assignee"] is None:
                continue
            before = shown(world.manager, task)
            sent = given(action, world.second_worker)
            world.worker.act(action, task, **sent).refused(403)
            assert shown(world.manager, task) == before


@clause("GT-STATE-29")
@every_state
@pytest.mark.parametrize("hand", ["worker", "second_worker", "both"])
def test_managers_on_every_task(target: Target, state: str, hand: str) -> None:
    """A manager has every transition on every task, whoever made it or has it."""
    with target.world() as world:
        for action in sorted(TABLE[state]):
            task = task_in(state, world.both, getattr(world, hand))
            reply = world.manager.act(action, task, **given(action, world.worker))
            assert reply.expect(200)["state"] == AFTER[action]


@clause("GT-STATE-30")
@pytest.mark.parametrize("state", ["assigned", "accepted"])
def test_rejecting(target: Target, state: str) -> None:
    """After rejecting a task a worker is answered the task, and then it is 404."""
    with target.world() as world:
        task = task_in(state, world.manager)
        answer = world.worker.act("reject", task).expect(200)
        assert (answer["id"], answer["state"]) == (task["id"], "unassigned")
        assert answer["actions"] == {}
        counts = answer["counts"]
        for name in ("events", "documents", "signatures"):
            assert counts[name] is None, f"counts.{name}"
        world.worker.get("task", task).refused(404)
        assert task["id"] not in world.worker.listed("task")
        for action in ACTIONS:
            sent = given(action, world.worker)
            world.worker.act(action, task, **sent).refused(404)


@clause("GT-STATE-18", "GT-STATE-19", "GT-STATE-29")
@draws(
    states=st.lists(st.sampled_from(STATES), min_size=2, max_size=4),
    actions=st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=4),
)
def test_one_task_moves_alone(
    target: Target, states: list[str], actions: list[str]
) -> None:
    """A transition moves the task that it names, and no other."""
    with target.world() as world:
        tasks = [task_in(state, world.manager) for state in states]
        moved, others = tasks[0], tasks[1:]
        for action in actions:
            world.manager.act(action, moved, **given(action, world.worker))
        for other, state in zip(others, states[1:], strict=True):
            found = world.manager.shown("task", other)
            if found["state"] != state or found["updated_at"] != other["updated_at"]:
                raise ClauseBrokenError(f"the task {other['id']} as it was", str(found))


def outsiders(world: World) -> list[Actor]:
    """Those who see nothing of the worker's tasks."""
    return [world.second_worker, world.stranger]


@clause("GT-ACCESS-09")
@every_state
def test_transitions_of_others(target: Target, state: str) -> None:
    """Who does not see a task is refused every transition of it with 404."""
    with target.world() as world:
        task = task_in(state, world.manager)
        before = shown(world.manager, task)
        for actor in outsiders(world):
            for action in ACTIONS:
                actor.act(action, task, **given(action, actor.hand)).refused(404)
        assert shown(world.manager, task) == before


@clause("GT-STATE-16")
@pytest.mark.parametrize("state", ENDED)
def test_the_end_holds_for_its_worker(target: Target, state: str) -> None:
    """From completed there is no transition for its worker either."""
    with target.world() as world:
        task = task_in(state, world.manager)
        for action in sorted(WORKERS):
            world.worker.act(action, task).refused()
        assert world.worker.shown("task", task)["actions"] == {}
