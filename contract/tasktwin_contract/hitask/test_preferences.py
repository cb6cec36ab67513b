"""Preferences: their two formats, and what is kept."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.preferences import (
    KNOWN,
    NEW_PREFIXES,
    OLD_PREFIXES,
    PREFIXES,
    SHARING,
    agree,
    as_texts,
    entries,
    hold,
    known,
    lists,
    new,
    old,
    others,
    parsed,
    read,
    scalars,
    shown_as,
    write,
)
from tasktwin_contract.rows import certain, table
from tasktwin_contract.target import Target

TWICE = [
    {"principal": 7, "level": 50},
    {"principal": "7", "level": 50},
    {"principal": 7, "level": 10},
    {"principal": 7, "level": 50},
]
PEOPLE = ("owner", "member", "outsider", "personal")


def _shown(answered: dict[str, Any], sent: dict[str, str]) -> dict[str, Any]:
    """What is answered for what was sent; as text, which true and 1 need not be."""
    shown = {key: answered.get(key) for key in sent}
    return {
        key: json.dumps(value) if isinstance(value, bool | int | float) else value
        for key, value in shown.items()
    }


def is_list_of_entries(value: Any) -> bool:
    """Whether `value` is a list of objects with principal and level."""
    return isinstance(value, list) and all(
        isinstance(entry, dict) and {"principal", "level"} <= entry.keys()
        for entry in value
    )


@clause("HT-PREF-01")
@pytest.mark.parametrize("who", PEOPLE)
def test_the_old_format_is_text(target: Target, who: str) -> None:
    """The old format is a flat object all of whose values are text."""
    with target.world() as world:
        shown = old(getattr(world, who))
        wrong = {key for key, value in shown.items() if not isinstance(value, str)}
        assert not wrong, f"no text in {wrong}"


@clause("HT-PREF-02")
@pytest.mark.parametrize("who", PEOPLE)
def test_the_new_format_has_lists(target: Target, who: str) -> None:
    """In the new format the three are, where present, lists of permissions."""
    with target.world() as world:
        shown = new(getattr(world, who))
        for key in SHARING:
            value = shown.get(key, [])
            assert is_list_of_entries(value), f"{key} is {value!r}"


@clause("HT-PREF-03")
@pytest.mark.parametrize("who", PEOPLE)
def test_the_new_format_is_text_elsewhere(target: Target, who: str) -> None:
    """In the new format all other values are text."""
    with target.world() as world:
        actor = getattr(world, who)
        write(actor, {"zz": True, "zy": 7}).expect(200)
        shown = new(actor)
        kinds = {key: type(value) for key, value in shown.items()}
        wrong = {key for key in kinds.keys() - {*SHARING} if kinds[key] is not str}
        assert not wrong, f"no text in {wrong}"


@clause("HT-PREF-04")
@pytest.mark.parametrize("who", PEOPLE)
def test_the_old_format_has_texts_of_lists(target: Target, who: str) -> None:
    """In the old format the three, where present, hold the JSON text of a list."""
    with target.world() as world:
        shown = read(old(getattr(world, who)))
        for key in SHARING:
            value = shown.get(key, [])
            assert is_list_of_entries(value), f"{key} is the text of {value!r}"


@clause("HT-PREF-05")
@pytest.mark.parametrize("key", KNOWN)
def test_a_known_preference_is_kept(target: Target, key: str) -> None:
    """A known preference sent as text in JSON is answered from then on."""
    with target.world() as world:
        for value in (*KNOWN[key], *KNOWN[key]):
            write(world.owner, {key: value}).expect(200)
            assert _shown(new(world.owner), {key: value}) == {key: value}


@clause("HT-PREF-05")
@given(sent=known())
def test_known_preferences_are_kept(target: Target, sent: dict[str, str]) -> None:
    """Known preferences sent together are answered from then on."""
    with target.world() as world:
        write(world.owner, sent).expect(200)
        assert _shown(new(world.owner), sent) == sent


@clause("HT-PREF-06")
@given(sent=known())
def test_preferences_in_a_form(target: Target, sent: dict[str, str]) -> None:
    """Preferences may be sent as a URL-encoded form."""
    with target.world() as world:
        before = new(world.owner)
        write(world.owner, sent, "form").expect(200)
        hold(world.owner, {**before, **sent})


@clause("HT-PREF-07")
@given(asked=others(), sent=others(), place=st.sampled_from(raw.BODIES))
def test_the_query_is_no_preference(
    target: Target, asked: dict[str, str], sent: dict[str, str], place: str
) -> None:
    """A parameter of the query is not stored, whatever the body holds."""
    with target.world() as world:
        before = new(world.owner)
        query = tuple(asked.items())
        owner = world.owner.using(via=place)
        raw.send(owner, "setPreferences", sent, query=query).expect(200)
        hold(world.owner, {**before, **sent})


@clause("HT-PREF-07")
@pytest.mark.parametrize("name", [*SHARING, "time_format", "zz"])
def test_the_query_alone_is_no_preference(target: Target, name: str) -> None:
    """Without a body nothing is stored, nor refused for what the query holds."""
    with target.world() as world:
        before = new(world.owner)
        world.owner.using(via="query").call("setPreferences", **{name: "no list"})
        hold(world.owner, before)


@clause("HT-PREF-08")
@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("place", raw.BODIES)
def test_credentials_are_no_preferences(
    target: Target, place: str, prefix: str
) -> None:
    """session_id and api_key in the body are not stored, and never answered."""
    with target.world() as world:
        before = new(world.owner)
        caller = world.owner.using(session_by="parameter", prefix=prefix)
        sent = {"time_format": "12", "api_key": world.api_key}
        reply = write(caller, sent, place).expect(200)
        expected = {**before, "time_format": "12"}
        agree(shown_as(prefix, reply.data), expected)
        hold(world.owner, expected)


@clause("HT-PREF-09")
@pytest.mark.parametrize("place", ["form", "json"])
@given(sent=lists(), blanks=st.sampled_from([None, 1]))
def test_lists_as_text(
    target: Target, place: str, sent: dict[str, Any], blanks: int | None
) -> None:
    """The three may be sent as JSON text, whatever the blanks in it."""
    with target.world() as world:
        before = new(world.owner)
        texts = {key: json.dumps(value, indent=blanks) for key, value in sent.items()}
        write(world.owner, texts, place).expect(200)
        hold(world.owner, {**before, **sent})


@clause("HT-PREF-10")
@given(sent=lists())
def test_lists_as_lists(target: Target, sent: dict[str, Any]) -> None:
    """The three may be sent as lists."""
    with target.world() as world:
        before = new(world.owner)
        write(world.owner, sent).expect(200)
        hold(world.owner, {**before, **sent})


@clause("HT-PREF-11")
@given(
    first=known(),
    second=known(),
    shared=lists(),
    own=others(),
    prefixes=st.permutations(PREFIXES),
)
def test_a_write_loses_nothing(
    target: Target,
    first: dict[str, str],
    second: dict[str, str],
    shared: dict[str, Any],
    own: dict[str, str],
    prefixes: list[str],
) -> None:
    """A write changes the preferences that are sent and never loses another one.

    So it does in every version, whatever was written by another.
    """
    with target.world() as world:
        expected = new(world.owner)
        for prefix, sent in zip(prefixes, (shared, first, own, second), strict=False):
            write(world.owner.using(prefix=prefix), sent).expect(200)
            expected |= sent
            hold(world.owner, expected)


@clause("HT-PREF-12")
@pytest.mark.parametrize(("prefix", "view"), [("", new), ("/v6", old)])
@given(plain=known(), shared=lists())
def test_writing_answers_all(
    target: Target, prefix: str, view: Any, plain: dict[str, str], shared: Any
) -> None:
    """setPreferences answers all preferences, in the format of its path."""
    with target.world() as world:
        write(world.owner, {"zz": "before"}).arranged()
        caller = world.owner.using(prefix=prefix)
        reply = write(caller, {**plain, **shared}).expect(200)
        agree(reply.data, view(world.owner))


@clause("HT-PREF-13")
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (1, "1"),
        (-24, "-24"),
        (2**53 + 1, "9007199254740993"),
        (0.5, "0.5"),
        (-2.25, "-2.25"),
    ],
)
def test_the_text_of_a_value(target: Target, value: Any, text: str) -> None:
    """A number or a boolean is kept as its JSON text."""
    with target.world() as world:
        before = new(world.owner)
        write(world.owner, {"time_format": value, "zz": value}).expect(200)
        hold(world.owner, {**before, "time_format": text, "zz": text})


@clause("HT-PREF-13")
@given(value=scalars())
def test_values_are_kept_as_text(target: Target, value: Any) -> None:
    """The text of a number or a boolean says the same in JSON."""
    with target.world() as world:
        write(world.owner, {"zz": value}).expect(200)
        for shown in (new(world.owner), old(world.owner)):
            assert isinstance(shown["zz"], str), f"{shown['zz']!r} is no text"
            found = parsed("zz", shown["zz"])
            assert (type(found), found) == (type(value), value)


@clause("HT-PREF-14")
@pytest.mark.parametrize("place", raw.BODIES)
@pytest.mark.parametrize("key", SHARING)
def test_an_empty_text_is_an_empty_list(target: Target, key: str, place: str) -> None:
    """An empty text for one of the three is the empty list; elsewhere it is itself."""
    with target.world() as world:
        filled = {name: [{"principal": 1, "level": 50}] for name in SHARING}
        write(world.owner, filled).arranged()
        before = new(world.owner)
        write(world.owner, {key: "", "zz": ""}, place).expect(200)
        hold(world.owner, {**before, key: [], "zz": ""})


@clause("HT-PREF-15")
@given(
    key=st.sampled_from(SHARING),
    sent=entries(),
    as_text=st.booleans(),
    place=st.sampled_from(raw.BODIES),
)
@example(key=SHARING[0], sent=TWICE, as_text=True, place="form")
@example(key=SHARING[2], sent=TWICE, as_text=False, place="json")
def test_entries_come_back_as_sent(
    target: Target, key: str, sent: list[Any], as_text: bool, place: str
) -> None:
    """A list comes back with its entries, their order and principals as sent."""
    with target.world() as world:
        value = json.dumps(sent) if as_text else sent
        write(world.owner, {key: value}, place).expect(200)
        for shown in (new(world.owner), read(old(world.owner))):
            assert shown.get(key) == sent, f"{key} is {shown.get(key)!r}"


@clause("HT-PREF-22")
@given(sent=others())
def test_other_names_are_kept(target: Target, sent: dict[str, str]) -> None:
    """A preference of any other name is kept too."""
    with target.world() as world:
        before = new(world.owner)
        write(world.owner, sent).expect(200)
        hold(world.owner, {**before, **sent})


@clause("HT-PREF-23")
@pytest.mark.parametrize("prefix", table(PREFIXES, "/v6"))
@pytest.mark.parametrize("as_text", [certain(True), False])
def test_versions_of_the_format(target: Target, prefix: str, as_text: bool) -> None:
    """Versions 2 to 6 answer the old format, version 7 the new one."""
    with target.world() as world:
        caller = world.owner.using(prefix=prefix)
        lists = {key: [{"principal": "7", "level": 50}] for key in SHARING}
        sent = as_texts(lists) if as_text else lists
        written = write(caller, {"zz": "[]", **sent}).expect(200).data
        views = dict.fromkeys(OLD_PREFIXES, old) | dict.fromkeys(NEW_PREFIXES, new)
        view = views[prefix](world.owner)
        agree(written, view)
        agree(new(caller), view)


@clause("HT-PREF-24")
@given(plain=known(), shared=lists(), own=others())
def test_preferences_are_ones_own(
    target: Target, plain: Any, shared: Any, own: Any
) -> None:
    """A write leaves every other user's preferences as they were."""
    with target.world() as world:
        rest = [world.owner, world.colleague, world.outsider]
        before = [new(actor) for actor in rest]
        write(world.member, {**plain, **shared, **own}).expect(200)
        for actor, theirs in zip(rest, before, strict=True):
            hold(actor, theirs)


