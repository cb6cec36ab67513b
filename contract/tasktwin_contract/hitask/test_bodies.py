"""Bodies that are not what they say, and values that are not what they should be."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasktwin_contract.actors import FORM
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.steps import create, created, update
from tasktwin_contract.hitask.values import (
    LEAST,
    MOST,
    large_integers,
    texts,
    wrong_fields,
)
from tasktwin_contract.protocol import compressed
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target, World
from tasktwin_contract.wire import Pairs

GUID = "9769a9f9-726c-4ec8-a920-be16193c26a6"
LIMIT = 1000
NO_UTF_8 = (
    b"\xff",
    b"caf\xe9",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xf5\x80\x80\x80",
)
NO_JSON = {
    "cut": "{",
    "text": "title",
    "a trailing comma": '{"title": "a",}',
    "single quotes": "{'title': 'a'}",
    "no quotes": "{title: 1}",
    "a second value": '{"title": "a"} {}',
    "a control": '{"title": "a\nb"}',
    "a wrong escape": '{"title": "\\x"}',
    "a form": "title=a",
}
NO_OBJECT = ("[]", '[{"title": "a"}]', '"title"', "1", "true", "null")
NOT_A_NUMBER = ("NaN", "Infinity", "-Infinity", "[NaN]", '{"a": NaN}')
LONE_SURROGATES = ('"\\ud800"', '"\\udc00 a"', '"\\ud83d\\ud83d"', '["\\udfff"]')

EXAMPLE_OF = {
    "integer": "priority",
    "number": "time_est",
    "boolean": "time_track",
    "object": "location",
    "array": "permissions",
}


def _with(guid: str, value: str, other: str = "1") -> str:
    """A JSON object that makes an item but for `value`, which is JSON text.

    `other` is the value of a key that no operation knows.
    """
    rest = f'"location": {value}, "unknown": {other}'
    return f'{{"guid": "{guid}", "title": "a", {rest}}}'


def _refuses_json(world: World, body: str) -> None:
    kind = raw.JSON
    raw.send(world.owner, "createItem", kind=kind, body=body.encode()).refused(400, 46)


@clause("HT-PARAM-15")
@pytest.mark.parametrize("why", NO_JSON)
def test_a_body_that_is_no_json(target: Target, why: str) -> None:
    """A JSON body that does not parse is refused with 400 and code 46."""
    with target.world() as world:
        _refuses_json(world, NO_JSON[why])


@clause("HT-PARAM-15")
@given(text=texts(), cut=st.integers(0))
def test_a_json_body_cut_short(target: Target, text: str, cut: int) -> None:
    """A JSON object whose end is missing is refused with 400 and code 46."""
    with target.world() as world:
        body = json.dumps({"guid": world.guid(GUID), "title": text})
        _refuses_json(world, body[: 1 + cut % (len(body) - 1)])


@clause("HT-PARAM-15")
@pytest.mark.parametrize("body", NO_OBJECT)
def test_a_json_body_that_is_no_object(target: Target, body: str) -> None:
    """A JSON body that is no object is refused with 400 and code 46."""
    with target.world() as world:
        _refuses_json(world, body)


@clause("HT-PARAM-15")
@pytest.mark.parametrize("value", NOT_A_NUMBER + LONE_SURROGATES)
def test_a_json_body_with_what_json_has_not(target: Target, value: str) -> None:
    """A JSON body that holds NaN or lone surrogates is refused with 400 and code 46."""
    with target.world() as world:
        _refuses_json(world, _with(world.guid(GUID), value))


@clause("HT-PARAM-15")
def test_a_lone_surrogate_as_a_key(target: Target) -> None:
    """A JSON body with a key that is a lone surrogate is refused with 400 and 46."""
    with target.world() as world:
        guid = world.guid(GUID)
        _refuses_json(world, f'{{"\\ud800": 1, "guid": "{guid}", "title": "a"}}')


@clause("HT-PARAM-24")
@pytest.mark.parametrize("levels", [100, 101, 200])
@pytest.mark.parametrize("pair", ["[]", '{"a":}'])
def test_json_that_is_deep(target: Target, levels: int, pair: str) -> None:
    """Up to 100 levels a body is read, beyond it is refused with 400 and code 46."""
    with target.world() as world:
        body = _with(world.guid(GUID), "null", _nested(pair, levels - 1))
        reply = raw.send(world.owner, "createItem", kind=raw.JSON, body=body.encode())
        assert (reply.status, reply.code) == (
            (200, None) if levels == 100 else (400, 46)
        )


@clause("HT-PARAM-24")
@pytest.mark.parametrize("place", ["query", "form", "multipart"])
def test_values_that_are_deep(target: Target, place: str) -> None:
    """A value of more than 100 levels is refused with 400 and code 5."""
    with target.world() as world:
        owner = world.owner.using(via=place)
        for levels, code in ((99, None), (101, 5)):
            inner = _nested("[]", levels - 1)
            reply = create(owner, location=f'{{"address": "a", "more": {inner}}}')
            assert reply.code == code, f"{levels} levels: {reply.summary}"


def _nested(pair: str, levels: int) -> str:
    """JSON text of so many lists or objects within each other."""
    return (
        pair[:-1] * (levels - 1)
        + ("[]" if pair == "[]" else "{}")
        + pair[-1] * (levels - 1)
    )


@clause("HT-PARAM-25")
def test_a_part_without_a_name(target: Target) -> None:
    """A multipart body with a part without a name is refused with 400 and code 5."""
    with target.world() as world:
        parts = raw.written("multipart", (("guid", world.guid()), ("title", "a")))
        for name in (b'; name="title"', b'; name="title"; filename="a"'):
            there = b'; name="title"'
            sent = {**parts, "body": parts["body"].replace(there, name)}
            sent["body"] = sent["body"].replace(b'name="title"', b'size="1"')
            raw.send(world.owner, "createItem", **sent).refused(400, 5)


@clause("HT-PARAM-16")
@given(
    place=st.sampled_from(raw.PLACES),
    field=st.sampled_from(["priority", "parent", "assignee", "color"]),
    number=large_integers,
)
def test_integers_of_more_than_64_bits(
    target: Target, place: str, field: str, number: int
) -> None:
    """An integer of more than 64 bits is refused with 400 and code 5."""
    with target.world() as world:
        owner = world.owner.using(via=place)
        create(owner, **{field: number}).refused(400, 5)
        update(owner, owner.item(), **{field: number}).refused(400, 5)


@clause("HT-PARAM-16")
@given(number=large_integers)
def test_ids_and_versions_of_more_than_64_bits(target: Target, number: int) -> None:
    """An id or a version of more than 64 bits is refused with 400 and code 5."""
    with target.world() as world:
        owner = world.owner
        update(owner, owner.item(), version=number).refused(400, 5)
        owner.call("updateItem", id=number, title="a title").refused(400, 5)


@clause("HT-PARAM-16")
@given(number=large_integers)
def test_large_integers_inside_a_value(target: Target, number: int) -> None:
    """An integer of more than 64 bits inside a list or an object is 400 and 5 too."""
    with target.world() as world:
        owner = world.owner.using(via="json")
        create(owner, time_est=number).refused(400, 5)
        create(owner, participants=[number]).refused(400, 5)
        create(owner, location={"longitude": number}).refused(400, 5)
        create(owner, permissions=[{"principal": number, "level": 100}]).refused(400, 5)


@clause("HT-PARAM-16")
@pytest.mark.parametrize("place", raw.PLACES)
def test_the_largest_integers_are_read(target: Target, place: str) -> None:
    """An integer of 64 bits is read, the greatest and the least one too."""
    with target.world() as world:
        owner = world.owner.using(via=place)
        assert created(owner, priority=MOST)["priority"] == MOST
        reply = create(owner, recurring=1, recurring_interval=LEAST)
        assert reply.refused().code != 5, reply.summary


@clause("HT-PARAM-17")
@pytest.mark.parametrize("place", raw.BODIES)
@pytest.mark.parametrize("over", [1, LIMIT, 100 * LIMIT])
def test_a_body_over_the_limit(target: Target, place: str, over: int) -> None:
    """A body over the server's limit is refused with 413 and code 25."""
    with target.world(max_body=LIMIT) as world:
        parts = _of_size(world, place, LIMIT + over)
        raw.send(world.owner, "createItem", **parts).refused(413, 25)
        assert world.owner.items() == {}


