"""The suite finds the bugs that are put into the mock."""

import datetime as dt
import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tasktwin_schemas import clauses

RUN = Path(__file__).parent / "mutants" / "run.py"


def load_run() -> ModuleType:
    """The module that runs mutants, which is a script and in no package."""
    spec = importlib.util.spec_from_file_location("tasktwin_mutants_run", RUN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


MUTANTS = load_run().load()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.id)
def test_each_mutant_fits(mutant) -> None:  # type: ignore[no-untyped-def]
    """A mutant's text stands once in its file, and what comes of it compiles."""
    compile(mutant.applied(), mutant.file, "exec")
    assert mutant.clause in clauses("hitask")


def test_the_mutants_have_names() -> None:
    """There are at least 20 mutants, each with an id of its own."""
    ids = [mutant.id for mutant in MUTANTS]
    assert len(ids) == len(set(ids)) >= 20


def test_what_nobody_can_see_has_a_reason() -> None:
    """What was judged to change nothing says why, still fits, and is no mutant."""
    known = {mutant.id for mutant in MUTANTS}
    text = (RUN.parent / "equivalent.toml").read_text("utf-8")
    for row in tomllib.loads(text)["mutant"]:
        assert row["id"] not in known
        assert row["reason"].strip(), f"{row['id']} has no reason"
    for mutant in load_run().load("equivalent"):
        test_each_mutant_fits(mutant)


def test_a_sample_is_found() -> None:
    """A sample that changes from day to day is found whole."""
    today = dt.datetime.now(dt.UTC).toordinal()
    seed = os.environ.get("TASKTWIN_MUTANT_SEED", str(today))
    done = subprocess.run(
        [sys.executable, str(RUN), "--sample", "8", "--seed", seed],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"seed {seed}\n{done.stdout}\n{done.stderr}"
