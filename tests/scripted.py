"""Mocks that follow a script of faults."""

import uuid
from typing import Any

from werkzeug.test import Client, TestResponse

from tasktwin_mockserver import App
from tasktwin_mockserver.server import MockServer
from tasktwin_mockserver.world import World

SECONDS = 30
USER = b"GET /api/user HTTP/1.1\r\nHost: x\r\n\r\n"


class Mock:
    """A fresh mock, asked in process as its owner."""

    def __init__(self) -> None:
        self.app = App("hitask")
        actors = self.app.worlds.describe("default", "")["actors"]
        self.session = {"x-hi-session": actors["owner"]["session_id"]}

    @property
    def world(self) -> World:
        """Its default world."""
        world = self.app.worlds.get("default")
        assert world is not None
        return world

    def send(self, method: str, path: str, **parts: Any) -> TestResponse:
        """Send a request."""
        client = Client(self.app)
        return client.open(f"/api{path}", method=method, headers=self.session, **parts)

    def create(self) -> TestResponse:
        """Make an item."""
        data = {"guid": str(uuid.uuid4()), "title": "a"}
        return self.send("POST", "/item", data=data)

    def titles(self) -> list[str]:
        """Those of all items."""
        rows = self.send("GET", "/item").json
        assert rows is not None
        return [row["title"] for row in rows]


def script(server: MockServer, steps: list[Any]) -> World:
    """Have that happen to who asks for the user, and answer the world."""
    world = server.app.worlds.get("default")
    assert world is not None
    world.faults.script("getUser", steps)
    return world
