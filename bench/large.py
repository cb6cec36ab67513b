"""A world of ten thousand items in process: lists, deltas, snapshots, memory.

    python bench/large.py [--items 10000] [--rounds 15] [--json FILE]

Half of the items stand below a shared project, so levels are inherited. Times are in
milliseconds, beside a reference taken in the same rounds: 10,000 texts of 1 kB joined.
"""

import argparse
import json
import statistics
import sys
import time
import tracemalloc
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inprocess import environ, settings

from tasktwin_mockserver import App
from tasktwin_mockserver.exchange import Request

BUDGETS = {  # milliseconds, kilobytes
    "GET /item": 10,
    "delta, one change": 5,
    "snapshot": 2,
    "fork": 2,
    "restore": 2,
    "memory an item, kB": 4,
}


class Large:
    """An application whose default world holds many items, and its owner's session."""

    def __init__(self, items: int) -> None:
        self.app = App("hitask")
        actors = self.app.worlds.describe("default", "http://localhost")["actors"]
        self.owner, self.member = actors["owner"], actors["member"]
        project = self.write("POST", **self._fields(category=0))
        shared = [{"principal": self.member["id"], "level": 60}]
        self.write("PUT", id=project, permissions=shared)
        self.last = project
        for number in range(items - 1):
            below = {"parent": project} if number % 2 else {}
            self.last = self.write("POST", **self._fields(**below))

    def _fields(self, **more: Any) -> dict[str, Any]:
        message = "what is to be done, in some more words than a title has " * 4
        return {"guid": str(uuid.uuid4()), "title": "one", "message": message, **more}

    def write(self, method: str, **fields: Any) -> int:
        """Write an item, and answer its id."""
        body = json.dumps(fields).encode()
        answer, _ = self.call(method, "/api/item", body)
        number: int = json.loads(answer)["id"]
        return number

    def call(self, method: str, path: str, body: bytes = b"") -> tuple[bytes, str]:
        """Ask as the owner: the body of the answer, and its cursor."""
        started: list[tuple[str, list[tuple[str, str]]]] = []
        asked = environ(method, path, self.owner["session_id"], body)
        answer = b"".join(self.app(asked, lambda *words: started.append(words)))
        status, headers = started[0]
        if status != "200 OK":
            raise SystemExit(f"{method} {path}: {status} {answer!r}")
        return answer, dict(headers).get("X-Cursor", "")


def cases(large: Large, items: int) -> dict[str, Callable[[], float]]:
    """What is measured, by name; each answers milliseconds."""
    texts = [b"x" * 1024] * 10_000
    world = large.app.worlds.find(Request({"REQUEST_METHOD": "GET"}))
    if world is None:
        raise SystemExit("there is no default world")
    kept = world.snapshot()

    def delta() -> float:
        _, cursor = large.call("GET", "/api/item")
        large.write("PUT", id=large.last, title=str(uuid.uuid4()))
        return timed(lambda: large.call("GET", f"/api/item/delta/{cursor}"))

    def whole() -> float:
        return timed(lambda: large.call("GET", "/api/item"))

    def after_a_write() -> float:
        large.write("PUT", id=large.last, title=str(uuid.uuid4()))
        return whole()

    def restored() -> float:
        taken = timed(lambda: world.restore(kept))
        whole()
        return taken

    return {
        "reference: join": lambda: timed(lambda: b",".join(texts)),
        "GET /item": whole,
        "GET /item after a write": after_a_write,
        "delta, one change": delta,
        "snapshot": lambda: timed(world.snapshot),
        "fork": lambda: timed(world.fork),
        "restore": restored,
        "PUT after a snapshot": lambda: timed(
            lambda: (
                world.snapshot(),
                large.write("PUT", id=large.last, title=str(uuid.uuid4())),
            )
        ),
    }


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that `work` takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def memory(items: int) -> float:
    """Kilobytes an item takes, listed once and so kept encoded, and logged."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    large = Large(items)
    large.call("GET", "/api/item")
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / items / 1000


def main() -> int:
    """Measure, print, and say with the exit code whether all budgets hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", metavar="FILE", help="write settings and figures")
    asked = parser.parse_args()
    measured_cases = cases(Large(asked.items), asked.items)
    measured: dict[str, list[float]] = {name: [] for name in measured_cases}
    for _ in range(asked.rounds):
        for name, case in measured_cases.items():
            measured[name].append(case())
    found = {name: statistics.median(figures) for name, figures in measured.items()}
    found["memory an item, kB"] = memory(asked.items)
    facts = {**settings(asked.rounds), "calls a round": 1, "items": asked.items}
    print(*(f"{key} {value}" for key, value in facts.items()), sep=", ")
    print(f"{'case':<24} {'ms':>8} {'budget':>7}")
    for name, figure in found.items():
        budget = BUDGETS.get(name)
        verdict = "" if budget is None else "ok" if figure <= budget else "OVER"
        print(f"{name:<24} {figure:>8.2f} {budget or '':>7} {verdict}")
    if asked.json:
        report = {"settings": facts, "figures": found}
        with Path(asked.json).open("w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)
    return 0 if all(found[name] <= most for name, most in BUDGETS.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
