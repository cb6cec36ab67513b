"""The mock behind its own server and behind granian, by the same clients in turn.

    python bench/servers.py [--rounds 3] [--seconds 2] [--own] [--json FILE]

granian (`pip install granian`) serves it by WSGI with one thread and with four, and by
RSGI embedded in the process, with an adapter that waits outside of it. It shows the
rate of `GET /user`, and for which part of the time its clients were at work; how many
milliseconds the slowest `GET /user` takes beside one call with a scripted delay of one
second, and beside one and four bodies of which a half has come; the seconds from the
start of the process to its first answer; and its memory. Without granian there is
nothing to compare, and it says so.
"""

import argparse
import asyncio
import json
import math
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from select import select
from typing import Any
from urllib.parse import unquote

import load
from inprocess import settings
from load import Ask, Client
from serving import first_answer, free_port, slow_clients

from tasktwin_mockserver import App, MockServer
from tasktwin_mockserver.awaiting import awaited
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.message import PLAIN
from tasktwin_mockserver.rendering import rendered

PATIENCE = 2.0  # seconds after which nobody waits for an answer any more
WHILE = 0.5  # seconds in which others ask beside a half of a body
DELAY = json.dumps({"operation": "listItems", "steps": [{"delay": 1}]})
HERE = [sys.executable, __file__, "--serve"]
GRANIAN = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"]
GRANIAN += ["--working-dir", str(Path(__file__).parent), "--no-log", "servers:mock"]
SERVERS = {
    "its own": [*HERE, "own"],
    "granian, RSGI": [*HERE, "rsgi"],
    "granian, WSGI": [*GRANIAN, "--blocking-threads", "1"],
    "granian, WSGI, 4": [*GRANIAN, "--blocking-threads", "4"],
}
Figures = dict[str, float | None]  # None where there is none


def mock() -> App:
    """What all of them serve."""
    return App("hitask")


def own(port: int) -> None:
    """Serve as `tasktwin serve` does, until the process is ended."""
    with MockServer("hitask", port=port):
        sys.stdin.read()


def rsgi(port: int) -> None:
    """Serve by granian, embedded, until the process is ended."""
    from granian.server.embed import Server

    async def serve() -> None:
        await Server(adapter(mock()), port=port, log_enabled=False).serve()

    asyncio.run(serve())


def adapter(app: App) -> Callable[[Any, Any], Awaitable[None]]:
    """The mock as an application of RSGI: the body first, and every wait outside."""

    async def answer(scope: Any, protocol: Any) -> None:
        request = Request(environ(scope), await protocol())
        steps, go_on = app.steps(request), None
        try:
            while True:
                go_on = await awaited(steps.send(go_on))
        except StopIteration as end:
            headers, body = rendered(request, end.value)
            protocol.response_bytes(end.value.status, headers, body)

    return answer


def environ(scope: Any) -> dict[str, Any]:
    """The environ of WSGI for a request of RSGI."""
    found = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(scope.path, "latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": scope.scheme,
    }
    for name, value in scope.headers.items():
        variable = name.upper().replace("-", "_")
        found[variable if variable in PLAIN else f"HTTP_{variable}"] = value
    return found


