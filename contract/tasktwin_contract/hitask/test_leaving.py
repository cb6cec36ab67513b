"""Leaving a team: what somebody loses with it, and what stays theirs."""

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.deltas import Copy, Listing, delta, listed, same
from tasktwin_contract.hitask.people import (
    NO_TEAM_MEMBERS,
    RANKS,
    establish,
    everyone,
    invited,
    people,
    remove,
    team_of,
)
from tasktwin_contract.hitask.steps import NO_ID, update
from tasktwin_contract.hitask.writes import entry, family, grant, is_told, shared
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target, World

VIEWERS = ("owner", "administrator", "manager", "member", "colleague")
OWN_FIELDS = ("title", "assignee", "participants", "permissions", "version", "parent")


def group_of(world: World, *members: Actor) -> Object:
    """A new group of these members."""
    made = world.owner.call("createGroup", name="a group").arranged()
    for one in members:
        named = {"groupId": made["id"], "id": one.number}
        world.owner.call("addGroupMember", **named).arranged()
    return Object(made.data)


def worker(actor: Actor, *, with_others: bool = True) -> Object:
    """An item of `actor`'s on which the member works."""
    world = actor.world
    others = [world.colleague.number] if with_others else []
    made: Object = actor.item(
        assignee=world.member.number, participants=[world.member.number, *others]
    )
    return made


@clause("HT-TEAM-22")
def test_an_invitation_is_taken_back(target: Target) -> None:
    """Removing takes somebody who is invited out of the team, and nobody else."""
    with target.world() as world:
        person, other = invited(world.owner), invited(world.owner)
        world.owner.call("removeMember", id=person["id"]).expect(200)
        listed_now = team_of(world.owner)
        assert person["id"] not in listed_now
        assert listed_now[other["id"]] == other


@clause("HT-TEAM-23")
@pytest.mark.parametrize(
    ("who", "gone"),
    [
        ("owner", "administrator"),
        ("administrator", "manager"),
        ("administrator", "member"),
        ("administrator", "administrator"),
    ],
)
def test_a_member_is_taken_out(target: Target, who: str, gone: str) -> None:
    """Removing takes a member out of the team, and nobody else."""
    with target.world() as world:
        before = team_of(world.owner)
        other = getattr(world, gone)
        remove(getattr(world, who), other).expect(200)
        expected = before.keys() - {other.number}
        assert team_of(world.owner).keys() == expected


@clause("HT-TEAM-24")
@pytest.mark.parametrize("sent", [{}, {"email": "member@example.com"}])
def test_removing_nobody(target: Target, sent: dict[str, str]) -> None:
    """Removing without an id is refused with 400 and code 4."""
    with target.world() as world:
        before = team_of(world.owner)
        world.owner.call("removeMember", **sent).refused(400, 4)
        assert team_of(world.owner) == before


@clause("HT-TEAM-25")
def test_removing_who_is_not_there(target: Target) -> None:
    """Removing somebody who does not exist is refused with 404 and code 1."""
    with target.world() as world:
        gone = invited(world.owner)["id"]
        world.owner.call("removeMember", id=gone).arranged()
        for number in (NO_ID, gone):
            world.owner.call("removeMember", id=number).refused(404, 1)


@clause("HT-TEAM-47")
@pytest.mark.parametrize("who", NO_TEAM_MEMBERS)
def test_removing_who_is_elsewhere(target: Target, who: str) -> None:
    """Removing who is not of the team is refused with 404 and code 1."""
    with target.world() as world:
        remove(world.owner, getattr(world, who)).refused(404, 1)
        other = invited(world.outsider)["id"]
        world.owner.call("removeMember", id=other).refused(404, 1)
        assert other in team_of(world.outsider)


@clause("HT-TEAM-47")
def test_removing_a_member_twice(target: Target) -> None:
    """Removing who has been removed is refused with 404 and code 1."""
    with target.world() as world:
        remove(world.owner, world.member).arranged()
        remove(world.owner, world.member).refused(404, 1)


@clause("HT-TEAM-26")
@pytest.mark.parametrize("who", RANKS)
def test_the_owner_stays(target: Target, who: str) -> None:
    """Removing the owner is refused with 403 and code 17."""
    with target.world() as world:
        before = team_of(world.owner)
        remove(getattr(world, who), world.owner).refused(403, 17)
        assert team_of(world.owner) == before


