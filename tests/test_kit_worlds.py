"""A world for the tests of a client: lent, set, forked, put back, and its clock."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from tasktwin_mockserver import App, MockServer
from tasktwin_mockserver.snapshots import SnapshotError
from tasktwin_mockserver.worlds import Room

from .stub_client import SECONDS, create


def test_a_world_is_fresh(servers: dict[str, MockServer]) -> None:
    """Two worlds of one server share nothing but its port; both begin alike."""
    with servers["hitask"].fresh() as one, servers["hitask"].fresh() as other:
        assert one.url != other.url
        assert one.owner.session_id == other.owner.session_id
        assert create(one).status_code == 200
        assert other.owner.call("listItems") == []
        assert other.requests.none()


def test_the_default_world(servers: dict[str, MockServer]) -> None:
    """A server has a world at its own address too, the same each time it is asked."""
    server = servers["hitask"]
    assert server.world.url == server.url
    assert server.world is server.world
    with server.world as world:
        assert world.owner.call("getUser")["login"] == "owner"
    assert server.world.owner.call("getUser")["login"] == "owner", "it stays"


def test_a_world_that_was_closed_is_gone(servers: dict[str, MockServer]) -> None:
    """Nobody is served there any more."""
    with servers["hitask"].fresh() as one:
        pass
    assert create(one).status_code == 404


def test_settings_of_a_world(servers: dict[str, MockServer]) -> None:
    """A world has the settings that it is asked for with, and those changed later."""
    server = servers["hitask"]
    with server.fresh(accounts={"owner": "terminated"}) as one:
        assert create(one).json()["response_status"] == 48
        one.configure(accounts={})
        assert create(one).status_code == 200
    with pytest.raises(ValueError, match="nobody called 'ownr'; near it: owner"):
        server.fresh(accounts={"ownr": "terminated"})
    with pytest.raises(ValueError, match="`most_items`"):
        server.fresh(most_items=1)


def titles(world: Any) -> set[str]:
    """The titles of the owner's items."""
    return {item["title"] for item in world.owner.call("listItems")}


def test_snapshots_and_forks(world: Any) -> None:
    """A world goes back, and a fork goes another way, builders and all."""
    world.item("first")
    name = world.snapshot("before")
    twin = world.fork()
    world.item("second")
    twin.item("third")
    assert titles(world) == {"first", "second"}
    assert titles(twin) == {"first", "third"}
    world.restore(name)
    assert titles(world) == {"first"}
    with pytest.raises(SnapshotError, match="'befor'; near it: before"):
        world.restore("befor")
    world.close()
    assert create(twin).status_code == 404


def test_a_restore_without_a_name(world: Any) -> None:
    """It is of the snapshot that was taken last, of those that are this world's."""
    with pytest.raises(SnapshotError, match=r"no snapshot yet; snapshot\(\) takes one"):
        world.restore()
    world.item("first")
    world.snapshot("z")
    world.item("second")
    world.snapshot("a")
    world.item("third")
    world.restore()
    assert titles(world) == {"first", "second"}
    with pytest.raises(SnapshotError, match="no snapshot yet"):
        world.fork().restore()
    world.item("fourth")
    world.snapshot("z")
    world.restore("a")
    world.reset()
    assert titles(world) == set()
    world.restore()
    assert titles(world) == {"first", "second", "fourth"}


def test_a_reset_of_the_world(world: Any) -> None:
    """It is as it was made, and can be used on."""
    world.configure(accounts={"owner": "terminated"})
    world.faults.script("*", [503])
    create(world)
    world.item(owner="member")
    world.reset()
    assert world.requests.none()
    world.verify()
    assert create(world).status_code == 200
    assert titles(world) == {"Call back"}


def test_sessions_are_ready_late() -> None:
    """However long a server runs, the people of a new world have just signed in."""
    now = [0.0]
    app = App("fivepm", room=Room(timer=lambda: now[0]))
    used = []
    for now[0] in (1.0, 2000.0):
        made: Any = app.worlds.get(app.worlds.make())
        used.append(min(session.used for session in made.sessions.values()))
    assert used[0] < used[1]


def test_the_clock(world: Any) -> None:
    """It stands, is set, is turned, and goes on."""
    stood = world.clock.freeze("2030-01-01T00:00:00Z")
    assert (stood, world.clock.is_frozen) == (datetime(2030, 1, 1, tzinfo=UTC), True)
    assert world.item()["time_create"].startswith("2030-01-01T00:00:00")
    assert world.clock.advance(90, days=1).isoformat() == "2030-01-02T00:01:30+00:00"
    assert world.clock.set(stood, frozen=False) >= stood
    assert not world.clock.is_frozen
    assert world.clock.freeze() == world.clock.now
    assert world.clock.run() >= stood
    assert create(world).status_code == 401, "the session has ended"
    owner = world.sign_in("owner")
    assert owner.session_id != world.owner.session_id
    user = requests.get(f"{world.url}/api/user", headers=owner.headers, timeout=SECONDS)
    assert user.status_code == 200
    with pytest.raises(ValueError, match="Z or an offset"):
        world.clock.set("2030-01-01")
    with pytest.raises(ValueError, match="1970 to 9999"):
        world.clock.advance(days=-365 * 99)
