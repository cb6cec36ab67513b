"""What refusals look like, and what they leave alone."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import FORM
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.events import differences
from tasktwin_contract.hitask.examples import EVERY, OPERATIONS
from tasktwin_contract.hitask.refusals import (
    KINDS,
    PUBLISHED,
    REFUSALS,
    WRITES,
    everything,
    prepared,
    refused,
)
from tasktwin_contract.hitask.steps import create, update, updated
from tasktwin_contract.hitask.values import json_values, texts, wrong_fields
from tasktwin_contract.reply import Reply
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target
from tasktwin_schemas import errors

TEMPLATES = {str(code): row.template for code, row in errors("hitask").items()}
OPEN_ENDED = (3, 4, 6)  # whose last word may be missing
WORD = r"(?!%[sd])\S.*"
ENVELOPE = {"error_message", "response_status"}
LATER = {"message", "version", "time_last_update"}  # what the next write changes
SERVER_ERRORS = (500, 501, 502, 504)
PARAMETERS = sorted(
    {name for one in OPERATIONS.values() for name in one.parameters}
    | {"api_key", "session_id"}
)
DEEP = 100_000
BODIES: dict[str, tuple[str, bytes]] = {
    "deep lists": (raw.JSON, b"[" * DEEP),
    "deep objects": (raw.JSON, b'{"location":' * DEEP),
    "a deep list inside": (
        raw.JSON,
        b'{"recurring_by":' + b"[" * DEEP + b"]" * DEEP + b"}",
    ),
    "many digits": (raw.JSON, b'{"priority": ' + b"9" * 5000 + b"}"),
    "a great exponent": (raw.JSON, b'{"time_est": 1e999999}'),
    "no UTF-8 in JSON": (raw.JSON, b'{"title": "\xff"}'),
    "a byte order mark": (raw.JSON, b'\xef\xbb\xbf{"title": "a"}'),
    "UTF-16": (raw.JSON, '{"title": "a"}'.encode("utf-16")),
    "digits in a form": (FORM, b"priority=" + b"9" * 5000),
    "an exponent in a form": (FORM, b"time_est=1e999999"),
    "deep text in a form": (FORM, b"recurring_by=" + b"[" * DEEP),
    "wrong percent signs": (FORM, b"title=%&%zz=%1&%"),
    "nothing but marks": (FORM, b"&&==&=&;"),
    "many parameters": (FORM, b"a=1&" * 20_000),
    "no boundary": ("multipart/form-data", b"title"),
    "a boundary unmet": (raw.MULTIPART, b"title"),
    "a multipart body cut short": (
        raw.MULTIPART,
        raw.written("multipart", (("title", "a"),))["body"][:60],
    ),
    "an unknown charset": ("application/json; charset=none", b"{}"),
    "a media type that is none": (";;;", b"{}"),
    "no media type": ("", b"{}"),
}
PATHS = (
    "/api/item/%00",
    "/api/item/%FF%FE",
    "/api/item/%2e%2e%2f",
    "/api/item/99999999999999999999",
    "/api/item/-1",
    "/api/item/%D9%A3",
    "/api/v99999999999999999999/user",
    "/api/v%D9%A3/user",
    "/api/v%C2%B2/user",
    "/api/v-1/user",
    "/api/v/user",
    "/api//user",
    "/api/user/",
    "//",
)
MEDIA_TYPES = (None, FORM, raw.JSON, raw.MULTIPART, "text/plain", "application/x+json")


@clause("HT-ERROR-01")
@pytest.mark.parametrize("why", PUBLISHED)
def test_a_refusal_is_not_200(target: Target, why: str) -> None:
    """A refusal has a status other than 200."""
    with target.world() as world:
        reply = PUBLISHED[why](world, prepared(world))
        assert reply.status != 200, reply.summary


@clause("HT-ERROR-02")
def test_refusals_have_the_envelope(target: Target) -> None:
    """A refusal's body is an object with error_message, text, and response_status."""
    for reply in refused(target, KINDS):
        assert isinstance(reply["error_message"], str), reply.summary
        assert type(reply["response_status"]) is int, reply.summary


@clause("HT-ERROR-03")
def test_refusals_have_nothing_else(target: Target) -> None:
    """A refusal's body holds nothing but error_message and response_status."""
    for reply in refused(target, KINDS):
        assert isinstance(reply.data, dict), reply.summary
        assert reply.data.keys() <= ENVELOPE, reply.summary


@clause("HT-ERROR-04")
def test_refusals_have_published_codes(target: Target) -> None:
    """The response_status of a refusal is a published code, and not that of Ok."""
    for reply in refused(target, KINDS):
        assert str(reply.code) in TEMPLATES.keys() - {"0"}, reply.summary


