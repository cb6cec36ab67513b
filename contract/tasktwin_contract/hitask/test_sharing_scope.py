"""What the rules of sharing look at, and what they leave alone."""

import pytest

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.entries import (
    below,
    deep,
    entries,
    entry,
    group,
    kept,
    level_of,
    listed,
    project,
    reshare,
    seen_by,
)
from tasktwin_contract.hitask.offences import child_of_all, people
from tasktwin_contract.hitask.steps import create, created, update, updated
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target, World


def shared_with_a_group(world: World, level: int = 50) -> Object:
    """A project that a group of the member's, and nobody else, has this level on."""
    listed = [entry(group(world, "member"), level)]
    made: Object = world.owner.item(category=0, permissions=listed)
    return made


@clause("HT-SHARE-20")
@pytest.mark.parametrize("level", [50, 100])
def test_an_entry_for_somebody_of_a_group(target: Target, level: int) -> None:
    """Access by a group allows an entry below, for a new item and an old one."""
    with target.world() as world:
        top = shared_with_a_group(world)
        sent = entries(world, member=level)
        made = created(world.owner, parent=top["id"], permissions=sent)
        changed = updated(world.owner, below(top, world.owner), permissions=sent)
        for item in (made, changed):
            assert kept(world, item) == {"owner": 100, "member": level}


@clause("HT-SHARE-20")
def test_somebody_of_a_group_takes_part(target: Target) -> None:
    """Access by a group allows an assignee and a participant, at any depth."""
    with target.world() as world:
        top = shared_with_a_group(world)
        member = world.member.number
        inner = below(top, world.owner)
        for parent in (top, inner):
            item = created(world.owner, parent=parent["id"], assignee=member)
            assert item["assignee"] == member
            item = updated(
                world.owner, below(parent, world.owner), participants=[member]
            )
            assert item["participants"] == [member]


@clause("HT-SHARE-20")
def test_nobody_else_has_access_by_a_group(target: Target) -> None:
    """A group gives access to its members only."""
    with target.world() as world:
        top = shared_with_a_group(world)
        sent = entries(world, colleague=50)
        create(world.owner, parent=top["id"], permissions=sent).refused()
        item = below(top, world.owner)
        update(world.owner, item, assignee=world.colleague.number).refused()


@clause("HT-SHARE-21")
@pytest.mark.parametrize("level", [10, 50])
def test_the_assignees_group_stays(target: Target, level: int) -> None:
    """The assignee's entry may go while an entry of their group's stays."""
    with target.world() as world:
        member = world.member.number
        number = entry(group(world, "member"), level)
        item = world.owner.item(
            permissions=[number, *entries(world, member=60)],
            assignee=member,
            participants=[member],
        )
        changed = updated(world.owner, item, permissions=[number])
        assert changed["assignee"] == member
        assert level_of(world.member, item) == level


@clause("HT-SHARE-21")
@pytest.mark.parametrize("sent", [{}, {"member": 0}])
def test_the_assignees_parent_stays(target: Target, sent: dict[str, int]) -> None:
    """The assignee's entry may go while the parent gives them access by a group."""
    with target.world() as world:
        top = shared_with_a_group(world)
        item = below(top, world.owner, member=70)
        item = updated(world.owner, item, assignee=world.member.number)
        changed = updated(world.owner, item, permissions=entries(world, **sent))
        assert kept(world, changed) == {"owner": 100}
        assert changed["assignee"] == world.member.number
        assert level_of(world.member, item) == 50


@clause("HT-SHARE-21")
def test_the_group_of_an_assignee_goes_too(target: Target) -> None:
    """The assignee's entry may not go together with that of their group."""
    with target.world() as world:
        shared = [entry(group(world, "member"), 50), *entries(world, member=50)]
        item = world.owner.item(permissions=shared, assignee=world.member.number)
        update(world.owner, item, permissions=[]).refused(400, 78)


@clause("HT-SHARE-22")
@pytest.mark.parametrize("depth", [0, 1])
def test_a_group_that_is_listed_above(target: Target, depth: int) -> None:
    """An entry for a group is kept where anything above lists that group."""
    with target.world() as world:
        number = group(world, "member")
        parent = world.owner.item(category=0, permissions=[entry(number, 50)])
        for _ in range(depth):
            parent = below(parent, world.owner)
        sent = [entry(number, 60)]
        made = created(world.owner, parent=parent["id"], permissions=sent)
        changed = updated(world.owner, below(parent, world.owner), permissions=sent)
        for item in (made, changed):
            assert kept(world, item) == {"owner": 100, number: 60}


@clause("HT-SHARE-23")
@pytest.mark.parametrize(("field", "nobody"), [("assignee", 0), ("participants", [])])
def test_entry_and_assignment_go_together(
    target: Target, field: str, nobody: object
) -> None:
    """Whoever loses entry and assignment in one request is no reason to refuse it."""
    with target.world() as world:
        item = world.owner.item(
            permissions=entries(world, member=50), **people(world, **{field: "member"})
        )
        changed = updated(world.owner, item, permissions=[], **{field: nobody})
        assert kept(world, changed) == {"owner": 100}
        assert not changed[field]
        assert seen_by(item, world.member) == set()


