"""A run as people read it: its progress, then what it found.

Nothing that a server said is taken for markup or sent to the terminal as it is:
characters that do not print are shown escaped.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from tasktwin_contract.report.conclusion import (
    again,
    conclusion,
    counted,
    escaped,
    parted,
    some_tests,
)
from tasktwin_contract.runner import Options
from tasktwin_contract.verdicts import (
    WORST_FIRST,
    Finding,
    Outcome,
    Result,
    Verdict,
    count,
)

STYLES = {
    Outcome.PASS: "green",
    Outcome.FAIL: "red",
    Outcome.SKIP: "yellow",
    Outcome.ERROR: "magenta",
}
COLUMNS = (*STYLES, None)
STEPS = 10


class Terminal:
    """Tells of a run while it goes on, and of its result at the end.

    A listener of `runner.run`, to be entered before it. On a terminal there is a bar;
    elsewhere a line after each tenth of the tests, so that logs stay short.
    """

    def __init__(
        self,
        options: Options,
        level: str = "must",
        complete: bool = False,
        console: Console | None = None,
    ) -> None:
        self.options = options
        self.level = level
        self.complete = complete
        self.console = console or Console(file=sys.stdout, highlight=False)
        self._outcomes: Counter[Outcome] = Counter()
        self._total = 0
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            console=self.console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            disable=not self.console.is_interactive,
        )
        self._task = self._bar.add_task("", total=None, visible=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._bar.disable:
            self._bar.stop()

    def started(self, result: Result, tests: int) -> None:
        """Say what is judged, and by how many tests."""
        version = result.versions.get("tasktwin", "")
        self._say(
            f"tasktwin {version}".rstrip()
            + f" judges {result.api}: {result.target}"
            + f" ({counted(tests, 'test')}, seed {result.seed},"
            + f" profile {result.profile})"
        )
        self._total = tests
        self._bar.update(self._task, total=tests, visible=True)
        self._bar.start()

    def finished(self, test: str, findings: list[Finding]) -> None:
        """Count one more test."""
        before = self._outcomes.total()
        self._outcomes[_worst(findings)] += 1
        done = before + 1
        if not self._bar.disable:
            words = _tally(self._outcomes)
            self._bar.update(
                self._task, completed=done, description=words, refresh=True
            )
            return
        steps = [n * STEPS // max(self._total, 1) for n in (before, done)]
        if self._total and steps[0] != steps[1]:
            share, words = 100 * done // self._total, _tally(self._outcomes)
            self._say(f"{share:3} %  {done} of {self._total} tests: {words}")

    def report(self, result: Result) -> None:
        """Show the verdicts, what lies behind them, and the conclusion."""
        verdicts = list(result.verdicts().values())
        self._say()
        self.console.print(self._table(verdicts))
        for noun, members in parted(result, self.level):
            self._say(f"{noun}s".capitalize(), "bold")
            for verdict in members:
                self._say()
                self._failure(verdict, result)
            self._say()
        self._reasons("Skipped", Outcome.SKIP, verdicts)
        self._reasons(
            "Errors of the suite, or a target out of reach", Outcome.ERROR, verdicts
        )
        if result.problems:
            self._say("Problems", "bold")
            for problem in result.problems:
                self._say(_indented(problem, 2))
            self._say()
        code = result.exit_code(self.level, self.complete)
        style = ("bold green", "bold red", "bold yellow")[code]
        self._say(conclusion(result, self.level, self.complete), style)

    def _table(self, verdicts: list[Verdict]) -> Table:
        table = Table(box=box.SIMPLE)
        table.add_column("area")
        table.add_column("clauses", justify="right")
        for outcome in COLUMNS:
            heading = outcome.value if outcome else "not run"
            table.add_column(heading, justify="right")
        areas: dict[str, list[Verdict]] = {}
        for verdict in verdicts:
            areas.setdefault(verdict.clause.area, []).append(verdict)
        chosen = self.options.clauses or self.options.areas
        for area, members in areas.items():
            if not chosen or any(verdict.outcome for verdict in members):
                table.add_row(area, *_cells(members))
        table.add_section()
        table.add_row("all", *_cells(verdicts))
        return table

    def _failure(self, verdict: Verdict, result: Result) -> None:
        clause = verdict.clause
        first, *others = verdict.failures
        self._say(f"{clause.id}  {clause.level}", "red")
        self._say(_indented(clause.text, 2))
        rows = {
            "source": clause.source,
            "test": first.test,
            "also": some_tests(others),
            "found": _message(first),
            "expected": first.expected,
            "actual": first.actual,
            "again": again(self.options, result, first, self.level),
        }
        for label, value in rows.items():
            if value:
                self._say(f"  {label:9} {_indented(value, 12).lstrip(' ')}")
        if first.calls:
            self._say("  calls")
            self._say(_indented("\n".join(first.calls), 4))

    def _reasons(
        self, heading: str, outcome: Outcome, verdicts: Iterable[Verdict]
    ) -> None:
        reasons: dict[str, list[str]] = {}
        for verdict in verdicts:
            if verdict.outcome is outcome:
                finding = next(f for f in verdict.findings if f.outcome is outcome)
                reason = finding.message or "no reason was given"
                reasons.setdefault(reason, []).append(
                    f"{finding.clause} in {finding.test}"
                )
        if reasons:
            self._say(heading, "bold")
        for reason, members in reasons.items():
            self._say(_indented(reason, 2))
            self._say(_indented("\n".join(members), 4))
        if reasons:
            self._say()

    def _say(self, text: str = "", style: str = "") -> None:
        shown = escaped(text).encode(self.console.encoding, "backslashreplace")
        words = Text(shown.decode(self.console.encoding), style=style)
        self.console.print(words, soft_wrap=True)


def _cells(verdicts: list[Verdict]) -> list[Text]:
    counts = count(verdicts)
    cells = [Text(str(len(verdicts)))]
    for outcome in COLUMNS:
        number = counts.get(outcome, 0)
        style = STYLES[outcome] if outcome and number else "dim"
        cells.append(Text(str(number), style=style))
    return cells


def _worst(findings: Iterable[Finding]) -> Outcome:
    """The worst of a test's findings; a test without any has nothing against it."""
    seen = {finding.outcome for finding in findings}
    return next((each for each in WORST_FIRST if each in seen), Outcome.PASS)


def _tally(outcomes: Counter[Outcome]) -> str:
    return ", ".join(
        f"{outcomes[outcome]} {outcome.value}"
        for outcome in STYLES
        if outcomes[outcome]
    )


def _message(finding: Finding) -> str:
    """What was found, where it says more than what was expected and what came."""
    sides = (finding.expected, finding.actual)
    said = all(side and side in finding.message for side in sides)
    return "" if said else finding.message


def _indented(text: str, width: int) -> str:
    return "\n".join(" " * width + line for line in text.split("\n"))
