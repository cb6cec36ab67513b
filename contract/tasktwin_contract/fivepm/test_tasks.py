"""Tasks: what they have, and where they hang."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.fivepm.steps import (
    FIELDS,
    a_file,
    added,
    changed,
    download,
    everything,
    filled,
    new,
    only,
    refused_both_ways,
)
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target
from tasktwin_schemas import schema

PAGE = schema("fivepm", "task")["required"]
OPTIONAL = schema("fivepm", "task")["allOf"][1]["required"]
DEPENDENT = {"parentId": "projectId"}


def chain(actor: Actor, depth: int, project: str | None = None) -> list[str]:
    """Tasks, each below the one before, in a project. Raises `NotJudgedError`."""
    project = project or actor.made("project")["id"]
    found: list[str] = []
    for _ in range(depth):
        above = found[-1] if found else None
        made = actor.made("task", projectId=project, parentId=above)
        found.append(made["id"])
    return found


@clause("FP-TASK-01", "FP-TASK-02")
def test_what_a_task_has(target: Target) -> None:
    """A task has the attributes of the page, its team and who is notified."""
    with target.world() as world:
        fields = filled(world, "task")
        names = fields.keys() & {*PAGE, *OPTIONAL} - {"ownerId"}
        page = {name: fields[name] for name in names}
        number = new(world.admin, "task", **fields)["id"]
        for shown in (
            world.admin.shown("task", number),
            world.admin.listed("task", loadTeam=1)[number],
        ):
            with judging("FP-TASK-01"):
                assert {*PAGE, *OPTIONAL} <= shown.keys()
                assert only(shown, page) == page
            assert {"team", "notifyUsers"} <= shown.keys()
            assert only(shown, fields) == fields


@clause("FP-TASK-02")
@pytest.mark.parametrize("name", ["team", "notifyUsers"])
def test_people_of_a_task(target: Target, name: str) -> None:
    """A task names who is notified in notifyUsers, and whose it is in team."""
    with target.world() as world:
        people = sorted([world.colleague.number, world.client.number])
        shown = added(world.admin, "task", **{name: people})
        assert shown[name] == people
        assert shown[{"team": "notifyUsers", "notifyUsers": "team"}[name]] == []


@clause("FP-TASK-03")
@given(name=titles())
def test_adding_a_task(target: Target, name: str) -> None:
    """What is added with a name is found under the id that was answered."""
    with target.world() as world:
        number = world.admin.add("task", name=name).expect(200)["id"]
        shown = world.admin.shown("task", number)
        assert (shown["id"], shown["name"]) == (number, name)
        assert world.admin.listed("task")[number]["name"] == name


@clause("FP-TASK-04")
@pytest.mark.parametrize("name", FIELDS["task"])
def test_a_task_keeps_what_it_is_given(target: Target, name: str) -> None:
    """A task keeps each attribute that it was added with."""
    with target.world() as world:
        fields = filled(world, "task")
        names = {name, DEPENDENT.get(name, name)}
        sent = {one: fields[one] for one in names}
        assert only(added(world.admin, "task", **sent), sent) == sent


@clause("FP-TASK-04")
@given(quarter=st.integers(0, 4 * 10**5))
def test_estimates_are_kept(target: Target, quarter: int) -> None:
    """A task keeps its estimatedTime, fractions too."""
    with target.world() as world:
        shown = added(world.admin, "task", estimatedTime=quarter / 4)
        assert shown["estimatedTime"] == quarter / 4


@clause("FP-TASK-05")
@pytest.mark.parametrize("who", ["admin", "user", "external"])
def test_whose_a_task_is(target: Target, who: str) -> None:
    """Without an ownerId sent, the owner is whoever adds it."""
    with target.world() as world:
        actor = getattr(world, who)
        project = new(world.admin, "project", team=[actor.number])["id"]
        assert added(actor, "task", projectId=project)["ownerId"] == actor.number
        given_away = added(world.admin, "task", ownerId=actor.number)
        assert given_away["ownerId"] == actor.number


@clause("FP-TASK-06")
def test_a_task_that_was_removed(target: Target) -> None:
    """A task that was removed is in no list and is not found."""
    with target.world() as world:
        gone, kept = (new(world.admin, "task")["id"] for _ in "ab")
        world.admin.remove("task", gone).expect(200)
        world.admin.get("task", gone).refused()
        listed = world.admin.listed("task")
        assert gone not in listed
        assert kept in listed


@clause("FP-TASK-07")
@pytest.mark.parametrize("cut", [0, 1, 2])
def test_what_goes_with_a_task(target: Target, cut: int) -> None:
    """Removing a task removes the tasks below it, and the activities and files."""
    with target.world() as world:
        admin = world.admin
        tasks = chain(admin, 4)
        notes = [admin.made("activity", taskId=task)["id"] for task in tasks]
        files = [admin.attached(note, a_file())[0]["id"] for note in notes]
        admin.remove("task", tasks[cut]).expect(200)
        assert [*admin.listed("task")] == tasks[:cut]
        assert [*admin.listed("activity")] == notes[:cut]
        assert [*admin.listed("file")] == files[:cut]
        for task, note, file in zip(tasks[cut:], notes[cut:], files[cut:], strict=True):
            admin.get("task", task).refused()
            admin.get("activity", note).refused()
            download(admin, file).refused()


@clause("FP-TASK-08")
@given(name=titles(40))
def test_the_name_of_the_parent(target: Target, name: str) -> None:
    """parentName is the name of the parent task, and cannot be written."""
    with target.world() as world:
        top = world.admin.made("task", name=name)["id"]
        below = added(world.admin, "task", parentId=top, parentName="another")
        assert (below["parentId"], below["parentName"]) == (int(top), name)
        later = changed(world.admin, "task", below["id"], parentName="another")
        assert later["parentName"] == name
        assert world.admin.shown("task", top)["name"] == name
        assert world.admin.listed("task")[below["id"]]["parentName"] == name


@clause("FP-TASK-09")
@given(names=st.lists(titles(20), min_size=1, max_size=3))
def test_the_name_of_the_parent_follows(target: Target, names: list[str]) -> None:
    """parentName follows the parent's name at once, and is missing without a parent."""
    with target.world() as world:
        top, below = chain(world.admin, 2)
        assert world.admin.shown("task", top)["parentName"] is None
        for name in names:
            world.admin.change("task", top, name=name).expect(200)
            assert world.admin.shown("task", below)["parentName"] == name
        apart = changed(world.admin, "task", below, parentId="")
        assert (apart["parentId"], apart["parentName"]) == (None, None)


