"""What durable worlds have written down, and how it is put into the state file."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, TypeAlias

import msgspec

from tasktwin_mockserver.packing import Kinds, pack, seal
from tasktwin_mockserver.recall import (
    Facts,
    Page,
    move_place,
    record_place,
    world_place,
)
from tasktwin_mockserver.statefile import StateFile
from tasktwin_mockserver.tables import AnyTable

PUT_WORLD = "INSERT OR REPLACE INTO worlds VALUES (?, ?, ?)"
PUT_RECORD = (
    "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (world, part, key)"
    " DO UPDATE SET kind = excluded.kind, fields = excluded.fields"
)
PUT_MOVE = "INSERT OR REPLACE INTO moves VALUES (?, ?, ?, ?, ?, ?)"
PUT_CONTENT = "INSERT OR IGNORE INTO contents VALUES (?, ?)"
REMOVE_RECORD = "DELETE FROM records WHERE world = ? AND part = ? AND key = ?"
REMOVE_MOVES = "DELETE FROM moves WHERE world = ? AND part = ? AND key = ?"
REMOVE_ALL = (
    "DELETE FROM records WHERE world = ?",
    "DELETE FROM moves WHERE world = ?",
    "DELETE FROM worlds WHERE number = ?",
)


class Change(msgspec.Struct, frozen=True):
    """A key of a table, its record before and after; None for no record."""

    part: str
    table: AnyTable
    key: Any
    old: Any
    new: Any


class Noted(msgspec.Struct, frozen=True):
    """What has changed in a world."""

    world: int
    name: str
    facts: Facts
    changes: tuple[Change, ...]


class Begun(msgspec.Struct, frozen=True):
    """All of a world, in place of whatever was written down of it."""

    world: int
    name: str
    facts: Facts
    tables: Mapping[str, AnyTable]


class Dropped(msgspec.Struct, frozen=True):
    """A world that is no more."""

    world: int


class Numbered(msgspec.Struct, frozen=True):
    """How many worlds have got a name of the kit's."""

    made: int


Entry: TypeAlias = Noted | Begun | Dropped | Numbered


class Scribe:
    """Writes entries into a file, in their order.

    A record has a place, a number greater than those before it, which it keeps as long
    as it is there; where it comes to stand under another value of an index it gets one
    for that. So all orders are what they were when the file is read.
    """

    def __init__(self, file: StateFile, kinds: Kinds, pages: Iterable[Page]) -> None:
        pages = tuple(pages)
        self._file = file
        self._kinds = kinds
        self._live = {page.number for page in pages}
        self._places = count(max((page.last_place for page in pages), default=0) + 1)

    def write(self, entries: Iterable[Entry]) -> None:
        """Write all of `entries`, or nothing."""
        facts: dict[int, tuple[str, Facts]] = {}
        with self._file.writing():
            for entry in entries:
                self._write(entry, facts)
            for number, (name, told) in facts.items():
                sealed = seal(pack(told), world_place(number, name))
                self._file.run(PUT_WORLD, number, name, sealed)

    def _write(self, entry: Entry, facts: dict[int, tuple[str, Facts]]) -> None:
        match entry:
            case Noted(number, name, told, changes) if number in self._live:
                facts[number] = name, told
                for change in changes:
                    self._change(number, change)
            case Begun(number, name, told, tables):
                self._remove(number)
                self._live.add(number)
                facts[number] = name, told
                for part, table in tables.items():
                    self._put_all(number, part, table)
            case Dropped(number):
                self._remove(number)
                self._live.discard(number)
                facts.pop(number, None)
            case Numbered(made):
                about = msgspec.structs.replace(self._file.about, made=made)
                self._file.write_about(about)

    def _remove(self, world: int) -> None:
        for command in REMOVE_ALL:
            self._file.run(command, world)

    def _change(self, world: int, change: Change) -> None:
        part, key = change.part, pack(change.key)
        if change.new is None:
            self._file.run(REMOVE_RECORD, world, part, key)
            self._file.run(REMOVE_MOVES, world, part, key)
            return
        self._put(world, part, key, change.new)
        if change.old is not None:
            for name, value in change.table.entered(change.old, change.new):
                self._move(world, part, key, name, pack(value))

    def _put_all(self, world: int, part: str, table: AnyTable) -> None:
        for record in table.values():
            self._put(world, part, pack(table.key_of(record)), record)
        for name, value, keys in table.moved():
            for key in keys:
                self._move(world, part, pack(key), name, pack(value))

    def _put(self, world: int, part: str, key: bytes, record: object) -> None:
        kind = self._kinds.of(record)
        packed, contents = kind.pack(record)
        sealed = seal(packed, record_place(world, part, key, kind.name))
        place = next(self._places)
        self._file.run(PUT_RECORD, place, world, part, key, kind.name, sealed)
        for content in contents.items():
            self._file.run(PUT_CONTENT, *content)

    def _move(self, world: int, part: str, key: bytes, name: str, value: bytes) -> None:
        place = pack(next(self._places))
        sealed = seal(place, move_place(world, part, key, name, value))
        self._file.run(PUT_MOVE, world, part, key, name, value, sealed)
