"""Eight threads that write over HTTP, and one that follows them by deltas.

    python bench/writers.py [--seconds 10] [--json FILE]

Starts `tasktwin serve`, and says how many writes a second it took, which of them were
lost, what the deltas missed, and what the mock logged as its own errors.
"""

import argparse
import json
import re
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from serving import served

from tasktwin_contract.hitask.writers import Crowd
from tasktwin_contract.target import Target
from tasktwin_contract.wire import HttpTransport

TIMEOUT = 30.0
PATIENCE = 60.0  # seconds after the end in which all threads have to be done
FAILURE = re.compile(r"failed inside the mock|^Traceback", re.MULTILINE)
WRONG = (
    "lost writes",
    "missed deltas",
    "errors of threads",
    "broken checks",
    "exceptions in the log",
)


class Forgetful(list[Any]):
    """A history that keeps nothing: of so many answers none is looked at again."""

    def append(self, reply: object) -> None:
        """Let the reply go."""


def until(end: float) -> Iterator[str]:
    """GUIDs for writes until the clock shows `end`."""
    while time.monotonic() < end:
        yield str(uuid.uuid4())


def measure(url: str, seconds: float) -> dict[str, Any]:
    """Have the eight write for so long, and count."""
    target = Target("hitask", HttpTransport(url, TIMEOUT), url, seed=1)
    with target.world() as world:
        world.history = Forgetful()
        crowd = Crowd(world)
        end = time.monotonic() + seconds
        errors: tuple[Exception, ...] = ()
        try:
            crowd.work([until(end) for _ in crowd.writers], seconds + PATIENCE)
        except ExceptionGroup as group:
            errors = group.exceptions
            print(*errors, sep="\n", file=sys.stderr)
        writes = sum(writer.writes for writer in crowd.writers)
        return {
            "writes": writes,
            "writes/s": round(writes / seconds),
            "deltas": crowd.deltas,
            "lost writes": len(crowd.lost()),
            "missed deltas": len(crowd.missed()),
            "errors of threads": len(errors),
            "broken checks": len(target.broken),
        }


def main() -> int:
    """Measure, print, and say with the exit code whether nothing went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--json", metavar="FILE", help="write the figures")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "serve.log")
        with served("hitask", log) as ready:
            if not ready:
                raise SystemExit(f"the mock did not start: {log.read_text()}")
            figures = measure(ready["url"], asked.seconds)
        figures["exceptions in the log"] = len(FAILURE.findall(log.read_text()))
    for name, figure in figures.items():
        print(f"{name:<22} {figure:>8}")
    if asked.json:
        Path(asked.json).write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return 1 if any(figures[name] for name in WRONG) else 0


if __name__ == "__main__":
    sys.exit(main())
