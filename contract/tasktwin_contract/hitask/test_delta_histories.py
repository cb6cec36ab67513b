"""The laws of deltas, after any history of a team's items."""

import pytest

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.teamwork import Basics, judge
from tasktwin_contract.plugin import clauses_of
from tasktwin_contract.target import Target


@clause(
    "HT-DELTA-29",
    "HT-DELTA-13",
    "HT-DELTA-17",
    "HT-DELTA-18",
    "HT-DELTA-25",
    "HT-DELTA-27",
    "HT-DELTA-39",
)
def test_histories_that_converge(
    target: Target, request: pytest.FixtureRequest
) -> None:
    """Whoever follows by deltas holds the list, whatever several users write."""
    judge(Basics, target, clauses_of(request.node))
