"""Assignees and participants, and the entries that they get."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.entries import (
    LEVELS,
    below,
    entries,
    entry,
    group,
    kept,
    level_of,
    listed,
    project,
    seen_by,
)
from tasktwin_contract.hitask.offences import people
from tasktwin_contract.hitask.steps import (
    NO_ID,
    create,
    created,
    refused_both_ways,
    update,
    updated,
)
from tasktwin_contract.target import Target, World

UNDER_50 = [level for level in LEVELS if level < 50]
FROM_50 = [level for level in LEVELS if level >= 50]
TAKES_PART = ["assignee", "participants"]
SHARED = ("owner", "manager", "member", "colleague")
each_way = pytest.mark.parametrize("field", TAKES_PART)


def member_as(world: World, field: str) -> dict[str, Any]:
    """The field with which the member takes part."""
    return people(world, **{field: "member"})


@clause("HT-FIELD-44")
def test_the_owner_takes_part(target: Target) -> None:
    """The owner can be assignee and participant."""
    with target.world() as world:
        me = world.owner.number
        for item in (
            created(world.owner, assignee=me, participants=[me]),
            updated(world.owner, assignee=me, participants=[me]),
        ):
            assert item["assignee"] == me
            assert item["participants"] == [me]


@clause("HT-FIELD-44")
@given(
    assignee=st.sampled_from(SHARED),
    participants=st.lists(st.sampled_from(SHARED), min_size=1, unique=True),
)
def test_whoever_has_access_takes_part(
    target: Target, assignee: str, participants: list[str]
) -> None:
    """Whoever has access to an item can be its assignee and a participant."""
    with target.world() as world:
        numbers = [getattr(world, name).number for name in participants]
        sent: dict[str, Any] = {
            "permissions": entries(world, **dict.fromkeys(SHARED[1:], 50)),
            "assignee": getattr(world, assignee).number,
            "participants": numbers,
        }
        shared = world.owner.item(permissions=sent["permissions"])
        made = created(world.owner, **sent)
        changed = updated(world.owner, shared, **sent)
        for item in (made, changed):
            assert item["assignee"] == sent["assignee"]
            assert sorted(item["participants"] or []) == sorted(numbers)


@clause("HT-FIELD-45")
def test_assignee_id(target: Target) -> None:
    """assigneeId is another name of assignee."""
    with target.world() as world:
        me = world.owner.number
        assert created(world.owner, assigneeId=me)["assignee"] == me
        assert updated(world.owner, assigneeId=me)["assignee"] == me


@clause("HT-FIELD-46")
@pytest.mark.parametrize("name", ["assignee", "participants"])
def test_unknown_people(target: Target, name: str) -> None:
    """An unknown user as assignee or participant is 400 and 24."""
    value = NO_ID if name == "assignee" else [NO_ID]
    refused_both_ways(target, 400, 24, **{name: value})


@clause("HT-FIELD-46")
@pytest.mark.parametrize("name", ["outsider", "personal"])
def test_people_out_of_sight(target: Target, name: str) -> None:
    """Somebody whom the caller cannot see is 400 and 24, as a participant too."""
    with target.world() as world:
        item, number = world.owner.item(), getattr(world, name).number
        for fields in (
            {"assignee": number},
            {"participants": [number]},
            {"participants": [world.owner.number, number]},
        ):
            create(world.owner, **fields).refused(400, 24)
            update(world.owner, item, **fields).refused(400, 24)
        create(world.personal, assignee=world.owner.number).refused(400, 24)


@clause("HT-SHARE-36")
@each_way
@pytest.mark.parametrize("level", UNDER_50)
def test_who_takes_part_in_a_project(target: Target, field: str, level: int) -> None:
    """Whoever takes part with less than 50 in an item of a project gets 50."""
    with target.world() as world:
        top, named = project(world, member=level), member_as(world, field)
        made = created(world.owner, parent=top["id"], **named)
        changed = updated(world.owner, below(top, world.owner, member=level), **named)
        for item in (made, changed):
            assert kept(world, item) == {"owner": 100, "member": 50}
            assert item[field] == named[field]
            assert level_of(world.member, item) == 50
        assert listed(world.owner, top) == {"owner": 100, "member": level}


@clause("HT-SHARE-36")
def test_everybody_who_takes_part(target: Target) -> None:
    """The assignee and each participant get an entry, and nobody else does."""
    with target.world() as world:
        top = project(world, manager=10, member=20, colleague=60, administrator=10)
        item = created(
            world.owner,
            parent=top["id"],
            permissions=[],
            assignee=world.manager.number,
            participants=[world.member.number, world.colleague.number],
        )
        assert kept(world, item) == {"owner": 100, "manager": 50, "member": 50}


@clause("HT-SHARE-36")
@each_way
def test_who_takes_part_by_the_project(target: Target, field: str) -> None:
    """The entry is made also where the item itself listed nobody."""
    with target.world() as world:
        inner = below(project(world, member=20), world.owner)
        item = below(inner, world.owner)
        changed = updated(world.owner, item, **member_as(world, field))
        assert kept(world, changed) == {"owner": 100, "member": 50}


@clause("HT-SHARE-36")
def test_who_takes_part_after_another(target: Target) -> None:
    """Whoever takes over from another gets an entry beside the other's."""
    with target.world() as world:
        top = project(world, member=10, colleague=10)
        item = created(world.owner, parent=top["id"], assignee=world.member.number)
        changed = updated(world.owner, item, assignee=world.colleague.number)
        assert kept(world, changed) == {"owner": 100, "member": 50, "colleague": 50}


