"""A world without a socket is the same world."""

import pickle
import sys
import threading
from typing import Any

import pytest
import requests
from msgspec.structs import replace
from werkzeug.test import Client

from tasktwin_mockserver import MockServer

from .stub_client import GUID, SECONDS, create

Broken = requests.exceptions.ChunkedEncodingError
OF_THE_CONNECTION = {"connection", "date", "server"}


def login(world: Any) -> dict[str, str]:
    """What the member signs in with."""
    return {"login": world.member.login, "password": world.member.password}


def test_by_requests_without_a_socket(world: Any) -> None:
    """A session of requests comes to the same world, and signs in by cookie too."""
    session = world.requests_session()
    assert create(world, session).json()["title"] == "Call back"
    assert create(world).status_code >= 400, "the same guid, by socket"
    words = {**login(world), "api_key": world.api_key}
    signed = session.get(f"{world.url}/api/user/authenticate", params=words)
    assert signed.json()["login_id"] == "member"
    assert session.get(f"{world.url}/api/user").json()["login"] == "member"
    words = {"headers": world.owner.headers}
    elsewhere = session.get("https://hitask.example/api/user", **words)
    assert elsewhere.json()["login"] == "owner"
    assert world.requests.order == [
        "createItem",
        "createItem",
        "authenticate",
        "getUser",
        "getUser",
    ]


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("GET", "/api/user", {}),
        ("HEAD", "/api/user", {}),
        ("OPTIONS", "/api/item", {}),
        ("GET", "/api/v7/item?x=%C3%BC&x=2", {}),
        ("GET", "/api/itme", {}),
        ("GET", "/", {}),
        ("GET", "/api/user/authenticate?login=owner&password=wrong", {}),
        ("POST", "/api/item", {"json": {"guid": GUID, "title": "Ünë"}}),
        ("POST", "/api/item", {"data": {"guid": GUID, "title": "Ünë"}}),
        ("POST", "/api/item", {"data": b"{", "headers": {"Content-Type": "a/b"}}),
        ("PUT", "/api/item", {"data": iter([b"guid=1", b"&title=2"])}),
        ("DELETE", "/api/item/%2e%2e", {}),
        ("PROPFIND", "/api/item", {}),
    ],
)
def test_the_same_by_socket_and_in_process(
    method: str, path: str, words: dict[str, Any], servers: dict[str, MockServer]
) -> None:
    """An answer is the same, and so is what the log has of the request."""
    answers, logs = [], []
    words = {**words, "headers": {"Accept": "*/*", **words.get("headers", {})}}
    data = words.pop("data", None)
    sent = b"".join(data) if hasattr(data, "__next__") else data
    with servers["hitask"].fresh() as world:
        world.clock.freeze("2026-11-21T12:00:00Z")
        before = world.snapshot()
        for session in (requests.Session(), world.requests_session()):
            world.restore(before)
            world.requests.clear()
            session.headers.update(world.sign_in("owner").headers)
            body = iter([sent]) if hasattr(data, "__next__") else data
            answer = session.request(
                method, world.url + path, timeout=SECONDS, data=body, **words
            )
            kept = {
                name.lower(): value
                for name, value in answer.headers.items()
                if name.lower() not in OF_THE_CONNECTION
            }
            answers.append((answer.status_code, answer.reason, kept, answer.content))
            logs.append([replace(one, number=0) for one in world.requests])
            session.close()
    assert answers[0] == answers[1]
    assert logs[0] == logs[1]
    assert len(logs[0]) == 1


def test_bodies_of_requests(world: Any) -> None:
    """Forms, files and streams arrive as they do by socket."""
    session = world.requests_session()
    words = {"headers": world.owner.headers, "data": {"guid": GUID}}
    sent = session.post(
        f"{world.url}/api/file/upload", files={"file": ("a.txt", b"text")}, **words
    )
    assert sent.status_code == 200, sent.text
    file = world.requests[-1].parameters["file"]
    assert file == {"name": "a.txt", "media_type": "", "size": 4}
    kind = {"Content-Type": "application/json", **world.owner.headers}
    streamed = session.post(
        f"{world.url}/api/item",
        data=iter([b'{"guid": "', world.token().encode(), b'", "title": "one"}']),
        headers=kind,
    )
    assert streamed.json()["title"] == "one"


