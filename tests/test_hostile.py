"""What only a hostile or a broken client sends."""

import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from werkzeug.test import Client

from tasktwin_mockserver import App, Settings
from tasktwin_mockserver.server import MockServer

GUID = "9769a9f9-726c-4ec8-a920-be16193c26a6"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
ALLOWED = 300


@pytest.fixture
def app() -> App:
    """A fresh mock that takes small bodies."""
    return App("hitask", settings=Settings(max_body=100_000))


@pytest.fixture
def server() -> Iterator[MockServer]:
    """A running mock that takes very small bodies."""
    with MockServer("hitask", settings=Settings(max_body=ALLOWED)) as running:
        yield running


def session_of(app: App) -> dict[str, str]:
    """The header by which the owner is known."""
    actors = app.worlds.describe("default", "")["actors"]
    return {"x-hi-session": actors["owner"]["session_id"]}


def spoken(server: MockServer, *requests: bytes) -> list[int]:
    """The statuses of the answers to requests sent at once by a client who leaves."""
    with closing(socket.create_connection((server.host, server.port), 10)) as wire:
        wire.sendall(b"".join(requests))
        wire.shutdown(socket.SHUT_WR)
        with wire.makefile("rb") as stream:
            parts = stream.read().split(b"HTTP/1.1 ")
    return [int(part[:3]) for part in parts[1:]]


def chunked(server: MockServer, chunks: bytes) -> bytes:
    """A request whose body is sent in chunks."""
    session = session_of(server.app)["x-hi-session"]
    head = f"POST /api/item HTTP/1.1\r\nHost: x\r\nx-hi-session: {session}\r\n"
    kind = f"Content-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\r\n"
    return f"{head}{kind}".encode() + chunks


NEXT = b"GET /api/nothing HTTP/1.1\r\nHost: x\r\n\r\n"
BODY = f"guid={GUID}&title=chunked&x=".encode()


@pytest.mark.parametrize(
    "head",
    [
        *(b"", b"X: y\r\n", b": x\r\n", b"Content-Disposition\r\n"),
        *(b"Content-Disposition: form-data\r\n", b"\xff: \xff\r\n"),
        b"Content-Disposition: form-data; filename=x\r\n",
        b"Content-Disposition: form-data; name*=utf-8''%ff\r\n",
    ],
)
def test_parts_without_a_name(app: App, head: bytes) -> None:
    """A part of a multipart body that has no name, or none to be read, is refused."""
    body = b"--b\r\n" + head + b"\r\nx\r\n--b--\r\n"
    answer = Client(app).post(
        "/api/item", data=body, content_type=MULTIPART, headers=session_of(app)
    )
    assert answer.status_code == 400


def test_files_are_let_go(app: App) -> None:
    """A file in a multipart body leaves nothing open, whole or cut off."""
    head = b'--b\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'
    for body in (head + b"x\r\n--b--\r\n", head + b"x"):
        Client(app).get("/api/user", data=body, content_type=MULTIPART)


@pytest.mark.parametrize("kind", [FORM, "application/json"])
def test_values_that_nest_deep(app: App, kind: str) -> None:
    """A value is refused that nests deeper than can be shown everywhere."""
    statuses = []
    for levels in (10, *range(700, 980, 5)):
        guid = f"{levels:08x}{GUID[8:]}"
        values = "[" * levels + "]" * levels
        text = f'[{{"type": "BYDAY", "values": {values}}}]'
        body = f'{{"guid": "{guid}", "title": "x", "recurring_by": {text}}}'
        if kind == FORM:
            body = f"guid={guid}&title=x&recurring_by={text}"
        answer = Client(app).post(
            "/api/item", data=body, content_type=kind, headers=session_of(app)
        )
        statuses.append(answer.status_code)
    app.worlds.make("twin", origin="default")
    assert (statuses[0], statuses[-1]) == (200, 400)
    assert nested(40, lambda: listed(app, "/~twin/api/item")) == 200


