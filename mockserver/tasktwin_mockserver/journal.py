"""Durable worlds: what changes in them is safe before it is answered."""

import logging
import threading
from collections import ChainMap
from collections.abc import Mapping
from concurrent.futures import Future
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from tasktwin_mockserver.packing import Kinds, pack
from tasktwin_mockserver.recall import MARK, Facts, Page
from tasktwin_mockserver.scribe import (
    Begun,
    Change,
    Dropped,
    Entry,
    Noted,
    Numbered,
    Scribe,
)
from tasktwin_mockserver.statefile import StateFile
from tasktwin_mockserver.tables import AnyTable
from tasktwin_mockserver.world import Settings, Snapshot, World

logger = logging.getLogger("tasktwin")
Kept: TypeAlias = Future[None]


class JournalError(OSError):
    """What is to be answered is not safe: it could not be written down."""


class WorldDiary:
    """What one world has changed, on its way into the journal."""

    def __init__(self, journal: "Journal", number: int, name: str) -> None:
        self.number = number
        self.numbers: dict[str, int] = {}
        self._journal = journal
        self._name = name
        self._facts: Facts | None = None
        self._changes: list[Change] = []
        self._awaited: Kept | None = None

    def follow(self, world: World) -> None:
        """Take notice of each change of `world` from now on."""
        self._changes.clear()
        self._facts = _facts(world)
        world.diary = self
        for name, table in world.tables.items():
            self._follow(name, table)

    def begin(self, world: World) -> None:
        """Write all of `world` down, and follow it from now on."""
        with world.lock:
            self.follow(world)
            tables = {name: table.share() for name, table in world.tables.items()}
            begun = Begun(self.number, self._name, _facts(world), tables)
            self._awaited = self._journal.submit(begun)

    def note(self, world: World, *, awaited: bool) -> None:
        """Write down what has changed since the last time."""
        facts = _facts(world)
        if not self._changes and facts == self._facts:
            return
        self._facts = facts
        changes = tuple(self._changes)
        self._changes.clear()
        kept = self._journal.submit(Noted(self.number, self._name, facts, changes))
        if awaited or any(one.old is None or one.new is None for one in changes):
            self._awaited = kept

    def remember(self, label: str, snapshot: Snapshot, settings: Settings) -> None:
        """Write down a state that the world may go back to."""
        old = [Dropped(self.numbers[label])] if label in self.numbers else []
        number = self.numbers[label] = self._journal.next_number()
        facts = Facts(
            seed=0,  # of the world, whatever its state
            settings=settings,
            clock=snapshot.clock,
            counters=snapshot.counters,
            stamp=snapshot.stamp,
        )
        name = f"{self._name}{MARK}{label}"
        begun = Begun(number, name, facts, snapshot.tables)
        self._awaited = self._journal.submit(*old, begun)

    def forget(self, label: str) -> None:
        """Strike out a state that was to be remembered."""
        self._awaited = self._journal.submit(Dropped(self.numbers.pop(label)))

    def pending(self) -> Kept | None:
        """What ends once all that is awaited is safe, or fails with `JournalError`.

        What could not be written is tried again each time that somebody asks.
        """
        kept = self._awaited
        if kept is None or not kept.done():
            return kept
        return None if kept.exception() is None else self._journal.submit()

    def _follow(self, name: str, table: AnyTable) -> None:
        add = self._changes.append

        def note(key: Any, old: Any, new: Any) -> None:
            add(Change(name, table, key, old, new))

        table.follow(note)


