"""Sixteen clients of `tasktwin serve`, as a ratio to a bare werkzeug application.

    python bench/clients.py [--rounds 5] [--seconds 2] [--own] [--others FOLDER]
                            [--json FILE]

The bare application is served by the same server. Each round measures every case in
turn, and after it the same of WireMock, Prism and json-server where they are installed:
on the path, or by npm in a FOLDER (`npm install wiremock @stoplight/prism-cli
json-server@0.17`). They are given the bodies that ours answers. Then the time from the
start of the command to its first answer, beside the time that the libraries below it
take alone, and the memory that it takes when nobody asks.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import load
import others
from inprocess import bare, settings
from load import Ask, Load
from serving import first_answer, free_port, served, slow_clients

from tasktwin_mockserver import MockServer
from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.exchange import Request

BUDGETS = {"GET /user": 0.5, "GET /item of 20": 0.45, "POST /item": 0.2}
START_SECONDS, MEGABYTES = 0.3, 80
STARTS = 5
SLOW_CLIENTS = 200


class Bare:
    """What a connection asks of an application, answered by the bare one."""

    def steps(self, request: Request) -> Iterator[Any]:
        """The answer, without any pause."""
        found: list[tuple[str, list[tuple[str, str]]]] = []
        body = b"".join(bare(request.environ, lambda *words: found.append(words)))
        status, _ = found[0]
        return Answer(body=body, status=int(status[:3]))
        yield

    def most_body(self, environ: Any) -> int:
        """As much as there is."""
        return 1 << 30

    def end(self) -> None:
        """Nobody waits."""

    def close(self) -> None:
        """Nothing is kept."""


def serve_bare() -> None:
    """Serve the bare application until the standard input ends."""
    server = MockServer("hitask")
    server.app = Bare()
    with server:
        print(server.url, flush=True)
        sys.stdin.read()


@contextmanager
def served_bare() -> Iterator[str]:
    """The address of the bare application, in a process of its own."""
    with subprocess.Popen(  # noqa: S603 (this script)
        [sys.executable, __file__, "--bare"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process.stdout.readline().strip()
        process.stdin.close()


def cases(facts: dict[str, Any], bare_url: str) -> dict[str, Ask]:
    """What is measured, by name."""
    actors, url = facts["world"]["actors"], facts["url"]
    owner, member = (actors[name]["session_id"] for name in ("owner", "member"))
    item = '{"guid": "%s", "title": "an item"}'
    make = Ask(f"{url}/api/item", owner, "POST", item)
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port)) as wire:
        client = load.Client(wire)
        for _ in range(20):
            client.ask(make)
            while not client.answered():
                pass
    return {
        "bare": Ask(f"{bare_url}/api/user", owner),
        "GET /user": Ask(f"{url}/api/user", owner),
        "GET /item of 20": Ask(f"{url}/api/item", owner),
        "POST /item": Ask(f"{url}/api/item", member, "POST", item),
    }


def measured(
    ask: load.Generator, rounds: int, seconds: float, beside: dict[str, str]
) -> dict[str, list[Load]]:
    """The figures of every case, round after round, by name."""
    with ExitStack() as stack:
        facts = stack.enter_context(served("hitask"))
        ours = cases(facts, stack.enter_context(served_bare()))
        asks = by_turns(ours, beside, stack)
        found: dict[str, list[Load]] = {}
        for number in range(rounds + 1):
            rows = {name: ask(one, seconds) for name, one in asks.items()}
            with slow_clients(facts["url"], SLOW_CLIENTS):
                rows["GET /user beside slow"] = ask(ours["GET /user"], seconds)
            if number:
                for name, row in rows.items():
                    found.setdefault(name, []).append(row)
    return found


def by_turns(
    ours: dict[str, Ask], beside: dict[str, str], stack: ExitStack
) -> dict[str, Ask]:
    """Each case, and after it what the others are asked instead, as `case, other`."""
    answers = others.bodies(ours) if beside else {}
    theirs = {
        name: stack.enter_context(others.started(name, command, answers))
        for name, command in beside.items()
    }
    asks = {}
    for case, one in ours.items():
        asks[case] = one
        for name, cases in theirs.items():
            if case in cases:
                asks[f"{case}, {name}"] = cases[case]
    return asks


def start(environment: dict[str, str]) -> tuple[float, float | None]:
    """Seconds to the first answer, and megabytes then, where the system tells."""
    port = free_port()
    words = ["serve", "hitask", "--port", str(port)]
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 (the kit itself)
        [sys.executable, "-m", "tasktwin_contract", *words],
        env=environment,
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            first_answer(process, port)
            seconds = time.perf_counter() - started
            status = Path(f"/proc/{process.pid}/status")
            told = status.read_text().split() if status.exists() else []
            memory = int(told[told.index("VmRSS:") + 1]) / 1024 if told else None
        finally:
            process.terminate()
    return seconds, memory


def libraries(environment: dict[str, str]) -> float:
    """Seconds that Python takes to load no more than the libraries below the mock."""
    started = time.perf_counter()
    words = [sys.executable, "-c", "import asyncio, click, msgspec, werkzeug"]
    subprocess.run(words, check=True, env=environment)  # noqa: S603 (as written here)
    return time.perf_counter() - started


def rows(found: dict[str, list[Load]]) -> Iterator[dict[str, Any]]:
    """Each case with its median and its ratio to the bare application.

    Of the others the ratio is ours to theirs, the median of the rounds.
    """
    for name, figures in found.items():
        case, _, other = name.partition(", ")
        pair = (found[case], figures) if other else (figures, found["bare"])
        ratio = statistics.median(a.rate / b.rate for a, b in zip(*pair, strict=True))
        ahead = 1.0 if case in others.BUDGETS.get(other, ()) else None
        budget = ahead if other else BUDGETS.get(name)
        yield {
            "case": name,
            "requests/s": round(statistics.median(one.rate for one in figures)),
            "99 %, ms": round(statistics.median(one.slow for one in figures), 1),
            "clients busy": round(statistics.median(one.busy for one in figures), 2),
            "ratio": round(ratio, 2),
            "budget": budget,
            "within": budget is None or ratio >= budget,
        }


def beginnings() -> Iterator[dict[str, Any]]:
    """How long a start takes, and how much memory."""
    starts, beside = [], []
    with tempfile.TemporaryDirectory() as folder:
        # As it is once installed: compiled, wherever this is run from.
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": folder}
        environment = {**os.environ, **compiled}
        start(environment)
        for _ in range(STARTS):
            starts.append(start(environment))
            beside.append(libraries(environment))
    memory = [figure for _, figure in starts if figure is not None]
    yield _row("seconds to load libraries", beside, None)
    yield _row("seconds to the first answer", [s for s, _ in starts], START_SECONDS)
    if memory:
        yield _row("megabytes idle", memory, MEGABYTES)


def _row(case: str, figures: list[float], most: float | None) -> dict[str, Any]:
    figure = statistics.median(figures)
    shown, within = round(figure, 2), most is None or figure <= most
    return {"case": case, "figure": shown, "budget": most, "within": within}


def table(found: list[dict[str, Any]]) -> str:
    """A line for each row."""
    titles = ("req/s", "99 % ms", "clients", "ratio", "budget")
    lines = [" ".join([f"{'case':<31}", *(f"{title:>8}" for title in titles)])]
    for row in found:
        verdict = "" if row["budget"] is None else "ok" if row["within"] else "OVER"
        figure = row.get("ratio", row.get("figure"))
        load_of = (row.get(name, "") for name in ("requests/s", "99 %, ms"))
        columns = (*load_of, row.get("clients busy", ""), figure, row["budget"] or "")
        cells = (f"{one:>8}" for one in columns)
        lines.append(" ".join([f"{row['case']:<31}", *cells, verdict]).rstrip())
    return "\n".join(lines)


def main() -> int:
    """Measure, print, and say with the exit code whether all budgets hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each case")
    parser.add_argument("--own", action="store_true", help="ask without wrk")
    parser.add_argument(
        "--others", metavar="FOLDER", type=Path, help="npm packages of other mocks"
    )
    parser.add_argument("--json", metavar="FILE", help="write settings and figures")
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.bare:
        serve_bare()
        return 0
    beside = others.installed(asked.others)
    tool, ask = load.generator("own" if asked.own else None)
    facts = settings(asked.rounds) | {
        "calls a round": "any",
        "seconds a case": asked.seconds,
        "clients": load.CONNECTIONS,
        "by": tool,
        "load average": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "beside": " and ".join(beside) or "none",
    }
    print(*(f"{key} {value}" for key, value in facts.items()), sep=", ")
    measurements = measured(ask, asked.rounds, asked.seconds, beside)
    found = [*rows(measurements), *beginnings()]
    print(table(found))
    if asked.json:
        with Path(asked.json).open("w", encoding="utf-8") as file:
            json.dump({"settings": facts, "figures": found}, file, indent=2)
    return 0 if all(row["within"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