@clause("HT-SHARE-23")
def test_an_assignment_changes_hands(target: Target) -> None:
    """One request may give an item to another, with list and assignment."""
    with target.world() as world:
        item = world.owner.item(
            permissions=entries(world, member=50), assignee=world.member.number
        )
        changed = updated(
            world.owner,
            item,
            permissions=entries(world, colleague=60),
            assignee=world.colleague.number,
        )
        assert kept(world, changed) == {"owner": 100, "colleague": 60}


@clause("HT-SHARE-23")
def test_list_and_people_move_along(target: Target) -> None:
    """One request may move an item and give it whom the new parent gives access."""
    with target.world() as world:
        item = deep(world, 1, member=50)
        other = project(world, colleague=50)
        changed = updated(
            world.owner,
            item,
            parent=other["id"],
            permissions=entries(world, colleague=50),
            assignee=world.colleague.number,
        )
        assert changed["parent"] == other["id"]
        assert kept(world, changed) == {"owner": 100, "colleague": 50}
        assert changed["assignee"] == world.colleague.number


@clause("HT-SHARE-24")
@pytest.mark.parametrize(
    "levels",
    [
        {"member": 50, "colleague": 50, "manager": 50},
        {"member": 60, "colleague": 50, "manager": 50},
        {"member": 50, "colleague": 50, "manager": 80},
    ],
)
def test_an_entry_that_was_amiss(target: Target, levels: dict[str, int]) -> None:
    """An entry that the parent no longer allows is no reason to refuse a list."""
    with target.world() as world:
        item = child_of_all(world)
        changed = updated(world.owner, item, permissions=entries(world, **levels))
        assert kept(world, changed) == {"owner": 100, **levels}


@clause("HT-SHARE-24")
@pytest.mark.parametrize("level", [50, 60])
def test_a_level_that_was_amiss(target: Target, level: int) -> None:
    """A level under the parent's that stays, or rises, is no reason to refuse it."""
    with target.world() as world:
        top = project(world, member=50, colleague=50)
        item = below(top, world.owner, member=50, colleague=50)
        reshare(top, world.owner, member=70, colleague=50)
        sent = {"member": level, "colleague": 60}
        changed = updated(world.owner, item, permissions=entries(world, **sent))
        assert kept(world, changed) == {"owner": 100, **sent}


@clause("HT-SHARE-24")
def test_people_who_were_amiss(target: Target) -> None:
    """A participant without access is no reason to refuse another, or a change."""
    with target.world() as world:
        item = child_of_all(world)
        manager, member = world.manager.number, world.member.number
        changed = updated(world.owner, item, title="another")
        assert changed["title"] == "another"
        changed = updated(world.owner, item, participants=[manager, member])
        assert sorted(changed["participants"]) == sorted([manager, member])
        changed = updated(world.owner, item, assignee=manager)
        assert changed["assignee"] == manager


@clause("HT-SHARE-24")
@pytest.mark.parametrize("field", ["assignee", "participants"])
@pytest.mark.parametrize("level", [50, 70])
def test_a_list_for_people_who_were_amiss(
    target: Target, field: str, level: int
) -> None:
    """Somebody who takes part without access is no reason to refuse a list."""
    with target.world() as world:
        top = project(world, member=50, manager=50)
        named = people(world, **{field: "manager"})
        item = world.owner.item(parent=top["id"], permissions=[], **named)
        reshare(top, world.owner, member=50)
        sent = entries(world, member=level)
        changed = updated(world.owner, item, permissions=sent)
        assert kept(world, changed) == {"owner": 100, "member": level}
        assert changed[field] == named[field]


@clause("HT-SHARE-24")
def test_an_entry_that_was_not_there(target: Target) -> None:
    """An entry of the parent's that the item never had is no reason to refuse it."""
    with target.world() as world:
        top = project(world, member=50, colleague=50)
        item = below(top, world.owner)
        sent = entries(world, colleague=60)
        changed = updated(world.owner, item, permissions=sent)
        assert kept(world, changed) == {"owner": 100, "colleague": 60}


@clause("HT-SHARE-25")
@pytest.mark.parametrize(
    "levels", [{}, {"member": 10}, {"member": 100}, {"colleague": 50}]
)
def test_lists_below_are_no_reason(target: Target, levels: dict[str, int]) -> None:
    """A change is accepted whatever the lists below it say, at any depth."""
    with target.world() as world:
        top = project(world, member=50)
        below(below(top, world.owner, member=50), world.owner, member=60)
        changed = updated(world.owner, top, permissions=entries(world, **levels))
        assert kept(world, changed) == {"owner": 100, **levels}


@clause("HT-SHARE-25")
@pytest.mark.parametrize("below_levels", [{}, {"member": 50}])
@pytest.mark.parametrize("field", ["assignee", "participants"])
def test_people_below_are_no_reason(
    target: Target, field: str, below_levels: dict[str, int]
) -> None:
    """A change is accepted although it takes an item below from who takes part."""
    with target.world() as world:
        top = project(world, member=50)
        named = people(world, **{field: "member"})
        sent = entries(world, **below_levels)
        item = world.owner.item(parent=top["id"], permissions=sent, **named)
        update(world.owner, top, permissions=[]).expect(200)
        assert world.owner.stored(item["guid"])[field] == named[field]
        assert listed(world.owner, top) == {"owner": 100}
