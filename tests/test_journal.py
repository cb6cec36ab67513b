"""Durable worlds: what was answered is in the file, which nobody else may have."""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as Moment
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from tasktwin_contract.cli import main
from tasktwin_mockserver import App, Settings
from tasktwin_mockserver.clock import Clock
from tasktwin_mockserver.hitask.records import Event, File, Tag
from tasktwin_mockserver.journal import Journal
from tasktwin_mockserver.packing import pack, seal
from tasktwin_mockserver.recall import About, StateError
from tasktwin_mockserver.scribe import Scribe
from tasktwin_mockserver.server import MockServer
from tasktwin_mockserver.world import Snapshot, World, Write
from tasktwin_mockserver.worlds import Room

BENCH = Path(__file__).parent.parent / "bench"
LONG = bytes(range(256)) * 400


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where a state file may be."""
    return tmp_path / "worlds.db"


@contextmanager
def opened(state: Path, api: str = "hitask", **words: Any) -> Iterator[App]:
    """The mock with its worlds in that file."""
    app = App(api, state=state, **words)
    try:
        yield app
    finally:
        app.close()


def image(app: App) -> dict[str, Any]:
    """All that is durable of each world, the orders of tables and indexes included."""
    return {
        name: (
            world.seed,
            {
                label: (
                    *(settings, state.clock, state.counters, state.stamp),
                    {key: contents(table) for key, table in state.tables.items()},
                )
                for label, (state, settings) in states(world).items()
            },
        )
        for name, world in app.worlds._worlds.items()
    }


def states(world: World) -> dict[str, tuple[Snapshot, Settings]]:
    """The state of a world, and those that it remembers."""
    return {"now": (world.snapshot(), world.settings), **world.remembered}


def contents(table: Any) -> Any:
    """The rows of a table, and the keys under each value of each index."""
    indexes = {name: index.entries for name, index in table._indexes.items()}
    return list(table._rows.items()), indexes


def create(app: App, number: int, path: str = "") -> int:
    """Have the owner create an item, and answer its id."""
    data = {"guid": f"2141ab89-48ee-47b0-878e-{number:012}", "title": f"t{number}"}
    answer = Client(app).post(f"{path}/api/item", json=data, headers=owner(app))
    assert answer.status_code == 200, answer.text
    found: int = answered(answer)["id"]
    return found


def answered(answer: TestResponse) -> Any:
    """What was answered, as data."""
    return json.loads(answer.data)


def owner(app: App) -> dict[str, str]:
    """What makes a request the owner's."""
    actors = app.worlds.describe("default", "")["actors"]
    return {"X-Hi-Session": actors["owner"]["session_id"]}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["tag", "event", "file", "remove", "take", "restore"])
        | st.sampled_from(["turn", "fork", "drop", "set", "reopen"])
        | st.sampled_from(["remember", "forget"]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=25,
)