@clause("HT-PREF-25")
@given(key=st.sampled_from([*SHARING, "time_zone", "zz-never-sent"]), sent=known())
def test_null_leaves_a_preference(
    target: Target, key: str, sent: dict[str, str]
) -> None:
    """A preference sent as null stays as it was, and the others are stored."""
    with target.world() as world:
        write(world.owner, dict.fromkeys(SHARING, '[{"principal": 7, "level": 50}]'))
        before = new(world.owner)
        reply = write(world.owner, {key: None, **sent}).expect(200)
        agree(reply.data, {**before, **sent})
        hold(world.owner, {**before, **sent})


@clause("HT-PREF-26")
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (None, b""),
        (raw.JSON, b""),
        (raw.JSON, b"{}"),
        (raw.JSON, b' { "zz" : null } '),
        (raw.JSON, b'{"api_key": "any"}'),
        ("application/x-www-form-urlencoded", b"api_key=any"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/v6"])
def test_a_write_of_nothing(
    target: Target, prefix: str, kind: str | None, body: bytes
) -> None:
    """A request without any preference is accepted, and changes nothing."""
    with target.world() as world:
        before = new(world.owner)
        caller = world.owner.using(prefix=prefix)
        reply = raw.send(caller, "setPreferences", kind=kind, body=body).expect(200)
        agree(shown_as(prefix, reply.data), before)
        hold(world.owner, before)
