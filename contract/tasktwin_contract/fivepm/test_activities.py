"""Activities: what they have, and what they follow."""

from typing import Any

import pytest
from hypothesis import given

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.fivepm.cast import FORMS
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
    plain,
)
from tasktwin_contract.fivepm.texts import texts
from tasktwin_contract.rows import certain, table
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target
from tasktwin_schemas import schema

PAGE = schema("fivepm", "activity")["required"]
OPTIONAL = schema("fivepm", "activity")["allOf"][1]["required"]
NAMES = ("taskName", "projectName")
TYPES = [one["const"] for one in schema("fivepm", "activity-type")["oneOf"]]
PLACES = {"taskId", "projectId"}


@clause("FP-ACTIVITY-01", "FP-ACTIVITY-02")
def test_what_an_activity_has(target: Target) -> None:
    """An activity has the attributes of the page, and its files."""
    with target.world() as world:
        fields = filled(world, "activity")
        number = new(world.admin, "activity", **fields)["id"]
        made = world.admin.attached(number, a_file())
        shown = world.admin.shown("activity", number)
        page = {name: fields[name] for name in fields if name in (*PAGE, *OPTIONAL)}
        with judging("FP-ACTIVITY-01"):
            assert {*PAGE, *OPTIONAL, *NAMES} <= shown.keys()
            assert only(shown, page) == page
        assert {"notifyUsers", "files"} <= shown.keys()
        assert only(shown, fields) == fields
        assert shown["files"] == made
        listed = world.admin.listed("activity")[number]
        assert {*PAGE, *OPTIONAL, "notifyUsers"} <= listed.keys()
        assert only(listed, fields) == fields


@clause("FP-ACTIVITY-02")
def test_files_of_an_activity(target: Target) -> None:
    """By its id an activity is answered with its files, its own and no other's."""
    with target.world() as world:
        task = new(world.admin, "task")["id"]
        notes = [world.admin.made("activity", taskId=task)["id"] for _ in "ab"]
        assert world.admin.shown("activity", notes[0])["files"] == []
        for note in notes:
            made = world.admin.attached(note, a_file(name="1"), a_file(name="2"))
            assert world.admin.shown("activity", note)["files"] == made


@clause("FP-ACTIVITY-03")
@given(text=texts())
def test_posting(target: Target, text: str) -> None:
    """What is posted to a task is found under the id that was answered."""
    with target.world() as world:
        task = new(world.admin, "task")["id"]
        words = {"type": "msg", "taskId": task, "text": text}
        number = world.admin.add("activity", **words).expect(200)["id"]
        shown = world.admin.shown("activity", number)
        facts = (shown["id"], shown["taskId"], shown["type"], shown["text"])
        assert facts == (number, int(task), "msg", text)
        assert number in world.admin.listed("activity", taskId=task)


@clause("FP-ACTIVITY-04")
@pytest.mark.parametrize("name", sorted(FIELDS["activity"].keys() - PLACES))
@pytest.mark.parametrize("kind", ["msg", "progress"])
def test_an_activity_keeps_what_it_is_given(
    target: Target, name: str, kind: str
) -> None:
    """An activity keeps each attribute that it was posted with."""
    with target.world() as world:
        sent = {"type": kind, name: filled(world, "activity")[name]}
        kept = {**sent, **({"hideFromClients": False} if kind == "progress" else {})}
        shown = added(world.admin, "activity", **sent)
        assert plain(shown[name]) == kept.get(name, sent[name])


@clause("FP-ACTIVITY-05")
@pytest.mark.parametrize(
    "kind", ["msg", "file", "googledocs", "ss_boards", "ff_boards"]
)
def test_posting_to_a_project(target: Target, kind: str) -> None:
    """An activity may be posted to a project instead of a task."""
    with target.world() as world:
        project = new(world.admin, "project", name="Relaunch")["id"]
        reply = world.admin.add("activity", type=kind, projectId=project).expect(200)
        shown = world.admin.shown("activity", reply["id"])
        facts = (shown["taskId"], shown["taskName"], shown["projectId"])
        assert facts == (None, None, int(project))
        assert shown["projectName"] == "Relaunch"


