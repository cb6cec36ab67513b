"""Where operations are served, and where their parameters may come from."""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import FORM
from tasktwin_contract.clauses import clause
from tasktwin_contract.fivepm import raw
from tasktwin_contract.fivepm.cast import CONTROLLERS, bracketed, entries
from tasktwin_contract.fivepm.examples import (
    ALIASES,
    EVERY,
    OPERATIONS,
    SECURED,
    caller,
    example,
)
from tasktwin_contract.fivepm.steps import (
    NOUNS,
    added,
    changed,
    everything,
    filled,
    least,
    new,
    only,
)
from tasktwin_contract.reply import Reply
from tasktwin_contract.rows import table
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target, World

FIXED = {"taskId", "projectId", "type"}
BASE = "/api/v2/service"
SETTLED = [name for name in EVERY if name not in ALIASES]
DOUBTFUL = sorted({str(OPERATIONS[name].alias_of) for name in ALIASES})
BOTH_LINES = [
    *("projectsGetById", "projectsGetByIdAtPostByGet"),
    *("projectsGetAll", "projectsGetAllAtPostByGet"),
    *("projectsGetList", "projectsGetListAtPostByGet"),
    *("activityRemoveFile", "activityRemoveFileAtGet"),
    *("activityDownloadFile", "activityDownloadFileAtPost"),
]
TEXTS_ONLY = [
    name
    for name in EVERY
    if OPERATIONS[name].method == "POST" and not OPERATIONS[name].takes_files
]
BRACKETS = ["project[name]", "project%5Bname%5D", "project%5bname]"]
UNKNOWN = {
    "project[nothing]": "1",
    "project[name][deep]": "1",
    "project": "name",
    "nothing[name]": "1",
    "name": "another",
}
SERVERS_OWN: dict[str, dict[str, Any]] = {
    "project": {
        "createdAt": "2001-01-01 00:00:00",
        "updatedAt": "2001-01-01 00:00:00",
        "can_edit": False,
    },
    "task": {
        "createdAt": "2001-01-01 00:00:00",
        "updatedAt": "2001-01-01 00:00:00",
        "can_edit": False,
        "hoursDone": 99,
        "parentName": "no parent",
    },
    "activity": {
        "createdAt": "2001-01-01 00:00:00",
        "updatedAt": "2001-01-01 00:00:00",
        "taskName": "no task",
        "projectName": "no project",
        "files": "x",
    },
}


def served(target: Target, name: str) -> Reply:
    """The answer of an operation to a call that has to succeed."""
    with target.world() as world:
        return caller(world, name).call(name, **example(world, name)).expect(200)


@clause("FP-CALL-01", "FP-CALL-02")
@pytest.mark.parametrize("name", SETTLED)
def test_where_operations_are(target: Target, name: str) -> None:
    """Every operation is served below /api/v2/service, by the method of its path."""
    operation = OPERATIONS[name]
    assert operation.path.startswith(f"/{operation.method.lower()}/")
    served(target, name)


@clause("FP-CALL-03")
@pytest.mark.parametrize("name", BOTH_LINES)
def test_the_paths_of_heading_and_line(target: Target, name: str) -> None:
    """Where heading and line disagree, the operation is served under both paths."""
    served(target, name)


@clause("FP-CALL-04")
@pytest.mark.parametrize("name", ALIASES)
def test_both_paths_by_both_methods(target: Target, name: str) -> None:
    """Where heading and line disagree, both paths are served by GET and by POST."""
    served(target, name)


@clause("FP-CALL-04")
@pytest.mark.parametrize("name", ALIASES)
def test_both_paths_do_the_same(target: Target, name: str) -> None:
    """An operation answers and does the same under each of its paths and methods."""
    with target.world() as world:
        parameters = example(world, name)
        with target.copy(world) as other:
            one = other.admin.using(form="json").call(name, **parameters)
            other_left = everything(other)
        main = str(OPERATIONS[name].alias_of)
        two = world.admin.using(form="json").call(main, **parameters)
        assert one.body == two.body
        assert other_left == everything(world)


@clause("FP-CALL-04")
@pytest.mark.parametrize("name", ALIASES)
@pytest.mark.parametrize("place", raw.PLACES)
def test_each_path_takes_parameters_anywhere(
    target: Target, name: str, place: str
) -> None:
    """Each path takes its parameters from the query, and POST from a form too."""
    place = place if OPERATIONS[name].method == "POST" else "query"
    with target.world() as world:
        world.admin.using(via=place).call(name, **example(world, name)).expect(200)


