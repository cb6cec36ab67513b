"""What many of the tests begin with."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tasktwin_contract.access import Access
from tasktwin_contract.guard import Guard
from tasktwin_contract.ledger import Ledger
from tasktwin_contract.marks import Mark
from tasktwin_contract.things import Things
from tasktwin_contract.verdicts import Result
from tasktwin_mockserver import MockServer

from .calls import OWN, RULES
from .judgement import judged
from .live_server import Be, Judge, Left, LiveServer
from .scripted import Mock

# How long an example takes says more of the machine than of the kit.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    """A live server, and nothing of ours in the environment but a place for ledgers."""
    for name in list(os.environ):
        if name.startswith("TASKTWIN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    server = LiveServer()
    yield server
    server.stop()


@pytest.fixture
def be(live: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Be:
    """Configure these actors, by the environment."""

    def configure(*names: str) -> None:
        facts = live.facts
        monkeypatch.setenv("TASKTWIN_HITASK_API_KEY", facts["api_keys"]["full"])
        for name in names:
            for key in ("login", "password"):
                variable = f"TASKTWIN_HITASK_{name}_{key}".upper()
                monkeypatch.setenv(variable, facts["actors"][name][key])

    return configure


@pytest.fixture
def judge(live: LiveServer) -> Judge:
    """What the suite says of the live server by these clauses."""

    def said(*clauses: str, access: str = "own", **more: Any) -> Result:
        return judged(live.url, *clauses, access=access, **more)

    return said


@pytest.fixture
def left(tmp_path: Path) -> Left:
    """The ledgers that are there."""
    return lambda: sorted((tmp_path / "state").rglob("*.jsonl"))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where a state file may be."""
    return tmp_path / "worlds.db"


@pytest.fixture
def things(tmp_path: Path) -> Things:
    """A world with one item, of the id 7, on which is the tag of the id 90."""
    ledger = Ledger.begin(tmp_path, "hitask", "http://h", "0123abcd")
    things = Things(RULES, lambda: ledger)
    thing = things.begin("item", OWN, "owner")
    things.learn("item", {"id": 7, "guid": OWN, "alerts": [{"id": 70}]})
    assert thing.number == "7"
    tags = [
        {"id": 90, "name": "tasktwin 0123abcd home"},
        {"id": 9, "name": "tasktwin ffffffff home"},
        {"id": 10, "name": "home"},
    ]
    body = json.dumps(tags).encode()
    things.take_in_implied("tag", body, Mark("0123abcd").text, "owner")
    return things


@pytest.fixture
def guard() -> Guard:
    """What watches over a run that may write, whose people are 1 and 2."""
    guard = Guard("hitask", RULES, Access.OWN, ["owner", "member"])
    guard.ours.update({"1", "2"})
    guard.drawn.add(OWN)
    return guard


@pytest.fixture
def mock() -> Mock:
    """A fresh mock."""
    return Mock()


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, MockServer]]:
    """A running mock of each API."""
    with (
        MockServer("hitask") as one,
        MockServer("gsmtasks") as two,
        MockServer("fivepm") as three,
    ):
        yield {"hitask": one, "gsmtasks": two, "fivepm": three}


@pytest.fixture
def world(servers: dict[str, MockServer]) -> Iterator[Any]:
    """A world of HiTask."""
    stub = servers["hitask"].fresh()
    yield stub
    stub.close()


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    """One browser for all tests of a module."""
    from .browser import chromium

    with chromium() as driver:
        yield driver


@pytest.fixture
def made(driver: Any) -> Iterator[Callable[..., Any]]:
    """Makes consoles in the browser."""
    from .browser import consoles

    with consoles(driver) as make:
        yield make


@pytest.fixture
def console(made: Callable[..., Any]) -> Any:
    """The page of a mock of HiTask."""
    return made()