@clause("FP-ACTIVITY-06")
@pytest.mark.parametrize("missing", ["type", "taskId"])
def test_posting_without(target: Target, missing: str) -> None:
    """An activity without a type, or on nothing, is refused with 400."""
    with target.world() as world:
        words = {"type": "msg", "taskId": new(world.admin, "task")["id"], "text": "Hi"}
        before = everything(world)
        words.pop(missing)
        world.admin.add("activity", **words).refused(400)
        world.admin.add("activity", **words, **{missing: ""}).refused(400)
        assert everything(world) == before


@clause("FP-ACTIVITY-07")
def test_progress_of_a_project(target: Target) -> None:
    """An activity of type progress without a taskId is refused with 400."""
    with target.world() as world:
        project = new(world.admin, "project")["id"]
        note = world.admin.made("activity", projectId=project)["id"]
        before = everything(world)
        words = {"type": "progress", "projectId": project, "progress": 5}
        world.admin.add("activity", **words).refused(400)
        world.admin.change("activity", note, type="progress").refused(400)
        assert everything(world) == before


@clause("FP-ACTIVITY-08")
def test_another_project(target: Target) -> None:
    """A projectId that is not that of the task is refused with 400."""
    with target.world() as world:
        admin = world.admin
        one, other = (new(admin, "project")["id"] for _ in "ab")
        task, alone = admin.made("task", projectId=one)["id"], admin.made("task")["id"]
        words = {"type": "msg", "taskId": task}
        before = everything(world)
        admin.add("activity", **words, projectId=other).refused(400)
        admin.add("activity", type="msg", taskId=alone, projectId=one).refused(400)
        assert everything(world) == before
        right = admin.add("activity", **words, projectId=one).expect(200)
        assert right["projectId"] == int(one)


@clause("FP-ACTIVITY-09")
def test_the_project_of_the_task(target: Target) -> None:
    """projectId of an activity on a task is always that of the task's project."""
    with target.world() as world:
        admin = world.admin
        one, other = (new(admin, "project")["id"] for _ in "ab")
        task = admin.made("task", projectId=one)["id"]
        note = added(admin, "activity", taskId=task)
        assert note["projectId"] == int(one)
        for project in (other, None):
            admin.change("task", task, projectId=project or "").expect(200)
            wanted = project and int(project)
            assert admin.shown("activity", note["id"])["projectId"] == wanted
            assert admin.listed("activity")[note["id"]]["projectId"] == wanted
        assert note["id"] not in admin.listed("activity", projectId=other)


@clause("FP-ACTIVITY-10")
@given(name=titles(30))
def test_names_of_task_and_project(target: Target, name: str) -> None:
    """taskName and projectName are the names of both, and cannot be written."""
    with target.world() as world:
        project = new(world.admin, "project", name=name)["id"]
        task = world.admin.made("task", name=f"{name}'s", projectId=project)["id"]
        wrong = dict.fromkeys(NAMES, "another")
        note = added(world.admin, "activity", taskId=task, **wrong)
        later = changed(world.admin, "activity", note["id"], **wrong)
        for shown in (note, later):
            assert [shown[one] for one in NAMES] == [f"{name}'s", name]
        assert world.admin.shown("task", task)["name"] == f"{name}'s"
        assert world.admin.shown("project", project)["name"] == name


@clause("FP-ACTIVITY-11")
@given(name=titles(30))
def test_names_follow(target: Target, name: str) -> None:
    """taskName and projectName follow the names at once."""
    with target.world() as world:
        admin, project = world.admin, new(world.admin, "project")["id"]
        task = admin.made("task", projectId=project)["id"]
        note = admin.made("activity", taskId=task)["id"]
        admin.change("task", task, name=name).expect(200)
        assert admin.shown("activity", note)["taskName"] == name
        admin.change("project", project, name=f"{name}'s").expect(200)
        assert admin.shown("activity", note)["projectName"] == f"{name}'s"
        listed = admin.listed("activity", withNames=1)[note]
        assert [listed[one] for one in NAMES] == [name, f"{name}'s"]


