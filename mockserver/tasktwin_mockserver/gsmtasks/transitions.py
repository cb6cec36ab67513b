"""The nine transitions of a task.

Published at https://gsmtasks.com under Tasks, as the actions of a task.
"""

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks.errors import ForbiddenError, RequestFailedError
from tasktwin_mockserver.gsmtasks.forms import Form
from tasktwin_mockserver.gsmtasks.records import Task
from tasktwin_mockserver.gsmtasks.sight import Sight, found
from tasktwin_mockserver.gsmtasks.states import ALLOWED, may, moved
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld


@operation("assignTask")
def assign_task(call: Call, world: GSMtasksWorld) -> Task:
    """Give the task to a worker."""
    task = _permitted(call, world, "assign")
    form = Form(call, world, task.account)
    assignee = form.worker()
    form.hold()
    return _moved(call, world, task, "assign", assignee.id if assignee else None)


@operation("acceptTask")
def accept_task(call: Call, world: GSMtasksWorld) -> Task:
    """Take the task on."""
    return _make(call, world, "accept")


@operation("rejectTask")
def reject_task(call: Call, world: GSMtasksWorld) -> Task:
    """Give the task back: it is nobody's afterwards."""
    return _make(call, world, "reject")


@operation("transitTask")
def transit_task(call: Call, world: GSMtasksWorld) -> Task:
    """Be on the way."""
    return _make(call, world, "transit")


@operation("activateTask")
def activate_task(call: Call, world: GSMtasksWorld) -> Task:
    """Be there, and at it."""
    return _make(call, world, "activate")


@operation("completeTask")
def complete_task(call: Call, world: GSMtasksWorld) -> Task:
    """Have it done."""
    return _make(call, world, "complete")


@operation("failTask")
def fail_task(call: Call, world: GSMtasksWorld) -> Task:
    """Not have been able to do it."""
    return _make(call, world, "fail")


@operation("unassignTask")
def unassign_task(call: Call, world: GSMtasksWorld) -> Task:
    """Take the task from its worker."""
    return _make(call, world, "unassign")


@operation("cancelTask")
def cancel_task(call: Call, world: GSMtasksWorld) -> Task:
    """Give the task up for good."""
    return _make(call, world, "cancel")


def _permitted(call: Call, world: GSMtasksWorld, action: str) -> Task:
    task = found(call, world, world.tasks)
    if not may(Sight(world, call.user), task, action):
        raise ForbiddenError
    return task


def _make(call: Call, world: GSMtasksWorld, action: str) -> Task:
    return _moved(call, world, _permitted(call, world, action), action)


def _moved(
    call: Call,
    world: GSMtasksWorld,
    task: Task,
    action: str,
    assignee: str | None = None,
) -> Task:
    if action not in ALLOWED[task.state]:
        raise RequestFailedError(
            f"{action} is nothing for a task that is {task.state}."
        )
    sent = call.parameters
    notes, location = sent.get("notes", ""), sent.get("location")
    return moved(call, world, task, action, assignee, notes, location)
