"""What the page on the suite's strength says is what was measured."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tasktwin_contract import catalogue
from tasktwin_schemas import APIS, clauses

from .scripts import script

ROOT = Path(__file__).parent.parent
BENCH = ROOT / "bench"
FOLDERS = BENCH, ROOT / "tests" / "mutants"
BUGS, STRENGTH = script("bugs", *FOLDERS), script("strength", *FOLDERS)
RUNS = json.loads((BENCH / "mutants.json").read_text("utf-8"))
PAGE = (ROOT / "docs" / "strength.md").read_text("utf-8")


def rows(name: str) -> list[dict[str, Any]]:
    """What a script of `bench/` wrote down."""
    found: list[dict[str, Any]] = json.loads((BENCH / name).read_text("utf-8"))
    return found


@pytest.mark.parametrize("api", APIS)
def test_the_bugs_are_counted(api: str) -> None:
    """The page says how many bugs there are for each API, and how many were found."""
    written, quick, made, choices = (
        RUNS[f"{api} {name}"] for name in ("default", "quick", "by rule", "innocent")
    )
    bugs = {row["id"]: row["clause"] for row in BUGS.rows(api)}
    named = [name for name in bugs.values() if clauses(api)[name].level != "MUST"]
    assert (written["mutants"], choices["mutants"]) == (len(bugs), len(named))
    assert written["by their clause"] == written["mutants"]
    assert made["found"] + made["stopped"] == made["mutants"]
    assert choices["blamed for a MUST"] == 0
    told = (
        f"{len(bugs)} | {quick['found']}",
        f"{made['found']} | {made['stopped']}",
        f"{choices['blamed for a MUST']} of {choices['mutants']}",
    )
    assert f"| `{api}` | {' | '.join(told)} |" in PAGE


def test_each_test_can_fail() -> None:
    """Of every test that there is, the page says that a bug has turned it red."""
    found = {api: RUNS[f"{api} able"] for api in APIS}
    for api, told in found.items():
        names = {name for tests in catalogue.tests_of(api).values() for name in tests}
        assert told == {"tests": len(names), "turned red": len(names)}
    numbers = [f"{found[api]['tests']:,}" for api in APIS]
    assert f"{numbers[0]}, {numbers[1]} and {numbers[2]} tests" in PAGE


def test_the_comparison_is_the_one_that_was_made() -> None:
    """The page shows both scores as the rows of the last comparison come to."""
    compared = rows("strength-hitask.json")
    assert STRENGTH.table(compared) in PAGE
    known = {row["id"]: row["kind"] for row in BUGS.rows("hitask")}
    bugs = {row["mutant"]: row["kind"] for row in compared if row["kind"] != "none"}
    assert bugs.items() <= known.items()


def test_the_clean_mock_passed_every_run() -> None:
    """Fifty runs of all kinds found nothing, and the page says so."""
    clean = rows("clean-hitask.json")
    assert [row["seed"] for row in clean] == [*range(50)]
    assert {row["exit"] for row in clean} == {0}
    ways = ("drawn_order", "workers", "socket")
    kinds = Counter(tuple(row[way] for way in ways) for row in clean)
    assert len(kinds) == 8
    assert "50 runs" in PAGE
