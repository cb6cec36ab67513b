"""The account of a team, its overview, and the list of its people."""

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.failures import only
from tasktwin_contract.hitask.people import (
    NO_TEAM_MEMBERS,
    PLAIN,
    RANKS,
    TEAM,
    ask,
    everyone,
    invited,
    licenses,
    of_address,
    people,
    remove,
    team_of,
)
from tasktwin_contract.hitask.uploads import MEGABYTE, of_size, upload
from tasktwin_contract.rows import certain
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target, World

TEXTS = ("domainName", "title", "expirationDate", "emailInbox")
NUMBERS = ("licensesNumber", "licensesUsed", "storageQuota", "storageUsed")
FORMATTED = ("storageQuotaFormatted", "storageUsedFormatted")
SAME = {
    "domainName": "domainName",
    "title": "title",
    "license_count": "licensesNumber",
    "license_usage": "licensesUsed",
    "expiration_date": "expirationDate",
    "emailInbox": "emailInbox",
}
OVERVIEW = (*SAME, "level", "domainId", "canInvite", "everyoneGroupId", "inv_sent")
OVERVIEW = (*OVERVIEW, "inv_get", "emailConfirmed", "isPremium", "pictureHash")
CONTACT = ("id", "login", "firstName", "lastName", "email", "pictureHash")
THOUSAND = 1000
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", re.ASCII)


@clause("HT-TEAM-01")
def test_the_account_of_a_team(target: Target) -> None:
    """The account of a team has its fields, each of its type."""
    with target.world() as world:
        account = world.owner.call("getBusiness").expect(200)
        for name in NUMBERS:
            assert type(account[name]) is int, f"{name} is {account[name]!r}"
        for name in (*TEXTS, *FORMATTED):
            assert isinstance(account[name], str), f"{name} is {account[name]!r}"


@clause("HT-TEAM-02")
@given(count=st.integers(1, 4))
def test_licenses_that_are_used(target: Target, count: int) -> None:
    """LicensesUsed counts members and invited people, and falls when one goes."""
    with target.world() as world:
        owner = world.owner
        before = licenses(owner)
        people_invited = [invited(owner) for _ in range(count)]
        assert licenses(owner) == before + count
        for gone, person in enumerate(people_invited, 1):
            owner.call("removeMember", id=person["id"]).arranged()
            assert licenses(owner) == before + count - gone


@clause("HT-TEAM-02")
def test_a_member_gives_their_license_back(target: Target) -> None:
    """LicensesUsed falls when a member goes."""
    with target.world() as world:
        before = licenses(world.owner)
        remove(world.owner, world.member).arranged()
        assert licenses(world.owner) == before - 1


@clause("HT-TEAM-52")
def test_storage_that_is_used(target: Target) -> None:
    """StorageUsed is what the files of all members take up, in MB, rounded up."""
    with target.world() as world:
        rest = MEGABYTE - 200_000
        for actor, size, used in (
            (world.owner, 1, 1),
            (world.owner, rest - 1, 1),
            (world.member, 200_000, 1),
            (world.member, 1, 2),
        ):
            upload(actor, of_size(size)).arranged()
            seen = world.owner.call("getBusiness").expect(200)["storageUsed"]
            assert seen == used, f"after {size} more bytes"


@clause("HT-TEAM-52")
def test_storage_of_what_goes(target: Target) -> None:
    """An archived file takes up storage as before, one that is deleted does not."""
    with target.world() as world:
        guids = [world.guid() for _ in "ab"]
        for guid in guids:
            upload(world.member, of_size(MEGABYTE), guid=guid).arranged()
        world.member.call("archiveItem", guid=guids[0]).arranged()
        assert world.owner.call("getBusiness").expect(200)["storageUsed"] == len(guids)
        world.member.call("deleteItem", guid=guids[1]).arranged()
        assert world.owner.call("getBusiness").expect(200)["storageUsed"] == 1


