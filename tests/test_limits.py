"""What a world limits, behind what the suite can see of it."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest

from tasktwin_contract.target import Target
from tasktwin_contract.wire import WsgiTransport
from tasktwin_mockserver import App, Settings
from tasktwin_mockserver.clock import MICROSECONDS, Clock
from tasktwin_mockserver.limits import MANY, WINDOW, Windows
from tasktwin_mockserver.server import MockServer
from tasktwin_mockserver.world import World

PATIENCE = 10.0
STILL = Clock().set(0, frozen=True)


def ask(app: App, **environ: Any) -> tuple[int, Any]:
    """Status and data of `GET /api/user`, by a client with these WSGI variables."""
    found: list[str] = []

    def start(status: str, *_: object) -> Any:
        found.append(status)

    plain = {"REQUEST_METHOD": "GET", "PATH_INFO": "/api/user", "wsgi.input": BytesIO()}
    body = b"".join(app({**plain, **environ}, start))
    return int(found[0][:3]), json.loads(body)


def world_of(app: App) -> World:
    """The default world."""
    world = app.worlds.get("default")
    assert world is not None
    return world


@contextmanager
def resting(world: World, clock: Clock) -> Iterator[Future[bool]]:
    """Somebody who rests in `world` by `clock`."""
    begun = threading.Event()

    def rest() -> bool:
        begun.set()
        return world.rest(3600 * MICROSECONDS, clock)

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(rest)
        assert begun.wait(PATIENCE)
        try:
            yield future
        finally:
            world.end()


def test_a_window_takes_so_many() -> None:
    """A client is let in so often in a minute, and told how long to wait."""
    windows = Windows()
    assert [windows.take("a", 2, now) for now in (0, 5, 10, 11)] == [
        0,
        0,
        WINDOW - 10,
        WINDOW - 11,
    ]
    assert windows.take("b", 2, 11) == 0
    assert windows.take("a", 2, WINDOW) == 0


def test_a_clock_that_was_turned_back() -> None:
    """Where the clock was turned back a minute begins anew."""
    windows = Windows()
    assert [windows.take("a", 1, now) for now in (WINDOW, 0)] == [0, 0]


def test_windows_that_are_over_are_forgotten() -> None:
    """However many clients come and go, few windows are kept."""
    windows = Windows()
    for number in range(5 * MANY):
        assert windows.take(f"client {number}", 1, number * WINDOW // 10) == 0
    assert len(windows) <= MANY


def test_the_window_of_today_is_kept() -> None:
    """However many other clients come, a client's own minute is not forgotten."""
    windows = Windows()
    for number in range(2 * MANY):
        assert windows.take(f"client {number}", 1, number) == 0
    assert windows.take("client 0", 1, 2 * MANY) == WINDOW - 2 * MANY


@pytest.mark.parametrize("turn", ["turn", "restore", "end"])
def test_who_rests_is_woken(turn: str) -> None:
    """Whoever rests goes on when the clock is turned, or the world restored or gone."""
    world = World()
    world.clock = STILL
    snapshot = world.snapshot()
    with resting(world, STILL) as future:
        assert not wait([future], 0.02).done
        acts = {
            "turn": lambda: setattr(world, "clock", STILL.advance(1)),
            "restore": lambda: world.restore(snapshot),
            "end": world.end,
        }
        acts[turn]()
        assert future.result(PATIENCE) is (turn != "end")


def test_nobody_watches_for_what_has_happened() -> None:
    """Whoever looked at the clock before it was turned, or all ended, is told so."""
    world = World()
    before, world.clock = world.clock, STILL
    assert not world.watch(list, before)
    assert world.watch(list, STILL)
    world.end()
    assert not world.watch(list, STILL)


def test_nobody_rests_by_another_clock() -> None:
    """Whoever looked at the clock before it was turned does not rest."""
    world = World()
    world.clock = STILL.advance(1)
    assert world.rest(3600 * MICROSECONDS, STILL)


def test_a_running_clock_ends_the_rest() -> None:
    """By a clock that runs the rest is over when its time is."""
    world = World()
    assert world.rest(1000, world.clock)


def test_addresses_are_apart() -> None:
    """Who has neither key nor session counts for their own address."""
    app = App("hitask", settings=Settings(rate_limit=1))
    for number in range(3):
        assert ask(app, REMOTE_ADDR=f"192.0.2.{number}")[0] == 401
    assert ask(app, REMOTE_ADDR="192.0.2.1")[0] == 429


def test_a_body_that_cannot_be_read_counts_for_the_address() -> None:
    """A body that is none tells of no client, but is refused for what it is."""
    app = App("hitask", settings=Settings(rate_limit=1))
    body = {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "1"}
    for status in (400, 429):
        stream: Any = BytesIO(b"{")
        assert ask(app, **body, **{"wsgi.input": stream})[0] == status


@pytest.mark.parametrize(("scheme", "status"), [("http", 403), ("https", 200)])
def test_only_https_is_served(scheme: str, status: int) -> None:
    """In a world that requires HTTPS plain HTTP is refused, and HTTPS is answered."""
    app = App("hitask", settings=Settings(require_https=True))
    owner = app.worlds.describe("default", "")["actors"]["owner"]
    session = {"HTTP_X_HI_SESSION": owner["session_id"]}
    assert ask(app, **session, **{"wsgi.url_scheme": scheme})[0] == status


def test_a_fork_counts_for_itself() -> None:
    """A world made from another has its settings, and counts anew."""
    app = App("hitask", settings=Settings(rate_limit=1))
    assert ask(app)[0] == 401
    app.worlds.make("twin", origin="default")
    statuses = [ask(app, PATH_INFO="/~twin/api/user")[0] for _ in "ab"]
    assert statuses == [401, 429]
    assert ask(app)[0] == 429


@pytest.mark.parametrize("act", ["drop", "stop"])
def test_nobody_waits_in_what_is_gone(act: str) -> None:
    """When a world is dropped, or the server stops, whoever waits there goes on."""
    settings = Settings(rate_limit=1, rate_limit_mode="delay")
    server = MockServer("hitask", settings=settings)
    app = server.app
    app.worlds.make("one")
    world = app.worlds.get("one")
    assert world is not None
    world.clock = STILL
    path = {"PATH_INFO": "/~one/api/user"}
    assert ask(app, **path)[0] == 401
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(lambda: ask(app, **path))
        assert not wait([late], 0.02).done
        {"drop": lambda: app.worlds.drop("one"), "stop": server.stop}[act]()
        assert late.result(PATIENCE)[0] == 401
    server.stop()


@pytest.mark.parametrize("address", [None, "http://127.0.0.1:8000"])
def test_shell_lines_ask_for_the_same_world(address: str | None) -> None:
    """The lines that show a failure begin with a world of the same settings."""
    app = App("hitask")
    target = Target("hitask", WsgiTransport(app), address, 7)
    with target.world(rate_limit=2, accounts={"member": "expired"}) as world:
        world.owner.call("getUser")
        lines = "\n".join(world.shell(world.history))
    asked = '{"seed": 7, "settings": {"rate_limit": 2, "accounts": {"member": "expired"'
    assert asked in lines
    assert f"{address or 'http://127.0.0.1:8080'}/__admin/worlds" in lines
    assert ("tasktwin serve hitask" in lines) is (address is None)
