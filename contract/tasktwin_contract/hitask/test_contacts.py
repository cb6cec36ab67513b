"""Contacts: whom somebody knows, and how two people come to know each other."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.failures import NotJudgedError, only
from tasktwin_contract.hitask.people import (
    WRONG_ADDRESSES,
    ask,
    contacts_of,
    establish,
    invited,
    of_address,
    people,
    subscription,
    waiting,
)
from tasktwin_contract.hitask.steps import NO_ID
from tasktwin_contract.reply import Reply
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target, World

NAMING = ("approveContact", "deleteContact")
OF_THE_TEAM = ("addContactToBusiness", "removeContactFromBusiness")
MIRROR = {"TO": "FROM", "FROM": "TO", "BOTH": "BOTH"}
STATES: Mapping[str, Callable[[Actor, Actor], None]] = {
    "asked": ask,
    "was asked": lambda actor, other: ask(other, actor),
    "established": establish,
}
WAYS: Mapping[str, Callable[[Actor], dict[str, Any]]] = {
    "id": lambda actor: {"id": actor.number},
    "email": lambda actor: {"email": actor.email},
    "login": lambda actor: {"login": actor.login},
}


def declined(reply: Reply) -> Reply:
    """`reply`, which says 400. Raises `NotJudgedError` where it does not."""
    if reply.status != 400:
        raise NotJudgedError(f"it is not refused with 400: {reply.summary}")
    return reply


@clause("HT-CONTACT-08")
@pytest.mark.parametrize("way", WAYS)
def test_ways_to_add_a_contact(target: Target, way: str) -> None:
    """A contact is added by id, by email or by login."""
    with target.world() as world:
        for actor in (world.outsider, world.personal):
            world.owner.call("addContact", **WAYS[way](actor)).expect(200)
            assert contacts_of(world.owner)[actor.number]["email"] == actor.email


@clause("HT-CONTACT-09")
@pytest.mark.parametrize("state", table(STATES, "established"))
def test_both_sides_agree(target: Target, state: str) -> None:
    """Who is TO on one side is FROM on the other, BOTH is so on both."""
    with target.world() as world:
        owner, outsider = world.owner, world.outsider
        STATES[state](owner, outsider)
        here = str(subscription(owner, outsider))
        assert here in MIRROR
        assert subscription(outsider, owner) == MIRROR[here]


@clause("HT-CONTACT-10")
@pytest.mark.parametrize("way", WAYS)
def test_what_adding_makes(target: Target, way: str) -> None:
    """Adding makes TO here and FROM there, and nothing for anybody else."""
    with target.world() as world:
        owner, outsider = world.owner, world.outsider
        before = contacts_of(world.member).keys(), contacts_of(world.personal).keys()
        owner.call("addContact", **WAYS[way](outsider)).arranged()
        assert subscription(owner, outsider) == "TO"
        assert subscription(outsider, owner) == "FROM"
        after = contacts_of(world.member).keys(), contacts_of(world.personal).keys()
        assert after == before


@clause("HT-CONTACT-11")
def test_approving(target: Target) -> None:
    """Whoever approves has the other as BOTH, and other requests stay."""
    with target.world() as world:
        owner, outsider = world.owner, world.outsider
        ask(owner, outsider)
        ask(world.personal, outsider)
        outsider.call("approveContact", id=owner.number).expect(200)
        assert subscription(outsider, owner) == "BOTH"
        assert subscription(outsider, world.personal) == "FROM"


@clause("HT-CONTACT-12")
@pytest.mark.parametrize("state", STATES)
def test_deleting_a_contact(target: Target, state: str) -> None:
    """Deleting ends it on both sides, and no other contact; it can begin anew."""
    with target.world() as world:
        owner, outsider = world.owner, world.outsider
        STATES[state](owner, outsider)
        STATES[state](owner, world.personal)
        kept = subscription(owner, world.personal)
        owner.call("deleteContact", id=outsider.number).expect(200)
        assert subscription(owner, outsider) is None
        assert subscription(outsider, owner) is None
        assert subscription(owner, world.personal) == kept
        owner.call("addContact", id=outsider.number).expect(200)


@clause("HT-CONTACT-12")
def test_deleting_who_has_no_account(target: Target) -> None:
    """Who was invited as a contact is deleted as any other."""
    with target.world() as world:
        person = waiting(world.owner)["id"]
        world.owner.call("deleteContact", id=person).expect(200)
        assert subscription(world.owner, person) is None


def of_oneself(world: World) -> list[Reply]:
    """What who adds themselves gets, by each way."""
    owner = world.owner
    replies = [owner.call("addContact", **way(owner)) for way in WAYS.values()]
    return [*replies, owner.call("inviteContact", email=owner.email)]


@clause("HT-CONTACT-13")
def test_adding_oneself(target: Target) -> None:
    """Adding oneself is refused with 400."""
    with target.world() as world:
        before = contacts_of(world.owner)
        for reply in of_oneself(world):
            reply.refused(400)
        assert contacts_of(world.owner) == before


@clause("HT-CONTACT-14")
def test_the_code_of_oneself(target: Target) -> None:
    """Where adding oneself is refused with 400, the code is 14."""
    with target.world() as world:
        for reply in of_oneself(world):
            declined(reply).refused(400, 14)


def again(world: World, state: str) -> list[Reply]:
    """What who adds a contact again gets, by each way."""
    owner, outsider = world.owner, world.outsider
    STATES[state](owner, outsider)
    replies = [owner.call("addContact", **way(outsider)) for way in WAYS.values()]
    return [*replies, owner.call("inviteContact", email=outsider.email)]


@clause("HT-CONTACT-15")
@pytest.mark.parametrize("state", STATES)
def test_adding_a_contact_again(target: Target, state: str) -> None:
    """Adding somebody whom the list has is refused with 400, and changes nothing."""
    with target.world() as world:
        replies = again(world, state)
        kept = subscription(world.outsider, world.owner)
        for reply in replies:
            reply.refused(400)
        assert MIRROR[str(subscription(world.owner, world.outsider))] == kept
        assert (kept == "BOTH") is (state == "established")


@clause("HT-CONTACT-15")
def test_adding_who_is_of_the_team(target: Target) -> None:
    """Adding a fellow member, or who is invited to the team, is refused with 400."""
    with target.world() as world:
        world.owner.call("addContact", id=world.member.number).refused(400)
        email = invited(world.owner)["email"]
        world.member.call("inviteContact", email=email).refused(400)
        own = waiting(world.owner)["email"]
        world.owner.call("inviteContact", email=own).refused(400)


@clause("HT-CONTACT-16")
def test_the_code_of_a_contact_again(target: Target) -> None:
    """Where adding somebody again is refused with 400, the code is 15."""
    with target.world() as world:
        for reply in again(world, "asked"):
            declined(reply).refused(400, 15)
        fellow = world.owner.call("addContact", id=world.member.number)
        declined(fellow).refused(400, 15)


@clause("HT-CONTACT-17")
def test_users_who_do_not_exist(target: Target) -> None:
    """A user who does not exist is refused with 404 and code 1."""
    with target.world() as world:
        for name in ("addContact", *NAMING, *OF_THE_TEAM):
            world.owner.call(name, id=NO_ID).refused(404, 1)


@clause("HT-CONTACT-17")
def test_names_that_nobody_has(target: Target) -> None:
    """Adding who is known by no address and no login is 404 and code 1."""
    with target.world() as world:
        for sent in ({"email": world.address()}, {"login": world.guid()}):
            world.owner.call("addContact", **sent).refused(404, 1)


@clause("HT-CONTACT-18")
def test_adding_nobody_or_two(target: Target) -> None:
    """Without a name it is 400 and 104, with two that disagree 400 and code 6."""
    with target.world() as world:
        owner, outsider, other = world.owner, world.outsider, world.personal
        owner.call("addContact").refused(400, 104)
        for sent in (
            {"id": outsider.number, "email": other.email},
            {"id": outsider.number, "login": other.login},
            {"email": outsider.email, "login": other.login},
        ):
            owner.call("addContact", **sent).refused(400, 6)
        sent = {"id": other.number, "email": other.email, "login": other.login}
        owner.call("addContact", **sent).expect(200)
        assert subscription(owner, outsider) is None


@clause("HT-CONTACT-23")
@pytest.mark.parametrize("who", ["owner", "member", "personal"])
def test_inviting_a_contact(target: Target, who: str) -> None:
    """Who is invited and has no account is in the list as TO, with the address."""
    with target.world() as world:
        actor, email = getattr(world, who), world.address()
        actor.call("inviteContact", email=email).expect(200)
        person = only(of_address(people(actor, "listContacts"), email))
        assert person["subscription"] == "TO"
        assert not of_address(people(world.outsider, "listContacts"), email)
        assert person["id"] not in {getattr(world, n).number for n in world.people}


@clause("HT-CONTACT-24")
@pytest.mark.parametrize("change", [str, str.upper])
def test_inviting_who_has_an_account(target: Target, change: Any) -> None:
    """Inviting the address of a user adds them as a contact."""
    with target.world() as world:
        owner, other = world.owner, world.outsider
        owner.call("inviteContact", email=change(other.email)).expect(200)
        assert subscription(owner, other) == "TO"
        assert subscription(other, owner) == "FROM"


@clause("HT-CONTACT-25")
def test_inviting_what_is_no_address(target: Target) -> None:
    """inviteContact without an email is 400 and 4, with one that is none 400 and 5."""
    with target.world() as world:
        world.owner.call("inviteContact").refused(400, 4)
        for email in WRONG_ADDRESSES:
            world.owner.call("inviteContact", email=email).refused(400, 5)


@clause("HT-CONTACT-26")
def test_approving_without_a_request(target: Target) -> None:
    """Approving without a request is 404 and 1, a contact again 400 and 15."""
    with target.world() as world:
        owner, outsider = world.owner, world.outsider
        owner.call("approveContact", id=outsider.number).refused(404, 1)
        ask(owner, outsider)
        owner.call("approveContact", id=outsider.number).refused(404, 1)
        assert subscription(outsider, owner) == "FROM"
        outsider.call("approveContact", id=owner.number).arranged()
        for one, other in ((owner, outsider), (outsider, owner)):
            one.call("approveContact", id=other.number).refused(400, 15)


@clause("HT-CONTACT-27")
def test_deleting_a_fellow_member(target: Target) -> None:
    """Deleting a member of the team as a contact is 403 and code 17."""
    with target.world() as world:
        for one, other in ((world.owner, world.member), (world.member, world.owner)):
            one.call("deleteContact", id=other.number).refused(403, 17)
            assert subscription(one, other) == "BIS"


@clause("HT-CONTACT-28")
def test_deleting_who_is_no_contact(target: Target) -> None:
    """Deleting who is no contact, or no longer, is 404 and code 1."""
    with target.world() as world:
        owner, outsider = world.owner, world.outsider
        ask(world.member, outsider)
        for number in (outsider.number, owner.number):
            owner.call("deleteContact", id=number).refused(404, 1)
        ask(owner, outsider)
        owner.call("deleteContact", id=outsider.number).arranged()
        outsider.call("deleteContact", id=owner.number).refused(404, 1)
        assert subscription(world.member, outsider) == "TO"


@clause("HT-CONTACT-29")
def test_contacts_without_an_id(target: Target) -> None:
    """What names a contact is 400 and code 4 without an id."""
    with target.world() as world:
        for name in (*NAMING, *OF_THE_TEAM):
            world.owner.call(name, email=world.outsider.email).refused(400, 4)


@clause("HT-CONTACT-41")
def test_what_adding_answers(target: Target) -> None:
    """addContact and inviteContact answer the contact, as the list then has it."""
    with target.world() as world:
        owner = world.owner
        for sent in (
            owner.call("addContact", id=world.outsider.number),
            owner.call("inviteContact", email=world.personal.email),
            owner.call("inviteContact", email=world.address()),
        ):
            answer = sent.expect(200).data
            assert answer == contacts_of(owner).get(answer["id"])
