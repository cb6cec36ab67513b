"""Parameters: what a query and a body say, and how they are refused."""

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.parameters import ParameterReader
from tasktwin_mockserver.refusal import Refusal
from tasktwin_schemas import operations

from .incoming import FORM, JSON, UPDATE, request_of

MANY = "&".join(["a=1"] * 10_001)
FREE = ParameterReader(operations("hitask")["setPreferences"])
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def values_of(
    query: str = "", kind: str | None = None, body: bytes = b""
) -> dict[str, Any]:
    """The parameters of a request with that query and that body."""
    return request_of(query, kind, body).values


@given(pairs=st.dictionaries(TEXT.filter(bool), TEXT, max_size=5))
def test_texts_arrive_as_they_were_sent(pairs: dict[str, str]) -> None:
    """Any text comes unchanged by query, form and JSON."""
    encoded = urlencode(pairs)
    assert values_of(query=encoded) == pairs
    assert values_of(kind=FORM, body=encoded.encode()) == pairs


def test_multipart_texts_arrive_as_they_were_sent() -> None:
    """A multipart body gives its texts, the replacement character too."""
    head = 'Content-Disposition: form-data; name="title"'
    body = f"--b\r\n{head}\r\n\r\né\ufffd\r\nx\r\n--b--\r\n".encode()
    kind = "multipart/form-data; boundary=b"
    assert values_of(kind=kind, body=body) == {"title": "é\ufffd\r\nx"}


def test_json_arrives_as_it_is() -> None:
    """A JSON object gives its values with their types."""
    body = b'{"a": [1, {"b": null}], "c": 1.5, "d": "\\u00e9"}'
    values = {"a": [1, {"b": None}], "c": 1.5, "d": "é"}
    assert values_of(kind=f"{JSON}; charset=utf-8", body=body) == values
    assert values_of(kind="application/problem+json", body=body) == values


def test_what_is_sent_twice() -> None:
    """The last of several values counts, and the body's before the query's."""
    assert values_of("a=1&a=2") == {"a": "2"}
    assert values_of("a=1&b=2", FORM, b"a=3&a=4") == {"a": "4", "b": "2"}
    assert values_of("a=1", JSON, b'{"a": 2, "a": 3}') == {"a": 3}


@pytest.mark.parametrize(
    ("query", "kind", "body", "refusal"),
    [
        ("a=%ff", None, b"", "format"),
        (MANY, None, b"", "format"),
        ("", FORM, b"a=\xff", "format"),
        ("", FORM, b"a=%c3%28", "format"),
        ("", FORM, MANY.encode(), "format"),
        ("", JSON, b"{", "body"),
        ("", JSON, b"[]", "object"),
        ("", JSON, b'"text"', "object"),
        ("", JSON, b'{"a": NaN}', "body"),
        ("", JSON, b'{"a": 1e999}', "body"),
        ("", JSON, b'{"a": "\\ud800"}', "body"),
        ("", JSON, b'{"a": "\xff"}', "body"),
        ("", JSON, b'{"a":' * 5000, "body"),
        ("", "multipart/form-data", b"--b--", "format"),
        ("", "multipart/form-data; boundary=b", b"nothing of it", "format"),
        ("", "multipart/form-data; boundary=b", b"--b\r\n\r\nx\r\n--b--", "format"),
        ("", "text/plain", b"a=1", "media_type"),
        ("", None, b"a=1", "media_type"),
    ],
)
def test_what_cannot_be_read(
    query: str, kind: str | None, body: bytes, refusal: str
) -> None:
    """A query or a body that is not what it is declared to be is refused."""
    with pytest.raises(Refusal) as caught:
        values_of(query, kind, body)
    assert caught.value.kind == refusal


def request(query: str, kind: str, body: bytes) -> Request:
    """A request with that query, and a body of that media type."""
    builder = EnvironBuilder(
        method="POST", query_string=query, data=body, content_type=kind
    )
    made = Request(builder.get_environ())
    made.read(1_000_000)
    return made


def test_a_free_operation_takes_its_body_as_it_is() -> None:
    """What the body says is not looked at, and the query is no part of it."""
    raw = FREE.raw(request("a=1", JSON, b'{"b": [1], "c": null}'), {})
    assert FREE.read(raw, None) == {"b": [1], "c": None}


@pytest.mark.parametrize(
    ("reader", "body", "refusal"),
    [
        (FREE, b"[]", ("object", 102)),
        (FREE, b"[", ("body", None)),
        (UPDATE, b"[]", ("object", None)),
    ],
)
def test_an_operation_has_codes_of_its_own(
    reader: ParameterReader, body: bytes, refusal: tuple[str, int | None]
) -> None:
    """A body that is no object has the code that its operation gives it."""
    with pytest.raises(Refusal) as caught:
        reader.raw(request("", JSON, body), {})
    assert (caught.value.kind, caught.value.code) == refusal
