"""Refusals: how they look, and what they leave."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.fivepm import raw
from tasktwin_contract.fivepm.cast import CONTROLLERS, FORMS, bracketed, parts
from tasktwin_contract.fivepm.examples import EVERY, OPERATIONS, SECURED, example
from tasktwin_contract.fivepm.steps import (
    NAMED,
    NO_ID,
    NOUNS,
    a_file,
    everything,
    least,
    new,
    newcomer,
    refused_both_ways,
)
from tasktwin_contract.reply import Reply
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target, World

NEEDING = [
    (name, parameter)
    for name in EVERY
    for parameter, rule in OPERATIONS[name].parameters.items()
    if OPERATIONS[name].secured
    and rule.required
    and not (rule.is_indexed or rule.alias_of or OPERATIONS[name].alias_of)
]
"""Every parameter that is required, by its operation."""

BY_ID = [
    name
    for name in EVERY
    if OPERATIONS[name].secured
    and (
        "id" in OPERATIONS[name].parameters
        or any(p.endswith("[id]") for p in OPERATIONS[name].parameters)
    )
]
NO_DIGITS = st.characters(codec="utf-8", exclude_categories=["C", "N"])
PARAMETERS = sorted({name for one in OPERATIONS.values() for name in one.parameters})
GONE = ("never", "removed", "no number", "nothing like it")
OK, FAIL = range(200, 300), range(400, 500)
STATUSES = (400, 401, 403, 404, 405, 413, 415, 429)


def offered(world: World, form: str) -> list[Reply]:
    """Refusals of many kinds, in that form."""
    admin, client = world.admin.using(form=form), world.client.using(form=form)
    return [
        admin.add("project"),
        admin.get("task", NO_ID),
        admin.get("user", "x"),
        admin.page("task", nothing=1),
        admin.call("projectsGetAll", retType="x"),
        client.add("project", name="mine"),
        client.add("user", firstName="Mine"),
        world.nobody.using(form=form).call("tasksGetList"),
        world.nobody.using(form=form).call("authenticationSignIn", login="x"),
        admin.with_session(world.guid()).call("metainfoGetStatuses"),
        raw.send(admin, "projectsAdd", query=(("retType", form),), method="PUT"),
    ]


@clause("FP-ERROR-01", "FP-ERROR-02", "FP-ERROR-03")
@pytest.mark.parametrize("form", FORMS)
def test_the_envelope(target: Target, form: str) -> None:
    """A refusal has the status fail, an error in words, and its HTTP status as code."""
    with target.world() as world:
        for reply in offered(world, form):
            told = reply.refused().data
            with judging("FP-ERROR-01"):
                assert told["status"] == "fail", reply.summary
            with judging("FP-ERROR-02"):
                assert isinstance(told["error"], str), reply.summary
                assert told["error"].strip(), reply.summary
            assert told["code"] == reply.status, reply.summary


@clause("FP-ERROR-01", "FP-ERROR-02", "FP-ERROR-03", "FP-ERROR-04")
@pytest.mark.parametrize("name", SECURED)
def test_the_envelope_of_each_operation(target: Target, name: str) -> None:
    """The refusal of each operation is one that says so."""
    with target.world() as world:
        with judging("FP-ERROR-04"):
            told = world.nobody.call(name).refused()
        with judging("FP-ERROR-01"):
            assert told["status"] == "fail"
        with judging("FP-ERROR-02"):
            assert told["error"]
        assert told["code"] == told.status


@clause("FP-ERROR-04", "FP-ERROR-05")
@pytest.mark.parametrize("name", EVERY)
def test_refusals_have_a_status(target: Target, name: str) -> None:
    """A refusal has a status between 400 and 499, and none comes with a success's."""
    with target.world() as world:
        for who in (world.nobody, world.admin, world.client):
            reply = who.call(name)
            assert reply.status in (*OK, *FAIL), reply.summary
            if reply.status in OK and reply.is_json:
                assert "error" not in reply.data, reply.summary


