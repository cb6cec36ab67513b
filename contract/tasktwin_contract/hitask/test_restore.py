"""Bringing items back from the archive."""

from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.events import (
    UNKNOWN_GUID,
    archive,
    archived,
    comment,
    differences,
    entry,
    history,
    messages,
    modify,
    shared,
)
from tasktwin_contract.hitask.examples import filled
from tasktwin_contract.hitask.levels import unseen_by
from tasktwin_contract.hitask.steps import NO_ID
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target, World

BOTH = ["archiveItem", "restoreItem"]
MOVING = {"version", "time_last_update"}


def restore(actor: Actor, item: Object) -> Reply:
    """Call restoreItem."""
    return actor.call("restoreItem", id=item["id"])


def line(actor: Actor) -> list[Object]:
    """A project, an item in it and one below that."""
    made = [actor.item(category=0)]
    for _ in range(2):
        made.append(actor.item(parent=made[-1]["id"]))
    return made


def ids(*items: Object) -> list[int]:
    """Their ids, in order."""
    return sorted(one["id"] for one in items)


def check_restored_by(target: Target, key: str) -> None:
    """Demand that this name brings back that item, and no other."""
    with target.world() as world:
        item, other = archived(world.owner), archived(world.owner)
        world.owner.call("restoreItem", **{key: item[key]}).expect(200)
        listed = world.owner.items()
        assert item["id"] in listed
        assert other["id"] not in listed
        assert listed[item["id"]]["guid"] == item["guid"]


@clause("HT-ARCHIVE-07")
def test_restoring_by_id(target: Target) -> None:
    """restoreItem by id brings the archived item back into the list."""
    check_restored_by(target, "id")


@clause("HT-ARCHIVE-08")
def test_restoring_by_guid(target: Target) -> None:
    """restoreItem by guid brings the archived item back into the list."""
    check_restored_by(target, "guid")


@clause("HT-ARCHIVE-09")
@pytest.mark.parametrize("doer", ["owner", "member"])
def test_what_restoring_answers(target: Target, doer: str) -> None:
    """restoreItem answers the whole item, as the caller's list has it."""
    with target.world() as world:
        item = shared(world.owner, world.member, level=80, message="whole")
        archive(world.owner, item)
        actor = getattr(world, doer)
        reply = restore(actor, item).expect(200)
        assert reply.data == actor.stored(item["guid"])


@clause("HT-ARCHIVE-10")
@pytest.mark.parametrize("top", [certain(0), 1, 2])
def test_restoring_what_is_below(target: Target, top: int) -> None:
    """What was archived in the same act comes back, at its place."""
    with target.world() as world:
        items = line(world.owner)
        archive(world.owner, items[top])
        restore(world.owner, items[top]).expect(200)
        listed = world.owner.items()
        assert sorted(listed) == ids(*items)
        for one in items:
            parent = listed[one["id"]]["parent"]
            assert parent == one["parent"], "it comes back at its place"


@clause("HT-ARCHIVE-11")
def test_what_was_archived_before(target: Target) -> None:
    """What was archived in an act of its own stays archived."""
    with target.world() as world:
        top, middle, bottom = line(world.owner)
        archive(world.owner, bottom)
        archive(world.owner, top)
        restore(world.owner, top).expect(200)
        assert sorted(world.owner.items()) == ids(top, middle)
        restore(world.owner, bottom).expect(200)
        parent = world.owner.stored(bottom["guid"])["parent"]
        assert parent == middle["id"], "it comes back at its place"


@clause("HT-ARCHIVE-11")
def test_acts_of_one_moment(target: Target) -> None:
    """Two acts are two, though they follow on each other at once."""
    with target.world() as world:
        top = world.owner.item(category=0)
        below = [world.owner.item(parent=top["id"]) for _ in range(3)]
        for one in (*below[1:], top):
            archive(world.owner, one)
        restore(world.owner, top).expect(200)
        assert sorted(world.owner.items()) == ids(top, below[0])


