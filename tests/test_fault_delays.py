"""Faults by script: who is delayed waits for the clock, and nobody else does."""

import http.client
import socket
import threading
from contextlib import closing

import pytest

from tasktwin_contract.wire import Request, WsgiTransport
from tasktwin_mockserver.server import MockServer

from .scripted import SECONDS, USER, Mock, script


def test_a_delayed_call_holds_nobody_up() -> None:
    """Who is delayed waits for the clock, by the event loop too, and nobody else."""
    with MockServer("hitask") as server:
        world = script(server, [{"delay": 10}])
        world.clock = world.clock.set(0, frozen=True)
        where = ("127.0.0.1", server.port)
        with closing(socket.create_connection(where, SECONDS)) as wire:
            wire.sendall(USER)
            while world.faults.left:
                pass
            other = http.client.HTTPConnection("127.0.0.1", server.port, SECONDS)
            other.request("GET", "/api/user")
            assert other.getresponse().status == 401
            other.close()
            wire.settimeout(0.05)
            with pytest.raises(TimeoutError):
                wire.recv(1)
            wire.settimeout(SECONDS)
            world.clock = world.clock.advance(10_000_000)
            assert wire.recv(65536).startswith(b"HTTP/1.1 401 ")


def test_a_delay_is_by_the_worlds_clock(mock: Mock) -> None:
    """A call that is delayed waits for the clock, and no other call waits for it."""
    world = mock.world
    world.clock = world.clock.set(0, frozen=True)
    world.faults.script("createItem", [{"delay": 10, "times": 2}])
    answers: list[int] = []

    def create() -> None:
        answers.append(mock.create().status_code)

    waiting = [threading.Thread(target=create) for _ in range(2)]
    for thread in waiting:
        thread.start()
    while world.faults.left:
        assert mock.titles() == []
    world.clock = world.clock.advance(9_999_999)
    assert mock.titles() == []
    assert answers == []
    while len(answers) < len(waiting):  # whoever met the step late waits longer
        world.clock = world.clock.advance(10_000_000)
    for thread in waiting:
        thread.join(SECONDS)
    assert answers == [200, 200]


def test_an_ending_world_delays_nobody(mock: Mock) -> None:
    """A world that is dropped lets those go who are delayed in it."""
    mock.app.worlds.make("twin")
    twin = mock.app.worlds.get("twin")
    assert twin is not None
    twin.clock = twin.clock.set(0, frozen=True)
    twin.faults.script("getUser", [{"delay": 10}])
    transport = WsgiTransport(mock.app)
    asked = Request("GET", "/~twin/api/user")
    thread = threading.Thread(target=transport.send, args=(asked,))
    thread.start()
    while twin.faults.left:
        pass
    mock.app.worlds.drop("twin")
    thread.join(SECONDS)
    assert not thread.is_alive()