@clause("FP-ACTIVITY-12", "FP-ACTIVITY-13")
@pytest.mark.parametrize("form", table(FORMS, "xml"))
@pytest.mark.parametrize("names", [None, "0", certain("1")])
@pytest.mark.parametrize("files", [None, certain("0"), "1"])
def test_names_and_files_of_a_list(
    target: Target, form: str, names: str | None, files: str | None
) -> None:
    """A list has names and files where they are asked for, and only there."""
    with target.world() as world:
        project = new(world.admin, "project", name="Relaunch")["id"]
        task = world.admin.made("task", name="Cups", projectId=project)["id"]
        note = world.admin.made("activity", taskId=task)["id"]
        made = world.admin.attached(note, a_file())
        admin = world.admin.using(form=form)
        listed = admin.listed("activity", withNames=names, withFiles=files)[note]
        shown = {key: listed[key] for key in (*NAMES, "files") if key in listed}
        wanted: dict[str, Any] = {}
        wanted |= (
            {"taskName": "Cups", "projectName": "Relaunch"} if names == "1" else {}
        )
        wanted |= {"files": made} if files == "1" else {}
        with judging("FP-ACTIVITY-12"):
            assert {**shown, **wanted} == shown
        assert shown == wanted


@clause("FP-ACTIVITY-14")
def test_staying_where_it_is(target: Target) -> None:
    """An activity stays where it was posted to, whatever an update sends."""
    with target.world() as world:
        admin, project = world.admin, new(world.admin, "project")["id"]
        one, other = (admin.made("task", projectId=project)["id"] for _ in "ab")
        elsewhere = admin.made("project")["id"]
        note = added(admin, "activity", taskId=one)
        for words in ({"taskId": other}, {"projectId": elsewhere}, {"taskId": ""}):
            admin.change("activity", note["id"], text="moved", **words)
            shown = admin.shown("activity", note["id"])
            assert only(shown, {"taskId": 0, "projectId": 0}) == {
                "taskId": int(one),
                "projectId": int(project),
            }
        assert not admin.listed("activity", taskId=other)


@clause("FP-ACTIVITY-15")
def test_an_activity_that_was_removed(target: Target) -> None:
    """An activity that was removed is in no list and is not found."""
    with target.world() as world:
        admin, task = world.admin, new(world.admin, "task")["id"]
        gone, kept = (admin.made("activity", taskId=task)["id"] for _ in "ab")
        admin.remove("activity", gone).expect(200)
        admin.get("activity", gone).refused()
        for words in ({}, {"taskId": task}):
            listed = admin.listed("activity", **words)
            assert gone not in listed
            assert kept in listed


@clause("FP-ACTIVITY-16")
def test_what_goes_with_an_activity(target: Target) -> None:
    """Removing an activity removes its files."""
    with target.world() as world:
        admin, task = world.admin, new(world.admin, "task")["id"]
        gone, kept = (admin.made("activity", taskId=task)["id"] for _ in "ab")
        files = [admin.attached(note, a_file())[0]["id"] for note in (gone, kept)]
        admin.remove("activity", gone).expect(200)
        assert [*admin.listed("file", taskId=task)] == [files[1]]
        download(admin, files[0]).refused()
        download(admin, files[1]).expect(200)


@clause("FP-ACTIVITY-17")
@pytest.mark.parametrize("who", ["admin", "user", "external", "client"])
def test_whose_an_activity_is(target: Target, who: str) -> None:
    """The owner is whoever posts, and no parameter makes it another."""
    with target.world() as world:
        actor = getattr(world, who)
        task = new(world.admin, "task", team=[actor.number])["id"]
        for sent in ({}, {"ownerId": world.colleague.number}):
            note = added(actor, "activity", taskId=task, **sent)
            assert note["ownerId"] == actor.number
        later = changed(world.admin, "activity", note["id"], text="x", ownerId=1)
        assert later["ownerId"] == actor.number


@clause("FP-ACTIVITY-18")
def test_the_date(target: Target) -> None:
    """Without a date sent, date is createdAt."""
    with target.world() as world:
        world.freeze()
        note = added(world.admin, "activity")
        assert note["date"] == note["createdAt"]
        world.advance(60)
        later = changed(world.admin, "activity", note["id"], text="later")
        assert later["date"] == note["date"]


@clause("FP-ACTIVITY-19")
@pytest.mark.parametrize("kind", ["progress", "msg"])
@pytest.mark.parametrize("hours", [-0.25, -1, -1000])
def test_negative_hours(target: Target, kind: str, hours: float) -> None:
    """Negative hoursDone are refused with 400."""
    with target.world() as world:
        task = new(world.admin, "task")["id"]
        note = world.admin.made("activity", type=kind, taskId=task)["id"]
        before = everything(world)
        words = {"type": kind, "taskId": task, "hoursDone": hours}
        world.admin.add("activity", **words).refused(400)
        world.admin.change("activity", note, hoursDone=hours).refused(400)
        assert everything(world) == before


