"""Tables of immutable records, shared between worlds until one writes."""

from collections.abc import Callable, Hashable, Iterable, Iterator, ValuesView
from dataclasses import dataclass
from itertools import compress, filterfalse
from operator import is_not
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")
MOST_CHANGED = 1000


@dataclass(frozen=True, slots=True)
class Each(Generic[R]):
    """A property of which a record may have several values, none of them twice."""

    values_of: Callable[[R], tuple[Hashable, ...]]


Property = Callable[[R], Hashable | None] | Each[R]
Note = Callable[[Any, Any, Any], None]
"""Is told of a key, its record before, and its record after; None for no record."""


class Index(Generic[K, R]):
    """The keys of a table's records by another of their properties.

    `property_of` answers the property, or None for a record that the index leaves out.
    """

    __slots__ = ("_values_of", "entries", "property_of")

    def __init__(self, property_of: Property[R]) -> None:
        self.property_of = property_of
        self._values_of = _values_of(property_of)
        self.entries: dict[Hashable, tuple[K, ...]] = {}

    def copy(self) -> "Index[K, R]":
        twin: Index[K, R] = Index(self.property_of)
        twin.entries = self.entries.copy()
        return twin

    def put(self, key: K, old: R | None, new: R) -> None:
        before = () if old is None else self._values_of(old)
        after = self._values_of(new)
        if before == after:
            return
        for value in before:
            if value not in after:
                self._drop(value, {key})
        for value in after:
            if value not in before:
                self.entries[value] = (*self.entries.get(value, ()), key)

    def remove(self, records: dict[K, R]) -> None:
        gone: dict[Hashable, set[K]] = {}
        for key, record in records.items():
            for value in self._values_of(record):
                gone.setdefault(value, set()).add(key)
        for value, keys in gone.items():
            self._drop(value, keys)

    def entered(self, old: R, new: R) -> list[Hashable]:
        """The values that `new` has and `old` has not."""
        before = self._values_of(old)
        return [value for value in self._values_of(new) if value not in before]

    def _drop(self, value: Hashable, keys: set[K]) -> None:
        rest = tuple(key for key in self.entries[value] if key not in keys)
        if rest:
            self.entries[value] = rest
        else:
            del self.entries[value]


def _values_of(property_of: Property[R]) -> Callable[[R], tuple[Hashable, ...]]:
    if isinstance(property_of, Each):
        return property_of.values_of

    def single(record: R) -> tuple[Hashable, ...]:
        value = property_of(record)
        return () if value is None else (value,)

    return single


