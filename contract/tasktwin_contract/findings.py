"""From a finished test to its findings."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from tasktwin_contract.clauses import blamed
from tasktwin_contract.failures import ClauseBrokenError, leaves
from tasktwin_contract.target import Broken, Target
from tasktwin_contract.verdicts import Finding, Outcome
from tasktwin_schemas import clauses


class AnswersBrokenError(AssertionError):
    """The test itself is content, but some answers broke what always holds."""

    def __init__(self, targets: Iterable[Target]) -> None:
        broken = [part for target in targets for part in target.broken.items()]
        super().__init__(
            "; ".join(
                f"{name}: expected {one.violation.expected}, got {one.violation.actual}"
                for name, one in broken
            )
        )


def findings_of(
    test: str,
    names: tuple[str, ...],
    call: pytest.CallInfo[None],
    report: pytest.TestReport,
    targets: list[Target],
) -> list[Finding]:
    """What the test says of its own clauses, and of those that answers broke."""
    own = _own_finding(test, call, report, targets)
    guilty = names
    if names and own.outcome is Outcome.FAIL and call.excinfo and targets:
        error = _broken(call.excinfo.value)[0]
        guilty = blamed(names, error, clauses(targets[0].api))
    cut = f"the test ended where it found {', '.join(guilty)} broken"
    rest = Finding("", Outcome.SKIP, test, cut, seconds=own.seconds)
    found = [
        replace(own if name in guilty else rest, clause=name)
        for name in dict.fromkeys((*names, *guilty))
    ]
    for target in targets:
        for name, broken in target.broken.items():
            found.append(_broken_finding(test, name, broken))
    discreet = [target for target in targets if target.discreet]
    return [
        one if one.outcome is Outcome.SKIP else _redacted(one, discreet)
        for one in found
    ]


def _redacted(finding: Finding, targets: list[Target]) -> Finding:
    """A finding without what only the user may know; its calls have none of it."""
    for target in targets:
        finding = replace(
            finding,
            message=target.redacted(finding.message),
            expected=target.redacted(finding.expected),
            actual=target.redacted(finding.actual),
        )
    return finding


def _own_finding(
    test: str,
    call: pytest.CallInfo[None],
    report: pytest.TestReport,
    targets: list[Target],
) -> Finding:
    seconds = report.duration
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        message, *_ = str(reason).removeprefix("Skipped: ").splitlines() or [""]
        return Finding("", Outcome.SKIP, test, message, seconds=seconds)
    error = call.excinfo.value if call.excinfo else None
    if error is None or isinstance(error, AnswersBrokenError):
        return Finding("", Outcome.PASS, test, seconds=seconds)
    broken = _broken(error)
    if not broken:
        part = next(leaves(error))
        message = f"{type(part).__name__}: {part}"
        return Finding("", Outcome.ERROR, test, message, seconds=seconds)
    first = broken[0]
    expected, actual = "", ""
    if isinstance(first, ClauseBrokenError):
        expected, actual = first.expected, first.actual
    worlds = [target.latest for target in targets if target.latest is not None]
    return Finding(
        clause="",
        outcome=Outcome.FAIL,
        test=test,
        message=str(first),
        expected=expected,
        actual=actual,
        calls=worlds[-1].shell(worlds[-1].history) if worlds else (),
        seconds=seconds,
    )


def _broken(error: BaseException) -> list[AssertionError]:
    """What was found wrong, where an error says so."""
    return [part for part in leaves(error) if isinstance(part, AssertionError)]


def _broken_finding(test: str, name: str, broken: Broken) -> Finding:
    violation = broken.violation
    return Finding(
        clause=name,
        outcome=Outcome.FAIL,
        test=test,
        message=f"expected {violation.expected}, got {violation.actual}",
        expected=violation.expected,
        actual=violation.actual,
        calls=broken.world.shell(broken.history),
    )
