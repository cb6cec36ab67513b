"""Each documented filter of a list, on things made for it."""

from typing import Any

import pytest

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.fivepm.steps import lasting, new
from tasktwin_contract.target import Target, World

WORK = ("project", "task")
DAY = 86400


def finds(world: World, noun: str, wanted: dict[str, bool], **words: Any) -> None:
    """Demand that a filter leaves these and not those."""
    listed = lasting(world.admin).listed(noun, **words)
    assert {number: number in listed for number in wanted} == wanted, words


def one_and_other(
    world: World, noun: str, one: dict[str, Any], other: dict[str, Any]
) -> dict[str, bool]:
    """Two things, of which the first is wanted. Raises `NotJudgedError`."""
    admin = lasting(world.admin)
    return {
        new(admin, noun, **one)["id"]: True,
        new(admin, noun, **other)["id"]: False,
    }


@clause("FP-LIST-17")
@pytest.mark.parametrize("noun", WORK)
def test_by_group(target: Target, noun: str) -> None:
    """Lists of projects and of tasks are filtered by groupId."""
    with target.world() as world:
        one, other = (world.admin.made("group")["id"] for _ in "ab")
        wanted = one_and_other(world, noun, {"groupId": one}, {"groupId": other})
        wanted[new(world.admin, noun)["id"]] = False
        finds(world, noun, wanted, groupId=one)


@clause("FP-LIST-18")
def test_by_the_group_of_the_project(target: Target) -> None:
    """By groupId, a task that has no group of its own counts to its project's."""
    with target.world() as world:
        group, other = (world.admin.made("group")["id"] for _ in "ab")
        project = world.admin.made("project", groupId=group)["id"]
        own = {"projectId": project, "groupId": other}
        wanted = one_and_other(world, "task", {"projectId": project}, own)
        finds(world, "task", wanted, groupId=group)
        notes = {
            world.admin.made("activity", taskId=task)["id"]: kept
            for task, kept in wanted.items()
        }
        notes[world.admin.made("activity", projectId=project)["id"]] = True
        finds(world, "activity", notes, groupId=group)


@clause("FP-LIST-19")
@pytest.mark.parametrize("noun", WORK)
def test_by_owner(target: Target, noun: str) -> None:
    """Lists of projects and of tasks are filtered by ownerId."""
    with target.world() as world:
        one = new(world.user, noun, team=[world.colleague.number])["id"]
        other = new(world.colleague, noun, team=[world.user.number])["id"]
        finds(world, noun, {one: True, other: False}, ownerId=world.user.id)


@clause("FP-LIST-22")
@pytest.mark.parametrize("noun", WORK)
def test_by_team(target: Target, noun: str) -> None:
    """assignedTo is those on whose team the user is."""
    with target.world() as world:
        user, colleague = world.user.number, world.colleague.number
        mine = {"team": [user, colleague]}
        others = {"ownerId": user, "team": [colleague], "notifyUsers": [user]}
        wanted = one_and_other(world, noun, mine, others)
        finds(world, noun, wanted, assignedTo=user)


@clause("FP-LIST-23", "FP-LIST-24")
@pytest.mark.parametrize("noun", WORK)
def test_by_being_active(target: Target, noun: str) -> None:
    """active leaves out what has the status 30; active=0 leaves nothing out."""
    with target.world() as world:
        wanted = one_and_other(world, noun, {"status": 20}, {"status": 30})
        with judging("FP-LIST-23"):
            two = one_and_other(world, noun, {"status": 10}, {"status": 30})
            finds(world, noun, two, active=1)
        finds(world, noun, wanted, active=1)
        finds(world, noun, wanted, active="true")
        finds(world, noun, dict.fromkeys(wanted, True), active=0)


@clause("FP-LIST-25")
@pytest.mark.parametrize("noun", WORK)
@pytest.mark.parametrize("days", [0, 1, 30])
def test_by_when_it_was_closed(target: Target, noun: str, days: int) -> None:
    """hide_old_object_period leaves out what was closed more than so long ago."""
    with target.world() as world:
        world.freeze()
        wanted = one_and_other(world, noun, {"status": 20}, {"status": 30})
        world.advance(days * DAY)
        everything = dict.fromkeys(wanted, True)
        finds(world, noun, everything, hide_old_object_period=days)
        world.advance(1)
        finds(world, noun, wanted, hide_old_object_period=days)
        finds(world, noun, everything, hide_old_object_period=days + 1)


