"""XML and JSON: two forms of one tree."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging, resting_on
from tasktwin_contract.fivepm import raw
from tasktwin_contract.fivepm.cast import FORMS
from tasktwin_contract.fivepm.examples import (
    EVERY,
    POSTED,
    READING,
    XML,
    caller,
    example,
)
from tasktwin_contract.fivepm.steps import (
    FIELDS,
    NO_ID,
    NOUNS,
    a_file,
    added,
    changed,
    filled,
    new,
)
from tasktwin_contract.fivepm.texts import texts
from tasktwin_contract.reply import Reply
from tasktwin_contract.target import Target, World

TYPES = {"xml": "application/xml", "json": "application/json"}
WRITING = [name for name in XML if name not in READING]
ANSWERING_BYTES = [name for name in EVERY if name not in XML]
REFUSED: dict[int, tuple[str, dict[str, Any]]] = {
    400: ("projectsGetList", {"offset": -1}),
    401: ("projectsGetList", {}),
    403: ("projectsAdd", {"project[name]": "mine"}),
    404: ("projectsGetById", {"id": NO_ID}),
}
LEAVABLE = {name for rules in FIELDS.values() for name in rules} - {
    *("projectId", "taskId", "type", "firstName")
}
OBJECTS = ("project", "task", "user", "activity")


def asked(world: World, name: str, form: str, **parameters: Any) -> Reply:
    """The answer of an operation in that form."""
    return caller(world, name).using(form=form).call(name, **parameters)


@clause("FP-FORM-01")
@pytest.mark.parametrize("name", XML)
def test_the_form_of_an_answer(target: Target, name: str) -> None:
    """An answer is XML, and JSON where retType=json is sent."""
    for form, kind in TYPES.items():
        with target.world() as world:
            reply = asked(world, name, form, **example(world, name)).expect(200)
            assert reply.media_type == kind


@clause("FP-FORM-01")
@pytest.mark.parametrize("name", POSTED)
@pytest.mark.parametrize("place", ["form", "multipart"])
def test_the_form_said_in_a_body(target: Target, name: str, place: str) -> None:
    """retType counts in a form too, whether the call succeeds or is refused."""
    with target.world() as world:
        sent = example(world, name)
        asked = {"form": "json", "via": place}
        with resting_on("FP-CALL-07" if place == "multipart" else None):
            reply = caller(world, name).using(**asked).call(name, **sent).expect(200)
            assert reply.media_type == TYPES["json"]
            with resting_on("FP-FORM-16"):
                reply = world.nobody.using(**asked).call(name, **sent)
                assert reply.media_type == TYPES["json"]


@clause("FP-FORM-01")
@pytest.mark.parametrize("name", XML)
def test_without_a_form(target: Target, name: str) -> None:
    """An answer is XML where nothing else is asked for."""
    with target.world() as world:
        words = {**example(world, name), "retType": None}
        reply = caller(world, name).call(name, **words).expect(200)
        assert reply.media_type == TYPES["xml"]
        assert raw.root_of(reply).tag == "response"


@clause("FP-FORM-01")
@pytest.mark.parametrize("name", ANSWERING_BYTES)
@pytest.mark.parametrize("form", [*FORMS, None])
def test_bytes_have_no_form(target: Target, name: str, form: str | None) -> None:
    """The bytes of files are neither XML nor JSON, whatever is asked for."""
    with target.world() as world:
        words = {**example(world, name), "retType": form}
        reply = world.admin.call(name, **words).expect(200)
        assert reply.body == b"Cups & saucers."


@clause("FP-FORM-02", "FP-FORM-03")
@pytest.mark.parametrize("name", XML)
def test_xml_is_well_formed(target: Target, name: str) -> None:
    """An XML answer is well-formed UTF-8 whose root is response, and declares nothing.

    A refusal is so too.
    """
    with target.world() as world:
        reply = asked(world, name, "xml", **example(world, name)).expect(200)
        refused = world.nobody.using(form="xml").call(name).refused()
        with judging("FP-FORM-02"):
            assert raw.root_of(reply).tag == raw.root_of(refused).tag == "response"


@clause("FP-FORM-02", "FP-FORM-03")
@given(text=texts())
def test_xml_is_well_formed_around_any_text(target: Target, text: str) -> None:
    """An XML answer is well-formed whatever text it holds."""
    with target.world() as world:
        number = new(world.admin, "project", name=text)["id"]
        admin = world.admin.using(form="xml")
        with judging("FP-FORM-02"):
            shown = raw.root_of(admin.get("project", number))
            assert shown.findtext("name") is not None
            listed = raw.root_of(admin.page("project", name=text))
            items = listed.findall("items/project")
            assert [item.findtext("id") for item in items] == [number]


@clause("FP-FORM-04", "FP-FORM-05")
@pytest.mark.parametrize("name", XML)
def test_a_success_says_ok(target: Target, name: str) -> None:
    """A success has the status ok as an attribute of its root in XML."""
    with target.world() as world:
        reply = asked(world, name, "xml", **example(world, name)).expect(200)
        assert raw.root_of(reply).get("status") == "ok"


@clause("FP-FORM-04")
@pytest.mark.parametrize(
    "name", [name for name in XML if not name.startswith(("projects", "tasks"))]
)
def test_a_success_says_ok_in_json(target: Target, name: str) -> None:
    """A success has the status ok beside the object's fields in JSON."""
    with target.world() as world:
        reply = asked(world, name, "json", **example(world, name)).expect(200)
        assert reply["status"] == "ok"