@pytest.mark.parametrize("way", ["socket", "process"])
def test_bodies_of_answers(way: str, world: Any) -> None:
    """A body is read in every way that requests has, whole or in pieces."""
    session = requests.Session() if way == "socket" else world.requests_session()
    words = {"headers": world.owner.headers, "timeout": SECONDS}
    url = f"{world.url}/api/user"
    with session:
        whole = session.get(url, **words)
        assert whole.json()["login"] == "owner"
        assert b"".join(whole.iter_content(10)) == whole.content
        assert whole.raw.read() == b"", "what has been read is there no more"
        assert whole.raw.headers.getlist("Content-Type") == ["application/json"]
        assert (whole.raw.status, whole.raw.version) == (200, 11)
        assert pickle.loads(pickle.dumps(whole)).content == whole.content  # noqa: S301
        pieces = session.get(url, stream=True, **words)
        assert b"".join(pieces.iter_content(10)) == whole.content
        assert session.get(url, stream=True, **words).raw.read() == whole.content


@pytest.mark.parametrize("way", ["socket", "process"])
def test_a_reset_is_the_librarys_own_error(way: str, world: Any) -> None:
    """By socket and in process a client sees what it sees of a broken connection."""
    session = requests.Session() if way == "socket" else world.requests_session()
    world.faults.script("createItem", ["reset", {"reset": 20}, 503])
    with session, pytest.raises(requests.ConnectionError, match="ConnectionResetError"):
        create(world, session)
    with session, pytest.raises(Broken, match="ConnectionResetError"):
        create(world, session)
    with session:
        assert create(world, session).status_code == 503
    world.verify()


def test_a_timeout_in_process(world: Any) -> None:
    """Who does not wait long enough gets the library's error; the request is done."""
    world.clock.freeze()
    world.faults.script("createItem", [{"delay": 60}])
    with pytest.raises(requests.ReadTimeout):
        world.requests_session().post(
            f"{world.url}/api/item",
            headers=world.owner.headers,
            json={"guid": GUID, "title": "late"},
            timeout=(5, 0.01),
        )
    assert world.requests.none()
    world.clock.advance(60)
    until(lambda: world.requests.count("createItem") == 1)


def until(met: Any) -> None:
    """Wait until that is so."""
    waiting = threading.Event()
    for _ in range(1000):
        if met():
            return
        waiting.wait(0.01)
    raise AssertionError("it is not so")


@pytest.mark.parametrize("way", ["socket", "process"])
def test_a_delay_holds_nobody_up(way: str, world: Any) -> None:
    """While one call waits by a clock that stands still, others are answered."""
    world.clock.freeze()
    world.faults.script("createItem", [{"delay": 60}])
    answers: list[requests.Response] = []
    session = requests.Session() if way == "socket" else world.requests_session()
    late = threading.Thread(target=lambda: answers.append(create(world, session)))
    late.start()
    until(lambda: not world.faults.left)
    user = session.get(
        f"{world.url}/api/user", headers=world.member.headers, timeout=SECONDS
    )
    assert user.status_code == 200
    assert not answers
    world.clock.advance(60)
    late.join(SECONDS)
    assert [one.status_code for one in answers] == [200]
    session.close()


def test_the_plain_wsgi_application(world: Any) -> None:
    """The world stands at the root and at its prefix, with cookies for both."""
    client = Client(world.wsgi)
    words = {**login(world), "api_key": world.api_key}
    signed = client.get("/api/user/authenticate", query_string=words)
    assert signed.status_code == 200
    assert client.get("/api/user").get_json()["login"] == "member"
    assert client.get(f"/~{world.name}/api/user").status_code == 200
    assert client.get("/~default/api/user").status_code == 404
    assert world.requests.count("getUser") == 2


def test_the_wsgi_application_of_the_default_world(
    servers: dict[str, MockServer],
) -> None:
    """It has no prefix."""
    world = servers["hitask"].world
    answer = Client(world.wsgi).get("/api/user", headers=world.owner.headers)
    assert answer.status_code == 200


def test_a_library_that_is_not_there(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names what to install."""
    for name, module in (
        ("requests", "requests_session"),
        ("httpx", "httpx_transport"),
    ):
        monkeypatch.setitem(sys.modules, name, None)
        where = f"tasktwin_mockserver.stub.{module}"
        monkeypatch.delitem(sys.modules, where, raising=False)
    with pytest.raises(ImportError, match="pip install requests"):
        world.requests_session()
    with pytest.raises(ImportError, match="pip install httpx"):
        world.httpx_transport()
