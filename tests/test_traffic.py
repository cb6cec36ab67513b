"""The log of a world, as Python has it."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from msgspec.structs import replace
from werkzeug.test import Client

from tasktwin_mockserver import App, traffic
from tasktwin_mockserver.traffic import Exchange, Traffic
from tasktwin_mockserver.violations import MOST_NAME, MOST_SHOWN, Violation
from tasktwin_mockserver.world import World


def exchange(sent: int = 0, operation: str | None = "getUser") -> Exchange:
    """A request with a body of that size."""
    return Exchange(0, "GET", "/", "", operation, 200, sent=sent)


def session_of(app: App, name: str) -> dict[str, str]:
    """The header by which somebody is known in the default world."""
    actors = app.worlds.describe("default", "")["actors"]
    return {"x-hi-session": actors[name]["session_id"]}


def world_of(app: App) -> World:
    """The default world."""
    world = app.worlds.get("default")
    assert world is not None
    return world


def test_the_log_holds_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest requests go where what they sent is too much to be kept."""
    monkeypatch.setattr(traffic, "MOST_BYTES", 100)
    log = Traffic()
    for size in (60, 40, 1):
        log.add(exchange(size))
    assert [one.sent for one in log] == [40, 1]
    assert [one.number for one in log] == [2, 3]


def test_requests_are_counted_on() -> None:
    """Numbers follow the order of the log, also over many threads and a clearing."""
    log = Traffic()
    with ThreadPoolExecutor(8) as threads:
        for _ in range(200):
            threads.submit(log.add, exchange())
    assert [one.number for one in log] == list(range(1, 201))
    assert (log.count(), log.last) == (200, 200)
    log.clear()
    log.add(exchange())
    assert [one.number for one in log] == [201]
    assert log.find(since=log.last) == []


def test_strays_outlive_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """What broke the contract is known on, of so many requests, and little of each."""
    monkeypatch.setattr(traffic, "KEPT", 2)
    amiss = tuple(Violation("unknown-parameter", f"{n}" * 500) for n in range(100))
    log = Traffic()
    for _ in range(300):
        log.add(replace(exchange(), violations=amiss, query="q" * 500))
    numbers = [one.number for one in log.strays()]
    assert numbers == [*range(1, traffic.MOST_STRAYS + 1), 299, 300]
    first = log.strays()[0]
    assert (first.query, len(first.violations)) == ("", MOST_SHOWN)
    assert max(len(one.name) for one in first.violations) == MOST_NAME
    log.forgive(50)
    assert log.strays()[0].number == 51
    log.clear()
    assert log.strays() == []


def test_strays_outlive_a_clearing_where_that_is_asked() -> None:
    """Not those from before it was asked."""
    stray = replace(exchange(), violations=(Violation("media-type"),))
    log = Traffic()
    log.add(stray)
    log.clear()
    log.keeps_strays = True
    log.add(stray)
    log.add(exchange())
    log.clear()
    log.add(stray)
    assert [one.number for one in log.strays()] == [2, 4]
    assert log.lost == 0


def test_parameters_are_those_that_the_operation_got() -> None:
    """The log has typed values, files described, and by whom they came."""
    app = App("hitask")
    client = Client(app)
    session = session_of(app, "member")
    client.get("/api/item/since/5", headers=session)
    upload = {"picture": (BytesIO(b"no picture"), "me.gif", "image/gif")}
    client.post("/api/user/picture", data=upload, headers=session)
    listed, uploaded = world_of(app).traffic.find(actor="member")
    assert listed.parameters == {"timestamp": 5}
    described = {"name": "me.gif", "media_type": "image/gif", "size": 10}
    assert uploaded.parameters == {"picture": described}
    assert uploaded.headers["Content-Type"].startswith("multipart/form-data")


def test_files_in_lists_are_described() -> None:
    """A file in a list is described too, and its bytes are not kept."""
    app = App("fivepm")
    client = Client(app, use_cookies=False)
    told = app.worlds.describe("default", "")["actors"]["admin"]
    known = {"email": told["login"], "password": told["password"]}
    sent = {"activityId": "1", "files[1][name]": "me.gif"}
    upload = {"files[1][file]": (BytesIO(b"no picture"), "it.gif", "image/gif")}
    client.post(
        "/api/v2/service/post/activity/attachFiles", data={**known, **sent, **upload}
    )
    (asked,) = world_of(app).traffic.find("activityAttachFiles")
    described = {"name": "it.gif", "media_type": "image/gif", "size": 10}
    assert asked.parameters["files"] == [{"name": "me.gif", "file": described}]


def test_secrets_are_cut_from_parameters() -> None:
    """What a client knows itself by is not in the log, wherever it was sent."""
    app = App("hitask")
    client = Client(app, use_cookies=False)
    secret = {"Authorization": "hush", "Cookie": "session_id=hush"}
    sent = {"login": "owner", "password": "hush", "api_key": "hush"}
    client.get("/api/user/authenticate", json=sent, headers=secret)
    (told,) = world_of(app).traffic.find("authenticate")
    assert told.parameters == {"login": "owner", "password": "…"}
    assert (told.headers["Authorization"], told.headers["Cookie"]) == ("…", "…")
    assert "hush" not in str(told)
