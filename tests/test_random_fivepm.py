"""Random requests to the 5pm mock: markup, entities and controls in every text."""

import json
import random
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tasktwin_mockserver.app import App
from tasktwin_mockserver.world import World
from tasktwin_schemas import Operation, operations

SEED = 8
REQUESTS = 10_000
BASE = "/api/v2/service"
OPERATIONS = tuple(operations("fivepm").values())
BY_PATH = {(one.method, one.path): one for one in OPERATIONS}
DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXTS = (
    *(
        "",
        " ",
        "name",
        "<b>&amp;</b>",
        "]]>",
        "<![CDATA[x]]>",
        "<!-- --",
        "&lol;",
        "'\"",
    ),
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY lol "lol"><!ENTITY l2 "&lol;&lol;">]>',
    '<!DOCTYPE x SYSTEM "file:///etc/passwd">&#0;&#x1F;',
    *(
        "\r\n\t",
        "\x00",
        "\x08",
        "\x0b",
        "\x1b[31m",
        "\x7f\x85\u2028",
        "\ufffe",
        "\uffff",
    ),
    *("\ufeff", "\U0001f600\U0010ffff", "e\u0301", "\u202e", "x" * 5000, "%00%", "ß"),
)
PLAIN = (
    "0",
    "1",
    "-1",
    "true",
    "no",
    "1.5",
    "1e999",
    "9" * 30,
    "10",
    "30",
    "100",
    "200",
)
DATES = ("2026-03-09", "2026-02-30", "2026-03-09T01:02:03", "0000-01-01", "9999-12-31")
KINDS = ("msg", "progress", "file", "0", "101,102", "105,,", "json", "xml", "JSON")
VALUES = (*TEXTS, *PLAIN, *DATES, *KINDS)
SIGN_OUT = "authenticationSignOut"
TABLES = ("projects", "tasks", "activities", "files", "groups", "users")
ODD_NAMES = (
    "project",
    "project[",
    "project[name",
    "[",
    "filter[x]",
    "files[1]",
    "\x00",
)
ODD_PATHS = ("", "/", "/get", "/get/x/y", "/get/tasks", "/put/tasks/add", "/get/\x01/<")
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW")
BODIES = (
    b"",
    b"\xff",
    b"%ff=%fe",
    b"{",
    b'{"id": "1"}',
    b"<x/>",
    b"--x\r\n\r\n\r\n--x--",
)
TYPES = (
    *("application/x-www-form-urlencoded", "application/json", "text/xml", ""),
    *("multipart/form-data", "multipart/form-data; boundary=x"),
)


class Client:
    """Somebody who sends anything at all, and looks hard at what comes back."""

    def __init__(self, app: App, seed: int) -> None:
        self.app = app
        self.drawn = random.Random(seed)
        self.people: dict[str, dict[str, str]]
        self.people = app.worlds.describe("default", "")["actors"]
        self.statuses: dict[int, int] = {}

    def play(self, requests: int) -> None:
        """Send so many requests."""
        world = self.app.worlds.get("default")
        assert world is not None
        for _ in range(requests):
            before = world.snapshot()
            environ, asked = self.request()
            chunks, line, headers = run_wsgi_app(self.app, environ)
            status, body = int(line[:3]), b"".join(chunks)
            self.statuses[status] = self.statuses.get(status, 0) + 1
            told = (environ["REQUEST_METHOD"], environ["PATH_INFO"], status, body)
            assert status < 500, told
            if status >= 400:
                assert not list(changed(world, before.tables)), told
            if status == 204:
                assert (environ["REQUEST_METHOD"], body) == ("OPTIONS", b""), told
            elif environ["REQUEST_METHOD"] != "HEAD":
                held_to_form(status, headers["Content-Type"], body, asked)
                held_to_shape(environ, status, headers["Content-Type"], body)

    def request(self) -> tuple[dict[str, Any], str | None]:
        """A request, and the form that it asks for in its query, if it does."""
        drawn = self.drawn
        operation = drawn.choice(OPERATIONS)
        if "emove" in operation.id and drawn.random() < 0.7:
            operation = drawn.choice(OPERATIONS)
        method, path = operation.method, operation.path
        if drawn.random() < 0.05:
            method, path = drawn.choice(METHODS), drawn.choice((path, *ODD_PATHS))
        query, values = self.values(operation)
        form = drawn.choice((None, "json", "json", "xml"))
        if form:
            query.append(("retType", form))
        words: dict[str, Any] = {"data": dict(values)}
        if drawn.random() < 0.5:
            words = {"data": urlencode(values), "content_type": TYPES[0]}
        if drawn.random() < 0.05:
            words = {"data": drawn.choice(BODIES), "content_type": drawn.choice(TYPES)}
        if method == "GET" and drawn.random() < 0.9:
            query, words = (
                [*query, *((k, v) for k, v in values if isinstance(v, str))],
                {},
            )
        environ = EnvironBuilder(
            method=method,
            path=quote(f"{BASE}{path}"),
            query_string=urlencode(query, errors="surrogatepass"),
            **words,
        ).get_environ()
        if drawn.random() < 0.02:
            environ["QUERY_STRING"] += "&a=%ff"
        return environ, None if any(name == "retType" for name, _ in values) else form

    def values(self, operation: Operation) -> tuple[list[Any], list[Any]]:
        """What stands in the query, who asks, and what stands elsewhere."""
        drawn = self.drawn
        who = drawn.choice([*self.people.values()])
        ways = (
            {"sessionId": who["session_id"]},
            {"login": who["login"], "password": who["password"]},
            {"sessionId": drawn.choice(VALUES)},
        )
        weights = (0, 1, 0) if operation.id == SIGN_OUT else (85, 12, 3)
        query = list(drawn.choices(ways, weights)[0].items())
        found: list[tuple[str, Any]] = []
        for name, parameter in operation.parameters.items():
            if name == "retType" or not (parameter.required or drawn.random() < 0.3):
                continue
            if parameter.is_file:
                found.append((name.replace("[n]", "[1]"), (BytesIO(b"\0<x/>"), "a")))
                continue
            enough = drawn.random() < 0.95
            ids = name in ("id", "email") or name.endswith(("[id]", "Id]", "Id"))
            pool = self.ids(operation) if ids and enough else VALUES
            value = fitting(drawn, parameter.schema) if not ids and enough else None
            found.append(
                (name.replace("[n]", "[1]"), value or drawn.choice(pool or VALUES))
            )
        if drawn.random() < 0.05:
            found.append((drawn.choice(ODD_NAMES), drawn.choice(VALUES)))
        if drawn.random() < 0.5 or any(not isinstance(v, str) for _, v in found):
            return query, found
        return [*query, *found], []

    def ids(self, operation: Operation) -> list[str]:
        """Ids of what there is, but for the people whom the requests come from."""
        world = self.app.worlds.get("default")
        assert world is not None
        tables = [world.tables[name] for name in TABLES]
        found = [str(key) for table in tables for key in list(table)[-3:]]
        names = {person["id"] for person in self.people.values()}
        return [key for key in found if key not in names or "users" not in operation.id]