@contextmanager
def running(words: list[str]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A process that serves the mock, and its port, once it answers."""
    port = free_port()
    if words[:3] != HERE:
        words = [*words, "--port"]
    with subprocess.Popen(  # noqa: S603 (one of the servers above)
        [*words, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            first_answer(process, port)
            yield process, port
        finally:
            process.terminate()


def megabytes(number: int) -> float:
    """What a process has in memory, and those that it started; none without /proc."""
    folder = Path("/proc", str(number))
    if not folder.exists():
        return math.nan
    told = (folder / "status").read_text().split()
    started = (folder / "task" / str(number) / "children").read_text().split()
    return int(told[told.index("VmRSS:") + 1]) / 1024 + sum(
        megabytes(int(child)) for child in started
    )


def asked(client: Client, ask: Ask) -> float:
    """Milliseconds that an answer takes, endless if it takes too long."""
    client.wire.settimeout(PATIENCE)
    client.ask(ask)
    try:
        while not client.answered():
            pass
    except TimeoutError:
        return math.inf
    return (time.perf_counter() - client.asked) * 1000


def beside_a_delay(port: int, user: Ask, items: Ask) -> float:
    """The slowest of the lookups while another call waits by script."""
    where = ("127.0.0.1", port)
    script = Ask(f"http://127.0.0.1:{port}/__admin/faults", "", "POST", DELAY)
    with ExitStack() as stack:
        one, other = (
            Client(stack.enter_context(socket.create_connection(where)))
            for _ in range(2)
        )
        asked(one, script)
        other.ask(items)
        times = [asked(one, user)]
        while not select([other.wire], [], [], 0)[0]:
            times.append(asked(one, user))
    return max(times)


def beside_halves(port: int, user: Ask, count: int) -> float:
    """The slowest of the lookups while so many bodies do not come to their end."""
    where = ("127.0.0.1", port)
    with (
        slow_clients(f"http://127.0.0.1:{port}", count),
        socket.create_connection(where) as wire,
    ):
        client, end = Client(wire), time.monotonic() + WHILE
        times = [asked(client, user)]
        while time.monotonic() < end and times[-1] < math.inf:
            times.append(asked(client, user))
    return max(times)


def measure(
    words: list[str], session: str, ask: load.Generator, seconds: float
) -> dict[str, float]:
    """The figures of one server, by name."""
    began = time.perf_counter()
    with running(words) as (process, port):
        start = time.perf_counter() - began
        memory = megabytes(process.pid)
        user = Ask(f"http://127.0.0.1:{port}/api/user", session)
        items = Ask(f"http://127.0.0.1:{port}/api/item", session)
        ask(user, 1)
        found = ask(user, seconds)
        return {
            "req/s": found.rate,
            "99 % ms": found.slow,
            "clients": found.busy,
            "delay": beside_a_delay(port, user, items),
            "1 half": beside_halves(port, user, 1),
            "4 halves": beside_halves(port, user, 4),
            "start, s": start,
            "MB": memory,
        }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of asking")
    parser.add_argument("--own", action="store_true", help="ask without wrk")
    parser.add_argument("--json", metavar="FILE", help="write settings and figures")
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.serve:
        how, port = told.serve
        {"own": own, "rsgi": rsgi}[how](int(port))
        return 0
    if find_spec("granian") is None:
        print("granian is not installed; there is nothing to compare with")
        return 0
    tool, ask = load.generator("own" if told.own else None)
    facts = settings(told.rounds) | {"calls a round": "any", "by": tool}
    facts |= {"clients": load.CONNECTIONS, "granian": version("granian")}
    print(*(f"{key} {value}" for key, value in facts.items()), sep=", ")
    owner = mock().worlds.describe("default", "http://localhost")["actors"]["owner"]
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in SERVERS}
    for _ in range(told.rounds):
        for name, words in SERVERS.items():
            rounds[name].append(measure(words, owner["session_id"], ask, told.seconds))
    found = {name: medians(rows) for name, rows in rounds.items()}
    print(table(found))
    if told.json:
        report = {"settings": facts, "figures": found}
        Path(told.json).write_text(json.dumps(report, indent=2), encoding="utf-8")
    return 0


def medians(rounds: list[dict[str, float]]) -> Figures:
    """Each figure as it was in the middle of the rounds."""
    found = {key: statistics.median(row[key] for row in rounds) for key in rounds[0]}
    return {
        key: round(figure, 2) if figure < math.inf else None
        for key, figure in found.items()
    }


def table(found: dict[str, Figures]) -> str:
    """A line for each server; `none` is an answer that did not come."""
    titles = (f"{title:>8}" for title in found["its own"])
    lines = [" ".join([f"{'served by':<18}", *titles])]
    for name, row in found.items():
        cells = (f"{shown(figure):>8}" for figure in row.values())
        lines.append(" ".join([f"{name:<18}", *cells]))
    return "\n".join(lines)


def shown(figure: float | None) -> str:
    """A figure as it is printed."""
    if figure is None:
        return "none"
    return f"{figure:.2f}" if figure < 10 else f"{figure:.0f}"


if __name__ == "__main__":
    sys.exit(main())
