"""Puts bugs into the mock, one at a time, and sees whether the suite finds them.

    python tests/mutants/run.py [--profile quick] [--seed 1] [--only ID] [--jobs 2]

A mutant is *found* when a run of the suite ends with exit code 1, and *rightly found*
when the clause that it was written against is among the broken ones. First only that
clause's tests run; where they see nothing, the whole suite does. Each mutant runs in a
process of its own, forked from one that has the libraries loaded and not the mock; one
that runs away, as a bug in a loop can, is ended and counts as not found.
"""

import argparse
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SOURCES = [str(ROOT / name) for name in ("contract", "schemas")]
PACKAGE = "tasktwin_mockserver"
# What one mutant may take. A bug that goes round in a loop fills what it is given
# before it fails, so that is little more than the suite needs.
SECONDS, BYTES = 180, 512 * 1024**2
MANY = 30  # mutants, from which on a run says how far it is
HEAVY = ("pytest", "hypothesis.stateful", "schemathesis", "jsonschema", "requests")


@dataclass(frozen=True)
class Mutant:
    """One bug: in `file` of the mock the text `find` becomes `replace`."""

    id: str
    clause: str
    kind: str
    file: str
    find: str
    replace: str

    def applied(self) -> str:
        """The file with the bug in it. Raises `ValueError` where it does not fit."""
        text = (ROOT / "mockserver" / PACKAGE / self.file).read_text("utf-8")
        if text.count(self.find) != 1:
            raise ValueError(
                f"{self.id}: its text stands {text.count(self.find)} times"
            )
        return text.replace(self.find, self.replace)


@dataclass(frozen=True)
class Finding:
    """What the suite said of a mutant; `broken` are the clauses that failed."""

    mutant: str
    kind: str
    exit_code: int
    right: bool
    broken: list[str]
    problem: str
    seconds: float


class Silent:
    """A listener that says nothing."""

    def started(self, result: object, tests: int) -> None:
        """Say nothing."""

    def finished(self, test: str, findings: object) -> None:
        """Say nothing."""


def load(name: str = "hitask") -> list[Mutant]:
    """Every mutant of the list `name`; what else its rows say is left out."""
    rows = tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))["mutant"]
    known = [field.name for field in fields(Mutant)]
    return [Mutant(**{key: row[key] for key in known}) for row in rows]


def judge(mutant: Mutant, profile: str, seed: int) -> Finding:
    """Run the suite against the mutant, in this process."""
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="tasktwin-mutant-"))
    try:
        shutil.copytree(ROOT / "mockserver", folder, dirs_exist_ok=True)
        (folder / PACKAGE / mutant.file).write_text(mutant.applied(), "utf-8")
        sys.path[:0] = [str(folder)]
        code, broken, problem = _run(mutant, profile, seed)
    finally:
        shutil.rmtree(folder)
    seconds = time.monotonic() - started
    right = mutant.clause in broken
    return Finding(mutant.id, mutant.kind, code, right, broken, problem, seconds)


def _run(mutant: Mutant, profile: str, seed: int) -> tuple[int, list[str], str]:
    from tasktwin_contract.runner import Options, run

    code, broken, problem = 2, [], ""
    for clauses in ((mutant.clause,), ()):
        options = Options(
            api="hitask", profile=profile, seed=seed, clauses=clauses, workers="0"
        )
        result = run(options, Silent())
        code = result.exit_code()
        broken = [verdict.clause.id for verdict in result.broken()]
        errors = [f.message for f in result.findings if f.outcome == "error"]
        problem = " ".join([*result.problems, *errors])[:300]
        if code == 1:
            break
    return code, broken, problem


def judge_all(
    mutants: list[Mutant], profile: str, seed: int, jobs: int
) -> Iterator[Finding]:
    """Judge every mutant in a process of its own, `jobs` at a time."""
    for name in HEAVY:
        __import__(name)
    waiting, running = list(reversed(mutants)), dict[int, tuple[Mutant, Path]]()
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            answer = Path(tempfile.mkstemp(prefix="tasktwin-finding-")[1])
            running[_fork(mutant, profile, seed, answer)] = mutant, answer
        number, _ = os.wait()
        mutant, answer = running.pop(number)
        text = answer.read_text("utf-8")
        answer.unlink()
        yield Finding(**json.loads(text)) if text else _dead(mutant)


def _fork(mutant: Mutant, profile: str, seed: int, answer: Path) -> int:
    sys.stdout.flush()
    number = os.fork()
    if number:
        return number
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        signal.alarm(SECONDS)
        resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
        finding = judge(mutant, profile, seed)
        answer.write_text(json.dumps(asdict(finding)), "utf-8")
        status = 0
    finally:
        os._exit(status)


def _dead(mutant: Mutant) -> Finding:
    return Finding(mutant.id, mutant.kind, 2, False, [], "died or ran away", 0.0)


def told(findings: Iterable[Finding], total: int, started: float) -> Iterator[Finding]:
    """The same findings; each tenth of a long run says so on stderr."""
    for number, finding in enumerate(findings, 1):
        yield finding
        if total >= MANY and number * 10 // total > (number - 1) * 10 // total:
            seconds = time.monotonic() - started
            line = f"{number} of {total} mutants judged, {seconds:.0f} s"
            print(line, file=sys.stderr, flush=True)  # noqa: T201


def report(findings: list[Finding]) -> str:
    """A table by kind, and the mutants that were not found."""
    found = Counter(one.kind for one in findings if one.exit_code == 1)
    right = Counter(one.kind for one in findings if one.right)
    lines = [f"{'kind':<12} {'mutants':>7} {'found':>6} {'by their clause':>16}"]
    for kind, number in sorted(Counter(one.kind for one in findings).items()):
        lines.append(f"{kind:<12} {number:>7} {found[kind]:>6} {right[kind]:>16}")
    lines.append(
        f"{'all':<12} {len(findings):>7} {sum(found.values()):>6} "
        f"{sum(right.values()):>16}"
    )
    for one in findings:
        if one.exit_code != 1:
            lines.append(f"survived: {one.mutant} ({one.problem or 'nothing failed'})")
        elif not one.right:
            lines.append(f"found elsewhere: {one.mutant} by {', '.join(one.broken)}")
    return "\n".join(lines)


def main() -> int:
    """Judge the mutants that are asked for; 0 when all are found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--list", default="hitask", help="hitask or survivors")
    parser.add_argument("--profile", default="quick", choices=("quick", "default"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", metavar="ID")
    parser.add_argument("--sample", type=int, help="so many, drawn by the seed")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--report", type=Path, help="write all findings as JSON")
    asked: Any = parser.parse_args()
    mutants = [m for m in load(asked.list) if not asked.only or m.id in asked.only]
    if asked.sample:
        drawn = random.Random(asked.seed)
        mutants = drawn.sample(mutants, min(asked.sample, len(mutants)))
    started = time.monotonic()
    found = judge_all(mutants, asked.profile, asked.seed, asked.jobs)
    findings = list(told(found, len(mutants), started))
    print(report(findings))  # noqa: T201
    print(f"{time.monotonic() - started:.0f} s")  # noqa: T201
    if asked.report:
        asked.report.write_text(json.dumps([asdict(f) for f in findings], indent=2))
    return 0 if findings and all(one.exit_code == 1 for one in findings) else 1


sys.path[:0] = SOURCES
if __name__ == "__main__":
    sys.exit(main())