@clause("HT-TEAM-03")
@pytest.mark.parametrize("name", ["storageQuota", "storageUsed"])
def test_storage_that_is_meant_to_be_read(target: Target, name: str) -> None:
    """The storage that is meant to be read says what the number says."""
    with target.world() as world:
        account = world.owner.call("getBusiness").expect(200)
        number = account[name]
        small, large = f"{number}MB", f"{number / THOUSAND:.2f}GB"
        assert account[f"{name}Formatted"] == (small if number < THOUSAND else large)


@clause("HT-TEAM-51")
@pytest.mark.parametrize(
    ("quota", "text"),
    [(0, "0MB"), (999, "999MB"), certain(1000, "1.00GB"), (1006, "1.01GB")],
)
def test_where_gigabytes_begin(target: Target, quota: int, text: str) -> None:
    """999 MB are told in MB, 1000 as 1.00GB."""
    with target.world(max_storage=quota) as world:
        account = world.owner.call("getBusiness").expect(200)
        shown = account["storageQuota"], account["storageQuotaFormatted"]
        assert shown == (quota, text)


@clause("HT-TEAM-50")
@pytest.mark.parametrize(
    ("name", "field"),
    [("getBusiness", "expirationDate"), ("getTeamOverview", "expiration_date")],
)
def test_when_teams_expire(target: Target, name: str, field: str) -> None:
    """When a team's account expires is a date as those of items are."""
    with target.world() as world:
        text = world.owner.call(name).expect(200)[field]
        assert text is None or DATE.fullmatch(str(text)), f"{field} is {text!r}"


@clause("HT-TEAM-04")
def test_the_overview(target: Target) -> None:
    """GetTeamOverview has the fields that clients start with."""
    with target.world() as world:
        overview = world.owner.call("getTeamOverview").expect(200).data
        assert not [name for name in OVERVIEW if name not in overview]


@clause("HT-TEAM-05")
@pytest.mark.parametrize("who", ["owner", "administrator", "member"])
def test_the_overview_agrees(target: Target, who: str) -> None:
    """GetTeamOverview agrees with getBusiness and with getUser."""
    with target.world() as world:
        actor = getattr(world, who)
        invited(world.owner)
        overview = actor.call("getTeamOverview").expect(200)
        account = actor.call("getBusiness").arranged()
        user = actor.call("getUser").arranged()
        assert {ours: overview[ours] for ours in SAME} == {
            ours: account[theirs] for ours, theirs in SAME.items()
        }
        assert overview["level"] == user["businessLevel"]
        assert overview["domainId"] == user["businessId"]
        assert overview["everyoneGroupId"] == everyone(actor)["id"]
        for name in ("emailConfirmed", "pictureHash"):
            assert overview[name] == user[name]


@clause("HT-TEAM-06")
def test_who_can_invite(target: Target) -> None:
    """CanInvite is true for administrators and the owner, and for nobody else."""
    with target.world() as world:
        for who in (*RANKS, *PLAIN):
            overview = getattr(world, who).call("getTeamOverview").expect(200)
            assert overview["canInvite"] is (who in RANKS), who


def open_requests(world: World, who: str) -> tuple[Any, Any]:
    """How many requests somebody has sent and got, by their overview."""
    overview = getattr(world, who).call("getTeamOverview").arranged()
    return overview["inv_sent"], overview["inv_get"]


@clause("HT-TEAM-07")
def test_requests_that_are_counted(target: Target) -> None:
    """Inv_sent counts open requests of the caller's, inv_get those they got."""
    with target.world() as world:
        people_asking = ("owner", "outsider", "personal")
        before = {who: open_requests(world, who) for who in people_asking}
        ask(world.owner, world.outsider)
        ask(world.owner, world.personal)
        ask(world.outsider, world.personal)
        added = {"owner": (2, 0), "outsider": (1, 1), "personal": (0, 2)}
        for who, (sent, got) in added.items():
            now = before[who][0] + sent, before[who][1] + got
            assert open_requests(world, who) == now
        world.personal.call("approveContact", id=world.owner.number).arranged()
        world.outsider.call("deleteContact", id=world.owner.number).arranged()
        assert open_requests(world, "owner") == before["owner"]


