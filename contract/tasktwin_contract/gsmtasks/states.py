"""The table of a task's states, and tasks in each of them."""

from collections.abc import Mapping
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target, World

TABLE: Mapping[str, frozenset[str]] = {
    "unassigned": frozenset({"assign", "cancel"}),
    "assigned": frozenset(
        {
            "accept",
            "reject",
            "transit",
            "activate",
            "complete",
            "fail",
            "cancel",
            "assign",
            "unassign",
        }
    ),
    "accepted": frozenset(
        {
            "reject",
            "transit",
            "activate",
            "complete",
            "fail",
            "cancel",
            "assign",
            "unassign",
        }
    ),
    "transit": frozenset(
        {"activate", "complete", "fail", "cancel", "assign", "unassign"}
    ),
    "active": frozenset({"complete", "fail", "cancel"}),
    "failed": frozenset({"assign", "unassign", "cancel"}),
    "completed": frozenset(),
    "cancelled": frozenset(),
}
AFTER: Mapping[str, str] = {
    "assign": "assigned",
    "accept": "accepted",
    "transit": "transit",
    "activate": "active",
    "complete": "completed",
    "fail": "failed",
    "cancel": "cancelled",
    "reject": "unassigned",
    "unassign": "unassigned",
}
STATES = tuple(TABLE)
ACTIONS = tuple(AFTER)
WORKERS = frozenset({"accept", "reject", "transit", "activate", "complete", "fail"})
MANAGERS = frozenset({"assign", "unassign", "cancel"})
ENDED = ("completed", "cancelled")
OPEN = tuple(state for state in STATES if state not in ENDED)
WAYS: Mapping[str, tuple[str, ...]] = {
    "unassigned": (),
    "assigned": ("assign",),
    "accepted": ("assign", "accept"),
    "transit": ("assign", "accept", "transit"),
    "active": ("assign", "transit", "activate"),
    "completed": ("assign", "complete"),
    "failed": ("assign", "fail"),
    "cancelled": ("assign", "cancel"),
}
"""How a task comes into each state."""


def named(person: Actor) -> dict[str, str]:
    """Somebody as an assignee is named by their e-mail."""
    return {"email": person.email}


def given(action: str, person: Actor) -> dict[str, Any]:
    """What a transition needs: who is to do it, where it is an assignment."""
    return {"assignee": named(person)} if action == "assign" else {}


def task_in(
    state: str, manager: Actor, hand: Actor | None = None, **fields: Any
) -> Object:
    """A task of that state, which `hand` has, or somebody. Raises `NotJudgedError`."""
    hand = hand or manager.hand
    task: Object = manager.make("task", **fields)
    for action in WAYS[state]:
        manager.act(action, task, **given(action, hand)).arranged()
    found: Object = manager.get("task", task).arranged().data
    return found


def shown(actor: Actor, task: Object) -> tuple[Any, Any, list[Any]]:
    """A task and its events, as somebody sees them."""
    found = actor.shown("task", task)
    return found, found["actions"], actor.of_task("Events", task)


def succeeding(target: Target, world: World, who: str, task: Object) -> set[str]:
    """The transitions that succeed now for somebody, each tried in a fork.

    What is refused has to change nothing, so one fork serves for all that is.
    """
    promised = world.actor(who, world.people[who]).shown("task", task)["actions"]
    refused = [action for action in ACTIONS if action not in promised]
    found: set[str] = set()
    with target.copy(world) as twin:
        found.update(a for a in refused if _succeeds(twin, who, a, task))
    for action in promised:
        with target.copy(world) as twin:
            found.update(a for a in [action] if _succeeds(twin, who, a, task))
    return found


def _succeeds(world: World, who: str, action: str, task: Object) -> bool:
    actor = world.actor(who, world.people[who])
    reply = actor.act(action, task, **given(action, world.worker))
    if reply.status == 200:
        return True
    reply.refused()
    return False