@clause("FP-TASK-10")
def test_parents_elsewhere(target: Target) -> None:
    """A parent in another project than the task, or in none, is refused with 400."""
    with target.world() as world:
        admin = world.admin
        one, other = (admin.made("project")["id"] for _ in "ab")
        here = admin.made("task", projectId=one)["id"]
        for parent in (admin.made("task", projectId=other), admin.made("task")):
            before = everything(world)
            words = {"projectId": one, "parentId": parent["id"]}
            admin.add("task", name="a name", **words).refused(400)
            admin.change("task", here, parentId=parent["id"]).refused(400)
            assert everything(world) == before


@clause("FP-TASK-10")
def test_leaving_the_parents_project(target: Target) -> None:
    """A task cannot leave the project of its parent without leaving the parent."""
    with target.world() as world:
        _, below = chain(world.admin, 2)
        other = world.admin.made("project")["id"]
        world.admin.change("task", below, projectId=other).refused(400)
        moved = changed(world.admin, "task", below, projectId=other, parentId="")
        assert moved["projectId"] == int(other)


@clause("FP-TASK-11")
def test_the_project_of_the_parent(target: Target) -> None:
    """A task added below another one without a projectId is in the parent's project."""
    with target.world() as world:
        project = world.admin.made("project")["id"]
        top = world.admin.made("task", projectId=project)["id"]
        assert added(world.admin, "task", parentId=top)["projectId"] == int(project)
        alone = world.admin.made("task")["id"]
        assert added(world.admin, "task", parentId=alone)["projectId"] is None


