"""What people see of some items, to be held against what they see later."""

from collections.abc import Collection
from typing import Any

from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import World

# What passing time alone works out anew.
COMPUTED = frozenset(
    {
        "instances",
        "due_date_actual",
        "last_instance_date",
        "last_transition_time_format",
        "previews",
    }
)

Seen = dict[str, Any]


class Sight:
    """What everybody in a world sees of some items and of what is below them."""

    def __init__(self, world: World, items: Collection[int]) -> None:
        self._world, self._items = world, frozenset(items)
        people = [getattr(world, name) for name in world.people]
        self._since = [(one, one.call("listItems").cursor) for one in people]
        self._cursor = world.owner.call("listItems").cursor
        self._news = self._told()
        self._seen = self._everything()

    def unmoved(self, why: object) -> None:
        """Demand that the owner is told of no change, as far as a delta tells."""
        news = self._told()
        if news.body != self._news.body:
            place = "the owner's delta"
            _same(self._named(place, self._news), self._named(place, news), why)

    def all_unmoved(self, why: object) -> None:
        """Demand that all that everybody sees is as at the beginning."""
        _same(self._seen, self._everything(), why)

    def _told(self) -> Reply:
        return self._world.owner.call("getItemsDelta", delta=self._cursor)

    def _everything(self) -> Seen:
        """Each one's list and delta, and the history of each item."""
        seen: Seen = {}
        for person, cursor in self._since:
            listed = person.call("listItems").arranged()
            delta = person.call("getItemsDelta", delta=cursor).arranged()
            seen |= self._named(f"{person.name}'s list", listed)
            seen |= self._named(f"{person.name}'s delta", delta)
        for number in sorted(self._items):
            history = self._world.owner.call("getHistory", id=number)
            seen[f"the history of {number}"] = history.data
        return seen

    def _named(self, place: str, reply: Reply) -> Seen:
        return {
            f"{place}, item {item['id']}": _lasting(item)
            for item in reply.data
            if item["id"] in self._items or item["parent"] in self._items
        }


def _same(before: Seen, after: Seen, why: object) -> None:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old != new:
            difference = f"{key}: {_difference(old, new)}"
            raise ClauseBrokenError(f"no change by {why}", difference)


def _lasting(item: Object) -> Object:
    return Object((key, item[key]) for key in item.keys() - COMPUTED)


def _difference(old: Any, new: Any) -> str:
    """The first thing in which two differ, in words."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = sorted(k for k in old.keys() | new.keys() if old.get(k) != new.get(k))
        return f"{keys[0]} {old.get(keys[0])!r} is now {new.get(keys[0])!r}"
    return f"{old!r} is now {new!r}"
