"""What many clients at once, slow ones among them, see of the server."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tasktwin_mockserver import MockServer, Settings, clients, connection
from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.clock import Clock
from tasktwin_mockserver.exchange import Request

PATIENCE = 10.0
LEAST = 300
POST = b"POST /api/item HTTP/1.1\r\nHost: x\r\n"
STILL = Clock().set(0, frozen=True)
USER = b"GET /api/user HTTP/1.1\r\nHost: x\r\n\r\n"
WAITING = POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"
UNKNOWN = b"HTTP/1.1 401 "
HALVES = [
    b"",
    b"GET /api/user HT",
    POST + b"Content-Length: 99\r\n\r\nabc",
    POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
]


@pytest.fixture
def server() -> Iterator[MockServer]:
    """A running mock that takes small bodies."""
    with MockServer("hitask", settings=Settings(max_body=LEAST)) as running:
        yield running


@contextmanager
def connected(server: MockServer) -> Iterator[socket.socket]:
    """A plain connection."""
    where = (server.host, server.port)
    with closing(socket.create_connection(where, PATIENCE)) as wire:
        yield wire


@contextmanager
def trusting(server: MockServer) -> Iterator[socket.socket]:
    """A connection such as the server wants, by TLS or not."""
    with connected(server) as plain:
        if server.ca_file is None:
            yield plain
            return
        trust = ssl.create_default_context(cafile=server.ca_file)
        with trust.wrap_socket(plain, server_hostname=server.host) as wire:
            yield wire


def said(server: MockServer, request: bytes) -> bytes:
    """All that the server says to a client who closes its side."""
    with connected(server) as wire:
        wire.sendall(request)
        wire.shutdown(socket.SHUT_WR)
        return rest(wire)


def rest(wire: socket.socket) -> bytes:
    """What the server says until it closes its side, or drops the connection."""
    parts = []
    try:
        while part := wire.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def until_deaf(server: MockServer) -> None:
    """Return once nobody listens any more."""
    while True:
        try:
            socket.create_connection((server.host, server.port), PATIENCE).close()
        except OSError:
            return


@contextmanager
def stopping(server: MockServer) -> Iterator[None]:
    """A server that has been told to stop, and has closed its port."""
    thread = threading.Thread(target=server.stop)
    thread.start()
    until_deaf(server)
    try:
        yield
    finally:
        thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.mark.parametrize("half", HALVES)
def test_who_is_slow_holds_nobody_up(server: MockServer, half: bytes) -> None:
    """While many clients have sent a half of something, another one is answered."""
    wires = [socket.create_connection((server.host, server.port)) for _ in range(200)]
    try:
        for wire in wires:
            wire.sendall(half)
        assert said(server, USER).startswith(UNKNOWN)
    finally:
        for wire in wires:
            wire.close()


def test_who_does_not_read_holds_nobody_up(server: MockServer) -> None:
    """A client that asks and does not read gets all answers as soon as it does."""
    many, ok = 4000, b"HTTP/1.1 200 "
    worlds = b"GET /__admin/worlds HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connected(server) as wire:
        sender = threading.Thread(target=wire.sendall, args=(worlds * many,))
        sender.start()
        assert said(server, USER).startswith(UNKNOWN)
        found = 0
        tail = b""
        while found < many:
            part = wire.recv(1 << 20)
            assert part
            found += (tail + part).count(ok)
            tail = part[1 - len(ok) :]
        sender.join()


def test_who_has_to_wait_holds_nobody_up() -> None:
    """A request that is one too many waits for the clock, and the others do not."""
    settings = Settings(rate_limit=1, rate_limit_mode="delay")
    with MockServer("hitask", settings=settings) as server, connected(server) as wire:
        server.app.worlds.make("other")
        world = server.app.worlds.get("default")
        assert world is not None
        world.clock = STILL
        wire.sendall(USER * 3)
        assert wire.recv(len(UNKNOWN)) == UNKNOWN
        assert said(server, USER.replace(b"/api", b"/~other/api")).startswith(UNKNOWN)
        while b"}" not in wire.recv(65536):
            pass
        for _ in range(2):
            wire.settimeout(0.05)
            with pytest.raises(TimeoutError):
                wire.recv(65536)
            wire.settimeout(PATIENCE)
            world.clock = world.clock.advance(60_000_000)
            assert wire.recv(65536).startswith(UNKNOWN)


@pytest.mark.parametrize("clock", [Clock(), STILL])
def test_who_waits_is_answered_at_the_end(clock: Clock) -> None:
    """A server that stops lets nobody wait, and answers whoever did."""
    settings = Settings(rate_limit=1, rate_limit_mode="delay")
    with MockServer("hitask", settings=settings) as server, connected(server) as wire:
        world = server.app.worlds.get("default")
        assert world is not None
        world.clock = clock
        wire.sendall(USER * 3)
        assert wire.recv(len(UNKNOWN)) == UNKNOWN
        server.stop()
        answers = rest(wire)
    assert answers.count(UNKNOWN) == 2
    assert answers.count(b"Connection: close") == 1


@pytest.mark.parametrize("tls", [False, True])
def test_what_has_begun_is_finished(tls: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that is coming in when the server stops is answered.

    Beside it is a client that has been told that this is the end, and stays.
    """
    monkeypatch.setattr(clients, "STUCK_SECONDS", PATIENCE)
    with (
        MockServer("hitask", tls=tls) as server,
        trusting(server) as told,
        trusting(server) as wire,
    ):
        wire.sendall(HALVES[2])
        told.sendall(USER.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert told.recv(65536).startswith(UNKNOWN)  # so the half has come in
        with stopping(server):
            wire.sendall(b"x" * 96)
            answer = rest(wire)
            told.close()
    assert answer.startswith(b"HTTP/1.1 4")
    assert b"Connection: close" in answer


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("tls", [False, True])
def test_who_stands_still_is_dropped(
    half: bytes, tls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection on which nothing comes or goes does not keep a server from ending.

    By TLS the halves are no handshake.
    """
    monkeypatch.setattr(clients, "STUCK_SECONDS", 0.05)
    with MockServer("hitask", tls=tls) as server, connected(server) as wire:
        wire.sendall(half)
        server.stop()
        assert UNKNOWN not in rest(wire)


def test_who_says_nothing_for_long_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """An idle connection ends after a while."""
    monkeypatch.setattr(clients, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(clients, "IDLE_SECONDS", 0.05)
    with MockServer("hitask") as server, connected(server) as wire:
        wire.sendall(USER)
        assert rest(wire).startswith(UNKNOWN)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /%b HTTP/1.1\r\n\r\n" % (b"x" * 70_000), 414),
        (b"GET / HTTP/1.1\r\nX: %b\r\n\r\n" % (b"x" * 70_000), 431),
        (b"GET / HTTP/1.1\r\nX: %b" % (b"x" * 700_000), 431),
        (b"GET / HTTP/1.1\r\n%b\r\n" % (b"X: y\r\n" * 101), 431),
        (b"BREW / HTTP/1.1\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\0\x01", 400),
        (b"GET / HTTP/1.1\r\nX : y\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400),
    ],
    ids=[
        "target",
        "header",
        "endless",
        "headers",
        "method",
        "TLS",
        "name",
        "no host",
        "hosts",
    ],
)
def test_heads_that_are_none(server: MockServer, request_: bytes, status: int) -> None:
    """What is no request, or one of an endless head, is refused, and ends there."""
    with connected(server) as wire:
        wire.sendall(request_)
        answer = rest(wire)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"Connection: close" in answer


@pytest.mark.parametrize(("size", "status"), [(LEAST, 415), (LEAST + 1, 413)])
def test_the_largest_body(server: MockServer, size: int, status: int) -> None:
    """A body that is just as long as it may be is taken in."""
    answer = said(server, POST + b"Content-Length: %d\r\n\r\n" % size + b"x" * size)
    assert answer.startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize("more", [b"", b"Connection: Upgrade\r\nUpgrade: h2c\r\n"])
def test_nothing_else_is_spoken(server: MockServer, more: bytes) -> None:
    """Who offers another protocol is answered by this one, and may go on."""
    request = USER.replace(b"\r\n\r\n", b"\r\n" + more + b"\r\n")
    assert said(server, request * 3).count(UNKNOWN) == 3


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("pieces", [False, True])
@pytest.mark.parametrize("method", [b"POST", b"CONNECT"])
def test_a_body_beside_such_an_offer(
    server: MockServer, chunked: bool, pieces: bool, method: bytes
) -> None:
    """The body of a request that offers another protocol is its body all the same."""
    body = b"session_id=mine"
    how = (
        b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(body)
    )
    head = (
        method + b" http://x/api/item HTTP/1.1\r\nHost: x\r\n"
        b"Connection: Upgrade\r\nUpgrade: h2c\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n" + how + b"\r\n\r\n"
    )
    sent = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if chunked else body
    with connected(server) as wire:
        for part in [head, sent + USER] if pieces else [head + sent + USER]:
            wire.sendall(part)
        wire.shutdown(socket.SHUT_WR)
        answers = rest(wire)
    assert answers.count(b"HTTP/1.1 ") == 2
    assert answers.count(UNKNOWN) == (2 if method == b"POST" else 1)
    world = server.app.worlds.get("default")
    assert world is not None
    asked = world.traffic.find()[0]
    assert asked.sent == len(body)


def test_leave_waits_for_its_turn(server: MockServer) -> None:
    """Leave for a body is given once what came before has been answered."""
    world = server.app.worlds.get("default")
    assert world is not None
    world.clock = STILL
    world.faults.script("getUser", [{"delay": 60}])
    with connected(server) as wire:
        wire.sendall(USER + WAITING)
        wire.settimeout(0.05)
        with pytest.raises(TimeoutError):
            wire.recv(65536)
        wire.settimeout(PATIENCE)
        world.clock = world.clock.advance(60_000_000)
        heard = b""
        while not heard.endswith(connection.CONTINUE):
            heard += wire.recv(65536)
        assert heard.startswith(UNKNOWN)
        wire.sendall(b"abc")
        assert wire.recv(65536).startswith(b"HTTP/1.1 4")


def test_no_leave_for_old_clients(server: MockServer) -> None:
    """HTTP/1.0 knows no leave: the body comes anyway."""
    answer = said(server, WAITING.replace(b"1.1", b"1.0") + b"abc")
    assert answer.startswith(b"HTTP/1.1 4")
    assert connection.CONTINUE not in answer


def test_no_leave_for_a_body_that_is_too_large(server: MockServer) -> None:
    """Who asks for leave to send too much is told so, and need not send it."""
    head = POST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    with connected(server) as wire:
        wire.sendall(head % (LEAST + 1))
        assert rest(wire).startswith(b"HTTP/1.1 413 ")


def test_a_body_without_end(
    server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A body that goes on and on is refused while it comes."""
    monkeypatch.setattr(connection, "DRAINED", 1000)
    head = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    with connected(server) as wire:
        wire.sendall(head + b"ff\r\n%b\r\n" % (b"x" * 255) * 5)
        assert rest(wire).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("bug", [ZeroDivisionError, SystemExit])
def test_a_bug_is_500(
    bug: type[BaseException],
    server: MockServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What fails in the mock itself is logged, and 500 for that client alone."""

    def fail(request: Request) -> Answer:
        raise bug

    monkeypatch.setattr(server.app.admin, "respond", fail)
    request = USER.replace(b"/api/user", b"/__admin/health")
    assert said(server, request * 2).startswith(b"HTTP/1.1 500 ")
    assert bug.__name__ in caplog.text
    assert said(server, USER).startswith(UNKNOWN)


def test_old_clients(server: MockServer) -> None:
    """HTTP/1.0 goes on only where the client wants it."""
    old = USER.replace(b"1.1", b"1.0")
    kept = old.replace(b"\r\n\r\n", b"\r\nConnection: keep-alive\r\n\r\n")
    with connected(server) as wire:
        wire.sendall(kept + old)
        answers = rest(wire)
    assert answers.count(UNKNOWN) == 2
    assert answers.count(b"Connection: keep-alive") == 1
