"""Orders: tasks that belong together.

A task knows its order, and its place in it; what an order lists is worked out from
that, so the two never disagree. Published at https://gsmtasks.com under Orders.
"""

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks.forms import Form
from tasktwin_mockserver.gsmtasks.records import Account, Client, Order, Task
from tasktwin_mockserver.gsmtasks.shapes import Made
from tasktwin_mockserver.gsmtasks.sight import found, listed, require_manager
from tasktwin_mockserver.gsmtasks.states import FINISHED
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld

STAYS = "A task that is completed or cancelled stays in its order."


@operation("listOrders")
def list_orders(call: Call, world: GSMtasksWorld) -> list[Order]:
    """Every order that the caller sees."""
    return listed(call, world, world.orders)


@operation("getOrder")
def get_order(call: Call, world: GSMtasksWorld) -> Order:
    """One order."""
    return found(call, world, world.orders)


@operation("createOrder")
def create_order(call: Call, world: GSMtasksWorld) -> Made:
    """Make an order, of tasks that are there already."""
    form = Form(call, world)
    account = form.managed_account()
    words = form.values("external_id", "reference", "auto_assign")
    words |= form.id("client", Client)
    order = Order(**world.stamps(call.write, Order), account=account, **words)
    _arrange(form, order)
    return Made(call.write.put(world.orders, order))


@operation("updateOrder")
def update_order(call: Call, world: GSMtasksWorld) -> Order:
    """Change an order, and which tasks are in it."""
    order = found(call, world, world.orders)
    require_manager(call, world, order.account)
    form = Form(call, world, order.account)
    form.keep("account", Account, order.account)
    words = form.values("external_id", "reference", "auto_assign")
    words |= form.id("client", Client) | {"updated_at": call.write.stamp}
    _arrange(form, order)
    return call.write.put(world.orders, replace(order, **words))


def may_leave(task: Task, order: str | None) -> bool:
    """Whether a task may go from its order to that one, or to none."""
    return task.order in (None, order) or task.state not in FINISHED


def in_order(call: Call, world: GSMtasksWorld, task: Task, order: str | None) -> Task:
    """`task` at the end of that order, or in none; it is not put anywhere yet."""
    rank = call.write.next("rank")
    return replace(task, order=order, rank=rank, updated_at=call.write.stamp)


def _arrange(form: Form, order: Order) -> None:
    """Make the tasks that were sent those of `order`, if any were sent."""
    call, world = form.call, form.world
    tasks = form.many("tasks", Task)
    kept = {task.id for task in tasks}
    there = world.tasks.where("order", order.id) if "tasks" in form.sent else ()
    left = [task for task in there if task.id not in kept]
    moves = [(task, None) for task in left] + [(task, order.id) for task in tasks]
    if not all(may_leave(task, target) for task, target in moves):
        form.wrong("tasks", STAYS)
    form.hold()
    for task, target in moves:
        moved = in_order(call, world, task, target)
        same = task.order == target
        stamp = task.updated_at if same else moved.updated_at
        call.write.put(world.tasks, replace(moved, updated_at=stamp))