@clause("FP-ACTIVITY-21", "FP-ACTIVITY-22", "FP-ACTIVITY-23")
@pytest.mark.parametrize("noun", ["project", "task"])
@pytest.mark.parametrize("later", [True, False])
def test_hiding_from_clients(target: Target, noun: str, later: bool) -> None:
    """An activity with hideFromClients is hidden from clients, and from nobody else."""
    with target.world() as world:
        people = (world.external.number, world.client.number)
        place = {f"{noun}Id": new(world.admin, noun, team=list(people))["id"]}
        open_one = world.admin.made("activity", **place)["id"]
        hidden = world.admin.made("activity", **place, hideFromClients=not later)["id"]
        world.admin.change("activity", hidden, hideFromClients=1).expect(200)
        files = [
            world.admin.attached(note, a_file())[0]["id"] for note in (open_one, hidden)
        ]
        with judging("FP-ACTIVITY-21"):
            world.client.get("activity", hidden).refused()
            assert hidden not in world.client.listed("activity")
        world.client.get("activity", hidden).refused(404)
        world.client.shown("activity", open_one)
        assert [*world.client.listed("activity")] == [open_one]
        assert [*world.client.listed("file")] == [files[0]]
        download(world.client, files[1]).refused(404)
        with judging("FP-ACTIVITY-23"):
            for actor in (world.admin, world.user, world.external):
                assert actor.shown("activity", hidden)["hideFromClients"] is True
                assert hidden in actor.listed("activity")
                download(actor, files[1]).expect(200)


@clause("FP-ACTIVITY-22")
def test_a_client_cannot_change_what_is_hidden(target: Target) -> None:
    """To a client a hidden activity is not found, by changing and removing either."""
    with target.world() as world:
        client = world.client
        task = new(world.admin, "task", team=[client.number])["id"]
        words = {"taskId": task, "hideFromClients": 1}
        note = world.admin.made("activity", **words)["id"]
        client.change("activity", note, text="mine").refused(404)
        client.remove("activity", note).refused(404)
        client.attach(note, a_file()).refused(404)
        reply = client.page("activity", taskId=task).expect(200)
        assert (reply["count"], reply["total"]) == (0, 0)


@clause("FP-ACTIVITY-24", "FP-ACTIVITY-25")
def test_progress_cannot_be_hidden(target: Target) -> None:
    """A progress note cannot be hidden from clients; hideFromClients is 0."""
    with target.world() as world:
        task = new(world.admin, "task", team=[world.client.number])["id"]
        words = {"taskId": task, "type": "progress", "hideFromClients": 1}
        note = world.admin.add("activity", **words).expect(200)
        words = {"hideFromClients": 1}
        later = world.admin.change("activity", note["id"], **words).expect(200)
        with judging("FP-ACTIVITY-24"):
            world.client.shown("activity", note["id"])
            assert note["id"] in world.client.listed("activity")
        for shown in (note, later, world.admin.shown("activity", note["id"])):
            assert shown["hideFromClients"] is False


@clause("FP-ACTIVITY-24", "FP-ACTIVITY-25")
def test_what_becomes_progress_is_not_hidden(target: Target) -> None:
    """A hidden message that becomes a progress note is hidden no more."""
    with target.world() as world:
        task = new(world.admin, "task", team=[world.client.number])["id"]
        words = {"taskId": task, "hideFromClients": 1}
        note = world.admin.made("activity", **words)["id"]
        shown = changed(world.admin, "activity", note, type="progress", progress=5)
        with judging("FP-ACTIVITY-24"):
            world.client.shown("activity", note)
        assert shown["hideFromClients"] is False


@clause("FP-ACTIVITY-26")
def test_what_clients_post(target: Target) -> None:
    """hideFromClients of what a client posts is answered as 0, whatever is sent."""
    with target.world() as world:
        client = world.client
        task = new(world.admin, "task", team=[client.number])["id"]
        note = added(client, "activity", taskId=task, hideFromClients=1)
        later = changed(client, "activity", note["id"], hideFromClients=1)
        for shown in (note, later):
            assert shown["hideFromClients"] is False
