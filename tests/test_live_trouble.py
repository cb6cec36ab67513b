"""Servers that are not ours, on a bad day: nobody is blamed, and nothing is left."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
from click.testing import CliRunner

from tasktwin_contract import courier
from tasktwin_contract.cli import main
from tasktwin_contract.ledger import Ledger, Thing
from tasktwin_contract.verdicts import Outcome

from .live_server import Be, Judge, Left

SOME = (
    *("HT-ITEM-01", "HT-ITEM-19", "HT-FIELD-28", "HT-FIELD-38", "HT-SESSION-20"),
    *("HT-SHARE-02", "HT-LEVEL-06", "HT-COMMENT-01", "HT-ARCHIVE-01", "HT-UNREAD-02"),
    *("HT-DELTA-18", "HT-DELTA-29", "HT-GROUP-04"),
)
PEOPLE = ("owner", "administrator", "manager", "member", "colleague", "outsider")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again without much of a pause."""
    monkeypatch.setattr(courier, "PAUSE", 0.05)


@pytest.fixture(autouse=True)
def foreign(live: Any) -> bytes:
    """A stranger's item on the server, as it is before the run."""
    world = live.facts["actors"]["owner"]
    answer = requests.post(
        f"{live.url}/api/item",
        data={"guid": "9769a9f9-726c-4ec8-a920-be16193c26a6", "title": "kept"},
        headers={"x-hi-session": world["session_id"]},
        timeout=30,
    )
    assert answer.status_code == 200
    live.calls.clear()
    return items_of(live)


def items_of(live: Any) -> bytes:
    """All items on the server."""
    return msgspec.json.encode([*live.world.items.values()])


def each(number: int, answer: Any) -> Callable[[Any], Any]:
    """A fault: every so many requests this happens instead."""
    count = iter(range(1, 10**9))
    lock = threading.Lock()

    def fault(environ: Any) -> Any:
        with lock:
            due = next(count) % number == 0
        return answer if due else None

    return fault


def cleanup(live: Any, *arguments: str) -> tuple[int, list[str]]:
    """Clean the server up: exit code, and what is said."""
    words = ["cleanup", "hitask", "--base-url", live.url, *arguments]
    done = CliRunner().invoke(main, words, prog_name="tasktwin")
    return done.exit_code, done.output.splitlines()


def test_a_slow_server(live: Any, be: Be, judge: Judge, foreign: bytes) -> None:
    """A server that takes its time is judged all the same."""
    be(*PEOPLE)
    live.faults.append(lambda environ: threading.Event().wait(0.02) or None)
    result = judge("HT-ITEM-01", "HT-ITEM-19")
    assert result.exit_code() == 0
    assert result.verdicts()["HT-ITEM-19"].outcome is Outcome.PASS
    assert items_of(live) == foreign


def test_a_server_that_limits(
    live: Any, be: Be, judge: Judge, foreign: bytes, left: Left
) -> None:
    """What a server refuses for its limits is sent again when it says."""
    be(*PEOPLE)
    limit = ("429 Too Many Requests", {"Retry-After": "0"}, b"slow down")
    live.faults.append(each(4, limit))
    result = judge(*SOME)
    assert result.exit_code() == 0, result.findings
    assert {result.verdicts()[name].outcome for name in SOME} == {Outcome.PASS}
    assert (items_of(live), left()) == (foreign, [])


def test_a_server_that_stumbles(
    live: Any, be: Be, judge: Judge, foreign: bytes, left: Left
) -> None:
    """A server, or what stands before it, that fails now and then is not blamed."""
    be(*PEOPLE)
    live.faults.append(each(7, ("503 Unavailable", {}, b"<html>")))
    live.faults.append(each(9, ("502 Bad Gateway", {}, b"<html>")))
    result = judge(*SOME)
    assert not result.broken("should"), result.findings
    assert result.exit_code() in (0, 2)
    assert (items_of(live), left()) == (foreign, [])


