"""Groups: what they look like, and how they are made, changed and deleted."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.groups import (
    EVERYONE,
    NOT_IN_THE_TEAM,
    TEAM,
    everyone,
    group_list,
    make,
    members,
    named,
    numbers,
    stored,
)
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target

BLANK = ["", "  ", " \t\n", "\u2003"]
FULL = {"name": "a full group", "code": "FULL", "color": "#12abEF"}
names = titles(60).map(str.strip).filter(bool)
colors = st.text(string.hexdigits, min_size=6, max_size=6).map("#{}".format)
codes = st.text(string.ascii_uppercase, min_size=1, max_size=20)


@clause("HT-GROUP-01")
@pytest.mark.parametrize("who", TEAM)
def test_the_shape_of_groups(target: Target, who: str) -> None:
    """A group has an id, a name, a type and members, each of its type."""
    with target.world() as world:
        for group in group_list(getattr(world, who)):
            assert type(group["id"]) in (str, int), f"id is {group['id']!r}"
            assert type(group["name"]) is str, f"name is {group['name']!r}"
            assert type(group["type"]) is int, f"type is {group['type']!r}"
        found = everyone(getattr(world, who))["members"]
        assert isinstance(found, list), f"members is {found!r}"
        assert {type(member) for member in found} == {int}, f"members is {found!r}"


@clause("HT-GROUP-02")
@pytest.mark.parametrize("who", ["owner", "outsider"])
def test_code_and_color_of_groups(target: Target, who: str) -> None:
    """A group also has code and color, each a text or null."""
    with target.world() as world:
        for group in group_list(getattr(world, who)):
            assert group.keys() >= {"code", "color"}, f"{group} lacks one"
            assert type(group["code"]) in (str, type(None)), f"{group['code']!r}"
            assert type(group["color"]) in (str, type(None)), f"{group['color']!r}"


@clause("HT-GROUP-03")
def test_group_ids_are_texts(target: Target) -> None:
    """A group's id is a text, which no other group has."""
    with target.world() as world:
        ids = [group["id"] for group in group_list(world.owner)]
        assert {type(one) for one in ids} == {str}, f"the ids are {ids}"
        assert len(set(ids)) == len(ids), f"the ids are {ids}"


@clause("HT-GROUP-04")
@pytest.mark.parametrize("who", TEAM)
def test_everyone_has_everybody(target: Target, who: str) -> None:
    """The group of type 1 has every member of the team among its members."""
    with target.world() as world:
        team = numbers(*(getattr(world, name) for name in TEAM))
        listed = everyone(getattr(world, who))["members"]
        missing = set(team) - set(listed or [])
        assert not missing, f"Everyone lacks {missing}"


@clause("HT-GROUP-05")
def test_everyone_has_nobody_else(target: Target) -> None:
    """Each team has one group of type 1, whose members are the team's."""
    with target.world() as world:
        for actor, others in (
            (world.owner, NOT_IN_THE_TEAM),
            (world.outsider, (*TEAM, "personal")),
        ):
            kinds = [group["type"] for group in group_list(actor)]
            assert kinds.count(EVERYONE) == 1, f"the types are {kinds}"
            listed = everyone(actor)["members"]
            strangers = numbers(*(getattr(world, name) for name in others))
            assert not {*strangers} & {*listed}, "Everyone has who is not in the team"
            assert actor.number in listed
            assert len(listed) == len({*listed}), f"twice in {listed}"


@clause("HT-GROUP-06")
def test_groups_are_the_team_s(target: Target) -> None:
    """Every member of the team gets all of its groups, and no other team's."""
    with target.world() as world:
        world.owner.call("createGroup", name="without members").arranged()
        for who in TEAM:
            found = named(getattr(world, who), "without members")
            assert len(found) == 1, f"the team's group, to {who}"
        empty = found[0]
        mine = make(world.owner, world.member)
        theirs = make(world.outsider, world.outsider)
        for who in TEAM:
            viewer = getattr(world, who)
            assert stored(viewer, mine) == mine, f"to {who}"
            assert stored(viewer, empty) == empty, f"to {who}"
            assert stored(viewer, theirs) is None, f"to {who}"
        for who in NOT_IN_THE_TEAM:
            listed = [group["id"] for group in group_list(getattr(world, who))]
            assert not {*listed} & {mine["id"], empty["id"]}, f"to {who}"
            assert everyone(world.owner)["id"] not in listed, f"to {who}"


