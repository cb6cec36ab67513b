"""Bodies are read for what they name, and not sent if nobody can tell."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.guard import Guard
from tasktwin_contract.payload import UnclearError, read, rewritten
from tasktwin_contract.things import Things
from tasktwin_contract.wire import Request

from .calls import ALIEN, OPERATIONS, OWN, RULES, request


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"guid": "%s", "id": 8' % OWN.encode()),
        ("application/json", b'{"permissions": [{"principal": "all"}]'),
        ("application/json", b'{"a": 1, "parent": \\u0038'),
        ("text/plain", b"parent=8"),
        ("application/x-www-form-urlencoded", b"p%61rent=8"),
        ("multipart/form-data; boundary=b", b"--b 8"),
        ("application/json", '{"parent": ٨'.encode()),
        ("application/json", ALIEN.encode()),
    ],
)
def test_what_cannot_be_read_is_not_sent(
    guard: Guard, things: Things, kind: str, body: bytes
) -> None:
    """A body of which nobody can tell what it names ends the test."""
    sent = request("createItem")
    odd = replace(sent.request, headers=(("Content-Type", kind),), body=body)
    with pytest.raises(pytest.skip.Exception):
        guard.errand(replace(sent, request=odd), things)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"guid": "%s", "title": "a"' % OWN.encode()),
        ("application/json", b"{title: a}"),
        ("text/plain", b"title"),
    ],
)
def test_what_names_nothing_may_be_odd(
    guard: Guard, things: Things, kind: str, body: bytes
) -> None:
    """A body that can name nothing, or but what was drawn, may be as odd as it is."""
    sent = request("createItem")
    odd = replace(sent.request, headers=(("Content-Type", kind),), body=body)
    errand = guard.errand(replace(sent, request=odd), things)
    assert errand.texts("guid") == ([OWN] if OWN.encode() in body else [])


values = st.lists(
    st.tuples(st.sampled_from(["title", "guid", "x y"]), st.text(max_size=9)),
    max_size=3,
)


@given(values=values, place=st.sampled_from(["form", "json", "multipart"]))
def test_a_body_is_read_as_it_was_written(values: Any, place: str) -> None:
    """What the suite writes is read back, doubled parameters too, or is unclear."""
    from tasktwin_contract.hitask import raw

    parts = raw.written(place, tuple(values))
    wire = Request(
        "POST", "/api/item", (), (("Content-Type", parts["kind"]),), parts["body"]
    )
    try:
        assert read(wire, OPERATIONS["createItem"], RULES.version) == values
        assert rewritten(wire, lambda name, value: value).body == wire.body
    except UnclearError:
        assert place != "json"
