"""Worlds: isolated universes of one API's state, and the write that changes one."""

import hashlib
import threading
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from copy import copy
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, Protocol, Self, TypeVar

import msgspec

from tasktwin_mockserver.clock import Clock
from tasktwin_mockserver.faults import Faults
from tasktwin_mockserver.limits import Windows
from tasktwin_mockserver.snapshots import Snapshots
from tasktwin_mockserver.tables import AnyTable, Table
from tasktwin_mockserver.traffic import Traffic
from tasktwin_mockserver.waits import Pause

R = TypeVar("R")
FIRST = "FIRST"  # the state that a world began with; no snapshot has that name
NO_CHANGES: Mapping[Any, Any] = MappingProxyType({})


@lru_cache(maxsize=4096)
def _token(seed: int, kind: str, number: int) -> str:
    words = f"{seed}/{kind}/{number}".encode()
    digest = hashlib.blake2b(words, digest_size=16).digest()
    return str(uuid.UUID(bytes=digest, version=4))


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be set for a world.

    `max_body` is the greatest body, in bytes; `max_items` how many items, those in the
    archive left out, one account may have, None for any number; `max_storage` how much
    all files of a team, or of a person without one, may hold, in MB of 10^6 bytes;
    `max_members` how many people one team may have, those who are invited among them.
    `rate_limit` is how many requests a minute one client may send, None for any number,
    and `rate_limit_mode` what becomes of one too many. With `require_https` plain HTTP
    is refused, with `strict` what the contract does not have; with `cors` pages of any
    origin may ask. `accounts` has the state of each actor's account that is not in
    order, as the API calls it.
    """

    max_body: Annotated[int, msgspec.Meta(ge=1)] = 16 * 1024 * 1024
    max_items: Annotated[int, msgspec.Meta(ge=0)] | None = None
    max_storage: Annotated[int, msgspec.Meta(ge=0)] = 7500
    rate_limit: Annotated[int, msgspec.Meta(ge=1)] | None = None
    rate_limit_mode: Literal["reject", "delay"] = "reject"
    require_https: bool = False
    cors: bool = False
    accounts: dict[str, str] = {}
    max_members: Annotated[int, msgspec.Meta(ge=0)] = 25
    strict: bool = False


class Snapshot(msgspec.Struct, frozen=True):
    """The whole state of a world at one moment, to be restored as often as needed."""

    tables: dict[str, AnyTable]
    counters: dict[str, int]
    stamp: int
    clock: Clock


class Diary(Protocol):
    """Where a durable world writes down what changes in it."""

    def begin(self, world: "World") -> None:
        """Write all of `world` down, and follow its tables from now on."""

    def note(self, world: "World", *, awaited: bool) -> None:
        """Write down what has changed since the last time."""

    def remember(self, label: str, snapshot: Snapshot, settings: Settings) -> None:
        """Write down a state that the world may go back to."""

    def forget(self, label: str) -> None:
        """Strike out a state that was to be remembered."""

    def pending(self) -> Future[None] | None:
        """What ends once all that is awaited is safe, or fails with an `OSError`."""


class World:
    """Everything that one test needs, and nothing that it shares with another.

    An API's package derives its own world, whose attributes are its tables. The
    records of a table are immutable, so a fork or a snapshot costs a few references.
    `lock` makes the history of a world linear: whoever reads or writes holds it.
    `tick` is the least distance of two stamps, in microseconds. `remembered` are
    states by their labels, each with the settings of then, which a restart of a durable
    world does not lose. Of a world that is served `api` is the name of its API, and
    `people` the names of its cast by the ids of their users.
    """

    tick = 1
    api = ""
    people: Mapping[str, str] = NO_CHANGES
    tables: dict[str, AnyTable]

    def __init__(self, seed: int = 0, settings: Settings | None = None) -> None:
        self.seed = seed
        self._settings = settings or Settings()
        self._clock = Clock()
        self.counters: dict[str, int] = {}
        self.stamp = 0
        self.tables = {}
        self._begin()
        self.build()
        self._hold_to_names()
        self.prepare()

    def _hold_to_names(self) -> None:
        """Raise `TypeError` where forks would share a table instead of its rows."""
        for name, table in self.tables.items():
            if getattr(self, name, None) is not table:
                raise TypeError(f"no attribute {name!r} has the table of that name")

    def _begin(self) -> None:
        """Take on what no two worlds share."""
        self.diary: Diary | None = None
        self.remembered: dict[str, tuple[Snapshot, Settings]] = {}
        self.windows = Windows()
        self.traffic = Traffic()
        self.faults = Faults(self.api)
        self.snapshots = Snapshots(self)
        self.lock = threading.RLock()
        self._watching = threading.Lock()
        self._watchers: set[Callable[[], object]] = set()
        self._ended = False

    @property
    def clock(self) -> Clock:
        """The world's own time. Turning it wakes those who `rest`."""
        return self._clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self._turn(clock)
        self.keep()

    def _turn(self, clock: Clock) -> None:
        with self._watching:
            self._clock = clock
            self._wake()

    @property
    def ended(self) -> bool:
        """Whether nobody is to wait here any more."""
        return self._ended

    @property
    def settings(self) -> Settings:
        """What is set for this world."""
        return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._settings = settings
        self.keep()

    def keep(self, *, awaited: bool = True) -> None:
        """Have what has changed written down, where this world is durable.

        Without `awaited` no answer waits for it, where records have only been replaced:
        nobody would miss that.
        """
        if self.diary is not None:
            with self.lock:
                self.diary.note(self, awaited=awaited)

    def remember(self, label: str) -> None:
        """Have the state as it is now in `remembered`, after a restart too."""
        with self.lock:
            self.remembered.pop(label, None)
            self.remembered[label] = self.snapshot(), self.settings
            if self.diary is not None:
                self.diary.remember(label, *self.remembered[label])

    def forget_state(self, label: str) -> bool:
        """Have it there no more; False where it is not."""
        with self.lock:
            known = self.remembered.pop(label, None) is not None
            if known and self.diary is not None:
                self.diary.forget(label)
            return known

    def pending(self) -> Future[None] | None:
        """What ends once all that was kept is safe; None where nothing is to be.

        Nothing is answered before. Whoever waits holds no lock, so that others may go
        on meanwhile; it fails with an `OSError` where the state cannot be written.
        """
        return None if self.diary is None else self.diary.pending()

    def rest(self, microseconds: int, clock: Clock) -> bool:
        """Wait so long by `clock`, less where it is not the world's, or no more.

        By a clock that stands still that is until somebody turns it. False where the
        world has ended. Whoever rests holds no lock.
        """
        turned = threading.Event()
        if self.watch(turned.set, clock):
            turned.wait(Pause(self, microseconds, clock).seconds)
            self.unwatch(turned.set)
        return not self._ended

    def watch(self, wake: Callable[[], object], clock: Clock) -> bool:
        """Have `wake` called, from any thread, when the clock is turned or all ends.

        False where that has happened since the world's clock was `clock`.
        """
        with self._watching:
            watching = self._clock is clock and not self._ended
            if watching:
                self._watchers.add(wake)
            return watching

    def unwatch(self, wake: Callable[[], object]) -> None:
        """Have `wake` not called any more."""
        with self._watching:
            self._watchers.discard(wake)

    def end(self) -> None:
        """Have nobody rest any more."""
        with self._watching:
            self._ended = True
            self._wake()

    def _wake(self) -> None:
        for wake in self._watchers:
            wake()

    def build(self) -> None:
        """Make the empty tables; each API's world does."""

    def prepare(self) -> None:
        """Begin to keep what is worked out from the tables."""

    def commit(self, write: "Write") -> None:
        """Have `write` change this world, with all that follows from it."""
        write.apply()

    def forget(self, before: Mapping[str, AnyTable]) -> None:
        """Drop what was worked out from the tables `before` and no longer holds."""

    def snapshot(self) -> Snapshot:
        """The state as it is now. Traffic is no part of it."""
        with self.lock:
            return Snapshot(
                tables={name: table.share() for name, table in self.tables.items()},
                counters=self.counters.copy(),
                stamp=self.stamp,
                clock=self.clock,
            )

    def restore(self, snapshot: Snapshot) -> None:
        """Be again as `snapshot` was."""
        with self.lock:
            before = self.tables.copy()
            self._take(snapshot.tables)
            self.counters = snapshot.counters.copy()
            self.stamp = snapshot.stamp
            self._turn(snapshot.clock)
            self.forget(before)
            if self.diary is not None:
                self.diary.begin(self)

    def reset(self) -> None:
        """Be again as the fork was that this world began as; snapshots are kept."""
        with self.lock:
            first, self._settings = self.remembered[FIRST]
            self.restore(first)
            self.faults.clear()
            self.windows = Windows()
        self.traffic.clear()

    def begin(self) -> None:
        """Have `reset` come back to this moment."""
        self.remember(FIRST)

    def _take(self, tables: Mapping[str, AnyTable]) -> None:
        """Have the same records as `tables`."""
        for name, table in tables.items():
            self.tables[name] = table.share()
            setattr(self, name, self.tables[name])

    def fork(self) -> Self:
        """Another world with the same state, an empty log and a lock of its own."""
        with self.lock:
            twin = copy(self)
            twin.tables = {}
            twin._take(self.tables)
            twin.counters = self.counters.copy()
        twin._begin()
        twin.prepare()
        return twin

    def token(self, kind: str, number: int) -> str:
        """A UUID that nobody guesses by counting, and that the seed repeats."""
        return _token(self.seed, kind, number)

    def _table(self, name: str, table: Table[Any, R]) -> Table[Any, R]:
        self.tables[name] = table
        return table


