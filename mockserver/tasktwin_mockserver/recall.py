"""What a state file holds, found out without changing a byte of it."""

import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from tasktwin_mockserver.clock import Clock
from tasktwin_mockserver.packing import (
    DamageError,
    Kinds,
    PackingError,
    digest_of,
    unpack,
    unseal,
)
from tasktwin_mockserver.world import Settings

APPLICATION = int.from_bytes(b"twin", "big")
FORM = 1
HEADER = b"SQLite format 3\0"
MARK = "@"  # between the name of a world and the label of a state of it


class StateError(Exception):
    """The state file cannot be used: why, in a sentence that names it."""


class About(msgspec.Struct, frozen=True):
    """Whose file it is; `made` is how many worlds have got a name of the kit's."""

    api: str
    kit: str
    made: int = 0


class Facts(msgspec.Struct, frozen=True):
    """A world without its tables."""

    seed: int
    settings: Settings
    clock: Clock
    counters: dict[str, int]
    stamp: int


class Page(msgspec.Struct):
    """One world as the file has it: its facts, the records of each table by place.

    With a label it is a state of that world, which was to be remembered.

    `moves` are places of records under a value of an index, where those are not the
    places of the records: by table, index and packed value, and packed key.
    """

    number: int
    name: str
    label: str | None
    facts: Facts
    records: dict[str, dict[int, Any]] = {}
    moves: dict[str, dict[tuple[str, bytes], dict[bytes, int]]] = {}

    @property
    def last_place(self) -> int:
        """The greatest of all places."""
        records = (max(places) for places in self.records.values())
        tables = self.moves.values()
        moves = (max(keys.values()) for table in tables for keys in table.values())
        return max((*records, *moves), default=0)


class Book(msgspec.Struct):
    """All that a file holds; `unused` are the contents that no record has."""

    about: About
    pages: list[Page]
    unused: list[bytes]


def read(path: Path, api: str, kit: str, kinds: Kinds, tables: Collection[str]) -> Book:
    """What the file at `path` holds, in those tables. Raises `StateError`."""
    try:
        _check_header(path)
        with _still(path) as database:
            _check_form(path, database)
            sealed = database.execute("SELECT facts FROM about").fetchone()
            about = unpack(unseal(*sealed or (None,)), About)
            _check_about(path, about, api, kit)
            try:
                return Book(about, *_pages(database, kinds, tables))
            except (PackingError, msgspec.MsgspecError) as error:
                if isinstance(error, DamageError) or about.kit == kit:
                    raise
                raise StateError(
                    f"The state file {str(path)!r} was written by tasktwin"
                    f" {about.kit}, and this is {kit}, which cannot read it: {error}."
                ) from None
    except OSError as error:
        raise refusal(path, error) from None
    except (
        PackingError,
        msgspec.MsgspecError,
        sqlite3.Error,
        ValueError,
        LookupError,
        TypeError,
    ) as error:
        raise StateError(
            f"The state file {str(path)!r} is damaged, and was left as it is: {error}."
        ) from None


def refusal(path: Path, error: Exception) -> StateError:
    """The sentence for what the system or SQLite says against the file."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return in_use(path)
    reason = getattr(error, "strerror", None) or str(error)
    return StateError(f"The state file {str(path)!r} cannot be opened: {reason}.")


def in_use(path: Path) -> StateError:
    """The sentence for a file that somebody else has open."""
    return StateError(f"The state file {str(path)!r} is in use by another server.")


def record_place(world: int, part: str, key: bytes, kind: str) -> bytes:
    """What a record's seal holds it to."""
    return f"{world}/{part}/{kind}/".encode() + key


def move_place(world: int, part: str, key: bytes, name: str, value: bytes) -> bytes:
    """What the seal of a record's place under a value of an index holds it to."""
    return b"/".join((f"{world}/{part}/{name}".encode(), key, value))


