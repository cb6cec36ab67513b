"""Tables of immutable records, shared between worlds until one writes."""

from collections.abc import Callable, Hashable, Iterable, Iterator, ValuesView
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Each(Generic[R]):
    """A property of which a record may have several values, none of them twice."""

    values_of: Callable[[R], tuple[Hashable, ...]]


Property = Callable[[R], Hashable | None] | Each[R]


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
    """

    __slots__ = ("_indexes", "_key_of", "_rows", "_shared")

    def __init__(self, key_of: Callable[[R], K], **indexes: Property[R]) -> None:
        self._key_of = key_of
        self._rows: dict[K, R] = {}
        self._indexes: dict[str, Index[K, R]] = {
            name: Index(property_of) for name, property_of in indexes.items()
        }
        self._shared = False

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

    def remove(self, keys: Iterable[K]) -> None:
        """Take out the records of those of `keys` that are there."""
        gone = {key: self._rows[key] for key in keys if key in self._rows}
        if not gone:
            return
        self._own()
        for index in self._indexes.values():
            index.remove(gone)
        for key in gone:
            del self._rows[key]

    def key_of(self, record: R) -> K:
        """The key under which `record` stands here."""
        return self._key_of(record)

    def differing(self, other: "Table[K, R]") -> set[K]:
        """The keys under which this table and `other` do not hold the same record."""
        if self._rows is other._rows:
            return set()
        mine, others = self._rows, other._rows
        changed = {key for key, record in mine.items() if others.get(key) is not record}
        return changed.union(others.keys() - mine.keys())

    def share(self) -> "Table[K, R]":
        """A table of the same records, which goes its own way from now on."""
        twin: Table[K, R] = Table(self._key_of)
        twin._rows, twin._indexes = self._rows, self._indexes
        twin._shared = self._shared = True
        return twin

    def _own(self) -> None:
        if self._shared:
            self._rows = self._rows.copy()
            self._indexes = {
                name: index.copy() for name, index in self._indexes.items()
            }
            self._shared = False


AnyTable = Table[Any, Any]