@clause("FP-TASK-12")
@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_circles(target: Target, depth: int) -> None:
    """A parent that is the task itself or below it is refused with 400."""
    with target.world() as world:
        tasks = chain(world.admin, 4)
        before = everything(world)
        world.admin.change("task", tasks[0], parentId=tasks[depth]).refused(400)
        assert everything(world) == before
        world.admin.change("task", tasks[3], parentId=tasks[0]).expect(200)


@clause("FP-TASK-12")
def test_a_place_beside(target: Target) -> None:
    """A task may be put below any task of its project that is not below it."""
    with target.world() as world:
        project = world.admin.made("project")["id"]
        one, other = chain(world.admin, 2, project), chain(world.admin, 2, project)
        moved = changed(world.admin, "task", one[0], parentId=other[1])
        assert moved["parentId"] == int(other[1])
        world.admin.change("task", other[0], parentId=one[1]).refused(400)


@clause("FP-TASK-13")
@pytest.mark.parametrize("elsewhere", [True, False])
def test_moving_a_tree(target: Target, elsewhere: bool) -> None:
    """A task that moves to another project takes the tasks below it along."""
    with target.world() as world:
        admin = world.admin
        project = admin.made("project")["id"]
        tasks = chain(admin, 3, project)
        stays = admin.made("task", projectId=project)["id"]
        notes = [admin.made("activity", taskId=task)["id"] for task in tasks]
        there = int(admin.made("project")["id"]) if elsewhere else None
        admin.change("task", tasks[0], projectId=there or "").expect(200)
        for index, task in enumerate(tasks):
            shown = admin.shown("task", task)
            above = int(tasks[index - 1]) if index else None
            assert (shown["projectId"], shown["parentId"]) == (there, above)
            assert admin.shown("activity", notes[index])["projectId"] == there
        assert admin.shown("task", stays)["projectId"] == int(project)


@clause("FP-TASK-14")
@given(progress=st.integers(-(2**31), -1) | st.integers(101, 2**31))
def test_progress_out_of_bounds(target: Target, progress: int) -> None:
    """A progress below 0 or above 100 is refused with 400."""
    with target.world() as world:
        refused_both_ways(world.admin, "task", 400, progress=progress)
        task = new(world.admin, "task")["id"]
        for kind in ("progress", "msg"):
            note = {"type": kind, "taskId": task, "progress": progress}
            world.admin.add("activity", **note).refused(400)
        assert world.admin.shown("task", task)["progress"] == 0


@clause("FP-TASK-14")
@pytest.mark.parametrize("progress", [-1, 101, "", "half", "50.5"])
def test_progress_that_is_none(target: Target, progress: Any) -> None:
    """A progress that is no percentage is refused with 400."""
    with target.world() as world:
        refused_both_ways(world.admin, "task", 400, progress=progress)


@clause("FP-TASK-15")
@pytest.mark.parametrize("hours", [-0.25, -1, -100_000])
def test_negative_estimates(target: Target, hours: float) -> None:
    """A negative estimatedTime is refused with 400."""
    with target.world() as world:
        refused_both_ways(world.admin, "task", 400, estimatedTime=hours)


@clause("FP-TASK-16")
def test_tasks_of_no_project(target: Target) -> None:
    """A task may be in no project."""
    with target.world() as world:
        task = added(world.admin, "task")
        assert task["projectId"] is None
        world.admin.made("project")
        assert task["id"] in world.admin.listed("task")


@clause("FP-TASK-17")
@given(first=st.integers(0, 99), second=st.integers(0, 99))
def test_progress_as_it_is_written(target: Target, first: int, second: int) -> None:
    """A task without a report shows the progress that it was written with."""
    with target.world() as world:
        assert added(world.admin, "task")["progress"] == 0
        task = added(world.admin, "task", progress=first)
        assert task["progress"] == first
        world.admin.made("activity", taskId=task["id"], progress=100)
        assert world.admin.shown("task", task["id"])["progress"] == first
        later = changed(world.admin, "task", task["id"], progress=second)
        assert later["progress"] == second
