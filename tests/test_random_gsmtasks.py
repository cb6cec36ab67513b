"""Random requests to the GSMtasks mock: no 5xx, nothing undocumented, nothing lost."""

import json
import os
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from tasktwin_mockserver import App

from .gsmtasks_oddities import BASE, HOST, ODD, OPERATIONS
from .gsmtasks_player import Player

SEED = int(os.environ.get("TASKTWIN_TEST_SEED", "20261121"))
REQUESTS = 10_000


class Inspector(Player):
    """A player who sees whether all that is told agrees."""

    def check(self) -> None:
        """See that what is listed agrees with itself, for each of the five."""
        seen = {who: self.lists(who) for who in self.tokens}
        everything = set().union(*(all_urls(lists) for lists in seen.values()))
        for who, lists in seen.items():
            orders = {row["url"]: row["tasks"] for row in lists["orders"]}
            for task in lists["tasks"]:
                self.check_task(who, task, orders)
            for url in set(references(lists)):
                status, _, _ = self.send(who, "GET", url)
                assert status == 200, (who, url)
            hidden = everything - all_urls(lists)
            for url in self.drawn.sample(sorted(hidden), min(len(hidden), 50)):
                assert self.send(who, "GET", url)[0] == 404, (who, url)
        mine = set().union(*(all_urls(seen[who]) for who in ("worker", "manager")))
        assert mine.isdisjoint(all_urls(seen["stranger"]))

    def check_task(
        self, who: str, task: dict[str, Any], orders: dict[str, list[str]]
    ) -> None:
        """See that a task agrees with what hangs on it."""
        assert self.send(who, "GET", task["url"])[1] == task
        for name in ("events", "documents", "signatures"):
            _, rows, _ = self.send(who, "GET", task[name])
            assert task["counts"][name] == len(rows)
        _, events, _ = self.send(who, "GET", task["events"])
        chain = [(event["from_state"], event["to_state"]) for event in events[::-1]]
        assert all(a[1] == b[0] for a, b in pairwise(chain))
        assert chain[-1][1] == task["state"]
        assert (task["completed_at"] is not None) == (task["state"] == "completed")
        assert (task["cancelled_at"] is not None) == (task["state"] == "cancelled")
        for order, tasks in orders.items():
            assert (task["order"] == order) == (task["url"] in tasks)

    def check_actions(self, number: int) -> None:
        """See that the actions of some tasks are those that succeed."""
        for who in self.tokens:
            _, tasks, _ = self.send(who, "GET", f"{BASE}/tasks/")
            tasks = [task for task in tasks if self.has_workers(who, task)]
            for task in self.drawn.sample(tasks, min(len(tasks), number)):
                allowed = set(self.possible(who, task))
                assert allowed == set(task["actions"]), (who, task["state"])

    def has_workers(self, who: str, task: dict[str, Any]) -> bool:
        """Whether there is somebody to whom a task can be assigned."""
        return bool(self.send(who, "GET", f"{task['account']}workers/")[1])

    def possible(self, who: str, task: dict[str, Any]) -> Iterator[str]:
        """The actions that succeed, each tried in a world of its own."""
        _, workers, _ = self.send(who, "GET", f"{task['account']}workers/")
        where = task["url"].removeprefix(HOST)
        for operation in OPERATIONS.values():
            if operation.path.startswith("/tasks/{id}/") and operation.method == "POST":
                action = operation.path.split("/")[-2]
                name = self.app.worlds.make(origin="default")
                body = json.dumps({"assignee": {"email": workers[0]["email"]}})
                path = f"/~{name}{where}{action}/"
                status, _, _ = self.send(who, "POST", path, body.encode())
                self.app.worlds.drop(name)
                if status == 200:
                    yield action


def all_urls(lists: dict[str, list[dict[str, Any]]]) -> set[str]:
    """The addresses of all records in some lists."""
    return {record["url"] for rows in lists.values() for record in rows}


def references(node: Any, name: str = "") -> Iterator[str]:
    """The addresses in an answer, but for those of transitions."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from references(value, key) if key != "actions" else ()
    elif isinstance(node, list):
        for value in node:
            yield from references(value, name)
    elif isinstance(node, str) and node.startswith(f"{HOST}/") and node not in ODD:
        yield node


def test_random_requests() -> None:
    """10,000 random requests make no 5xx and nothing that is not documented."""
    player = Inspector(App("gsmtasks", 3), SEED)
    for number in range(REQUESTS):
        does = (player.call, player.anything, player.upload)
        player.drawn.choices(does, (70, 25, 5))[0]()
        if number % 2500 == 2499:
            player.check_actions(2)
    player.check()
    assert not [exchange for exchange in player.world.traffic if exchange.error]


@pytest.mark.parametrize("who", [None, "worker", "stranger"])
def test_a_refused_request_changes_nothing(who: str | None) -> None:
    """What is refused leaves no trace: the world is as it was."""
    player = Player(App("gsmtasks", 4), SEED + 1)
    for _ in range(400):
        player.call()
    world = player.world
    for operation in OPERATIONS.values():
        for number in range(8):
            before = world.snapshot()
            player.drawn.seed(f"{operation.id}{number}")
            asks = who or "manager"
            noun = operation.path.split("/")[1]
            url = player.one_of(asks, noun).split("/")[-2]
            fields = {
                name: player.value(asks, name, parameter.schema)
                for name, parameter in operation.parameters.items()
            }
            body = json.dumps(fields).encode()
            path = operation.path.replace("{id}", url).replace("{name}", "a.png")
            where = f"{operation.base}{path}"
            status, _, _ = player.send(who, operation.method, where, body)
            if status >= 400:
                after = world.snapshot()
                assert (before.counters, before.stamp) == (after.counters, after.stamp)
                for name, table in after.tables.items():
                    assert not table.differing(before.tables[name]), operation.id
