"""Durable worlds after a restart: snapshots, people, sessions, ids and bytes."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from tasktwin_mockserver import Settings
from tasktwin_mockserver.hitask.records import File
from tasktwin_mockserver.world import Write
from tasktwin_mockserver.worlds import Room

from .durable import LONG, answered, control, create, image, opened, owner, titles


def test_snapshots_are_there_after_a_restart(state: Path) -> None:
    """Of those that were taken each can be brought back, and none that was dropped."""
    with opened(state) as app:
        create(app, 1)
        control(app, "POST /snapshots", name="one")
        create(app, 2)
        assert control(app, "POST /snapshots") == {"name": "s1"}
        control(app, "POST /snapshots", name="gone")
        control(app, "DELETE /snapshots/gone")
        create(app, 3)
    with opened(state) as app:
        assert control(app, "GET /snapshots") == [{"name": "one"}, {"name": "s1"}]
        assert titles(app) == ["t1", "t2", "t3"]
        control(app, "POST /snapshots/one/restore")
        assert titles(app) == ["t1"]
        assert control(app, "POST /snapshots") == {"name": "s2"}
    with opened(state) as app:
        assert titles(app) == ["t1"]
        control(app, "POST /snapshots/s1/restore")
        assert titles(app) == ["t1", "t2"]


def test_a_reset_goes_back_beyond_a_restart(state: Path) -> None:
    """A world is reset to how it was made, with its settings, and stays so."""
    with opened(state, settings=Settings(max_items=7)) as app:
        create(app, 1)
        control(app, "POST /worlds", **{"name": "twin", "from": "default"})
        create(app, 2, "/~twin")
        control(app, "PATCH /settings?world=twin", max_items=9)
        control(app, "POST /snapshots?world=twin", name="kept")
    with opened(state) as app:
        control(app, "POST /reset")
        assert titles(app) == []
        control(app, "POST /reset?world=twin")
        kept = image(app)
    with opened(state) as app:
        assert image(app) == kept
        assert control(app, "GET /settings?world=twin")["max_items"] == 7
        assert control(app, "GET /snapshots?world=twin") == [{"name": "kept"}]
        rows = answered(Client(app).get("/~twin/api/item", headers=owner(app)))
        assert [row["title"] for row in rows] == ["t1"]


def test_the_log_knows_people_after_a_restart(state: Path) -> None:
    """Whoever asks is called by name, in a world of another seed than the server's."""
    with opened(state, "gsmtasks") as app:
        app.worlds.make("other", seed=8)
    with opened(state, "gsmtasks", seed=3) as app:
        worker = app.worlds.describe("other", "")["actors"]["worker"]
        headers = {"Authorization": f"Token {worker['token']}"}
        answer = Client(app).get("/~other/api/tasks/accounts/", headers=headers)
        assert answer.status_code == 200
        assert [one.actor for one in app.worlds._worlds["other"].traffic] == ["worker"]


def test_worlds_expire_after_a_restart_too(state: Path) -> None:
    """A world that nobody uses any more is gone for good, and its name is free."""
    now = [0.0]
    room = Room(idle=10, timer=lambda: now[0])
    with opened(state) as app:
        app.worlds.make("used")
        app.worlds.make("unused")
    with opened(state, room=room) as app:
        now[0] = 8
        assert app.worlds.get("used") is not None
        now[0] = 12
        assert app.worlds.names() == ["default", "used"]
    with opened(state) as app:
        assert app.worlds.names() == ["default", "used"]
        assert app.worlds.make("unused") == "unused"


def test_who_still_has_a_dropped_world_does_no_harm(state: Path) -> None:
    """What happens to a world after it was dropped is nothing to the file."""
    with opened(state) as app:
        app.worlds.make("gone")
        world = app.worlds.get("gone")
        assert world is not None
        app.worlds.drop("gone")
        world.snapshots.take("one")
        world.reset()
        world.settings = Settings(max_items=1)
    with opened(state) as app:
        assert app.worlds.names() == ["default"]


def test_the_api_goes_on_after_a_restart(state: Path) -> None:
    """Sessions, cursors and ids go on where they were; names of worlds do not recur."""
    with opened(state, seed=5) as app:
        create(app, 1)
        listed = Client(app).get("/api/item", headers=owner(app))
        made = [app.worlds.make() for _ in "ab"]
        app.worlds.drop(made[1])
        before = owner(app)
    with opened(state, seed=9) as app:
        client, number = Client(app), create(app, 2)
        assert owner(app) == before
        assert app.worlds.names() == ["default", made[0]]
        assert app.worlds.make() not in made
        assert client.get(f"/~{made[1]}/api/user").status_code == 404
        cursor = listed.headers["X-Cursor"]
        delta = client.get(f"/api/item/delta/{cursor}", headers=before)
        assert [row["id"] for row in answered(delta) if row["changed"]] == [number]


def test_orders_are_there_after_a_restart(state: Path) -> None:
    """What came back to where it had been stands last there, after a restart too."""
    with opened(state) as app:
        above, first, second = (create(app, number) for number in (1, 2, 3))
        for number, parent in (
            (first, above),
            (second, above),
            (first, 0),
            (first, above),
        ):
            change = {"id": number, "parent": parent}
            answer = Client(app).put("/api/item", json=change, headers=owner(app))
            assert answer.status_code == 200, answer.text
        world = app.worlds.get("default")
        assert world is not None
        assert [*world.tables["items"].moved()]
        before = image(app)
    with opened(state) as app:
        assert image(app) == before


def test_bytes_are_kept_once(state: Path) -> None:
    """Files with the same bytes share them in the file, and after it was read."""
    with opened(state) as app:
        world: Any = app.worlds.get("default")
        write = Write(world)
        for number in range(10):
            file = File(number, f"{number}", "a", "b/c", b"d", LONG)
            write.put(world.files, file)
        write.apply()
        world.keep()
    assert state.stat().st_size < 3 * len(LONG)
    with opened(state) as app:
        world = app.worlds.get("default")
        assert len({id(file.data) for file in world.files.values()}) == 1
        write = Write(world)
        write.remove(world.files, *range(10))
        write.apply()
        world.keep()
    with opened(state):
        pass
    with closing(sqlite3.connect(state)) as database:
        assert database.execute("SELECT count(*) FROM contents").fetchone() == (0,)
