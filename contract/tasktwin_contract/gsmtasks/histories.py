"""The events of a task's states, in their sequence."""

from itertools import pairwise

from tasktwin_contract.actors import Actor
from tasktwin_contract.gsmtasks.rows import Rows
from tasktwin_contract.reply import Object


def history(actor: Actor, task: Object) -> Rows:
    """The events of a task's states, the oldest first."""
    found = [e for e in actor.of_task("Events", task) if e["field"] == "state"]
    found.reverse()
    return Rows(sorted(found, key=lambda event: str(event["created_at"])))


def is_called(event: Object, name: str) -> bool:
    """Whether an event has that name, or the table's word for it."""
    return event["event"] in ALIKE.get(name, {name})


def linked(events: Rows, state: str) -> None:
    """Demand that each event begins where the one before it ended."""
    for one, following in pairwise(events):
        assert one["to_state"] == following["from_state"]
    assert events.last["to_state"] == state


ALIKE = {
    "create": {"create", "created"},
    "activate": {"activate", "active"},
    "complete": {"complete", "completed"},
    "fail": {"fail", "failed", "Failed"},
    "cancel": {"cancel", "cancelled", "Cancelled"},
}