@clause("HT-TEAM-08")
def test_the_overview_of_a_personal_account(target: Target) -> None:
    """For a personal account getTeamOverview says nothing of a team."""
    with target.world() as world:
        overview = world.personal.call("getTeamOverview").expect(200)
        for name in (*SAME, "domainId", "everyoneGroupId"):
            assert overview[name] is None, f"{name} is {overview[name]!r}"
        assert overview["canInvite"] is False


@clause("HT-TEAM-09")
@pytest.mark.parametrize("who", ["owner", "member"])
def test_the_list_of_the_team(target: Target, who: str) -> None:
    """The list has the caller, the members and the invited, each once."""
    with target.world() as world:
        guest = invited(world.owner)
        listed = people(getattr(world, who), "listTeam")
        numbers = [person["id"] for person in listed]
        expected = {getattr(world, name).number for name in TEAM} | {guest["id"]}
        assert sorted(numbers) == sorted(set(numbers))
        assert expected <= set(numbers)
        strangers = {getattr(world, name).number for name in NO_TEAM_MEMBERS}
        assert not strangers & set(numbers)
        for person in listed:
            assert not [name for name in CONTACT if name not in person]


@clause("HT-TEAM-09")
def test_the_list_has_nobody_else(target: Target) -> None:
    """Two teams have different people in their lists."""
    with target.world() as world:
        guests = {invited(world.owner)["id"], invited(world.owner)["id"]}
        other = invited(world.outsider)["id"]
        members = {getattr(world, name).number for name in TEAM}
        assert len(guests) == 2
        assert team_of(world.member).keys() == members | guests
        assert team_of(world.outsider).keys() == {world.outsider.number, other}


@clause("HT-TEAM-10")
@pytest.mark.parametrize("who", ["owner", "manager", "member"])
def test_what_people_of_the_team_are(target: Target, who: str) -> None:
    """The caller is SELF, another member BIS, who is invited BIS_WAIT."""
    with target.world() as world:
        guest = invited(world.owner)["id"]
        listed = team_of(getattr(world, who))
        levels = {"owner": 100, "administrator": 10, "manager": 2}
        for name in TEAM:
            person = listed[getattr(world, name).number]
            assert person["subscription"] == ("SELF" if name == who else "BIS")
            assert person["businessLevel"] == levels.get(name, 1)
            assert person["login"] == getattr(world, name).login
        assert listed[guest]["subscription"] == "BIS_WAIT"
        assert listed[guest]["businessLevel"] is None


@clause("HT-TEAM-11")
def test_the_team_of_a_personal_account(target: Target) -> None:
    """A personal account gets a list of the team with nobody but itself."""
    with target.world() as world:
        person = world.personal
        assert team_of(person).keys() == {person.number}


@clause("HT-TEAM-13")
@given(name=titles(60))
@example(name="Ana Maria de la Cruz")
def test_who_is_invited_is_listed(target: Target, name: str) -> None:
    """Who is invited is in the list, with the address and both names."""
    with target.world() as world:
        email = world.address()
        world.owner.call("inviteMember", email=email, name=name).arranged()
        person = only(of_address(people(world.owner, "listTeam"), email))
        first, _, last = " ".join(name.split()).partition(" ")
        assert (person["firstName"], person["lastName"]) == (first, last)
        assert person["id"] not in {getattr(world, who).number for who in TEAM}


@clause("HT-TEAM-13")
@pytest.mark.parametrize("sent", [{}, {"name": ""}, {"name": "Mick"}])
def test_names_that_are_left_out(target: Target, sent: dict[str, str]) -> None:
    """Without a name, or without a last one, there is none."""
    with target.world() as world:
        person = invited(world.owner, **sent)
        assert (person["firstName"] or "") == sent.get("name", "")
        assert not person["lastName"]


@clause("HT-TEAM-44")
def test_everybody_gets_the_same_team(target: Target) -> None:
    """Every member gets the same account, and the same people in the list."""
    with target.world() as world:
        invited(world.owner)
        actors = [getattr(world, who) for who in TEAM]
        accounts = [one.call("getBusiness").expect(200).data for one in actors]
        assert accounts == [accounts[0]] * len(actors)
        teams = [team_of(one).keys() for one in actors]
        assert teams == [teams[0]] * len(actors)
