"""Contacts who become members of the team, and members who are contacts again."""

from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, resting_on
from tasktwin_contract.hitask.deltas import listed
from tasktwin_contract.hitask.people import (
    PLAIN,
    RANKS,
    ask,
    contacts_of,
    enlist,
    establish,
    everyone,
    invited,
    licenses,
    subscription,
    team_of,
    waiting,
)
from tasktwin_contract.hitask.steps import NO_ID, create, update
from tasktwin_contract.hitask.writes import entry, family, grant, is_told, shared
from tasktwin_contract.reply import Reply
from tasktwin_contract.target import Target, World

ADD, TAKE = "addContactToBusiness", "removeContactFromBusiness"
CAST = 5


@clause("HT-CONTACT-30")
@pytest.mark.parametrize("who", RANKS)
def test_a_contact_becomes_a_member(target: Target, who: str) -> None:
    """An established contact is added to the team as a member."""
    with target.world() as world:
        actor, other = getattr(world, who), world.personal
        establish(actor, other)
        actor.call(ADD, id=other.number).expect(200)
        person = team_of(world.colleague)[other.number]
        assert (person["subscription"], person["businessLevel"]) == ("BIS", 1)
        with resting_on("HT-TEAM-09"):
            assert team_of(other).keys() == team_of(actor).keys()


@clause("HT-CONTACT-31")
@pytest.mark.parametrize("asks", [True, False])
def test_a_contact_who_is_not_established(target: Target, asks: bool) -> None:
    """Who has asked, or was asked, is invited to the team."""
    with target.world() as world:
        owner, other = world.owner, world.personal
        ask(*((owner, other) if asks else (other, owner)))
        owner.call(ADD, id=other.number).expect(200)
        assert team_of(owner)[other.number]["subscription"] == "BIS_WAIT"
        assert other.call("getUser").arranged()["businessId"] is None
        person = waiting(owner)
        owner.call(ADD, id=person["id"]).expect(200)
        assert team_of(owner)[person["id"]]["subscription"] == "BIS_WAIT"


@clause("HT-CONTACT-32")
def test_adding_who_has_a_team(target: Target) -> None:
    """Adding a member of any team is 412 and 16, who is invited 412 and 79."""
    with target.world() as world:
        owner = world.owner
        establish(owner, world.outsider)
        for actor in (world.member, owner, world.outsider):
            owner.call(ADD, id=actor.number).refused(412, 16)
        assert world.outsider.number not in team_of(owner)
        guest = waiting(owner)["id"]
        owner.call(ADD, id=guest).arranged()
        owner.call(ADD, id=guest).refused(412, 79)
        owner.call(ADD, id=invited(owner)["id"]).refused(412, 79)


@clause("HT-CONTACT-17")
def test_adding_who_is_no_contact(target: Target) -> None:
    """Adding who is nobody's contact here to the team is 404 and code 1."""
    with target.world() as world:
        establish(world.member, world.personal)
        other = waiting(world.member)["id"]
        for number in (world.personal.number, other, NO_ID):
            world.owner.call(ADD, id=number).refused(404, 1)
        assert world.personal.number not in team_of(world.owner)


@clause("HT-CONTACT-33")
def test_no_license_for_a_contact(target: Target) -> None:
    """Adding to the team is 400 and code 12 where no licence is left."""
    with target.world(max_members=CAST) as world:
        owner = world.owner
        establish(owner, world.personal)
        for number in (world.personal.number, waiting(owner)["id"]):
            owner.call(ADD, id=number).refused(400, 12)
        assert licenses(owner) == CAST


@clause("HT-CONTACT-33")
def test_the_license_of_an_invitation(target: Target) -> None:
    """Who is invited becomes a member by the licence that they have already."""
    with target.world(max_members=CAST + 1) as world:
        owner, other = world.owner, world.personal
        owner.call("inviteMember", email=other.email).arranged()
        establish(other, owner)
        owner.call(ADD, id=other.number).expect(200)
        assert licenses(owner) == CAST + 1
        assert team_of(owner)[other.number]["subscription"] == "BIS"
        assert len(team_of(owner)) == CAST + 1


def prepared(world: World, actor: Actor, name: str) -> int:
    """The id of somebody whom `actor` would add or take."""
    if name == TAKE:
        return int(invited(world.owner)["id"])
    other = world.outsider if actor.name == "personal" else world.personal
    establish(actor, other)
    return other.number


@clause("HT-CONTACT-34")
@pytest.mark.parametrize("who", PLAIN)
@pytest.mark.parametrize("name", [ADD, TAKE])
def test_plain_members_add_nobody(target: Target, who: str, name: str) -> None:
    """A plain member or a manager is refused it with 403 and code 3."""
    with target.world() as world:
        actor = getattr(world, who)
        number = prepared(world, actor, name)
        before = team_of(world.owner)
        actor.call(name, id=number).refused(403, 3)
        assert team_of(world.owner) == before


@clause("HT-CONTACT-35")
@pytest.mark.parametrize("name", [ADD, TAKE])
def test_personal_accounts_add_nobody(target: Target, name: str) -> None:
    """A personal account is refused it with 403 and code 33."""
    with target.world() as world:
        number = prepared(world, world.personal, name)
        before = team_of(world.owner)
        world.personal.call(name, id=number).refused(403, 33)
        assert team_of(world.owner) == before