@clause("HT-GROUP-07")
@given(name=names)
def test_an_administrator_makes_a_group(target: Target, name: str) -> None:
    """An administrator makes a group with a name, and the list has it."""
    with target.world() as world:
        administrator = world.administrator
        before = group_list(administrator)
        administrator.call("createGroup", name=name).expect(200)
        new = [group for group in group_list(administrator) if group not in before]
        assert [group["name"] for group in new] == [name]
        assert [group for group in group_list(world.member) if group not in new] == (
            before
        )


@clause("HT-GROUP-08")
@given(name=names, code=codes, color=colors)
def test_an_administrator_changes_a_group(
    target: Target, name: str, code: str, color: str
) -> None:
    """An administrator changes a group's name, code and color, and no other's."""
    with target.world() as world:
        group, other = make(world.administrator), make(world.administrator)
        sent = {"name": name, "code": code, "color": color}
        world.administrator.call("updateGroup", id=group["id"], **sent).expect(200)
        found = stored(world.administrator, group) or group
        assert (found["name"], found["code"]) == (name, code)
        assert str(found["color"]).lower() == color.lower()
        assert stored(world.administrator, other) == other


@clause("HT-GROUP-09")
def test_an_administrator_deletes_a_group(target: Target) -> None:
    """An administrator deletes a group, and the list has the others only."""
    with target.world() as world:
        administrator = world.administrator
        other, group = make(administrator), make(administrator, world.member)
        administrator.call("deleteGroup", id=group["id"]).expect(200)
        assert stored(administrator, group) is None, "the list still has it"
        assert stored(world.member, group) is None, "a member's list still has it"
        assert stored(administrator, other) == other


@clause("HT-GROUP-19")
def test_deleting_a_group_leaves_its_members(target: Target) -> None:
    """Deleting a group removes none of its members from the team."""
    with target.world() as world:
        owner, administrator = world.owner, world.administrator
        team = members(owner, everyone(owner))
        people = [world.member, world.colleague, administrator]
        accounts = [one.call("getUser").arranged()["businessId"] for one in people]
        group = make(administrator, *people)
        administrator.call("deleteGroup", id=group["id"]).arranged()
        assert members(owner, everyone(owner)) == team, "Everyone is not as before"
        assert accounts == [
            one.call("getUser").expect(200)["businessId"] for one in people
        ]


@clause("HT-GROUP-20")
def test_deleting_a_group_drops_its_entries(target: Target) -> None:
    """The entries that name a deleted group are dropped from every item."""
    with target.world() as world:
        group, kept = make(world.owner, world.member), make(world.owner, world.member)
        entry = {"principal": group["id"], "level": 60}
        others = [
            {"principal": kept["id"], "level": 10},
            {"principal": world.colleague.id, "level": 20},
        ]
        lost = world.owner.item(permissions=[entry])
        below = world.owner.item(parent=lost["id"])
        seen = world.colleague.item(permissions=[*others[:1], entry])
        left = world.owner.item(permissions=[entry, *others])
        world.administrator.call("deleteGroup", id=group["id"]).expect(200)
        assert set(world.member.items()) == {seen["id"], left["id"]}
        assert world.member.items()[left["id"]]["permission"] == 10
        for owner, item in (
            (world.owner, lost),
            (world.owner, below),
            (world.owner, left),
            (world.colleague, seen),
        ):
            now = owner.stored(item["guid"])["permissions"]
            rest = [e for e in item["permissions"] if e["principal"] != group["id"]]
            assert now == rest, f"the permissions are {now}"


@clause("HT-GROUP-20")
def test_deleting_a_group_drops_archived_entries(target: Target) -> None:
    """What was in the archive comes back without the entries of a deleted group."""
    with target.world() as world:
        group = make(world.owner, world.member)
        entry = {"principal": group["id"], "level": 60}
        item = world.owner.item(permissions=[entry])
        world.owner.call("archiveItem", id=item["id"]).arranged()
        world.administrator.call("deleteGroup", id=group["id"]).arranged()
        world.owner.call("restoreItem", id=item["id"]).arranged()
        listed = world.owner.stored(item["guid"])["permissions"]
        assert [entry["principal"] for entry in listed] == [world.owner.id]
        assert world.member.items() == {}


@clause("HT-GROUP-21")
@given(sent=st.fixed_dictionaries({"name": names, "code": codes, "color": colors}))
def test_groups_are_answered(target: Target, sent: dict[str, str]) -> None:
    """createGroup and updateGroup answer the group, as the list then has it."""
    with target.world() as world:
        owner = world.owner
        made = owner.call("createGroup", name="a name").expect(200).data
        assert stored(owner, made) == made
        changed = owner.call("updateGroup", id=made["id"], **sent).expect(200).data
        assert changed["id"] == made["id"]
        assert stored(owner, made) == changed