@clause("HT-ARCHIVE-12")
def test_parents_that_are_archived(target: Target) -> None:
    """An item whose parent is still archived comes back at the root."""
    with target.world() as world:
        top, middle, bottom = line(world.owner)
        archive(world.owner, top)
        reply = restore(world.owner, middle).expect(200)
        assert (reply["parent"], reply["parentGuid"]) == (0, None), "at the root"
        listed = world.owner.items()
        assert sorted(listed) == ids(middle, bottom)
        assert listed[middle["id"]]["parent"] == 0
        assert listed[bottom["id"]]["parent"] == middle["id"]
        restore(world.owner, top).expect(200)
        assert world.owner.stored(middle["guid"])["parent"] == 0


@clause("HT-ARCHIVE-13")
@pytest.mark.parametrize("named", [{"id": NO_ID}, {"guid": UNKNOWN_GUID}])
def test_restoring_nothing(target: Target, named: dict[str, Any]) -> None:
    """Restoring an item that does not exist is refused with 404."""
    with target.world() as world:
        archived(world.owner)
        world.owner.call("restoreItem", **named).refused(404)


@clause("HT-ARCHIVE-13")
def test_restoring_what_is_deleted(target: Target) -> None:
    """Restoring an item that was deleted is refused with 404."""
    with target.world() as world:
        item = world.owner.item()
        world.owner.call("deleteItem", guid=item["guid"]).arranged()
        restore(world.owner, item).refused(404)
        assert item["id"] not in world.owner.items()


@clause("HT-ARCHIVE-13")
@pytest.mark.parametrize("name", ["administrator", "colleague", "outsider", "personal"])
@pytest.mark.parametrize("key", ["id", "guid"])
def test_restoring_unseen(target: Target, name: str, key: str) -> None:
    """Restoring what the caller does not see is refused with 404, and it stays."""
    with target.world() as world, unseen_by(name):
        item = shared(world.owner, world.member)
        archive(world.owner, item)
        getattr(world, name).call("restoreItem", **{key: item[key]}).refused(404)
        assert item["id"] not in world.owner.items()


@clause("HT-ARCHIVE-14")
def test_restoring_what_is_there(target: Target) -> None:
    """Restoring an item that is not archived, or no longer, is 404 and code 1."""
    with target.world() as world:
        item = world.owner.item()
        restore(world.owner, item).refused(404, 1)
        assert world.owner.items() == {item["id"]: item}
        archive(world.owner, item)
        restore(world.owner, item).arranged()
        restore(world.owner, item).refused(404, 1)


def full(world: World, most: int) -> Object:
    """An archived item of the owner, who has `most` others. Raises `NotJudgedError`."""
    items = [world.owner.item() for _ in range(most)]
    archive(world.owner, items[0])
    world.owner.item()
    made: Object = items[0]
    return made


@clause("HT-ARCHIVE-15")
@pytest.mark.parametrize("most", [1, 3])
def test_restoring_at_the_limit(target: Target, most: int) -> None:
    """Restoring at the account's limit of items is refused with 507."""
    with target.world(max_items=most) as world:
        restore(world.owner, full(world, most)).expect(507)


@clause("HT-ARCHIVE-15")
def test_restoring_below_the_limit(target: Target) -> None:
    """Archived items do not count: with one more of them there is room again."""
    with target.world(max_items=2) as world:
        item = full(world, 2)
        restore(world.owner, item).expect(507)
        archive(world.owner, next(iter(world.owner.items().values())))
        restore(world.owner, item).expect(200)
        assert item["id"] in world.owner.items()


@clause("HT-ARCHIVE-15")
def test_the_limit_of_another_account(target: Target) -> None:
    """What another account has does not count."""
    with target.world(max_items=1) as world:
        world.outsider.item()
        item = archived(world.owner)
        restore(world.owner, item).expect(200)


@clause("HT-ARCHIVE-16")
def test_the_refusal_at_the_limit(target: Target) -> None:
    """At the limit the refusal has code 20, and the item stays archived."""
    with target.world(max_items=2) as world:
        item = full(world, 2)
        before = world.owner.items()
        reply = restore(world.owner, item).expect(507)
        assert reply.code == 20, reply.summary
        assert world.owner.items() == before
        world.owner.call("archiveItem", id=item["id"]).refused(404)


