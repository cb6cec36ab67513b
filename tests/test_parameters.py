"""Parameters: what came over HTTP, and what an operation gets of it."""

from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from tasktwin_mockserver.exchange import Request, Upload
from tasktwin_mockserver.parameters import ParameterReader
from tasktwin_mockserver.refusal import Refusal
from tasktwin_schemas import operations

GUID = "9769a9f9-726c-4ec8-a920-be16193c26a6"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MULTIPART = "multipart/form-data"
MANY = "&".join(["a=1"] * 10_001)
CREATE = ParameterReader(operations("hitask")["createItem"])
UPDATE = ParameterReader(operations("hitask")["updateItem"])
FREE = ParameterReader(operations("hitask")["setPreferences"])
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


# Name, how it is refused, and values that are.
WRONG: list[tuple[str, str, list[Any]]] = [
    ("color", "format", ["", " 7", "7.0", "1e1", "\u0667", "0x7", "9" * 5000]),
    ("color", "format", [7.5, True, [], {}, 2**63]),
    ("color", "value", [-1, 8, "99"]),
    ("time_est", "format", ["nan", "inf", "1e999", "", True]),
    ("time_est", "value", ["-1"]),
    ("completed", "format", ["yes", "", 2, 0.5, [], "2"]),
    ("title", "format", [7, True, [], {}]),
    ("title", "length", ["x" * 256]),
    ("title", "value", ["", " \n"]),
    ("guid", "format", ["", "x", GUID[:-1], f"{GUID}\n", 7]),
    ("tags", "format", ["[1, 2]", "[", 7, {}, [None]]),
    ("tags", "value", [["a,b"], "a,,b"]),
    ("tags", "length", [["x" * 256]]),
    ("participants", "format", ["1,x", "1,,2", "[1.5]", [2**63]]),
    ("participants", "value", ["0"]),
    ("location", "format", ["{", "[]", "7", {"longitude": "1"}]),
    ("location", "format", [f'{{"longitude": {2**64}}}']),
    ("location", "value", [{"longitude": 181}]),
    ("recurring_by", "format", [[{"type": "BYDAY", "values": [2**64]}]]),
    ("permissions", "missing", [[{"level": 100}]]),
    ("permissions", "value", [[{"level": 15, "principal": 1}]]),
]


def read(name: str, raw: Any) -> Any:
    """What createItem gets of the parameter `name`."""
    return CREATE.readers[name].read(raw)


def refused(name: str, raw: Any) -> tuple[str, int | None]:
    """How createItem refuses the parameter `name`."""
    with pytest.raises(Refusal) as caught:
        read(name, raw)
    assert caught.value.parameter == name
    return caught.value.kind, caught.value.code


def request_of(query: str = "", kind: str | None = None, body: bytes = b"") -> Request:
    """A request with that query and that body."""
    builder = EnvironBuilder(query_string=query, data=body, content_type=kind)
    request = Request(builder.get_environ())
    request.read(10**6)
    return request


