"""Puts bugs into the mock, one at a time, and sees whether the suite finds them.

    python tests/mutants/run.py [API] [--profile quick] [--seed 1] [--only ID …]
    python tests/mutants/run.py [API] --mechanical 700
    python tests/mutants/run.py [API] --innocent

A mutant is *found* when a clause fails, and *rightly found* when that is the clause
which it was written against. First only that clause's tests run; where they see
nothing, the whole suite does. A mechanical mutant was written against no clause: the
tests that run its line are run until one fails. One that keeps the mock from starting,
or from ending, is *stopped*: nothing conforms then, and no clause is to blame.

What breaks but a SHOULD or a choice of the kit's is another server's good right:
`--innocent` has all tests of each MUST judge those bugs, and tells where one was blamed
for a MUST, unless `guilty.toml` says why it breaks that as well.

With `--report FILE` a run goes on where it was broken off.
"""

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), *(str(ROOT / name) for name in ("contract", "schemas"))]
sys.path.append(str(ROOT / "mockserver"))

from bugs import Mutant, equivalents, guilty, written  # noqa: E402
from harness import Finding, Harness, collect, keep, kept, recorded, write  # noqa: E402
from mechanical import drawn  # noqa: E402

from tasktwin_schemas import APIS, clauses  # noqa: E402

TENTHS = 10
SUITES = ROOT / "contract" / "tasktwin_contract"


class Told:
    """The findings so far, kept in `file`; each tenth of them is told on stderr."""

    def __init__(self, findings: list[Finding], number: int, file: Path | None) -> None:
        self.findings, self.number, self._file = findings, number, file
        self.started = time.monotonic()

    def __call__(self, finding: Finding) -> None:
        """Take in one more."""
        done = len(self.findings)
        self.findings.append(finding)
        keep(self._file, finding)
        if done * TENTHS // self.number != (done + 1) * TENTHS // self.number:
            words = f"{done + 1} of {self.number}, {self.seconds:.0f} s"
            print(words, file=sys.stderr, flush=True)  # noqa: T201

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self.started


def report(findings: list[Finding]) -> str:
    """A table by kind, and the mutants that were not found."""
    found = Counter(one.kind for one in findings if one.found)
    right = Counter(one.kind for one in findings if one.right)
    stopped = Counter(one.kind for one in findings if one.stopped)
    lines = [f"{'kind':<12} mutants   found  by their clause  stopped"]
    kinds = Counter(one.kind for one in findings)
    for kind, number in [*sorted(kinds.items()), ("all", kinds.total())]:
        counts = (_of(kind, row) for row in (found, right, stopped))
        words = "{:>7} {:>7} {:>16} {:>8}".format(number, *counts)
        lines.append(f"{kind:<12} {words}")
    for one in findings:
        if one.stopped:
            lines.append(f"stopped: {one.mutant} {one.change} ({one.problem})")
        elif not one.found:
            problem = one.problem or "nothing failed"
            lines.append(f"survived: {one.mutant} {one.change} ({problem})".strip())
        elif not one.right:
            lines.append(f"found elsewhere: {one.mutant} by {', '.join(one.broken)}")
    return "\n".join(lines)


def wronged(api: str, findings: list[Finding]) -> list[str]:
    """What breaks but a SHOULD or a choice of the kit's, and was blamed for a MUST."""
    known, agreed = clauses(api), guilty()
    rows = []
    for one in (one for one in findings if one.clause and not is_must(api, one.clause)):
        musts = {name for name in one.broken if known[name].level == "MUST"}
        if more := sorted(musts - agreed.get(one.mutant, set())):
            rows.append(f"blamed for a MUST: {one.mutant} by {', '.join(more)}")
    return rows


def _of(kind: str, counts: Counter[str]) -> int:
    return counts.total() if kind == "all" else counts[kind]


def record(asked: Any, findings: list[Finding], blamed: int) -> None:
    """Keep what a run came to, and of a whole one what each clause's tests found."""
    kind = "by rule" if asked.mechanical else asked.profile
    run = f"{asked.api} {'innocent' if asked.innocent else kind}"
    told = {
        "mutants": len(findings),
        "found": sum(one.found for one in findings),
        "by their clause": sum(one.right for one in findings),
        "stopped": sum(one.stopped for one in findings),
        "blamed for a MUST": blamed,
        "seed": asked.seed,
    }
    recorded(run, told)
    if run == f"{asked.api} default":
        right = Counter(one.clause for one in findings if one.right and one.clause)
        write(SUITES / asked.api / "mutants.json", right)


def is_must(api: str, name: str | None) -> bool:
    """Whether it is a clause that the documents state."""
    return name is not None and clauses(api)[name].level == "MUST"


def asked_for(asked: Any) -> list[Mutant]:
    """The mutants to judge; those that nobody can see are left out."""
    number = asked.mechanical
    mutants = drawn(asked.api, number) if number else written(asked.api)
    unseen = equivalents()
    mutants = [one for one in mutants if one.id not in unseen]
    if asked.only:
        mutants = [one for one in mutants if one.id in asked.only]
    if asked.innocent:
        mutants = [one for one in mutants if not is_must(asked.api, one.clause)]
    if asked.sample:
        number = min(asked.sample, len(mutants))
        mutants = random.Random(asked.draw).sample(mutants, number)
    return mutants


def found_before(file: Path | None, mutants: list[Mutant]) -> list[Finding]:
    """What a run that was broken off has found of `mutants`."""
    ids = {one.id for one in mutants}
    found = [Finding(**row) for row in kept(file)]
    if found:
        print(f"{file} holds {len(found)} already", file=sys.stderr)  # noqa: T201
    return [one for one in found if one.mutant in ids]


def main() -> int:
    """Judge the mutants that are asked for; 0 when all are found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("api", nargs="?", default="hitask", choices=APIS)
    parser.add_argument("--mechanical", type=int, metavar="N", help="N made by rule")
    parser.add_argument("--profile", default="quick", choices=("quick", "default"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", metavar="ID")
    parser.add_argument("--innocent", action="store_true", help="blamed for a MUST?")
    parser.add_argument("--sample", type=int, help="so many of them, by --draw")
    parser.add_argument("--draw", type=int, default=1, help="the sample's own seed")
    parser.add_argument("--rows", type=int, help="of each table; without it all")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--report", type=Path, help="keep each finding as a JSON line")
    parser.add_argument("--record", action="store_true", help="keep the counts")
    asked: Any = parser.parse_args()
    mutants = asked_for(asked)
    told = Told(found_before(asked.report, mutants), len(mutants), asked.report)
    judged = {one.mutant for one in told.findings}
    left = [one for one in mutants if one.id not in judged]
    surest = [name for name in clauses(asked.api) if is_must(asked.api, name)]
    harness = Harness(left, asked.jobs, told, surest if asked.innocent else ())
    collect(asked.api, harness, asked.profile, asked.seed, asked.rows)
    rows = wronged(asked.api, told.findings)
    if asked.record:
        record(asked, told.findings, len(rows))
    number = f"{len(mutants)} choices, {len(rows)} blamed for a MUST"
    shown = number if asked.innocent else report(told.findings)
    print(shown, *rows, f"{told.seconds:.0f} s", sep="\n")  # noqa: T201
    survived = [one for one in told.findings if not one.found and not one.stopped]
    wrong = rows if asked.innocent else survived
    return 1 if wrong or not told.findings else 0


if __name__ == "__main__":
    sys.exit(main())