@clause("FP-CALL-05")
@pytest.mark.parametrize("name", TEXTS_ONLY)
def test_parameters_in_the_query(target: Target, name: str) -> None:
    """Parameters may come in the query, with POST too."""
    with target.world() as world:
        who = caller(world, name).using(via="query")
        who.call(name, **example(world, name)).expect(200)


@clause("FP-CALL-05", "FP-CALL-06", "FP-CALL-07", "FP-CALL-08")
@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("place", raw.PLACES)
def test_attributes_come_in_brackets(target: Target, noun: str, place: str) -> None:
    """Attributes in brackets may come in the query, in a form or in a multipart one."""
    with target.world() as world:
        fields = filled(world, noun)
        shown = added(world.admin.using(via=place), noun, **fields)
        assert only(shown, fields) == {k: v for k, v in fields.items() if k in shown}


@clause("FP-CALL-06")
@pytest.mark.parametrize("name", TEXTS_ONLY)
def test_parameters_in_a_form(target: Target, name: str) -> None:
    """Parameters of a POST may come as a URL-encoded form."""
    with target.world() as world:
        who = caller(world, name).using(via="form")
        who.call(name, **example(world, name)).expect(200)


@clause("FP-CALL-07")
@pytest.mark.parametrize("name", TEXTS_ONLY)
def test_parameters_in_a_multipart_form(target: Target, name: str) -> None:
    """Parameters of a POST may come as a multipart form."""
    with target.world() as world:
        who = caller(world, name).using(via="multipart")
        who.call(name, **example(world, name)).expect(200)


@clause("FP-CALL-08")
@pytest.mark.parametrize("noun", NOUNS)
def test_attributes_without_their_noun(target: Target, noun: str) -> None:
    """An attribute without its noun, or behind another one, is none."""
    with target.world() as world:
        fields = least(world.admin, noun)
        operation = f"{CONTROLLERS[noun]}Add"
        world.admin.call(operation, **fields).refused()
        world.admin.call(operation, **bracketed("thing", fields)).refused()


@clause("FP-CALL-09")
@given(place=st.sampled_from(raw.PLACES[1:]), body=titles(40), query=titles(40))
def test_the_body_counts(target: Target, place: str, body: str, query: str) -> None:
    """A parameter of the body counts over its namesake in the query."""
    with target.world() as world:
        parts = raw.written(place, (("project[name]", body),))
        parts["query"] = (("project[name]", query), ("project[tags]", query))
        made = raw.send(world.admin, "projectsAdd", **parts).expect(200)
        shown = world.admin.shown("project", made["id"])
        assert (shown["name"], shown["tags"]) == (body, query)


@clause("FP-CALL-10")
@given(
    place=st.sampled_from(raw.PLACES),
    names=st.lists(titles(20), min_size=2, max_size=4),
)
def test_the_last_of_its_name_counts(
    target: Target, place: str, names: list[str]
) -> None:
    """Of a parameter sent twice the last one counts."""
    with target.world() as world:
        pairs = tuple(("project[name]", name) for name in names)
        parts = raw.written(place, pairs)
        made = raw.send(world.admin, "projectsAdd", **parts).expect(200)
        assert world.admin.shown("project", made["id"])["name"] == names[-1]


@clause("FP-CALL-11")
@pytest.mark.parametrize("name", BRACKETS)
def test_brackets_may_be_escaped(target: Target, name: str) -> None:
    """Brackets that are escaped as %5B and %5D say the same as plain ones."""
    with target.world() as world:
        body = f"{name}={quote('Cups & saucers')}".encode()
        made = raw.send(world.admin, "projectsAdd", kind=FORM, body=body).expect(200)
        assert made["name"] == "Cups & saucers"


@clause("FP-CALL-12")
@pytest.mark.parametrize("place", raw.PLACES)
@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_attributes(target: Target, place: str, name: str) -> None:
    """An unknown parameter or attribute is ignored."""
    with target.world() as world:
        admin = world.admin.using(via=place)
        sent = {"project[name]": "a name", name: UNKNOWN[name]}
        made = admin.call("projectsAdd", **sent).expect(200)
        plain = added(admin, "project")
        shown = admin.shown("project", made["id"])
        drawn = ("id", "createdAt", "updatedAt")
        assert {**shown, **{key: plain[key] for key in drawn}} == plain


@clause("FP-CALL-12")
@given(value=titles(10))
@pytest.mark.parametrize("name", ["nothing", "page", "offset2", "project[name]"])
def test_unknown_parameters_of_a_list(target: Target, name: str, value: str) -> None:
    """An unknown parameter of a list is ignored."""
    with target.world() as world:
        number = new(world.admin, "project")["id"]
        reply = world.admin.call("projectsGetAll", **{name: value}).expect(200)
        assert number in [item["id"] for item in entries(reply)]


