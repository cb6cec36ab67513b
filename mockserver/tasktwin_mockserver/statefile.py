"""The file of durable worlds: how it is made, claimed, written, and left.

It is an SQLite database in WAL mode, which one server at a time has open. Whatever is
not surely a state file that this kit can go on with is refused, and left as it is.
"""

import os
import sqlite3
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import msgspec

from tasktwin_mockserver.packing import Kinds, pack, seal
from tasktwin_mockserver.recall import (
    APPLICATION,
    FORM,
    About,
    StateError,
    in_use,
    read,
    refusal,
)

BUSY_SECONDS = 0.5
LOG_PAGES = 4000  # of 4 kB, after which the log is put into the file
TABLES = """
CREATE TABLE about (facts BLOB NOT NULL);
CREATE TABLE worlds (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, facts BLOB NOT NULL);
CREATE TABLE records (
    place INTEGER PRIMARY KEY, world INTEGER NOT NULL, part TEXT NOT NULL,
    key BLOB NOT NULL, kind TEXT NOT NULL, fields BLOB NOT NULL,
    UNIQUE (world, part, key));
CREATE TABLE moves (
    world INTEGER NOT NULL, part TEXT NOT NULL, key BLOB NOT NULL,
    property TEXT NOT NULL, value BLOB NOT NULL, place BLOB NOT NULL,
    PRIMARY KEY (world, part, key, property, value)) WITHOUT ROWID;
CREATE TABLE contents (digest BLOB PRIMARY KEY, data BLOB NOT NULL);
"""


class StateFile:
    """An open file: nobody else has it until `close`."""

    def __init__(
        self,
        path: Path,
        api: str,
        kit: str,
        kinds: Kinds,
        tables: Collection[str],
        *,
        fsync: bool = False,
    ) -> None:
        """Open the file, or make it. Raises `StateError`.

        With `fsync` each commit waits for the disk, not for the system alone.
        """
        path = path.resolve()
        self._lock = _Lock(path)
        try:
            if not path.exists():
                _create(path, About(api, kit), fsync=fsync)
            book = read(path, api, kit, kinds, tables)
            self._database = _claimed(path, fsync=fsync)
        except BaseException:
            self._lock.release()
            raise
        self.pages, self.about = book.pages, book.about
        try:
            self._begin(kit, book.unused)
        except sqlite3.Error as error:
            self.close()
            raise refusal(path, error) from None

    def _begin(self, kit: str, unused: Sequence[bytes]) -> None:
        """Say who writes from now on, and drop the contents that no record has."""
        if kit == self.about.kit and not unused:
            return
        with self.writing():
            self.write_about(msgspec.structs.replace(self.about, kit=kit))
            rows = [(digest,) for digest in unused]
            self.run_each("DELETE FROM contents WHERE digest = ?", rows)

    def run(self, command: str, *values: object) -> None:
        """Run an SQL command."""
        self._database.execute(command, values)

    def run_each(self, command: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run an SQL command with the values of each row."""
        self._database.executemany(command, rows)

    def write_about(self, about: About) -> None:
        """Write down whose file it is."""
        self.about = about
        self._database.execute("UPDATE about SET facts = ?", [seal(pack(about))])

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written within the block, or nothing."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Leave one whole file behind, which others may open."""
        with suppress(sqlite3.Error):
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with suppress(sqlite3.Error):
            self._database.close()
        self._lock.release()


class _Lock:
    """The right to a state file, which ends with the process at the latest.

    SQLite's own locks come too late: a file is looked at before SQLite may change it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(f"{path.name}-lock")
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise refusal(path, error) from None
        if not self._take():
            os.close(self._file)
            raise in_use(path)

    def _take(self) -> bool:
        if sys.platform == "win32":
            return True  # SQLite's locks have to do
        import fcntl

        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever had it may have removed it on leaving: then it locks nothing.
            return os.path.samestat(os.fstat(self._file), self._path.stat())
        except OSError:
            return False

    def release(self) -> None:
        with suppress(OSError):
            self._path.unlink()
        with suppress(OSError):
            os.close(self._file)


def _create(path: Path, about: About, *, fsync: bool) -> None:
    """Make an empty file, which is whole from the moment it has its name."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        raise StateError(
            f"The state file {str(path)!r} is gone, but not {log.name!r}, which holds"
            " what was written last; bring the one back, or remove the other."
        )
    try:
        draft.unlink(missing_ok=True)
        with closing(sqlite3.connect(draft, isolation_level=None)) as database:
            database.execute(f"PRAGMA synchronous = {'FULL' if fsync else 'OFF'}")
            database.executescript(f"BEGIN; {TABLES}")
            database.execute("INSERT INTO about VALUES (?)", [seal(pack(about))])
            database.execute(f"PRAGMA application_id = {APPLICATION}")
            database.execute(f"PRAGMA user_version = {FORM}")
            database.execute("COMMIT")
            database.execute("PRAGMA journal_mode = WAL")
        draft.rename(path)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise refusal(path, error) from None


def _claimed(path: Path, *, fsync: bool) -> sqlite3.Connection:
    """The file as a database that nobody else has. Raises `StateError`."""
    database = None
    try:
        database = sqlite3.connect(
            f"{path.as_uri()}?mode=rw",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"PRAGMA synchronous = {'FULL' if fsync else 'NORMAL'}")
        database.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    except sqlite3.Error as error:
        if database is not None:
            database.close()
        raise refusal(path, error) from None
    return database