@clause("FP-FORM-05", "FP-FORM-06")
@pytest.mark.parametrize("noun", ["project", "task"])
@pytest.mark.parametrize("status", [10, 20, 30])
def test_a_status_of_its_own(target: Target, noun: str, status: int) -> None:
    """Where the object has a status of its own, JSON holds that, XML both."""
    with target.world() as world:
        number = new(world.admin, noun, status=status)["id"]
        assert world.admin.using(form="json").shown(noun, number)["status"] == status
        root = raw.root_of(world.admin.using(form="xml").get(noun, number))
        assert (root.get("status"), root.findtext("status")) == ("ok", str(status))


@clause("FP-FORM-07")
@pytest.mark.parametrize("name", [name for name in READING if name in XML])
def test_both_forms_of_what_is_read(target: Target, name: str) -> None:
    """XML and JSON of one request carry the same data, read by the contract's types."""
    with target.world() as world:
        for noun in NOUNS:
            added(world.admin, noun, **filled(world, noun))
        parameters = example(world, name)
        xml, json = (asked(world, name, form, **parameters) for form in FORMS)
        assert _tree(xml) == _tree(json)


@clause("FP-FORM-07")
@pytest.mark.parametrize("name", WRITING)
def test_both_forms_of_what_is_written(target: Target, name: str) -> None:
    """XML and JSON of one change carry the same data, told in worlds alike."""
    with target.world() as world:
        world.freeze()
        parameters = example(world, name)
        with target.copy(world) as other:
            xml, json = (
                asked(w, name, form, **parameters)
                for w, form in zip((world, other), FORMS, strict=True)
            )
        assert _tree(xml) == _tree(json)


def _tree(reply: Reply) -> Any:
    """What was answered; a session is a new one each time."""
    data = reply.expect(200).data
    return {key: value for key, value in data.items() if key != "sessionId"}


@clause("FP-FORM-07")
@given(
    noun=st.sampled_from(NOUNS),
    text=texts(),
    left_out=st.sets(st.sampled_from(sorted(LEAVABLE))),
)
def test_both_forms_of_objects(
    target: Target, noun: str, text: str, left_out: set[str]
) -> None:
    """XML and JSON of an object carry the same data, whatever it holds."""
    with target.world() as world:
        fields = filled(world, noun)
        for name in left_out & fields.keys():
            del fields[name]
        texted = {"name", "text", "title"} & fields.keys()
        fields |= dict.fromkeys(texted, text)
        number = new(world.admin, noun, **fields)["id"]
        xml, json = (world.admin.using(form=f).get(noun, number) for f in FORMS)
        assert xml.expect(200).data == json.expect(200).data