def fitting(drawn: random.Random, rule: dict[str, Any]) -> str | None:
    """A value that the schema may like; None for a text, of which any will do."""
    if "oneOf" in rule:
        return str(drawn.choice(rule["oneOf"])["const"])
    kinds = rule.get("type", "string")
    if "boolean" in kinds:
        return drawn.choice(("0", "1"))
    if "integer" in kinds or "number" in kinds:
        return str(drawn.choice((0, 1, 50, 100)))
    return drawn.choice(DATES) if "pattern" in rule else None


def changed(world: World, before: dict[str, Any]) -> Iterator[str]:
    """The tables of the world that are others than before."""
    for name, table in world.tables.items():
        if table.differing(before[name]):
            yield name


def held_to_form(status: int, kind: str, body: bytes, asked: str | None) -> None:
    """Hold an answer to be what it says, and to say whether it went well."""
    media_type = kind.partition(";")[0]
    if media_type == "application/octet-stream":
        return
    if media_type == "application/json":
        data = json.loads(body)
        said = data["status"] if status >= 400 else "ok"
    else:
        assert media_type == "application/xml"
        root = ET.fromstring(body)  # noqa: S314 (of our own making)
        assert root.tag == "response"
        said = root.attrib["status"]
    assert said == ("fail" if status >= 400 else "ok")
    assert asked is None or media_type == f"application/{asked}"


def held_to_shape(environ: dict[str, Any], status: int, kind: str, body: bytes) -> None:
    """Hold an answer in JSON to the schema of its operation and status."""
    where = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix(BASE)
    if kind == "application/json" and where in BY_PATH:
        answer = BY_PATH[where].answers.get(status)
        if answer is not None:
            validator(BY_PATH[where].id, status).validate(json.loads(body))


@cache
def validator(operation_id: str, status: int) -> Any:
    """What holds an answer to its schema."""
    rule = operations("fivepm")[operation_id].answers[status].schema
    assert rule is not None
    return jsonschema_rs.validator_for({"$schema": DRAFT, **rule})


@pytest.mark.parametrize("seed", [SEED])
def test_random_requests_to_fivepm(seed: int) -> None:
    """10,000 of them make no 5xx, every answer parses, and refusals leave no trace."""
    app = App("fivepm")
    client = Client(app, seed)
    client.play(REQUESTS)
    world = app.worlds.get("default")
    assert world is not None
    assert not [exchange for exchange in world.traffic if exchange.error]
    assert set(client.statuses) >= {200, 400, 401, 403, 404, 405, 415}
    assert client.statuses[200] > REQUESTS / 5
