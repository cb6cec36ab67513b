"""What each state of a task allows, to whom, and what comes of it."""

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.gsmtasks.states import (
    ACTIONS,
    AFTER,
    STATES,
    TABLE,
    WORKERS,
    given,
    shown,
    succeeding,
    task_in,
)
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target

every_state = pytest.mark.parametrize("state", STATES)
every_action = pytest.mark.parametrize("action", ACTIONS)
RANKED = ("manager", "both")


def allowed(target: Target, state: str, *names: str) -> None:
    """Demand that a state has just these transitions, for managers of any kind."""
    for name in RANKED:
        with target.world() as world:
            for action in ACTIONS:
                task = task_in(state, world.manager)
                _try(getattr(world, name), state, action, task, action in names)


def _try(actor: Actor, state: str, action: str, task: Object, allowed: bool) -> None:
    reply = actor.act(action, task, **given(action, actor.hand))
    if not allowed:
        reply.refused()
        assert actor.shown("task", task)["state"] == state
        return
    assert reply.expect(200)["state"] == AFTER[action], f"{action} from {state}"


@clause("GT-STATE-10")
def test_from_unassigned(target: Target) -> None:
    """From unassigned a task can be assigned and cancelled, and nothing else."""
    allowed(target, "unassigned", "assign", "cancel")


@clause("GT-STATE-11")
def test_from_assigned(target: Target) -> None:
    """From assigned each of the nine transitions succeeds."""
    allowed(target, "assigned", *ACTIONS)


@clause("GT-STATE-12")
def test_from_accepted(target: Target) -> None:
    """From accepted a task can go everywhere but to accepted."""
    allowed(target, "accepted", *(one for one in ACTIONS if one != "accept"))


@clause("GT-STATE-13")
def test_from_transit(target: Target) -> None:
    """From transit a task can be activated, ended, assigned and unassigned."""
    ends = ("complete", "fail", "cancel")
    allowed(target, "transit", "activate", *ends, "assign", "unassign")


@clause("GT-STATE-14")
def test_from_active(target: Target) -> None:
    """From active a task can be completed, failed and cancelled, and nothing else."""
    allowed(target, "active", "complete", "fail", "cancel")


@clause("GT-STATE-15")
def test_from_failed(target: Target) -> None:
    """From failed a task can be assigned, unassigned and cancelled."""
    allowed(target, "failed", "assign", "unassign", "cancel")


@clause("GT-STATE-16")
def test_from_completed(target: Target) -> None:
    """From completed there is no transition."""
    allowed(target, "completed")


@clause("GT-STATE-17")
def test_from_cancelled(target: Target) -> None:
    """From cancelled there is no transition."""
    allowed(target, "cancelled")


@clause("GT-STATE-17")
def test_from_cancelled_without_an_assignee(target: Target) -> None:
    """From cancelled there is no transition, though nobody ever had the task."""
    with target.world() as world:
        task = world.manager.make("task")
        world.manager.act("cancel", task).arranged()
        for action in ACTIONS:
            _try(world.manager, "cancelled", action, task, allowed=False)


@clause("GT-STATE-18", "GT-STATE-19")
@every_state
@pytest.mark.parametrize("name", RANKED)
def test_what_the_state_does_not_have(target: Target, state: str, name: str) -> None:
    """A transition that the state does not have is 402, and changes nothing."""
    with target.world() as world:
        task = task_in(state, world.manager)
        actor = getattr(world, name)
        before = shown(actor, task)
        for action in set(ACTIONS) - TABLE[state]:
            actor.act(action, task, **given(action, world.worker)).refused(402)
        assert shown(actor, task) == before


@clause("GT-STATE-18")
@every_state
def test_what_the_state_does_not_have_for_its_worker(
    target: Target, state: str
) -> None:
    """A transition of a worker's that the state does not have is refused with 402."""
    with target.world() as world:
        task = task_in(state, world.manager)
        held = task["assignee"] is not None
        for action in WORKERS - TABLE[state]:
            reply = world.worker.act(action, task)
            reply.refused(402 if held else 404)


@clause("GT-STATE-04")
@every_state
@pytest.mark.parametrize("name", ["manager", "worker", "both"])
@pytest.mark.parametrize("hand", ["worker", "both", "second_worker"])
def test_actions_are_what_succeeds(
    target: Target, state: str, name: str, hand: str
) -> None:
    """actions holds exactly what would succeed now for the caller."""
    with target.world() as world:
        task = task_in(state, world.manager, getattr(world, hand))
        actor: Actor = getattr(world, name)
        if actor.get("task", task).expect(200, 404).status == 404:
            for action in ACTIONS:
                actor.act(action, task, **given(action, world.worker)).refused(404)
            return
        promised = set(actor.shown("task", task)["actions"])
        assert promised == succeeding(target, world, name, task)


@clause("GT-STATE-04", "GT-STATE-02")
@every_state
def test_actions_everywhere_alike(target: Target, state: str) -> None:
    """actions is an object of addresses, the same in the list as read alone."""
    with target.world() as world:
        task = task_in(state, world.manager)
        for actor in (world.manager, world.both):
            listed = actor.listed("task")[task["id"]]["actions"]
            with judging("GT-STATE-02"):
                assert isinstance(listed, dict)
                assert all("/" in str(address) for address in listed.values())
            assert actor.shown("task", task)["actions"] == listed
            assert set(listed) == TABLE[state], f"for {actor.name}"


@clause("GT-STATE-04", "GT-STATE-27")
@every_state
def test_actions_of_the_worker(target: Target, state: str) -> None:
    """A worker who is no manager has the workers' transitions alone."""
    with target.world() as world:
        task = task_in(state, world.manager)
        if task["assignee"] is not None:
            found = world.worker.shown("task", task)["actions"]
            assert set(found) == TABLE[state] & WORKERS