@clause("FP-CALL-13")
@pytest.mark.parametrize("noun", SERVERS_OWN)
def test_what_is_the_servers(target: Target, noun: str) -> None:
    """Attributes that are the server's are ignored where they are sent."""
    with target.world() as world:
        sent = SERVERS_OWN[noun]
        made = added(world.admin, noun, **sent)
        later = changed(world.admin, noun, made["id"], **sent)
        for shown in (made, later):
            told = {name: shown[name] for name in sent}
            same = [name for name, value in sent.items() if told[name] == value]
            assert not same, f"{noun} takes {same}"
        assert made["createdAt"] == later["createdAt"]


@clause("FP-CALL-13")
@pytest.mark.parametrize("noun", NOUNS)
def test_an_id_is_the_servers(target: Target, noun: str) -> None:
    """An id that is sent with what is new is ignored."""
    with target.world() as world:
        first = new(world.admin, noun)
        second = added(world.admin, noun, id=first["id"])
        assert second["id"] != first["id"]


@clause("FP-CALL-19")
@pytest.mark.parametrize("noun", NOUNS)
def test_what_is_answered_to_a_change(target: Target, noun: str) -> None:
    """Adding and updating answer the object as it is answered by its id."""
    with target.world() as world:
        fields = filled(world, noun)
        made = world.admin.add(noun, **least(world.admin, noun, **fields))
        number = made.expect(200)["id"]
        assert made.data == world.admin.get(noun, number).data
        other = new(world.admin, noun)["id"]
        fields.pop("email", None)
        answer = world.admin.change(noun, other, **fields).expect(200)
        assert answer.data == world.admin.get(noun, other).data


@clause("FP-CALL-20")
@given(noun=st.sampled_from(NOUNS), data=st.data())
def test_what_an_update_changes(target: Target, noun: str, data: st.DataObject) -> None:
    """An update changes what is sent, and nothing else but updatedAt."""
    with target.world() as world:
        fields = filled(world, noun)
        some = st.sets(st.sampled_from(sorted(fields.keys() - FIXED)))
        before = added(world.admin, noun, **_chosen(fields, data.draw(some)))
        values = _chosen(fields, data.draw(some))
        after = changed(world.admin, noun, before["id"], **values)
        expected = {**before, **values, **_following(world, values)}
        for name in ("updatedAt", "password"):
            expected.pop(name, None)
        assert {name: after[name] for name in expected} == expected


@clause("FP-CALL-20")
@pytest.mark.parametrize("noun", table(NOUNS, "project"))
def test_what_an_update_leaves(target: Target, noun: str) -> None:
    """An update of nothing changes nothing, and one of a word nothing else."""
    with target.world() as world:
        before = added(world.admin, noun, **filled(world, noun))
        word = {"activity": "text", "user": "comment"}.get(noun, "name")
        for sent in ({}, {word: "another"}):
            after = changed(world.admin, noun, before["id"], **sent)
            for shown in (before, after):
                shown.pop("updatedAt", None)
            assert after == {**before, **sent}


def _chosen(fields: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """These attributes; a task goes below another one in that one's project."""
    needed = {"projectId"} if "parentId" in names else set()
    return {name: fields[name] for name in names | needed}


def _following(world: World, values: dict[str, Any]) -> dict[str, Any]:
    """What of a task follows another attribute."""
    if "parentId" not in values:
        return {}
    return {"parentName": world.admin.stored("task", values["parentId"])["name"]}


@clause("FP-CALL-21")
@pytest.mark.parametrize("noun", table(NOUNS, "project"))
def test_ids_are_given_once(target: Target, noun: str) -> None:
    """No id is given twice, not after a removal either."""
    with target.world() as world:
        fields = least(world.admin, noun)
        seen: set[str] = set()
        for _ in range(4):
            number = world.admin.made(noun, **fields)["id"]
            assert number not in seen
            seen.add(number)
            world.admin.remove(noun, number).arranged()


@clause("FP-CALL-01", "FP-CALL-02")
@pytest.mark.parametrize("name", [name for name in SETTLED if name in SECURED])
def test_only_where_it_is(target: Target, name: str) -> None:
    """An operation is served under its path to the letter."""
    operation = OPERATIONS[name]
    with target.world() as world:
        query = (("sessionId", world.admin.session_id),)
        for path in (f"{BASE}{operation.path}s", f"/api/v2{operation.path}"):
            world.request(operation.method, path, query=query).refused()