@clause("FP-ERROR-06")
@pytest.mark.parametrize("form", FORMS)
def test_statuses_of_refusals(target: Target, form: str) -> None:
    """A refusal's status is 400, 401, 403 or 404, or one that HTTP itself gives."""
    with target.world() as world:
        for reply in offered(world, form):
            assert reply.refused().status in STATUSES, reply.summary


@clause("FP-ERROR-08")
@pytest.mark.parametrize(("name", "parameter"), NEEDING)
def test_missing_parameters(target: Target, name: str, parameter: str) -> None:
    """A parameter that is missing is refused with 400."""
    with target.world() as world:
        parameters = example(world, name)
        parameters.pop(parameter)
        world.admin.call(name, **parameters).refused(400)


@clause("FP-ERROR-08")
@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("action", ["Update", "Remove"])
def test_an_empty_id(target: Target, noun: str, action: str) -> None:
    """An empty id is refused, and is nobody's."""
    with target.world() as world:
        name = f"{CONTROLLERS[noun]}{action}"
        word = f"{noun}[id]" if action == "Update" else "id"
        before = everything(world)
        world.admin.call(name, **{word: ""}).refused()
        assert everything(world) == before


@clause("FP-ERROR-09")
@pytest.mark.parametrize("noun", NOUNS)
def test_an_update_without_an_id(target: Target, noun: str) -> None:
    """An update without the id of what is updated fails."""
    with target.world() as world:
        new(world.admin, noun)
        fields = bracketed(noun, least(world.admin, noun))
        before = everything(world)
        world.admin.call(f"{CONTROLLERS[noun]}Update", **fields).refused()
        assert everything(world) == before


@clause("FP-ERROR-10")
@pytest.mark.parametrize("noun", NAMED)
@pytest.mark.parametrize("name", ["", " ", "\t", "\r\n", " \n ", "\u00a0", "\u3000"])
def test_names_of_nothing(target: Target, noun: str, name: str) -> None:
    """A name of white space only is refused with 400."""
    with target.world() as world:
        refused_both_ways(world.admin, noun, 400, name=name)


@clause("FP-ERROR-10")
@pytest.mark.parametrize("noun", NAMED)
def test_without_a_name(target: Target, noun: str) -> None:
    """A project, task or group without a name is refused with 400."""
    with target.world() as world:
        world.admin.add(noun).refused(400)
        world.admin.add(noun, description="a description").refused(400)


def absent(world: World, noun: str, how: str) -> str:
    """An id that nothing of the kind has. Raises `NotJudgedError`."""
    if how == "removed":
        number: str = new(world.admin, noun)["id"]
        world.admin.remove(noun, number).arranged()
        return number
    odd = {"no number": "x", "nothing like it": f"-{NO_ID}"}
    return odd.get(how, str(NO_ID))


@clause("FP-ERROR-11")
@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("how", GONE)
def test_what_is_not_there(target: Target, noun: str, how: str) -> None:
    """What is not there is refused with 404, by getting, changing and removing it."""
    with target.world() as world:
        number = absent(world, noun, how)
        before = everything(world)
        world.admin.get(noun, number).refused(404)
        world.admin.change(noun, number).refused(404)
        world.admin.remove(noun, number).refused(404)
        assert everything(world) == before


@clause("FP-ERROR-11")
@pytest.mark.parametrize("number", [NO_ID, "x", "0", "1e3", "²", "-1"])
@pytest.mark.parametrize("name", ["activityRemoveFile", "activityDownloadFile"])
def test_files_that_are_not_there(target: Target, name: str, number: object) -> None:
    """A file that is not there is refused with 404."""
    with target.world() as world:
        world.admin.call(name, id=str(number)).refused(404)


@clause("FP-ERROR-11")
def test_others_that_are_not_there(target: Target) -> None:
    """An address that nobody has, and an activity that is not there, are 404."""
    with target.world() as world:
        world.admin.call("usersGetByEmail", email=world.address()).refused(404)
        world.admin.attach(NO_ID, a_file()).refused(404)
        gone = absent(world, "activity", "removed")
        world.admin.attach(gone, a_file()).refused(404)


