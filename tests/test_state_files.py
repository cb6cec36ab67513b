"""State files that are refused, and left as they are."""

import random
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tasktwin_contract.cli import main
from tasktwin_mockserver import App
from tasktwin_mockserver.packing import pack, seal
from tasktwin_mockserver.recall import About, StateError
from tasktwin_mockserver.server import MockServer

from .durable import create, image, opened


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
    monkeypatch.setattr("tasktwin_mockserver.app.kit_version", lambda: "0.0.9")
    assert "was written by tasktwin" in refused(state)
    monkeypatch.setattr("tasktwin_mockserver.app.kit_version", lambda: "99.0")
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
