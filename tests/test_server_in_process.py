"""A server's life in the process of those who test with it."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tasktwin_mockserver import MockServer, clients

PATIENCE = 10.0
USER = b"GET /api/user HTTP/1.1\r\nHost: x\r\n\r\n"
UNKNOWN = b"HTTP/1.1 401 "
UNSTOPPED = f"""
import socket
from tasktwin_mockserver import MockServer

server = MockServer("hitask")
server.world.clock.freeze()
server.world.faults.script("getUser", ["ok", {{"delay": 9}}])
server.start()
wire = socket.create_connection((server.host, server.port))
wire.sendall({USER!r} * 2)
print(wire.recv({len(UNKNOWN)}).decode())
"""


@contextmanager
def connected(server: MockServer) -> Iterator[socket.socket]:
    """A plain connection."""
    where = (server.host, server.port)
    with closing(socket.create_connection(where, PATIENCE)) as wire:
        yield wire


def is_answered(wire: socket.socket) -> bool:
    """Whether a request over that connection is, whatever the answer."""
    wire.sendall(USER)
    data = b""
    while part := wire.recv(65536):
        data += part
        if data.endswith(b"}"):
            break
    return data.startswith(UNKNOWN)


def is_up(server: MockServer) -> bool:
    """Whether somebody new is answered."""
    try:
        with connected(server) as wire:
            return is_answered(wire)
    except ConnectionRefusedError:
        return False


def test_a_server_that_never_started() -> None:
    """A server can be stopped before it has served anything."""
    server = MockServer("hitask")
    server.stop()
    assert not is_up(server)


def test_a_port_in_use() -> None:
    """A port that is taken raises OSError."""
    with MockServer("hitask") as server, pytest.raises(OSError, match="in use"):
        MockServer("hitask", port=server.port)


def test_a_port_is_free_again() -> None:
    """The next server may have the port as soon as the last one has stopped."""
    with MockServer("hitask") as server, connected(server) as wire:
        assert is_answered(wire)
        server.stop()
        with MockServer("hitask", port=server.port) as other:
            assert is_up(other)


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
def test_ipv6() -> None:
    """A host may be an address of IPv6, and stands in brackets in addresses."""
    with MockServer("hitask", host="::1") as server, server.fresh() as world:
        assert server.url == f"http://[::1]:{server.port}"
        assert world.url.startswith(f"{server.url}/~")
        assert is_up(server)


def test_a_server_starts_once() -> None:
    """What runs, or has been stopped, cannot be started, and goes on as it was."""
    server = MockServer("hitask")
    with server:
        with pytest.raises(RuntimeError, match="starts once"):
            server.start()
        assert is_up(server)
    with pytest.raises(RuntimeError, match="starts once"), server:
        pass
    assert not is_up(server)


def test_a_server_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps it from answering is raised by whoever starts it; the port is free."""

    def refuse() -> None:
        raise OSError("too many open files")

    server = MockServer("hitask")
    with monkeypatch.context() as patched:
        patched.setattr(clients, "Loop", refuse)
        with pytest.raises(OSError, match="too many"):
            server.start()
    with MockServer("hitask", port=server.port) as other:
        assert is_up(other)


def test_stopped_by_many() -> None:
    """Several threads may stop it at once, and all return once it has stopped."""
    with MockServer("hitask") as server, connected(server) as wire:
        assert is_answered(wire)
        wire.sendall(USER[:9])
        assert is_up(server)  # so the half has come in, and is waited for
        wire.setblocking(False)
        ended: list[bool] = []

        def stop() -> None:
            server.stop()
            ended.append(has_ended(wire))

        threads = [threading.Thread(target=stop) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    assert ended == [True] * 4


def has_ended(wire: socket.socket) -> bool:
    """Whether the server has closed a connection that does not block."""
    try:
        return wire.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def test_interrupted() -> None:
    """Ctrl-C stays the caller's own: no handler is changed, and the server stops."""
    kept = signal.default_int_handler
    server = MockServer("hitask")

    def interrupted() -> None:
        with server:
            assert signal.getsignal(signal.SIGINT) is kept
            signal.raise_signal(signal.SIGINT)

    # What runs in the background of a shell has it ignored.
    before = signal.signal(signal.SIGINT, kept)
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted()
    finally:
        signal.signal(signal.SIGINT, before)
    assert not is_up(server)


def test_a_process_that_does_not_stop_it() -> None:
    """A process may end and leave its server as it is, somebody waiting in it."""
    done = subprocess.run(
        [sys.executable, "-c", UNSTOPPED],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        text=True,
        timeout=60,
        check=False,
    )
    told = (done.returncode, done.stdout, done.stderr)
    assert told == (0, f"{UNKNOWN.decode()}\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process() -> None:
    """One that is forked may ask, and stop its copy; the server is its parent's.

    Who is connected sees the end of it, although the child has the socket too.
    """
    told, tell = os.pipe()
    stay, leave = os.pipe()
    with MockServer("hitask") as server, connected(server) as wire:
        assert is_answered(wire)
        child = os.fork()
        if not child:
            os.close(leave)
            _ask_and_stop(server, tell, stay)
        os.close(tell)
        assert os.read(told, 1) == b"1"
        assert is_answered(wire)
        server.stop()
        assert wire.recv(1) == b""
    os.close(leave)
    assert os.waitpid(child, 0)[1] == 0
    os.close(told)
    os.close(stay)


def _ask_and_stop(server: MockServer, tell: int, stay: int) -> None:
    """What the child does, until its parent lets it go."""
    try:
        up = is_up(server)
        server.stop()
        os.write(tell, b"1" if up else b"0")
        os.read(stay, 1)
    finally:
        os._exit(0)


def test_time_that_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that has patched Python's clocks keeps no server from stopping."""
    with MockServer("hitask") as server, connected(server) as wire:
        assert is_answered(wire)
        wire.sendall(USER[:9])
        with monkeypatch.context() as patched:
            patched.setattr(time, "monotonic", lambda: 0.0)
            thread = threading.Thread(target=server.stop)
            thread.start()
            thread.join(PATIENCE)
            assert not thread.is_alive()


def test_another_kind_of_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has asyncio make other loops has none of them in the server."""

    def refuse() -> None:
        raise AssertionError("that loop is for the client")

    monkeypatch.setattr(asyncio, "new_event_loop", refuse)
    monkeypatch.setattr(asyncio.events, "new_event_loop", refuse)
    with MockServer("hitask") as server:
        assert is_up(server)


def test_within_a_loop() -> None:
    """A coroutine may start it, ask it and stop it."""

    async def ask() -> bytes:
        with MockServer("hitask") as server:
            reader, writer = await asyncio.open_connection(server.host, server.port)
            writer.write(USER)
            answer = await reader.readexactly(len(UNKNOWN))
            writer.close()
            await writer.wait_closed()
        return answer

    assert asyncio.run(ask()) == UNKNOWN
