"""The alerts of an item: the list that is sent is the list that is kept."""

from typing import Any

from tasktwin_mockserver.hitask.dates import date_text
from tasktwin_mockserver.hitask.errors import InvalidDataError, NotFoundError
from tasktwin_mockserver.hitask.records import Alert, Item
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld
from tasktwin_mockserver.parameters import WrongTypeError, to_datetime

SWITCHES = ("sound", "alert", "email", "push")


def kept_alerts(
    call: Call, world: HiTaskWorld, item: Item | None, sent: list[dict[str, Any]]
) -> tuple[Alert, ...]:
    """What `item` has for alerts when `sent` is its list; None is an item to be."""
    known = {alert.id for alert in item.alerts} if item else set()
    named = [row["id"] for row in sent if row.get("id") is not None]
    if not known.issuperset(named):
        raise NotFoundError("Alert")
    if len(set(named)) < len(named):
        raise InvalidDataError("alerts", "(the same id twice)")
    return tuple(_alert(call, world, row) for row in sent)


def _alert(call: Call, world: HiTaskWorld, row: dict[str, Any]) -> Alert:
    number = row.get("id")
    return Alert(
        id=call.write.next("alert") if number is None else number,
        time_type=row["timeType"],
        time=row.get("time"),
        timeSpecified=_moment(call, world, row.get("timeSpecified")),
        repeat=row.get("repeat") or 0,
        repeatInterval=row.get("repeatInterval") or 0,
        **{switch: bool(row.get(switch)) for switch in SWITCHES},
    )


def _moment(call: Call, world: HiTaskWorld, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date_text(to_datetime(text), world, call.user)
    except WrongTypeError:
        raise InvalidDataError("alerts", "(timeSpecified is no date)") from None
