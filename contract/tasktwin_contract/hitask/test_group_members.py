"""Who is in a group, and who may write groups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.groups import (
    NAMING,
    NO_GROUP,
    PATHS,
    STRANGERS,
    WRITES,
    Prepared,
    add,
    everyone,
    group_list,
    make,
    members,
    named,
    numbers,
    put_back,
    remove,
    stored,
)
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target

PLAIN = ("member", "manager")
PEOPLE = st.sampled_from(["owner", "administrator", "manager", "member", "colleague"])
ADDING = [paths[0] for paths in PATHS.values()]
REMOVING = [paths[1] for paths in PATHS.values()]


@clause("HT-GROUP-10")
@given(people=st.lists(PEOPLE, min_size=1, max_size=5, unique=True))
def test_an_administrator_adds_members(target: Target, people: list[str]) -> None:
    """An administrator adds members of the team to a group, and to no other."""
    with target.world() as world:
        group, other = make(world.administrator), make(world.administrator)
        first = members(world.administrator, group)
        for count, who in enumerate(people, 1):
            add(world.administrator, group, getattr(world, who).number).expect(200)
            added = numbers(*(getattr(world, name) for name in people[:count]))
            expected = sorted({*first, *added})
            assert members(world.administrator, group) == expected
        assert members(world.administrator, other) == first
        assert members(world.colleague, group) == expected


@clause("HT-GROUP-11")
@given(people=st.lists(PEOPLE, min_size=1, max_size=5, unique=True))
def test_an_administrator_removes_members(target: Target, people: list[str]) -> None:
    """An administrator removes members from a group, and from no other."""
    with target.world() as world:
        actors = [getattr(world, who) for who in people]
        group = make(world.administrator, *actors)
        other = make(world.administrator, *actors)
        left = first = members(world.administrator, group)
        for actor in actors:
            remove(world.administrator, group, actor.number).expect(200)
            left = [number for number in left if number != actor.number]
            assert members(world.administrator, group) == left
        assert members(world.administrator, other) == first


@clause("HT-GROUP-12")
@pytest.mark.parametrize("adding", ADDING)
@pytest.mark.parametrize("removing", REMOVING)
def test_both_paths_of_members(target: Target, adding: str, removing: str) -> None:
    """Members are added and removed at both paths."""
    with target.world() as world:
        owner, member = world.owner, world.member
        group = make(owner, world.colleague)
        named = {"groupId": group["id"], "id": member.number}
        owner.call(adding, **named).expect(200)
        assert members(owner, group) == numbers(member, world.colleague)
        owner.call(removing, **named).expect(200)
        assert members(owner, group) == numbers(world.colleague)


@clause("HT-GROUP-13")
def test_the_owner_writes_groups(target: Target) -> None:
    """The team's owner may write groups as an administrator may."""
    with target.world() as world:
        owner, user = world.owner, world.member.number
        owner.call("createGroup", name="the owner's").expect(200)
        group = named(owner, "the owner's")[-1]
        owner.call("updateGroup", id=group["id"], name="changed").expect(200)
        owner.call("addGroupMember", groupId=group["id"], id=user).expect(200)
        found = stored(owner, group)
        assert found == {**group, "name": "changed", "members": [user]}
        owner.call("removeGroupMember", groupId=group["id"], id=user).expect(200)
        assert members(owner, group) == []
        owner.call("deleteGroup", id=group["id"]).expect(200)
        assert stored(owner, group) is None


@clause("HT-GROUP-13")
@pytest.mark.parametrize("name", WRITES)
def test_the_owner_writes_the_administrator_s(target: Target, name: str) -> None:
    """The team's owner may write groups that an administrator made."""
    with target.world() as world:
        WRITES[name](Prepared.by(world, "owner")).expect(200)


@clause("HT-GROUP-14")
@pytest.mark.parametrize("who", table(PLAIN, "manager"))
@pytest.mark.parametrize("name", table(WRITES, "createGroup"))
def test_plain_members_write_no_groups(target: Target, who: str, name: str) -> None:
    """A plain member or a manager is refused every write of a group."""
    with target.world() as world:
        prepared = Prepared.by(world, who)
        WRITES[name](prepared).refused()
        assert stored(world.owner, prepared.group) == prepared.group
        assert named(world.owner, "written") == []


@clause("HT-GROUP-15")
@pytest.mark.parametrize("who", PLAIN)
@pytest.mark.parametrize("name", WRITES)
def test_the_refusal_of_plain_members(target: Target, who: str, name: str) -> None:
    """A plain member or a manager is refused the writing with 403 and code 3."""
    with target.world() as world:
        WRITES[name](Prepared.by(world, who)).refused(403, 3)


@clause("HT-GROUP-16")
@pytest.mark.parametrize(
    ("field", "value"), [("name", "All"), ("code", "ALL"), ("color", "#000000")]
)
@pytest.mark.parametrize("who", ["owner", "administrator"])
def test_everyone_is_not_changed(
    target: Target, who: str, field: str, value: str
) -> None:
    """A change of Everyone's name, code or color is refused with 403 and code 17."""
    with target.world() as world:
        actor = getattr(world, who)
        group = everyone(actor)
        before = {key: group[key] for key in ("id", "name", "code", "color")}
        with put_back(actor, "updateGroup", **before):
            sent = {"id": group["id"], field: value}
            actor.call("updateGroup", **sent).refused(403, 17)
            assert stored(actor, group) == group


