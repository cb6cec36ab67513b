"""The mock behind a socket."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tasktwin_mockserver.clock import Clock
from tasktwin_mockserver.fast import FastServer
from tasktwin_mockserver.served import Served
from tasktwin_mockserver.server import MockServer

KINDS = (MockServer, FastServer)
Kind = type[MockServer] | type[FastServer]


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[Served]:
    """A running mock on a free port."""
    with request.param("hitask") as running:
        yield running


@contextmanager
def connected(server: Served) -> Iterator[socket.socket]:
    """A plain connection."""
    with closing(socket.create_connection((server.host, server.port), 10)) as wire:
        yield wire


def session(server: Served) -> str:
    """The owner's session."""
    found: str = server.describe()["world"]["actors"]["owner"]["session_id"]
    return found


def request(server: Served, line: str, body: bytes = b"", *headers: str) -> bytes:
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


def test_a_connection_stays_open(server: Served) -> None:
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


def test_requests_in_a_row(server: Served) -> None:
    """Requests sent at once are answered in their order, unread bodies skipped."""
    first = request(server, "GET /api/nothing", b"x" * 5000)
    second = request(server, "GET /api/user")
    with connected(server) as wire:
        wire.sendall(first + second)
        assert [status for status, _ in answers(wire, 2)] == [404, 200]


def test_chunked_bodies(server: Served) -> None:
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


def test_head_has_no_body(server: Served) -> None:
    """HEAD is answered with the headers alone."""
    with connected(server) as wire:
        wire.sendall(request(server, "HEAD /api/user"))
        wire.shutdown(socket.SHUT_WR)
        with wire.makefile("rb") as stream:
            head, _, body = stream.read().partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert body == b""


def test_continue(server: Served) -> None:
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
def test_lengths_that_lie(server: Served, headers: tuple[str, ...]) -> None:
    """A length that cannot be trusted is 400, and the connection ends."""
    with connected(server) as wire:
        wire.sendall(request(server, "POST /api/item", b"abc", *headers))
        assert answers(wire, 1)[0][0] == 400


def test_clients_that_hang_up(server: Served) -> None:
    """A client that leaves in the middle harms nobody else."""
    for part in (b"GET", b"POST /api/item HTTP/1.1\r\nContent-Length: 99\r\n\r\nabc"):
        with connected(server) as wire:
            wire.sendall(part)
    with connected(server) as wire:
        wire.sendall(request(server, "GET /api/user"))
        assert answers(wire, 1)[0][0] == 200


def test_a_port_in_use(server: Served) -> None:
    """A port that is taken raises OSError."""
    with pytest.raises(OSError, match="in use"):
        type(server)("hitask", port=server.port)


def test_servers_side_by_side(server: Served) -> None:
    """Two servers share nothing."""
    with type(server)("hitask", seed=1) as other:
        assert other.port != server.port
        assert session(other) != session(server)


def test_worlds_have_their_own_cookies(server: Served) -> None:
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


def test_the_ready_file(server: Served, tmp_path: object) -> None:
    """The ready file tells the address, the process and the world."""
    from pathlib import Path

    path = Path(str(tmp_path), "ready.json")
    with server.ready_file(path):
        assert not path.exists()
    told = json.loads(path.read_text("utf-8"))
    assert told == server.describe()
    assert set(told) == {"tasktwin", "api", "url", "pid", "admin", "world"}
    assert [file.name for file in path.parent.iterdir()] == ["ready.json"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_never_started(kind: Kind) -> None:
    """A server can be stopped before it has served anything."""
    kind("hitask").stop()


OWN_HEADERS = (b"server", b"date", b"connection")
FORM = "Content-Type: application/x-www-form-urlencoded"
GZIP = "Content-Encoding: gzip"
CHUNKED = "Transfer-Encoding: chunked"
JSON = "Content-Type: application/json"
ITEM = b"guid=9769a9f9-726c-4ec8-a920-be16193c26a6&title=one"
CHUNKS = b"a;x=y\r\nguid=9769a\r\n29\r\n%b\r\n0\r\nX: y\r\n\r\n" % ITEM[10:]


@pytest.mark.parametrize(
    ("line", "headers", "body"),
    [
        ("GET /api/user", (), b""),
        ("GET /api/v6/%75ser?a=%C3%A9&b=%ff", (), b""),
        ("GET /api/us%C3%A9r%2Fx", (), b""),
        ("GET //api/user", (), b""),
        ("GET http://elsewhere:1/api/user", (), b""),
        ("GET /api/user#part", (), b""),
        ("GET /~nobody/api/user", (), b""),
        ("GET /__files/no/thing", (), b""),
        ("GET /__admin/health", (), b""),
        ("GET /__admin/nothing", (), b""),
        ("HEAD /api/item", (), b""),
        ("OPTIONS /api/item", (), b""),
        ("DELETE /api/user", (), b""),
        ("GET /api/user", ("Cookie: a=b", "Cookie: c=d", "X_Y: z", "X: \xe9"), b""),
        ("GET /api/item", ("X-Hi-Session: more",), b""),
        ("POST /api/item", (FORM, "Content-Length: 51"), ITEM),
        ("POST /api/item", (FORM, "content-length:51\t", "Expect: x"), ITEM),
        ("POST /api/item", (FORM, CHUNKED), CHUNKS),
        ("POST /api/item", (FORM, GZIP, "Content-Length: 51"), ITEM),
        ("POST /api/item", (JSON, "Content-Length: 51"), ITEM),
        ("POST /api/item", ("Content-Length: 51",), ITEM),
        ("POST /api/item", ("Content-Length: 99",), ITEM),
        ("POST /__admin/worlds", (JSON, "Content-Length: 11"), b'{"seed": 3}'),
    ],
)
def test_both_servers_answer_alike(
    line: str, headers: tuple[str, ...], body: bytes
) -> None:
    """The server of tests and the one that serves differ in their own headers only."""
    answers = []
    for kind in KINDS:
        with kind("hitask") as server, connected(server) as wire:
            world = server.app.worlds.get("default")
            assert world is not None
            world.clock = Clock().set(0, frozen=True)
            text = request(server, line, b"", *(headers or ("X: y",)))
            wire.sendall(text.replace(b"\xc3\xa9", b"\xe9") + body)
            wire.shutdown(socket.SHUT_WR)
            with wire.makefile("rb") as stream:
                answer = stream.read().replace(b":%d" % server.port, b":1")
        head, _, rest = answer.partition(b"\r\n\r\n")
        first, *rows = head.split(b"\r\n")
        own = [row for row in rows if row.lower().split(b":")[0] not in OWN_HEADERS]
        lines = {line for line in own if not line.startswith(b"Content-Length")}
        answers.append((first, lines, rest))
    assert answers[0] == answers[1]
