"""Tasks, which stand below one another within a project.

Published at http://www.5pmweb.com under Task object and the operations below it.
"""

from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.fivepm import lookup
from tasktwin_mockserver.fivepm.access import STAFF, require_edit, require_level
from tasktwin_mockserver.fivepm.activity import remove_posts
from tasktwin_mockserver.fivepm.errors import InvalidError
from tasktwin_mockserver.fivepm.fields import closing, sent
from tasktwin_mockserver.fivepm.filters import listing
from tasktwin_mockserver.fivepm.moments import stamp_text
from tasktwin_mockserver.fivepm.records import ADMIN, EXTERNAL, USER, Task
from tasktwin_mockserver.fivepm.shapes import Listing
from tasktwin_mockserver.fivepm.universe import Call, FivePmWorld

MAKERS = frozenset({ADMIN, USER, EXTERNAL})


@operation("tasksAdd")
def tasks_add(call: Call, world: FivePmWorld) -> Task:
    """Make a task."""
    require_level(call.user, MAKERS)
    values = _values(call, world, None)
    if values.get("project_id") is None:
        require_level(call.user, STAFF)
    now = stamp_text(call.write.stamp)
    made = {"owner_id": call.user.id, "created_at": now, "updated_at": now, **values}
    return call.write.put(world.tasks, Task(id=call.write.next("task"), **made))


@operation("tasksUpdate")
def tasks_update(call: Call, world: FivePmWorld) -> Task:
    """Change what is sent of a task."""
    task = lookup.task(call, world, call.parameters["task[id]"])
    require_edit(call.user, task)
    values = _values(call, world, task)
    now = stamp_text(call.write.stamp)
    changed = replace(task, updated_at=now, **values)
    if changed.project_id != task.project_id:
        for below in world.below(task):
            moved = replace(below, updated_at=now, project_id=changed.project_id)
            call.write.put(world.tasks, moved)
    return call.write.put(world.tasks, changed)


@operation("tasksRemove")
def tasks_remove(call: Call, world: FivePmWorld) -> None:
    """Remove a task, all below it, and what was posted to them."""
    task = lookup.task(call, world, call.parameters["id"])
    require_edit(call.user, task)
    gone = [task, *world.below(task)]
    for one in gone:
        remove_posts(call, world, world.activities.where("task", one.id))
    call.write.remove(world.tasks, *(one.id for one in gone))


@operation("tasksGetById")
def tasks_get_by_id(call: Call, world: FivePmWorld) -> Task:
    """A task."""
    return lookup.task(call, world, call.parameters["id"])


@operation("tasksGetList")
def tasks_get_list(call: Call, world: FivePmWorld) -> Listing:
    """Some of the tasks that the caller sees."""
    return listing(call, world, Task, world.tasks.values())


def _values(call: Call, world: FivePmWorld, before: Task | None) -> dict[str, Any]:
    values = sent(call, world, "task", Task)
    _check_project(call, world, before, values)
    _check_parent(call, world, before, values)
    closing(call, before, values)
    return values


def _check_project(
    call: Call, world: FivePmWorld, before: Task | None, values: dict[str, Any]
) -> None:
    project = values.get("project_id")
    if project is not None and (before is None or project != before.project_id):
        lookup.project(call, world, project)


def _check_parent(
    call: Call, world: FivePmWorld, before: Task | None, values: dict[str, Any]
) -> None:
    """Hold a task to the project of its parent; a new one goes there by itself."""
    number = values.get("parent_id", before and before.parent_id)
    if number is None:
        return
    if "parent_id" in values:
        parent = lookup.task(call, world, number)
    else:
        parent = world.tasks[number]
    if before is None:
        values.setdefault("project_id", parent.project_id)
    elif before.id in (parent.id, *_above(world, parent)):
        raise InvalidError("A task cannot stand below itself.")
    if values.get("project_id", before and before.project_id) != parent.project_id:
        raise InvalidError("A task is in the project of its parent.")


def _above(world: FivePmWorld, task: Task) -> list[int]:
    """The ids of all tasks that `task` stands below."""
    found = []
    while task.parent_id is not None:
        found.append(task.parent_id)
        task = world.tasks[task.parent_id]
    return found