@clause("HT-GROUP-21")
def test_a_group_with_members_is_answered(target: Target) -> None:
    """What updateGroup answers has the members too."""
    with target.world() as world:
        group = make(world.owner, world.member, world.colleague)
        changed = world.owner.call("updateGroup", id=group["id"], name="new")
        assert changed.expect(200).data == {**group, "name": "new"}


@clause("HT-GROUP-23")
def test_a_new_group_is_empty(target: Target) -> None:
    """A new group has type 0, no members, and neither code nor color."""
    with target.world() as world:
        group = make(world.owner)
        assert (group["type"], group["members"]) == (0, [])
        assert (group["code"], group["color"]) == (None, None)


@clause("HT-GROUP-24")
@pytest.mark.parametrize("sent", [{}, *({"name": name} for name in BLANK)])
def test_a_group_without_a_name(target: Target, sent: dict[str, str]) -> None:
    """createGroup without a name, or with a blank one, is 400 and code 4."""
    with target.world() as world:
        before = group_list(world.owner)
        world.owner.call("createGroup", **sent).refused(400, 4)
        assert group_list(world.owner) == before


@clause("HT-GROUP-24")
@pytest.mark.parametrize("name", BLANK)
def test_a_blank_name_on_update(target: Target, name: str) -> None:
    """A blank name in updateGroup is refused with 400 and code 4."""
    with target.world() as world:
        group = make(world.owner)
        sent = {"name": name, "code": "NEW"}
        world.owner.call("updateGroup", id=group["id"], **sent).refused(400, 4)
        assert stored(world.owner, group) == group


@clause("HT-GROUP-25")
@pytest.mark.parametrize("name", ["updateGroup", "deleteGroup"])
@pytest.mark.parametrize("sent", [{}, {"name": "new"}, {"groupId": "7"}])
def test_no_id_of_a_group(target: Target, name: str, sent: dict[str, str]) -> None:
    """updateGroup and deleteGroup without an id are refused with 400 and code 4."""
    with target.world() as world:
        group = make(world.owner)
        world.owner.call(name, **sent).refused(400, 4)
        assert stored(world.owner, group) == group


@clause("HT-GROUP-30")
def test_two_groups_of_one_name(target: Target) -> None:
    """Two groups of a team may have the same name."""
    with target.world() as world:
        owner, name = world.owner, world.guid()
        first = make(owner, name=name)
        owner.call("createGroup", name=name).expect(200)
        third = make(owner, name="another")
        owner.call("updateGroup", id=third["id"], name=name).expect(200)
        found = named(owner, name)
        assert len({group["id"] for group in found}) == 3, f"{found}"
        assert first in found


@clause("HT-GROUP-33")
@pytest.mark.parametrize("name", [None, *FULL])
def test_update_leaves_the_rest_of_a_group(target: Target, name: str | None) -> None:
    """updateGroup leaves what is not sent, and the members, as they were."""
    with target.world() as world:
        group = make(world.owner, world.member, world.colleague, **FULL)
        new = {"name": "another", "code": "OTHER", "color": "#000000"}
        sent: Any = {key: new[key] for key in new if key == name}
        world.owner.call("updateGroup", id=group["id"], **sent).expect(200)
        assert stored(world.owner, group) == {**group, **sent}


@clause("HT-GROUP-34")
@pytest.mark.parametrize(
    "color",
    [
        "red",
        "#",
        "#12345",
        "#1234567",
        "123456",
        "#12345g",
        "#12345 ",
        "#\uff112345",
        "0",
    ],
)
def test_what_is_no_color(target: Target, color: str) -> None:
    """A color that is not # and six hexadecimal digits is 400 and code 6."""
    with target.world() as world:
        group = make(world.owner, **FULL)
        sent = {"name": "another", "color": color}
        world.owner.call("updateGroup", id=group["id"], **sent).refused(400, 6)
        assert stored(world.owner, group) == group


@clause("HT-GROUP-35")
def test_group_ids_are_never_reused(target: Target) -> None:
    """The id of a group, of whatever team, is never given to another one."""
    with target.world() as world:
        seen = {everyone(one)["id"] for one in (world.owner, world.outsider)}
        for actor in (world.owner, world.outsider, world.owner, world.administrator):
            kept, group = make(actor), make(actor)
            assert not seen & {group["id"], kept["id"]}, "this id was another group's"
            seen |= {group["id"], kept["id"]}
            actor.call("deleteGroup", id=group["id"]).arranged()
