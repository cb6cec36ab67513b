"""The JUnit report."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from tasktwin_contract import verdicts
from tasktwin_contract.report import junit
from tasktwin_contract.report.conclusion import conclusion
from tasktwin_contract.verdicts import Finding, Outcome, Result
from tasktwin_schemas import clauses

PASS, FAIL, SKIP, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.SKIP, Outcome.ERROR
MUST, SHOULD, UNDOCUMENTED = "HT-PATH-01", "HT-PATH-02", "HT-PATH-03"
DELTA = "HT-DELTA-01"
TEST = "hitask/test_paths.py::test_it"
TOTALS = ("tests", "failures", "errors", "skipped")
HOSTILE = "]]> </failure> & \x00\x1b[31m\ud800\ufffe\u202e \"'<!-- \U0001f600"


def finding(clause: str, outcome: Outcome, message: str = "", **words: Any) -> Finding:
    """Make the word of one test."""
    return Finding(clause, outcome, words.pop("test", TEST), message, **words)


def found(*findings: Finding, **words: Any) -> Result:
    """Make the result of a run."""
    given: dict[str, Any] = {
        "api": "hitask",
        "target": "http://127.0.0.1:8080",
        "own": True,
        "seed": 7,
        "profile": "quick",
        "versions": {"tasktwin": "0.1.0", "pytest": "9.0"},
        "configuration": {},
    }
    return Result(**{**given, **words}, findings=list(findings))


def parsed(result: Result, level: str = "must") -> Element:
    """Write the report and read it again."""
    return fromstring(junit.as_text(result, level).encode())  # noqa: S314 (our own)


def case_of(root: Element, clause: str) -> Element:
    """Give the case of a clause."""
    (case,) = (c for c in root.iter("testcase") if ("clause", clause) in pairs(c))
    return case


def pairs(element: Element) -> list[tuple[str | None, str | None]]:
    """Give the properties of a suite or a case."""
    return [(p.get("name"), p.get("value")) for p in element.iterfind("properties/*")]


def tags(element: Element) -> list[str]:
    """Name what an element is made of."""
    return [child.tag for child in element]


def totals(element: Element) -> list[int]:
    """Give the counts that a suite or the root states."""
    return [int(element.get(name, "-1")) for name in TOTALS]


def test_a_suite_is_an_area_and_a_case_a_clause(tmp_path: Path) -> None:
    """Areas that ran are suites in the catalogue's order; what did not run is out."""
    path = tmp_path / "report.xml"
    result = found(finding(DELTA, PASS), finding(SHOULD, SKIP), finding(MUST, PASS))
    junit.write(path, result)
    root = fromstring(path.read_bytes())  # noqa: S314 (our own)
    assert root.tag == "testsuites"
    names = {s.get("name"): [c.get("name") for c in s.iter("testcase")] for s in root}
    known = clauses("hitask")
    assert names == {
        "hitask.path": [f"{name} {known[name].text}" for name in (MUST, SHOULD)],
        "hitask.delta": [f"{DELTA} {known[DELTA].text}"],
    }
    for suite in root:
        cases = list(suite.iter("testcase"))
        assert {case.get("classname") for case in cases} == {suite.get("name")}
    assert list(tmp_path.iterdir()) == [path]


def test_a_suite_says_how_it_was_judged() -> None:
    """Its properties are API, target, seed, profile, level, conclusion, versions."""
    result = found(finding(MUST, PASS))
    assert pairs(parsed(result, "should")[0]) == [
        ("api", "hitask"),
        ("target", "http://127.0.0.1:8080"),
        ("seed", "7"),
        ("profile", "quick"),
        ("level", "should"),
        ("conclusion", conclusion(result, "should")),
        ("version.tasktwin", "0.1.0"),
        ("version.pytest", "9.0"),
    ]


def test_a_case_says_what_was_judged() -> None:
    """Its properties are clause, level, source and each test, once and in order."""
    other = "hitask/test_paths.py::test_zero[x]"
    tests = (other, TEST, other)
    result = found(*(finding(MUST, PASS, test=test) for test in tests))
    case = case_of(parsed(result), MUST)
    clause = clauses("hitask")[MUST]
    assert tags(case) == ["properties"]
    assert pairs(case) == [
        ("clause", MUST),
        ("level", "MUST"),
        ("source", clause.source),
        ("test", TEST),
        ("test", other),
    ]