@clause("HT-ARCHIVE-16")
def test_more_than_there_is_room_for(target: Target) -> None:
    """What would exceed the limit is refused with code 20, and stays archived."""
    with target.world(max_items=4) as world:
        items = line(world.owner)
        archive(world.owner, items[0])
        other = world.owner.item()
        world.owner.item()
        reply = restore(world.owner, items[0]).expect(507)
        assert reply.code == 20, reply.summary
        assert not world.owner.items().keys() & {*ids(*items)}
        archive(world.owner, other)
        restore(world.owner, items[0]).expect(200)


@clause("HT-ARCHIVE-22")
@pytest.mark.parametrize("name", BOTH)
def test_no_name(target: Target, name: str) -> None:
    """Neither id nor guid is refused with 400 and code 104."""
    with target.world() as world:
        item, _ = world.owner.item(), archived(world.owner)
        world.owner.call(name).refused(400, 104)
        assert list(world.owner.items()) == [item["id"]]


@clause("HT-ARCHIVE-23")
@pytest.mark.parametrize("name", BOTH)
def test_two_names(target: Target, name: str) -> None:
    """An id and a guid of different items are refused with 400 and code 6."""
    with target.world() as world:
        one, other = world.owner.item(), world.owner.item()
        for item in [one, other] * (name == "restoreItem"):
            archive(world.owner, item)
        before = world.owner.items()
        named = {"id": one["id"], "guid": other["guid"]}
        world.owner.call(name, **named).refused(400, 6)
        assert world.owner.items() == before
        world.owner.call(name, id=one["id"], guid=one["guid"]).expect(200)


def _lived_with(world: World) -> Object:
    """An item with everything, which several people have to do with."""
    entries = [entry(world.member, 60), entry(world.colleague, 80)]
    project = world.owner.item(category=0, permissions=entries)
    place = {"parent": project["id"], "parentGuid": project["guid"]}
    people = {
        "assignee": world.member.number,
        "participants": [world.colleague.number],
    }
    fields = {**filled(world), **place, **people, "permissions": entries}
    item = world.owner.item(**fields)
    modify(world.colleague, item, starred=True)
    for one in (world.member, world.colleague, world.owner):
        comment(one, item, f"of {one.name}").arranged()
    world.member.call("markRead", guid=item["guid"]).arranged()
    made: Object = item
    return made


@clause("HT-ARCHIVE-24")
@pytest.mark.parametrize("doer", ["owner", "colleague"])
def test_restored_items_are_as_before(target: Target, doer: str) -> None:
    """Fields, permissions, comments, stars and unread marks are as before."""
    with target.world() as world:
        item = _lived_with(world)
        people = [world.owner, world.member, world.colleague]
        before = [one.stored(item["guid"]) for one in people]
        entries = history(world.owner, item)
        archive(getattr(world, doer), item)
        restore(getattr(world, doer), item).expect(200)
        for viewer, old in zip(people, before, strict=True):
            changed = differences(old, viewer.stored(item["guid"]))
            assert changed <= MOVING, f"changed for {viewer.name}"
            assert messages(viewer, item) == ["of member", "of colleague", "of owner"]
        assert history(world.owner, item)[: len(entries)] == entries


@clause("HT-ARCHIVE-24")
def test_items_restored_to_the_root(target: Target) -> None:
    """At the root the parent differs, and what came with it is as before."""
    with target.world() as world:
        items = line(world.owner)
        items[1:] = [world.owner.stored(one["guid"]) for one in items[1:]]
        archive(world.owner, items[0])
        restore(world.owner, items[1]).expect(200)
        after = [world.owner.stored(one["guid"]) for one in items[1:]]
        assert differences(items[1], after[0]) - MOVING == {"parent", "parentGuid"}
        assert differences(items[2], after[1]) <= MOVING


@clause("HT-ARCHIVE-25")
@pytest.mark.parametrize("depth", [1, 2])
def test_deleting_what_is_above(target: Target, depth: int) -> None:
    """Deleting an item deletes the archived ones below it: 404 and code 1."""
    with target.world() as world:
        items = line(world.owner)
        archive(world.owner, items[depth])
        world.owner.call("deleteItem", guid=items[0]["guid"]).arranged()
        for one in items[depth:]:
            restore(world.owner, one).refused(404, 1)
        assert world.owner.items() == {}