@clause("HT-ERROR-05")
def test_refusals_have_their_messages(target: Target) -> None:
    """The error_message of a refusal is its code's published template, filled."""
    for reply in refused(target, REFUSALS):
        expected, message = _filled(reply.code), str(reply["error_message"])
        assert expected.fullmatch(message), f"{message!r}, not {expected.pattern!r}"


def _filled(code: Any) -> re.Pattern[str]:
    """What the template of a code becomes."""
    whole = TEMPLATES.get(str(code), "(no template)")
    short = re.sub(" ?%s$", "", whole) if code in OPEN_ENDED else whole
    parts = [map(re.escape, re.split("%[sd]", text)) for text in (whole, short)]
    return re.compile("|".join(map(WORD.join, parts)), re.DOTALL)


@clause("HT-ERROR-06")
@pytest.mark.parametrize("why", BODIES)
def test_odd_bodies(target: Target, why: str) -> None:
    """No body makes the server fail, however odd it is."""
    kind, body = BODIES[why]
    with target.world() as world:
        for name in ("createItem", "authenticate"):
            _is_alive(raw.send(world.owner, name, kind=kind, body=body))


@clause("HT-ERROR-06")
@pytest.mark.parametrize("path", table(PATHS, "/api/v%C2%B2/user"))
def test_odd_paths(target: Target, path: str) -> None:
    """No path makes the server fail, however odd it is."""
    with target.world() as world:
        session = (("x-hi-session", world.owner.session_id),)
        _is_alive(world.request("GET", path, headers=session))
        _is_alive(world.request("DELETE", path, headers=session))


@clause("HT-ERROR-06")
@pytest.mark.parametrize("value", ["", ";", "session_id", "session_id=;=;;a", '"', "é"])
def test_odd_credentials(target: Target, value: str) -> None:
    """No cookie, session or key makes the server fail, however odd it is."""
    with target.world() as world:
        for name in ("Cookie", "x-hi-session", "Authorization"):
            for operation in ("getUser", "authenticate"):
                headers = ((name, value),)
                _is_alive(raw.send(world.nobody, operation, headers=headers))


@clause("HT-ERROR-06")
@given(
    name=st.sampled_from(EVERY),
    kind=st.sampled_from(MEDIA_TYPES),
    body=st.binary(max_size=60),
    query=st.lists(st.tuples(texts(10), texts(10)), max_size=3).map(tuple),
    item=texts(10),
)
def test_any_request(
    target: Target, name: str, kind: str | None, body: bytes, query: Any, item: str
) -> None:
    """No request makes the server fail, whatever its parts are."""
    with target.world() as world:
        parts = {"kind": kind, "body": body, "query": query}
        _is_alive(raw.send(world.owner, name, raw.in_path(name, item), **parts))


@clause("HT-ERROR-06")
@given(
    name=st.sampled_from(["createItem", "updateItem", "updateUser", "authenticate"]),
    sent=st.dictionaries(st.sampled_from(PARAMETERS), json_values(st.integers())),
)
def test_any_values(target: Target, name: str, sent: dict[str, Any]) -> None:
    """No values of an operation's own parameters make the server fail."""
    with target.world() as world:
        owner = world.owner.using(via="json")
        named = {"guid": owner.item()["guid"], "title": "a title"}
        _is_alive(owner.call(name, **{**named, **sent}))
        _is_alive(owner.call(name, **{**sent, **named}))


def _is_alive(reply: Reply) -> None:
    assert reply.status not in SERVER_ERRORS, reply.summary


@clause("HT-ERROR-07")
@pytest.mark.parametrize("why", table(WRITES, "update: below itself"))
def test_a_refused_write_changes_nothing(target: Target, why: str) -> None:
    """A refused request changes nothing that anybody can see."""
    with target.world() as world:
        item = prepared(world)
        before = everything(world)
        reply = WRITES[why](world, item)
        assert reply.status != 200, f"not refused: {reply.summary}"
        after = everything(world)
        changed = [who for who in before if after[who] != before[who]]
        assert not changed, f"what is refused changed what {changed} can see"
        later = updated(world.owner, item, message="later")
        traces = differences(item, later) - LATER
        assert not traces, f"what is refused shows after the next write, in {traces}"


@clause("HT-ERROR-07")
@given(wrong=wrong_fields())
def test_one_wrong_value_spoils_all(target: Target, wrong: dict[str, Any]) -> None:
    """A request with one wrong value among right ones changes nothing at all."""
    with target.world() as world:
        owner = world.owner.using(via="json")
        item = owner.item()
        before = owner.items()
        create(owner, **wrong).refused()
        right = {"message": "refused", "starred": True, "color": 3}
        update(owner, item, **{**right, **wrong}).refused()
        assert owner.items() == before
