"""Shows of each test that it can fail: looks for a bug that turns it red.

    python tests/mutants/able.py [API] [--tries 40] [--report FILE] [--findings FILE …]

A test that a bug has turned red already, as the findings of `run.py --report` say, is
able to fail. For the others the bugs are mechanical ones, on lines of the mock that the
test runs; those lines come first that the fewest other tests run. Exit code 0 means
that there is one for each. It takes an hour without findings; with `--report` it goes
on where it was broken off.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), *(str(ROOT / name) for name in ("contract", "schemas"))]
sys.path.append(str(ROOT / "mockserver"))

import pytest  # noqa: E402
from bugs import Mutant  # noqa: E402
from harness import Harness, Items, Judgement, collect, forked, keep, kept, recorded  # noqa: E402
from mechanical import files_of, possible  # noqa: E402

from tasktwin_schemas import APIS  # noqa: E402

ROWS = 3  # of each table
TENTHS = 10


@dataclass
class Search:
    """The bug that turns a test red, None where none of so many `tries` did."""

    test: str
    change: str | None = None
    tries: int = 0


class Searcher(Harness):
    """A pytest plugin that looks for such bugs, test by test."""

    def __init__(self, asked: Any) -> None:
        super().__init__([], asked.jobs, print)
        self.api, self.tries, self.kept = asked.api, asked.tries, asked.report
        rows = (*(Search(**row) for row in kept(asked.report)), *_red(asked.findings))
        self.known = {search.test: search for search in rows}
        self.found: list[Search] = []
        self.started = time.monotonic()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Look for a bug for each test function."""
        self.prepare(session.items)
        tests: dict[str, Items] = defaultdict(list)
        for item in session.items:
            tests[item.nodeid.partition("[")[0]].append(item)
        number, bugs = len(tests), self._bugs(tests)
        self.found = [self.known[name] for name in tests if name in self.known]
        for search in self.found:
            del tests[search.test]
        for search in self._searched(tests, bugs):
            self.found.append(search)
            self._tell(search, number)
        return True

    def _tell(self, search: Search, number: int) -> None:
        """Say for what there was no bug, and each tenth of the way; keep it all."""
        keep(self.kept, search)
        if search.change is None:
            words = f"nothing turns it red: {search.test} ({search.tries} tries)"
            print(words, flush=True)  # noqa: T201
        if len(self.found) * TENTHS % number < TENTHS:
            seconds = time.monotonic() - self.started
            words = f"{len(self.found)} of {number}, {seconds:.0f} s"
            print(words, file=sys.stderr, flush=True)  # noqa: T201

    def _bugs(self, tests: dict[str, Items]) -> dict[str, list[Mutant]]:
        """The bugs on the lines that each test runs, the rarest lines first."""
        known = {item.nodeid: name for name, rows in tests.items() for item in rows}
        bugs: dict[str, list[tuple[int, str, Mutant]]] = defaultdict(list)
        for file in files_of(self.api):
            lines = self.lines.get(file, {})
            runs = {n: {known[i] for i in lines[n] if i in known} for n in lines}
            for mutant in possible(file):
                names = runs.get(mutant.line or 0, set())
                for name in names:
                    bugs[name].append((len(names), mutant.id, mutant))
        return {name: [m for *_, m in sorted(rows)] for name, rows in bugs.items()}

    def _searched(
        self, tests: dict[str, Items], bugs: dict[str, list[Mutant]]
    ) -> Iterator[Search]:
        waiting, running = [*tests][::-1], dict[int, Path]()
        while waiting or running:
            while waiting and len(running) < self.jobs:
                name = waiting.pop()
                answer = Path(tempfile.mkstemp(prefix="tasktwin-search-")[1])
                known = bugs.get(name, [])[: self.tries]
                work = Look(name, tests[name], known, answer)
                running[forked(work)] = answer
            number, _ = os.wait()
            answer = running.pop(number)
            yield Search(**json.loads(answer.read_text("utf-8")))
            answer.unlink()


def _red(findings: list[Path]) -> Iterator[Search]:
    """The tests that bugs have turned red, each with one of those."""
    for file in findings:
        for finding in kept(file):
            for name in finding["red"]:
                change = finding["change"] or finding["mutant"]
                yield Search(name.partition("[")[0], change)


@dataclass
class Look:
    """The search for one test; it is a fork's work, and forks for each bug."""

    test: str
    rows: Items
    bugs: list[Mutant]
    answer: Path

    def __call__(self) -> None:
        """Try one bug after another, and write which of them it was."""
        search = Search(self.test)
        for mutant in self.bugs:
            search.tries += 1
            if self._finds(mutant):
                search.change = mutant.change
                break
        self.answer.write_text(json.dumps(asdict(search)), "utf-8")

    def _finds(self, mutant: Mutant) -> bool:
        with tempfile.NamedTemporaryFile(prefix="tasktwin-bug-") as file:
            judgement = Judgement(mutant, [self.rows])
            os.waitpid(forked(lambda: judgement.write(Path(file.name))), 0)
            text = Path(file.name).read_text("utf-8")
        return bool(text and json.loads(text)["broken"])


def main() -> int:
    """Search, and tell how many tests there was a bug for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("api", nargs="?", default="hitask", choices=APIS)
    parser.add_argument("--tries", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--report", type=Path, help="keep each search as a JSON line")
    parser.add_argument(
        "--findings", type=Path, nargs="+", default=[], help="reports of run.py"
    )
    parser.add_argument("--record", action="store_true", help="keep the counts")
    asked: Any = parser.parse_args()
    searcher = Searcher(asked)
    collect(asked.api, searcher, "quick", 1, ROWS)
    idle = [search for search in searcher.found if search.change is None]
    tries = Counter(min(search.tries, 5) for search in searcher.found)
    number, red = len(searcher.found), len(searcher.found) - len(idle)
    print(f"{red} of {number}, {tries}")  # noqa: T201
    if asked.record:
        recorded(f"{asked.api} able", {"tests": number, "turned red": red})
    return 1 if idle else 0


if __name__ == "__main__":
    sys.exit(main())
