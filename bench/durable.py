"""What `--state` and `--fsync` cost, over HTTP, beside a server without them.

    python bench/durable.py [--seconds 3] [--rounds 3] [--json FILE]

Each round measures every server in turn, so that all of them meet the same machine.
"""

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import Any

from kills import Caller, Server

SERVERS: dict[str, list[str]] = {
    "in memory": [],
    "--state": ["--state"],
    "--state --fsync": ["--fsync", "--state"],
}
CLIENTS = (1, 8)


def rates(url: str, session: str, clients: int, seconds: float) -> dict[str, float]:
    """Requests a second: items that so many create, and lookups of who they are."""
    found = {}
    for name in ("POST /item", "GET /user"):
        counts = [0] * clients
        end = time.monotonic() + seconds

        def work(
            number: int,
            name: str = name,
            counts: list[int] = counts,
            end: float = end,
        ) -> None:
            call = Caller(url)
            while time.monotonic() < end:
                if name == "GET /user":
                    call.json("GET", "/api/user", session)
                else:
                    data = {"guid": str(uuid.uuid4()), "title": "an item"}
                    call.json("POST", "/api/item", session, data)
                counts[number] += 1

        threads = [threading.Thread(target=work, args=[n]) for n in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found[name] = sum(counts) / seconds
    return found


def measure(rounds: int, seconds: float) -> dict[str, dict[str, list[float]]]:
    """The rates of each server, a figure a round."""
    figures: dict[str, dict[str, list[float]]] = {name: {} for name in SERVERS}
    for _ in range(rounds):
        for name, words in SERVERS.items():
            with tempfile.TemporaryDirectory() as folder:
                options = [*words, str(Path(folder, "worlds.db"))] if words else []
                began = time.monotonic()
                server = Server(options)
                facts = server.facts()
                kept = figures[name]
                kept.setdefault("start, s", []).append(time.monotonic() - began)
                session = facts["world"]["actors"]["outsider"]["session_id"]
                for clients in CLIENTS:
                    done = rates(facts["url"], session, clients, seconds)
                    for what, rate in done.items():
                        kept.setdefault(f"{what}, {clients} at once", []).append(rate)
                server.kill()
    return figures


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", metavar="FILE", help="write the figures")
    asked = parser.parse_args()
    figures = measure(asked.rounds, asked.seconds)
    report: dict[str, Any] = {
        server: {what: round(statistics.median(all_), 2) for what, all_ in kept.items()}
        for server, kept in figures.items()
    }
    reference = report["in memory"]
    print(f"{'median of rounds':<24}", *(f"{name:>16}" for name in report))
    for what, figure in reference.items():
        ratios = (
            f"{kept[what]:>9} {kept[what] / figure:>5.2f}×" for kept in report.values()
        )
        print(f"{what:<24}", *ratios)
    if asked.json:
        Path(asked.json).write_text(json.dumps(report, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
