"""People of a server that is not ours: whom a run may invite, and who plays whom."""

from dataclasses import replace
from typing import Any

import pytest

from tasktwin_contract.access import Access, unmet
from tasktwin_contract.credentials import Credentials
from tasktwin_contract.guard import Guard
from tasktwin_contract.people import People
from tasktwin_contract.things import Things

from .calls import OWN, PLACES, RULES, request


@pytest.fixture
def full(guard: Guard) -> Guard:
    """The same with access to accounts; one of the people is called olive."""
    guard.access = Access.FULL
    guard.called.update({"olive", "olive@work.test"})
    guard.drawn.add(f"{OWN}@example.com")
    return guard


@pytest.fixture
def known(things: Things) -> Things:
    """The world with somebody invited, of the id 20, and a contact, of the id 2."""
    things.begin("invited", f"{OWN}@example.com", "owner", "20")
    things.begin("contact", "max@work.test", "owner", "2")
    return things


@pytest.mark.parametrize("via", PLACES)
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("inviteMember", {"email": "john@corp.test"}),
        ("inviteMember", {"email": "john@example.com.test"}),
        ("inviteMember", {"email": "john@myexample.com"}),
        ("inviteMember", {"email": "john@corp.test@"}),
        ("resendInvitation", {"email": "john@corp.test"}),
        ("inviteContact", {"email": "john@corp.test"}),
        ("removeMember", {"id": 2}),
        ("removeMember", {"id": 8}),
        ("removeContactFromBusiness", {"id": 2}),
        ("addContact", {"id": 8}),
        ("addContact", {"login": "john"}),
        ("addContact", {"email": "john@corp.test", "id": 2}),
        ("deleteContact", {"id": 1}),
        ("deleteContact", {"id": 20}),
        ("approveContact", {"id": 8}),
        ("addContactToBusiness", {"id": 8}),
    ],
)
def test_nobody_else_is_invited_or_removed(
    full: Guard, known: Things, name: str, parameters: dict[str, Any], via: str
) -> None:
    """Mail goes to nobody, and nobody is removed whom the run did not invite."""
    with pytest.raises(pytest.skip.Exception):
        full.errand(request(name, via, **parameters), known)


@pytest.mark.parametrize("via", PLACES)
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("inviteMember", {"email": "a@example.com", "name": "Mick"}),
        ("inviteMember", {"email": "a@b.invalid"}),
        ("inviteMember", {"email": "nobody"}),
        ("inviteMember", {"email": "Olive@work.test"}),
        ("resendInvitation", {"email": "olive@work.test"}),
        ("removeMember", {"id": 20}),
        ("removeMember", {"id": 2**62}),
        ("addContact", {"id": 2}),
        ("addContact", {"login": "olive"}),
        ("addContact", {"login": OWN}),
        ("deleteContact", {"id": 2}),
        ("approveContact", {"id": 2}),
    ],
)
def test_who_was_invited_is_removed(
    full: Guard, known: Things, name: str, parameters: dict[str, Any], via: str
) -> None:
    """What reaches nobody but the run's own people is sent."""
    sent = request(name, via, **parameters)
    assert full.errand(sent, known).sent is sent


@pytest.mark.parametrize("name", ["inviteMember", "addContact", "removeMember"])
def test_people_are_of_the_account(guard: Guard, known: Things, name: str) -> None:
    """What writes to people needs access to accounts."""
    sent = request(name, email="a@example.com", id=20)
    with pytest.raises(pytest.skip.Exception, match="--access full"):
        guard.errand(sent, known)


def test_invitations_that_cannot_be_read(full: Guard, known: Things) -> None:
    """A body of an invitation of which nobody can tell the address is not sent."""
    kind = (("Content-Type", "application/json"),)
    for name in ("inviteMember", "addContact"):
        sent = request(name)
        for body in (b'{"\\u0065mail": "john@corp.test"', b"{a: b}"):
            odd = replace(sent.request, headers=kind, body=body)
            with pytest.raises(pytest.skip.Exception):
                full.errand(replace(sent, request=odd), known)


def test_who_is_alone_has_no_rank(things: Things) -> None:
    """What only a team's owner may do is not asked of who may be anybody."""
    for actors in (["owner"], ["manager", "member"]):
        guard = Guard("hitask", RULES, Access.OWN, actors)
        with pytest.raises(pytest.skip.Exception, match="owner beside others"):
            guard.errand(request("createGroup", name="a"), things)


def test_parts_are_played() -> None:
    """Without an owner the first of the others plays that part, and no other."""
    cast = ("owner", "manager", "member")
    facts = {"login": "l", "password": "p"}
    words = (cast, "session_id", "session_id")
    both = People(Credentials("k", {"member": facts, "manager": facts}), *words)
    assert both.parts == {"owner": "manager", "member": "member"}
    with pytest.raises(pytest.skip.Exception, match="part of manager"):
        both.facts()["manager"]
    whole = People(Credentials("k", {"owner": facts, "member": facts}), *words)
    assert whole.parts == {"owner": "owner", "member": "member"}
    token = {"manager": {"token": "t"}}
    bearer = People(Credentials("", token), ("manager",), "token", "token")
    assert bearer.session("manager", lambda **_: pytest.fail("signs in")) == "t"
    assert unmet(["team_admin"], ["owner", "member"], "owner") is None
    for names in (["owner"], ["manager", "member"]):
        assert unmet(["team_admin"], names, "owner")
