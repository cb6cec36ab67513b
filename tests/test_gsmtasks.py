"""What the suite cannot see of the GSMtasks mock: its facts, its worlds, its clock."""

import json
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from tasktwin_mockserver import App
from tasktwin_mockserver.gsmtasks.links import id_of
from tasktwin_mockserver.gsmtasks.places import located
from tasktwin_mockserver.gsmtasks.records import Task
from tasktwin_mockserver.gsmtasks.routing import route
from tasktwin_mockserver.gsmtasks.states import ALLOWED, FINISHED, TARGETS
from tasktwin_schemas import operations, schema

BASE = "/api/tasks"
NUMBER = "57fd540a-6bbb-4074-9f1f-44a226f3fc6a"
FIELDS = schema("gsmtasks", "task")["properties"]
HERE = "http://localhost/~w1"


class Person:
    """One of the cast, in a world."""

    def __init__(self, app: App, name: str = "manager", world: str = "default") -> None:
        actor = app.worlds.describe(world, "")["actors"][name]
        self.prefix = "" if world == "default" else f"/~{world}"
        self.headers = {"Authorization": f"Token {actor['token']}"}
        self.client = Client(app)
        (self.account,) = (
            row["url"]
            for row in self.get("/accounts/")
            if actor["account"] in row["url"]
        )

    def send(self, method: str, path: str, body: Any = None) -> TestResponse:
        """Send a request, its path below the base or an address."""
        if path.startswith("/"):
            path = f"{self.prefix}{BASE}{path}"
        path = path.removeprefix("http://localhost")
        return self.client.open(path, method=method, headers=self.headers, json=body)

    def get(self, path: str) -> Any:
        """What stands there."""
        return json.loads(self.send("GET", path).data)

    def make(self, noun: str, **fields: Any) -> Any:
        """A new record of that resource."""
        answer = self.send("POST", f"/{noun}/", {"account": self.account, **fields})
        assert answer.status_code == 201, answer.data
        return json.loads(answer.data)


def test_the_table_of_states_is_that_of_the_contract() -> None:
    """States and transitions are those that the contract names."""
    states = set(FIELDS["state"]["enum"])
    assert set(ALLOWED) == states
    assert set(TARGETS.values()) <= states
    assert set(TARGETS) == set(FIELDS["actions"]["properties"])
    paths = {f"/tasks/{{id}}/{action}/" for action in TARGETS}
    served = {op.path for op in operations("gsmtasks").values() if op.method == "POST"}
    assert paths <= served
    assert {state for state in ALLOWED if not ALLOWED[state]} == set(FINISHED)


@pytest.mark.parametrize("text", ["http://gateway.example", "https://localhost:1", ""])
def test_a_reference_is_taken_by_its_path(text: str) -> None:
    """Through a gateway the host is another one; the world's prefix is not."""
    address = f"{text}/~w1{BASE}/tasks/{NUMBER}/"
    assert id_of(HERE, Task, address) == NUMBER
    assert id_of(HERE, Task, address.replace(NUMBER, NUMBER.upper())) == NUMBER
    assert id_of("http://localhost", Task, address) is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "x",
            NUMBER,
            "http://[",
            f"{HERE}{BASE}/tasks/",
            f"{HERE}{BASE}/tasks/x/",
        ),
        f"{HERE}{BASE}/orders/{NUMBER}/",
        f"{HERE}{BASE}/tasks/{NUMBER}",
        f"{HERE}{BASE}/tasks/{NUMBER}/?a",
        f"{HERE}{BASE}/tasks/{NUMBER}/#a",
        f"ftp://localhost/~w1{BASE}/tasks/{NUMBER}/",
        f"{HERE}{BASE}/tasks/{NUMBER}/events/",
        f"{HERE}/v1{BASE}/tasks/{NUMBER}/",
    ],
)
def test_what_is_no_reference_to_a_task(text: str) -> None:
    """Anything but the address of one task is none."""
    assert id_of(HERE, Task, text) is None


def test_worlds_are_apart() -> None:
    """A world's addresses have its prefix, and its tokens open no other world."""
    app = App("gsmtasks")
    name = app.worlds.make(seed=7)
    here, there = Person(app), Person(app, world=name)
    assert there.account.startswith(f"http://localhost/~{name}{BASE}/accounts/")
    assert here.headers != there.headers
    there.headers = here.headers
    assert there.send("GET", "/tasks/").status_code == 401


