"""Findings of tests, and what they say of the clauses.

A *finding* is one test's word on one clause. A clause's *verdict* is drawn from all of
them, and the run's exit code from all verdicts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from tasktwin_schemas import Clause, clauses


class Outcome(StrEnum):
    """What a test, or all of a clause's tests, found.

    A skip is never a pass; an error is the suite's own, or means that the target could
    not be judged, and is never blamed on the target.
    """

    PASS = "pass"
    FAIL = "fail"
    SKIP = "skip"
    ERROR = "error"


WORST_FIRST = (Outcome.FAIL, Outcome.ERROR, Outcome.SKIP, Outcome.PASS)


@dataclass(frozen=True, slots=True)
class Finding:
    """One test's word on one clause.

    `message` says in a sentence what was wrong, or why it was skipped; `expected` and
    `actual` say so for a failure, and `calls` are its requests as shell lines.
    """

    clause: str
    outcome: Outcome
    test: str
    message: str = ""
    expected: str = ""
    actual: str = ""
    calls: tuple[str, ...] = ()
    seconds: float = 0.0

    def as_data(self) -> dict[str, Any]:
        """The finding as plain JSON data."""
        return {
            "clause": self.clause,
            "outcome": self.outcome.value,
            "test": self.test,
            "message": self.message,
            "expected": self.expected,
            "actual": self.actual,
            "calls": list(self.calls),
            "seconds": self.seconds,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Finding":
        """The finding that `as_data` wrote."""
        outcome, calls = Outcome(data["outcome"]), tuple(data["calls"])
        return cls(**{**data, "outcome": outcome, "calls": calls})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all tests of one clause found; `outcome` is None where none ran."""

    clause: Clause
    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome | None:
        """The worst of the findings."""
        seen = {finding.outcome for finding in self.findings}
        return next((outcome for outcome in WORST_FIRST if outcome in seen), None)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that failed, the one with the fewest calls first."""
        failed = [f for f in self.findings if f.outcome is Outcome.FAIL]
        return tuple(sorted(failed, key=lambda finding: len(finding.calls)))


@dataclass
class Result:
    """A finished run.

    `own` says that the target is a mock of ours, which is held to all three levels.
    `problems` are sentences on what kept the suite from judging: a broken test, a
    target that went away.
    """

    api: str
    target: str
    own: bool
    seed: int
    profile: str
    versions: Mapping[str, str]
    configuration: Mapping[str, Any]
    findings: list[Finding] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tests: int = 0
    seconds: float = 0.0
    started: datetime = field(default_factory=partial(datetime.now, UTC))

    def verdicts(self) -> dict[str, Verdict]:
        """The verdict of every clause of the API, in the catalogue's order."""
        by_clause: dict[str, list[Finding]] = {}
        for finding in self.findings:
            by_clause.setdefault(finding.clause, []).append(finding)
        return {
            name: Verdict(clause, tuple(by_clause.get(name, ())))
            for name, clause in clauses(self.api).items()
        }

    @property
    def partial(self) -> bool:
        """Whether anything that ran was skipped or could not be judged."""
        return any(
            verdict.outcome in (Outcome.SKIP, Outcome.ERROR)
            for verdict in self.verdicts().values()
        )

    def broken(self, level: str = "must") -> list[Verdict]:
        """The failed verdicts that make the target fail.

        On our own mock every failed clause; elsewhere those of `level` (`must`, or
        `should` for both).
        """
        counted = {"MUST"} | ({"SHOULD"} if level == "should" else set())
        return [
            verdict
            for verdict in self.verdicts().values()
            if verdict.outcome is Outcome.FAIL
            and (self.own or verdict.clause.level in counted)
        ]

    def exit_code(self, level: str = "must", complete: bool = False) -> int:
        """0 conforms, 1 does not, 2 could not be judged."""
        if self.broken(level):
            return 1
        outcomes = {verdict.outcome for verdict in self.verdicts().values()}
        if self.problems or Outcome.ERROR in outcomes:
            return 2
        if not outcomes & {Outcome.PASS, Outcome.FAIL}:
            return 2
        return 2 if complete and self.partial else 0


def count(verdicts: Iterable[Verdict]) -> dict[Outcome | None, int]:
    """How many of `verdicts` have each outcome."""
    counts: dict[Outcome | None, int] = {}
    for verdict in verdicts:
        counts[verdict.outcome] = counts.get(verdict.outcome, 0) + 1
    return counts
