"""Which clauses a failure is held against, where a test judges several."""

import ast
from pathlib import Path

import pytest

from tasktwin_contract.clauses import blamed, judging, resting_on
from tasktwin_contract.verdicts import Outcome
from tasktwin_mockserver import MockServer
from tasktwin_mockserver.fivepm.shapes import Choice
from tasktwin_schemas import APIS, clauses

from .judgement import judged

SUITE = Path(__file__).parents[1] / "contract" / "tasktwin_contract"
PARTS = ("judging", "resting_on")
NAMES = ("HT-ALERT-01", "HT-BULK-07", "HT-BULK-08", "HT-ALERT-11")  # M, S, S, U


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (NAMES, NAMES[3:]),
        (NAMES[:3], NAMES[1:3]),
        (NAMES[:1], NAMES[:1]),
        (("HT-BULK-01", "HT-BULK-03"), ("HT-BULK-01", "HT-BULK-03")),
    ],
)
def test_the_least_certain_is_blamed(
    names: tuple[str, ...], wanted: tuple[str, ...]
) -> None:
    """What more certain clauses want is not shown broken by a test that wants more."""
    known = clauses("hitask")
    assert blamed(names, AssertionError(), known) == wanted


def test_what_is_judged_is_blamed() -> None:
    """The innermost part of a test says what its failure is held against."""
    known = clauses("hitask")
    with (
        pytest.raises(AssertionError) as caught,
        judging("HT-BULK-07"),
        judging("HT-ALERT-01"),
    ):
        raise AssertionError
    assert blamed(NAMES, caught.value, known) == ("HT-ALERT-01",)


@pytest.mark.parametrize(
    ("judged", "taken", "wanted"),
    [
        ("HT-BULK-01", "HT-ACCESS-04", "HT-ACCESS-04"),
        ("HT-ACCESS-05", "HT-ACCESS-04", "HT-ACCESS-05"),
        ("HT-BULK-01", "HT-BULK-03", "HT-BULK-01"),
    ],
)
def test_what_is_taken_for_granted_is_blamed(
    judged: str, taken: str, wanted: str
) -> None:
    """What only a less certain clause says is held against that one."""
    with (
        pytest.raises(AssertionError) as caught,
        resting_on(taken),
        judging(judged),
    ):
        raise AssertionError
    assert blamed(("HT-BULK-03",), caught.value, clauses("hitask")) == (wanted,)


def two_statuses(call: object, world: object) -> Choice:
    """Statuses that are none of the kit's choice."""
    return Choice("metainfoGetStatuses", {1: "begun", 2: "ended"})


def test_a_choice_of_the_kit_blames_no_must(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server with statuses of its own still answers them as a list."""
    with MockServer("fivepm") as server:
        operations = {**server.app.api.operations, "metainfoGetStatuses": two_statuses}
        monkeypatch.setattr(server.app.api, "operations", operations)
        names = ("FP-VALUE-09", "FP-VALUE-10")
        result = judged(server.url, *names, api="fivepm")
    must, chosen = (result.verdicts()[name] for name in names)
    assert chosen.outcome is Outcome.FAIL
    assert must.outcome is Outcome.SKIP
    told = {f.message for f in must.findings if f.outcome is Outcome.SKIP}
    assert told == {"the test ended where it found FP-VALUE-10 broken"}


@pytest.mark.parametrize("api", APIS)
def test_parts_judge_what_there_is(api: str) -> None:
    """What stands in `judging(…)` and `resting_on(…)` are clauses of the API."""
    named = {
        str(part.value)
        for module in (SUITE / api).glob("*.py")
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in PARTS
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and "-" in str(part.value)
    }
    assert named
    assert named <= {*clauses(api)}