def test_a_seed_repeats_ids_and_tokens() -> None:
    """Two worlds of one seed are alike, two of different seeds are not."""
    first, second, third = (
        App("gsmtasks", seed).worlds.describe("default", "") for seed in (5, 5, 6)
    )
    assert first == second
    tokens = [world["actors"]["worker"]["token"] for world in (first, third)]
    assert len(set(tokens)) == 2
    assert all(len(token) == 40 for token in tokens)


def test_a_fork_has_its_own_tasks() -> None:
    """What is made in a fork is not in the world that it is a fork of."""
    app = App("gsmtasks")
    manager = Person(app)
    manager.make("tasks", address={})
    fork = Person(app, world=app.worlds.make(origin="default"))
    fork.make("tasks", address={})
    assert (len(manager.get("/tasks/")), len(fork.get("/tasks/"))) == (1, 2)


@pytest.mark.parametrize("looks", [0, 1, 5])
def test_an_optimisation_does_not_need_to_be_looked_at(looks: int) -> None:
    """Positions are the same whoever looks at it on the way, and however often."""
    app = App("gsmtasks")
    world = app.worlds.get("default")
    assert world is not None
    world.clock = world.clock.set(1_800_000_000_000_000, frozen=True)
    manager = Person(app)
    workers = manager.get(f"{manager.account}workers/")
    tasks = [
        manager.make("tasks", address={"raw_address": name})["url"] for name in "abc"
    ]
    made = manager.make("route_optimizations", assignee=workers[0]["url"], tasks=tasks)
    for _ in range(looks):
        world.clock = world.clock.advance(2_000_000 // looks)
        manager.get(made["url"])
    world.clock = world.clock.advance(10_000_000)
    manager.send("PATCH", tasks[0], {"address": {"raw_address": "elsewhere"}})
    found = [manager.get(task)["position"] for task in tasks]
    assert min(found) == "2027-01-15T08:00:02.000000Z"
    assert len(set(found)) == 3
    assert manager.get(made["url"])["updated_at"] == "2027-01-15T08:00:02.000000Z"


def stop(number: int, east: float, category: str = "assignment") -> Task:
    """A task that is so far east on the equator, all of them of one order."""
    where = {"location": {"type": "Point", "coordinates": [east, 0]}}
    times: dict[str, Any] = {
        "created_at": 0,
        "updated_at": 0,
        "complete_after": 0,
        "position": 0,
    }
    return Task(
        **times,
        id=str(number),
        account="",
        contact={},
        address=where,
        category=category,
        order="1",
    )


@pytest.mark.parametrize(
    ("stops", "tour"),
    [
        ([], []),
        ([stop(1, 0), stop(2, 9), stop(3, 4)], [1, 3, 2]),
        ([stop(1, 0), stop(2, 3), stop(3, -3)], [1, 2, 3]),
        ([stop(1, 179), stop(2, 170), stop(3, -179)], [1, 3, 2]),
        ([stop(1, 0, "drop_off"), stop(2, 9, "pick_up"), stop(3, 1)], [2, 3, 1]),
        ([stop(1, 0, "drop_off"), stop(2, 1, "drop_off")], [1, 2]),
    ],
)
def test_routes(stops: list[Task], tour: list[int]) -> None:
    """From the first that may come first to the nearest that may come next."""
    assert [int(task.id) for task in route(stops)] == tour


def test_locations_are_on_the_earth() -> None:
    """Whatever an address says, its point has a longitude and a latitude."""
    points = [
        located(f"{number} Example Street")["coordinates"] for number in range(500)
    ]
    assert all(abs(east) <= 180 and abs(north) <= 90 for east, north in points)
    assert len({tuple(point) for point in points}) == 500


def test_a_sentence_is_short() -> None:
    """A refusal does not repeat all of what was sent."""
    manager = Person(App("gsmtasks"))
    answer = manager.send("POST", "/tasks/", {"category": "x" * 10_000})
    assert answer.status_code == 400
    assert len(answer.data) < 1000