@clause("FP-FORM-07")
@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_both_forms_of_refusals(target: Target, status: int) -> None:
    """XML and JSON of a refusal carry the same data."""
    with target.world() as world:
        xml, json = (_refused(world, status, form) for form in FORMS)
        assert xml.data == json.data


def _refused(world: World, status: int, form: str) -> Reply:
    who = {401: world.nobody, 403: world.client}.get(status, world.admin)
    name, parameters = REFUSED[status]
    reply: Reply = who.using(form=form).call(name, **parameters).refused(status)
    return reply


@clause("FP-FORM-08")
@pytest.mark.parametrize("noun", OBJECTS)
def test_attributes_without_a_value(target: Target, noun: str) -> None:
    """An attribute without a value is an absent element in XML, and null in JSON."""
    with target.world() as world:
        number = new(world.admin, noun)["id"]
        data = world.admin.using(form="json").shown(noun, number)
        root = raw.root_of(world.admin.using(form="xml").get(noun, number))
        absent = [name for name, value in data.items() if value is None]
        assert absent, "something has no value"
        assert not [name for name in absent if root.find(name) is not None]


@clause("FP-FORM-09")
@pytest.mark.parametrize("noun", [*NOUNS])
def test_an_attribute_is_an_element(target: Target, noun: str) -> None:
    """In XML each attribute of an object is one element, named as the attribute."""
    with target.world() as world:
        number = added(world.admin, noun, **filled(world, noun))["id"]
        data = dict(world.admin.using(form="json").get(noun, number).data)
        root = raw.root_of(world.admin.using(form="xml").get(noun, number))
        data.pop("status")
        held = sorted(name for name, value in data.items() if value is not None)
        found = sorted(child.tag for child in root if child.tag != "status")
        assert found == held


@clause("FP-FORM-10")
@pytest.mark.parametrize("hidden", [True, False])
def test_booleans(target: Target, hidden: bool) -> None:
    """In XML a boolean is 1 or 0; in JSON it is true or false."""
    with target.world() as world:
        number = new(world.admin, "project", hidden=hidden)["id"]
        assert (
            world.admin.using(form="json").shown("project", number)["hidden"] is hidden
        )
        root = raw.root_of(world.admin.using(form="xml").get("project", number))
        assert root.findtext("hidden") == str(int(hidden))
        assert root.findtext("can_edit") == "1"


@clause("FP-FORM-11")
def test_empty_lists(target: Target) -> None:
    """An empty list is an empty element in XML, and an empty array in JSON."""
    with target.world() as world:
        number = new(world.admin, "project", team="")["id"]
        xml, json = (world.admin.using(form=form) for form in FORMS)
        assert json.shown("project", number)["team"] == []
        team = raw.root_of(xml.get("project", number)).find("team")
        assert team is not None
        assert len(team) == 0
        words = {"name": world.guid()}
        assert json.page("project", **words)["items"] == []
        items = raw.root_of(xml.page("project", **words)).find("items")
        assert items is not None
        assert len(items) == 0


@clause("FP-FORM-11")
def test_empty_lists_in_lists(target: Target) -> None:
    """An object in a list has an empty team, notified users and files alike."""
    with target.world() as world:
        project = new(world.admin, "project", name=world.guid())
        xml, json = (world.admin.using(form=form) for form in FORMS)
        words = {"name": project["name"], "loadTeam": 1}
        items = raw.root_of(xml.page("project", **words)).findall("items/project")
        found = [
            [*item.iterfind("team"), *item.iterfind("notifyUsers")] for item in items
        ]
        assert [[len(part) for part in parts] for parts in found] == [[0, 0]]
        listed = json.listed("project", **words)[project["id"]]
        assert (listed["team"], listed["notifyUsers"]) == ([], [])