def nested(frames: int, call: Any) -> Any:
    """What `call` answers from so many frames further down the stack."""
    return nested(frames - 1, call) if frames else call()


def listed(app: App, path: str) -> int:
    """The status of the owner's list."""
    return Client(app).get(path, headers=session_of(app)).status_code


@pytest.mark.parametrize("name", ["Origin", "Host"])
@pytest.mark.parametrize("value", ["http://[", "[", "http://[::1", "//", "\xff", ""])
def test_names_of_hosts_that_are_none(app: App, name: str, value: str) -> None:
    """What cannot be a host's name is not let in to the controls."""
    overrides = {f"HTTP_{name.upper()}": value}
    answer = Client(app).get("/__admin/health", environ_overrides=overrides)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "now", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_the_ends_of_the_calendar(app: App, now: str) -> None:
    """A time that is outside of the calendar in another zone is refused."""
    answer = Client(app).put("/__admin/clock", json={"now": now})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["field"] == "now"


def test_paths_below_a_world(app: App) -> None:
    """What stands below no world's own path is not found."""
    assert Client(app).get("/__admin/worlds/any/default").status_code == 404


@pytest.mark.parametrize("most", [-1, 0])
def test_limits_below_one(app: App, most: int) -> None:
    """A limit that lets nothing through is refused, as the command refuses it."""
    answer = Client(app).post("/__admin/worlds", json={"settings": {"max_body": most}})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["field"] == "settings.max_body"


@pytest.mark.parametrize(
    "chunks",
    [
        b"f" * 15 + b"\r\na=b\r\n",
        b"f" * 30 + b"\r\na=b\r\n",
        b"ff\r\na=b",
        b"5\r\na=b\r\n0\r\n\r\n",
        *(
            b"",
            b"zz\r\n",
            b"-1\r\n",
            b"0x3\r\na=b\r\n0\r\n\r\n",
            b"3\r\na=bcd\r\n0\r\n\r\n",
        ),
    ],
)
def test_chunks_that_lie(chunks: bytes) -> None:
    """A chunk that lies is 400 and ends the connection, and the server lives."""
    with MockServer("hitask") as server:
        for _ in range(20):
            assert spoken(server, chunked(server, chunks)) == [400]
        assert spoken(server, NEXT) == [404]


def test_chunks_with_extensions_and_trailers(server: MockServer) -> None:
    """What a chunk says beside its size is skipped, and what stands after the last."""
    chunks = b'%x;a="b"\r\n%b\r\n0;c\r\nX: y\r\n\r\n' % (len(BODY), BODY)
    assert spoken(server, chunked(server, chunks), NEXT) == [200, 404]


@pytest.mark.parametrize(
    ("size", "status"), [(ALLOWED, 200), (ALLOWED + 1, 413), (ALLOWED * 9, 413)]
)
def test_chunks_over_the_limit(server: MockServer, size: int, status: int) -> None:
    """A body over the limit is 413 in chunks too, and nothing is made of its start."""
    body = BODY.ljust(size, b"x")
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (size, body)
    assert spoken(server, chunked(server, chunks), NEXT) == [status, 404]
    items = Client(server.app).get("/api/item", headers=session_of(server.app)).json
    assert items is not None
    assert len(items) == (status == 200)


@pytest.mark.parametrize("target", [b"http://[/api/user", b"http://[::1/api/user"])
def test_targets_that_are_none(
    server: MockServer, target: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """A request for what can be no address is 400, without a traceback."""
    assert spoken(server, b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n") == [400]
    assert capsys.readouterr().err == ""


def test_a_stopped_server_is_silent() -> None:
    """A connection that was kept open is not answered once the server has stopped."""
    with MockServer("hitask") as server:
        wire = socket.create_connection((server.host, server.port), 10)
        wire.sendall(NEXT)
        assert wire.recv(12) == b"HTTP/1.1 404"
        while b"}" not in wire.recv(4096):
            pass
    with closing(wire):
        try:
            wire.sendall(NEXT)
            answer = wire.recv(12)
        except ConnectionError:
            answer = b""
    assert answer == b""
