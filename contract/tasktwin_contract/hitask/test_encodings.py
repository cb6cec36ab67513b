"""How values are written: lists, booleans, null, and what clears a field."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.examples import filled
from tasktwin_contract.hitask.steps import (
    FIELDS,
    both_ways,
    create,
    created,
    updated,
)
from tasktwin_contract.hitask.values import comparable, tag_lists, words
from tasktwin_contract.rows import certain, table
from tasktwin_contract.target import Target

TEXTUAL = ("query", "form", "multipart")
NULLABLE = [name for name, rule in FIELDS.items() if "null" in rule["type"]]
LISTS = ("participants", "tags", "alerts", "recurring_by")


@clause("HT-PARAM-06")
@pytest.mark.parametrize("place", TEXTUAL)
@pytest.mark.parametrize("field", ["location", "recurring_by", "alerts"])
def test_lists_and_objects_are_json_text(
    target: Target, field: str, place: str
) -> None:
    """In a form, lists and objects are JSON text."""
    with target.world() as world:
        value = filled(world)[field]
        item = created(world.owner.using(via=place), **{field: json.dumps(value)})
        assert _holds(item[field], value), f"{field} is {item[field]}"


@clause("HT-PARAM-06")
@pytest.mark.parametrize("place", TEXTUAL)
def test_permissions_are_json_text(target: Target, place: str) -> None:
    """In a form, permissions are JSON text."""
    with target.world() as world:
        entries = [{"principal": world.owner.number, "level": 100}]
        owner = world.owner.using(via=place)
        item = created(owner, permissions=json.dumps(entries))
        shown = [{"principal": world.owner.id, "level": 100}]
        assert _holds(item["permissions"], shown) or _holds(
            item["permissions"], entries
        )


@clause("HT-PARAM-07")
@given(tags=tag_lists())
def test_tags_are_parted_by_commas(target: Target, tags: list[str]) -> None:
    """Tags are sent as a comma separated list."""
    for item in both_ways(target, tags=",".join(tags)):
        assert comparable(item["tags"]) == sorted(tags)


@clause("HT-PARAM-07")
def test_participants_are_text(target: Target) -> None:
    """Participants are sent as a list in text, here of one."""
    with target.world() as world:
        number = world.owner.number
        assert created(world.owner, participants=f"{number}")["participants"] == [
            number
        ]
        assert updated(world.owner, participants=f"{number}")["participants"] == [
            number
        ]


@clause("HT-PARAM-08")
@given(place=st.sampled_from(raw.PLACES), tags=tag_lists())
def test_tags_may_be_a_json_array(target: Target, place: str, tags: list[str]) -> None:
    """Tags may also be sent as a JSON array, as text where the place has only text."""
    array: Any = {"json": tags}.get(place, json.dumps(tags))
    with target.world() as world:
        owner = world.owner.using(via=place)
        assert comparable(created(owner, tags=array)["tags"]) == sorted(tags)
        assert comparable(updated(owner, tags=array)["tags"]) == sorted(tags)


@clause("HT-PARAM-08")
@given(left=words, right=words)
def test_a_tag_of_a_json_array_is_kept_whole(
    target: Target, left: str, right: str
) -> None:
    """Blanks, quotes and brackets in a tag of a JSON array belong to the tag."""
    tag = f'{left} "[{right}]"'
    for item in both_ways(target, tags=json.dumps([tag])):
        assert item["tags"] == [tag]


@clause("HT-PARAM-08")
@pytest.mark.parametrize("place", raw.PLACES)
def test_participants_may_be_a_json_array(target: Target, place: str) -> None:
    """Participants may also be sent as a JSON array."""
    with target.world() as world:
        owner, numbers = world.owner.using(via=place), [world.owner.number]
        array: Any = {"json": numbers}.get(place, json.dumps(numbers))
        assert created(owner, participants=array)["participants"] == numbers
        assert updated(owner, participants=array)["participants"] == numbers


@clause("HT-PARAM-09")
@pytest.mark.parametrize("place", table(raw.PLACES, "form"))
@pytest.mark.parametrize(
    ("sent", "meant"), [(True, True), (False, False), certain(1, True), (0, False)]
)
def test_booleans(target: Target, sent: Any, meant: bool, place: str) -> None:
    """A boolean is sent as true, false, 1 or 0."""
    with target.world() as world:
        owner = world.owner.using(via=place)
        other = world.owner.item(is_all_day=not meant)
        assert created(owner, is_all_day=sent)["is_all_day"] == meant
        assert updated(owner, other, is_all_day=sent)["is_all_day"] == meant


@clause("HT-PARAM-10")
def test_null_on_create(target: Target) -> None:
    """On creation a JSON null says the same as an absent parameter."""
    with target.world() as world:
        owner = world.owner.using(via="json")
        nulls = dict.fromkeys(FIELDS.keys() - {"guid", "title"})
        plain, other = created(owner), created(owner, **nulls)
        same = FIELDS.keys() - {"guid"}
        assert {n: other[n] for n in same} == {n: plain[n] for n in same}


@clause("HT-PARAM-10")
def test_null_on_update(target: Target) -> None:
    """On update a JSON null says the same as an absent parameter."""
    with target.world() as world:
        owner = world.owner.using(via="json")
        item = owner.stored(owner.item(**filled(world))["guid"])
        nulls = dict.fromkeys(FIELDS.keys() - {"guid", "title"})
        assert updated(owner, item, **nulls) == item


@clause("HT-PARAM-10")
@pytest.mark.parametrize("name", ["guid", "title"])
def test_null_for_what_is_mandatory(target: Target, name: str) -> None:
    """A mandatory parameter that is a JSON null is missing."""
    with target.world() as world:
        create(world.owner.using(via="json"), **{name: None}).refused()


@clause("HT-PARAM-11")
@pytest.mark.parametrize("place", raw.PLACES)
def test_an_empty_text_clears(target: Target, place: str) -> None:
    """On update an empty text clears a field that may be null."""
    with target.world() as world:
        item = world.owner.item(**filled(world))
        owner = world.owner.using(via=place)
        for field in NULLABLE:
            changed = updated(owner, item, **{field: ""})
            assert not changed[field], f"{field} is {changed[field]!r}"


@clause("HT-PARAM-12")
@pytest.mark.parametrize("place", raw.PLACES)
def test_zero_clears(target: Target, place: str) -> None:
    """On update 0 clears parent and assignee."""
    with target.world() as world:
        item = world.owner.item(**filled(world))
        item = updated(world.owner.using(via=place), item, parent=0, assignee=0)
        assert (item["parent"] or 0, item["assignee"] or 0) == (0, 0)


@clause("HT-PARAM-13")
@pytest.mark.parametrize("place", raw.PLACES)
def test_an_empty_list_clears(target: Target, place: str) -> None:
    """On update an empty JSON list clears a list."""
    empty: Any = {"json": []}.get(place, "[]")
    with target.world() as world:
        item = world.owner.item(**filled(world))
        owner = world.owner.using(via=place)
        for field in LISTS:
            changed = updated(owner, item, **{field: empty})
            assert not changed[field], f"{field} is {changed[field]!r}"


def _holds(value: Any, part: Any) -> bool:
    """Whether `value` says all that `part` says, key by key and in order."""
    if isinstance(part, dict) and isinstance(value, dict):
        return all(_holds(value.get(key), part[key]) for key in part)
    if isinstance(part, list) and isinstance(value, list):
        return len(value) == len(part) and all(map(_holds, value, part))
    return bool(value == part)
