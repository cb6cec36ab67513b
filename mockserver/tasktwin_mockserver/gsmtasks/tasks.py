"""Tasks: made, changed and looked at.

Published at https://gsmtasks.com under Tasks.
"""

from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks import places
from tasktwin_mockserver.gsmtasks.contact_addresses import place_changes
from tasktwin_mockserver.gsmtasks.errors import ForbiddenError
from tasktwin_mockserver.gsmtasks.filters import Filter
from tasktwin_mockserver.gsmtasks.forms import Form
from tasktwin_mockserver.gsmtasks.links import id_of
from tasktwin_mockserver.gsmtasks.orders import STAYS, in_order, may_leave
from tasktwin_mockserver.gsmtasks.records import Account, Client, Order, Task
from tasktwin_mockserver.gsmtasks.shapes import Made
from tasktwin_mockserver.gsmtasks.sight import found, listed
from tasktwin_mockserver.gsmtasks.states import ALLOWED, created, moved
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld

PLAIN = (
    *("external_id", "category", "description", "reference"),
    *("auto_assign", "duration", "metafields"),
)
TIMES = ("complete_after", "complete_before", "scheduled_time", "position")


@operation("listTasks")
def list_tasks(call: Call, world: GSMtasksWorld) -> list[Task]:
    """The tasks that the caller sees, and that every filter leaves."""
    asked = Filter(call)
    return [task for task in listed(call, world, world.tasks) if asked.leaves(task)]


@operation("getTask")
def get_task(call: Call, world: GSMtasksWorld) -> Task:
    """One task."""
    return found(call, world, world.tasks)


@operation("createTask")
def create_task(call: Call, world: GSMtasksWorld) -> Made:
    """Make a task, for a worker or for nobody yet."""
    form = Form(call, world)
    account = form.managed_account()
    assignee = form.worker()
    times: dict[str, Any] = {"complete_after": call.write.stamp}
    times |= form.moments(*TIMES)
    task = Task(
        **world.stamps(call.write, Task),
        account=account,
        contact=places.contact(form.sent.get("contact", {})),
        address=places.address(form.sent["address"]),
        **({"position": times["complete_after"]} | times),
        **_words(form),
    )
    _hold_to_window(form, task)
    form.hold()
    if task.order is not None:
        task = in_order(call, world, task, task.order)
    return Made(created(call, world, task, assignee.id if assignee else None))


@operation("updateTask")
def update_task(call: Call, world: GSMtasksWorld) -> Task:
    """Change a task; another assignee is an assignment, as by the transition."""
    task = found(call, world, world.tasks)
    form = Form(call, world, task.account)
    form.keep("account", Account, task.account)
    assignee = _assignee(form, task)
    changes = _words(form) | form.moments(*TIMES) | place_changes(form)
    changed = replace(task, **changes, updated_at=call.write.stamp)
    action, order = _action(task, assignee), changed.order
    if (action or _is_moved(form, task)) and not form.sight.manages(task.account):
        raise ForbiddenError
    if action and action not in ALLOWED[task.state]:
        form.wrong("assignee", f"A task that is {task.state} keeps its assignee.")
    if not may_leave(task, order):
        form.wrong("order", STAYS)
    _hold_to_window(form, changed)
    form.hold()
    if order != task.order:
        changed = in_order(call, world, changed, order)
    if action:
        return moved(call, world, changed, action, assignee)
    return call.write.put(world.tasks, changed)


def _assignee(form: Form, task: Task) -> str | None:
    """Whose a task is to be; whose it is where nobody was sent."""
    if "assignee" not in form.sent:
        return task.assignee
    user = form.worker(task.assignee)
    return user.id if user else None


def _is_moved(form: Form, task: Task) -> bool:
    """Whether a task is to have another order, be there such an order or not."""
    if "order" not in form.sent:
        return False
    text = form.sent["order"]
    number = None if text is None else id_of(form.call.address, Order, text)
    return number != task.order


def _action(task: Task, assignee: str | None) -> str | None:
    """The transition that gives a task that assignee, None where it has them."""
    if assignee == task.assignee:
        return None
    return "assign" if assignee else "unassign"


def _words(form: Form) -> dict[str, Any]:
    """What was sent of a task, but for its times, its places and its assignee."""
    clients = form.id("orderer", Client) | form.id("receiver", Client)
    return form.values(*PLAIN) | clients | form.id("order", Order)


def _hold_to_window(form: Form, task: Task) -> None:
    if task.complete_before is not None and task.complete_before < task.complete_after:
        form.wrong("complete_before", "This is before complete_after.")
