"""The history of an item."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.failures import ClauseBrokenError, only
from tasktwin_contract.hitask.events import (
    comment,
    commented,
    entry,
    history,
    modify,
    read,
    shared,
)
from tasktwin_contract.hitask.examples import filled
from tasktwin_contract.hitask.steps import FIELDS, instant, milliseconds, update
from tasktwin_contract.reply import Object
from tasktwin_contract.rows import table
from tasktwin_contract.strategies import titles, valid
from tasktwin_contract.target import Target, World

# Other names of a field, the caller's own mark, and what has an entry of its own.
OTHERWISE = {"guid", "parentGuid", "due_date", "assigneeId", "starred", "permissions"}
NAMES = sorted(FIELDS.keys() - OTHERWISE)
KINDS = {"integer": "INTEGER", "boolean": "BOOLEAN"}
TYPES = ("VOID", "STRING", "INTEGER", "DATE", "BOOLEAN")
# Those whose every value can be sent for itself.
FREE = (
    "title",
    "message",
    "color",
    "color_value",
    "completed",
    "priority",
    "start_date",
    "end_date",
    "is_all_day",
    "recurring",
    "recurring_end_date",
    "time_track",
    "time_est",
    "time_spent",
    "contact",
)


def kind_of(name: str) -> str:
    """The property_type of a field: what is no integer, date or boolean is text."""
    rule = FIELDS[name]
    if rule.get("format") == "date-time":
        return "DATE"
    kinds = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    return KINDS.get(kinds[0], "STRING")


def meant(name: str, text: Any) -> Any:
    """The value that the text of an entry means."""
    rule = FIELDS[name]
    if rule.get("format") == "date-time":
        return instant(text)
    if "string" in rule["type"]:
        return text
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return f"not JSON: {text!r}"


def as_sent(name: str, value: Any) -> Any:
    """A value as `meant` has it."""
    return instant(value) if FIELDS[name].get("format") == "date-time" else value


def names(entries: list[Object]) -> list[str]:
    """What the entries are of."""
    return [one["property_name"] for one in entries]


def news(actor: Actor, item: Object, before: list[Object]) -> list[Object]:
    """The entries that were not there `before`."""
    known = [one["id"] for one in before]
    return [one for one in history(actor, item) if one["id"] not in known]


def the_news(actor: Actor, item: Object, before: list[Object]) -> Object:
    """The one entry that was not there `before`."""
    found = news(actor, item, before)
    if len(found) != 1:
        raise ClauseBrokenError("one new entry", f"new entries {names(found)}")
    return found[0]


def changes() -> SearchStrategy[tuple[str, Any]]:
    """A field, and a value for it that a new item does not have."""
    return st.sampled_from(FREE).flatmap(
        lambda name: st.tuples(st.just(name), _other_values(name))
    )


def _other_values(name: str) -> SearchStrategy[Any]:
    default = FIELDS[name].get("default", "prepared")
    rule = {**FIELDS[name]}
    rule["maxLength"] = min(rule.get("maxLength", 255), 255)
    return valid(rule).filter(lambda value: value != default)


@clause("HT-HISTORY-01")
@given(messages=st.lists(titles(30), min_size=1, max_size=4))
def test_the_newest_is_last(target: Target, messages: list[str]) -> None:
    """The history holds every comment, the newest entry last."""
    with target.world() as world:
        item = world.owner.item()
        for number, message in enumerate(messages):
            comment(world.owner, item, message).arranged()
            assert history(world.owner, item)[-1]["value"] == message
            modify(world.owner, item, title=f"title {number}")
        entries = history(world.owner, item)
        times = [milliseconds(one["time"]) for one in entries]
        assert times == sorted(times)
        written = [one for one in entries if one["property_name"] == "comment"]
        assert [one["value"] for one in written] == messages


@clause("HT-HISTORY-01")
def test_the_history_of_one_item(target: Target) -> None:
    """What happens to another item, or below, is in that item's own history."""
    with target.world() as world:
        item, other = world.owner.item(), world.owner.item()
        before = history(world.owner, item)
        comment(world.owner, other).arranged()
        child = world.owner.item(parent=item["id"])
        comment(world.owner, child).arranged()
        listed = history(world.owner, item)
        assert [one for one in listed if one["property_name"] == "comment"] == []
        assert listed[: len(before)] == before


def _everything(world: World) -> Object:
    """An item to which everything happened that has an entry."""
    item = shared(world.owner, world.member)
    fields = filled(world)
    people = {"assignee": world.member.number, "participants": [world.owner.number]}
    place = {"parent": 0, "parentGuid": None}
    modify(world.owner, item, **{**fields, **people, **place})
    modify(world.owner, item, message="", end_date="", title=fields["title"])
    number = commented(world.member, item)
    comment(world.owner, item).arranged()
    world.member.call("deleteComment", id=number, itemId=item["id"]).arranged()
    world.owner.call("archiveItem", id=item["id"]).arranged()
    world.owner.call("restoreItem", id=item["id"]).arranged()
    return item


