"""Faults by script: connections that break, in process, over a socket and TLS."""

import http.client
import socket
import ssl
from contextlib import closing, suppress
from typing import Any

import pytest

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.faults import Step
from tasktwin_mockserver.server import MockServer

from .scripted import SECONDS, USER, Mock, script


def test_a_reset_in_process(mock: Mock) -> None:
    """In process a reset is the error that a socket has for it; the item is there."""
    mock.world.faults.script("createItem", ["reset", {"status": 503, "reset": 0}])
    for _ in range(2):
        with pytest.raises(ConnectionResetError):
            mock.create()
    assert mock.titles() == ["a"]
    first, second, _ = mock.world.traffic.find()
    assert (first.status, first.fault) == (200, Step(reset=0))
    assert (second.status, second.fault) == (503, Step(status=503, reset=0))


def test_a_reset_comes_before_the_last_byte(mock: Mock) -> None:
    """So many bytes are sent before the connection breaks, but never all of them."""
    mock.world.faults.script("getUser", [{"reset": 9}, {"reset": 10**6}])
    sent = []
    for _ in range(2):
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/api/user",
            "HTTP_X_HI_SESSION": mock.session["x-hi-session"],
        }
        parts: list[bytes] = []
        with pytest.raises(ConnectionResetError):
            parts.extend(mock.app(environ, lambda *_: lambda _: None))
        sent.append(sum(map(len, parts)))
    size = mock.world.traffic.find()[-1].size
    assert sent == [9, size - 1]


@pytest.mark.parametrize(("step", "error"), [
    ("reset", ConnectionResetError),
    ({"reset": 20}, (ConnectionResetError, http.client.IncompleteRead)),
])  # fmt: skip
def test_a_reset_over_a_socket(step: Any, error: Any) -> None:
    """Over a socket the client's own library has an error; the next call is served."""
    with MockServer("hitask") as server:
        script(server, [step])
        connection = http.client.HTTPConnection("127.0.0.1", server.port, SECONDS)
        connection.request("GET", "/api/user")
        with pytest.raises(error):
            connection.getresponse().read()
        connection.close()
        connection.request("GET", "/api/user")
        assert connection.getresponse().status == 401
        connection.close()


def test_a_reset_is_one() -> None:
    """What comes before it arrives, whole; then the client sees a RST, and no end."""
    with MockServer("hitask") as server:
        script(server, ["ok", {"reset": 20}])
        where = ("127.0.0.1", server.port)
        with closing(socket.create_connection(where, SECONDS)) as wire:
            wire.sendall(USER * 3)
            whole, _, part = until_reset(wire).partition(b"}")
    assert whole.startswith(b"HTTP/1.1 401 ")
    assert part.count(b"HTTP/1.1 ") == 1
    assert len(part.partition(b"\r\n\r\n")[2]) == 20


def until_reset(wire: socket.socket) -> bytes:
    """All that is said before the connection is reset."""
    parts = []
    with suppress(ConnectionResetError):
        while True:
            parts.append(wire.recv(65536))
            assert parts[-1], "the connection came to its end"
    return b"".join(parts)


def test_a_reset_comes_after_what_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads slowly gets what comes before a reset, but for what the kernel has."""
    size = 32 * 1024 * 1024
    with MockServer("hitask") as server:
        world = script(server, [{"reset": size}])
        long = Answer(body=bytes(size))
        monkeypatch.setattr(server.app.api, "refuse", lambda *_: long)
        with closing(socket.create_connection((server.host, server.port))) as wire:
            wire.settimeout(SECONDS)
            wire.sendall(USER)
            assert wire.recv(1) == b"H"
            assert not world.faults.left
            assert len(until_reset(wire)) > size // 2


def test_a_reset_of_https() -> None:
    """Under TLS it is the connection below that is reset."""
    with MockServer("hitask", tls=True, host="localhost") as server:
        script(server, [{"reset": 20}])
        trust = ssl.create_default_context(cafile=server.ca_file)
        came, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        spoken = trust.wrap_bio(came, sent, server_hostname="localhost")
        where = (server.host, server.port)
        with closing(socket.create_connection(where, SECONDS)) as wire:
            while True:
                with suppress(ssl.SSLWantReadError):
                    spoken.do_handshake()
                    break
                wire.sendall(sent.read())
                came.write(wire.recv(65536))
            spoken.write(USER)
            wire.sendall(sent.read())
            came.write(until_reset(wire))
        assert len(spoken.read(65536).partition(b"\r\n\r\n")[2]) == 20