@clause("HT-SHARE-37")
@each_way
@pytest.mark.parametrize("before", [{}, *({"member": level} for level in UNDER_50)])
def test_who_takes_part_at_the_root(
    target: Target, field: str, before: dict[str, int]
) -> None:
    """Whoever takes part with less than 50 in a root item gets 50."""
    with target.world() as world:
        named, shared = member_as(world, field), entries(world, **before)
        made = created(world.owner, permissions=shared, **named)
        old = world.owner.item(permissions=shared)
        changed = updated(world.owner, old, **named)
        for item in (made, changed):
            assert kept(world, item) == {"owner": 100, "member": 50}
            assert item[field] == named[field]
            assert level_of(world.member, item) == 50


@clause("HT-SHARE-37")
def test_who_takes_part_in_a_new_list(target: Target) -> None:
    """A list that is sent together with an assignee gives them no less than 50."""
    with target.world() as world:
        item = world.owner.item(permissions=entries(world, manager=50))
        changed = updated(
            world.owner,
            item,
            permissions=entries(world, member=10, colleague=10),
            assignee=world.member.number,
        )
        assert kept(world, changed) == {"owner": 100, "member": 50, "colleague": 10}


@clause("HT-SHARE-38")
@each_way
@pytest.mark.parametrize("level", FROM_50)
def test_who_has_50_already(target: Target, field: str, level: int) -> None:
    """Whoever has 50 or more by an entry keeps that and gets no other."""
    with target.world() as world:
        named, shared = member_as(world, field), entries(world, member=level)
        made = created(world.owner, permissions=shared, **named)
        changed = updated(world.owner, world.owner.item(permissions=shared), **named)
        for item in (made, changed):
            assert kept(world, item) == {"owner": 100, "member": level}


@clause("HT-SHARE-38")
@each_way
def test_who_has_50_by_the_parent(target: Target, field: str) -> None:
    """Whoever has 50 or more by the parent, or a group, gets no entry."""
    with target.world() as world:
        named, number = member_as(world, field), group(world, "member")
        top = project(world, member=50)
        made = created(world.owner, parent=top["id"], permissions=[], **named)
        assert kept(world, made) == {"owner": 100}
        item = world.owner.item(permissions=[entry(number, 60)])
        changed = updated(world.owner, item, **named)
        assert kept(world, changed) == {"owner": 100, number: 60}


@clause("HT-SHARE-38")
@each_way
def test_the_owner_takes_part_as_before(target: Target, field: str) -> None:
    """The owner gets no entry beside the one of 100."""
    with target.world() as world:
        item = updated(world.owner, **people(world, **{field: "owner"}))
        assert kept(world, item) == {"owner": 100}


@clause("HT-SHARE-38")
@each_way
def test_an_administrator_takes_part(target: Target, field: str) -> None:
    """An administrator who sees the item has 100 anyway, and gets no other entry."""
    with target.world() as world:
        named = people(world, **{field: "administrator"})
        item = world.owner.item(permissions=entries(world, administrator=10))
        changed = updated(world.owner, item, **named)
        assert kept(world, changed) == {"owner": 100, "administrator": 10}
        unseen = created(world.owner, **named)
        assert kept(world, unseen) == {"owner": 100, "administrator": 50}


@clause("HT-SHARE-39")
@each_way
@pytest.mark.parametrize("level", [40, 50, 60])
def test_40_assigns(target: Target, field: str, level: int) -> None:
    """Whoever has 40 may assign somebody who gets an entry by it."""
    with target.world() as world:
        named = member_as(world, field)
        shared = {"colleague": level, "member": 10}
        top, root = project(world, **shared), project(world, colleague=level)
        child = below(top, world.owner, **shared)
        for item in (child, root):
            update(world.colleague, item, **named).expect(200)
            expected = {"owner": 100, "colleague": level, "member": 50}
            assert listed(world.owner, item) == expected


