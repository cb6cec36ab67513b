"""Inviting to a team, and sending an invitation again."""

from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, resting_on
from tasktwin_contract.hitask.people import (
    PLAIN,
    RANKS,
    TEAM,
    WRONG_ADDRESSES,
    everyone,
    invited,
    licenses,
    of_address,
    people,
    team_of,
)
from tasktwin_contract.hitask.steps import create, update
from tasktwin_contract.reply import Reply
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target, World

BY_ADDRESS = ("inviteMember", "resendInvitation")
WRITES = (*BY_ADDRESS, "removeMember")
CAST = 5


def write(actor: Actor, name: str, person: Any) -> Reply:
    """Call a write of the team for `person`, who is invited, or for a new address."""
    sent: dict[str, dict[str, Any]] = {
        "getBusiness": {},
        "inviteMember": {"email": actor.world.address()},
        "resendInvitation": {"email": person["email"]},
        "removeMember": {"id": person["id"]},
    }
    return actor.call(name, **sent[name])


@clause("HT-TEAM-12", "HT-TEAM-42")
@pytest.mark.parametrize(("who", "other"), [RANKS, RANKS[::-1]])
def test_who_administers_invites(target: Target, who: str, other: str) -> None:
    """An administrator and the owner invite, and write what the other invited."""
    with target.world() as world:
        actor = getattr(world, who)
        actor.call("inviteMember", email=world.address()).expect(200)
        person = invited(getattr(world, other))
        write(actor, "resendInvitation", person).expect(200)
        write(actor, "removeMember", person).expect(200)
        assert person["id"] not in team_of(actor)


@clause("HT-TEAM-12")
def test_a_name_goes_with_it(target: Target) -> None:
    """Whoever administers the team invites somebody with a name too."""
    with target.world() as world:
        for via in ("form", "json"):
            sent = {"email": world.address(), "name": "Mick Johnson"}
            world.owner.using(via=via).call("inviteMember", **sent).expect(200)
            assert of_address(people(world.owner, "listTeam"), sent["email"])


@clause("HT-TEAM-14")
def test_inviting_what_is_no_address(target: Target) -> None:
    """Inviting an address that is none is refused with 400 and code 5."""
    with target.world() as world:
        before = team_of(world.owner)
        for email in WRONG_ADDRESSES:
            world.owner.call("inviteMember", email=email).refused(400, 5)
        assert team_of(world.owner) == before


@clause("HT-TEAM-15")
@pytest.mark.parametrize("who", RANKS)
def test_inviting_a_member(target: Target, who: str) -> None:
    """Inviting the address of a member is refused with 412 and code 16."""
    with target.world() as world:
        for other in TEAM:
            email = getattr(world, other).email
            getattr(world, who).call("inviteMember", email=email).refused(412, 16)


@clause("HT-TEAM-16")
@pytest.mark.parametrize("who", RANKS)
def test_inviting_again(target: Target, who: str) -> None:
    """Inviting an address that is invited is refused with 412 and code 79."""
    with target.world() as world:
        email = invited(world.owner)["email"]
        getattr(world, who).call("inviteMember", email=email).refused(412, 79)
        assert len(of_address(people(world.owner, "listTeam"), email)) == 1


@clause("HT-TEAM-16")
def test_inviting_after_a_removal(target: Target) -> None:
    """Who is invited no longer is invited again, and then is so."""
    with target.world() as world:
        person = invited(world.owner)
        world.owner.call("removeMember", id=person["id"]).arranged()
        world.owner.call("inviteMember", email=person["email"]).expect(200)
        world.owner.call("inviteMember", email=person["email"]).refused(412, 79)


@clause("HT-TEAM-17")
@pytest.mark.parametrize("left", [0, 2])
def test_licenses_run_out(target: Target, left: int) -> None:
    """Inviting is refused with 400 and code 12 where no licence is left."""
    with target.world(max_members=CAST + left) as world:
        for _ in range(left):
            world.owner.call("inviteMember", email=world.address()).expect(200)
        with resting_on("HT-TEAM-02" if left else None):
            assert licenses(world.owner) == CAST + left
            before = team_of(world.owner)
            world.owner.call("inviteMember", email=world.address()).refused(400, 12)
            assert team_of(world.owner) == before


@clause("HT-TEAM-17")
def test_a_license_that_is_free_again(target: Target) -> None:
    """Where somebody goes a licence is left."""
    with target.world(max_members=CAST + 1) as world, resting_on("HT-TEAM-02"):
        person = invited(world.owner)
        world.owner.call("removeMember", id=person["id"]).arranged()
        world.owner.call("inviteMember", email=world.address()).expect(200)
        world.owner.call("removeMember", id=world.member.number).arranged()
        world.owner.call("inviteMember", email=world.address()).expect(200)
        world.owner.call("inviteMember", email=world.address()).refused(400, 12)


@clause("HT-TEAM-18")
@pytest.mark.parametrize("name", BY_ADDRESS)
def test_no_address(target: Target, name: str) -> None:
    """inviteMember and resendInvitation without an email are 400 and code 4."""
    with target.world() as world:
        world.owner.call(name).refused(400, 4)
        world.owner.call(name, name="Mick Johnson").refused(400, 4)


@clause("HT-TEAM-19")
def test_the_letter_case_of_addresses(target: Target) -> None:
    """Addresses that differ only in letter case are the same."""
    with target.world() as world:
        owner, email = world.owner, invited(world.owner)["email"]
        for change in (str.upper, str.title, str.swapcase):
            owner.call("inviteMember", email=change(email)).refused(412, 79)
            owner.call("resendInvitation", email=change(email)).expect(200)
            member = change(world.member.email)
            for name in BY_ADDRESS:
                owner.call(name, email=member).refused(412, 16)


