"""Durable worlds: what was answered is in the file."""

import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Moment
from typing import Any

import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from tasktwin_contract.cli import main
from tasktwin_mockserver import App
from tasktwin_mockserver.journal import Journal
from tasktwin_mockserver.recall import StateError
from tasktwin_mockserver.scribe import Scribe
from tasktwin_schemas import APIS

from .durable import answered, control, create, image, opened, owner

BENCH = Path(__file__).parent.parent / "bench"


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


@pytest.mark.parametrize("api", APIS)
def test_kills_lose_nothing(tmp_path: Path, api: str) -> None:
    """A server that is killed while eight write has all that it acknowledged."""
    figures = tmp_path / "figures.json"
    script = [sys.executable, str(BENCH / "kills.py"), api, "--kills", "3"]
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