def test_a_limit_that_stays(live: Any, be: Be, judge: Judge, foreign: bytes) -> None:
    """What stays so after three tries could not be judged, and nobody is blamed."""
    be(*PEOPLE)

    def limit(environ: Any) -> Any:
        if environ["REQUEST_METHOD"] != "PUT":
            return None
        body = b'{"error_message": "x", "response_status": 67}'
        return "400 Bad Request", {"Content-Type": "application/json"}, body

    live.faults.append(limit)
    result = judge("HT-ITEM-11", "HT-ITEM-19")
    assert result.exit_code() == 2
    assert result.verdicts()["HT-ITEM-11"].outcome is Outcome.ERROR
    assert result.verdicts()["HT-ITEM-19"].outcome is Outcome.PASS
    puts = [path for method, path, _ in live.calls if method == "PUT"]
    assert len(puts) == 3
    assert items_of(live) == foreign


def test_500_is_the_servers(live: Any, be: Be, judge: Judge) -> None:
    """500 and 501 are failures, and are not tried again."""
    be("owner")
    live.faults.append(
        lambda environ: (
            ("501 Not Implemented", {}, b"{}")
            if environ["REQUEST_METHOD"] == "PUT"
            else None
        )
    )
    result = judge("HT-ITEM-11")
    assert result.exit_code() == 1
    assert len([path for method, path, _ in live.calls if method == "PUT"]) == 1


@pytest.mark.parametrize("forget", [False, True])
def test_a_server_that_restarts(
    forget: bool, live: Any, be: Be, judge: Judge, foreign: bytes, left: Left
) -> None:
    """A server that goes and comes back, even without its state, is not blamed."""
    be(*PEOPLE)
    due = threading.Event()
    number = 30

    def count(environ: Any) -> None:
        if len(live.calls) == number:
            due.set()

    def restart() -> None:
        due.wait(60)
        live.restart(forget=forget)

    live.faults.append(count)
    restarter = threading.Thread(target=restart)
    restarter.start()
    result = judge(*SOME)
    due.set()
    restarter.join()
    assert len(live.calls) > number
    assert not result.broken("should"), result.findings
    assert Outcome.PASS in {result.verdicts()[name].outcome for name in SOME}
    assert items_of(live) == (b"[]" if forget else foreign)
    assert left() == []


def test_a_server_that_is_gone(live: Any, be: Be, judge: Judge) -> None:
    """A server that goes for good could not be judged."""
    be("owner")
    gone = threading.Thread(target=live.stop)

    def leave(environ: Any) -> None:
        if len(live.calls) == 12:
            gone.start()

    live.faults.append(leave)
    result = judge("HT-ITEM-16")
    gone.join()
    live.start()
    assert result.exit_code() == 2
    assert not result.broken("should")
    assert any("tasktwin cleanup" in problem for problem in result.problems)


