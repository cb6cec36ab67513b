"""A mock at work: what it says when it starts, and how it is told to stop."""

import errno
import re
import shlex
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any

import click

from tasktwin_mockserver.admin.front import is_here
from tasktwin_mockserver.recall import StateError
from tasktwin_mockserver.server import MockServer
from tasktwin_mockserver.world import Settings
from tasktwin_mockserver.worlds import Room
from tasktwin_schemas import openapi, operations
from tasktwin_schemas.document import credentials

# Seconds after which Windows notices a signal; elsewhere it comes at once.
WAKE_SECONDS = 1.0
CERTIFICATES = "cryptography"
TOKEN = re.compile(r"[!-~]+")
COLUMNS = {
    "name": "name",
    "id": "id",
    "login": "login",
    "password": "password",
    "session_id": "session id",
    "token": "token",
}


class CannotServeError(click.ClickException):
    """The mock cannot start: why, in one sentence."""

    exit_code = 2


def serve(
    api: str,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    seed: int = 0,
    settings: Settings | None = None,
    state: Path | None = None,
    fsync: bool = False,
    tls: bool = False,
    ready_file: Path | None = None,
    admin_token: str | None = None,
    room: Room | None = None,
) -> None:
    """Serve `api` until SIGINT or SIGTERM, and say on stdout what a client must know.

    The ready file appears once the mock listens and all is said. Raises
    `CannotServeError` where the address, the file or the state cannot be had, a library
    for HTTPS is missing, or others than this machine could use the controls without a
    token.
    """
    if fsync and state is None:
        raise CannotServeError("Without --state there is nothing for --fsync to save.")
    stopped = threading.Event()
    words: dict[str, Any] = {"seed": seed, "settings": settings, "tls": tls}
    words |= {"state": state, "fsync": fsync, "room": room, "admin_token": admin_token}
    if tls and find_spec(CERTIFICATES) is None:
        raise CannotServeError(
            f"To serve HTTPS, install the library for certificates ({CERTIFICATES}"
            " missing): pip install 'tasktwin[tls]'"
        )
    with _signals(stopped.set), _listening(api, host, port, **words) as server:
        with _ready_file(server, ready_file):
            click.echo(announcement(server.describe()))
        while not stopped.wait(WAKE_SECONDS):
            pass


def announcement(facts: Mapping[str, Any]) -> str:
    """What a client has to know, for people to read; `facts` are the server's own."""
    api, url, world = facts["api"], facts["url"], facts["world"]
    actors = world["actors"]
    lines = [
        f"tasktwin {facts['tasktwin']} serves {api} at {url} (seed {world['seed']})",
        f"admin    {facts['admin']}",
        *([f"ca file  {facts['ca_file']}"] if "ca_file" in facts else []),
        *(
            f"api key  {key} ({name})"
            for name, key in world.get("api_keys", {}).items()
        ),
        "",
        *_table([{"name": name, **actor} for name, actor in actors.items()]),
        "",
        *_example(api, facts, next(iter(actors.values()))),
        "Ctrl-C stops it.",
    ]
    return "\n".join(lines)


def _table(rows: list[dict[str, str]]) -> list[str]:
    keys = [key for key in COLUMNS if any(key in row for row in rows)]
    cells = [[COLUMNS[key] for key in keys]]
    cells += [[row.get(key, "") for key in keys] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in cells]


def _example(api: str, facts: Mapping[str, Any], actor: Mapping[str, str]) -> list[str]:
    """A call that reads something, as the first of the actors, for a shell."""
    curl = ["curl", *(["--cacert", facts["ca_file"]] if "ca_file" in facts else [])]
    document = openapi(api)
    way = credentials(api)[0]
    server = document["servers"][0]
    variables = server.get("variables", {}).items()
    prefix = server["url"].format(**{name: row["default"] for name, row in variables})
    for operation in operations(api).values():
        asks = any(parameter.required for parameter in operation.parameters.values())
        if operation.method == "GET" and operation.effect == "read" and not asks:
            words = f"{way.prefix}{actor[way.fact]}"
            address = f"{facts['url']}{prefix}{operation.path}"
            if way.place == "query":
                return [shlex.join([*curl, f"{address}?{way.name}={words}"]), ""]
            header = f"{way.name}: {words}"
            return [shlex.join([*curl, "-H", header, address]), ""]
    return []


def _hold_to_token(host: str, token: str | None) -> None:
    """Have nobody but this machine at the controls without a token."""
    if token is not None and not TOKEN.fullmatch(token):
        raise CannotServeError("The admin token is not plain text without blanks.")
    if token is None and not _is_loopback(host):
        raise CannotServeError(
            f"Others can reach {host}: give a token for the controls, --admin-token."
        )


def _is_loopback(host: str) -> bool:
    """Whether no other machine can reach `host`."""
    return all(is_here(str(row[4][0])) for row in socket.getaddrinfo(host, None))


@contextmanager
def _listening(api: str, host: str, port: int, **words: Any) -> Iterator[MockServer]:
    if not host:
        raise CannotServeError("The host is empty; 127.0.0.1 is this machine alone.")
    try:
        server = MockServer(api, host=host, port=port, **words)
    except StateError as error:
        raise CannotServeError(str(error)) from None
    except (OSError, UnicodeError) as error:
        raise CannotServeError(_refusal(error, host, port)) from None
    try:
        _hold_to_token(host, words["admin_token"])
    except CannotServeError:
        server.stop()
        raise
    with server:
        yield server


def _refusal(error: Exception, host: str, port: int) -> str:
    number = error.errno if isinstance(error, OSError) else None
    reason = getattr(error, "strerror", None) or str(error)
    if isinstance(error, socket.gaierror | UnicodeError):
        return f"The host {host!r} is not known: {reason}."
    if number == errno.EADDRINUSE:
        return (
            f"Port {port} of {host} is in use;"
            " choose another with --port, or 0 for any free one."
        )
    if number == errno.EADDRNOTAVAIL:
        return f"The host {host!r} is not an address of this machine."
    return f"The mock cannot listen at port {port} of {host}: {reason}."


@contextmanager
def _ready_file(server: MockServer, path: Path | None) -> Iterator[None]:
    if path is None:
        yield
        return
    try:
        with server.ready_file(path):
            yield
    except OSError as error:
        reason = error.strerror
    except ValueError:
        reason = "that is no file's name"
    else:
        return
    raise CannotServeError(f"The ready file {str(path)!r} cannot be written: {reason}.")


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """Have SIGINT and SIGTERM call `stop` instead of what they did before."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop()

    kept = {
        number: signal.signal(number, on_signal)
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
