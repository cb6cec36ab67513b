"""Lists: what the caller sees of something, what filters leave of it, and its pages.

Published at http://www.5pmweb.com under Get projects list, Get list tasks and Get list
activities.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from tasktwin_mockserver.fivepm.access import sees
from tasktwin_mockserver.fivepm.errors import InvalidError
from tasktwin_mockserver.fivepm.moments import DAY, moment
from tasktwin_mockserver.fivepm.records import DONE, Activity, File, Project, Task
from tasktwin_mockserver.fivepm.shapes import Listing
from tasktwin_mockserver.fivepm.universe import Call, FivePmWorld
from tasktwin_schemas import Operation

R = TypeVar("R")
Filter = Callable[[FivePmWorld, Any, Any], bool]
NAMES = "filter["
PARTS = {"loadTeam": "team", "withNames": "names", "withFiles": "files"}


def refuse_unknown(operation: Operation, names: Iterable[str]) -> None:
    """Refuse a filter that `operation`, which has some, has not."""
    known = operation.parameters
    if not any(name.startswith(NAMES) for name in known):
        return
    for name in names:
        if name.startswith(NAMES) and name not in known:
            raise InvalidError("There is no such filter.")


def listing(
    call: Call, world: FivePmWorld, kind: type[R], rows: Iterable[R]
) -> Listing:
    """The page of `rows` that the caller asks for, of those that they see."""
    parts = frozenset(part for name, part in PARTS.items() if call.parameters.get(name))
    asked = _asked(call)
    left = [
        row
        for row in rows
        if sees(world, call.user, row)
        and all(FILTERS[kind][name](world, row, value) for name, value in asked)
    ]
    first = call.parameters.get("offset", 0)
    count = call.parameters.get("count", len(left))
    return Listing(kind, left[first : first + count], len(left), parts)


def _asked(call: Call) -> list[tuple[str, Any]]:
    """The filters that the caller sends, and their values."""
    found = []
    for key, value in call.parameters.items():
        if key.startswith(NAMES):
            name = key.removeprefix(NAMES).removesuffix("]")
            is_moment = name.endswith(("From", "Before"))
            found.append((name, moment(key, value) if is_moment else value))
    return found


def _same(field: str) -> Filter:
    """Holds where the field is the value."""
    return lambda world, row, value: bool(getattr(row, field) == value)


def _from(field: str) -> Filter:
    return lambda world, row, value: (getattr(row, field) or "") >= value


def _before(field: str) -> Filter:
    return lambda world, row, value: bool(when := getattr(row, field)) and when < value


def _bounds(name: str, field: str) -> dict[str, Filter]:
    return {f"{name}From": _from(field), f"{name}Before": _before(field)}


def _contains(world: FivePmWorld, work: Project | Task, text: str) -> bool:
    return text.casefold() in work.name.casefold()


def _in_group(world: FivePmWorld, work: Project | Task, group: int) -> bool:
    own = work.group_id
    if own is None and isinstance(work, Task):
        project = world.project_of(work)
        own = None if project is None else project.group_id
    return own == group


def _assigned(world: FivePmWorld, work: Project | Task, user: int) -> bool:
    return user in work.team


def _active(world: FivePmWorld, work: Project | Task, asked: object) -> bool:
    return not asked or work.status != DONE


def _recent(world: FivePmWorld, work: Project | Task, days: int) -> bool:
    """Holds unless it was closed more than so many days ago."""
    return work.closed is None or world.clock.now() - work.closed <= days * DAY


def _slower(world: FivePmWorld, task: Task, most: float) -> bool:
    return world.progress_of(task) < most


def _faster(world: FivePmWorld, task: Task, least: float) -> bool:
    return world.progress_of(task) > least


def _posted_to(holds: Filter) -> Filter:
    """Holds where it holds for what the activity was posted to."""
    return lambda world, row, value: holds(world, world.posted_to(row), value)


def _in_project(world: FivePmWorld, activity: Activity, project: int) -> bool:
    own = world.project_of(activity)
    return own is not None and own.id == project


def _attached_to(holds: Filter) -> Filter:
    """Holds where it holds for the activity that the file is attached to."""
    return lambda world, row, value: holds(
        world, world.activities[row.activity_id], value
    )


COMMON: Mapping[str, Filter] = {
    "groupId": _in_group,
    "ownerId": _same("owner_id"),
    "name": _contains,
    "assignedTo": _assigned,
    "active": _active,
    "hide_old_object_period": _recent,
}
FILTERS: Mapping[type, Mapping[str, Filter]] = {
    Project: COMMON,
    Task: {
        **COMMON,
        "projectId": _same("project_id"),
        "parentId": _same("parent_id"),
        **_bounds("started", "start_date"),
        **_bounds("deadline", "end_date"),
        **_bounds("created", "created_at"),
        **_bounds("updated", "updated_at"),
        "progressLessThan": _slower,
        "progressMoreThan": _faster,
    },
    Activity: {
        "projectId": _in_project,
        "taskId": _same("task_id"),
        "type": _same("type"),
        "groupId": _posted_to(_in_group),
        "assignedTo": _posted_to(_assigned),
        "active": _posted_to(_active),
        "hide_non_active": _posted_to(_recent),
    },
    File: {
        "projectId": _attached_to(_in_project),
        "taskId": _attached_to(_same("task_id")),
        "activityId": _same("activity_id"),
    },
}
