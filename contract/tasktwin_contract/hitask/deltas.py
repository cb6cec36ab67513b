"""Lists, deltas, and the copy that a client keeps by them.

Items are compared by what they say: absent equals null, dates are instants, tags,
participants and permissions sets. What time computes or signs is left out.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.hitask.steps import instant, milliseconds
from tasktwin_contract.reply import Object, Reply

DERIVED = frozenset({"permission", "shared", "unread", "starred", "adminPermission"})
STAMPS = frozenset({"version", "time_last_update"})
LEFT_OUT = frozenset(
    {
        "changed",
        "instances",
        "due_date_actual",
        "last_instance_date",
        "last_transition_time_format",
        "previews",
    }
)
COMPUTED_OF_ALERTS = "notificationTime"
YEAR = 365 * 24 * 3600 * 1000

Items = dict[int, Object]


class Anything:
    """What holds every id."""

    def __contains__(self, number: object) -> bool:
        return True


ALL = Anything()


@dataclass(frozen=True)
class Listing:
    """Whole items by id, with the cursor of that moment."""

    items: Items
    cursor: int
    reply: Reply


@dataclass(frozen=True)
class Delta:
    """What a delta says: `changed` items whole, and all its entries as `rows`."""

    rows: list[Object]
    changed: Items
    cursor: int
    reply: Reply

    @property
    def stubs(self) -> set[int]:
        """The ids of what has not changed."""
        return {row["id"] for row in self.rows if row["changed"] is False}

    @property
    def named(self) -> set[int]:
        """The ids of all entries."""
        return {row["id"] for row in self.rows}


class Copy:
    """What a client keeps: the items as they were last told of, and a cursor."""

    def __init__(self, fresh: Listing) -> None:
        self.items = dict(fresh.items)
        self.cursor = fresh.cursor

    def apply(self, delta: Delta, complete: bool = True) -> None:
        """Take in what a delta says; what a `complete` one does not name has gone."""
        self.items |= delta.changed
        if complete:
            named = delta.named
            self.items = {n: item for n, item in self.items.items() if n in named}
        self.cursor = delta.cursor


def listed(actor: Actor, ours: Container[int] = ALL) -> Listing:
    """The list as it is now, of it `ours`. Raises `NotJudgedError`."""
    return _listing(actor.call("listItems"), ours)


def since(actor: Actor, timestamp: int, ours: Container[int] = ALL) -> Listing:
    """What listItemsSince has of `ours`. Raises `NotJudgedError`."""
    return _listing(actor.call("listItemsSince", timestamp=timestamp), ours)


def delta(actor: Actor, cursor: int, ours: Container[int] = ALL) -> Delta:
    """What the delta from `cursor` has of `ours`. Raises `NotJudgedError`."""
    reply = actor.call("getItemsDelta", delta=cursor)
    rows = _rows(reply, ours)
    told = [row for row in rows if row["changed"] is True]
    changed = {row["id"]: _without_mark(row) for row in told}
    return Delta(rows, changed, _cursor(reply), reply)


def _listing(reply: Reply, ours: Container[int]) -> Listing:
    items = {row["id"]: row for row in _rows(reply, ours)}
    return Listing(items, _cursor(reply), reply)


def _rows(reply: Reply, ours: Container[int]) -> list[Object]:
    data = reply.arranged().data
    if isinstance(data, list) and all(isinstance(row, dict) for row in data):
        return [row for row in data if row["id"] in ours]
    raise NotJudgedError(f"no list of objects: {reply.summary}")


def _cursor(reply: Reply) -> int:
    text = reply.headers.get("x-cursor", "")
    if text.isascii() and text.isdigit():
        return int(text)
    raise NotJudgedError(f"no cursor to go on with: {text!r}")


def _without_mark(row: Object) -> Object:
    return Object({key: value for key, value in row.items() if key != "changed"})


def same(one: Object | None, other: Object | None) -> bool:
    """Whether two items, of which either may not be there, say the same."""
    if one is None or other is None:
        return one is other
    return one == other or comparable(one) == comparable(other)


def differing(one: Object, other: Object) -> set[str]:
    """The names of the fields in which two items differ."""
    if one == other:
        return set()
    old, new = comparable(one), comparable(other)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def changed_between(before: Items, after: Items) -> set[int]:
    """The ids of the items of `after` that are new or say something else."""
    return {n for n, item in after.items() if not same(before.get(n), item)}


def newest(items: Iterable[Object]) -> int:
    """The newest time_last_update in milliseconds, -1 of no items."""
    return max((milliseconds(item["time_last_update"]) for item in items), default=-1)


def comparable(item: Object) -> dict[str, Any]:
    """What `item` says, in a form that compares."""
    shown = {
        name: READ[name](value) if name in READ else value
        for name, value in item.items()
        if value is not None and name not in LEFT_OUT
    }
    return {name: value for name, value in shown.items() if value not in EMPTY}


def _words(value: Any) -> Any:
    return frozenset(map(str, value)) if isinstance(value, list) else value


def _entries(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return frozenset((str(row["principal"]), row["level"]) for row in value)


def _alerts(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [
        {name: part for name, part in row.items() if name != COMPUTED_OF_ALERTS}
        for row in value
    ]


DATES = (
    "due_date",
    "end_date",
    "last_comment_create_datetime",
    "last_transition_time",
    "recurring_end_date",
    "start_date",
    "time_create",
    "time_last_update",
)
READ: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(DATES, instant),
    "tags": _words,
    "participants": _words,
    "permissions": _entries,
    "alerts": _alerts,
    "unread": lambda value: value or None,  # 0 and null are read
}
EMPTY: tuple[Any, ...] = (None, [], frozenset())
