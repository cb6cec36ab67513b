"""What a run makes on a live server, written down before it is made.

A file for each run, a JSON object a line. The first line says of which run it is; then
each thing has a line before the request that makes it, one with its id once that is
known, and one when it has gone. What a crash leaves behind is what has no such line.
No credential stands in it.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SUFFIX = ".jsonl"
PRIVATE = 0o600
OPENED = os.O_WRONLY | os.O_CREAT | os.O_APPEND


def usual_folder() -> Path:
    """Where ledgers are kept where nobody says otherwise."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "tasktwin"


@dataclass
class Thing:
    """Something that a run made, or was about to make.

    `key` is the key that the client chose, `number` the server's id; `above` names what
    it hangs on, `hidden` says that it was put where it cannot be found.
    """

    kind: str
    actor: str
    key: str | None = None
    number: str | None = None
    above: frozenset[str] = frozenset()
    gone: bool = False
    hidden: bool = False
    entry: int = -1

    @property
    def names(self) -> frozenset[str]:
        """By what requests name it."""
        return frozenset(name for name in (self.key, self.number) if name)


@dataclass
class Loan:
    """What an actor's account was before the run changed it."""

    actor: str
    write: str
    before: dict[str, Any]
    logins: list[str] = field(default_factory=list)


class Ledger:
    """The file of one run."""

    def __init__(self, path: Path, run: str) -> None:
        self.path = path
        self.run = run
        self.things: list[Thing] = []
        self.loans: dict[tuple[str, str], Loan] = {}
        self._handle: int | None = None

    @classmethod
    def begin(cls, folder: Path, api: str, target: str, run: str) -> "Ledger":
        """A new ledger in `folder`. Raises `OSError` where it cannot be written."""
        folder.mkdir(parents=True, exist_ok=True)
        ledger = cls(folder / f"{api}-{run}{SUFFIX}", run)
        ledger.write({"run": run, "api": api, "target": target})
        return ledger

    def note(self, thing: Thing) -> None:
        """Write down what is about to be made, or what is now known of it."""
        if thing.entry < 0:
            thing.entry = len(self.things)
            self.things.append(thing)
        words = {"entry": thing.entry, "kind": thing.kind, "actor": thing.actor}
        known = {"key": thing.key, "id": thing.number}
        states = {"hidden": thing.hidden, "gone": thing.gone}
        more = {name: value for name, value in {**known, **states}.items() if value}
        self.write(words | more)

    def lend(self, loan: Loan) -> None:
        """Write down what an account was, before it is changed."""
        self.loans[loan.actor, loan.write] = loan
        words = {"account": loan.actor, "write": loan.write, "before": loan.before}
        self.write(words | {"logins": loan.logins})

    def returned(self, loan: Loan) -> None:
        """Write down that an account is again what it was."""
        del self.loans[loan.actor, loan.write]
        self.write({"account": loan.actor, "write": loan.write})

    def write(self, row: dict[str, Any]) -> None:
        """Add a line, which the system has once this returns."""
        if self._handle is None:
            self._handle = os.open(self.path, OPENED, PRIVATE)
            _lock(self._handle)
        os.write(self._handle, f"{json.dumps(row)}\n".encode())

    @property
    def is_kept(self) -> bool:
        """Whether a run that goes on keeps it, in this process or another."""
        handle = os.open(self.path, os.O_RDWR)
        try:
            return not _lock(handle)
        finally:
            os.close(handle)

    def left(self) -> list[Thing]:
        """What was made, as far as anybody knows, and has not gone."""
        return [thing for thing in self.things if not thing.gone]

    def close(self) -> None:
        """Keep it no longer, and not at all where nothing is left that it tells of."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        if not self.left() and not self.loans:
            self.path.unlink(missing_ok=True)


def masked(values: Mapping[str, Any], person: Mapping[str, str]) -> dict[str, Any]:
    """`values` without credentials, which are kept nowhere; `unmasked` puts them in."""
    names = {value: key for key, value in person.items()}
    return {
        name: {"credential": names[value]} if value in [*names] else value
        for name, value in values.items()
    }


def unmasked(values: Mapping[str, Any], person: Mapping[str, str]) -> dict[str, Any]:
    """`values` with the credentials that `masked` left out."""
    return {
        name: person.get(value["credential"])
        if isinstance(value, dict) and "credential" in value
        else value
        for name, value in values.items()
    }


def _lock(handle: int) -> bool:
    """Hold a file for as long as it is open; False where somebody else does."""
    try:
        import fcntl
    except ImportError:  # a system without locks of this kind
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def found(folder: Path, api: str, target: str) -> list[Ledger]:
    """The ledgers in `folder` of runs against `target`."""
    return [
        ledger
        for path in sorted(folder.glob(f"{api}-*{SUFFIX}"))
        if (ledger := _read(path, api, target)) is not None
    ]


def _read(path: Path, api: str, target: str) -> Ledger | None:
    rows = list(_rows(path.read_bytes().splitlines()))
    head = rows[0] if rows else {}
    if (head.get("api"), head.get("target")) != (api, target):
        return None
    ledger = Ledger(path, str(head.get("run")))
    things: dict[int, Thing] = {}
    for row in rows[1:]:
        if "account" in row:
            _account(ledger, row)
        elif "entry" in row:
            things[row["entry"]] = _thing(row)
    ledger.things = [things[entry] for entry in sorted(things)]
    return ledger


def _rows(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The lines that are whole: the last one may have been cut short."""
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            yield row


def _thing(row: dict[str, Any]) -> Thing:
    return Thing(
        kind=row["kind"],
        actor=row["actor"],
        key=row.get("key"),
        number=row.get("id"),
        gone=row.get("gone", False),
        hidden=row.get("hidden", False),
        entry=row["entry"],
    )


def _account(ledger: Ledger, row: dict[str, Any]) -> None:
    key = (row["account"], row["write"])
    if "before" not in row:
        ledger.loans.pop(key, None)
        return
    ledger.loans[key] = Loan(*key, row["before"], row.get("logins", []))
