"""Contact items, whose details are a jCard as JSON text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, resting_on
from tasktwin_contract.hitask.deltas import delta, listed
from tasktwin_contract.hitask.levels import entry
from tasktwin_contract.hitask.steps import (
    FIELDS,
    both_ways,
    create,
    created,
    update,
    updated,
)
from tasktwin_contract.hitask.values import letters
from tasktwin_contract.rows import table
from tasktwin_contract.strategies import LETTERS
from tasktwin_contract.target import Target

CONTACT = 7
CATEGORIES = FIELDS["category"]["enum"]
CARD = (
    '[ "vcard", [ [ "version", { }, "text", "4.0" ], '
    '[ "prodid", { }, "text", "-\\/\\/tasktwin\\/\\/EN" ], '
    '[ "fn", { }, "text", "Zo\\u00eb Žižka ☎" ], '
    '[ "email", { "type": [ "INTERNET", "HOME" ] }, "text", "zoe@example.com" ], '
    '[ "adr", { "type": "HOME" }, "text", [ "", "", "1 High St", "", "", "E1", "" ] ], '
    '[ "bday", { }, "date-and-or-time", "1985-04-07" ] ]]'
)


@st.composite
def cards(draw: st.DrawFn) -> str:
    """jCards as JSON text, written in several ways."""
    text = st.text(LETTERS, max_size=12)
    value = text | st.lists(text, max_size=3)
    parts = st.fixed_dictionaries({}, optional={"type": letters, "pref": st.just("1")})
    rows = st.tuples(letters.map(str.lower), parts, st.just("text"), value)
    first = [["version", {}, "text", "4.0"], ["url", {}, "uri", "http://example.com/"]]
    card = ["vcard", [*first, *draw(st.lists(rows, max_size=3))]]
    indent, escapes = draw(st.sampled_from([None, 1])), draw(st.booleans())
    written = json.dumps(card, indent=indent, ensure_ascii=escapes)
    return written.replace("/", "\\/") if draw(st.booleans()) else written


@clause("HT-CARD-01")
@pytest.mark.parametrize("way", ["create", "update"])
def test_contacts_come_back_everywhere(target: Target, way: str) -> None:
    """contact comes back in the answer, in the list, in a delta and to others."""
    with target.world() as world:
        owner, rows = world.owner, [entry(world.member, 10)]
        fields: dict[str, Any] = {"category": CONTACT, "contact": CARD}
        item = owner.item(category=CONTACT, permissions=rows)
        cursor = listed(owner).cursor
        guid = item["guid"] if way == "update" else world.guid()
        reply = {
            "create": lambda: create(owner, guid=guid, permissions=rows, **fields),
            "update": lambda: update(owner, item, **fields),
        }[way]().expect(200)
        number = owner.stored(guid)["id"]
        with resting_on("HT-ITEM-10", "HT-ITEM-17"):
            assert reply["contact"] == CARD
        assert owner.items()[number]["contact"] == CARD
        assert world.member.items()[number]["contact"] == CARD
        assert delta(owner, cursor).changed[number]["contact"] == CARD


@clause("HT-CARD-02")
@pytest.mark.parametrize("via", table(["form", "json", "query"], "form"))
@given(card=cards())
def test_any_card_comes_back(target: Target, card: str, via: str) -> None:
    """Any jCard as JSON text comes back as it was sent."""
    asked = "HT-PARAM-01" if via == "query" else None
    with target.world() as world, resting_on(asked):
        owner = world.owner.using(via=via)
        assert created(owner, category=CONTACT, contact=card)["contact"] == card
        assert updated(owner, category=CONTACT, contact=card)["contact"] == card


@clause("HT-CARD-02")
def test_a_long_card_comes_back(target: Target) -> None:
    """A card with many properties, longer than a message may be, comes back."""
    rows = [["note", {}, "text", f"note {n}"] for n in range(1000)]
    card = json.dumps(["vcard", rows])
    for item in both_ways(target, category=CONTACT, contact=card):
        assert item["contact"] == card


@clause("HT-CARD-03")
@pytest.mark.parametrize("category", CATEGORIES)
def test_items_of_any_category_have_contacts(target: Target, category: int) -> None:
    """An item of any category may carry a contact, which stays with it."""
    with target.world() as world:
        item = created(world.owner, category=category, contact=CARD)
        assert (item["category"], item["contact"]) == (category, CARD)
        other = CATEGORIES[CATEGORIES.index(category) - 1]
        item = updated(world.owner, item, category=other)
        assert (item["category"], item["contact"]) == (other, CARD)


@clause("HT-CARD-04")
def test_contacts_are_left_and_taken_away(target: Target) -> None:
    """An update that does not name it leaves the contact, an empty text takes it."""
    with target.world() as world:
        item = created(world.owner, category=CONTACT, contact=CARD)
        assert updated(world.owner, item, message="called")["contact"] == CARD
        assert updated(world.owner, item, contact="")["contact"] is None


@clause("HT-CARD-05")
@pytest.mark.parametrize("wrong", [["vcard", []], {"vcard": []}, 5])
def test_contacts_are_texts(target: Target, wrong: Any) -> None:
    """A contact that is sent as JSON instead of text is 400 and code 5."""
    with target.world() as world:
        owner = world.owner.using(via="json")
        item = owner.item(category=CONTACT, contact=CARD)
        create(owner, contact=wrong).refused(400, 5)
        update(owner, item, contact=wrong).refused(400, 5)
        assert owner.items()[item["id"]]["contact"] == CARD


@clause("HT-CARD-06")
def test_items_without_a_contact(target: Target) -> None:
    """An item without a contact has none, or null."""
    with target.world() as world:
        for category in CATEGORIES:
            assert created(world.owner, category=category)["contact"] is None
