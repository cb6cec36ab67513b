"""What a delta tells of changes of groups, and of what is derived."""

from collections.abc import Callable

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.deltas import delta, listed
from tasktwin_contract.hitask.steps import milliseconds, update
from tasktwin_contract.hitask.writes import family, grant, is_told, shared
from tasktwin_contract.reply import Object
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target, World


def group_of(world: World, *members: Actor) -> str:
    """The id of a new group of these members."""
    number = str(world.owner.call("createGroup", name="a group").arranged()["id"])
    for member in members:
        join(world, number, member)
    return number


def join(world: World, group: str, actor: Actor) -> None:
    """Put somebody into a group."""
    named = {"groupId": group, "id": actor.number}
    world.owner.call("addGroupMember", **named).arranged()


def leave(world: World, group: str, actor: Actor) -> None:
    """Take somebody out of a group."""
    named = {"groupId": group, "id": actor.number}
    world.owner.call("removeGroupMember", **named).arranged()


@clause("HT-DELTA-41")
def test_what_a_group_gives_is_told(target: Target) -> None:
    """Who joins a group is told of its items, and of those below them."""
    with target.world() as world:
        group = group_of(world)
        top, below = family(world.manager)
        grant(world.manager, top, group, 20)
        shared(world.manager, member=60)
        cursor = listed(world.member).cursor
        join(world, group, world.member)
        is_told(world.member, cursor, top, below)


DERIVED: dict[str, Callable[[World, str, Object, Object], object]] = {
    "starred": lambda world, group, top, below: update(
        world.member, below, starred=True
    ).arranged(),
    "unread": lambda world, group, top, below: world.member.item(parent=below["id"]),
    "read": lambda world, group, top, below: world.manager.call(
        "markRead", guid=below["guid"]
    ).arranged(),
    "permission": lambda world, group, top, below: join(world, group, world.member),
    "shared": lambda world, group, top, below: grant(
        world.manager, top, world.administrator.id, 20
    ),
    "permission below": lambda world, group, top, below: grant(
        world.manager, top, world.member.id, 60
    ),
}


@clause("HT-DELTA-46")
@pytest.mark.parametrize("change", table(DERIVED, "read"))
def test_derived_changes_move_no_version(target: Target, change: str) -> None:
    """What changes for viewers only moves neither version nor time_last_update."""
    with target.world() as world:
        group = group_of(world)
        top, below = family(world.manager, member=40)
        grant(world.manager, top, group, 60)
        world.member.call("addComment", id=below["id"], message="news").arranged()
        item = world.manager.stored(below["guid"])
        DERIVED[change](world, group, world.manager.stored(top["guid"]), item)
        for actor in (world.manager, world.member):
            after = actor.stored(below["guid"])
            assert after["version"] == item["version"]
            assert after["time_last_update"] == item["time_last_update"]


@clause("HT-DELTA-49")
@pytest.mark.parametrize("change", [join, leave])
def test_permissions_by_groups_are_told(
    target: Target, change: Callable[[World, str, Actor], None]
) -> None:
    """Whose permission a group's members alter is told, on what is below too."""
    with target.world() as world:
        group = group_of(world, *[world.member] * (change is leave))
        top, below = family(world.manager, member=20)
        grant(world.manager, top, group, 60)
        before = listed(world.member)
        change(world, group, world.member)
        fresh = listed(world.member).items
        for item in (top, below):
            old, new = (i[item["id"]]["permission"] for i in (before.items, fresh))
            assert old != new, "the permission should have changed"
        is_told(world.member, before.cursor, top, below)


@clause("HT-DELTA-49")
def test_permissions_by_a_deleted_group_are_told(target: Target) -> None:
    """Whose permission a deleted group altered is told, on what is below too."""
    with target.world() as world:
        group = group_of(world, world.member)
        top, below = family(world.manager, member=20)
        grant(world.manager, top, group, 60)
        cursor = listed(world.member).cursor
        world.owner.call("deleteGroup", id=group).arranged()
        is_told(world.member, cursor, top, below)


@clause("HT-DELTA-52")
def test_what_a_group_gave_has_gone(target: Target) -> None:
    """Who leaves a group has no longer what only it gave, nor what is below it."""
    with target.world() as world:
        group = group_of(world, world.member)
        top, below = family(world.manager)
        grant(world.manager, top, group, 20)
        own = shared(world.manager, member=10)
        grant(world.manager, own, group, 20)
        cursor = listed(world.member).cursor
        leave(world, group, world.member)
        for moment in (0, cursor):
            named = delta(world.member, moment).named
            assert not {top["id"], below["id"]} & named
            assert own["id"] in named


@clause("HT-DELTA-56")
def test_a_deleted_group_changes_its_items(target: Target) -> None:
    """An item that loses a group's entry moves its version and time_last_update."""
    with target.world() as world:
        group = group_of(world)
        item = shared(world.manager, member=20)
        grant(world.manager, item, group, 20)
        before = world.manager.stored(item["guid"])
        cursor = listed(world.manager).cursor
        world.owner.call("deleteGroup", id=group).arranged()
        after = world.manager.stored(item["guid"])
        named = [str(row["principal"]) for row in after["permissions"]]
        assert group not in named
        assert after["version"] > before["version"]
        assert milliseconds(after["time_last_update"]) > cursor
