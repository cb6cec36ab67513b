"""The mock behind a socket."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tasktwin_mockserver.server import MockServer


@pytest.fixture
def server() -> Iterator[MockServer]:
    """A running mock on a free port."""
    with MockServer("hitask") as running:
        yield running


@contextmanager
def connected(server: MockServer) -> Iterator[socket.socket]:
    """A plain connection."""
    with closing(socket.create_connection((server.host, server.port), 10)) as wire:
        yield wire


def session(server: MockServer) -> str:
    """The owner's session."""
    found: str = server.describe()["world"]["actors"]["owner"]["session_id"]
    return found


def request(server: MockServer, line: str, body: bytes = b"", *headers: str) -> bytes:
    """A request as it goes over the wire."""
    head = [
        f"{line} HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"x-hi-session: {session(server)}",
        *(headers or [f"Content-Length: {len(body)}"]),
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def answers(wire: socket.socket, count: int) -> list[tuple[int, bytes]]:
    """The next answers: status and body of each."""
    found = []
    with wire.makefile("rb") as stream:
        for _ in range(count):
            status = int(stream.readline().split()[1])
            length = 0
            while (line := stream.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            found.append((status, stream.read(length)))
    return found


FORM = "Content-Type: application/x-www-form-urlencoded"
JSON = "Content-Type: application/json"
ITEM = b"guid=9769a9f9-726c-4ec8-a920-be16193c26a6&title=one"


@pytest.mark.parametrize(
    ("line", "headers", "status", "part"),
    [
        ("GET /api/v6/%75ser?a=%C3%A9", (), 200, b'"login":"owner"'),
        ("GET /api/user?a=%ff", (), 400, b"format of query"),
        ("GET /api/us%C3%A9r%2Fx", (), 404, b"/api/us\xc3\xa9r/x not found"),
        ("GET //api/user", (), 200, b'"login":"owner"'),
        ("GET http://elsewhere:1/api/user", (), 200, b'"login":"owner"'),
        ("GET http://elsewhere:1/__admin/health", (), 403, b"elsewhere:1"),
        ("GET /api/user#part", (), 200, b'"login":"owner"'),
        ("GET /api/user", ("Cookie: a=b", "Cookie: c=d", "X: \xe9"), 200, b"owner"),
        ("GET /api/user", ("X_Hi_Session: x",), 200, b'"login":"owner"'),
        ("GET /api/user", ("X-Hi-Session: x",), 401, b"Session not found"),
        ("POST /api/item", (FORM, "content-length:51\t", "Expect: x"), 200, b"one"),
        ("POST /api/item", (FORM, "Content-Length: 99"), 400, b"body"),
        ("POST /api/item", (JSON, "Content-Length: 51"), 400, b"JSON body"),
        ("POST /api/item", ("Content-Length: 51",), 415, b"body"),
    ],
)
def test_how_requests_are_read(
    server: MockServer, line: str, headers: tuple[str, ...], status: int, part: bytes
) -> None:
    """Odd addresses and headers say what they say to any application of WSGI."""
    body = ITEM if line.startswith("POST") else b""
    with connected(server) as wire:
        wire.sendall(request(server, line, b"", *(headers or ("X: y",))) + body)
        wire.shutdown(socket.SHUT_WR)
        found = answers(wire, 1)[0]
    assert (found[0], part in found[1]) == (status, True)


def test_a_connection_stays_open(server: MockServer) -> None:
    """Several requests, with bodies and without, go over one connection."""
    form = "Content-Type: application/x-www-form-urlencoded"
    body = b"guid=9769a9f9-726c-4ec8-a920-be16193c26a6&title=one"
    with connected(server) as wire:
        wire.sendall(request(server, "GET /api/user"))
        assert [status for status, _ in answers(wire, 1)] == [200]
        length = f"Content-Length: {len(body)}"
        wire.sendall(request(server, "POST /api/item", body, form, length))
        assert [status for status, _ in answers(wire, 1)] == [200]
        wire.sendall(request(server, "GET /api/item"))
        assert b'"title":"one"' in answers(wire, 1)[0][1]


def test_requests_in_a_row(server: MockServer) -> None:
    """Requests sent at once are answered in their order, unread bodies skipped."""
    first = request(server, "GET /api/nothing", b"x" * 5000)
    second = request(server, "GET /api/user")
    with connected(server) as wire:
        wire.sendall(first + second)
        assert [status for status, _ in answers(wire, 2)] == [404, 200]


def test_chunked_bodies(server: MockServer) -> None:
    """A chunked body is read, and the connection goes on."""
    body = b"guid=9769a9f9-726c-4ec8-a920-be16193c26a6&title=chunked"
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    kind = "Content-Type: application/x-www-form-urlencoded"
    post = request(server, "POST /api/item", chunks, kind, "Transfer-Encoding: chunked")
    with connected(server) as wire:
        wire.sendall(post + request(server, "GET /api/user"))
        made, user = answers(wire, 2)
        assert (made[0], user[0]) == (200, 200)
        assert b'"title":"chunked"' in made[1]


def test_head_has_no_body(server: MockServer) -> None:
    """HEAD is answered with the headers alone."""
    with connected(server) as wire:
        wire.sendall(request(server, "HEAD /api/user"))
        wire.shutdown(socket.SHUT_WR)
        with wire.makefile("rb") as stream:
            head, _, body = stream.read().partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert body == b""


def test_continue(server: MockServer) -> None:
    """A client that waits for leave to send its body gets it."""
    body = b"title=patient&guid=9769a9f9-726c-4ec8-a920-be16193c26a6"
    headers = (
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Expect: 100-continue",
    )
    with connected(server) as wire:
        wire.sendall(request(server, "POST /api/item", b"", *headers))
        assert wire.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.sendall(body)
        assert answers(wire, 1)[0][0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: -1",),
        ("Content-Length: many",),
        ("Content-Length: 3", "Content-Length: 4"),
        ("Transfer-Encoding: gzip",),
        ("Transfer-Encoding: chunked", "Content-Length: 3"),
    ],
)
def test_lengths_that_lie(server: MockServer, headers: tuple[str, ...]) -> None:
    """A length that cannot be trusted is 400, and the connection ends."""
    with connected(server) as wire:
        wire.sendall(request(server, "POST /api/item", b"abc", *headers))
        assert answers(wire, 1)[0][0] == 400


def test_clients_that_hang_up(server: MockServer) -> None:
    """A client that leaves in the middle harms nobody else."""
    for part in (
        b"GET",
        b"POST /api/item HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nabc",
    ):
        with connected(server) as wire:
            wire.sendall(part)
    with connected(server) as wire:
        wire.sendall(request(server, "GET /api/user"))
        assert answers(wire, 1)[0][0] == 200


def test_servers_side_by_side(server: MockServer) -> None:
    """Two servers share nothing."""
    with MockServer("hitask", seed=1) as other:
        assert other.port != server.port
        assert session(other) != session(server)


def test_worlds_have_their_own_cookies(server: MockServer) -> None:
    """A world's cookie is for its own path only."""
    name = server.app.worlds.make("mine")
    world = server.app.worlds.describe(name, server.url)
    key = world["api_keys"]["full"]
    query = f"login=owner&password=owner-password&api_key={key}"
    with connected(server) as wire:
        wire.sendall(request(server, f"GET /~mine/api/user/authenticate?{query}"))
        wire.shutdown(socket.SHUT_WR)
        with wire.makefile("rb") as stream:
            assert b"Path=/~mine/;" in stream.read()


def test_the_ready_file(server: MockServer, tmp_path: Path) -> None:
    """The ready file tells the address, the process and the world."""
    path = tmp_path / "ready.json"
    with server.ready_file(path):
        assert not path.exists()
    told = json.loads(path.read_text("utf-8"))
    assert told == server.describe()
    assert set(told) == {"tasktwin", "api", "url", "pid", "admin", "world"}
    assert [file.name for file in path.parent.iterdir()] == ["ready.json"]
