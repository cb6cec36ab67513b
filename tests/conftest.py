"""A server that is not ours, as far as the suite can tell."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
import pytest
from hypothesis import settings
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tasktwin_contract.access import Access
from tasktwin_contract.guard import Guard
from tasktwin_contract.ledger import Ledger
from tasktwin_contract.marks import Mark
from tasktwin_contract.things import Things
from tasktwin_contract.verdicts import Result
from tasktwin_mockserver import App

from .calls import OWN, RULES
from .judgement import judged

Answer = tuple[str, dict[str, str], bytes]
Fault = Callable[[WSGIEnvironment], Answer | None]
TEAM = ("owner", "administrator", "manager", "member", "colleague", "outsider")
EVERYBODY = (*TEAM, "personal")
HIDDEN = b"<html>not here</html>"

# How long an example takes says more of the machine than of the kit.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


class Quiet(WSGIRequestHandler):
    """Says nothing of requests and of clients that hang up."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@dataclass
class LiveServer:
    """The mock on a socket with its controls shut off; `faults` may answer instead."""

    faults: list[Fault] = field(default_factory=list)
    calls: list[tuple[str, str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = App("hitask", 3)
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def world(self) -> Any:
        """The mock's one world."""
        return self.app.worlds.get("default")

    @property
    def facts(self) -> dict[str, Any]:
        """The keys and the people of the world."""
        return self.app.worlds.describe("default", self.url)

    def start(self) -> None:
        """Listen, at the same port again."""
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1", self.port, self, threaded=True, request_handler=Quiet
        )
        self.port = self._server.port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def restart(self, *, forget: bool) -> None:
        """Go away and come back, without anything that was there or with it."""
        self.stop()
        if forget:
            self.app = App("hitask", 3)
        self.start()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Any:
        """Answer a request."""
        path = environ["PATH_INFO"]
        if path.startswith("/__admin"):
            start("404 Not Found", [("Content-Length", str(len(HIDDEN)))])
            return [HIDDEN]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = _Body(body)
        self.calls.append((environ["REQUEST_METHOD"], path, body))
        for fault in self.faults:
            answer = fault(environ)
            if answer is not None:
                status, headers, content = answer
                headers = {"Content-Length": str(len(content)), **headers}
                start(status, [*headers.items()])
                return [content]
        return self.app(environ, start)

    def snapshot(self) -> list[bytes]:
        """All that anybody could see change: people, things, preferences, teams."""
        world = self.world
        tables: list[Any] = [world.users, world.items, world.groups, world.teams]
        tables += [world.events, world.pictures, world.files]
        tables += [world.invitations, world.contacts]
        # A preference that was not there can be emptied, but not be taken away.
        told = [row for row in world.preferences.values() if row.value]
        rows = [*([*table.values()] for table in tables), told]
        return [msgspec.json.encode(part) for part in rows]


class _Body:
    """A body that has been read already."""

    def __init__(self, body: bytes) -> None:
        self._rest = body

    def read(self, size: int = -1) -> bytes:
        size = len(self._rest) if size < 0 else size
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


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
def be(live: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
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
def judge(live: LiveServer) -> Callable[..., Result]:
    """What the suite says of the live server by these clauses."""

    def said(*clauses: str, access: str = "own", **more: Any) -> Result:
        return judged(live.url, *clauses, access=access, **more)

    return said


@pytest.fixture
def left(tmp_path: Path) -> Callable[[], list[Path]]:
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
