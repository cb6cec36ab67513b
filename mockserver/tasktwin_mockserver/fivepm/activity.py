"""Activities, by which people report on tasks and projects.

Published at http://www.5pmweb.com under Activity object and the operations below it.
"""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.fivepm import lookup
from tasktwin_mockserver.fivepm.access import require_edit, require_owner
from tasktwin_mockserver.fivepm.errors import InvalidError
from tasktwin_mockserver.fivepm.fields import closing, sent
from tasktwin_mockserver.fivepm.filters import listing
from tasktwin_mockserver.fivepm.moments import stamp_text
from tasktwin_mockserver.fivepm.records import CLIENT, DONE, PROGRESS, Activity, Task
from tasktwin_mockserver.fivepm.shapes import Listing
from tasktwin_mockserver.fivepm.universe import Call, FivePmWorld

WHOLE = 100
PLACES = ("task_id", "project_id")


@operation("activityAdd")
def activity_add(call: Call, world: FivePmWorld) -> Activity:
    """Post an activity to a task or a project."""
    values = _sent(call, world)
    place = _place(call, world, values)
    now = stamp_text(call.write.stamp)
    times = {"created_at": now, "updated_at": now, "date": now}
    made = {"owner_id": call.user.id, **times, **values, **place}
    activity = Activity(id=call.write.next("activity"), **made)
    return _posted(call, world, None, activity)


@operation("activityUpdate")
def activity_update(call: Call, world: FivePmWorld) -> Activity:
    """Change what is sent of an activity, but not where it was posted to."""
    activity = lookup.activity(call, world, call.parameters["activity[id]"])
    require_owner(call.user, activity)
    values = _sent(call, world)
    kept = {name: value for name, value in values.items() if name not in PLACES}
    now = stamp_text(call.write.stamp)
    changed = replace(activity, updated_at=now, **kept)
    return _posted(call, world, activity, changed)


@operation("activityRemove")
def activity_remove(call: Call, world: FivePmWorld) -> None:
    """Remove an activity and its files, and what it reported."""
    activity = lookup.activity(call, world, call.parameters["id"])
    require_owner(call.user, activity)
    if activity.type == PROGRESS and activity.task_id is not None:
        _touch(call, world, world.tasks[activity.task_id])
    remove_posts(call, world, [activity])


@operation("activityGetById")
def activity_get_by_id(call: Call, world: FivePmWorld) -> Activity:
    """An activity."""
    return lookup.activity(call, world, call.parameters["id"])


@operation("activityGetList")
def activity_get_list(call: Call, world: FivePmWorld) -> Listing:
    """Some of the activities that the caller sees."""
    return listing(call, world, Activity, world.activities.values())


def remove_posts(call: Call, world: FivePmWorld, posts: Iterable[Activity]) -> None:
    """Remove activities and their files."""
    for activity in posts:
        files = world.files.where("activity", activity.id)
        call.write.remove(world.files, *(file.id for file in files))
        call.write.remove(world.activities, activity.id)


def _sent(call: Call, world: FivePmWorld) -> dict[str, Any]:
    """The fields that are sent; who posts stays who posted."""
    return sent(call, world, "activity", Activity)


def _place(
    call: Call, world: FivePmWorld, values: dict[str, Any]
) -> dict[str, int | None]:
    """Where an activity is posted to: a task, or else a project."""
    if "task_id" in values:
        task = lookup.task(call, world, values["task_id"])
        if values.get("project_id", task.project_id) != task.project_id:
            raise InvalidError("The task is not in that project.")
        return {"task_id": task.id, "project_id": None}
    if "project_id" not in values:
        raise InvalidError("activity[taskId] or activity[projectId] is missing.")
    project = lookup.project(call, world, values["project_id"])
    return {"task_id": None, "project_id": project.id}


def _posted(
    call: Call, world: FivePmWorld, before: Activity | None, activity: Activity
) -> Activity:
    """Have `activity` stand, and the task say what it reports."""
    if activity.type == PROGRESS and activity.task_id is None:
        raise InvalidError("Progress is made on a task: activity[taskId] is missing.")
    if activity.type == PROGRESS or call.user.security_level == CLIENT:
        activity = replace(activity, hide_from_clients=False)
    if activity.task_id is not None and _report(before) != _report(activity):
        task = world.tasks[activity.task_id]
        require_edit(call.user, task)
        _touch(call, world, task, **_status(call, world, task, activity))
    return call.write.put(world.activities, activity)


def _report(activity: Activity | None) -> tuple[int | None, float | None] | None:
    """What `activity` says of progress and hours; None where it does not."""
    if activity is None or activity.type != PROGRESS:
        return None
    return activity.progress, activity.hours_done


def _status(
    call: Call, world: FivePmWorld, task: Task, activity: Activity
) -> dict[str, Any]:
    """What becomes of the task's status by what `activity` reports."""
    newest = world.newest_report(task.id)
    is_newest = newest is None or newest.id <= activity.id
    if not (activity.reports and activity.progress == WHOLE and is_newest):
        return {}
    values = {"status": DONE}
    closing(call, task, values)
    return values


def _touch(call: Call, world: FivePmWorld, task: Task, **values: Any) -> None:
    """Have the task say that it was changed."""
    now = stamp_text(call.write.stamp)
    call.write.put(world.tasks, replace(task, updated_at=now, **values))