class Journal:
    """The state file of a server, written by a thread of its own.

    All that comes while one transaction is under way makes up the next one, so a slow
    disk holds up those who write, each for two transactions at most, and nobody else.
    """

    def __init__(
        self, path: Path, api: str, kit: str, template: World, *, fsync: bool = False
    ) -> None:
        """Open the file, or make it. Raises `StateError`.

        Its worlds have the tables of `template`.
        """
        kinds = Kinds(f"tasktwin_mockserver.{api}")
        self._file = StateFile(path, api, kit, kinds, template.tables, fsync=fsync)
        self._pages, self._file.pages = self._file.pages, []
        self._template = template
        self._scribe = Scribe(self._file, kinds, self._pages)
        last = max((page.number for page in self._pages), default=0)
        self._numbers = count(last + 1)
        self._entries: list[Entry] = []
        self._kept = _promise()
        self._wake = threading.Condition()
        self._wanted = self._closed = False
        self._thread = threading.Thread(
            target=self._work, name="tasktwin-journal", daemon=True
        )
        self._thread.start()

    @property
    def made(self) -> int:
        """How many worlds had got a name of the kit's when the file was opened."""
        return self._file.about.made

    def recall(self) -> dict[str, World]:
        """The worlds that the file held when it was opened, by name."""
        pages, self._pages = self._pages, []
        diaries = {
            page.name: WorldDiary(self, page.number, page.name)
            for page in pages
            if page.label is None
        }
        worlds = {name: self._template.fork() for name in diaries}
        for page in pages:
            snapshot, settings = self._state(page), page.facts.settings
            if page.label is None:
                world = worlds[page.name]
                world.seed, world.settings = page.facts.seed, settings
                world.restore(snapshot)
            else:
                worlds[page.name].remembered[page.label] = snapshot, settings
                diaries[page.name].numbers[page.label] = page.number
        for name, diary in diaries.items():
            diary.follow(worlds[name])
        return worlds

    def begin(self, name: str, world: World, made: int) -> None:
        """Keep `world` under that name; so many have got one of the kit's by now."""
        diary = WorldDiary(self, self.next_number(), name)
        diary.begin(world)
        for label, (snapshot, settings) in world.remembered.items():
            diary.remember(label, snapshot, settings)
        self.submit(Numbered(made))

    def next_number(self) -> int:
        """A number for a world, or for a state of one, that no other has had."""
        return next(self._numbers)

    def drop(self, world: World) -> None:
        """Keep `world` no longer."""
        with world.lock:
            diary, world.diary = world.diary, None  # who still has it writes no more
        if isinstance(diary, WorldDiary):
            self.submit(*map(Dropped, (diary.number, *diary.numbers.values())))

    def submit(self, *entries: Entry) -> Kept:
        """Have `entries` written down after all that came before them.

        With none, what could not be written is tried again. What is answered ends once
        all is safe, or fails with `JournalError`.
        """
        with self._wake:
            if self._closed:
                late = _promise()
                late.set_exception(JournalError("the state file is closed"))
                return late
            self._entries += entries
            self._wanted = True
            self._wake.notify()
            return self._kept

    def close(self) -> None:
        """Write what is left, and leave the file to others."""
        with self._wake:
            if self._closed:
                return
            self._closed = True
            self._wake.notify()
        self._thread.join()
        self._file.close()

    def _state(self, page: Page) -> Snapshot:
        tables = {
            name: _refilled(table, page, name)
            for name, table in self._template.tables.items()
        }
        facts = page.facts
        return Snapshot(tables, facts.counters, facts.stamp, facts.clock)

    def _work(self) -> None:
        backlog: list[Entry] = []
        last = False
        while not last:
            with self._wake:
                self._wake.wait_for(lambda: self._wanted or self._closed)
                self._wanted, last = False, self._closed
                entries, self._entries = self._entries, []
                kept, self._kept = self._kept, _promise()
            backlog += entries
            problem = self._write(backlog)
            if problem is None:
                backlog.clear()
                kept.set_result(None)
            else:
                kept.set_exception(problem)

    def _write(self, entries: list[Entry]) -> JournalError | None:
        """Write all of `entries`, or nothing: then what kept them from it."""
        try:
            self._scribe.write(entries)
        except Exception as error:  # noqa: BLE001 (who waits has to be told, always)
            problem = f"the state file cannot be written: {error}"
            logger.error("%s", problem)
            return JournalError(problem)
        return None


def _promise() -> Kept:
    """What many may wait for, so that none of them can call it off."""
    kept: Kept = Future()
    kept.set_running_or_notify_cancel()
    return kept


def _facts(world: World) -> Facts:
    return Facts(
        seed=world.seed,
        settings=world.settings,
        clock=world.clock,
        counters=world.counters.copy(),
        stamp=world.stamp,
    )


def _refilled(table: AnyTable, page: Page, name: str) -> AnyTable:
    """A table like `table` with the records that the page has, in their orders."""
    filled = table.empty()
    places: dict[Any, int] = {}
    for place, record in page.records.get(name, {}).items():
        filled.put(record)
        places[filled.key_of(record)] = place
    if name in page.moves:
        _arrange(filled, places, page.moves[name])
    return filled


def _arrange(
    table: AnyTable,
    places: dict[Any, int],
    moves: Mapping[tuple[str, bytes], Mapping[bytes, int]],
) -> None:
    """Have each value of an index in order, where that is not the records' own."""
    keys = {pack(key): key for key in places}
    for index in {index for index, _ in moves}:
        for value in table.values_in(index):
            asked = moves.get((index, pack(value)), {})
            moved = {keys[key]: place for key, place in asked.items() if key in keys}
            table.arrange(index, value, ChainMap(moved, places).__getitem__)
