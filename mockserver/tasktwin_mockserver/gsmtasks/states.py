"""The states of a task, and which transitions lead from one to another.

Published at https://gsmtasks.com under Tasks, States.
"""

from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver.gsmtasks.records import Place, Task, TaskEvent
from tasktwin_mockserver.gsmtasks.sight import Sight
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld

UNASSIGNED = "unassigned"
TARGETS = {
    "assign": "assigned",
    "accept": "accepted",
    "transit": "transit",
    "activate": "active",
    "complete": "completed",
    "fail": "failed",
    "cancel": "cancelled",
    "reject": UNASSIGNED,
    "unassign": UNASSIGNED,
}
ENDING = ("complete", "fail", "cancel")
ALLOWED: dict[str, tuple[str, ...]] = {
    UNASSIGNED: ("assign", "cancel"),
    "assigned": tuple(TARGETS),
    "accepted": tuple(name for name in TARGETS if name != "accept"),
    "transit": ("activate", *ENDING, "assign", "unassign"),
    "active": ENDING,
    "failed": ("assign", "unassign", "cancel"),
    "completed": (),
    "cancelled": (),
}
FINISHED = ("completed", "cancelled")
FOR_MANAGERS = ("assign", "unassign", "cancel")
TIMES = {"completed": "completed_at", "cancelled": "cancelled_at"}


def may(sight: Sight, task: Task, action: str) -> bool:
    """Whether whoever has that sight may do this with a task, in whatever state."""
    manages = sight.manages(task.account)
    return manages or (action not in FOR_MANAGERS and task in sight)


def possible(sight: Sight, task: Task) -> list[str]:
    """The transitions that whoever has that sight can make now."""
    return [name for name in ALLOWED[task.state] if may(sight, task, name)]


def created(call: Call, world: GSMtasksWorld, task: Task, assignee: str | None) -> Task:
    """Put a new task into the world, and give it to its assignee if it has one."""
    call.write.put(world.tasks, task)
    _tell(call, world, task, "create", UNASSIGNED)
    return task if assignee is None else moved(call, world, task, "assign", assignee)


def moved(
    call: Call,
    world: GSMtasksWorld,
    task: Task,
    action: str,
    assignee: str | None = None,
    notes: str = "",
    location: Place | None = None,
) -> Task:
    """Make that transition, which the state allows, and tell of it in an event."""
    state = TARGETS[action]
    changes: dict[str, Any] = {"state": state, "updated_at": call.write.stamp}
    if state in TIMES:
        changes[TIMES[state]] = call.write.stamp
    if action == "assign":
        changes["assignee"] = assignee
    elif state == UNASSIGNED:
        changes["assignee"] = None
    after = call.write.put(world.tasks, replace(task, **changes))
    _tell(call, world, after, action, task.state, notes, location)
    return after


def _tell(
    call: Call,
    world: GSMtasksWorld,
    task: Task,
    event: str,
    before: str,
    notes: str = "",
    location: Place | None = None,
) -> None:
    event_of_it = TaskEvent(
        **world.stamps(call.write, TaskEvent),
        task=task.id,
        event=event,
        from_state=before,
        to_state=task.state,
        user=call.user.id,
        notes=notes,
        location=location,
        assignee=task.assignee,
    )
    call.write.put(world.task_events, event_of_it)
