"""A run as JUnit's XML, for the pages of a CI server.

* A `testsuite` for each area, named `API.AREA`, with how it was judged as properties:
  `api`, `target`, `seed`, `profile`, `level`, `conclusion` (the last line of the report
  for people) and the `version.NAME` of each library.
* In it a `testcase` for each clause, with the clause's `clause`, `level` and `source`
  as properties, and a `test` for each test that had a word on it. A clause that was not
  run is left out; one that no test can judge is `skipped` where it was asked for.
* A broken clause is a `failure` where it makes the target fail. One that does not is a
  case that passed, and `system-out` says what was found.
* What kept the suite from judging is the `error` of a case in a suite named `API`.

`time` is that of the tests, so that a test of two clauses counts for both; the root's
is that of the whole run. `timestamp` is when the run started, in UTC. Characters that
do not print, among them all that XML forbids, are shown escaped.
"""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tasktwin_contract.report import draft
from tasktwin_contract.report.conclusion import (
    FAILURE,
    conclusion,
    escaped,
    parted,
    some_tests,
)
from tasktwin_contract.verdicts import Finding, Outcome, Result, Verdict
from tasktwin_schemas import Clause

COUNTED = {
    "tests": "testcase",
    "failures": "failure",
    "errors": "error",
    "skipped": "skipped",
}


def write(
    path: Path, result: Result, level: str = "must", complete: bool = False
) -> None:
    """Write the report to `path`, whole or not at all. Raises `OSError`."""
    draft.write(path, as_text(result, level, complete))


def as_text(result: Result, level: str = "must", complete: bool = False) -> str:
    """The report as an XML document."""
    root = Element("testsuites", name=escaped(f"tasktwin verify {result.api}"))
    how = _how(result, level, complete)
    nouns = {v.clause.id: noun for noun, vs in parted(result, level) for v in vs}
    for area, members in _areas(result).items():
        suite = _suite(root, f"{result.api}.{area}", result, how)
        for verdict in members:
            _case(suite, verdict, nouns.get(verdict.clause.id, ""))
        _count(suite, sum(map(_seconds, members)))
    if result.problems:
        suite = _suite(root, result.api, result, how)
        case = _element(suite, "testcase", classname=result.api, name="the suite")
        case.set("time", _number(0))
        _remark(case, "error", result.problems)
        _count(suite, 0)
    _count(root, result.seconds)
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return f"{document.decode()}\n"


def _how(result: Result, level: str, complete: bool) -> list[tuple[str, object]]:
    return [
        ("api", result.api),
        ("target", result.target),
        ("seed", result.seed),
        ("profile", result.profile),
        ("level", level),
        ("conclusion", conclusion(result, level, complete)),
        *((f"version.{name}", text) for name, text in result.versions.items()),
    ]


def _areas(result: Result) -> dict[str, list[Verdict]]:
    """The verdicts to show, by area."""
    areas: dict[str, list[Verdict]] = {}
    for verdict in result.verdicts().values():
        clause = verdict.clause
        untested = clause.not_tested is not None and _asked(result, clause)
        if verdict.outcome is not None or untested:
            areas.setdefault(clause.area, []).append(verdict)
    return areas


def _asked(result: Result, clause: Clause) -> bool:
    """Whether a clause without a test is among those that were to be judged."""
    areas = result.configuration.get("areas")
    chosen = areas or result.configuration.get("clauses")
    return not chosen or clause.area in (areas or ())


def _suite(
    root: Element, name: str, result: Result, how: list[tuple[str, object]]
) -> Element:
    suite = _element(root, "testsuite", name=name)
    started = result.started.astimezone(UTC).replace(tzinfo=None)
    suite.set("timestamp", started.isoformat(timespec="seconds"))
    _properties(suite, how)
    return suite


def _case(suite: Element, verdict: Verdict, noun: str) -> None:
    """Add the case of one clause; `noun` says what its failure comes to, if any."""
    clause = verdict.clause
    name = f"{clause.id} {clause.text}"
    case = _element(suite, "testcase", classname=suite.attrib["name"], name=name)
    case.set("time", _number(_seconds(verdict)))
    tests = sorted({finding.test for finding in verdict.findings})
    _properties(
        case,
        [
            ("clause", clause.id),
            ("level", clause.level),
            ("source", clause.source),
            *(("test", test) for test in tests),
        ],
    )
    if verdict.outcome is Outcome.FAIL:
        _failure(case, verdict, noun)
    elif verdict.outcome is None:
        _remark(case, "skipped", [f"not tested: {clause.not_tested}"])
    elif verdict.outcome is not Outcome.PASS:
        _reasons(case, verdict, verdict.outcome)


def _failure(case: Element, verdict: Verdict, noun: str) -> None:
    first = verdict.failures[0]
    lines = [first.message, *_found(verdict.failures)]
    if noun == FAILURE:
        _remark(case, "failure", lines, verdict.clause.level)
    else:
        out = _element(case, "system-out")
        out.text = escaped("\n".join([f"{noun}:", *lines]))


def _found(failures: tuple[Finding, ...]) -> Iterator[str]:
    """What the first failure found beside its message, in lines."""
    first, *others = failures
    rows = {
        "test": first.test,
        "also": some_tests(others),
        "expected": first.expected,
        "actual": first.actual,
    }
    yield from (f"{label}: {value}" for label, value in rows.items() if value)
    if first.calls:
        yield from ("calls:", *first.calls)


def _reasons(case: Element, verdict: Verdict, outcome: Outcome) -> None:
    """Say why the clause was skipped, or could not be judged."""
    lines: list[str] = []
    for finding in verdict.findings:
        if finding.outcome is outcome:
            reason = finding.message or "no reason was given"
            lines += [reason, f"    {finding.test}"]
    _remark(case, "skipped" if outcome is Outcome.SKIP else "error", lines)


def _remark(case: Element, tag: str, lines: list[str], kind: str = "") -> None:
    """Say why a case did not pass: in a line, and in full."""
    text = "\n".join(lines)
    message = text.strip().partition("\n")[0]
    remark = _element(case, tag, type=kind or tag, message=message)
    remark.text = escaped(text)


def _properties(parent: Element, pairs: list[tuple[str, object]]) -> None:
    properties = _element(parent, "properties")
    for name, value in pairs:
        _element(properties, "property", name=name, value=str(value))


def _element(parent: Element, tag: str, **attributes: str) -> Element:
    shown = {name: escaped(value) for name, value in attributes.items()}
    return SubElement(parent, tag, shown)


def _count(element: Element, seconds: float) -> None:
    """Write the totals of what `element` holds."""
    for name, tag in COUNTED.items():
        element.set(name, str(sum(1 for _ in element.iter(tag))))
    element.set("time", _number(seconds))


def _seconds(verdict: Verdict) -> float:
    return sum(finding.seconds for finding in verdict.findings)


def _number(seconds: float) -> str:
    return f"{seconds:.3f}"
