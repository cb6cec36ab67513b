"""Removes from a live server what runs that did not end have left there."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tasktwin_contract.caretaker import Entry
from tasktwin_contract.connection import CannotJudgeError, Connection, reach_live
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.ledger import Ledger, Loan, found, unmasked
from tasktwin_contract.live import LiveTarget
from tasktwin_contract.marks import is_marked


@dataclass
class Cleaned:
    """What was removed or put back, and what could not be: each in words."""

    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def clean_up(api: str, connection: Connection) -> Cleaned:
    """Remove all that stands in ledgers, or carries the mark of a run.

    Raises `CannotJudgeError` where the server or its people cannot be reached, or a run
    is going on.
    """
    if connection.lends(api):
        return Cleaned()
    target = reach_live(api, replace(connection, access="full"), 0)
    ledgers = found(connection.folder, api, connection.base_url)
    for ledger in ledgers:
        if ledger.is_kept:
            raise CannotJudgeError(
                "a run is going on there; clean up when it has ended"
            )
    try:
        return _Cleaner(target, ledgers).clean()
    except NotJudgedError as error:
        words = target.redacted(str(error))
        raise CannotJudgeError(f"could not clean up: {words}") from None
    finally:
        target.end()


class _Cleaner:
    """One clean-up, by the ledgers and by what people see."""

    def __init__(self, target: LiveTarget, ledgers: list[Ledger]) -> None:
        self.target = target
        self.ledgers = ledgers
        self.cleaned = Cleaned()
        things = [thing for ledger in ledgers for thing in ledger.things]
        self.keys = {(t.kind, t.actor, t.key) for t in things if t.key}

    def clean(self) -> Cleaned:
        loans = [loan for ledger in self.ledgers for loan in ledger.loans.values()]
        present = {
            name for name in self.target.people.names if self._let_in(name, loans)
        }
        self._note_strangers()
        for ledger in self.ledgers:
            for loan in [*ledger.loans.values()]:
                self._give_back(ledger, loan, present)
            for thing in ledger.left():
                if thing.hidden and thing.actor in present:
                    self.target.caretaker.remove(thing)
        ids = {name: self.target.people.id(name) for name in sorted(present)}
        swept = self.target.caretaker.sweep(ids, self._is_ours)
        self.cleaned.done += [f"removed {words}" for words in swept.removed]
        self.cleaned.left += [f"{words} is still there" for words in swept.left]
        if not self.cleaned.left:
            for ledger in self.ledgers:
                ledger.path.unlink(missing_ok=True)
        return self.cleaned

    def _let_in(self, name: str, loans: Iterable[Loan]) -> bool:
        """Sign somebody in, if need be by a login that a run had given them."""
        people = self.target.people
        own = people.credentials.people[name]
        logins = [
            login for loan in loans if loan.actor == name for login in loan.logins
        ]
        for login in (None, *reversed(logins)):
            changed = {**own, "login": login} if login else own
            try:
                self.target.enter(name, changed)
            except NotJudgedError as error:
                reason = str(error)
            else:
                return True
        self.cleaned.left.append(f"what is {name}'s: {self.target.redacted(reason)}")
        return False

    def _note_strangers(self) -> None:
        """Say whose things cannot be looked for, because nobody is them."""
        names = set(self.target.people.names)
        for ledger in self.ledgers:
            actors = {t.actor for t in ledger.left()} | {a for a, _ in ledger.loans}
            self.cleaned.left += [
                f"what is {name}'s: no such actor is configured"
                for name in sorted(actors - names)
            ]

    def _give_back(self, ledger: Ledger, loan: Loan, present: set[str]) -> None:
        if loan.actor not in present:
            return
        person = self.target.people.credentials.people[loan.actor]
        before = unmasked(loan.before, person)
        words = f"the account of {loan.actor} ({loan.write})"
        if self.target.caretaker.give_back(loan, before):
            ledger.returned(loan)
            self.cleaned.done.append(f"put back {words}")
        else:
            self.cleaned.left.append(f"{words} is not what it was")

    def _is_ours(self, kind: str, name: str, entry: Entry) -> bool:
        rule = self.target.rules.kinds[kind]
        key = str(entry.get(rule.key or "") or "").lower()
        return (kind, name, key) in self.keys or is_marked(entry.get(rule.mark or ""))