class Play:
    """A few worlds, changed at random, and the file that they are in."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.app = App("hitask", state=state)
        self.kept = self.world.snapshot()

    @property
    def world(self) -> World:
        """The newest world."""
        return list(self.app.worlds._worlds.values())[-1]

    def step(self, kind: str, number: int, other: int) -> None:
        """Change something, or have it changed back."""
        worlds, world = self.app.worlds, self.world
        newest, label = worlds.names()[-1], f"s{number}"
        steps: dict[str, Callable[[], object]] = {
            "restore": lambda: world.restore(self.kept),
            "fork": lambda: worlds.make(None, None, Settings(max_items=other), newest),
            "drop": lambda: newest == "default" or worlds.drop(newest),
            "remember": lambda: world.remember(label),
            "forget": lambda: world.forget_state(label),
            "reopen": self.reopen,
        }
        if kind == "take":
            self.kept = world.snapshot()
        elif kind == "turn":
            world.clock = Clock(frozen=number)
        elif kind == "set":
            world.settings = Settings(max_storage=other)
        elif kind in steps:
            steps[kind]()
        else:
            self.write(kind, number, other)

    def write(self, kind: str, number: int, other: int) -> None:
        """Change the tables in one write."""
        world: Any = self.world
        write = Write(world)
        data = bytes([other]) + LONG[:: number + 1]
        if kind == "tag":
            write.put(world.tags, Tag(number, "1", f"n{other}"))
            write.put(world.tags, Tag(number + 1, "1", f"n{other}"))
        elif kind == "event":
            write.put(world.events, Event(number, other, 1, write.stamp, "a", "b"))
        elif kind == "file":
            file = File(number, f"t{other}", "a", "b/c", data[:16], data)
            write.put(world.files, file)
        else:
            write.remove(world.events, number)
            write.remove(world.files, number)
        write.next(kind)
        write.apply()
        world.keep()

    def reopen(self) -> None:
        """Leave the file, and find all in it."""
        before = image(self.app)
        self.app.close()
        self.app = App("hitask", state=self.state)
        assert image(self.app) == before


@given(STEPS)
@settings(max_examples=20)
def test_all_comes_back_as_it_was(steps: list[tuple[str, int, int]]) -> None:
    """Whatever happened to worlds, they are the same after a restart, in all orders."""
    with TemporaryDirectory() as folder:
        play = Play(Path(folder, "worlds.db"))
        for step in steps:
            play.step(*step)
        play.reopen()
        play.app.close()


def titles(app: App) -> list[str]:
    """Those of the owner's items."""
    rows = answered(Client(app).get("/api/item", headers=owner(app)))
    return [row["title"] for row in rows]


def control(app: App, call: str, **body: Any) -> Any:
    """What the controls answer."""
    method, path = call.split()
    client = Client(app)
    answer = client.open(f"/__admin{path}", method=method, json=body or None)
    assert answer.status_code in (200, 201), answer.text
    return answered(answer)


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


