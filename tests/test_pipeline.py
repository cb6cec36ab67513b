"""The whole way of a request through the mock, in process."""

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from typing import Any
from urllib.parse import quote
from wsgiref.validate import validator

import pytest
from werkzeug.test import Client, TestResponse

from tasktwin_contract.wire import Request, Response, WsgiTransport
from tasktwin_mockserver import App, Settings
from tasktwin_mockserver.api import Answer, load
from tasktwin_mockserver.traffic import KEPT, Exchange
from tasktwin_mockserver.world import World

GUID = "9769a9f9-726c-4ec8-a920-be16193c26a6"
SECRETS = (
    "password",
    "session_id",
    "sessionId",
    "api_key",
    "Authorization",
    "user[password]",
)


def broken(name: str = "hitask", **operations: Callable[[Any, Any], object]) -> App:
    """The mock of an API with operations that fail, and nobody else's with them."""
    api = copy(load(name))
    api.operations = {**api.operations, **operations}
    return App(api)


def planted(call: object, world: object) -> object:
    """Fail as no operation should."""
    raise ZeroDivisionError("planted")


def world_of(app: App, name: str = "default") -> World:
    """The world of that name."""
    world = app.worlds.get(name)
    assert world is not None
    return world


def session_of(app: App, name: str = "default") -> dict[str, str]:
    """The header by which the owner is known in a world."""
    actors = app.worlds.describe(name, "http://localhost")["actors"]
    return {"x-hi-session": actors["owner"]["session_id"]}


def send(app: App, method: str, path: str, **parts: Any) -> Response:
    """Send a request as the owner."""
    headers = tuple(session_of(app).items())
    return WsgiTransport(app).send(Request(method, path, headers=headers, **parts))


def exchanges(app: App) -> list[Exchange]:
    """What the default world has logged."""
    return list(world_of(app).traffic)


@pytest.fixture
def app() -> App:
    """A fresh mock."""
    return App("hitask")