@clause("HT-HISTORY-02")
def test_what_an_entry_has(target: Target) -> None:
    """Every entry has who, when, of what and of which type; a value is text."""
    with target.world() as world:
        item = _everything(world)
        for one in history(world.member, item):
            assert type(one["id"]) is int, one
            assert one["user_id"] in (world.owner.number, world.member.number), one
            assert instant(one["time"]) is not None, one
            for name in ("user_name", "property_name"):
                assert isinstance(one[name], str), one
                assert one[name].strip(), one
            assert one["property_type"] in TYPES, one
            assert one["value"] is None or isinstance(one["value"], str), one


@clause("HT-HISTORY-02")
def test_the_name_of_the_doer(target: Target) -> None:
    """Each doer has a name of their own, the same in each of their entries."""
    with target.world() as world:
        item = shared(world.owner, world.member)
        for one in (world.member, world.owner, world.member):
            comment(one, item).arranged()
        known = {(e["user_id"], e["user_name"]) for e in history(world.owner, item)}
        assert len(known) == len({name for _, name in known}) == 2


@clause("HT-HISTORY-03")
@pytest.mark.parametrize("made", ["plain", "filled", "below"])
def test_the_first_entry(target: Target, made: str) -> None:
    """A history begins with created, by the creator, without a value."""
    with target.world() as world:
        fields: dict[str, Callable[[], dict[str, Any]]] = {
            "plain": dict,
            "filled": lambda: filled(world),
            "below": lambda: {"parent": world.owner.item()["id"]},
        }
        item = world.owner.item(**fields[made]())
        modify(world.owner, item, message="changed")
        rows = history(world.owner, item)
        first = only(row for row in rows if row["property_name"] == "created")
        assert first == rows[0]
        assert (first["user_id"], first["value"]) == (world.owner.number, None)


@clause("HT-HISTORY-03")
def test_the_first_entry_of_another(target: Target) -> None:
    """The creator stands in created, also where the parent is somebody else's."""
    with target.world() as world:
        top = shared(world.owner, world.member)
        item = world.member.item(parent=top["id"])
        comment(world.owner, item).arranged()
        assert history(world.owner, item)[0]["user_id"] == world.member.number
        assert history(world.owner, top)[0]["user_id"] == world.owner.number


@clause("HT-HISTORY-04")
@pytest.mark.parametrize("author", ["owner", "member"])
@given(message=titles(100))
def test_the_entry_of_a_comment(target: Target, author: str, message: str) -> None:
    """A comment's entry is named so, and has its message and its author."""
    with target.world() as world:
        item = shared(world.owner, world.member)
        before = history(world.owner, item)
        comment(getattr(world, author), item, message).arranged()
        one = the_news(world.owner, item, before)
        found = one["property_name"], one["value"], one["user_id"]
        assert found == ("comment", message, getattr(world, author).number)


@clause("HT-HISTORY-05")
@given(change=changes())
def test_the_entry_of_a_change(target: Target, change: tuple[str, Any]) -> None:
    """A changed field has an entry of its name, its type and its new value."""
    name, value = change
    with target.world() as world:
        item = world.owner.item()
        before = history(world.owner, item)
        modify(world.owner, item, **{name: value})
        one = the_news(world.owner, item, before)
        assert (one["property_name"], one["property_type"]) == (name, kind_of(name))
        assert meant(name, one["value"]) == as_sent(name, value)


@clause("HT-HISTORY-05")
@pytest.mark.parametrize("name", table(NAMES, "category"))
def test_every_field_has_its_entry(target: Target, name: str) -> None:
    """Whichever field changed has an entry of its name, type and new value."""
    with target.world() as world:
        fields = {"recurring_interval": 3, "color": 3, **filled(world)}
        kept = {"category": 0} if name == "short_name" else {}
        item = world.owner.item(**kept)
        before = history(world.owner, item)
        modify(world.owner, item, **{name: fields[name]})
        stored = world.owner.stored(item["guid"])
        made = news(world.owner, item, before)
        assert names(made).count(name) == 1, f"one entry of {name}"
        one = made[names(made).index(name)]
        assert one["property_type"] == kind_of(name)
        assert meant(name, one["value"]) == as_sent(name, stored[name])


@clause("HT-HISTORY-05")
@pytest.mark.parametrize("name", ["message", "end_date", "start_date", "location"])
def test_clearing_has_its_entry(target: Target, name: str) -> None:
    """A field that was cleared has an entry of its name."""
    with target.world() as world:
        item = world.owner.item(**{name: filled(world)[name]})
        before = history(world.owner, item)
        modify(world.owner, item, **{name: ""})
        assert names(news(world.owner, item, before)) == [name]