@clause("HT-SHARE-39")
@each_way
def test_40_assigns_themselves(target: Target, field: str) -> None:
    """Whoever has 40 and assigns themselves gets 50 by it."""
    with target.world() as world:
        item = world.owner.item(permissions=entries(world, member=40))
        update(world.member, item, **member_as(world, field)).expect(200)
        assert listed(world.owner, item) == {"owner": 100, "member": 50}


@clause("HT-SHARE-40")
@pytest.mark.parametrize("sent", [{}, {"colleague": 100}])
def test_moving_a_list_along(target: Target, sent: dict[str, int]) -> None:
    """An item is not moved where somebody whom it lists has no access: 73."""
    with target.world() as world:
        owner, other = world.owner, project(world, **sent)
        inner = below(other, owner, **sent)
        root = owner.item(permissions=entries(world, member=10))
        child = below(project(world, member=50, colleague=10), owner, member=50)
        number = group(world, "member")
        of_group = owner.item(permissions=[entry(number, 10)])
        for item in (root, child, of_group):
            for parent in (other, inner):
                update(owner, item, parent=parent["id"]).refused(400, 73)
                update(owner, item, parentGuid=parent["guid"]).refused(400, 73)
            assert owner.stored(item["guid"])["parent"] == item["parent"]


@clause("HT-SHARE-40")
def test_moving_a_list_where_it_fits(target: Target) -> None:
    """An item is moved where everybody whom it lists has access, and keeps its list."""
    with target.world() as world:
        other = project(world, member=10, colleague=100)
        item = world.owner.item(permissions=entries(world, member=50))
        moved = updated(world.owner, item, parent=other["id"])
        assert moved["parent"] == other["id"]
        assert kept(world, moved) == {"owner": 100, "member": 50}


@clause("HT-SHARE-41")
@each_way
@pytest.mark.parametrize("sent", [{}, {"colleague": 100}])
def test_moving_people_along(target: Target, field: str, sent: dict[str, int]) -> None:
    """An item is not moved where its assignee or participant has no access: 75."""
    with target.world() as world:
        owner, other = world.owner, project(world, **sent)
        top, named = project(world, member=50), member_as(world, field)
        item = owner.item(parent=top["id"], permissions=[], **named)
        update(owner, item, parent=other["id"]).refused(400, 75)
        assert owner.stored(item["guid"])["parent"] == top["id"]
        listing = owner.item(
            parent=top["id"], permissions=entries(world, member=50), **named
        )
        update(owner, listing, parent=other["id"]).refused(400, 73)


@clause("HT-SHARE-41")
@each_way
def test_moving_people_where_they_see(target: Target, field: str) -> None:
    """An item is moved where its assignee or participant has access, and keeps them."""
    with target.world() as world:
        owner, other = world.owner, project(world, member=50)
        top, named = project(world, member=50), member_as(world, field)
        item = owner.item(parent=top["id"], permissions=[], **named)
        moved = updated(owner, item, parent=other["id"])
        assert (moved["parent"], moved[field]) == (other["id"], named[field])


@clause("HT-SHARE-44")
@pytest.mark.parametrize(("field", "nobody"), [("assignee", 0), ("participants", [])])
def test_the_entry_stays(target: Target, field: str, nobody: object) -> None:
    """The entry that an assignment added stays when nobody, or another, is named."""
    with target.world() as world:
        top, named = project(world, member=10, colleague=60), member_as(world, field)
        other = people(world, **{field: "colleague"})
        for following in ({field: nobody}, other):
            for place in ({}, {"parent": top["id"]}):
                item = created(world.owner, **place, **named)
                changed = updated(world.owner, item, **following)
                assert kept(world, changed).get("member") == 50, "the member's entry"
                assert level_of(world.member, item) == 50


@clause("HT-SHARE-45")
@each_way
@pytest.mark.parametrize("level", [10, 40, 80])
def test_lowering_who_takes_part(target: Target, field: str, level: int) -> None:
    """The entry of who takes part in a root item may be lowered, but not go."""
    with target.world() as world:
        named, shared = member_as(world, field), entries(world, member=100)
        item = world.owner.item(permissions=shared, **named)
        lower = entries(world, member=level)
        changed = updated(world.owner, item, permissions=lower)
        assert kept(world, changed) == {"owner": 100, "member": level}
        assert changed[field] == named[field]
        assert seen_by(item, world.member) == {"member"}
        update(world.owner, item, permissions=[]).refused()