@clause("FP-ERROR-11")
@given(number=st.text(NO_DIGITS, min_size=1))
def test_ids_that_are_no_numbers(target: Target, number: str) -> None:
    """What is named by an id that is no number is refused with 404."""
    with target.world() as world:
        for noun in NOUNS:
            world.admin.get(noun, number).refused(404)


def hidden_things(world: World, who: Actor) -> dict[str, str]:
    """The ids of things that `who` does not see. Raises `NotJudgedError`."""
    project = world.admin.made("project", hidden=True)["id"]
    task = world.admin.made("task", projectId=project, hidden=True)["id"]
    note = world.admin.made("activity", taskId=task)["id"]
    return {"project": project, "task": task, "activity": note}


@clause("FP-ERROR-12")
@pytest.mark.parametrize("noun", ["project", "task", "activity"])
@pytest.mark.parametrize("who", ["user", "external", "client"])
def test_what_is_not_seen(target: Target, noun: str, who: str) -> None:
    """What the caller may not see is refused with 404, as what is not there."""
    with target.world() as world:
        actor = getattr(world, who)
        number = hidden_things(world, actor)[noun]
        before = everything(world)
        for call in (actor.get, actor.change, actor.remove):
            unseen, nothing = call(noun, number), call(noun, NO_ID)
            told = unseen.refused(404)["error"].replace(number, "")
            assert told == nothing.refused(404)["error"].replace(str(NO_ID), "")
        assert everything(world) == before


@clause("FP-ERROR-12")
@pytest.mark.parametrize("who", ["external", "client"])
def test_groups_that_are_not_seen(target: Target, who: str) -> None:
    """A group that the caller may not see is refused with 404."""
    with target.world() as world:
        group = world.admin.made("group")["id"]
        getattr(world, who).get("group", group).refused(404)


@clause("FP-ERROR-13")
@pytest.mark.parametrize("noun", ["project", "task", "activity"])
def test_what_is_not_allowed(target: Target, noun: str) -> None:
    """What the caller sees and may not do is refused with 403."""
    with target.world() as world:
        number = new(world.admin, noun)["id"]
        world.user.get(noun, number).expect(200)
        before = everything(world)
        world.user.change(noun, number, name="mine").refused(403)
        world.user.remove(noun, number).refused(403)
        assert everything(world) == before


BROKEN: dict[str, dict[str, Any]] = {
    "project": {"priority": 5, "team": [NO_ID], "groupId": NO_ID, "ownerId": NO_ID},
    "task": {"progress": 101, "projectId": NO_ID, "parentId": NO_ID, "team": "x"},
    "activity": {"type": "nothing", "date": "x", "hoursDone": -1, "notifyUsers": NO_ID},
    "group": {"name": " "},
    "user": {"securityLevel": "1", "canViewProfiles": "x", "comment": "\0"},
}


@clause("FP-ERROR-14")
@pytest.mark.parametrize(
    ("noun", "name"), [(noun, name) for noun in BROKEN for name in BROKEN[noun]]
)
def test_a_refusal_changes_nothing(target: Target, noun: str, name: str) -> None:
    """A refused request changes nothing, whatever else it asked for."""
    with target.world() as world:
        world.freeze()
        number, fields = new(world.admin, noun)["id"], least(world.admin, noun)
        changes = {"description": "changed", "text": "changed", "lastName": "changed"}
        before = everything(world)
        world.advance(60)
        sent = {**fields, **changes, name: BROKEN[noun][name]}
        world.admin.add(noun, **sent).refused()
        world.admin.change(noun, number, **sent).refused()
        world.admin.remove(noun, NO_ID).refused()
        assert everything(world) == before