def values_of(
    query: str = "", kind: str | None = None, body: bytes = b""
) -> dict[str, Any]:
    """The parameters of a request with that query and that body."""
    return request_of(query, kind, body).values


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("color", "7", 7),
        ("color", "+7", 7),
        ("color", 7, 7),
        ("color", 7.0, 7),
        ("priority", str(2**63 - 1), 2**63 - 1),
        ("recurring_interval", str(-(2**63)), -(2**63)),
        ("time_est", "1.5", 1.5),
        ("time_est", ".5e1", 5.0),
        ("time_est", 2, 2),
        ("completed", "TRUE", True),
        ("completed", "0", False),
        ("completed", 1, True),
        ("completed", False, False),
        ("title", " x ", " x "),
        ("message", "", None),
        ("tags", "a, b ,c", ["a", "b", "c"]),
        ("tags", '["a", "b"]', ["a", "b"]),
        ("tags", ["a"], ["a"]),
        ("tags", "", None),
        ("participants", "1,2", [1, 2]),
        ("participants", "[1, 2]", [1, 2]),
        ("location", '{"longitude": 1}', {"longitude": 1}),
        ("location", {"address": None}, {"address": None}),
        ("guid", GUID.upper(), GUID.upper()),
    ],
)
def test_values_that_fit(name: str, raw: Any, value: Any) -> None:
    """A value of the right type, or text of it, is read as that type."""
    found = read(name, raw)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "raw", "kind"),
    [(name, raw, kind) for name, kind, raws in WRONG for raw in raws],
)
def test_values_that_do_not_fit(name: str, raw: Any, kind: str) -> None:
    """A value that does not fit is refused, and it is told how."""
    assert refused(name, raw)[0] == kind


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("color", "red", 5),
        ("color", 99, 6),
        ("title", "", 4),
        ("title", "x" * 256, 25),
        ("alerts", "[", 6),
        ("permissions", [{}], 6),
    ],
)
def test_codes_of_refusals(name: str, raw: Any, code: int) -> None:
    """The code of a refusal is the parameter's own, where the document gives one."""
    assert refused(name, raw)[1] == code


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2012-03-15", datetime(2012, 3, 15)),  # noqa: DTZ001 (as it was sent)
        ("2012-03-15T10:00", datetime(2012, 3, 15, 10)),  # noqa: DTZ001 (likewise)
        ("2012-03-15T10:00:00Z", datetime(2012, 3, 15, 10, tzinfo=UTC)),
        (
            "2012-03-15T10:00:00.5 01:00",
            datetime(2012, 3, 15, 10, 0, 0, 500_000, timezone(timedelta(hours=1))),
        ),
    ],
)
def test_dates_that_fit(raw: str, moment: datetime) -> None:
    """A date is read with its offset, also where a form made a blank of its plus."""
    found = read("start_date", raw)
    assert found == moment
    assert found.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    "raw",
    [
        *("soon", "2012-02-30", "2012-03-15T25:00", "0001-01-01", "9999-12-31", 7),
        *(
            "2012-03-15T10:00:00+24:00",
            "2012-03-15T10:00:00+00:00:30",
            "\u0662012-03-15",
        ),
    ],
)
def test_dates_that_do_not_fit(raw: Any) -> None:
    """What is no date, or one that no other offset could show, is refused."""
    assert refused("start_date", raw) == ("format", 5)


def test_what_is_not_sent_has_no_key() -> None:
    """Absent parameters and JSON nulls have no key, and unknown ones are ignored."""
    raw = {"guid": GUID, "title": "x", "color": None, "colour": "red", "": "x"}
    assert CREATE.read(raw, None) == {"guid": GUID, "title": "x"}


@pytest.mark.parametrize(("version", "missing"), [(None, True), (6, True), (5, False)])
def test_duties_that_came_later(version: int | None, missing: bool) -> None:
    """A parameter that a later version requires may be left out in an earlier one."""
    if not missing:
        assert CREATE.read({"title": "x"}, version) == {"title": "x"}
        return
    with pytest.raises(Refusal) as caught:
        CREATE.read({"title": "x"}, version)
    assert (caught.value.kind, caught.value.parameter) == ("missing", "guid")


def test_aliases() -> None:
    """The value of an alias stands under the main name, whose own value counts."""
    assert UPDATE.read({"assigneeId": "7"}, None) == {"assignee": 7}
    assert UPDATE.read({"assigneeId": "7", "assignee": "8"}, None) == {"assignee": 8}


def test_names_in_any_case() -> None:
    """A name that is understood in any case is, and no other name."""
    reader = ParameterReader(operations("hitask")["updateUser"])
    assert reader.read({"RETURNINFO": "1"}, None) == {"returnInfo": True}
    assert reader.read({"FIRSTNAME": "x"}, None) == {}


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


PLACED = ParameterReader(operations("gsmtasks")["createClient"])
LISTING = ParameterReader(operations("gsmtasks")["listTasks"])
UPLOAD = ParameterReader(operations("gsmtasks")["createFileUpload"])
ANYWHERE = ParameterReader(operations("gsmtasks")["authenticate"])
NAMED = b'{"name": "a name", "state": "active"}'


def test_parameters_come_from_where_the_document_has_them() -> None:
    """Without a word of other places the body's are not read from the query."""
    request = request_of("name=another&archived=true", JSON, NAMED)
    assert PLACED.raw(request, {}) == {"name": "a name"}
    assert LISTING.raw(request_of("state=active&name=x"), {}) == {"state": "active"}


def test_a_body_that_nothing_is_read_from_is_not_looked_at() -> None:
    """Where the document has no body, there may be any."""
    assert LISTING.raw(request_of("state=active", JSON, b"{"), {}) == {
        "state": "active"
    }


@pytest.mark.parametrize("kind", [FORM, "text/plain", "multipart/form-data", None])
def test_only_the_documents_media_types_are_read(kind: str | None) -> None:
    """A body of another media type is refused, where the document says which."""
    with pytest.raises(Refusal) as caught:
        PLACED.raw(request_of("", kind, b"name=x"), {})
    assert caught.value.kind == "media_type"


