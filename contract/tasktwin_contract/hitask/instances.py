"""Recurring items and their instances, as the tests of them make and look at them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.hitask.steps import instant, update
from tasktwin_contract.reply import Object, Reply

DAILY, WEEKLY, MONTHLY, YEARLY = 1, 2, 3, 4
DAY = timedelta(days=1)


def soon(days: int = 3) -> datetime:
    """A moment some days from now, on a second: instances of the past are not shown."""
    return datetime.now(UTC).replace(microsecond=0) + days * DAY


def text(moment: datetime) -> str:
    """The moment as dates are written."""
    return moment.isoformat(timespec="milliseconds")


def recurring(actor: Actor, kind: int, start: datetime, **fields: Any) -> Object:
    """An item that recurs from `start`. Raises `NotJudgedError`."""
    made: Object = actor.item(recurring=kind, start_date=text(start), **fields)
    return made


def finish(
    actor: Actor, item: Object, moment: datetime, completed: bool = True, **more: Any
) -> Reply:
    """Call updateItem to complete one instance, or to take that back."""
    named = {"completed": completed, "instance_date_time": text(moment)}
    return update(actor, item, **named, **more)


def shown(actor: Actor, item: Object) -> dict[datetime | None, Any]:
    """The status of each instance that the list shows of an item, by its moment."""
    rows = actor.items()[item["id"]]["instances"] or []
    return {instant(row["start_date_time"]): row["status"] for row in rows}


def holds(actor: Actor, item: Object, moment: datetime) -> bool:
    """Whether the item has an instance at that moment: one that can be completed."""
    return finish(actor, item, moment).status == 200
