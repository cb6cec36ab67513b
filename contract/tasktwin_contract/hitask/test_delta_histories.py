"""The laws of deltas, after any history of a team's items.

A history is judged by all laws at once, for lists and deltas are what costs time; a
broken law is noted under its own clause, and does not fail the others of the test.
"""

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.company import Company, Frozen
from tasktwin_contract.hitask.teamwork import Basics, judge
from tasktwin_contract.target import Target


@clause(
    "HT-DELTA-29",
    "HT-DELTA-10",
    "HT-DELTA-13",
    "HT-DELTA-15",
    "HT-DELTA-17",
    "HT-DELTA-18",
    "HT-DELTA-19",
    "HT-DELTA-20",
    "HT-DELTA-25",
    "HT-DELTA-26",
    "HT-DELTA-27",
    "HT-DELTA-28",
    "HT-DELTA-34",
    "HT-DELTA-35",
    "HT-DELTA-36",
    "HT-DELTA-37",
    "HT-DELTA-39",
    "HT-DELTA-43",
    "HT-DELTA-45",
    "HT-DELTA-54",
)
def test_histories(target: Target) -> None:
    """Who follows by deltas is told all of any history, and nothing besides."""
    judge(Basics, target)


@clause("HT-DELTA-30", "HT-DELTA-41", "HT-DELTA-46", "HT-DELTA-49", "HT-DELTA-52")
def test_histories_of_everything(target: Target) -> None:
    """The same with groups, stars, unread marks, restoring, moving and cascades."""
    judge(Company, target)


@clause("HT-DELTA-31", "HT-DELTA-51")
def test_histories_in_a_millisecond(target: Target) -> None:
    """The same while the clock stands still, and goes back between writes."""
    judge(Frozen, target)
