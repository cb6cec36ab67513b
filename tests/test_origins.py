"""Pages of other origins, and what may be asked at a path."""

from collections.abc import Mapping
from gzip import compress

import pytest
from werkzeug.test import Client, TestResponse

from tasktwin_mockserver import App, Settings

PAGE = {"Origin": "http://localhost:3000"}
ASKS = {"Access-Control-Request-Method": "PUT"}
GRANTS = "Access-Control-"


@pytest.fixture
def app() -> App:
    """A mock that lets pages of any origin ask."""
    return App("hitask", settings=Settings(cors=True))


def session_of(app: App) -> dict[str, str]:
    """The header by which the owner is known."""
    actors = app.worlds.describe("default", "")["actors"]
    return {"x-hi-session": actors["owner"]["session_id"]}


def ask(app: App, method: str, path: str, headers: Mapping[str, str]) -> TestResponse:
    """The answer to a request without a body."""
    return Client(app).open(path, method=method, headers=dict(headers))


def grants(answer: TestResponse) -> dict[str, str]:
    """What is told to the browser."""
    rows = answer.headers.items()
    return {name: text for name, text in rows if name.startswith(GRANTS)}


def test_a_page_gets_leave(app: App) -> None:
    """A browser that asks for leave gets it, for what it wants to send."""
    headers = {"Access-Control-Request-Headers": "x-hi-session"}
    answer = ask(app, "OPTIONS", "/api/item", {**PAGE, **ASKS, **headers})
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Vary"] == "Origin"
    assert grants(answer) == {
        "Access-Control-Allow-Origin": "http://localhost:3000",
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Methods": "PUT",
        "Access-Control-Allow-Headers": "x-hi-session",
        "Access-Control-Max-Age": "600",
    }


def test_a_page_reads_answers(app: App) -> None:
    """What the page is answered it may read, the API's own headers too."""
    answer = ask(app, "GET", "/api/item", {**PAGE, **session_of(app)})
    assert answer.status_code == 200
    assert grants(answer) == {
        "Access-Control-Allow-Origin": "http://localhost:3000",
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": "X-Cursor",
    }


def test_a_page_reads_refusals(app: App) -> None:
    """A page may read why it is refused."""
    answer = ask(app, "GET", "/api/item", PAGE)
    assert answer.status_code == 401
    assert grants(answer)["Access-Control-Allow-Origin"] == "http://localhost:3000"


def test_leave_is_logged(app: App) -> None:
    """The world's log has the requests of the browser, too."""
    ask(app, "OPTIONS", "/api/item", {**PAGE, **ASKS})
    world = app.worlds.get("default")
    assert world is not None
    assert [(one.method, one.status) for one in world.traffic] == [("OPTIONS", 204)]


@pytest.mark.parametrize("path", ["/__admin/health", "/~nobody/api/item"])
def test_pages_stay_outside(app: App, path: str) -> None:
    """Neither the controls nor what is nowhere is shared with pages."""
    for method, more in (("OPTIONS", ASKS), ("GET", {})):
        answer = ask(app, method, path, {**PAGE, **more})
        assert answer.status_code in (403, 404)
        assert grants(answer) == {}


def test_only_where_it_is_set() -> None:
    """Without the setting no page is told anything."""
    app = App("hitask")
    app.worlds.make("open", settings=Settings(cors=True))
    for method in ("GET", "OPTIONS"):
        closed = ask(app, method, "/api/item", {**PAGE, **ASKS})
        opened = ask(app, method, "/~open/api/item", {**PAGE, **ASKS})
        assert grants(closed) == {}
        assert grants(opened) != {}


def test_who_is_no_page_is_told_nothing(app: App) -> None:
    """A client without an origin gets the plain answer."""
    assert grants(ask(app, "GET", "/api/item", session_of(app))) == {}


@pytest.mark.parametrize(
    ("path", "status", "allowed"),
    [
        ("/api/user", 204, "GET, HEAD, OPTIONS"),
        ("/api/v6/item", 204, "GET, HEAD, POST, PUT, OPTIONS"),
        ("/__files/x/y", 204, "GET, HEAD, OPTIONS"),
        ("/api/nothing", 404, None),
    ],
)
def test_options(path: str, status: int, allowed: str | None) -> None:
    """OPTIONS tells the methods of a path, to anybody."""
    answer = ask(App("hitask"), "OPTIONS", path, {})
    assert (answer.status_code, answer.headers.get("Allow")) == (status, allowed)


@pytest.mark.parametrize(
    ("path", "status"), [("/api/item", 415), ("/__admin/worlds", 415)]
)
@pytest.mark.parametrize("coding", ["gzip", "br", "x-gzip, gzip"])
def test_compressed_bodies(path: str, status: int, coding: str) -> None:
    """A body that is compressed is refused, by the API as one of another type."""
    app = App("hitask")
    headers = {**session_of(app), "Content-Encoding": coding}
    body = compress(b'{"title": "x", "guid": "9769a9f9-726c-4ec8-a920-be16193c26a6"}')
    answer = Client(app).post(
        path, data=body, headers=headers, content_type="application/json"
    )
    assert answer.status_code == status


def test_bodies_that_are_not_compressed() -> None:
    """A body that is said to be what it is, is read."""
    app = App("hitask")
    headers = {**session_of(app), "Content-Encoding": "Identity"}
    fields = {"title": "x", "guid": "9769a9f9-726c-4ec8-a920-be16193c26a6"}
    answer = Client(app).post("/api/item", json=fields, headers=headers)
    assert answer.status_code == 200