def test_the_application_keeps_the_rules_of_wsgi() -> None:
    """A server that is strict about WSGI finds nothing to complain of."""
    app = App("hitask")
    client = Client(validator(app))

    def ask(method: str, path: str, **parts: Any) -> TestResponse:
        headers = session_of(app)
        return client.open(path, method=method, headers=headers, buffered=True, **parts)

    answers = [
        ask("POST", "/api/item", data={"guid": GUID, "title": "a title"}),
        ask("GET", "/api/item"),
        ask("HEAD", "/api/item"),
        ask("GET", "/api/nothing"),
        ask("GET", "/__admin/health"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 200]
    assert answers[2].data == b""
    assert answers[2].headers["Content-Length"] == answers[1].headers["Content-Length"]


def test_a_planted_exception_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """An error inside the mock is logged, and answered in the envelope as code 100."""
    app = broken(getUser=planted)
    with caplog.at_level(logging.ERROR, "tasktwin"):
        answer = send(app, "GET", "/api/user")
    assert answer.status == 500
    body = {"error_message": "Internal error", "response_status": 100}
    assert json.loads(answer.body) == body
    (record,) = caplog.records
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_a_planted_exception_of_5pm() -> None:
    """Where an API answers XML, so does an error inside the mock, with its words."""
    app = broken("fivepm", metainfoGetStatuses=planted)
    admin = app.worlds.describe("default", "")["actors"]["admin"]
    url = "/api/v2/service/get/metainfo/getStatuses"
    answer = Client(app).get(url, query_string={"sessionId": admin["session_id"]})
    assert answer.status_code == 500
    assert "<error>The mock failed.</error>" in answer.text


def test_a_planted_exception_stands_in_the_traffic() -> None:
    """The log of the world has the traceback of what went wrong inside the mock."""
    app = broken(getUser=planted)
    send(app, "GET", "/api/user")
    (exchange,) = exchanges(app)
    assert (exchange.operation, exchange.status) == ("getUser", 500)
    assert "ZeroDivisionError: planted" in str(exchange.error)
    assert "in planted" in str(exchange.error)


def test_a_planted_exception_holds_nobody_up() -> None:
    """After an error inside the mock the world's lock is free, and calls are served."""
    app = broken(getUser=planted)
    send(app, "GET", "/api/user")
    with ThreadPoolExecutor(max_workers=1) as other:
        assert other.submit(world_of(app).lock.acquire, blocking=False).result()
        other.submit(world_of(app).lock.release).result()
    assert send(app, "GET", "/api/item").status == 200


def test_a_planted_exception_leaves_no_trace() -> None:
    """What an operation wanted to write before it failed is not written."""
    real = load("hitask").operations["createItem"]

    def half(call: Any, world: Any) -> object:
        real(call, world)
        raise ZeroDivisionError("planted")

    app = broken(createItem=half)
    before = world_of(app).snapshot()
    query = (("guid", GUID), ("title", "a title"))
    assert send(app, "POST", "/api/item", query=query).status == 500
    after = world_of(app).snapshot()
    assert after.counters == before.counters
    assert after.stamp == before.stamp
    assert json.loads(send(app, "GET", "/api/item").body) == []


def test_what_an_operation_answers_is_sent_as_it_is() -> None:
    """Status, headers, media type and bytes of an answer of one's own are kept."""

    def own(call: Any, world: Any) -> Answer:
        headers = (("X-Own", "yes"),)
        return Answer(body=b"\x00", status=201, headers=headers, media_type="a/b")

    app = broken(getUser=own)
    answer = send(app, "GET", "/api/user")
    assert (answer.status, answer.body) == (201, b"\x00")
    assert (answer.headers["x-own"], answer.headers["content-type"]) == ("yes", "a/b")


def test_every_exit_is_logged(app: App) -> None:
    """The log has what was served and what was refused, with operation and status."""
    send(app, "GET", "/api/user")
    send(app, "PATCH", "/api/user")
    send(app, "GET", "/api/nothing")
    send(app, "DELETE", "/api/item/17")
    told = [(one.method, one.path, one.operation, one.status) for one in exchanges(app)]
    assert told == [
        ("GET", "/api/user", "getUser", 200),
        ("PATCH", "/api/user", None, 405),
        ("GET", "/api/nothing", None, 404),
        ("DELETE", "/api/item/17", "deleteItem", 404),
    ]


def test_the_controls_are_not_logged(app: App) -> None:
    """What is asked of the controls is no traffic of a world."""
    send(app, "GET", "/__admin/health")
    assert exchanges(app) == []


def test_the_log_has_an_end(app: App) -> None:
    """The oldest exchanges go when the log is full."""
    for status in range(KEPT + 1):
        world_of(app).traffic.add(Exchange(0, "GET", "/", "", None, status))
    assert len(world_of(app).traffic) == KEPT
    assert exchanges(app)[0].status == 1


@pytest.mark.parametrize("name", [*SECRETS, "Password", "API_KEY", "SESSION_ID"])
def test_secrets_are_cut_from_the_log(app: App, name: str) -> None:
    """The value of a secret is not in the log, however its name is written."""
    spelled = f"{quote(name[0])}%{ord(name[1]):02x}{quote(name[2:])}"
    for key in (name, spelled):
        Client(app).get(f"/api/user?a=1&{key}=hush&{key}=hushed&b=2")
    for exchange in exchanges(app):
        assert "hush" not in exchange.query
        assert "a=1" in exchange.query
        assert "b=2" in exchange.query


def test_headers_and_bodies_are_not_in_the_log(app: App) -> None:
    """A session in a header or a cookie, and a password in a body, are not logged."""
    session = session_of(app)
    Client(app).get("/api/user", headers=session)
    Client(app).get("/api/user", headers={"Cookie": "session_id=hush"})
    Client(app).get("/api/user/authenticate", data={"password": "hush"})
    text = str(exchanges(app))
    assert "hush" not in text
    assert session["x-hi-session"] not in text


@pytest.mark.parametrize(("size", "status"), [(100, 200), (101, 413), (5000, 413)])
def test_a_body_over_the_limit(size: int, status: int) -> None:
    """A body of as many bytes as the limit is taken, one of more is 413."""
    app = App("hitask", settings=Settings(max_body=100))
    answer = Client(app).post(
        "/api/item",
        data=f"guid={GUID}&title=kept&x=".ljust(size, "x"),
        content_type="application/x-www-form-urlencoded",
        headers=session_of(app),
    )
    assert answer.status_code == status
    assert len(json.loads(send(app, "GET", "/api/item").body)) == (status == 200)


def test_worlds_share_nothing(app: App) -> None:
    """Items, sessions and clocks of one world are not those of another."""
    app.worlds.make("twin", seed=1)
    twin = {"headers": session_of(app, "twin"), "data": {"guid": GUID, "title": "its"}}
    client = Client(app)
    assert client.post("/~twin/api/item", **twin).status_code == 200
    assert client.get("/api/item", headers=session_of(app)).json == []
    assert client.get("/api/user", headers=session_of(app, "twin")).status_code == 401
    assert client.get("/~twin/api/user", headers=session_of(app)).status_code == 401
    world_of(app, "twin").clock = world_of(app, "twin").clock.set(0, frozen=True)
    assert world_of(app).clock.frozen is None
    assert [one.path for one in world_of(app, "twin").traffic] == [
        "/api/item",
        "/api/user",
    ]


def test_a_worlds_cookie_works_in_it_alone(app: App) -> None:
    """A client that keeps cookies is signed in to the world that it signed in to."""
    app.worlds.make("twin")
    actor = app.worlds.describe("twin", "")["actors"]["owner"]
    key = app.worlds.describe("twin", "")["api_keys"]["full"]
    query = {"login": actor["login"], "password": actor["password"], "api_key": key}
    client = Client(app)
    client.get("/~twin/api/user/authenticate", query_string=query)
    assert client.get("/~twin/api/user").status_code == 200
    assert client.get_cookie("session_id", path="/~twin/") is not None
    assert client.get("/api/user").status_code == 401


def test_an_application_of_an_unknown_api() -> None:
    """The mock of an API that the kit has not is refused, and the known ones named."""
    with pytest.raises(LookupError, match="'nothing'; the kit has hitask"):
        App("nothing")
