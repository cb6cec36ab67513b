"""How far a route optimisation is at a moment: pending, started, then over."""

from tasktwin_mockserver.gsmtasks.moments import SECOND
from tasktwin_mockserver.gsmtasks.records import RouteOptimization
from tasktwin_schemas import schema

PENDING, STARTED, *OUTCOMES = schema("gsmtasks", "route-optimization")["properties"][
    "state"
]["enum"]
STEP = SECOND
DURATION = 2 * STEP


def step_of(row: RouteOptimization, now: int) -> tuple[str, int]:
    """The state of an optimisation at the moment `now`, and since when it has it."""
    if row.outcome is not None:
        return row.outcome, max(row.created_at, row.queued_at + DURATION)
    if row.queued_at + STEP <= now:
        return STARTED, max(row.created_at, row.queued_at + STEP)
    return PENDING, row.created_at
