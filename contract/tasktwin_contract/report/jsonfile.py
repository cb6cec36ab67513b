"""A run as a JSON file, for programs.

The file holds one object:

* `tasktwin`: the kit's version, null in a checkout that is not installed; `api`;
  `target`: what was judged; `own`: whether it is a mock of ours, which is held to all
  three levels.
* `seed`, `profile`, `level` (`must` or `should`), `complete`: how it was judged;
  `configuration`: the options, secrets cut; `versions`: of the libraries, by name.
* `seconds` and `tests`: how long the run took, and how many tests it had.
* `result`: `conforms`, `does not conform` or `could not judge`; `exit_code`: the same
  as 0, 1 or 2; `partial`: whether some clause was skipped or could not be judged.
* `summary`: how many `clauses` there are, and of how many the outcome is `pass`,
  `fail`, `skip`, `error` or none (`not_run`); `not_tested`: how many of the latter no
  test can judge.
* `clauses`: one object a clause, in the catalogue's order: `id`, `level`, `area`,
  `text`, `source`, `not_tested` (why no test can judge it, or null), `outcome` (null
  where no test ran) and `findings`: objects with `clause`, `outcome`, `test`,
  `message`, `expected`, `actual`, `calls` (shell lines) and `seconds`.
* `problems`: sentences on what kept the suite from judging.
"""

import json
from pathlib import Path
from typing import Any

from tasktwin_contract.report import draft
from tasktwin_contract.verdicts import Outcome, Result, Verdict, count

RESULTS = {0: "conforms", 1: "does not conform", 2: "could not judge"}


def write(
    path: Path, result: Result, level: str = "must", complete: bool = False
) -> None:
    """Write the report to `path`, whole or not at all. Raises `OSError`."""
    text = json.dumps(as_data(result, level, complete), indent=2, default=str)
    draft.write(path, f"{text}\n")


def as_data(
    result: Result, level: str = "must", complete: bool = False
) -> dict[str, Any]:
    """The report as plain JSON data."""
    verdicts = list(result.verdicts().values())
    code = result.exit_code(level, complete)
    return {
        "tasktwin": result.versions.get("tasktwin"),
        "api": result.api,
        "target": result.target,
        "own": result.own,
        "seed": result.seed,
        "profile": result.profile,
        "level": level,
        "complete": complete,
        "versions": dict(result.versions),
        "configuration": dict(result.configuration),
        "seconds": round(result.seconds, 3),
        "tests": result.tests,
        "result": RESULTS[code],
        "exit_code": code,
        "partial": result.partial,
        "summary": _summary(verdicts),
        "clauses": [_verdict(verdict) for verdict in verdicts],
        "problems": list(result.problems),
    }


def _summary(verdicts: list[Verdict]) -> dict[str, int]:
    counts = count(verdicts)
    untested = [v for v in verdicts if v.clause.not_tested is not None]
    return {
        "clauses": len(verdicts),
        **{outcome.value: counts.get(outcome, 0) for outcome in Outcome},
        "not_run": counts.get(None, 0),
        "not_tested": sum(verdict.outcome is None for verdict in untested),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    clause = verdict.clause
    return {
        "id": clause.id,
        "level": clause.level,
        "area": clause.area,
        "text": clause.text,
        "source": clause.source,
        "not_tested": clause.not_tested,
        "outcome": verdict.outcome,
        "findings": [finding.as_data() for finding in verdict.findings],
    }
