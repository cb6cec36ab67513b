"""When recurring items take place, and which of their instances differ.

An instance differs from the default when it is completed and its item is not, or the
other way round. Such ones are kept by their moments; whether there still is an instance
at that moment is worked out from the rule each time.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from dateutil.rrule import MONTHLY, YEARLY, rrule, weekday

from tasktwin_mockserver.hitask.errors import InvalidDataError
from tasktwin_mockserver.hitask.records import Instance, Item

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
YEAR = timedelta(days=365)
NEVER, DAYS, WEEKS, MONTHS = range(4)  # what `recurring` says; 4 is years
ALONE = 12 * 10_000  # an interval after which no year is left: one period, no more
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BY_DAY = re.compile(rf"([+-]?[1-9][0-9]?)?({'|'.join(WEEKDAYS)})")
NUMBER = re.compile(r"[+-]?[1-9][0-9]{0,2}")
Rules = dict[str, Any]
LEAST_AND_MOST = {
    "BYWEEKNO": (-53, 53),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
}


def with_instance(
    item: Item, moment: datetime, completed: bool
) -> tuple[Instance, ...]:
    """The differing instances of `item` when the one at `moment` is so.

    Raises `InvalidDataError` where there is none at that moment.
    """
    if not _takes_place(item, moment):
        raise InvalidDataError("instance_date_time", "(the item has no such instance)")
    at = (moment - EPOCH) // MICROSECOND
    others = [one for one in item.instances if one.at != at]
    changed = [] if completed == item.completed else [Instance(at, completed)]
    return tuple(sorted([*others, *changed], key=lambda one: one.at))


def instances_of(item: Item, now: int) -> list[dict[str, Any]]:
    """What `item` shows of its instances: those of the year from `now` that differ."""
    last = now + YEAR // MICROSECOND
    return [
        _shown(item, one)
        for one in item.instances
        if now <= one.at < last
        and one.completed != item.completed
        and _takes_place(item, _moment(one))
    ]


def _moment(instance: Instance) -> datetime:
    return EPOCH + instance.at * MICROSECOND


def _shown(item: Item, instance: Instance) -> dict[str, Any]:
    first = _first(item)
    local = _moment(instance).astimezone(first.tzinfo if first else UTC)
    return {
        "task_id": item.id,
        "status": int(instance.completed),
        "start_date": local.date().isoformat(),
        "start_date_time": local.isoformat(timespec="milliseconds"),
    }


def _first(item: Item) -> datetime | None:
    """The moment from which `item` recurs, by which its instances have their time."""
    text = item.start_date or item.end_date
    return datetime.fromisoformat(text) if text else None


def _takes_place(item: Item, moment: datetime) -> bool:
    """Whether an instance of `item` is at `moment`."""
    first, last = _first(item), item.recurring_end_date
    if item.recurring == NEVER or first is None or moment < first:
        return False
    if last is not None and moment > datetime.fromisoformat(last):
        return False
    local = moment.astimezone(first.tzinfo)
    if local.time() != first.time() or _periods(item, first, local) % (
        item.recurring_interval
    ):
        return False
    return any(day.date() == local.date() for day in _days(item, first, local))


def _periods(item: Item, first: datetime, local: datetime) -> int:
    """How many days, weeks, months or years lie between two moments."""
    if item.recurring == DAYS:
        return local.toordinal() - first.toordinal()
    if item.recurring == WEEKS:  # they begin on Mondays, as the first day of all does
        return (local.toordinal() - 1) // 7 - (first.toordinal() - 1) // 7
    years = local.year - first.year
    return years * 12 + local.month - first.month if item.recurring == MONTHS else years


def _days(item: Item, first: datetime, local: datetime) -> Iterator[datetime]:
    """The days that the rule names in the month or the year of `local`.

    One period is asked for and no more: a rule without any instance has no end.
    """
    rules = _rules(item)
    if not rules.keys() - {"bymonth", "byweekno"}:
        rules |= _default(item, first, rules)
    if item.recurring == MONTHS:
        start = datetime(local.year, local.month, 1)  # noqa: DTZ001 (days have no zone)
        return iter(rrule(MONTHLY, start, ALONE, **rules))
    start = datetime(local.year, 1, 1)  # noqa: DTZ001 (the same)
    return iter(rrule(YEARLY, start, ALONE, **rules))


def _default(item: Item, first: datetime, rules: Rules) -> Rules:
    """The days of an item whose own rules say nothing of them: as the first one is."""
    if item.recurring == DAYS:
        return {"byweekday": [*range(len(WEEKDAYS))]}
    if item.recurring == WEEKS or "byweekno" in rules:
        return {"byweekday": [first.weekday()]}
    if item.recurring == MONTHS or "bymonth" in rules:
        return {"bymonthday": [first.day]}
    return {"bymonthday": [first.day], "bymonth": [first.month]}


def _rules(item: Item) -> Rules:
    """The rules of `recurring_by` that can be read."""
    rules: Rules = {}
    for row in item.recurring_by or ():
        name, raw = row["type"], row["values"]
        parts = raw if isinstance(raw, list) else str(raw).split(",")
        words = [str(part).strip().upper() for part in parts]
        if name == "BYDAY":
            read = [*_weekdays(words, counted=item.recurring >= MONTHS)]
            rules.setdefault("byweekday", []).extend(read)
        else:
            rules.setdefault(name.lower(), []).extend(_numbers(name, words))
    return {name: values for name, values in rules.items() if values}


def _weekdays(words: list[str], *, counted: bool) -> Iterator[Any]:
    """Days of the week, and which of the month or year where they are `counted`."""
    for word in words:
        if found := BY_DAY.fullmatch(word):
            number, day = found[1], WEEKDAYS.index(found[2])
            yield weekday(day, int(number)) if number and counted else day


def _numbers(name: str, words: list[str]) -> Iterator[int]:
    least, most = LEAST_AND_MOST[name]
    for word in words:
        if NUMBER.fullmatch(word) and least <= int(word) <= most:
            yield int(word)