@clause("HT-TEAM-27")
@pytest.mark.parametrize("gone", ["administrator", "manager", "member"])
def test_the_account_of_who_was_removed(target: Target, gone: str) -> None:
    """Who was removed has a personal account."""
    with target.world() as world:
        actor = getattr(world, gone)
        before = actor.call("getUser").arranged()
        remove(world.owner, actor).arranged()
        after = actor.call("getUser").expect(200)
        assert (after["businessId"], after["businessLevel"]) == (None, None)
        assert after["level"] == 0
        assert str(after["accountType"]).startswith("PERSONAL")
        for name in ("id", "login", "email", "emailConfirmed", "firstName"):
            assert after[name] == before[name]
        assert people(actor, "listGroups") == []
        assert team_of(actor).keys() == {actor.number}


@clause("HT-TEAM-28")
def test_groups_lose_who_was_removed(target: Target) -> None:
    """Who was removed is in no group any more, Everyone included."""
    with target.world() as world:
        member, colleague = world.member, world.colleague
        group = group_of(world, member, colleague)
        alone = group_of(world, member)
        remove(world.owner, member).arranged()
        found = {one["id"]: one["members"] for one in people(colleague, "listGroups")}
        assert found[group["id"]] == [colleague.number]
        assert found[alone["id"]] == []
        assert member.number not in everyone(world.owner)["members"]
        assert colleague.number in everyone(world.owner)["members"]


@clause("HT-TEAM-29")
def test_what_who_was_removed_no_longer_sees(target: Target) -> None:
    """Entries go, and with them and the groups all that they gave."""
    with target.world() as world:
        manager, member = world.manager, world.member
        own = shared(manager, member=60, colleague=20)
        by_group, by_everyone = shared(manager), shared(manager)
        grant(manager, by_group, group_of(world, member)["id"], 40)
        grant(manager, by_everyone, everyone(manager)["id"], 40)
        top, below = family(manager, member=30)
        items = [one["id"] for one in (own, by_group, by_everyone, top, below)]
        assert member.items().keys() >= set(items)
        remove(world.owner, member).arranged()
        assert not member.items().keys() & set(items)
        rows = manager.stored(own["guid"])["permissions"]
        levels = {str(row["principal"]): row["level"] for row in rows}
        assert levels == {manager.id: 100, world.colleague.id: 20}


@clause("HT-TEAM-29")
def test_archived_items_lose_the_entries_too(target: Target) -> None:
    """An item that comes back from the archive does not come back to them."""
    with target.world() as world:
        manager, member = world.manager, world.member
        item = shared(manager, member=60)
        manager.call("archiveItem", id=item["id"]).arranged()
        remove(world.owner, member).arranged()
        manager.call("restoreItem", id=item["id"]).arranged()
        assert item["id"] not in member.items()
        rows = manager.stored(item["guid"])["permissions"]
        assert member.id not in {str(row["principal"]) for row in rows}


@clause("HT-TEAM-30")
def test_nobody_who_was_removed_works_on_anything(target: Target) -> None:
    """Assignee becomes 0, and participants are fewer."""
    with target.world() as world:
        manager, colleague = world.manager, world.colleague
        item, alone = worker(manager), worker(manager, with_others=False)
        other = manager.item(assignee=colleague.number)
        remove(world.owner, world.member).arranged()
        after = manager.stored(item["guid"])
        assert after["assignee"] == 0
        assert after["participants"] == [colleague.number]
        assert not manager.stored(alone["guid"])["participants"]
        assert manager.stored(other["guid"])["assignee"] == colleague.number


@clause("HT-TEAM-30")
def test_what_they_work_on_has_changed(target: Target) -> None:
    """An item that loses who worked on it is a version further, others are not."""
    with target.world() as world:
        item, other = worker(world.manager), world.manager.item()
        before = listed(world.manager).items
        remove(world.owner, world.member).arranged()
        after = listed(world.manager).items
        assert after[item["id"]]["version"] > before[item["id"]]["version"]
        assert same(after[other["id"]], before[other["id"]])


@clause("HT-TEAM-31")
def test_own_items_stay(target: Target) -> None:
    """The items of who was removed stay theirs, with the same own fields."""
    with target.world() as world:
        member, top = world.member, shared(world.manager, member=40)
        rows = [entry(world.manager.id, 50), entry(world.colleague.id, 20)]
        people_on_it = {"assignee": member.number, "participants": [member.number]}
        items = [
            member.item(permissions=rows, **people_on_it),
            member.item(parent=top["id"]),
            member.item(),
        ]
        before = [member.stored(item["guid"]) for item in items]
        remove(world.owner, member).arranged()
        left = member.items()
        assert left.keys() >= {old["id"] for old in before}
        for old in before:
            new = left[old["id"]]
            assert [new[n] for n in OWN_FIELDS] == [old[n] for n in OWN_FIELDS]
            assert (new["user_id"], new["permission"]) == (member.number, 100)
        update(member, before[0], title="still mine").expect(200)
        assert items[0]["id"] in world.colleague.items()