class Table(Generic[K, R]):
    """Records by key, in the order in which they were added.

    A table and its `share` hold the same dictionaries until one of the two changes.
    That one then knows which records it `_changed` since, and of which `_origin` it is,
    unless they are many; so two such tables are soon compared.
    """

    __slots__ = (
        "_changed",
        "_indexes",
        "_key_of",
        "_note",
        "_origin",
        "_rows",
        "_shared",
        "_state",
    )

    def __init__(self, key_of: Callable[[R], K], **indexes: Property[R]) -> None:
        self._key_of = key_of
        self._rows: dict[K, R] = {}
        self._indexes: dict[str, Index[K, R]] = {
            name: Index(property_of) for name, property_of in indexes.items()
        }
        self._shared = False
        self._note: Note | None = None
        self._state = object()  # one for each dictionary of rows
        self._origin: object = None
        self._changed: set[K] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __getitem__(self, key: K) -> R:
        return self._rows[key]

    def get(self, key: K) -> R | None:
        """The record of `key`, or None."""
        return self._rows.get(key)

    def values(self) -> ValuesView[R]:
        """Every record."""
        return self._rows.values()

    def where(self, index: str, value: Hashable) -> tuple[R, ...]:
        """The records whose property `index` is, or holds, `value`, oldest first."""
        rows = self._rows
        return tuple(rows[key] for key in self._indexes[index].entries.get(value, ()))

    def first(self, index: str, value: Hashable) -> R | None:
        """The oldest record whose property `index` is `value`, or None."""
        keys = self._indexes[index].entries.get(value)
        return self._rows[keys[0]] if keys else None

    def put(self, record: R) -> None:
        """Add `record`, or put it in the place of the one with its key."""
        self._own()
        key = self._key_of(record)
        old = self._rows.get(key)
        for index in self._indexes.values():
            index.put(key, old, record)
        self._rows[key] = record
        self._differs_in(key)
        if self._note is not None:
            self._note(key, old, record)

    def remove(self, keys: Iterable[K]) -> None:
        """Take out the records of those of `keys` that are there."""
        gone = {key: self._rows[key] for key in keys if key in self._rows}
        if not gone:
            return
        self._own()
        for index in self._indexes.values():
            index.remove(gone)
        for key, record in gone.items():
            del self._rows[key]
            self._differs_in(key)
            if self._note is not None:
                self._note(key, record, None)

    def key_of(self, record: R) -> K:
        """The key under which `record` stands here."""
        return self._key_of(record)

    def differing(self, other: "Table[K, R]") -> set[K]:
        """The keys under which this table and `other` do not hold the same record."""
        mine, others = self._rows, other._rows
        if mine is others:
            return set()
        for one, origin in ((self, other), (other, self)):
            if one._origin is origin._state:
                changed = one._changed
                return {key for key in changed if mine.get(key) is not others.get(key)}
        theirs: Iterable[R | None] = others.values()
        gone: Iterable[K] = ()
        if [*mine] != [*others]:  # mostly the keys are the same, which is quick to see
            theirs = map(others.get, mine)
            gone = filterfalse(mine.__contains__, others)
        return {*compress(mine, map(is_not, mine.values(), theirs)), *gone}

    def share(self) -> "Table[K, R]":
        """A table of the same records, which goes its own way from now on."""
        twin: Table[K, R] = Table(self._key_of)
        twin._rows, twin._indexes = self._rows, self._indexes
        twin._shared = self._shared = True
        twin._state = self._state
        return twin

    def follow(self, note: Note) -> None:
        """Have `note` told of each change from now on; a `share` has none."""
        self._note = note

    def empty(self) -> "Table[K, R]":
        """A table like this one that holds nothing."""
        indexes = {name: index.property_of for name, index in self._indexes.items()}
        return Table(self._key_of, **indexes)

    def entered(self, old: R, new: R) -> Iterator[tuple[str, Hashable]]:
        """Each index under one of whose values `new` stands and `old` did not."""
        for name, index in self._indexes.items():
            for value in index.entered(old, new):
                yield name, value

    def moved(self) -> Iterator[tuple[str, Hashable, tuple[K, ...]]]:
        """Each index, value, and its keys that are not in the order of the records."""
        places = {key: place for place, key in enumerate(self._rows)}
        for name, index in self._indexes.items():
            for value, keys in index.entries.items():
                if len(keys) > 1 and [*keys] != sorted(keys, key=places.__getitem__):
                    yield name, value, keys

    def values_in(self, index: str) -> list[Hashable]:
        """What the property `index` is of any record; nothing for no such index."""
        return list(self._indexes[index].entries) if index in self._indexes else []

    def arrange(self, index: str, value: Hashable, place: Callable[[K], int]) -> None:
        """Have the records under a value of an index in the order of `place`."""
        entries = self._indexes[index].entries
        entries[value] = tuple(sorted(entries[value], key=place))

    def _own(self) -> None:
        if self._shared:
            self._rows = self._rows.copy()
            self._indexes = {
                name: index.copy() for name, index in self._indexes.items()
            }
            self._shared = False
            self._origin, self._state, self._changed = self._state, object(), set()

    def _differs_in(self, key: K) -> None:
        if self._origin is None:
            return
        self._changed.add(key)
        if len(self._changed) > MOST_CHANGED:
            self._origin, self._changed = None, set()


AnyTable = Table[Any, Any]
