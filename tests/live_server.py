"""A server that is not ours, as far as the suite can tell."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
from click.testing import CliRunner
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tasktwin_contract.cli import main
from tasktwin_contract.verdicts import Result
from tasktwin_mockserver import App

Answer = tuple[str, dict[str, str], bytes]
Fault = Callable[[WSGIEnvironment], Answer | None]
EVERYBODY = (
    *("owner", "administrator", "manager", "member", "colleague", "outsider"),
    "personal",
)
HIDDEN = b"<html>not here</html>"
Judge = Callable[..., Result]
Be = Callable[..., None]
Left = Callable[[], list[Path]]


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


def failing(method: str, start: str, status: str) -> Callable[[Any], Any]:
    """A fault: this method below this path is answered with that status."""

    def answer(environ: Any) -> Any:
        right = environ["REQUEST_METHOD"] == method
        if right and environ["PATH_INFO"].startswith(start):
            body = b'{"error_message": "Internal error", "response_status": 100}'
            return status, {"Content-Type": "application/json"}, body
        return None

    return answer


def verify(live: Any, *arguments: str) -> tuple[int, str]:
    """Run the command: exit code and all that it says."""
    words = ["verify", "hitask", "--base-url", live.url, "--profile", "quick"]
    done = CliRunner().invoke(main, [*words, *arguments], prog_name="tasktwin")
    return done.exit_code, done.output
