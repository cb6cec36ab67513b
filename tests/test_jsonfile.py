"""The JSON report."""

import json
from pathlib import Path
from typing import Any

import pytest

from tasktwin_contract.report import jsonfile
from tasktwin_contract.verdicts import Finding, Outcome, Result
from tasktwin_schemas import clauses

PASS, FAIL, SKIP = Outcome.PASS, Outcome.FAIL, Outcome.SKIP
MUST, SHOULD, UNDOCUMENTED = "HT-PATH-01", "HT-PATH-02", "HT-PATH-03"
OF_THE_RUN = {
    "tasktwin": "0.1.0",
    "api": "hitask",
    "target": "http://127.0.0.1:8080",
    "own": True,
    "seed": 7,
    "profile": "quick",
    "level": "should",
    "complete": False,
    "versions": {"tasktwin": "0.1.0", "pytest": "9.0"},
    "configuration": {"ca_file": "ca.pem"},
    "seconds": 1.235,
    "tests": 2,
    "result": "does not conform",
    "exit_code": 1,
    "partial": True,
    "problems": ["p"],
}


def finding(clause: str, outcome: Outcome, message: str = "", **words: Any) -> Finding:
    """Make the word of one test."""
    return Finding(clause, outcome, "hitask/test_paths.py::test_it", message, **words)


def found(*findings: Finding, **words: Any) -> Result:
    """Make the result of a run."""
    return Result(
        api="hitask",
        target="http://127.0.0.1:8080",
        own=True,
        seed=7,
        profile="quick",
        versions={"tasktwin": "0.1.0", "pytest": "9.0"},
        configuration={"ca_file": Path("ca.pem")},
        findings=list(findings),
        **words,
    )


def test_the_file_holds_everything(tmp_path: Path) -> None:
    """The JSON report has the result, the counts, every clause and its findings."""
    path = tmp_path / "report.json"
    result = found(
        finding(MUST, FAIL, "bad \ud800", calls=("curl x",)),
        finding(SHOULD, SKIP, "no"),
        problems=["p"],
        tests=2,
        seconds=1.23456,
    )
    jsonfile.write(path, result, "should")
    data = json.loads(path.read_text(encoding="utf-8"))
    rows = {row["id"]: row for row in data.pop("clauses")}
    total = len(clauses("hitask"))
    untested = data["summary"].pop("not_tested")
    summary = {"pass": 0, "fail": 1, "skip": 1, "error": 0, "not_run": total - 2}
    assert data.pop("summary") == {"clauses": total, **summary}
    assert data == OF_THE_RUN
    assert list(rows) == list(clauses("hitask"))
    assert untested == sum(row["not_tested"] is not None for row in rows.values())
    assert rows[MUST]["outcome"] == "fail"
    assert rows[MUST]["findings"] == [result.findings[0].as_data()]
    assert rows[UNDOCUMENTED]["outcome"] is None
    assert rows[UNDOCUMENTED]["findings"] == []
    assert set(rows[MUST]) == {
        *("id", "level", "area", "text", "source", "not_tested", "outcome", "findings")
    }


@pytest.mark.parametrize(
    ("outcome", "said"),
    [(PASS, "conforms"), (FAIL, "does not conform"), (SKIP, "could not judge")],
)
def test_the_file_says_the_result_twice(outcome: Outcome, said: str) -> None:
    """The result in words and the exit code agree."""
    result = found(finding(MUST, outcome))
    data = jsonfile.as_data(result)
    assert data["result"] == said
    assert data["exit_code"] == result.exit_code()
