"""What the page on speed says is what was measured."""

import json
from pathlib import Path
from typing import Any

import pytest

from .scripts import script

ROOT = Path(__file__).parent.parent
BENCH = ROOT / "bench"
PAGE = (ROOT / "docs" / "performance.md").read_text("utf-8")


def report(name: str) -> dict[str, Any]:
    """What a script of `bench/` wrote down."""
    found: dict[str, Any] = json.loads((BENCH / f"{name}.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("name", ["clients", "servers"])
def test_the_page_shows_what_was_measured(name: str) -> None:
    """The tables of the page are those of the last comparison."""
    table = script(name, BENCH).table(report(name)["figures"])
    assert f"```text\n{table}\n```" in PAGE


def test_the_budgets_were_kept() -> None:
    """Each budget of the script was measured, as it is now, and kept."""
    clients, others = script("clients", BENCH), script("others", BENCH)
    rows = {row["case"]: row for row in report("clients")["figures"]}
    assert all(row["within"] for row in rows.values())
    for case, budget in clients.BUDGETS.items():
        assert rows[case]["budget"] == budget
    for other, cases in others.BUDGETS.items():
        for case in cases:
            assert rows[f"{case}, {other}"]["budget"] == 1


def test_every_script_is_on_a_page() -> None:
    """Who looks for what a script of the folder shows finds it named there."""
    page = (BENCH / "README.md").read_text("utf-8")
    asked = [
        path for path in BENCH.glob("*.py") if "ArgumentParser" in path.read_text()
    ]
    assert [path.name for path in asked if f"`{path.name}`" not in page] == []