@pytest.fixture
def killed(live: Any, be: Be) -> Callable[..., None]:
    """Run the command, and kill it in the middle of a request of this kind."""

    def kill(clause: str, access: str, is_it: Callable[[Any], bool]) -> None:
        reached, over, done = (threading.Event() for _ in "abc")

        def hold(environ: Any) -> None:
            if not reached.is_set() and is_it(live.calls):
                reached.set()
                over.wait(60)
                # What is under way is carried out, though nobody waits for it.
                live.app(environ, lambda status, headers: done.set())

        live.faults.append(hold)
        words = ["-m", "tasktwin_contract", "verify", "hitask", "--base-url", live.url]
        words += ["--access", access, "--clause", clause, "--profile", "quick"]
        process = subprocess.Popen(
            [sys.executable, *words],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert reached.wait(60)
            code, said = cleanup(live)
            assert (code, len(said)) == (2, 1)
            assert "a run is going on" in said[0]
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            over.set()
        assert done.wait(60)
        live.faults.clear()

    be(*PEOPLE)
    return kill


def is_fourth_item(calls: list[tuple[str, str, bytes]]) -> bool:
    """Whether an item is made, and it is the fourth."""
    made = [path for method, path, _ in calls if method == "POST"]
    return len(made) == 4 and calls[-1][0] == "POST"


def test_a_run_that_is_killed(
    live: Any, killed: Callable[..., None], foreign: bytes, left: Left
) -> None:
    """What a killed run leaves is removed by the ledger, and nothing else is."""
    killed("HT-ITEM-22", "own", is_fourth_item)
    assert len([*live.world.items.values()]) == 5
    (ledger,) = left()
    assert "password" not in ledger.read_text()
    code, said = cleanup(live)
    assert (code, items_of(live), left()) == (0, foreign, [])
    assert said
    assert all(line.startswith("removed item ") for line in said)
    assert cleanup(live) == (0, ["nothing was left"])
    assert items_of(live) == foreign


def test_a_run_that_is_killed_and_its_ledger_lost(
    live: Any, killed: Callable[..., None], foreign: bytes, left: Left
) -> None:
    """Without its ledger a killed run is known by the mark of what it made."""
    killed("HT-ITEM-22", "own", is_fourth_item)
    left()[0].unlink()
    code, _ = cleanup(live)
    assert (code, items_of(live)) == (0, foreign)


def test_what_bears_no_mark_is_known_by_the_ledger(
    live: Any, be: Be, foreign: bytes, tmp_path: Path, left: Left
) -> None:
    """A thing whose title the mark does not fit is found by what the ledger says."""
    be(*PEOPLE)
    guid = "abcdefab-cdef-4abc-8def-abcdefabcdef"
    answer = requests.post(
        f"{live.url}/api/item",
        data={"guid": guid, "title": "a" * 255},
        headers={"x-hi-session": live.facts["actors"]["member"]["session_id"]},
        timeout=30,
    )
    assert answer.status_code == 200
    assert cleanup(live) == (0, ["nothing was left"])
    folder = tmp_path / "state" / "tasktwin"
    ledger = Ledger.begin(folder, "hitask", live.url, "0123abcd")
    ledger.note(Thing("item", "member", guid))
    ledger.close()
    code, said = cleanup(live)
    assert (code, len(said), items_of(live), left()) == (0, 1, foreign, [])


def test_an_account_that_was_changed_when_killed(
    live: Any, killed: Callable[..., None], left: Left
) -> None:
    """An account is put back after a crash, a changed login included."""
    before = live.snapshot()
    killed("HT-USER-18", "full", lambda calls: b"mickjohnson" in calls[-1][2])
    assert live.snapshot() != before
    (ledger,) = left()
    assert '"owner@example.com"' in ledger.read_text()
    assert '"loginId": {"credential": "login"}' in ledger.read_text()
    assert cleanup(live) == (0, ["put back the account of owner (updateUser)"])
    assert (live.snapshot(), left()) == (before, [])


def test_others_things_are_not_removed(live: Any, be: Be, foreign: bytes) -> None:
    """What looks like a run's but is another's, or is nobody's of the run, stays."""
    session = live.facts["actors"]["member"]["session_id"]
    owner = live.facts["actors"]["owner"]["id"]
    requests.post(
        f"{live.url}/api/item",
        json={
            "guid": "00000000-0000-4000-8000-000000000000",
            "title": "tasktwin 0123abcd shared",
            "permissions": [{"principal": owner, "level": 100}],
        },
        headers={"x-hi-session": session},
        timeout=30,
    )
    before = items_of(live)
    be("owner")
    assert cleanup(live) == (0, ["nothing was left"])
    assert items_of(live) == before


def test_cleaning_up_needs_to_know_what(live: Any, be: Be) -> None:
    """Without an address, people or a server that answers, cleaning up is exit 2."""
    done = CliRunner().invoke(main, ["cleanup", "hitask"], prog_name="tasktwin")
    assert done.exit_code == 2
    assert "--base-url" in done.output
    assert cleanup(live)[0] == 2
    be("owner")
    live.stop()
    code, said = cleanup(live)
    live.start()
    assert code == 2
    assert "cannot reach" in said[0]
