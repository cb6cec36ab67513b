"""How records look to the one who asked: one tree, as XML or as JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.fivepm.access import edits
from tasktwin_mockserver.fivepm.forms import FORM, JSON, render
from tasktwin_mockserver.fivepm.records import (
    Activity,
    File,
    Group,
    Project,
    Task,
    User,
)
from tasktwin_mockserver.fivepm.universe import Call, FivePmWorld
from tasktwin_schemas import operations

Tree = dict[str, Any]
OK = {"status": "ok"}
ALL = frozenset({"team", "names", "files"})
NEVER = ("closed", "password")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that was just opened."""

    session: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Whether there was a session to end."""

    ended: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What the values of an attribute are called, as `operation` answers it."""

    operation: str
    titles: Mapping[Any, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """Records of one kind, `total` with those that are not on this page.

    `parts` are those of `team`, `names` and `files` that were asked for.
    """

    kind: type
    items: Iterable[Any]
    total: int
    parts: frozenset[str] = frozenset()


# The operation whose answer a result is rendered as.
SINGLE: Mapping[type, str] = {
    Project: "projectsGetById",
    Task: "tasksGetById",
    User: "usersGetById",
    Activity: "activityGetById",
    Group: "projectsgroupsGetById",
    SignedIn: "authenticationSignIn",
    SignedOut: "authenticationSignOut",
    type(None): "projectsRemove",
}
LISTS: Mapping[type, str] = {
    Project: "projectsGetAll",
    Task: "tasksGetList",
    User: "usersGetAll",
    Activity: "activityGetList",
    File: "activityGetFilesList",
    Group: "projectsgroupsGetAll",
}


def shape(call: Call, world: FivePmWorld, result: object) -> Answer:
    """Render what an operation returned, in the form that was asked for."""
    if isinstance(result, Answer):
        return result
    if isinstance(result, Listing):
        name, tree = LISTS[result.kind], _list(call, world, result)
    elif isinstance(result, Choice):
        name, tree = result.operation, _choice(result)
    else:
        name, tree = SINGLE[type(result)], _single(call, world, result)
    rule = operations("fivepm")[name].answers[200].schema
    assert rule is not None  # noqa: S101 (each of these answers data)
    return render(tree, rule, as_json=call.parameters.get(FORM) == JSON)


def _list(call: Call, world: FivePmWorld, listing: Listing) -> Tree:
    items = [_tree(call, world, one, listing.parts) for one in listing.items]
    return {**OK, "items": items, "count": len(items), "total": listing.total}


def _single(call: Call, world: FivePmWorld, result: object) -> Tree:
    """An object's attributes beside the status, over which its own counts."""
    if isinstance(result, SignedIn):
        return {**OK, "sessionId": result.session}
    if isinstance(result, SignedOut):
        return {**OK, "signOutState": result.ended}
    if result is None:
        return OK
    return {**OK, **_tree(call, world, result, ALL)}


def _choice(choice: Choice) -> Tree:
    rows = choice.titles.items()
    return {**OK, "list": [{"id": str(key), "name": name} for key, name in rows]}


def _tree(call: Call, world: FivePmWorld, record: Any, parts: frozenset[str]) -> Tree:
    if isinstance(record, File):
        return _file(record)
    tree: Tree = msgspec.to_builtins(record)
    for name in NEVER:
        tree.pop(name, None)
    tree["id"] = str(record.id)
    if isinstance(record, Project | Task):
        _add_to_work(call, world, record, tree, parts)
    elif isinstance(record, Activity):
        _add_to_activity(world, record, tree, parts)
    return tree


def _add_to_work(
    call: Call,
    world: FivePmWorld,
    work: Project | Task,
    tree: Tree,
    parts: frozenset[str],
) -> None:
    """What is worked out for a project or a task."""
    tree["can_edit"] = edits(call.user, work)
    if "team" not in parts:
        del tree["team"]
    if isinstance(work, Task):
        parent = work.parent_id
        tree["parentName"] = None if parent is None else world.tasks[parent].name
        tree["progress"] = world.progress_of(work)
        tree["hoursDone"] = world.hours_of(work)


def _add_to_activity(
    world: FivePmWorld, activity: Activity, tree: Tree, parts: frozenset[str]
) -> None:
    """What is worked out for an activity, and what belongs to it."""
    project = world.project_of(activity)
    tree["projectId"] = None if project is None else project.id
    if "names" in parts and activity.task_id is not None:
        tree["taskName"] = world.tasks[activity.task_id].name
    if "names" in parts and project is not None:
        tree["projectName"] = project.name
    if "files" in parts:
        files = world.files.where("activity", activity.id)
        tree["files"] = [_file(file) for file in files]


def _file(file: File) -> Tree:
    return {
        "id": str(file.id),
        "name": file.name,
        "size": file.size,
        "activityId": file.activity_id,
    }
