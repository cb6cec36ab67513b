"""Two hundred worlds of one server, driven by sixteen threads, share nothing."""

import http.client
import json
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any
from urllib.parse import urlsplit

import pytest

from tasktwin_mockserver.server import MockServer

WORLDS = 200
THREADS = 16
ROUNDS = 3
HERE = local()
CONNECTIONS: list[http.client.HTTPConnection] = []


class Tenant:
    """One world, and what its user knows to be in it."""

    def __init__(self, number: int) -> None:
        self.name = f"tenant-{number}"
        self.number = number
        self.now = ""
        self.sessions: dict[str, str] = {}
        self.sent: Counter[str] = Counter()

    def begin(self, url: str) -> None:
        """Make the world; every other one has the seed of all the rest."""
        seed = {"seed": self.number} if self.number % 2 else {}
        data = {"name": self.name, **seed}
        made = call(url, "POST", "/__admin/worlds", data, status=201)
        self.sessions = {
            name: actor["session_id"] for name, actor in made["actors"].items()
        }
        world = f"world={self.name}"
        call(url, "PUT", f"/__admin/clock?{world}", {"frozen": True})
        step = {"seconds": self.number}
        self.now = call(url, "POST", f"/__admin/clock/advance?{world}", step)["now"]

    def visit(self, url: str, number: int) -> None:
        """Add an item, and find nothing in the list that is not of this world."""
        guid = f"00000000-0000-4000-8000-{number:012}"
        item = {"guid": guid, "title": f"{self.name}/{number}"}
        self.ask(url, "POST", "/api/item", item)
        listed = self.ask(url, "GET", "/api/item")
        assert {row["title"].partition("/")[0] for row in listed} == {self.name}
        self.ask(url, "GET", f"/api/{self.name}", status=404)
        if number == 0 and self.leaves:
            self.ask(url, "GET", "/api/user/logout", who="member")

    @property
    def leaves(self) -> bool:
        """Whether the member signs out."""
        return self.number % 3 == 0

    def ask(
        self,
        url: str,
        method: str,
        path: str,
        data: Any = None,
        *,
        who: str = "owner",
        status: int = 200,
    ) -> Any:
        """Ask the world as somebody, and note that it was asked."""
        self.sent[f"{method} {path}"] += 1
        session, path = self.sessions[who], f"/~{self.name}{path}"
        return call(url, method, path, data, session=session, status=status)

    def check(self, server: MockServer) -> None:
        """Find in the world all that was done to it, and nothing else."""
        world: Any = server.app.worlds.get(self.name)
        done = Counter(f"{one.method} {one.path}" for one in world.traffic)
        assert done == self.sent
        titles = {f"{self.name}/{number}" for number in range(ROUNDS)}
        listed = self.ask(server.url, "GET", "/api/item")
        assert {row["title"] for row in listed} == titles
        assert {row["id"] - 3_000_000 for row in listed} == {1, 2, 3}
        status = 401 if self.leaves else 200
        self.ask(server.url, "GET", "/api/user", who="member", status=status)
        clock = f"/__admin/clock?world={self.name}"
        assert call(server.url, "GET", clock)["now"] == self.now

    def end(self, server: MockServer) -> None:
        """Drop the world, and find that it is gone."""
        path = f"/__admin/worlds/{self.name}"
        call(server.url, "DELETE", path)
        call(server.url, "GET", path, status=404)
        self.ask(server.url, "GET", "/api/user", status=404)


def call(
    url: str,
    method: str,
    path: str,
    data: Any = None,
    *,
    session: str = "",
    status: int = 200,
) -> Any:
    """Ask on this thread's own connection, and read what is answered."""
    host = urlsplit(url).netloc
    if getattr(HERE, "host", None) != host:
        HERE.host, HERE.connection = host, http.client.HTTPConnection(host, timeout=60)
        CONNECTIONS.append(HERE.connection)
    headers = {"X-Hi-Session": session, "Content-Type": "application/json"}
    body = None if data is None else json.dumps(data)
    HERE.connection.request(method, path, body, headers)
    answer = HERE.connection.getresponse()
    content = answer.read()
    assert answer.status == status, (method, path, answer.status, content[:200])
    return json.loads(content)


@pytest.fixture(params=["in memory", "durable"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MockServer]:
    """A server of worlds of either kind."""
    state = tmp_path / "worlds.db" if request.param == "durable" else None
    with MockServer("hitask", state=state) as running:
        yield running
    while CONNECTIONS:
        CONNECTIONS.pop().close()


def test_worlds_do_not_see_each_other(server: MockServer) -> None:
    """Items, ids, sessions, clock and log of each of 200 worlds are its own.

    Sixteen threads go through them in an order of chance; half of them are dropped
    while the other half is looked at.
    """
    tenants = [Tenant(number) for number in range(WORLDS)]
    visits = [(tenant, number) for tenant in tenants for number in range(ROUNDS)]
    drawn = random.Random(200)
    drawn.shuffle(visits)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda tenant: tenant.begin(server.url), tenants))
        list(pool.map(lambda visit: visit[0].visit(server.url, visit[1]), visits))
        list(pool.map(lambda tenant: tenant.check(server), tenants))
        drawn.shuffle(tenants)
        half = WORLDS // 2
        ends = [pool.submit(tenant.end, server) for tenant in tenants[:half]]
        kept = [
            pool.submit(tenant.ask, server.url, "GET", "/api/item")
            for tenant in tenants[half:]
        ]
        for done in ends + kept:
            done.result()
    assert len(server.app.worlds) == 1 + WORLDS - half