class Write:
    """What one request changes: collected first, then applied at once.

    All that one write changes shares one stamp, in microseconds on a whole tick,
    greater than every stamp before it even where the clock stands still or goes back.
    Until `apply` the world is untouched, so a refusal leaves no trace.
    """

    __slots__ = ("_changes", "_counters", "_stamp", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._changes: dict[int, tuple[AnyTable, dict[Any, Any]]] = {}
        self._counters: dict[str, int] = {}
        self._stamp: int | None = None

    @property
    def stamp(self) -> int:
        """The moment of this write, the same each time it is asked for."""
        if self._stamp is None:
            tick = self._world.tick
            now = self._world.clock.now() // tick * tick
            self._stamp = max(now, self._world.stamp + tick)
        return self._stamp

    def next(self, counter: str) -> int:
        """The next number of `counter`; a number is given once in a world's life."""
        number = self._counters.get(counter, self._world.counters.get(counter, 0)) + 1
        self._counters[counter] = number
        return number

    def get(self, table: Table[Any, R], key: object) -> R | None:
        """The record of `key` as it will be, or None."""
        changes = self.changes(table)
        return changes[key] if key in changes else table.get(key)

    def changes(self, table: Table[Any, R]) -> Mapping[Any, R | None]:
        """The records that `table` gets by their keys; None for one that goes."""
        kept = self._changes.get(id(table))
        return kept[1] if kept else NO_CHANGES

    def is_only(self, table: AnyTable) -> bool:
        """Whether no record changes but those of `table`."""
        return self._changes.keys() <= {id(table)}

    def put(self, table: Table[Any, R], record: R) -> R:
        """Have `record` put into `table`."""
        self._of(table)[table.key_of(record)] = record
        return record

    def remove(self, table: AnyTable, *keys: object) -> None:
        """Have the records of `keys` taken out of `table`."""
        self._of(table).update(dict.fromkeys(keys))

    def apply(self) -> None:
        """Change the world."""
        for table, changes in self._changes.values():
            table.remove([key for key, record in changes.items() if record is None])
            for record in changes.values():
                if record is not None:
                    table.put(record)
        self._world.counters.update(self._counters)
        if self._stamp is not None:
            self._world.stamp = self._stamp

    def _of(self, table: AnyTable) -> dict[Any, Any]:
        return self._changes.setdefault(id(table), (table, {}))[1]