def test_the_counts_add_up() -> None:
    """Each suite counts its cases by outcome, and the root is the sum."""
    root = parsed(
        found(
            finding(MUST, FAIL),
            finding(SHOULD, SKIP),
            finding(UNDOCUMENTED, ERROR),
            finding("HT-PATH-04", PASS),
            finding(DELTA, FAIL),
        )
    )
    assert {s.get("name"): totals(s) for s in root} == {
        "hitask.path": [4, 1, 1, 1],
        "hitask.delta": [1, 1, 0, 0],
    }
    assert totals(root) == [5, 2, 1, 1]


def test_times_are_those_of_the_tests_and_of_the_run() -> None:
    """A case and its suite have the tests' seconds, the root how long the run took."""
    result = found(
        finding(MUST, PASS, seconds=1.25),
        finding(MUST, PASS, seconds=0.5),
        finding(SHOULD, PASS, seconds=1234),
        seconds=2000.0004,
    )
    root = parsed(result)
    assert case_of(root, MUST).get("time") == "1.750"
    assert root[0].get("time") == "1235.750"
    assert root.get("time") == "2000.000"


def test_the_timestamp_is_the_start_in_utc() -> None:
    """A suite's timestamp is when the run started, to the second and without a zone."""
    east = timezone(timedelta(hours=2))
    started = datetime(2026, 3, 1, 1, 30, 0, 999, tzinfo=east)
    root = parsed(found(finding(MUST, PASS), started=started))
    assert root[0].get("timestamp") == "2026-02-28T23:30:00"
    before = datetime.now(UTC)
    assert before <= found().started <= datetime.now(UTC)


def test_a_failure_says_all_that_is_known() -> None:
    """A broken clause has message, level, test, both sides, and calls one a line."""
    calls = ("BASE=http://127.0.0.1:8080", 'curl "$BASE/api/user?a=1&b=<2>"')
    words = {"expected": "status 200", "actual": "status 500", "calls": calls}
    others = [
        finding(MUST, FAIL, "long", calls=("1", "2", "3"), test=f"hitask/t.py::{n}")
        for n in "abcd"
    ]
    result = found(*others, finding(MUST, FAIL, "it fell\nover", **words))
    case = case_of(parsed(result), MUST)
    assert tags(case) == ["properties", "failure"]
    assert case[1].attrib == {"type": "MUST", "message": "it fell"}
    assert (case[1].text or "").split("\n") == [
        "it fell",
        "over",
        f"test: {TEST}",
        "also: hitask/t.py::a, hitask/t.py::b, hitask/t.py::c and 1 more",
        "expected: status 200",
        "actual: status 500",
        "calls:",
        *calls,
    ]


@pytest.mark.parametrize(
    ("own", "level", "failures"),
    [
        (True, "must", {MUST, SHOULD, UNDOCUMENTED}),
        (False, "must", {MUST}),
        (False, "should", {MUST, SHOULD}),
    ],
)
def test_a_failure_is_what_makes_the_target_fail(
    own: bool, level: str, failures: set[str]
) -> None:
    """A broken clause of a lesser level, elsewhere, is a case that passed."""
    broken = (MUST, SHOULD, UNDOCUMENTED)
    result = found(*(finding(clause, FAIL, "bad") for clause in broken), own=own)
    root = parsed(result, level)
    last = {clause: case_of(root, clause)[-1] for clause in broken}
    assert {name for name, e in last.items() if e.tag == "failure"} == failures
    assert totals(root) == [3, len(failures), 0, 0]
    said = {name: e.text for name, e in last.items() if e.tag == "system-out"}
    words = {SHOULD: "warning", UNDOCUMENTED: "observed difference"}
    assert said == {
        name: f"{noun}:\nbad\ntest: {TEST}"
        for name, noun in words.items()
        if name not in failures
    }


@pytest.mark.parametrize(("outcome", "tag"), [(SKIP, "skipped"), (ERROR, "error")])
@pytest.mark.parametrize("message", ["no group", ""])
def test_what_was_not_judged_says_why(outcome: Outcome, tag: str, message: str) -> None:
    """A skip and an error give the reason, and the test that had it."""
    result = found(finding(MUST, PASS), finding(MUST, outcome, message))
    case = case_of(parsed(result), MUST)
    reason = message or "no reason was given"
    assert tags(case) == ["properties", tag]
    assert case[1].attrib == {"type": tag, "message": reason}
    assert case[1].text == f"{reason}\n    {TEST}"


