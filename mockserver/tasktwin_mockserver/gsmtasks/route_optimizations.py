"""Route optimisations: they take their time, which is the world's.

Nothing runs in the background: before anything else a request brings about what was due
by then, so that what comes of it does not depend on who looks. Published at
https://gsmtasks.com under Route Optimizations.
"""

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks.forms import Form
from tasktwin_mockserver.gsmtasks.moments import SECOND
from tasktwin_mockserver.gsmtasks.records import RouteOptimization, Task
from tasktwin_mockserver.gsmtasks.routing import route
from tasktwin_mockserver.gsmtasks.shapes import Made
from tasktwin_mockserver.gsmtasks.sight import found, listed
from tasktwin_mockserver.gsmtasks.states import FINISHED
from tasktwin_mockserver.gsmtasks.steps import DURATION
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld
from tasktwin_mockserver.world import Write


@operation("listRouteOptimizations")
def list_route_optimizations(
    call: Call, world: GSMtasksWorld
) -> list[RouteOptimization]:
    """Every route optimisation that the caller sees."""
    return listed(call, world, world.route_optimizations)


@operation("getRouteOptimization")
def get_route_optimization(call: Call, world: GSMtasksWorld) -> RouteOptimization:
    """One route optimisation."""
    return found(call, world, world.route_optimizations)


@operation("createRouteOptimization")
def create_route_optimization(call: Call, world: GSMtasksWorld) -> Made:
    """Have some tasks put into the sequence of a good route for one worker."""
    form = Form(call, world)
    account = form.managed_account()
    assignee, tasks = form.worker(), form.many("tasks", Task)
    form.hold()
    row = RouteOptimization(
        **world.stamps(call.write, RouteOptimization),
        account=account,
        assignee=assignee.id if assignee else "",
        tasks=tuple(task.id for task in tasks),
        queued_at=world.clock.now(),
    )
    return Made(call.write.put(world.route_optimizations, row))


def settle(world: GSMtasksWorld) -> None:
    """Bring the optimisations to an end whose time is over by now."""
    now = world.clock.now()
    due = [
        row
        for row in world.route_optimizations.where("open", True)
        if row.queued_at + DURATION <= now
    ]
    for row in sorted(due, key=lambda row: row.queued_at):
        write = Write(world)
        _finish(world, write, row)
        world.commit(write)


def _finish(world: GSMtasksWorld, write: Write, row: RouteOptimization) -> None:
    tasks = [world.tasks[number] for number in row.tasks]
    outcome = "completed" if all(map(_can_be_visited, tasks)) else "failed"
    write.put(world.route_optimizations, replace(row, outcome=outcome))
    if outcome == "failed":
        return
    end = row.queued_at + DURATION
    for place, task in enumerate(route(tasks)):
        stamp = max(end, task.updated_at)
        write.put(
            world.tasks, replace(task, position=end + place * SECOND, updated_at=stamp)
        )


def _can_be_visited(task: Task) -> bool:
    return task.address["location"] is not None and task.state not in FINISHED
