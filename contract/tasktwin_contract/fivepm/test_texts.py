"""Texts come back as they were sent, in XML and in JSON."""

from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.failures import only
from tasktwin_contract.fivepm import raw
from tasktwin_contract.fivepm.cast import FORMS, bracketed, parts
from tasktwin_contract.fivepm.steps import (
    FIELDS,
    NOUNS,
    a_file,
    added,
    everything,
    least,
    new,
)
from tasktwin_contract.fivepm.texts import FORBIDDEN, ODD, broken, marked, texts, white
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target, World

PLACES = st.sampled_from(raw.PLACES)
TEXTUAL = [
    (noun, name)
    for noun in NOUNS
    for name, rule in FIELDS[noun].items()
    if rule["type"] in ("string", ["string", "null"])
    and not {"pattern", "oneOf"} & rule.keys()
    and name not in ("email", "password")
]
"""Every attribute that holds any text."""

LETTERS = "🗂 é\u0301 日本 עברית \U0010fffd"
DOCUMENT = "<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///x'>]><r>&e;<![CDATA[<]]>&#60;\"</r>"


def comes_back(world: World, noun: str, name: str, text: str) -> None:
    """Demand that add and update keep a text, and that each form answers it."""
    made = added(world.admin, noun, **{name: text})["id"]
    other = new(world.admin, noun)["id"]
    world.admin.change(noun, other, **{name: text}).expect(200)
    for number in (made, other):
        for form in FORMS:
            shown = world.admin.using(form=form).shown(noun, number)
            assert shown[name] == text, f"{noun}[{name}] in {form}"


@clause("FP-FORM-12")
@given(text=marked(), field=st.sampled_from(TEXTUAL))
def test_markup_comes_back(target: Target, text: str, field: tuple[str, str]) -> None:
    """Text with markup, quotes, entities or a document type comes back as sent."""
    with target.world() as world:
        comes_back(world, *field, text)


@clause("FP-FORM-12")
@pytest.mark.parametrize(("noun", "name"), TEXTUAL)
def test_a_document_type_comes_back(target: Target, noun: str, name: str) -> None:
    """Text that is a whole document comes back as text."""
    with target.world() as world:
        comes_back(world, noun, name, DOCUMENT)


@clause("FP-FORM-12")
@given(text=marked(), place=PLACES)
def test_markup_in_lists(target: Target, text: str, place: str) -> None:
    """Markup comes back in lists, and in the names that follow others."""
    with target.world() as world:
        admin = world.admin.using(via=place)
        project = admin.made("project", name=text)["id"]
        task = admin.made("task", name=text, projectId=project)["id"]
        admin.made("task", name="below", projectId=project, parentId=task)
        admin.made("activity", type="msg", text=text, taskId=task)
        for form in FORMS:
            asked = world.admin.using(form=form)
            listed = only(asked.listed("activity", taskId=task, withNames=1).values())
            told = listed["text"], listed["taskName"], listed["projectName"]
            assert told == (text, text, text)
            below = only(asked.listed("task", parentId=task).values())
            assert below["parentName"] == text


@clause("FP-FORM-13")
@given(text=white(), field=st.sampled_from(TEXTUAL))
@hypothesis.example(text=ODD, field=("activity", "text"))
@hypothesis.example(text=ODD, field=("project", "name"))
def test_white_space_comes_back(
    target: Target, text: str, field: tuple[str, str]
) -> None:
    """White space comes back as it was sent, at either end of a text too."""
    with target.world() as world:
        comes_back(world, *field, text)


@clause("FP-FORM-13")
@pytest.mark.parametrize("text", ["a\rb", "\r\na", "a\n\r"])
def test_carriage_returns_are_references(target: Target, text: str) -> None:
    """A carriage return is written as a character reference in XML."""
    with target.world() as world:
        number = new(world.admin, "project", description=text)["id"]
        body = world.admin.using(form="xml").get("project", number).expect(200).body
        assert b"\r" not in body
        assert b"&#13;" in body or b"&#xd;" in body.lower()


@clause("FP-FORM-14")
@given(
    form=st.sampled_from(FORMS),
    text=broken(),
    field=st.sampled_from(TEXTUAL),
    place=PLACES,
)
def test_what_xml_cannot_carry(
    target: Target, form: str, text: str, field: tuple[str, str], place: str
) -> None:
    """Text that XML 1.0 cannot carry is refused with 400, and leaves no trace."""
    noun, name = field
    with target.world() as world:
        admin = world.admin.using(form=form, via=place)
        fields, number = least(admin, noun), new(admin, noun)["id"]
        before = everything(world)
        admin.add(noun, **{**fields, name: text}).refused(400)
        admin.change(noun, number, **{name: text}).refused(400)
        assert everything(world) == before


@clause("FP-FORM-14")
@pytest.mark.parametrize("letter", FORBIDDEN)
def test_each_character_that_xml_cannot_carry(target: Target, letter: str) -> None:
    """No character is taken that XML 1.0 cannot carry."""
    with target.world() as world:
        world.admin.add("project", name=f"a{letter}b").refused(400)
        world.admin.add("project", name="a", tags=letter).refused(400)


@clause("FP-FORM-14")
@given(text=broken(), form=st.sampled_from(FORMS))
def test_names_of_files_that_xml_cannot_carry(
    target: Target, text: str, form: str
) -> None:
    """The name of a file that XML 1.0 cannot carry is refused with 400."""
    with target.world() as world:
        activity = new(world.admin, "activity")["id"]
        words: dict[str, Any] = parts(a_file())
        words["files[1][name]"] = text
        admin = world.admin.using(form=form)
        admin.call("activityAttachFiles", activityId=activity, **words).refused(400)
        assert not world.admin.stored("activity", activity)["files"]


@clause("FP-FORM-15")
@given(text=texts() | titles(200), field=st.sampled_from(TEXTUAL))
@hypothesis.example(text=LETTERS, field=("task", "description"))
def test_letters_come_back(target: Target, text: str, field: tuple[str, str]) -> None:
    """Letters of every script come back as they were sent."""
    with target.world() as world:
        comes_back(world, *field, text)


@clause("FP-FORM-12", "FP-FORM-15")
@given(text=texts(), place=PLACES, noun=st.sampled_from(["project", "task", "group"]))
def test_every_place_carries_texts(
    target: Target, text: str, place: str, noun: str
) -> None:
    """A text comes back as it was sent, wherever it was sent."""
    with target.world() as world:
        sent = tuple(bracketed(noun, {"name": text}).items())
        name = f"{'projectsgroups' if noun == 'group' else f'{noun}s'}Add"
        made = raw.send(world.admin, name, **raw.written(place, sent)).expect(200)
        assert made["name"] == text
        assert world.admin.shown(noun, made["id"])["name"] == text