@clause("FP-LIST-27")
def test_by_project_and_parent(target: Target) -> None:
    """Tasks are filtered by projectId and by parentId."""
    with target.world() as world:
        one, other = (world.admin.made("project")["id"] for _ in "ab")
        top = world.admin.made("task", projectId=one)["id"]
        below = world.admin.made("task", projectId=one, parentId=top)["id"]
        deep = world.admin.made("task", projectId=one, parentId=below)["id"]
        apart = world.admin.made("task", projectId=other)["id"]
        there = {top: True, below: True, deep: True, apart: False}
        finds(world, "task", there, projectId=one)
        children = {top: False, below: True, deep: False, apart: False}
        finds(world, "task", children, parentId=top)


@clause("FP-LIST-28")
def test_by_start(target: Target) -> None:
    """Tasks are filtered by startedFrom and startedBefore, which bound startDate."""
    with target.world() as world:
        _bounded(world, "started", "startDate", "endDate")


@clause("FP-LIST-29", "FP-LIST-30")
def test_by_deadline(target: Target) -> None:
    """Tasks are filtered by deadlineFrom and deadlineBefore, which bound endDate."""
    with target.world() as world:
        with judging("FP-LIST-29"):
            _bounded(world, "deadline", "endDate")
        _bounded(world, "deadline", "endDate", "startDate")


def _bounded(world: World, name: str, field: str, *other: str) -> None:
    early, late = "2026-03-01 12:00:00", "2026-03-20 12:00:00"
    one = {field: late, **dict.fromkeys(other, early)}
    two = {field: early, **dict.fromkeys(other, late)}
    wanted = one_and_other(world, "task", one, two)
    finds(world, "task", wanted, **{f"{name}From": "2026-03-10"})
    others = {number: not kept for number, kept in wanted.items()}
    finds(world, "task", others, **{f"{name}Before": "2026-03-10"})


@clause("FP-LIST-31", "FP-LIST-32")
@pytest.mark.parametrize("reported", [False, True])
def test_by_progress(target: Target, reported: bool) -> None:
    """progressLessThan and progressMoreThan leave out the bound itself."""
    with target.world() as world:
        numbers = {}
        for progress in (0, 39, 40, 41, 100):
            shown = 0 if reported else progress
            task = world.admin.made("task", progress=shown)["id"]
            words = {"type": "progress" if reported else "msg", "progress": progress}
            world.admin.made("activity", taskId=task, **words)
            numbers[task] = progress
        less = {task: progress < 40 for task, progress in numbers.items()}
        more = {task: progress > 40 for task, progress in numbers.items()}
        with judging("FP-LIST-31"):
            beside = {task for task, progress in numbers.items() if progress != 40}
            finds(world, "task", {t: less[t] for t in beside}, progressLessThan=40)
            finds(world, "task", {t: more[t] for t in beside}, progressMoreThan=40)
        finds(world, "task", less, progressLessThan=40)
        finds(world, "task", more, progressMoreThan=40)
        finds(world, "task", dict.fromkeys(numbers, False), progressLessThan=0)
        finds(world, "task", dict.fromkeys(numbers, False), progressMoreThan=100)


@clause("FP-LIST-33", "FP-LIST-34")
def test_by_when_it_was_made_and_changed(target: Target) -> None:
    """Tasks are filtered by createdFrom, createdBefore, updatedFrom, updatedBefore."""
    with target.world() as world:
        world.freeze()
        admin = lasting(world.admin)
        first = new(admin, "task")["id"]
        world.advance(30)
        between = new(admin, "task")["createdAt"]
        world.advance(30)
        second = new(admin, "task")
        world.advance(30)
        after = new(admin, "task")["createdAt"]
        world.advance(30)
        changed = admin.change("task", first, description="x").arranged()
        made, later = second["createdAt"], changed["updatedAt"]
        one, other = (
            {first: True, second["id"]: False},
            {first: False, second["id"]: True},
        )
        with judging("FP-LIST-33"):
            finds(world, "task", other, createdFrom=between)
            finds(world, "task", one, createdBefore=between)
            finds(world, "task", one, updatedFrom=after)
            finds(world, "task", other, updatedBefore=after)
        finds(world, "task", other, createdFrom=made)
        finds(world, "task", one, createdBefore=made)
        finds(world, "task", one, updatedFrom=later)
        finds(world, "task", other, updatedBefore=later)
        finds(world, "task", {first: True, second["id"]: True}, updatedFrom=made)


