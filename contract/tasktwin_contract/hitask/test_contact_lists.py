"""Lists of contacts, and finding people."""

from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.people import (
    TEAM,
    ask,
    contacts_of,
    establish,
    invited,
    people,
    subscription,
    waiting,
)
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target

KINDS = ("FROM", "TO", "BOTH", "SELF", "BIS", "BIS_WAIT")
TEXTS = ("email", "firstName", "lastName", "login")


@clause("HT-CONTACT-01")
@pytest.mark.parametrize("who", ["owner", "personal"])
def test_what_a_contact_has(target: Target, who: str) -> None:
    """A contact has its fields, each of its type."""
    with target.world() as world:
        for person in people(getattr(world, who), "listContacts", includeSelf=1):
            assert type(person["id"]) is int
            for name in TEXTS:
                assert isinstance(person[name], str), f"{name} is {person[name]!r}"
            for name in ("emailConfirmed", "pictureHash", "accountType"):
                assert person[name] is None or isinstance(person[name], str)
            assert isinstance(person["subscription"], str)


@clause("HT-CONTACT-01")
@pytest.mark.parametrize("other", ["member", "administrator"])
def test_whose_contact_it_is(target: Target, other: str) -> None:
    """A contact has the names and the addresses of the account."""
    with target.world() as world:
        actor = getattr(world, other)
        user = actor.call("getUser").arranged()
        person = contacts_of(world.owner)[actor.number]
        names = (*TEXTS, "emailConfirmed", "accountType", "pictureHash")
        assert [person[name] for name in names] == [user[name] for name in names]


@clause("HT-CONTACT-02")
def test_what_clients_know_of_a_contact(target: Target) -> None:
    """What clients know beside is of its type, and says what the account says."""
    with target.world() as world:
        user = world.member.call("getUser").arranged()
        person = contacts_of(world.owner)[world.member.number]
        for name in ("businessId", "businessLevel", "level", "pictureSource"):
            assert person[name] in (None, user[name])
        for name in ("name", "fullName", "emailInbox"):
            assert person[name] is None or isinstance(person[name], str)
        for name in ("isOnline", "isPremium"):
            assert person[name] in (None, True, False)


@clause("HT-CONTACT-03")
def test_kinds_of_subscription(target: Target) -> None:
    """A contact's subscription is one of the six."""
    with target.world() as world:
        invited(world.owner)
        waiting(world.owner)
        ask(world.owner, world.outsider)
        establish(world.owner, world.personal)
        for who in ("owner", "outsider", "personal"):
            listed = people(getattr(world, who), "listContacts", includeSelf=1)
            assert {person["subscription"] for person in listed} <= set(KINDS)


@clause("HT-CONTACT-04")
@pytest.mark.parametrize(
    ("who", "value"), [("owner", "1"), ("outsider", 1), ("personal", "true")]
)
def test_the_caller_is_included(target: Target, who: str, value: Any) -> None:
    """With includeSelf the caller is in the list, as SELF, and once."""
    with target.world() as world:
        actor = getattr(world, who)
        listed = people(actor, "listContacts", includeSelf=value)
        selves = [person for person in listed if person["id"] == actor.number]
        assert [person["subscription"] for person in selves] == ["SELF"]


@clause("HT-CONTACT-05")
@pytest.mark.parametrize("who", ["owner", "member", "personal"])
def test_the_caller_is_left_out(target: Target, who: str) -> None:
    """Without includeSelf, or with 0, the caller is not in the list."""
    with target.world() as world:
        actor = getattr(world, who)
        sent: Any
        for sent in ({}, {"includeSelf": 0}, {"includeSelf": "false"}):
            listed = people(actor, "listContacts", **sent)
            assert actor.number not in {person["id"] for person in listed}


@clause("HT-CONTACT-06")
@pytest.mark.parametrize("who", ["owner", "member"])
def test_fellow_members(target: Target, who: str) -> None:
    """The other members of the team are in the list, as BIS, and once."""
    with target.world() as world:
        listed = people(getattr(world, who), "listContacts")
        fellows = [one["id"] for one in listed if one["subscription"] == "BIS"]
        others = {getattr(world, name).number for name in TEAM if name != who}
        assert sorted(fellows) == sorted(set(fellows))
        assert others <= set(fellows)
        assert subscription(world.outsider, world.owner) is None


@clause("HT-CONTACT-07")
def test_who_is_invited_to_the_team(target: Target) -> None:
    """Those who are invited are in the list of every member, as BIS_WAIT."""
    with target.world() as world:
        person = invited(world.owner)["id"]
        for who in TEAM:
            assert subscription(getattr(world, who), person) == "BIS_WAIT"
        assert subscription(world.outsider, person) is None


def found(actor: Actor, q: str) -> dict[int, Object]:
    """Whom `actor` finds, by id."""
    return {one["id"]: one for one in people(actor, "searchContacts", q=q)}


@clause("HT-CONTACT-19")
@pytest.mark.parametrize("field", ["firstName", "lastName", "email"])
def test_a_contact_is_found(target: Target, field: str) -> None:
    """A contact is found by name, and by e-mail, as the list has them."""
    with target.world() as world:
        for other in TEAM[1:]:
            number = getattr(world, other).number
            person = contacts_of(world.owner)[number]
            assert found(world.owner, person[field])[number] == person


@clause("HT-CONTACT-20")
def test_a_contact_is_found_by_a_part(target: Target) -> None:
    """A contact is found by any part of names or e-mail, in any letter case."""
    with target.world() as world:
        owner, person = world.owner, contacts_of(world.owner)[world.member.number]
        first, last = person["firstName"], person["lastName"]
        full = f"{first} {last}"
        parts = (first[1:], last[:-1], full, f" {full} ", person["email"][2:-2])
        for q in (*parts, *map(str.upper, parts), *map(str.lower, parts)):
            assert person["id"] in found(owner, q), q
        for q in (f"{last}-{first}", f"zz{first}"):
            assert person["id"] not in found(owner, q), q


@clause("HT-CONTACT-20")
def test_invited_people_are_found(target: Target) -> None:
    """Who is invited and has no account is found as well."""
    with target.world() as world:
        for person in (invited(world.owner), waiting(world.owner)):
            assert person["id"] in found(world.owner, person["email"])
            assert person["id"] not in found(world.outsider, person["email"])


@clause("HT-CONTACT-21")
def test_strangers_are_found_by_a_whole_address(target: Target) -> None:
    """Who is no contact is found by the whole e-mail only, the caller never."""
    with target.world() as world:
        owner, other = world.owner, world.outsider
        for email in (other.email, other.email.upper()):
            listed = found(owner, email)
            assert [*listed] == [other.number], email
            assert listed[other.number]["subscription"] is None
        first = other.call("getUser").arranged()["firstName"]
        for q in (first, other.login, other.email[1:], other.email[:-1]):
            assert other.number not in found(owner, q), q
        assert owner.number not in found(owner, owner.email)


@clause("HT-CONTACT-22")
def test_searching_for_nothing(target: Target) -> None:
    """SearchContacts without q, or with a blank one, is 400 and code 4."""
    with target.world() as world:
        world.owner.call("searchContacts").refused(400, 4)
        for q in ("", " ", " \t\n"):
            world.owner.call("searchContacts", q=q).refused(400, 4)