def test_a_control_that_cannot_be_kept_says_so(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control whose work cannot be written down says so."""
    with opened(state) as app:

        def fail(self: object, entries: object) -> None:
            raise OSError("the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(Scribe, "write", fail)
            answer = Client(app).post("/__admin/snapshots", json={"name": "one"})
            assert answer.status_code == 500
            assert "the disk is full" in answered(answer)["error"]
        assert control(app, "GET /snapshots") == [{"name": "one"}]
    with opened(state) as app:
        assert control(app, "GET /snapshots") == [{"name": "one"}]


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


def journal(app: App) -> Journal:
    """What writes the file."""
    found = app.worlds._journal
    assert found is not None
    return found


def test_nothing_is_answered_before_it_is_safe(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a write is not in the file neither it nor who has seen it is answered.

    Those in other worlds are.
    """
    with opened(state) as app, ThreadPoolExecutor() as pool:
        other = app.worlds.make("other")
        assert journal(app).submit().result(60) is None
        began, go_on = Moment(), Moment()
        write = journal(app)._scribe.write

        def slow(entries: Any) -> None:
            began.set()
            assert go_on.wait(60)
            write(entries)

        monkeypatch.setattr(journal(app)._scribe, "write", slow)
        asked, headers = Client(app), owner(app)
        writing = pool.submit(create, app, 1)
        assert began.wait(60)
        reading = pool.submit(asked.get, "/api/item", headers=headers)
        elsewhere = Client(app).get(f"/~{other}/api/user", headers=headers)
        assert elsewhere.status_code == 200
        assert not journal(app).submit().cancel(), "others wait for it too"
        assert not writing.done()
        assert not reading.done()
        go_on.set()
        assert [row["id"] for row in answered(reading.result(60))] == [
            writing.result(60)
        ]


def test_a_disk_that_is_full(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be written is 500, and is written as soon as it can be."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with opened(state) as app:
        client, headers = Client(app), owner(app)
        data = {"guid": "2141ab89-48ee-47b0-878e-000000000001", "title": "a"}
        with monkeypatch.context() as patch:
            patch.setattr(journal(app)._scribe, "write", full)
            answers = [
                client.post("/api/item", json=data, headers=headers),
                client.get("/api/item", headers=headers),
                client.post("/__admin/worlds", json={"name": "x"}),
            ]
            assert [answer.status_code for answer in answers] == [500, 500, 500]
            assert "disk is full" in answered(answers[-1])["error"]
        (item,) = answered(client.get("/api/item", headers=headers))
        assert item["title"] == "a"
        before = image(app)
    with opened(state) as app:
        assert image(app) == before


def test_a_disk_that_is_full_from_the_start(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without room for a single world the mock does not start, and leaves the file."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("tasktwin_mockserver.scribe.Scribe.write", full)
        with pytest.raises(StateError, match=r"cannot be written: .* is full\.$"):
            App("hitask", state=state)
    with opened(state) as app:
        create(app, 1)


def test_a_closed_state_takes_no_writes(state: Path) -> None:
    """What comes after the file was left is not answered as if it were safe."""
    with opened(state) as app:
        session = owner(app)
    data = {"guid": "2141ab89-48ee-47b0-878e-000000000001", "title": "late"}
    answer = Client(app).post("/api/item", json=data, headers=session)
    assert answer.status_code == 500
    app.close()


def refused(state: Path) -> str:
    """What is said against the file, which stays as it is with all beside it."""
    before = everything(state.parent)
    with pytest.raises(StateError) as error:
        App("hitask", state=state).close()
    assert everything(state.parent) == before
    return str(error.value)


def everything(folder: Path) -> dict[str, bytes]:
    """Each file of the folder, and what is in it."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("data", [b"", b"Dear diary\n" * 99, b"SQLite format 3\0"])
def test_what_is_no_database_is_left_alone(state: Path, data: bytes) -> None:
    """A file of another kind is refused with a sentence."""
    state.write_bytes(data)
    assert "is no state file of tasktwin, or damaged" in refused(state)


def test_the_database_of_somebody_else_is_left_alone(state: Path) -> None:
    """An SQLite database that is no state file is refused, its own log left to it."""
    with closing(sqlite3.connect(state, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE diary (page TEXT)")
        assert "is no state file of tasktwin" in refused(state)


def test_a_folder_holds_no_state(tmp_path: Path) -> None:
    """A folder is refused, and so is a file in a folder that is not there."""
    assert "is no file" in refused(tmp_path)
    with pytest.raises(StateError, match="cannot be opened: No such file"):
        App("hitask", state=tmp_path / "none" / "worlds.db")


def changed(state: Path, command: str, *values: bytes) -> None:
    """Have SQLite do something to the file."""
    with closing(sqlite3.connect(state, isolation_level=None)) as database:
        database.execute(command, values)


def test_what_this_kit_cannot_read_is_left_alone(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer form, a newer kit, tables or records that are not known: a sentence."""
    with opened(state) as app:
        create(app, 1)
    monkeypatch.setattr("tasktwin_mockserver.pipeline.kit_version", lambda: "0.0.9")
    assert "was written by tasktwin" in refused(state)
    monkeypatch.setattr("tasktwin_mockserver.pipeline.kit_version", lambda: "99.0")
    monkeypatch.delattr("tasktwin_mockserver.hitask.records.Item")
    assert "this is 99.0, which cannot read it" in refused(state)
    changed(state, "PRAGMA user_version = 2")
    assert "by a newer tasktwin: its form is 2" in refused(state)


def test_the_worlds_of_another_api_are_left_alone(state: Path) -> None:
    """A file of one API does not serve another."""
    with opened(state):
        pass
    about = pack(About("notes", "0.1"))
    changed(state, "UPDATE about SET facts = ?", seal(about))
    assert "holds worlds of notes, not of hitask" in refused(state)


def test_damage_is_found_or_does_no_harm(state: Path, tmp_path: Path) -> None:
    """With any byte changed a file is refused as it is, or holds what it held."""
    with opened(state) as app:
        for number in range(5):
            create(app, number)
        kept = image(app)
    drawn, whole = random.Random(6), state.read_bytes()
    refusals = 0
    for _ in range(80):
        data = bytearray(whole)
        data[drawn.randrange(len(data))] ^= drawn.randrange(1, 256)
        state.write_bytes(data)
        with suppress(StateError):
            with opened(state) as app:
                assert image(app) == kept
            continue
        assert everything(tmp_path) == {state.name: bytes(data)}
        refusals += 1
    assert refusals > 20


def test_a_part_of_a_file_is_left_alone(state: Path) -> None:
    """A file that was cut is refused, wherever it was cut."""
    with opened(state) as app:
        create(app, 1)
    whole = state.read_bytes()
    for length in range(0, len(whole), 4096 * 3 + 50):
        state.write_bytes(whole[:length])
        assert "damaged" in refused(state)


def test_what_a_kill_leaves_is_read_and_else_left_alone(
    state: Path, tmp_path: Path
) -> None:
    """The log beside a file counts; where the file is damaged or gone, it stays too."""
    left = tmp_path / "left"
    left.mkdir()
    copy = left / state.name
    with opened(state) as app:
        number = create(app, 1)
        for path in (state, state.with_name(f"{state.name}-wal")):
            shutil.copyfile(path, left / path.name)
    before = everything(left)
    with opened(copy) as app:
        world: Any = app.worlds.get("default")
        assert list(world.items) == [number]
    copy.with_name(f"{copy.name}-wal").write_bytes(before[f"{copy.name}-wal"])
    copy.unlink()
    assert "is gone, but not" in refused(copy)
    data = bytearray(before[copy.name])
    data[100:4096] = bytes(3996)
    copy.write_bytes(data)
    copy.with_name(f"{copy.name}-wal").write_bytes(b"x" * 5000)
    assert "damaged" in refused(copy)


def test_a_second_server_is_refused(state: Path, tmp_path: Path) -> None:
    """A file in use is refused, by any name of it, and what has it goes on."""
    link = tmp_path / "link.db"
    link.symlink_to(state)
    with MockServer("hitask", state=state) as server:
        for path in (state, link):
            words = ["serve", "hitask", "--port", "0", "--state", str(path)]
            done = CliRunner().invoke(main, words)
            assert (done.exit_code, done.stdout) == (2, "")
            assert done.stderr.endswith("is in use by another server.\n")
        create(server.app, 1)
    assert everything(tmp_path).keys() == {state.name, link.name}
    with opened(link) as app:
        assert len(app.worlds._worlds["default"].tables["items"]) == 1


def test_an_outsider_in_the_file_is_noticed(state: Path) -> None:
    """Whoever else has the file locked keeps the mock from it, with a sentence."""
    with opened(state):
        pass
    with closing(sqlite3.connect(state, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StateError, match="is in use by another"):
            App("hitask", state=state)


def test_fsync_needs_a_state() -> None:
    """`--fsync` alone is refused with a sentence."""
    done = CliRunner().invoke(main, ["serve", "hitask", "--port", "0", "--fsync"])
    assert (done.exit_code, done.stdout) == (2, "")
    words = "Without --state there is nothing for --fsync to save."
    assert done.stderr == f"Error: {words}\n"


def test_fsync_waits_for_the_disk(state: Path) -> None:
    """With `fsync` SQLite waits for the disk at each commit, else at times."""
    for fsync, mode in ((True, 2), (False, 1)):
        with opened(state, fsync=fsync) as app:
            database = journal(app)._file._database
            assert database.execute("PRAGMA synchronous").fetchone() == (mode,)


def test_kills_lose_nothing(tmp_path: Path) -> None:
    """A server that is killed while eight write has all that it acknowledged."""
    figures = tmp_path / "figures.json"
    script = [sys.executable, str(BENCH / "kills.py"), "--kills", "3"]
    done = subprocess.run(
        [*script, "--most", "0.5", "--seed", "1", "--json", str(figures)],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(figures.read_text("utf-8"))
    assert found["acknowledged writes"] > 10
    assert found["beside the file"] == []