@clause("FP-LIST-35")
@pytest.mark.parametrize(
    ("field", "name"), [("startDate", "started"), ("endDate", "deadline")]
)
def test_without_the_date(target: Target, field: str, name: str) -> None:
    """A task without the date that is bounded is in no such answer."""
    with target.world() as world:
        dated = {field: "2026-03-10"}
        other = {
            name: "2026-03-10" for name in ("startDate", "endDate") if name != field
        }
        wanted = one_and_other(world, "task", dated, other)
        finds(world, "task", wanted, **{f"{name}From": "1970-01-01"})
        finds(world, "task", wanted, **{f"{name}Before": "9999-12-31"})


@clause("FP-LIST-36")
def test_activities_by_project_and_task(target: Target) -> None:
    """Activities are filtered by projectId, those on its tasks too, and by taskId."""
    with target.world() as world:
        one, other = (world.admin.made("project")["id"] for _ in "ab")
        task = world.admin.made("task", projectId=one)["id"]
        apart = world.admin.made("task", projectId=other)["id"]
        alone = world.admin.made("task")["id"]
        places = {"projectId": one}, {"taskId": task}, {"taskId": apart}
        notes = [
            world.admin.made("activity", **place)["id"]
            for place in (*places, {"projectId": other}, {"taskId": alone})
        ]
        below = [True, True, False, False, False]
        on_task = [False, True, False, False, False]
        finds(world, "activity", dict(zip(notes, below, strict=True)), projectId=one)
        finds(world, "activity", dict(zip(notes, on_task, strict=True)), taskId=task)


@clause("FP-LIST-37")
@pytest.mark.parametrize("kind", ["msg", "progress", "file", "ss_boards"])
def test_activities_by_type(target: Target, kind: str) -> None:
    """Activities are filtered by type."""
    with target.world() as world:
        task = world.admin.made("task")["id"]
        kinds = ("msg", "progress", "file", "googledocs", "ss_boards", "ff_boards")
        notes = {
            world.admin.made("activity", taskId=task, type=one)["id"]: one == kind
            for one in kinds
        }
        finds(world, "activity", notes, type=kind)


@clause("FP-LIST-38")
@pytest.mark.parametrize("noun", WORK)
def test_activities_by_what_they_are_on(target: Target, noun: str) -> None:
    """Activities are filtered by groupId, assignedTo and active of what they are on."""
    with target.world() as world:
        group = world.admin.made("group")["id"]
        user, colleague = world.user.number, world.colleague.number
        one = {"groupId": group, "team": [user], "status": 10}
        other = {"team": [colleague], "status": 30, "ownerId": user}
        notes = {
            world.admin.made("activity", **{f"{noun}Id": number})["id"]: kept
            for number, kept in one_and_other(world, noun, one, other).items()
        }
        finds(world, "activity", notes, groupId=group)
        finds(world, "activity", notes, assignedTo=user)
        finds(world, "activity", notes, active=1)
        finds(world, "activity", dict.fromkeys(notes, True), active=0)


@clause("FP-LIST-39")
@pytest.mark.parametrize("noun", WORK)
@pytest.mark.parametrize("days", [0, 2])
def test_activities_of_what_was_closed(target: Target, noun: str, days: int) -> None:
    """hide_non_active leaves out the activities of what was closed so long ago."""
    with target.world() as world:
        world.freeze()
        places = one_and_other(world, noun, {"status": 10}, {"status": 30})
        admin = lasting(world.admin)
        notes = {
            admin.made("activity", **{f"{noun}Id": number})["id"]: kept
            for number, kept in places.items()
        }
        world.advance(days * DAY)
        finds(world, "activity", dict.fromkeys(notes, True), hide_non_active=days)
        world.advance(1)
        finds(world, "activity", notes, hide_non_active=days)
