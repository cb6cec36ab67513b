"""What one world made on a live server, and what of an answer is its own."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from tasktwin_contract.ledger import Ledger, Thing
from tasktwin_contract.rules import Kind, Rules

NOTHING = ("", "0")


class Things:
    """The things of one world, each of which stands in the run's ledger.

    `people` are the ids of the run's actors.
    """

    def __init__(
        self,
        rules: Rules,
        ledger: Callable[[], Ledger],
        people: Collection[str] = (),
    ) -> None:
        self.rules = rules
        self._people = people
        self.made: list[Thing] = []
        self._ledger = ledger
        self._alerts: set[str] = set()

    def begin(
        self, kind: str, key: str | None, actor: str, number: str | None = None
    ) -> Thing:
        """Note something that is about to be made."""
        thing = Thing(kind, actor, key, number)
        self._note(thing)
        self.made.append(thing)
        return thing

    def _note(self, thing: Thing) -> None:
        """Have the ledger know of it, unless it goes with what it hangs on."""
        if self.rules.kinds[thing.kind].removal is not None:
            self._ledger().note(thing)

    def named(self, kind: str, name: str) -> Thing | None:
        """The thing of that id or key."""
        for thing in self.made:
            if thing.kind == kind and name.lower() in thing.names:
                return thing
        return None

    def holds(self, kind: str, name: str) -> bool:
        """Whether something of that id or key is the world's own."""
        return self.named(kind, name) is not None or (
            kind == "alert" and name in self._alerts
        )

    def gone(self, thing: Thing) -> None:
        """Note that a thing has gone."""
        if not thing.gone:
            thing.gone = True
            self._note(thing)

    def gone_by_name(self, kind: str, name: str) -> None:
        """Note that what is named so, if it is the world's own, has gone."""
        thing = self.named(kind, name)
        if thing is not None:
            self.gone(thing)

    def hidden_by_name(self, kind: str, name: str) -> None:
        """Note that what is named so may be where it cannot be found."""
        thing = self.named(kind, name)
        if thing is not None and not thing.hidden:
            thing.hidden = True
            self._note(thing)

    def take_in(self, kind: str, body: bytes, made: Iterable[Thing]) -> None:
        """Learn from the answer to a request that made `made`."""
        data = self.rules.listed(parsed(body))
        pending = [thing for thing in made if thing.key is None]
        if pending and isinstance(data, list):
            self._take_in_all(kind, data, pending[0])
        if pending and isinstance(data, dict) and data.get("id") is not None:
            key = self.rules.kinds[kind].key
            given = data.get(key) if key else None
            pending[0].key = str(given).lower() if given else None
            self._number(pending[0], data)
        self.learn(kind, data)

    def _take_in_all(self, kind: str, data: list[Any], first: Thing) -> None:
        """Learn of several things that one request has made, `first` among them."""
        things = [first, *(self.begin(kind, None, first.actor) for _ in data[1:])]
        for thing, one in zip(things, _objects(data), strict=False):
            self._number(thing, one)

    def learn(self, kind: str, data: Any) -> None:
        """Take in an answer: the ids of the things in it, and what they hang on."""
        for one in _objects(data):
            thing = self._of(kind, one)
            if thing is not None:
                self._number(thing, one)
                above = self.rules.kinds[kind].above
                thing.above = frozenset(_names(one, above)) if above else frozenset()
                self._alerts.update(_alerts(one))

    def _number(self, thing: Thing, one: Mapping[str, Any]) -> None:
        if one.get("id") is not None and thing.number is None:
            thing.number = str(one["id"]).lower()
            self._note(thing)

    def take_in_implied(self, kind: str, body: bytes, mark: str, actor: str) -> None:
        """Learn of what came with other things, by the mark in the body of a list."""
        rule = self.rules.kinds[kind]
        for one in _objects(parsed(body)) if rule.implied else ():
            name = str(one.get(rule.mark or ""))
            if name.startswith(mark) and self._of(kind, one) is None:
                self._number(self.begin(kind, None, actor), one)

    def reduced(self, kind: str, body: bytes) -> bytes:
        """The body of a list with nothing in it but the world's own."""
        data = parsed(body)
        self.learn(kind, self.rules.listed(data))
        kept = self._reduced(kind, data)
        return body if kept == data else json.dumps(kept).encode()

    def _reduced(self, kind: str, data: Any) -> Any:
        if isinstance(data, dict):
            return {name: self._reduced(kind, value) for name, value in data.items()}
        if not isinstance(data, list):
            return data
        return [
            one for one in data if self._is_common(kind, one) or self._is(kind, one)
        ]

    def _is(self, kind: str, one: Any) -> bool:
        """Whether an entry of a list is the world's own, or nothing of anybody's."""
        if not isinstance(one, dict):
            return True
        if not self.rules.kinds[kind].people:
            return self._of(kind, one) is not None
        return any(
            self._of(name, one) for name, k in self.rules.kinds.items() if k.people
        )

    def _is_common(self, kind: str, one: Any) -> bool:
        common = self.rules.common.get(kind)
        if not isinstance(one, dict):
            return False
        if self.rules.kinds[kind].people and str(one.get("id")) in self._people:
            return True
        if common is None:
            return False
        return all(one.get(name) == value for name, value in common.items())

    def _of(self, kind: str, one: dict[str, Any]) -> Thing | None:
        key = self.rules.kinds[kind].key
        for name in (one.get(key) if key else None, one.get("id")):
            thing = None if name is None else self.named(kind, str(name))
            if thing is not None:
                return thing
        return None


def parsed(body: bytes) -> Any:
    """What a body says in JSON; None where it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def removable(kinds: Mapping[str, Kind], things: Iterable[Thing]) -> Iterator[Thing]:
    """The things that have to be removed, those first with which others go."""
    left = [t for t in things if not t.gone and kinds[t.kind].removal is not None]
    yield from sorted(left, key=lambda t: (kinds[t.kind].implied, bool(t.above)))


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """The objects of an answer: itself, or the entries of a list."""
    for one in data if isinstance(data, list) else [data]:
        if isinstance(one, dict):
            yield one


def _names(one: dict[str, Any], fields: Iterable[str]) -> Iterator[str]:
    for field in fields:
        name = str(one.get(field) or "").lower()
        if name not in NOTHING:
            yield name


def _alerts(one: dict[str, Any]) -> Iterator[str]:
    """Ids of what is inside a thing, which requests may name as well."""
    for alert in one.get("alerts") or ():
        if isinstance(alert, dict) and "id" in alert:
            yield str(alert["id"])
