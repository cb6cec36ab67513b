"""Mocks whose worlds are in a file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from werkzeug.test import Client, TestResponse

from tasktwin_mockserver import App, Settings
from tasktwin_mockserver.world import Snapshot, World

LONG = bytes(range(256)) * 400


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
