"""Projects and groups of projects."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.fivepm.cast import bracketed
from tasktwin_contract.fivepm.steps import (
    FIELDS,
    a_file,
    added,
    changed,
    download,
    filled,
    new,
    only,
    plain,
)
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target, World
from tasktwin_schemas import schema

PAGE = schema("fivepm", "project")["required"]
OPTIONAL = ("description", "tags", "groupId", "startDate", "endDate")
GROUP_NAMES = ("group", "projectsgroups")


@clause("FP-PROJECT-01", "FP-PROJECT-02")
def test_what_a_project_has(target: Target) -> None:
    """A project has the attributes of the page, its team and who is notified."""
    with target.world() as world:
        fields = filled(world, "project")
        names = fields.keys() & {*PAGE, *OPTIONAL} - {"ownerId"}
        page = {name: fields[name] for name in names}
        number = new(world.admin, "project", **fields)["id"]
        for shown in (
            world.admin.shown("project", number),
            world.admin.listed("project", loadTeam=1)[number],
        ):
            with judging("FP-PROJECT-01"):
                assert {*PAGE, *OPTIONAL} <= shown.keys()
                assert only(shown, page) == page
            assert {"team", "notifyUsers"} <= shown.keys()
            assert only(shown, fields) == fields


@clause("FP-PROJECT-01")
def test_what_all_projects_have(target: Target) -> None:
    """All projects come with the attributes of the page."""
    with target.world() as world:
        fields = filled(world, "project")
        number = new(world.admin, "project", **fields)["id"]
        item = world.admin.all_projects()[number]
        fields = {name: fields[name] for name in fields.keys() - {"team", "ownerId"}}
        assert only(item, fields) == fields


@clause("FP-PROJECT-02")
@pytest.mark.parametrize("name", ["team", "notifyUsers"])
def test_people_of_a_project(target: Target, name: str) -> None:
    """A project names who is notified in notifyUsers, and whose it is in team."""
    with target.world() as world:
        people = sorted([world.colleague.number, world.client.number])
        shown = added(world.admin, "project", **{name: people})
        assert shown[name] == people
        assert shown[{"team": "notifyUsers", "notifyUsers": "team"}[name]] == []


@clause("FP-PROJECT-03")
@given(name=titles())
def test_adding_a_project(target: Target, name: str) -> None:
    """What is added with a name is found under the id that was answered."""
    with target.world() as world:
        number = world.admin.add("project", name=name).expect(200)["id"]
        shown = world.admin.shown("project", number)
        assert (shown["id"], shown["name"]) == (number, name)
        assert world.admin.listed("project")[number]["name"] == name


@clause("FP-PROJECT-04")
@pytest.mark.parametrize("name", FIELDS["project"])
def test_a_project_keeps_what_it_is_given(target: Target, name: str) -> None:
    """A project keeps each attribute that it was added with."""
    with target.world() as world:
        value = filled(world, "project")[name]
        with judging("FP-PROJECT-06" if name == "ownerId" else "FP-PROJECT-04"):
            assert plain(added(world.admin, "project", **{name: value})[name]) == value


@clause("FP-PROJECT-04")
def test_a_project_keeps_everything(target: Target) -> None:
    """A project keeps every attribute that it was added with, all at once."""
    with target.world() as world:
        fields = filled(world, "project")
        fields.pop("ownerId")  # a choice of the kit's
        assert only(added(world.admin, "project", **fields), fields) == fields


@clause("FP-PROJECT-05")
@pytest.mark.parametrize("who", ["admin", "user", "colleague"])
def test_whose_a_project_is(target: Target, who: str) -> None:
    """Without an ownerId sent, the owner is whoever adds it."""
    with target.world() as world:
        actor = getattr(world, who)
        assert added(actor, "project")["ownerId"] == actor.number


@clause("FP-PROJECT-06")
@pytest.mark.parametrize("who", ["admin", "user", "client"])
def test_giving_a_project_away(target: Target, who: str) -> None:
    """An ownerId that is sent makes that user the owner."""
    with target.world() as world:
        owner = getattr(world, who).number
        made = added(world.user, "project", ownerId=owner, team=[world.user.number])
        assert made["ownerId"] == owner
        number = new(world.admin, "project")["id"]
        assert (
            changed(world.admin, "project", number, ownerId=owner)["ownerId"] == owner
        )


@clause("FP-PROJECT-07")
def test_a_project_that_was_removed(target: Target) -> None:
    """A project that was removed is in no list and is not found."""
    with target.world() as world:
        gone, kept = (new(world.admin, "project")["id"] for _ in "ab")
        world.admin.remove("project", gone).expect(200)
        world.admin.get("project", gone).refused()
        for listed in (world.admin.listed("project"), world.admin.all_projects()):
            assert gone not in listed
            assert kept in listed
        world.admin.shown("project", kept)


def grown(world: World) -> dict[str, Any]:
    """A project with a task, a task below that, and activities with files.

    Raises `NotJudgedError`.
    """
    admin = world.admin
    project = new(admin, "project")["id"]
    task = admin.made("task", projectId=project)["id"]
    below = admin.made("task", projectId=project, parentId=task)["id"]
    places = ({"projectId": project}, {"taskId": task}, {"taskId": below})
    notes = [admin.made("activity", **place)["id"] for place in places]
    files = [admin.attached(note, a_file())[0]["id"] for note in notes]
    return {"project": project, "tasks": [task, below], "notes": notes, "files": files}


@clause("FP-PROJECT-08")
def test_what_goes_with_a_project(target: Target) -> None:
    """Removing a project removes its tasks, its activities and their files."""
    with target.world() as world:
        gone, kept = grown(world), grown(world)
        alone = new(world.admin, "task")["id"]
        world.admin.remove("project", gone["project"]).expect(200)
        assert [*world.admin.listed("task")] == [*kept["tasks"], alone]
        assert [*world.admin.listed("activity")] == kept["notes"]
        assert [*world.admin.listed("file")] == kept["files"]
        for task in gone["tasks"]:
            world.admin.get("task", task).refused()
        for note in gone["notes"]:
            world.admin.get("activity", note).refused()
        for file in gone["files"]:
            download(world.admin, file).refused()


@clause("FP-PROJECT-09")
@pytest.mark.parametrize("who", ["admin", "user", "external", "client"])
def test_all_projects(target: Target, who: str) -> None:
    """All projects are those that the list has without a filter."""
    with target.world() as world:
        actor = getattr(world, who)
        for hidden in (True, False):
            for team in ([], [actor.number]):
                new(world.admin, "project", hidden=hidden, team=team, status=30)
        assert {*actor.all_projects()} == {*actor.listed("project")}


@clause("FP-GROUP-01", "FP-GROUP-02")
@given(name=titles())
def test_adding_a_group(target: Target, name: str) -> None:
    """What is added with a name is found under the id that was answered."""
    with target.world() as world:
        number = world.admin.add("group", name=name).expect(200)["id"]
        with judging("FP-GROUP-02"):
            shown = world.admin.shown("group", number)
            assert shown["name"] == name
        assert shown["id"] == number
        assert world.admin.listed("group")[number]["name"] == name


@clause("FP-GROUP-03")
@given(name=titles(40))
def test_renaming_a_group_as_the_page_does(target: Target, name: str) -> None:
    """An update takes the new name as projectsgroups[name]."""
    with target.world() as world:
        _renames(world, name, "group", "projectsgroups")


@clause("FP-GROUP-04")
@pytest.mark.parametrize("noun", GROUP_NAMES)
def test_renaming_a_group(target: Target, noun: str) -> None:
    """An update takes the new name as group[name] as well."""
    with target.world() as world:
        _renames(world, "Shops & more", noun, "group")


def _renames(world: World, name: str, id_in: str, name_in: str) -> None:
    number, other = (new(world.admin, "group")["id"] for _ in "ab")
    words = {**bracketed(id_in, {"id": number}), **bracketed(name_in, {"name": name})}
    assert world.admin.call("projectsgroupsUpdate", **words).expect(200)["name"] == name
    assert world.admin.shown("group", number)["name"] == name
    assert world.admin.shown("group", other)["name"] != name or name == "a name"


@clause("FP-GROUP-05")
def test_a_group_that_was_removed(target: Target) -> None:
    """A group that was removed is in no list and is not found."""
    with target.world() as world:
        gone, kept = (new(world.admin, "group")["id"] for _ in "ab")
        world.admin.remove("group", gone).expect(200)
        world.admin.get("group", gone).refused()
        listed = world.admin.listed("group")
        assert gone not in listed
        assert kept in listed


@clause("FP-GROUP-06")
@pytest.mark.parametrize("noun", ["project", "task"])
def test_what_a_group_leaves(target: Target, noun: str) -> None:
    """Removing a group leaves its projects and tasks, without a group."""
    with target.world() as world:
        gone, kept = (new(world.admin, "group")["id"] for _ in "ab")
        member = added(world.admin, noun, groupId=gone)
        other = new(world.admin, noun, groupId=kept)["id"]
        world.admin.remove("group", gone).expect(200)
        shown = world.admin.shown(noun, member["id"])
        ignored = {"groupId": None, "updatedAt": None}
        assert {**shown, **ignored} == {**member, **ignored}
        assert shown["groupId"] is None
        assert world.admin.shown(noun, other)["groupId"] == int(kept)
        assert not world.admin.listed(noun, groupId=gone)


@clause("FP-GROUP-07")
@pytest.mark.parametrize("who", ["admin", "user"])
@given(names=st.lists(titles(10), max_size=4))
def test_all_groups(target: Target, who: str, names: list[str]) -> None:
    """All groups are answered, as they are answered by their ids."""
    with target.world() as world:
        wanted = {new(world.admin, "group", name=name)["id"]: name for name in names}
        actor = getattr(world, who)
        listed = actor.listed("group")
        assert {number: listed[number]["name"] for number in wanted} == wanted
        for number in wanted:
            shown = dict(actor.shown("group", number))
            shown.pop("status")
            assert shown == listed[number]
