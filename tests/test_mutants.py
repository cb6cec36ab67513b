"""The suite finds the bugs that are put into the mock."""

import datetime as dt
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tasktwin_contract import catalogue
from tasktwin_schemas import APIS, clauses

from .scripts import script

FOLDER = Path(__file__).parent / "mutants"
LEAST = {"hitask": 120, "gsmtasks": 50, "fivepm": 50}
BUGS, MECHANICAL = script("bugs", FOLDER), script("mechanical", FOLDER)
ROWS = [(api, row) for api in APIS for row in BUGS.rows(api)]
MADE = {"hitask": 700, "gsmtasks": 100, "fivepm": 150}  # by rule
TODAY = os.environ.get("TASKTWIN_MUTANT_DRAW", str(dt.datetime.now(dt.UTC).toordinal()))
EQUIVALENT = BUGS.rows("equivalent")


@pytest.mark.parametrize(("api", "row"), ROWS, ids=[row["id"] for _, row in ROWS])
def test_each_mutant_fits(api: str, row: dict[str, str]) -> None:
    """A mutant's text stands once in its file, and what comes of it compiles."""
    compile(BUGS.fitted(row).text, row["file"], "exec")
    assert row["clause"] in clauses(api)


def test_the_mutants_have_names() -> None:
    """Each mutant has an id of its own."""
    ids = [row["id"] for _, row in ROWS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("api", "least"), LEAST.items())
def test_there_are_enough_mutants(api: str, least: int) -> None:
    """There are as many as it takes to measure a suite by them."""
    assert len(BUGS.rows(api)) >= least


@pytest.mark.parametrize("row", EQUIVALENT, ids=lambda row: row["id"])
def test_what_nobody_can_see_has_a_reason(row: dict[str, str]) -> None:
    """What was judged to change nothing says why, still fits, and is no mutant."""
    assert row["id"] not in {other["id"] for _, other in ROWS}
    assert row["reason"].strip()
    if "find" in row:
        compile(BUGS.fitted(row).text, row["file"], "exec")
    else:
        known = {mutant.id for mutant in MECHANICAL.possible(row["file"])}
        assert row["id"] in known, "no rule makes it any longer"


def test_few_are_what_nobody_can_see() -> None:
    """At most a twentieth of all mutants is left out."""
    assert len(EQUIVALENT) * 20 <= len(ROWS) + sum(MADE.values())


@pytest.mark.parametrize("row", BUGS.rows("guilty"), ids=lambda row: row["id"])
def test_what_breaks_a_must_as_well_has_a_reason(row: dict[str, Any]) -> None:
    """A bug against a lesser clause that may be held against MUSTs says why."""
    (api,) = {api for api, other in ROWS if other["id"] == row["id"]}
    (own,) = {other["clause"] for _, other in ROWS if other["id"] == row["id"]}
    levels = {name: one.level for name, one in clauses(api).items()}
    assert levels[own] != "MUST"
    assert {levels[name] for name in row["clauses"]} == {"MUST"}
    assert row["reason"].endswith(".")


@pytest.mark.parametrize("api", APIS)
def test_the_counts_of_the_catalogue(api: str) -> None:
    """The catalogue counts the mutants there are; `run.py --record` does it anew."""
    counts = Counter(row["clause"] for row in BUGS.rows(api))
    assert catalogue.mutants_of(api) == counts


@pytest.mark.parametrize("api", APIS)
def test_mechanical_mutants_compile(api: str) -> None:
    """What the rules make of the mock is Python, and no two are the same."""
    mutants = MECHANICAL.drawn(api, 600)
    assert len({mutant.id for mutant in mutants}) == len(mutants) == 600
    for mutant in mutants:
        compile(mutant.text, mutant.file, "exec")


@pytest.mark.parametrize("api", APIS)
def test_a_sample_is_found(api: str) -> None:
    """A sample that changes from day to day is found whole, with another seed each."""
    judge(api, "--seed", TODAY)


@pytest.mark.parametrize(("api", "number"), MADE.items())
def test_a_sample_of_those_made_by_rule_is_found(api: str, number: int) -> None:
    """So is one of those that no person wrote."""
    judge(api, "--mechanical", str(number))


def judge(api: str, *more: str) -> None:
    """Have the suite find some mutants."""
    asked = [api, "--sample", "8", "--draw", TODAY, "--profile", "default", *more]
    done = subprocess.run(
        [sys.executable, str(FOLDER / "run.py"), *asked],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(asked)}\n{done.stdout}\n{done.stderr}"
