"""Takes away what runs have made on a live server, and puts accounts back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.ledger import Loan, Thing
from tasktwin_contract.marks import MARKED, is_marked
from tasktwin_contract.people import Ask
from tasktwin_contract.reply import Reply
from tasktwin_contract.rules import Account, Kind, Rules
from tasktwin_schemas import operations

SWEEPS = 3
NOT_FOUND = 404
Entry = Mapping[str, Any]
IsOurs = Callable[[str, str, Entry], bool]


@dataclass
class Swept:
    """What was taken away, and what could not be: each in words."""

    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class Caretaker:
    """Removes things through `ask(who, operation, **parameters)`, as who made them."""

    def __init__(self, api: str, rules: Rules, ask: Ask) -> None:
        self._rules = rules
        self._ask = ask
        self._known = operations(api)

    def remove(self, thing: Thing, sure: bool = False) -> bool:
        """Remove a thing; whether it is not there any more, as far as can be told.

        One without a key that nobody else draws has to be listed, with the mark of a
        run, unless it is `sure` that its id has not become another's since.
        """
        kind = self._rules.kinds[thing.kind]
        if thing.key is None or kind.people:
            return self._remove_listed(thing, kind, sure)
        named = {kind.removed_by: thing.key}
        reply = self._ask(thing.actor, kind.removal, **named)
        if reply.status == NOT_FOUND and thing.hidden and kind.revival in self._known:
            self._ask(thing.actor, kind.revival, **named)
            reply = self._ask(thing.actor, kind.removal, **named)
        return reply.status in (200, NOT_FOUND)

    def _remove_listed(self, thing: Thing, kind: Kind, sure: bool) -> bool:
        for entry in self._listed(thing.actor, kind):
            if kind.people and _key(kind, entry) == thing.key:
                return self._take(thing.actor, kind, entry).status == 200
            if str(entry.get("id")).lower() == thing.number and not kind.people:
                ours = sure or is_marked(entry.get(kind.mark or ""))
                return ours and self._take(thing.actor, kind, entry).status == 200
        return kind.people or thing.number is not None

    def sweep(self, ids: Mapping[str, str | None], is_ours: IsOurs) -> Swept:
        """Remove all that the lists of these people hold and that is ours.

        `ids` are those of the people, by their names; things of others stay.
        """
        swept = Swept()
        for name, number in ids.items():
            for kind_name, kind in self._rules.kinds.items():
                if kind.listing in self._known:
                    self._sweep(name, number, kind_name, kind, is_ours, swept)
        return swept

    def _sweep(
        self,
        name: str,
        number: str | None,
        kind_name: str,
        kind: Kind,
        is_ours: IsOurs,
        swept: Swept,
    ) -> None:
        """Remove what one list holds, and look again until there is no more."""
        found: list[Entry] = []
        for _ in range(SWEEPS):
            found = [
                entry
                for entry in self._listed(name, kind)
                if is_ours(kind_name, name, entry) and _owned(kind, entry, number)
            ]
            if not found:
                return
            for entry in sorted(found, key=lambda one: bool(_above(kind, one))):
                if self._take(name, kind, entry).status == 200:
                    swept.removed.append(_words(kind_name, kind, entry, name))
        swept.left += [_words(kind_name, kind, entry, name) for entry in found]

    def _listed(self, name: str, kind: Kind) -> Iterator[Entry]:
        data = self._rules.listed(self._ask(name, kind.listing).arranged().data)
        if not isinstance(data, list):
            raise NotJudgedError(f"{kind.listing} answers no list")
        yield from (entry for entry in data if isinstance(entry, dict))

    def _take(self, name: str, kind: Kind, entry: Entry) -> Reply:
        value = entry.get(kind.key) if kind.key and not kind.people else None
        named = {kind.removed_by: value or entry.get("id")}
        return self._ask(name, kind.removal, **named)

    def account(self, write: str) -> Account | None:
        """What is known of the operation that changes an account."""
        for account in self._rules.accounts:
            if write in (account.write, account.undo):
                return account
        return None

    def borrow(self, name: str, account: Account) -> dict[str, Any]:
        """What `account.write` takes to make an account what it is now.

        Raises `NotJudgedError`.
        """
        data = self._ask(name, account.read).arranged().data
        if not isinstance(data, dict):
            raise NotJudgedError(f"{account.read} answers no object")
        if account.undo is not None:
            return {name: data.get(name) for name in account.lasting}
        if account.fields is None:
            return dict(data)
        return {
            ours: data[theirs]
            for ours, theirs in account.fields.items()
            if data.get(theirs) is not None
        }

    def give_back(self, loan: Loan, before: Mapping[str, Any]) -> bool:
        """Make an account what it was; keys that were not there become empty."""
        account = self.account(loan.write)
        if account is None:
            return False
        now = self.borrow(loan.actor, account)
        if now == before:
            return True
        if account.undo is not None:
            return self._ask(loan.actor, account.undo).status == 200
        added = dict.fromkeys(now.keys() - before.keys(), "")
        return self._ask(loan.actor, loan.write, **{**before, **added}).status == 200


def _key(kind: Kind, entry: Entry) -> str:
    return str(entry.get(kind.key or "") or "").lower()


def _owned(kind: Kind, entry: Entry, number: str | None) -> bool:
    return kind.owner is None or str(entry.get(kind.owner)) == number


def _above(kind: Kind, entry: Entry) -> list[Any]:
    return [entry[name] for name in kind.above if entry.get(name)]


def _words(noun: str, kind: Kind, entry: Entry, name: str) -> str:
    title = MARKED.sub("", str(entry.get(kind.mark or "") or ""), count=1)
    return f"{noun} {entry.get('id')} of {name}: {title}"
