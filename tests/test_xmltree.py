"""XML from servers that mean harm is refused, quickly, and harmless XML is read."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.xmldata import typed
from tasktwin_contract.xmltree import MOST_LEVELS, MarkupError, parse
from tasktwin_schemas import operations

LAUGHS = b"".join(
    b'<!ENTITY l%d "%b">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10)
)
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "blank": b"  \n",
    "text": b"hello",
    "json": b'{"status": "ok"}',
    "cut": b"<response><a>",
    "two roots": b"<a/><b/>",
    "crossed": b"<a><b></a></b>",
    "no quotes": b"<a b=c/>",
    "same attribute twice": b'<a b="1" b="2"/>',
    "billion laughs": b'<!DOCTYPE x [<!ENTITY l0 "lol">%b]><x>&l9;</x>' % LAUGHS,
    "one entity": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    "external entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "external subset": b'<!DOCTYPE x SYSTEM "http://localhost:1/x.dtd"><x/>',
    "parameter entity": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///x"> %a;]><x/>',
    "bare document type": b"<!DOCTYPE x><x/>",
    "unknown entity": b"<x>&nbsp;</x>",
    "another encoding": b'<?xml version="1.0" encoding="ISO-8859-1"?><x>\xe9</x>',
    "an unknown encoding": b'<?xml version="1.0" encoding="x-none"?><x/>',
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?><x>+ADw-</x>',
    "UTF-16": "<x>\u00e9</x>".encode("utf-16"),
    "UTF-32": "<x/>".encode("utf-32"),
    "no UTF-8": b"<x>\xff\xfe</x>",
    "overlong UTF-8": b"<x>\xc0\xbc</x>",
    "surrogates": b"<x>\xed\xa0\x80</x>",
    "a control character": b"<x>\x01</x>",
    "NUL": b"<x>\x00</x>",
    "a reference to a control character": b"<x>&#1;</x>",
    "a reference beyond Unicode": b"<x>&#x110000;</x>",
    "a noncharacter": "<x>\ufffe</x>".encode(),
    "version 2": b'<?xml version="2.0"?><x/>',
}
HUGE: dict[str, Callable[[], bytes]] = {
    "10,000 levels": lambda: b"<a>" * 10_000 + b"</a>" * 10_000,
    "a level too many": lambda: (
        b"<a>" * (MOST_LEVELS + 1) + b"</a>" * (MOST_LEVELS + 1)
    ),
    "text between a million elements": lambda: (
        b"<x>" + b"a\n<a/>" * 1_000_000 + b"</x>"
    ),
    "a million elements": lambda: b"<x>" + b"<a/>" * 1_000_000 + b"</x>",
    "100 MB of attributes": lambda: b"<x %b/>" % (b'a="" ' * 20_000_000),
    "30 MB of attributes": lambda: (
        b"<x %b/>" % b"".join(b'a%d="" ' % n for n in range(9**6))
    ),
    "an endless tag": lambda: b"<x " + b"a" * 30_000_000,
    "an endless comment": lambda: b"<x><!--" + b"a" * 20_000_000,
    "100 MB of text": lambda: b"<x>%b</x>" % (b" " * 100_000_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_refused(name: str) -> None:
    """Each is a refusal with a reason, and nothing is fetched."""
    with pytest.raises(MarkupError) as refused:
        parse(HOSTILE[name])
    assert str(refused.value)


@pytest.mark.parametrize("name", HUGE)
def test_huge_documents_are_refused(name: str) -> None:
    """Each is refused before it takes more room or time than a plain one may."""
    body = HUGE[name]()
    start = time.process_time()
    with pytest.raises(MarkupError, match="more than"):
        parse(body)
    assert time.process_time() - start < 20


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(body: bytes) -> None:
    """Whatever comes is a tree or a refusal."""
    try:
        parse(body)
    except MarkupError:
        return


def test_a_large_harmless_document_is_read() -> None:
    """Long texts, and lists of many objects, are no harm."""
    long = b"x\n" * 3_000_000
    root = parse(b"<a>" + b"<b><c>1</c></b>" * 100_000 + b"<d>%b</d></a>" % long)
    assert len(root.children) == 100_001
    assert root.children[-1].text == long.decode()


def test_plain_markup_is_read() -> None:
    """A byte order mark, comments, CDATA, references and white space are XML."""
    text = '\ufeff<?xml version="1.0" encoding="utf-8"?><!-- a --><?b c?>'
    text += (
        '<r s="&lt;1&gt;"> <t><![CDATA[<&]]> &amp;&#13;\r\n&#x1F600;</t></r><!-- d -->'
    )
    root = parse(text.encode())
    assert (root.name, root.attributes) == ("r", {"s": "<1>"})
    assert root.children[0].text == "<& &\r\n\U0001f600"


def data(operation: str, text: str, status: int = 200) -> Any:
    """What `text` says as an answer of `operation`."""
    rule = operations("fivepm")[operation].answers[status].schema
    assert rule is not None
    return typed(parse(text.encode()), rule)


def test_lists_have_their_types() -> None:
    """Elements are typed by the schema, and what is missing and may be is null."""
    text = """<response status="ok"><items count="2" total="7">
        <file><id>1</id><name> 1 </name><size>20</size><activityId>3</activityId></file>
        <file><id>2</id><name/><size>x</size><activityId>3</activityId></file>
    </items></response>"""
    assert data("activityGetFilesList", text) == {
        "status": "ok",
        "count": 2,
        "total": 7,
        "items": [
            {"id": "1", "name": " 1 ", "size": 20, "activityId": 3},
            {"id": "2", "name": "", "size": "x", "activityId": 3},
        ],
    }


def test_an_empty_list_is_a_list() -> None:
    """An empty element is an empty list where the schema has a list."""
    text = '<response status="ok"><items count="0" total="0"/></response>'
    assert data("usersGetAll", text)["items"] == []


def test_an_objects_own_status_counts() -> None:
    """The element counts over the attribute of that name, and null is filled in."""
    text = '<response status="ok"><status>30</status><team><id>7</id></team></response>'
    project = data("projectsGetById", text)
    assert project["status"] == 30
    assert project["team"] == [7]
    assert project["description"] is None
    assert "name" not in project


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("<hidden>1</hidden>", "hidden", True),
        ("<hidden>0</hidden>", "hidden", False),
        ("<hidden>true</hidden>", "hidden", True),
        ("<hidden>yes</hidden>", "hidden", "yes"),
        ("<ownerId>-7</ownerId>", "ownerId", -7),
        ("<ownerId>7.0</ownerId>", "ownerId", "7.0"),
        ("<ownerId> 7</ownerId>", "ownerId", " 7"),
        ("<ownerId>٣</ownerId>", "ownerId", "٣"),
        ("<ownerId/>", "ownerId", ""),
        ("<groupId/>", "groupId", None),
        ("<tags/>", "tags", ""),
        ("<startDate/>", "startDate", None),
        ("<id>7</id>", "id", "7"),
        ("<id>7</id><id>8</id>", "id", ["7", "8"]),
        ("<id><a>1</a></id>", "id", {"a": "1"}),
        ("<team>()</team>", "team", "()"),
        ("<team><x>1</x></team>", "team", [{"x": "1"}]),
        ("<estimatedTime>1.5</estimatedTime>", "estimatedTime", 1.5),
        ("<estimatedTime>8</estimatedTime>", "estimatedTime", 8),
        ("<estimatedTime>1e999</estimatedTime>", "estimatedTime", "1e999"),
        ("<estimatedTime>NaN</estimatedTime>", "estimatedTime", "NaN"),
        ("<unheard><of>1</of></unheard>", "unheard", {"of": "1"}),
    ],
)
def test_what_does_not_fit_stays_as_it_is(text: str, key: str, value: Any) -> None:
    """A value of another type is text or a structure, for the schema to refuse."""
    task = data("tasksGetById", f"<response>{text}</response>")
    assert task[key] == value
    assert type(task[key]) is type(value)


def test_refusals_are_read() -> None:
    """A refusal has the types of the envelope."""
    text = '<response status="fail"><error>No.</error><code>404</code></response>'
    assert data("tasksGetById", text, 404) == {
        "status": "fail",
        "error": "No.",
        "code": 404,
    }
