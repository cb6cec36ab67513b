"""What a run has made is known, in memory and on disk, and nothing else is."""

import json
from pathlib import Path

from tasktwin_contract.ledger import Ledger, Loan, Thing, found, masked, unmasked
from tasktwin_contract.things import Things, removable

from .calls import ALIEN, OWN, RULES


def test_lists_hold_ones_own(things: Things) -> None:
    """Of lists and deltas a test sees its own items, and the stubs of these."""
    body = json.dumps(
        [
            {"id": 7, "guid": OWN, "title": "a"},
            {"id": 8, "guid": ALIEN},
            {"id": 7, "changed": False},
            {"id": 9, "changed": False},
        ]
    )
    kept = json.loads(things.reduced("item", body.encode()))
    assert [entry["id"] for entry in kept] == [7, 7]
    groups = b'[{"id": "a", "type": 1}, {"id": "b", "type": 2}]'
    assert json.loads(things.reduced("group", groups)) == [{"id": "a", "type": 1}]
    assert things.reduced("item", b"<html>") == b"<html>"
    tags = b'[{"id": 9, "name": "home"}, {"id": 90, "name": "home"}]'
    assert json.loads(things.reduced("tag", tags)) == [{"id": 90, "name": "home"}]


def test_what_is_implied_goes_last(things: Things) -> None:
    """What comes with other things is removed when these have gone."""
    things.begin("group", None, "owner")
    kinds = [thing.kind for thing in removable(RULES.kinds, things.made)]
    assert kinds == ["item", "group", "tag"]


def test_a_ledger_is_found_again(tmp_path: Path) -> None:
    """A ledger tells what was made and has not gone, though its last line be cut."""
    ledger = Ledger.begin(tmp_path, "hitask", "http://h", "0123abcd")
    one, two = Thing("item", "owner", OWN), Thing("item", "member", ALIEN)
    for thing in (one, two):
        ledger.note(thing)
    one.gone = True
    two.number = "8"
    ledger.note(one)
    ledger.note(two)
    ledger.lend(Loan("owner", "updateUser", {"firstname": "A"}, ["new"]))
    with ledger.path.open("ab") as file:
        file.write(b'{"entry": 2, "ki')
    assert found(tmp_path, "hitask", "http://other") == []
    (again,) = found(tmp_path, "hitask", "http://h")
    assert again.left() == [two]
    assert again.loans == ledger.loans
    kept = [again.is_kept]
    assert ledger.path.stat().st_mode & 0o077 == 0
    ledger.close()
    assert [*kept, again.is_kept] == [True, False]
    assert ledger.path.exists()


def test_credentials_are_kept_nowhere() -> None:
    """What of an account is a credential is not written, but filled in again."""
    person = {"login": "olive", "password": "hush"}
    before = {"firstname": "Olive", "loginId": "olive"}
    written = masked(before, person)
    assert "olive" not in written.values()
    assert unmasked(written, person) == before
