"""The suite finds the bugs that are put into the mock."""

import datetime as dt
import importlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from tasktwin_contract import catalogue
from tasktwin_schemas import clauses

FOLDER = Path(__file__).parent / "mutants"


def script(name: str) -> ModuleType:
    """A module of the folder of mutants, which is no package."""
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(FOLDER))


BUGS, MECHANICAL = script("bugs"), script("mechanical")
ROWS = BUGS.rows("hitask")
EQUIVALENT = BUGS.rows("equivalent")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_each_mutant_fits(row: dict[str, str]) -> None:
    """A mutant's text stands once in its file, and what comes of it compiles."""
    compile(BUGS.fitted(row).text, row["file"], "exec")
    assert row["clause"] in clauses("hitask")


def test_the_mutants_have_names() -> None:
    """There are at least 120 mutants, each with an id of its own."""
    ids = [row["id"] for row in ROWS]
    assert len(ids) == len(set(ids)) >= 120


@pytest.mark.parametrize("row", EQUIVALENT, ids=lambda row: row["id"])
def test_what_nobody_can_see_has_a_reason(row: dict[str, str]) -> None:
    """What was judged to change nothing says why, still fits, and is no mutant."""
    assert row["id"] not in {other["id"] for other in ROWS}
    assert row["reason"].strip()
    if "find" in row:
        test_each_mutant_fits(row)
    else:
        known = {mutant.id for mutant in MECHANICAL.possible(row["file"])}
        assert row["id"] in known, "no rule makes it any longer"


def test_the_counts_of_the_catalogue() -> None:
    """The catalogue counts the mutants there are; `run.py --record` does it anew."""
    assert catalogue.mutants_of("hitask") == Counter(row["clause"] for row in ROWS)


def test_mechanical_mutants_compile() -> None:
    """What the rules make of the mock is Python, and no two are the same."""
    mutants = MECHANICAL.drawn(400)
    assert len({mutant.id for mutant in mutants}) == len(mutants) == 400
    for mutant in mutants:
        compile(mutant.text, mutant.file, "exec")


def test_a_sample_is_found() -> None:
    """A sample that changes from day to day is found whole."""
    today = dt.datetime.now(dt.UTC).toordinal()
    seed = os.environ.get("TASKTWIN_MUTANT_SEED", str(today))
    done = subprocess.run(
        [sys.executable, str(FOLDER / "run.py"), "--sample", "8", "--seed", seed],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"seed {seed}\n{done.stdout}\n{done.stderr}"