def world_place(number: int, name: str) -> bytes:
    """What the seal of a world's facts holds them to."""
    return f"{number}/{name}".encode()


def _check_header(path: Path) -> None:
    """Refuse what is no file, or not ours, before SQLite looks at it."""
    if not path.is_file():
        raise StateError(f"{str(path)!r} is no file, so it holds no state.")
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(HEADER) or header[68:72] != APPLICATION.to_bytes(4, "big"):
        raise StateError(
            f"The file {str(path)!r} is no state file of tasktwin, or damaged;"
            " it was left as it is."
        )


@contextmanager
def _still(path: Path) -> Iterator[sqlite3.Connection]:
    """The file to be read as it stands.

    Where a server was killed its last writes are in a second file. SQLite would put
    them into the first on leaving, so a copy is read then.
    """
    with TemporaryDirectory(prefix="tasktwin-") as folder:
        log, words = path.with_name(f"{path.name}-wal"), "immutable=1"
        if log.exists() and log.stat().st_size:
            path = Path(shutil.copyfile(path, Path(folder, "state")))
            shutil.copyfile(log, Path(folder, "state-wal"))
            words = "mode=rw"
        address = f"{path.as_uri()}?{words}"
        with closing(sqlite3.connect(address, uri=True)) as database:
            yield database


def _check_form(path: Path, database: sqlite3.Connection) -> None:
    form = database.execute("PRAGMA user_version").fetchone()[0]
    if form > FORM:
        raise StateError(
            f"The state file {str(path)!r} was written by a newer tasktwin:"
            f" its form is {form}, and this one reads {FORM}."
        )
    problem = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if form < FORM or problem != "ok":
        raise DamageError(problem.replace("\n", " "))


def _check_about(path: Path, about: About, api: str, kit: str) -> None:
    if about.api != api:
        raise StateError(
            f"The state file {str(path)!r} holds worlds of {about.api}, not of {api}."
        )
    if _numbers(about.kit) > _numbers(kit) > (0,):
        raise StateError(
            f"The state file {str(path)!r} was written by tasktwin {about.kit},"
            f" which is newer than this one, {kit}."
        )


def _numbers(version: str) -> tuple[int, ...]:
    """What can be compared of a version; (0,) of one that is not known."""
    release = version.partition("+")[0].split(".")
    return tuple(int(part) for part in release if part.isdecimal())


def _pages(
    database: sqlite3.Connection, kinds: Kinds, tables: Collection[str]
) -> tuple[list[Page], list[bytes]]:
    contents = dict(database.execute("SELECT digest, data FROM contents"))
    if any(digest_of(data) != digest for digest, data in contents.items()):
        raise DamageError("a content is not what it was")
    pages = {
        number: _page(number, name, sealed)
        for number, name, sealed in database.execute("SELECT * FROM worlds")
    }
    used: set[bytes] = set()
    rows = database.execute("SELECT * FROM records ORDER BY place")
    for place, world, part, key, name, sealed in rows:
        if part not in tables:
            raise PackingError(f"there is no table called {part!r}")
        fields = unseal(sealed, record_place(world, part, key, name))
        record = kinds.named(name).unpack(fields, contents, used)
        pages[world].records.setdefault(part, {})[place] = record
    for *where, sealed in database.execute("SELECT * FROM moves"):
        world, part, key, name, value = where
        place = unpack(unseal(sealed, move_place(world, part, key, name, value)), int)
        moves = pages[world].moves.setdefault(part, {})
        moves.setdefault((name, value), {})[key] = place
    if not {page.name for page in pages.values()} <= {
        page.name for page in pages.values() if page.label is None
    }:
        raise DamageError("a world is missing")
    return [pages[number] for number in sorted(pages)], [*contents.keys() - used]


def _page(number: int, title: str, sealed: object) -> Page:
    facts: Facts = unpack(unseal(sealed, world_place(number, title)), Facts)
    name, mark, label = title.partition(MARK)
    return Page(number, name, label if mark else None, facts)
