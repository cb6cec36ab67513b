"""Two hundred worlds of one server, driven by sixteen threads, share nothing."""

import http.client
import json
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import local
from typing import Any
from urllib.parse import urlsplit

import pytest

from tasktwin_contract.wire import Request
from tasktwin_mockserver.server import MockServer
from tasktwin_mockserver.worlds import DEFAULT
from tasktwin_schemas import APIS

from .shelf import SHELVES, written

WORLDS = 200
THREADS = 16
ROUNDS = 3
MADE = (200, 201)
HERE = local()
CONNECTIONS: list[http.client.HTTPConnection] = []


class Tenant:
    """One world, and what its owner knows to be in it."""

    def __init__(self, server: MockServer, number: int) -> None:
        self.server = server
        self.api = server.app.api.name
        self.name = f"tenant-{number}"
        self.number = number
        self.now = ""
        self.ids: frozenset[Any] = frozenset()
        self.actors: dict[str, dict[str, str]] = {}
        self.sent: Counter[str] = Counter()
        kind = SHELVES[self.api]
        self.shelf = kind(partial(self.ask, kind.owner))

    def begin(self) -> None:
        """Make the world; every other one has the seed of all the rest."""
        seed = {"seed": self.number} if self.number % 2 else {}
        made = self.control(
            "POST", "/worlds", {"name": self.name, **seed}, statuses=(201,)
        )
        self.actors = made["actors"]
        world = f"world={self.name}"
        self.control("PUT", f"/clock?{world}", {"frozen": True})
        step = {"seconds": self.number}
        self.now = self.control("POST", f"/clock/advance?{world}", step)["now"]

    def visit(self, number: int) -> None:
        """Add a thing, and find nothing in the list that is not of this world."""
        key = f"00000000-0000-4000-8000-{number:012}"
        self.shelf.make(key, f"{self.name}/{number}")
        listed = self.shelf.listed().values()
        assert {name.partition("/")[0] for _, name in listed} == {self.name}
        self.send(Request("GET", f"/~{self.name}/api/{self.name}"), (404,))
        if number == 0 and self.leaves:
            self.ask(self.shelf.guest, self.shelf.leaving)

    @property
    def leaves(self) -> bool:
        """Whether the guest signs out."""
        return self.number % 3 == 0 and bool(self.shelf.leaving)

    def ask(
        self,
        who: str,
        name: str,
        /,
        *,
        statuses: tuple[int, ...] = MADE,
        **parameters: Any,
    ) -> Any:
        """Call an operation as somebody."""
        facts = self.actors[who]
        request = written(self.api, self.name, facts, name, parameters)
        return self.send(request, statuses)

    def send(self, request: Request, statuses: tuple[int, ...] = MADE) -> Any:
        """Send a request to the world, and note that it was sent."""
        self.sent[
            f"{request.method} {request.path.removeprefix(f'/~{self.name}')}"
        ] += 1
        return call(self.server.url, request, statuses)

    def control(
        self, method: str, path: str, data: Any = None, statuses: tuple[int, ...] = MADE
    ) -> Any:
        """Use a control of the server."""
        kind = (("Content-Type", "application/json"),)
        body = b"" if data is None else json.dumps(data).encode()
        request = Request(method, f"/__admin{path}", (), kind, body)
        return call(self.server.url, request, statuses)

    def look(self, *statuses: int) -> None:
        """Find out whether the guest is signed in, and the world there."""
        self.ask(self.shelf.guest, self.shelf.looking, statuses=statuses)

    def knock(self) -> None:
        """Find that the owner of a world of another seed is nobody elsewhere."""
        facts = self.actors[self.shelf.owner]
        request = written(self.api, DEFAULT, facts, self.shelf.looking, {})
        call(self.server.url, request, (401,) if self.number % 2 else MADE)

    def check(self) -> None:
        """Find in the world all that was done to it, and nothing else."""
        world: Any = self.server.app.worlds.get(self.name)
        done = Counter(f"{one.method} {one.path}" for one in world.traffic)
        assert done == self.sent
        listed = self.shelf.listed().values()
        titles = {f"{self.name}/{number}" for number in range(ROUNDS)}
        assert {name for _, name in listed} == titles
        self.ids = frozenset(number for number, _ in listed)
        assert len(self.ids) == ROUNDS
        self.look(401 if self.leaves else 200)
        self.knock()
        clock = self.control("GET", f"/clock?world={self.name}")
        assert clock["now"] == self.now

    def end(self) -> None:
        """Drop the world, and find that it is gone."""
        path = f"/worlds/{self.name}"
        self.control("DELETE", path)
        self.control("GET", path, statuses=(404,))
        self.look(404)


def call(url: str, request: Request, statuses: tuple[int, ...]) -> Any:
    """Ask on this thread's own connection, and read what is answered."""
    host = urlsplit(url).netloc
    if getattr(HERE, "host", None) != host:
        HERE.host, HERE.connection = host, http.client.HTTPConnection(host, timeout=60)
        CONNECTIONS.append(HERE.connection)
    headers = dict(request.headers)
    HERE.connection.request(request.method, request.target, request.body, headers)
    answer = HERE.connection.getresponse()
    content = answer.read()
    assert answer.status in statuses, (request, answer.status, content[:200])
    is_json = answer.getheader("Content-Type", "").startswith("application/json")
    return json.loads(content) if is_json else content


@pytest.fixture(params=["in memory", "durable"])
def durable(request: pytest.FixtureRequest) -> bool:
    """Whether worlds are in a file."""
    return bool(request.param == "durable")


@pytest.fixture(params=APIS)
def server(
    request: pytest.FixtureRequest, durable: bool, tmp_path: Path
) -> Iterator[MockServer]:
    """A server of worlds of either kind, of each API."""
    state = tmp_path / "worlds.db" if durable else None
    with MockServer(request.param, state=state) as running:
        yield running
    while CONNECTIONS:
        CONNECTIONS.pop().close()


def test_worlds_do_not_see_each_other(server: MockServer) -> None:
    """Things, ids, sessions, clock and log of each of 200 worlds are its own.

    Sixteen threads go through them in an order of chance; half of them are dropped
    while the other half is looked at.
    """
    tenants = [Tenant(server, number) for number in range(WORLDS)]
    visits = [(tenant, number) for tenant in tenants for number in range(ROUNDS)]
    drawn = random.Random(200)
    drawn.shuffle(visits)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(Tenant.begin, tenants))
        list(pool.map(lambda visit: visit[0].visit(visit[1]), visits))
        list(pool.map(Tenant.check, tenants))
        drawn.shuffle(tenants)
        half = WORLDS // 2
        ends = [pool.submit(tenant.end) for tenant in tenants[:half]]
        kept = [pool.submit(tenant.shelf.listed) for tenant in tenants[half:]]
        for done in ends + kept:
            done.result()
    assert len({one.ids for one in tenants if not one.number % 2}) == 1, "one seed"
    assert len(server.app.worlds) == 1 + WORLDS - half