@clause("HT-PARAM-17")
@pytest.mark.parametrize("place", raw.BODIES)
def test_a_body_at_the_limit(target: Target, place: str) -> None:
    """A body that is as large as the server's limit is not over it."""
    with target.world(max_body=LIMIT) as world:
        parts = _of_size(world, place, LIMIT)
        raw.send(world.owner, "createItem", **parts).expect(200)


def _of_size(world: World, place: str, size: int) -> dict[str, Any]:
    """The parts of a createItem whose body has `size` bytes."""
    pairs: Pairs = (("guid", world.guid()), ("title", "a"), ("message", ""))
    rest = size - len(raw.written(place, pairs)["body"])
    return raw.written(place, (*pairs[:-1], ("message", "a" * rest)))


@clause("HT-PARAM-21")
@pytest.mark.parametrize("text", NO_UTF_8)
def test_a_form_that_is_not_utf_8(target: Target, text: bytes) -> None:
    """A text of a form that is not UTF-8 is refused with 400 and code 5."""
    escaped = "".join(f"%{byte:02X}" for byte in text).encode()
    with target.world() as world:
        start = f"guid={world.guid(GUID)}&title=".encode()
        for body in (start + text, start + escaped):
            raw.send(world.owner, "createItem", kind=FORM, body=body).refused(400, 5)