@clause("HT-HISTORY-06")
@pytest.mark.parametrize("doer", ["owner", "colleague"])
def test_the_entry_of_sharing(target: Target, doer: str) -> None:
    """Sharing an item has an entry shared_with, by who shared it."""
    with target.world() as world:
        item = shared(world.owner, world.colleague, level=70)
        before = history(world.owner, item)
        entries = [entry(world.member, 10), entry(world.colleague, 70)]
        modify(getattr(world, doer), item, permissions=entries)
        made = news(world.owner, item, before)
        assert "shared_with" in names(made)
        assert {one["user_id"] for one in made} == {getattr(world, doer).number}


@clause("HT-HISTORY-07")
@pytest.mark.parametrize("doer", ["owner", "member"])
def test_the_entry_of_a_deleted_comment(target: Target, doer: str) -> None:
    """Deleting a comment has an entry comment_deleted, by who deleted it."""
    with target.world() as world:
        item = shared(world.owner, world.member)
        number = commented(world.member, item)
        before = history(world.owner, item)
        actor = getattr(world, doer)
        actor.call("deleteComment", id=number, itemId=item["id"]).arranged()
        one = the_news(world.owner, item, before)
        assert one["property_name"] == "comment_deleted"
        assert one["user_id"] == actor.number


@clause("HT-HISTORY-08")
@pytest.mark.parametrize("viewer", ["owner", "member", "colleague"])
def test_who_did_it(target: Target, viewer: str) -> None:
    """An entry's user_id is the one who did it, whoever asks."""
    with target.world() as world:
        people = [world.owner, world.member, world.colleague, world.owner]
        item = shared(*people[:3])
        expected = [world.owner.number]
        for number, doer in enumerate(people):
            comment(doer, item).arranged()
            modify(doer, item, title=f"title {number}")
            expected += [doer.number] * 2
        found = history(getattr(world, viewer), item)
        assert [one["user_id"] for one in found] == expected


@clause("HT-HISTORY-09")
@given(fields=st.dictionaries(st.sampled_from(FREE), st.none(), min_size=2))
def test_several_changes(target: Target, fields: dict[str, None]) -> None:
    """A request that changes several fields has an entry for each, of one time."""
    with target.world() as world:
        item = world.owner.item()
        before = history(world.owner, item)
        values = filled(world)
        modify(world.owner, item, **{name: values[name] for name in fields})
        made = news(world.owner, item, before)
        assert sorted(names(made)) == sorted(fields)
        assert len({one["time"] for one in made}) == 1


def _nothing(world: World, item: Object) -> None:
    stored = world.owner.stored(item["guid"])
    same = {name: stored[name] for name in NAMES if stored[name] is not None}
    update(world.owner, item, **same).arranged()


QUIET: dict[str, Callable[[World, Object], object]] = {
    "a refused update": lambda world, item: update(
        world.owner, item, message="refused", color=99
    ).refused(),
    "a refused comment": lambda world, item: comment(
        world.outsider, item, "refused"
    ).refused(),
    "nothing changed": _nothing,
    "a star": lambda world, item: modify(world.owner, item, starred=True),
    "reading": lambda world, item: read(world.member, item),
    "asking": lambda world, item: history(world.member, item),
}


@clause("HT-HISTORY-10")
@pytest.mark.parametrize("doing", table(QUIET, "a star"))
def test_what_leaves_no_entry(target: Target, doing: str) -> None:
    """Refusals, requests that change nothing, stars and reading have no entry."""
    with target.world() as world:
        item = shared(world.owner, world.member, assignee=world.member.number)
        comment(world.owner, item).arranged()
        before = history(world.owner, item)
        QUIET[doing](world, item)
        assert history(world.owner, item) == before
        assert history(world.member, item) == before


@clause("HT-HISTORY-11")
def test_the_history_of_nothing(target: Target) -> None:
    """getHistory without an id is refused with 400 and code 4."""
    with target.world() as world:
        world.owner.item()
        world.owner.call("getHistory").refused(400, 4)


def _delete_comment(actor: Actor, item: Object) -> None:
    number = commented(actor, item)
    actor.call("deleteComment", id=number, itemId=item["id"]).arranged()


STEPS: dict[str, Callable[[Actor, Object], object]] = {
    "a change": lambda actor, item: modify(actor, item, title=actor.world.guid()),
    "a comment": commented,
    "a deleted comment": _delete_comment,
}


@clause("HT-HISTORY-12")
@given(steps=st.lists(st.sampled_from(list(STEPS)), min_size=1, max_size=6))
def test_ids_of_entries(target: Target, steps: list[str]) -> None:
    """Entries have ids of their own, and those that stay stay as they are."""
    with target.world() as world:
        item = world.owner.item()
        before = history(world.owner, item)
        for step in steps:
            STEPS[step](world.owner, item)
            after = history(world.owner, item)
            assert len({one["id"] for one in after}) == len(after)
            assert after[: len(before)] == before
            before = after