@clause("HT-CONTACT-36")
@pytest.mark.parametrize("who", RANKS)
def test_taking_out_of_the_team(target: Target, who: str) -> None:
    """A member, or who is invited, is taken out as by removeMember."""
    with target.world() as world:
        actor, item = getattr(world, who), shared(world.manager, member=50)
        before = team_of(actor).keys()
        guest = invited(actor)["id"]
        for number in (guest, world.member.number):
            actor.call(TAKE, id=number).expect(200)
        assert team_of(actor).keys() == before - {world.member.number}
        assert world.member.call("getUser").arranged()["businessId"] is None
        assert item["id"] not in world.member.items()
        for number in (guest, world.member.number, world.outsider.number):
            actor.call(TAKE, id=number).refused(404, 1)
        actor.call(TAKE, id=world.owner.number).refused(403, 17)


@clause("HT-CONTACT-37")
def test_who_was_added_is_a_member(target: Target) -> None:
    """Who was added is a plain member with a team account, and in Everyone."""
    with target.world() as world:
        other = enlist(world)
        user = other.call("getUser").expect(200)
        team = world.owner.call("getUser").arranged()["businessId"]
        assert (user["businessId"], user["businessLevel"]) == (team, 1)
        assert (user["level"], user["accountType"]) == (200, "TEAM_BUSINESS")
        assert other.number in everyone(world.owner)["members"]
        assert everyone(other)["id"] == everyone(world.owner)["id"]
        other.call("inviteMember", email=world.address()).refused(403, 3)


@clause("HT-CONTACT-38")
def test_who_was_added_is_told(target: Target) -> None:
    """Who was added is told of all that Everyone sees, however old it is."""
    with target.world() as world:
        top, below = family(world.manager)
        grant(world.manager, top, everyone(world.owner)["id"], 20)
        own = shared(world.manager)
        mine = world.personal.item()
        cursor = listed(world.personal).cursor
        before = listed(world.manager).cursor
        other = enlist(world)
        is_told(other, cursor, top, below)
        assert own["id"] not in other.items()
        assert mine["id"] in other.items()
        assert world.manager.items().keys() >= {top["id"], below["id"]}
        assert listed(world.manager).cursor >= before


@clause("HT-CONTACT-38")
def test_administrators_are_told_of_their_rank(target: Target) -> None:
    """Whose permission rises because the owner of an item was added is told so."""
    with target.world() as world:
        other = world.personal
        establish(world.administrator, other)
        item = shared(other, administrator=20)
        cursor = listed(world.administrator).cursor
        enlist(world)
        is_told(world.administrator, cursor, item)
        assert world.administrator.stored(item["guid"])["permission"] == 100


def named(actor: Actor, other: Actor) -> list[Reply]:
    """What `actor` gets who shares an item with another one, and assigns it."""
    item = actor.item()
    return [
        create(actor, permissions=[entry(other.id, 50)]),
        update(actor, item, permissions=[entry(other.id, 20)]),
        update(actor, item, assignee=other.number, permissions=[]),
        create(actor, participants=[other.number]),
    ]


@clause("HT-CONTACT-39")
@pytest.mark.parametrize(
    ("one", "another"),
    [("owner", "outsider"), ("personal", "member")],
)
def test_contacts_share(target: Target, one: str, another: str) -> None:
    """An established contact is somebody to share with and to assign."""
    with target.world() as world:
        actor, other = getattr(world, one), getattr(world, another)
        establish(actor, other)
        for reply in named(actor, other):
            reply.expect(200)
        assert len(other.items()) == len(actor.items())
        item = actor.item(permissions=[entry(other.id, 50)])
        assert other.stored(item["guid"])["permission"] == 50
        actor.call("deleteContact", id=other.number).arranged()
        for reply in named(actor, other)[:1]:
            reply.refused(400, 6)
        assert item["id"] in other.items()


@clause("HT-CONTACT-39")
@pytest.mark.parametrize("asks", [True, False])
def test_who_is_not_established_is_no_principal(target: Target, asks: bool) -> None:
    """Who has asked, or was asked, is nobody to share with, nor to assign."""
    with target.world() as world:
        owner, other = world.owner, world.outsider
        ask(*((owner, other) if asks else (other, owner)))
        statuses: list[Any] = [(r.status, r.code) for r in named(owner, other)]
        assert statuses == [(400, 6), (400, 6), (400, 24), (400, 24)]


@clause("HT-CONTACT-40")
def test_contacts_after_the_team(target: Target) -> None:
    """Who leaves the team is again the contact that they were before."""
    with target.world() as world:
        owner, other = world.owner, enlist(world)
        ask(world.outsider, other)
        assert subscription(owner, other) == subscription(other, owner) == "BIS"
        owner.call(TAKE, id=other.number).expect(200)
        assert subscription(owner, other) == subscription(other, owner) == "BOTH"
        assert subscription(other, world.outsider) == "FROM"
        assert contacts_of(other).keys() == {owner.number, world.outsider.number}


@clause("HT-CONTACT-40")
def test_contacts_of_a_removed_member(target: Target) -> None:
    """Who was a member only is no contact of anybody's afterwards."""
    with target.world() as world:
        world.owner.call(TAKE, id=world.member.number).arranged()
        assert contacts_of(world.member) == {}
        assert world.member.number not in contacts_of(world.owner)
        again = {"id": world.member.number}
        world.owner.call("addContact", **again).expect(200)


@clause("HT-CONTACT-42")
def test_writes_of_people_that_answer_the_status(target: Target) -> None:
    """What has nothing to return of people answers response_status 0."""
    with target.world() as world:
        owner, personal = world.owner, world.personal
        ask(personal, owner)
        for name, number in (
            ("approveContact", personal.number),
            (ADD, personal.number),
            (TAKE, personal.number),
            ("deleteContact", personal.number),
            ("removeMember", world.member.number),
        ):
            reply = owner.call(name, id=number).expect(200)
            assert reply["response_status"] == 0, f"response_status 0 of {name}"
        sent = {"email": invited(owner)["email"]}
        again = owner.call("resendInvitation", **sent).expect(200)
        assert again["response_status"] == 0