@pytest.mark.parametrize(
    ("configuration", "shown"),
    [
        ({}, True),
        ({"areas": (), "clauses": ()}, True),
        ({"areas": ("path",), "clauses": ()}, True),
        ({"areas": ("delta",), "clauses": ()}, False),
        ({"areas": (), "clauses": (MUST,)}, False),
        ({"areas": ("path",), "clauses": (MUST,)}, True),
    ],
)
def test_what_no_test_can_judge_is_skipped_where_it_was_asked_for(
    configuration: dict[str, Any], shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clause that is not tested gives its reason, unless others were chosen."""
    clause = clauses("hitask")[MUST]
    known = {
        MUST: clause,
        SHOULD: replace(clause, id=SHOULD, not_tested="it takes a year"),
    }
    monkeypatch.setattr(verdicts, "clauses", lambda api: known)
    root = parsed(found(finding(MUST, PASS), configuration=configuration))
    assert totals(root) == [1 + shown, 0, 0, int(shown)]
    skipped = [element.get("message") for element in root.iter("skipped")]
    assert skipped == ["not tested: it takes a year"] * shown


def test_a_problem_of_the_suite_is_an_error() -> None:
    """What kept the suite from judging is an error of its own, with all problems."""
    root = parsed(found(finding(MUST, PASS), problems=["gone\naway", "lost"]))
    suite = root[-1]
    assert suite.get("name") == "hitask"
    (error,) = suite.iter("error")
    assert error.get("message") == "gone"
    assert error.text == "gone\naway\nlost"
    assert totals(suite) == [1, 0, 1, 0]
    assert totals(root) == [2, 0, 1, 0]


def test_a_run_without_any_verdict_is_a_report_too() -> None:
    """Where nothing was found the report is empty."""
    root = parsed(found())
    assert (tags(root), totals(root)) == ([], [0, 0, 0, 0])


def test_hostile_text_stays_text() -> None:
    """Whatever a server says, the file is XML, and what does not print is escaped."""
    words = {"expected": HOSTILE, "actual": HOSTILE, "calls": (HOSTILE,)}
    result = found(
        finding(MUST, FAIL, HOSTILE, test=HOSTILE, **words),
        finding(SHOULD, SKIP, HOSTILE),
        finding(UNDOCUMENTED, ERROR, HOSTILE),
        target=HOSTILE,
        problems=[HOSTILE],
    )
    shown = "]]> </failure> & \\x00\\x1b[31m\\ud800\\ufffe\\u202e \"'<!-- \U0001f600"
    root = parsed(result)
    for tag in ("failure", "skipped", "error"):
        assert {element.get("message") for element in root.iter(tag)} == {shown}
    failure = next(root.iter("failure"))
    assert (failure.text or "").split("\n") == [
        shown,
        f"test: {shown}",
        f"expected: {shown}",
        f"actual: {shown}",
        "calls:",
        shown,
    ]
    assert ("target", shown) in pairs(root[0])
    warned = parsed(found(finding(SHOULD, FAIL, HOSTILE), own=False))
    assert shown in (next(warned.iter("system-out")).text or "")


def test_elements_stand_where_readers_look_for_them() -> None:
    """A suite begins with its properties, and so does a case, which has one remark."""
    outcomes = {MUST: FAIL, SHOULD: FAIL, UNDOCUMENTED: SKIP, DELTA: ERROR}
    result = found(*(finding(*pair) for pair in outcomes.items()), own=False)
    result.problems.append("gone")
    root = parsed(result)
    assert set(tags(root)) == {"testsuite"}
    for suite in root:
        assert set(suite.attrib) == {"name", "timestamp", "time", *TOTALS}
        assert Counter(tags(suite))["properties"] == 1
        assert tags(suite)[0] == "properties"
        assert set(tags(suite)[1:]) == {"testcase"}
    for case in root.iter("testcase"):
        assert set(case.attrib) == {"classname", "name", "time"}
        assert len([tag for tag in tags(case) if tag != "properties"]) == 1