@clause("FP-FORM-07", "FP-FORM-11")
def test_both_forms_of_files(target: Target) -> None:
    """XML and JSON carry the same files of an activity, none as well."""
    with target.world() as world:
        activity = new(world.admin, "activity")["id"]
        for _ in "abc":
            xml, json = (world.admin.using(form=f) for f in FORMS)
            assert xml.shown("activity", activity) == json.shown("activity", activity)
            world.admin.attached(activity, a_file(name="a <b>.txt"))


@clause("FP-FORM-16")
@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_a_refusal(target: Target, form: str) -> None:
    """A refusal comes in the form that was asked for."""
    with target.world() as world:
        wrong = world.admin.with_session(world.guid())
        for reply in (
            world.admin.using(form=form).add("project").refused(),
            world.nobody.using(form=form).call("metainfoGetStatuses").refused(),
            wrong.using(form=form).call("metainfoGetStatuses").refused(),
            _somewhere(world.admin, form).refused(),
            raw.send(
                world.admin, "projectsAdd", query=(("retType", form),), method="GET"
            ).refused(),
        ):
            kind = reply.media_type
            assert kind == TYPES[form], reply.summary


@clause("FP-FORM-16")
def test_the_form_of_a_refusal_where_none_is_asked_for(target: Target) -> None:
    """A refusal is XML where no form was asked for."""
    with target.world() as world:
        plain = world.request("GET", "/api/v2/service/get/nothing/getAll").refused()
        assert raw.root_of(plain).get("status") == "fail"
        reply = world.nobody.call("metainfoGetStatuses", retType=None).refused()
        assert raw.root_of(reply).get("status") == "fail"


def _somewhere(actor: Actor, form: str) -> Reply:
    """The answer at a path where nothing is."""
    query = (("retType", form), ("sessionId", actor.session_id))
    return actor.world.request("GET", "/api/v2/service/get/nothing/getAll", query=query)


@clause("FP-FORM-17")
def test_xml_may_be_asked_for(target: Target) -> None:
    """retType=xml asks for XML."""
    with target.world() as world:
        reply = world.admin.call("metainfoGetStatuses", retType="xml").expect(200)
        assert raw.root_of(reply).get("status") == "ok"


@clause("FP-FORM-17")
@pytest.mark.parametrize("form", ["yaml", "XML", "Json", "", "jsonp", "json,xml"])
def test_other_forms(target: Target, form: str) -> None:
    """Any value of retType but xml and json is refused with 400, in XML."""
    with target.world() as world:
        reply = world.admin.call("metainfoGetStatuses", retType=form).refused(400)
        assert raw.root_of(reply).get("status") == "fail"


@clause("FP-FORM-18")
@pytest.mark.parametrize("place", raw.PLACES[1:])
@pytest.mark.parametrize("form", FORMS)
def test_the_form_in_a_form(target: Target, place: str, form: str) -> None:
    """retType may also stand in the form of a POST."""
    with target.world() as world:
        admin = world.admin.using(via=place, form=form)
        reply = admin.add("project", name="a name").expect(200)
        assert reply.media_type == TYPES[form]
        admin.add("project").refused(400)


@clause("FP-FORM-08")
def test_values_that_were_cleared(target: Target) -> None:
    """An attribute that lost its value is an absent element in XML, null in JSON."""
    with target.world() as world:
        number = added(world.admin, "task", **filled(world, "task"))["id"]
        cleared = changed(world.admin, "task", number, endDate="", tags="")
        assert (cleared["endDate"], cleared["tags"]) == (None, None)
        root = raw.root_of(world.admin.using(form="xml").get("task", number))
        assert [root.find(name) for name in ("endDate", "tags")] == [None, None]
        data = dict(world.admin.using(form="json").get("task", number).data)
        assert {"endDate": None, "tags": None}.items() <= data.items()
