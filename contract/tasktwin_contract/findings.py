"""From a finished test to its findings."""

from collections.abc import Iterable

import pytest

from tasktwin_contract.curl import curl_lines, preamble
from tasktwin_contract.failures import ClauseBrokenError, leaves
from tasktwin_contract.reply import Reply
from tasktwin_contract.target import Broken, Target, World
from tasktwin_contract.verdicts import Finding, Outcome


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
    clauses: tuple[str, ...],
    call: pytest.CallInfo[None],
    report: pytest.TestReport,
    targets: list[Target],
) -> list[Finding]:
    """What the test says of its own clauses, and of those that answers broke."""
    own = _own_finding(test, call, report, targets)
    found = [
        Finding(**{**own.as_data(), "outcome": own.outcome, "clause": name})
        for name in clauses
    ]
    for target in targets:
        for name, broken in target.broken.items():
            found.append(_broken_finding(test, name, target, broken))
    return found


def _own_finding(
    test: str,
    call: pytest.CallInfo[None],
    report: pytest.TestReport,
    targets: list[Target],
) -> Finding:
    seconds = report.duration
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        return Finding("", Outcome.SKIP, test, str(reason), seconds=seconds)
    error = call.excinfo.value if call.excinfo else None
    if error is None or isinstance(error, AnswersBrokenError):
        return Finding("", Outcome.PASS, test, seconds=seconds)
    parts = list(leaves(error))
    broken = [part for part in parts if isinstance(part, AssertionError)]
    if not broken:
        message = f"{type(parts[0]).__name__}: {parts[0]}"
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
        calls=_calls(worlds[-1], worlds[-1].history) if worlds else (),
        seconds=seconds,
    )


def _broken_finding(test: str, name: str, target: Target, broken: Broken) -> Finding:
    violation = broken.violation
    return Finding(
        clause=name,
        outcome=Outcome.FAIL,
        test=test,
        message=f"expected {violation.expected}, got {violation.actual}",
        expected=violation.expected,
        actual=violation.actual,
        calls=_calls(broken.world, broken.history),
    )


def _calls(world: World, history: list[Reply]) -> tuple[str, ...]:
    used = {reply.sent.actor for reply in history}
    sessions = {
        name: person["session_id"]
        for name, person in world.people.items()
        if name in used
    }
    target = world.target
    return (
        *preamble(target.api, target.address, world.seed, sessions),
        *curl_lines(history, world.prefix, sessions),
    )