@clause("HT-GROUP-17")
@pytest.mark.parametrize("name", REMOVING)
@pytest.mark.parametrize("who", ["owner", "administrator", "colleague"])
def test_everyone_is_not_left(target: Target, name: str, who: str) -> None:
    """Removing a member from Everyone is refused with 403 and code 17."""
    with target.world() as world:
        administrator = world.administrator
        group = everyone(administrator)
        user = {"groupId": group["id"], "id": getattr(world, who).number}
        with put_back(administrator, "addGroupMember", **user):
            administrator.call(name, **user).refused(403, 17)
            assert stored(administrator, group) == group


@clause("HT-GROUP-18")
@pytest.mark.parametrize("who", ["owner", "administrator"])
def test_everyone_is_not_deleted(target: Target, who: str) -> None:
    """Deleting Everyone is refused with 403 and code 17."""
    with target.world() as world:
        actor = getattr(world, who)
        group = everyone(actor)
        actor.call("deleteGroup", id=group["id"]).refused(403, 17)
        assert stored(actor, group) == group


@clause("HT-GROUP-22")
@pytest.mark.parametrize("name", sorted(WRITES.keys() - {"createGroup", "updateGroup"}))
def test_writes_that_answer_the_status(target: Target, name: str) -> None:
    """What deletes a group, adds to it or removes from it answers status 0."""
    with target.world() as world:
        reply = WRITES[name](Prepared.by(world, "administrator")).expect(200)
        assert reply["response_status"] == 0, f"response_status 0 in {reply.summary}"


@clause("HT-GROUP-26")
@pytest.mark.parametrize("name", NAMING)
def test_groups_that_are_not_there(target: Target, name: str) -> None:
    """A group that does not exist, or no longer, is refused with 404 and code 1."""
    with target.world() as world:
        administrator = world.administrator
        prepared = Prepared.by(world, "administrator")
        gone = make(administrator, world.member)
        administrator.call("deleteGroup", id=gone["id"]).arranged()
        before = group_list(administrator)
        for group in (NO_GROUP, "0", "-1", "é/..", gone["id"]):
            WRITES[name](prepared.at(group)).refused(404, 1)
        assert group_list(administrator) == before


@clause("HT-GROUP-26")
@pytest.mark.parametrize("name", NAMING)
def test_groups_of_another_team(target: Target, name: str) -> None:
    """Another team's group, Everyone too, is refused with 404 and code 1."""
    with target.world() as world:
        prepared = Prepared.by(world, "outsider")
        for group in (prepared.group, everyone(world.owner)):
            WRITES[name](prepared.at(group["id"])).refused(404, 1)
            assert stored(world.owner, group) == group


@clause("HT-GROUP-27")
@pytest.mark.parametrize("name", ADDING)
@pytest.mark.parametrize("stranger", STRANGERS)
def test_strangers_are_not_added(target: Target, name: str, stranger: str) -> None:
    """Adding a user who does not exist, or not in the team, is 404 and code 1."""
    with target.world() as world:
        group = make(world.administrator, world.member)
        user = STRANGERS[stranger](world)
        named = {"groupId": group["id"], "id": user}
        world.administrator.call(name, **named).refused(404, 1)
        assert stored(world.administrator, group) == group


@clause("HT-GROUP-28")
@pytest.mark.parametrize("name", REMOVING)
@pytest.mark.parametrize("stranger", STRANGERS)
def test_strangers_are_not_removed(target: Target, name: str, stranger: str) -> None:
    """Removing a user who does not exist, or not in the team, is 404 and code 1."""
    with target.world() as world:
        group = make(world.administrator, world.member)
        named = {"groupId": group["id"], "id": STRANGERS[stranger](world)}
        world.administrator.call(name, **named).refused(404, 1)
        assert stored(world.administrator, group) == group


@clause("HT-GROUP-28")
@pytest.mark.parametrize("name", REMOVING)
def test_who_is_not_in_the_group(target: Target, name: str) -> None:
    """Removing who is not in the group, or no longer, is 404 and code 1."""
    with target.world() as world:
        administrator = world.administrator
        make(administrator, world.colleague)
        group = make(administrator, world.member)
        named = {"groupId": group["id"], "id": world.colleague.number}
        administrator.call(name, **named).refused(404, 1)
        remove(administrator, group, world.member.number).arranged()
        again = {**named, "id": world.member.number}
        administrator.call(name, **again).refused(404, 1)
        assert members(administrator, group) == []


@clause("HT-GROUP-29")
@pytest.mark.parametrize("name", ADDING)
def test_adding_a_member_again(target: Target, name: str) -> None:
    """Adding who is in the group already is accepted, and leaves them in it once."""
    with target.world() as world:
        owner, member = world.owner, world.member
        group = make(owner, member, world.colleague)
        owner.call(name, groupId=group["id"], id=member.number).expect(200)
        assert members(owner, group) == numbers(member, world.colleague)
        remove(owner, group, member.number).expect(200)
        assert members(owner, group) == numbers(world.colleague)


@clause("HT-GROUP-31")
@pytest.mark.parametrize("name", WRITES)
def test_personal_accounts_write_no_groups(target: Target, name: str) -> None:
    """A personal account is refused the writing of groups with 403 and code 33."""
    with target.world() as world:
        prepared = Prepared.by(world, "personal")
        WRITES[name](prepared).refused(403, 33)
        assert stored(world.owner, prepared.group) == prepared.group


@clause("HT-GROUP-32")
def test_personal_accounts_have_no_groups(target: Target) -> None:
    """A personal account gets an empty list of groups."""
    with target.world() as world:
        assert world.personal.call("listGroups").expect(200).data == []