@clause("HT-TEAM-20")
def test_inviting_a_member_of_another_team(target: Target) -> None:
    """Inviting a member of another team is refused with 412 and code 16."""
    with target.world() as world:
        email = world.outsider.email
        world.owner.call("inviteMember", email=email).refused(412, 16)
        world.outsider.call("inviteMember", email=world.owner.email).refused(412, 16)


@clause("HT-TEAM-20")
def test_inviting_who_has_a_personal_account(target: Target) -> None:
    """Who has an account and no team is invited as anybody else, under their id."""
    with target.world() as world:
        person = world.personal
        world.owner.call("inviteMember", email=person.email).expect(200)
        assert team_of(world.owner)[person.number]["subscription"] == "BIS_WAIT"
        world.owner.call("inviteMember", email=person.email).refused(412, 79)
        assert person.call("getUser").arranged()["businessId"] is None


@clause("HT-TEAM-21")
def test_what_inviting_answers(target: Target) -> None:
    """inviteMember answers who is invited, as the list then has them."""
    with target.world() as world:
        sent = {"email": world.address(), "name": "Mick Johnson"}
        answer = world.owner.call("inviteMember", **sent).expect(200).data
        assert answer == team_of(world.owner).get(answer["id"])


@clause("HT-TEAM-35")
def test_sending_again(target: Target) -> None:
    """An invitation is sent again with success, as often as is asked for."""
    with target.world() as world:
        email = invited(world.owner)["email"]
        for _ in range(3):
            world.owner.call("resendInvitation", email=email).expect(200)


@clause("HT-TEAM-36")
def test_sending_to_what_is_no_address(target: Target) -> None:
    """Sending again to an address that is none is refused with 400 and code 5."""
    with target.world() as world:
        for email in WRONG_ADDRESSES:
            world.owner.call("resendInvitation", email=email).refused(400, 5)


@clause("HT-TEAM-37")
def test_sending_again_to_a_member(target: Target) -> None:
    """Sending again to a member is refused with 412 and code 16."""
    with target.world() as world:
        for other in TEAM:
            email = getattr(world, other).email
            world.owner.call("resendInvitation", email=email).refused(412, 16)


@clause("HT-TEAM-38")
@pytest.mark.parametrize("most", [0, CAST + 1])
def test_more_licenses_than_there_are(target: Target, most: int) -> None:
    """Sending again is 400 and code 12 where more licences are used than there are."""
    with target.world() as world:
        people_invited = [invited(world.owner), invited(world.owner)]
        with target.copy(world, max_members=most) as twin:
            for person in people_invited:
                email = person["email"]
                with resting_on("HT-TEAM-02"):
                    twin.owner.call("resendInvitation", email=email).refused(400, 12)


@clause("HT-TEAM-39")
def test_sending_again_takes_no_license(target: Target) -> None:
    """Sending again takes no licence, needs none, and changes nothing."""
    with target.world(max_members=CAST + 1) as world:
        email = invited(world.owner)["email"]
        before = team_of(world.owner)
        world.owner.call("resendInvitation", email=email).expect(200)
        assert team_of(world.owner) == before
        assert licenses(world.owner) == CAST + 1


@clause("HT-TEAM-40")
def test_sending_to_who_was_never_invited(target: Target) -> None:
    """Sending to who was never invited, or is no longer, is 404 and code 1."""
    with target.world() as world:
        gone, other = invited(world.owner), invited(world.outsider)
        world.owner.call("removeMember", id=gone["id"]).arranged()
        for email in (world.address(), gone["email"], other["email"]):
            world.owner.call("resendInvitation", email=email).refused(404, 1)


@clause("HT-TEAM-41")
@pytest.mark.parametrize("who", table(PLAIN, "manager"))
@pytest.mark.parametrize("name", table(WRITES, "inviteMember"))
def test_plain_members_write_no_team(target: Target, who: str, name: str) -> None:
    """A plain member or a manager is refused each write with 403 and code 3."""
    with target.world() as world:
        person = invited(world.owner)
        before = team_of(world.owner)
        write(getattr(world, who), name, person).refused(403, 3)
        assert team_of(world.owner) == before


@clause("HT-TEAM-43")
@pytest.mark.parametrize("name", ["getBusiness", *WRITES])
def test_personal_accounts_have_no_team(target: Target, name: str) -> None:
    """A personal account is refused all of a team with 403 and code 33."""
    with target.world() as world:
        person = invited(world.owner)
        write(world.personal, name, person).refused(403, 33)
        assert person["id"] in team_of(world.owner)


def named_as(world: World, number: int) -> list[Reply]:
    """What those get who name somebody in an item: in its list, to work on it."""
    owner, item = world.owner, world.owner.item()
    row = {"principal": str(number), "level": 50}
    return [
        create(owner, permissions=[row]),
        update(owner, item, assignee=number),
        update(owner, item, participants=[number]),
    ]


@clause("HT-TEAM-45")
def test_who_is_invited_is_no_member(target: Target) -> None:
    """Who is invited is not in Everyone, and nobody to share with or to assign."""
    with target.world() as world:
        number = invited(world.owner)["id"]
        assert number not in everyone(world.owner)["members"]
        for reply in named_as(world, number):
            reply.refused()
