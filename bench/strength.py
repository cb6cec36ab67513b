"""What the semantic tests add: the same bugs, put before plain Schemathesis.

    python bench/strength.py [--sample 40] [--seed 1] [--seconds N] [--result FILE]

Each of a sample of the mutants is served over HTTP and judged twice, by `tasktwin
verify` and by `schemathesis run` with the same document, for as many seconds as a whole
run of the suite takes on the clean mock. What Schemathesis says of the clean mock is
its baseline, so that only what is new counts. Prints both scores by kind.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "mutants"))

from bugs import MOCK, Mutant, written  # noqa: E402

from tasktwin_schemas.document import openapi_path  # noqa: E402

WAIT = 20.0  # seconds in which a server has to be there


@contextmanager
def served(folder: Path, mutant: Mutant | None) -> Iterator[dict[str, Any]]:
    """What the ready file of a server says that has the bug, or none."""
    shutil.copytree(MOCK, folder / MOCK.name)
    if mutant is not None:
        (folder / MOCK.name / mutant.file).write_text(mutant.text, "utf-8")
    ready = folder / "ready.json"
    words = ["serve", "hitask", "--port", "0", "--ready-file", str(ready)]
    with subprocess.Popen(  # noqa: S603 (the kit itself)
        [sys.executable, "-m", "tasktwin_contract", *words],
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            end = time.monotonic() + WAIT
            while not ready.exists() and time.monotonic() < end:
                with suppress(subprocess.TimeoutExpired):
                    server.wait(0.05)
            yield json.loads(ready.read_text("utf-8")) if ready.exists() else {}
        finally:
            server.kill()


def suite(url: str, seed: int) -> bool:
    """Whether the suite finds a broken clause."""
    words = ["verify", "hitask", "--base-url", url, "--profile", "quick"]
    return _code([*words, "--seed", str(seed), "-n", "2"], "tasktwin_contract") == 1


def schemathesis(ready: dict[str, Any], baseline: Path, *more: str) -> bool:
    """Whether Schemathesis finds a failure that is not in its baseline."""
    session = ready["world"]["actors"]["owner"]["session_id"]
    words = ["run", str(openapi_path("hitask")), "--url", f"{ready['url']}/api"]
    words += ["-H", f"x-hi-session: {session}", "--baseline", str(baseline)]
    return _code([*words, *more], "schemathesis.cli") == 1


def _code(words: list[str], module: str) -> int:
    return subprocess.run(  # noqa: S603 (libraries of ours)
        [sys.executable, "-m", module, *words], capture_output=True, check=False
    ).returncode


def compare(mutants: list[Mutant], seed: int, seconds: int | None) -> Iterator[Any]:
    """A row for each mutant: its kind, and by which of the two it was found."""
    with tempfile.TemporaryDirectory() as name:
        folder, baseline = Path(name), Path(name, "baseline")
        with served(folder / "clean", None) as ready:
            started = time.monotonic()
            if suite(ready["url"], seed):
                raise SystemExit("the suite finds something in the clean mock")
            most = seconds or round(time.monotonic() - started)
            more = ("--max-time", str(most), "--seed", str(seed))
            schemathesis(ready, baseline, "--baseline-update", *more)
        for mutant in mutants:
            with served(folder / mutant.id, mutant) as ready:
                found = suite(ready["url"], seed) if ready else True
                plain = schemathesis(ready, baseline, *more) if ready else True
            row = {"mutant": mutant.id, "kind": mutant.kind, "seconds": most}
            yield {**row, "suite": found, "schemathesis": plain}


def table(rows: list[dict[str, Any]]) -> str:
    """Both scores by kind."""
    lines = [f"{'kind':<12} {'mutants':>7} {'suite':>6} {'schemathesis':>13}"]
    kinds = Counter(row["kind"] for row in rows)
    for kind, number in [*sorted(kinds.items()), ("all", len(rows))]:
        those = [row for row in rows if kind in ("all", row["kind"])]
        found, plain = (sum(r[n] for r in those) for n in ("suite", "schemathesis"))
        lines.append(f"{kind:<12} {number:>7} {found:>6} {plain:>13}")
    return "\n".join(lines)


def main() -> int:
    """Compare, print, and write the rows."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, help="for Schemathesis")
    parser.add_argument("--result", type=Path)
    asked = parser.parse_args()
    mutants = random.Random(asked.seed).sample(written(), asked.sample)
    rows = []
    for row in compare(mutants, asked.seed, asked.seconds):
        rows.append(row)
        print(json.dumps(row), flush=True)
    print(table(rows))
    if asked.result:
        asked.result.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