def test_any_json_is_json() -> None:
    """A media type whose suffix says that it is JSON is read as JSON."""
    request = request_of("", "application/problem+json", NAMED)
    assert PLACED.raw(request, {}) == {"name": "a name"}


def test_other_places_are_read_where_the_document_says_so() -> None:
    """An operation with places takes its parameters from any of them."""
    request = request_of("username=a", FORM, b"password=b")
    assert ANYWHERE.raw(request, {}) == {"username": "a", "password": "b"}


def test_a_path_counts_over_a_body() -> None:
    """What the path says of a parameter is not said again by the body."""
    reader = ParameterReader(operations("gsmtasks")["updateClient"])
    request = request_of("id=1", JSON, b'{"id": "2", "name": "x"}')
    assert reader.raw(request, {"id": "3"}) == {"id": "3", "name": "x"}


@pytest.mark.parametrize("value", ["an address", {"email": "a@example.com"}, None])
def test_a_parameter_of_several_types(value: Any) -> None:
    """A value is read as the first of the types that it can be read as."""
    reader = ParameterReader(operations("gsmtasks")["createTask"])
    assert reader.readers["assignee"].read(value) == value


@pytest.mark.parametrize("value", [7, [], {}, True, ""])
def test_a_value_of_none_of_several_types(value: Any) -> None:
    """What fits none of the types is refused."""
    reader = ParameterReader(operations("gsmtasks")["createTask"])
    with pytest.raises(Refusal):
        reader.readers["assignee"].read(value)


def test_a_file_or_an_object() -> None:
    """A parameter may be a file in one media type, and JSON in another."""
    file = {"name": "a", "contents": "data:a/b;base64,"}
    upload = Upload("a", "a/b", b"")
    assert UPLOAD.readers["file"].read(file) == file
    assert UPLOAD.readers["file"].read(upload) is upload
    with pytest.raises(Refusal):
        PLACED.readers["name"].read(upload)


ATTACH = ParameterReader(operations("fivepm")["activityAttachFiles"])
ADD = ParameterReader(operations("fivepm")["projectsAdd"])


def attached(*parts: tuple[str, str | None]) -> Any:
    """What an operation gets of a body with these parts; one without text is a file."""
    data = {
        name: (BytesIO(b"bytes"), "a.txt") if text is None else text
        for name, text in parts
    }
    builder = EnvironBuilder(method="POST", data=data, content_type=MULTIPART)
    request = Request(builder.get_environ())
    request.read(10_000)
    return ATTACH.read(ATTACH.raw(request, {}), None)


def row(number: object, name: str = "a") -> list[tuple[str, str | None]]:
    """The parts of one file of that number."""
    return [(f"files[{number}][name]", name), (f"files[{number}][file]", None)]


def test_rows_come_by_number() -> None:
    """Parameters with a number in their names become a list, whatever their order."""
    read = attached(*row(10, "b"), *row(2, "a"), ("activityId", "5"), *row(0, "z"))
    assert [one["name"] for one in read["files"]] == ["z", "a", "b"]
    assert [one["file"].data for one in read["files"]] == [b"bytes"] * 3
    assert read["activityId"] == 5


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ([], "files[1][name]"),
        (row(3)[:1], "files[3][file]"),
        ([*row(1), *row(2)[1:]], "files[2][name]"),
        (row("n"), "files[1][name]"),
        (row("-1"), "files[1][name]"),
        (row("9" * 10), "files[1][name]"),
    ],
)
def test_rows_that_lack_something(
    parts: list[tuple[str, str | None]], named: str
) -> None:
    """A row without one of its parameters is refused, and so is no row at all."""
    with pytest.raises(Refusal) as refused:
        attached(("activityId", "5"), *parts)
    assert refused.value.kind == "missing"
    assert refused.value.parameter == named


def test_a_row_with_a_wrong_value() -> None:
    """What is wrong in a row is refused as anywhere, beside what else is wrong."""
    with pytest.raises(Refusal) as refused:
        attached(("activityId", "x"), ("files[1][name]", " "), *row(1)[1:])
    kinds = [(one.kind, one.parameter) for one in refused.value.faults]
    assert kinds == [("format", "activityId"), ("value", "files[n][name]")]


def test_json_where_it_is_not_taken() -> None:
    """JSON is refused by an operation whose parameters come from elsewhere."""
    builder = EnvironBuilder(method="POST", data="{}", content_type=JSON)
    request = Request(builder.get_environ())
    request.read(10_000)
    with pytest.raises(Refusal) as refused:
        ADD.raw(request, {})
    assert refused.value.kind == "media_type"