@clause("HT-PARAM-21")
@pytest.mark.parametrize("text", NO_UTF_8)
def test_a_multipart_form_that_is_not_utf_8(target: Target, text: bytes) -> None:
    """A text of a multipart form that is not UTF-8 is refused with 400 and code 5."""
    with target.world() as world:
        parts = raw.written(
            "multipart", (("guid", world.guid(GUID)), ("title", "TITLE"))
        )
        parts["body"] = parts["body"].replace(b"TITLE", text)
        raw.send(world.owner, "createItem", **parts).refused(400, 5)


@clause("HT-PARAM-21")
@pytest.mark.parametrize("text", NO_UTF_8)
def test_a_query_that_is_not_utf_8(target: Target, text: bytes) -> None:
    """A text of the query that is not UTF-8 is refused with 400 and code 5."""
    with target.world() as world:
        # The encoder of queries takes bytes; only its annotation does not say so.
        query: Any = (("guid", world.guid(GUID)), ("title", text))
        raw.send(world.owner, "createItem", query=query).refused(400, 5)


@clause("HT-PARAM-22")
@given(wrong=wrong_fields())
@example(wrong={"title": 5})
@example(wrong={"start_date": 5})
@example(wrong={"priority": True})
@example(wrong={"priority": 20000.5})
@example(wrong={"completed": 2})
@example(wrong={"time_est": True})
@example(wrong={"tags": [5]})
@example(wrong={"participants": "owner"})
@example(wrong={"location": []})
@example(wrong={"location": {"address": 5}})
@example(wrong={"permissions": {}})
def test_a_value_of_the_wrong_type(target: Target, wrong: dict[str, Any]) -> None:
    """A value of the wrong type is refused with 400 and code 5."""
    with target.world() as world:
        owner = world.owner.using(via="json")
        create(owner, **wrong).refused(400, 5)
        update(owner, owner.item(), **wrong).refused(400, 5)


@clause("HT-PARAM-22")
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "high"),
        ("integer", "1.5"),
        ("integer", "0x1"),
        ("integer", "٣"),
        ("number", "1,5"),
        ("number", "NaN"),
        ("number", "Infinity"),
        ("boolean", "maybe"),
        ("boolean", "2"),
        ("object", "{"),
        ("object", "[]"),
        ("array", "{}"),
    ],
)
def test_text_of_the_wrong_type(target: Target, kind: str, text: str) -> None:
    """A text that cannot be read as the type of its field is 400 and code 5."""
    with target.world() as world:
        for place in raw.PLACES:
            owner = world.owner.using(via=place)
            create(owner, **{EXAMPLE_OF[kind]: text}).refused(400, 5)


@clause("HT-PARAM-23")
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/octet-stream", "image/png"]
)
def test_other_media_types(target: Target, kind: str) -> None:
    """A body that is neither a form nor JSON is refused with 415 and code 5."""
    with target.world() as world:
        body = f"guid={world.guid(GUID)}&title=a".encode()
        raw.send(world.owner, "createItem", kind=kind, body=body).refused(415, 5)


@clause("HT-PARAM-26")
@pytest.mark.parametrize("place", raw.BODIES)
def test_compressed_bodies(target: Target, place: str) -> None:
    """A compressed body is refused with 415 and code 5, and nothing is made."""
    with target.world() as world:
        owner = world.owner.using(via=place)
        reply = compressed(owner, "createItem", guid=world.guid(), title="a")
        reply.refused(415, 5)
        assert not world.owner.items()


@clause("HT-PARAM-23")
@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("form", "application/x-www-form-urlencoded; charset=utf-8"),
        ("form", "Application/X-WWW-Form-Urlencoded"),
        ("json", "application/json; charset=utf-8"),
        ("json", "APPLICATION/JSON;charset=UTF-8"),
        certain("json", "application/vnd.api+json"),
    ],
)
def test_the_media_types_that_are_read(target: Target, place: str, kind: str) -> None:
    """Forms and JSON are known in any letter case, whatever stands beside them."""
    with target.world() as world:
        parts = raw.written(place, (("guid", world.guid(GUID)), ("title", "a")))
        raw.send(world.owner, "createItem", **{**parts, "kind": kind}).expect(200)