@clause("FP-ERROR-14")
def test_refused_files_are_not_attached(target: Target) -> None:
    """Attaching that is refused attaches none of the files."""
    with target.world() as world:
        activity = new(world.admin, "activity")["id"]
        before = everything(world)
        words = {**parts(a_file(), a_file()), "files[2][name]": None}
        world.admin.call("activityAttachFiles", activityId=activity, **words).refused()
        assert everything(world) == before


REFERENCES = [
    certain("project", "groupId"),
    ("project", "ownerId"),
    ("project", "team"),
    ("project", "notifyUsers"),
    certain("task", "groupId"),
    ("task", "ownerId"),
    ("task", "team"),
    ("task", "notifyUsers"),
    ("task", "projectId"),
    ("task", "parentId"),
]


@clause("FP-ERROR-15")
@pytest.mark.parametrize(("noun", "name"), REFERENCES)
def test_references_to_nothing(target: Target, noun: str, name: str) -> None:
    """A reference to what is not there is refused with 404."""
    with target.world() as world:
        refused_both_ways(world.admin, noun, 404, **{name: NO_ID})


@clause("FP-ERROR-15")
@pytest.mark.parametrize("name", ["taskId", "projectId"])
def test_activities_on_nothing(target: Target, name: str) -> None:
    """An activity on what is not there is refused with 404."""
    with target.world() as world:
        world.admin.add("activity", type="msg", **{name: NO_ID}).refused(404)


@clause("FP-ERROR-15")
def test_references_to_somebody_else(target: Target) -> None:
    """Among people, one who is not there is enough."""
    with target.world() as world:
        team = [world.user.number, NO_ID, world.client.number]
        refused_both_ways(world.admin, "project", 404, team=team)
        gone = newcomer(world)
        world.admin.remove("user", gone.id).arranged()
        refused_both_ways(world.admin, "task", 404, team=[gone.number])
        refused_both_ways(world.admin, "task", 404, ownerId=gone.number)


@clause("FP-ERROR-15")
@pytest.mark.parametrize("name", ["taskId", "projectId"])
def test_activities_on_what_is_not_seen(target: Target, name: str) -> None:
    """An activity on what the caller does not see is refused with 404."""
    with target.world() as world:
        number = hidden_things(world, world.user)[name.removesuffix("Id")]
        before = everything(world)
        world.user.add("activity", type="msg", **{name: number}).refused(404)
        assert everything(world) == before


@clause("FP-ERROR-15")
@pytest.mark.parametrize("name", ["projectId", "parentId"])
def test_tasks_below_what_is_not_seen(target: Target, name: str) -> None:
    """A task in a project, or below a task, that the caller does not see is 404."""
    with target.world() as world:
        noun = {"projectId": "project", "parentId": "task"}[name]
        number = hidden_things(world, world.user)[noun]
        mine = world.user.made("task")["id"]
        before = everything(world)
        world.user.add("task", name="mine", **{name: number}).refused(404)
        world.user.change("task", mine, **{name: number}).refused(404)
        assert everything(world) == before


def odd_pairs() -> st.SearchStrategy[list[tuple[str, str]]]:
    """Parameters of any operation, and such as nobody knows, with any values."""
    names = st.sampled_from(PARAMETERS) | st.text(NO_DIGITS, max_size=6)
    values = st.text(max_size=12) | st.integers().map(str)
    return st.lists(st.tuples(names, values), max_size=4)


@clause("FP-ERROR-07")
@given(
    name=st.sampled_from(EVERY), pairs=odd_pairs(), place=st.sampled_from(raw.PLACES)
)
def test_any_parameters(
    target: Target, name: str, pairs: list[tuple[str, str]], place: str
) -> None:
    """Nothing that a client sends makes the server fail."""
    with target.world() as world:
        sent = raw.written(place, tuple((key.replace('"', ""), v) for key, v in pairs))
        method = OPERATIONS[name].method if place == "query" else "POST"
        reply = raw.send(world.admin, name, method=method, **sent)
        assert reply.status < 500, reply.summary
