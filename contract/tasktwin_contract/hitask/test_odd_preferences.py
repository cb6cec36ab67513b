"""Preferences that are refused, and names that nobody would think of."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.preferences import SHARING, hold, names, new, write
from tasktwin_contract.hitask.values import json_values, texts
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target

ENTRY = {"principal": 7, "level": 50}
WHOLE = st.integers(-(2**53), 2**53)
NO_LISTS: list[Any] = [
    "no JSON",
    "[",
    '"[]"',
    "7",
    "null",
    "true",
    "{}",
    json.dumps(ENTRY),
    certain("[null]"),
    "[[]]",
    '[{"principal": 7}]',
    '[{"level": 50}]',
    '[{"principal": null, "level": 50}]',
    '[{"principal": {"id": 7}, "level": 50}]',
    '[{"principal": 7, "level": "much"}]',
    '[{"principal": 7, "level": NaN}]',
    "[" * 10_000 + "]" * 10_000,
    f'[{{"principal": 7, "level": 50, "more": {"[" * 500}{"]" * 500}}}]',
    7,
    True,
    0.5,
    {},
    ENTRY,
    [[]],
    ["7"],
    [7],
    [{}],
    [ENTRY, {"principal": 7}],
    [{"level": 50}, ENTRY],
    [ENTRY, None],
]
BODIES = [b"[]", b'[{"zz": "1"}]', b'"zz"', b"7", b"true", b"null", b'""', b"[[]]"]
# No name of a secret or of an answer's status, for which every answer is searched.
CALLED_ELSEWHERE = [
    "id",
    "guid",
    "title",
    "parent",
    "permissions",
    "login",
    "version",
    "level",
    "principal",
    "name",
    "groupId",
    "returnInfo",
    "user_id",
    "x-hi-session",
    "Session_ID",
    "API_KEY",
]
ODD = ["", " ", ".", "..", "/", "a b", "a=b&c", "[]", "a[]", "__proto__", "%00", "é"]
SHAPES = ("HT-PREF-01", "HT-PREF-02", "HT-PREF-03", "HT-PREF-04")
LONG = ["k" * 300, "k" * 10_000, "é" * 1_000, "🗂" * 300]


def complex_values() -> st.SearchStrategy[Any]:
    """Lists and objects."""
    inner = json_values(WHOLE)
    return st.lists(inner, max_size=2) | st.dictionaries(texts(5), inner, max_size=2)


@clause("HT-PREF-16")
@pytest.mark.parametrize("prefix", ["", "/v6"])
@given(value=complex_values())
def test_the_code_of_refused_values(target: Target, prefix: str, value: Any) -> None:
    """Where setPreferences refuses a value for what it is, the code is 102."""
    with target.world() as world, target.forgiving(*SHAPES):
        caller = world.owner.using(prefix=prefix)
        for key in ("time_format", *SHARING):
            reply = write(caller, {key: value})
            assert reply.status == 200 or reply.code == 102, (
                f"code 102 expected, got {reply.summary}"
            )


@clause("HT-PREF-17")
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("prefix", ["", "/v6"])
def test_bodies_that_are_no_object(target: Target, body: bytes, prefix: str) -> None:
    """A body that is no object is refused with 400 and code 102."""
    with target.world() as world:
        before = new(world.owner)
        caller = world.owner.using(prefix=prefix)
        reply = raw.send(caller, "setPreferences", kind=raw.JSON, body=body)
        reply.refused(400, 102)
        hold(world.owner, before)


@clause("HT-PREF-18")
@pytest.mark.parametrize("last", [True, False])
@given(key=st.sampled_from(["time_format", "zz"]), value=complex_values())
def test_values_of_another_kind(
    target: Target, last: bool, key: str, value: Any
) -> None:
    """A list or an object for another one is 400 and 102, and nothing is stored."""
    with target.world() as world:
        before = new(world.owner)
        good = {"first_day_of_week": "0", SHARING[0]: [ENTRY], "zz-new": "1"}
        sent = {**good, key: value} if last else {key: value, **good}
        write(world.owner, sent).refused(400, 102)
        hold(world.owner, before)


@clause("HT-PREF-19")
@pytest.mark.parametrize("value", NO_LISTS, ids=lambda value: f"{value!r:.40}")
def test_what_is_no_list(target: Target, value: Any) -> None:
    """What is no list of permissions is 400 and 102, and nothing is stored."""
    with target.world() as world, target.forgiving(*SHAPES):
        before = new(world.owner)
        for key in SHARING:
            sent = {"first_day_of_week": "0", key: value, "zz": "1"}
            write(world.owner, sent).refused(400, 102)
        hold(world.owner, before)


@clause("HT-PREF-19")
@pytest.mark.parametrize("place", ["form", "multipart"])
@pytest.mark.parametrize("value", ["no JSON", "7", "[7]", json.dumps(ENTRY)])
def test_what_is_no_list_in_a_form(target: Target, value: str, place: str) -> None:
    """In a form, what is no list is 400 and 102 too, and nothing is stored."""
    with target.world() as world, target.forgiving(*SHAPES):
        before = new(world.owner)
        for key in SHARING:
            sent = {"first_day_of_week": "0", key: value, "zz": "1"}
            write(world.owner, sent, place).refused(400, 102)
        hold(world.owner, before)


@clause("HT-PREF-27")
@pytest.mark.parametrize("place", raw.BODIES)
@pytest.mark.parametrize("names", [CALLED_ELSEWHERE, ODD], ids=["called", "odd"])
def test_names_that_mean_something_else(
    target: Target, names: list[str], place: str
) -> None:
    """A name may be what other operations, or other languages, give a meaning."""
    with target.world() as world:
        expected, theirs = new(world.owner), new(world.member)
        account = world.owner.call("getUser").arranged().data
        for name in names:
            write(world.owner, {name: world.member.id}, place).expect(200)
            expected[name] = world.member.id
        hold(world.owner, expected)
        hold(world.member, theirs)
        assert world.owner.call("getUser").expect(200).data == account


@clause("HT-PREF-27")
@pytest.mark.parametrize("name", LONG, ids=lambda name: f"{name[0]} {len(name)} times")
@pytest.mark.parametrize("place", raw.BODIES)
def test_long_names_are_kept(target: Target, name: str, place: str) -> None:
    """A long name is kept whole, and so is a long value."""
    with target.world() as world:
        before = new(world.owner)
        sent = {name: "short", f"{name}+": name[::-1] * 3}
        write(world.owner, sent, place).expect(200)
        hold(world.owner, {**before, **sent})


@clause("HT-PREF-27")
@pytest.mark.parametrize("place", ["form", "json"])
@given(sent=st.dictionaries(names(), texts(20), max_size=3))
def test_any_name_is_kept(target: Target, place: str, sent: dict[str, str]) -> None:
    """A name is any text, in whatever script, and so is its value."""
    with target.world() as world:
        before = new(world.owner)
        write(world.owner, sent, place).expect(200)
        hold(world.owner, {**before, **sent})


@clause("HT-PREF-27")
@pytest.mark.parametrize(
    ("first", "second"), [("zz", "ZZ"), ("é", "e\u0301"), ("a", "a "), ("ss", "ß")]
)
def test_names_that_look_alike(target: Target, first: str, second: str) -> None:
    """Names that differ in any character are two preferences."""
    with target.world() as world:
        before = new(world.owner)
        for sent in ({first: "1"}, {second: "2"}):
            write(world.owner, sent).expect(200)
        hold(world.owner, {**before, first: "1", second: "2"})