@clause("HT-TEAM-32")
def test_the_rank_of_who_was_removed(target: Target) -> None:
    """An administrator who was removed has no rank on the team's items."""
    with target.world() as world:
        administrator, manager = world.administrator, world.manager
        kept, item = administrator.item(), shared(manager, administrator=20)
        for one in (kept, item):
            assert administrator.stored(one["guid"])["adminPermission"]
        remove(world.owner, administrator).arranged()
        after = administrator.stored(kept["guid"])
        assert (after["adminPermission"] or False, after["permission"]) == (False, 100)
        establish(manager, administrator)
        grant(manager, manager.stored(item["guid"]), administrator.id, 20)
        again = administrator.stored(item["guid"])
        assert (again["adminPermission"] or False, again["permission"]) == (False, 20)
        update(administrator, again, title="changed").refused()


@clause("HT-TEAM-32")
@pytest.mark.parametrize("who", RANKS)
def test_no_rank_on_the_items_of_who_was_removed(target: Target, who: str) -> None:
    """No administrator has a rank on the items of who was removed."""
    with target.world() as world:
        actor, member = getattr(world, who), world.member
        item = shared(member, **{who: 20, "colleague": 20})
        assert actor.stored(item["guid"])["permission"] == 100
        remove(world.owner, member).arranged()
        after = actor.stored(item["guid"])
        assert after["permission"] == 20
        assert not after["adminPermission"]
        update(actor, item, title="changed").refused()


def copies(world: World) -> dict[str, tuple[Listing, Copy]]:
    """What everybody's client holds."""
    lists = {name: listed(getattr(world, name)) for name in VIEWERS}
    return {name: (fresh, Copy(fresh)) for name, fresh in lists.items()}


def follow(world: World, kept: dict[str, tuple[Listing, Copy]]) -> None:
    """Demand that each one's copy, with a delta, is what they then see."""
    for name, (before, copy) in kept.items():
        actor = getattr(world, name)
        told, fresh = delta(actor, before.cursor), listed(actor)
        copy.apply(told)
        assert copy.items.keys() == fresh.items.keys(), f"the copy of {name}"
        for number, item in fresh.items.items():
            assert same(copy.items[number], item), f"item {number} for {name}"
        for number in told.changed.keys() & before.items.keys():
            unchanged = same(before.items[number], fresh.items[number])
            assert not unchanged, f"item {number} is told to {name} for nothing"


def furnish(actor: Actor, gone: Actor, group: str) -> None:
    """Items of `actor`'s that those see who are in groups, in lists, or above."""
    top, by_group, listed_there = actor.item(), actor.item(), actor.item()
    grant(actor, top, everyone(actor)["id"], 20)
    grant(actor, by_group, group, 30)
    grant(actor, listed_there, gone.id, 100 if actor.name == gone.name else 40)
    actor.item(parent=top["id"], permissions=[])
    actor.item(assignee=gone.number)


@clause("HT-TEAM-33")
@pytest.mark.parametrize("gone", ["administrator", "member"])
def test_everybody_is_told_of_a_removal(target: Target, gone: str) -> None:
    """What a removal changes for anybody is in their delta, and nothing else."""
    with target.world() as world:
        other = getattr(world, gone)
        group = str(group_of(world, other)["id"])
        for name in VIEWERS:
            furnish(getattr(world, name), other, group)
        kept = copies(world)
        remove(world.owner, other).arranged()
        follow(world, kept)


@clause("HT-TEAM-33")
def test_ranks_that_go_are_told(target: Target) -> None:
    """Whose permission on an item falls with a rank is told so."""
    with target.world() as world:
        administrator = world.administrator
        item, mine = shared(world.member, administrator=20), administrator.item()
        cursor = listed(administrator).cursor
        remove(world.owner, world.member).arranged()
        is_told(administrator, cursor, item)
        cursor = listed(administrator).cursor
        remove(world.owner, administrator).arranged()
        is_told(administrator, cursor, mine)


@clause("HT-TEAM-34")
def test_who_was_removed_stays_signed_in(target: Target) -> None:
    """Who was removed keeps their session and signs in as before."""
    with target.world() as world:
        remove(world.owner, world.member).arranged()
        world.member.call("getUser").expect(200)
        again = world.member.signed_in()
        assert again.call("getUser").expect(200)["id"] == world.member.number
