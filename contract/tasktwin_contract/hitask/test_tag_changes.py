"""What a write of a tag does to the items that carry it, and what is told of it."""

from collections.abc import Callable

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.deltas import delta, same
from tasktwin_contract.hitask.deltas import listed as fresh
from tasktwin_contract.hitask.events import read, unread
from tasktwin_contract.hitask.levels import entry
from tasktwin_contract.hitask.steps import milliseconds
from tasktwin_contract.hitask.tagging import (
    add,
    drop,
    listed,
    names_on,
    rename,
    retag,
    tag_of,
)
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target, World

PUTS: dict[str, Callable[[Actor, Object], object]] = {
    "put on": lambda actor, item: add(actor, item, "new").arranged(),
    "deleted": lambda actor, item: drop(actor, tag_of(actor, "home")).arranged(),
}


def family(world: World) -> tuple[Object, Object, Object]:
    """An item of the manager's that the member sees, one below, and a private one.

    All of them carry the tag `home`; the first two are the member's to work on.
    """
    manager, entries = world.manager, [entry(world.member, 60)]
    top = manager.item(tags=["home", "work"], permissions=entries)
    below = manager.item(tags=["home"], parent=top["id"], assignee=world.member.number)
    return top, below, manager.item(tags=["home"])


def renamed(world: World, name: str, new: str) -> None:
    """Have the manager rename a tag. Raises `NotJudgedError`."""
    rename(world.manager, tag_of(world.manager, name), new).arranged()


@clause("HT-TAG-33")
def test_items_have_the_new_name(target: Target) -> None:
    """A tag that is renamed has its new name on every item that carries it."""
    with target.world() as world:
        manager, member = world.manager, world.member
        top, below, lone = family(world)
        other = manager.item(tags=["work"])
        rename(manager, tag_of(manager, "home"), "garden").expect(200)
        assert names_on(manager, top) == names_on(member, top) == ["garden", "work"]
        assert names_on(manager, below) == names_on(member, below) == ["garden"]
        assert names_on(manager, lone) == ["garden"]
        assert names_on(manager, other) == ["work"]
        assert listed(manager) == listed(member) == ["garden", "work"]
        retag(manager, other, "garden")
        assert tag_of(manager, "garden")["id"] == tag_of(member, "garden")["id"]


@clause("HT-TAG-34")
@pytest.mark.parametrize("who", ["manager", "member"])
def test_new_names_are_told(target: Target, who: str) -> None:
    """Who sees an item with a renamed tag gets it as changed, and no other item."""
    with target.world() as world:
        viewer = getattr(world, who)
        top, below, lone = family(world)
        world.manager.item(tags=["work"], permissions=[entry(world.member, 10)])
        before = fresh(viewer)
        renamed(world, "home", "garden")
        now, told = fresh(viewer).items, delta(viewer, before.cursor).changed
        seen = {"manager": (top, below, lone), "member": (top, below)}[who]
        assert told.keys() == {item["id"] for item in seen}
        for number, item in told.items():
            assert "garden" in item["tags"], f"the tags are {item['tags']}"
            assert same(item, now[number])


@clause("HT-TAG-34")
def test_each_new_name_is_told_once(target: Target) -> None:
    """The cursor of a delta with a new name is past it, and the next one is told."""
    with target.world() as world:
        family(world)
        cursor = fresh(world.member).cursor
        for old, new in (("home", "garden"), ("garden", "home")):
            renamed(world, old, new)
            told = delta(world.member, cursor)
            assert len(told.changed) == 2
            assert delta(world.member, told.cursor).changed == {}
            cursor = told.cursor


@clause("HT-TAG-35")
def test_new_names_move_no_version(target: Target) -> None:
    """Renaming moves neither version nor time_last_update, and makes none unread."""
    with target.world() as world:
        items = family(world)
        for item in items[:2]:
            read(world.member, item)
        before = world.manager.items()
        renamed(world, "home", "garden")
        after = world.manager.items()
        for item in items:
            old, new = before[item["id"]], after[item["id"]]
            assert new["version"] == old["version"]
            assert new["time_last_update"] == old["time_last_update"]
        assert [unread(world.member, item) for item in items[:2]] == [0, 0]


@clause("HT-TAG-36")
def test_a_deleted_tag_is_on_no_item(target: Target) -> None:
    """deleteTag takes the tag off every item, and no other tag off any."""
    with target.world() as world:
        manager = world.manager
        top, below, lone = family(world)
        drop(manager, tag_of(manager, "home")).expect(200)
        assert names_on(manager, top) == names_on(world.member, top) == ["work"]
        assert names_on(manager, below) == names_on(manager, lone) == []
        assert listed(manager) == ["work"]


@clause("HT-TAG-36")
def test_a_deleted_tag_is_on_no_archived_item(target: Target) -> None:
    """What was in the archive comes back without a tag that was deleted."""
    with target.world() as world:
        owner = world.owner
        item, _ = owner.item(tags=["home", "work"]), owner.item(tags=["home"])
        owner.call("archiveItem", id=item["id"]).arranged()
        drop(owner, tag_of(owner, "home")).expect(200)
        owner.call("restoreItem", id=item["id"]).arranged()
        assert names_on(owner, item) == listed(owner) == ["work"]


@clause("HT-TAG-37")
@pytest.mark.parametrize("change", PUTS)
def test_tags_are_own_fields(target: Target, change: str) -> None:
    """Putting a tag on and deleting one move version and time_last_update."""
    with target.world() as world:
        _, below, _ = family(world)
        read(world.member, below)
        before, cursor = world.manager.items()[below["id"]], fresh(world.member).cursor
        PUTS[change](world.manager, below)
        after = world.manager.items()[below["id"]]
        assert after["version"] > before["version"]
        assert milliseconds(after["time_last_update"]) > cursor
        assert below["id"] in delta(world.member, cursor).changed
        assert unread(world.member, below) == 2


@clause("HT-TAG-37")
def test_a_deleted_tag_changes_all_its_items(target: Target) -> None:
    """Every item that loses a deleted tag has changed, and no other one has."""
    with target.world() as world:
        items = family(world)
        world.manager.item(tags=["work"])
        before, cursor = world.manager.items(), fresh(world.manager).cursor
        drop(world.manager, tag_of(world.manager, "home")).arranged()
        told = delta(world.manager, cursor).changed
        assert told.keys() == {item["id"] for item in items}
        for number, item in told.items():
            assert item["version"] > before[number]["version"]
