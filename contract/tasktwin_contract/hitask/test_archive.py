"""Putting items into the archive, and what an archived item is good for."""

from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.events import (
    UNKNOWN_GUID,
    archive,
    archived,
    commented,
    entry,
    messages,
    shared,
)
from tasktwin_contract.hitask.examples import OPERATIONS, Parameters, example
from tasktwin_contract.hitask.levels import unseen_by
from tasktwin_contract.hitask.steps import NO_ID, create, update
from tasktwin_contract.target import Target

# What makes an item, and what skips in silence those that it may not touch.
SPARED = {"createItem", "deleteMultiple", "archiveMultiple"}
NAMING = [
    one.id
    for one in OPERATIONS.values()
    if one.path.startswith(("/item", "/file/url"))
    and {"id", "guid"} & one.parameters.keys()
    and one.id not in SPARED
]


def named_by(parameters: Parameters) -> Any:
    """The id or guid of the item that these parameters name."""
    keys = ("itemId", "guid", "id")
    return next(parameters[key] for key in keys if key in parameters)


def delta(actor: Actor) -> list[int]:
    """The ids of all that a delta from the beginning holds."""
    reply = actor.call("getItemsDelta", delta=0).expect(200)
    return [one["id"] for one in reply.data]


@clause("HT-ARCHIVE-01")
@pytest.mark.parametrize("doer", ["owner", "member"])
def test_archiving_by_id(target: Target, doer: str) -> None:
    """archiveItem by id takes the item, and no other, out of everyone's list."""
    with target.world() as world:
        people = [world.owner, world.member, world.colleague]
        item, other = (shared(*people, level=80) for _ in "ab")
        getattr(world, doer).call("archiveItem", id=item["id"]).expect(200)
        for viewer in people:
            listed = viewer.items()
            assert item["id"] not in listed
            assert other["id"] in listed


@clause("HT-ARCHIVE-02")
def test_archiving_by_guid(target: Target) -> None:
    """archiveItem by guid takes the item, and no other, out of the list."""
    with target.world() as world:
        item, other = world.owner.item(), world.owner.item()
        world.owner.call("archiveItem", guid=item["guid"]).expect(200)
        listed = world.owner.items()
        assert item["id"] not in listed
        assert other["id"] in listed


@clause("HT-ARCHIVE-03")
@pytest.mark.parametrize("key", ["id", "guid"])
def test_archiving_twice(target: Target, key: str) -> None:
    """Archiving an item that is archived is refused with 404."""
    with target.world() as world:
        item = archived(world.owner)
        world.owner.call("archiveItem", **{key: item[key]}).refused(404)


@clause("HT-ARCHIVE-04")
@pytest.mark.parametrize("name", ["administrator", "colleague", "outsider", "personal"])
@pytest.mark.parametrize("key", ["id", "guid"])
def test_archiving_unseen(target: Target, name: str, key: str) -> None:
    """Archiving what the caller does not see is refused with 404, and it stays."""
    with target.world() as world, unseen_by(name):
        item = shared(world.owner, world.member)
        getattr(world, name).call("archiveItem", **{key: item[key]}).refused(404)
        assert item["id"] in world.owner.items()


@clause("HT-ARCHIVE-04")
@pytest.mark.parametrize("named", [{"id": NO_ID}, {"guid": UNKNOWN_GUID}])
def test_archiving_nothing(target: Target, named: dict[str, Any]) -> None:
    """Archiving what is not there is refused with 404."""
    with target.world() as world:
        world.owner.call("archiveItem", **named).refused(404)


@clause("HT-ARCHIVE-05")
@pytest.mark.parametrize("depth", range(3))
def test_what_is_below_is_archived(target: Target, depth: int) -> None:
    """With an item all below it is archived at any depth, and nothing above it."""
    with target.world() as world:
        beside, line = world.owner.item(), [world.owner.item(category=0)]
        for _ in range(3):
            line.append(world.owner.item(parent=line[-1]["id"]))
        sibling = world.owner.item(parent=line[-2]["id"])
        archive(world.owner, line[depth])
        kept = {beside["id"], *(one["id"] for one in line[:depth])}
        assert world.owner.items().keys() == kept
        world.owner.call("restoreItem", id=sibling["id"]).expect(200)


@clause("HT-ARCHIVE-06")
def test_what_archiving_answers(target: Target) -> None:
    """archiveItem answers an object whose response_status is 0."""
    with target.world() as world:
        item = world.owner.item()
        reply = world.owner.call("archiveItem", id=item["id"]).expect(200)
        assert reply["response_status"] == 0


@clause("HT-ARCHIVE-17")
@pytest.mark.parametrize("name", NAMING)
def test_archived_items_are_not_found(target: Target, name: str) -> None:
    """Whatever names an archived item is refused with 404 and code 1, and it stays."""
    with target.world() as world:
        parameters = example(world, name)
        item = named_by(parameters)
        key = "id" if isinstance(item, int) else "guid"
        world.owner.call("archiveItem", **{key: item}).arranged()
        world.owner.call(name, **parameters).refused(404, 1)
        world.owner.call("restoreItem", **{key: item}).expect(200)


@clause("HT-ARCHIVE-17")
@pytest.mark.parametrize("key", ["id", "guid"])
def test_archived_items_are_not_changed(target: Target, key: str) -> None:
    """updateItem of an archived item is refused by either name, and it stays so."""
    with target.world() as world:
        item = archived(world.owner)
        named = {key: item[key], "title": "changed"}
        world.owner.call("updateItem", **named).refused(404, 1)
        restored = world.owner.call("restoreItem", id=item["id"]).arranged()
        assert restored["title"] == item["title"]


@clause("HT-ARCHIVE-17")
@pytest.mark.parametrize("named", [True, False])
def test_comments_of_archived_items(target: Target, named: bool) -> None:
    """A comment of an archived item is not deleted, with itemId and without."""
    with target.world() as world:
        item = world.owner.item()
        number = commented(world.owner, item, "stays")
        archive(world.owner, item)
        rest = {"itemId": item["id"]} if named else {}
        world.owner.call("deleteComment", id=number, **rest).refused(404, 1)
        world.owner.call("restoreItem", id=item["id"]).arranged()
        assert messages(world.owner, item) == ["stays"]


@clause("HT-ARCHIVE-17")
def test_what_is_below_is_not_found(target: Target) -> None:
    """What was archived with an item above it is refused as well."""
    with target.world() as world:
        top = world.owner.item(category=0)
        child = world.owner.item(parent=top["id"])
        archive(world.owner, top)
        world.owner.call("archiveItem", id=child["id"]).refused(404, 1)
        update(world.owner, child, title="changed").refused(404, 1)
        world.owner.call("deleteItem", guid=child["guid"]).refused(404, 1)
        world.owner.call("getHistory", id=child["id"]).refused(404, 1)


@clause("HT-ARCHIVE-18")
@pytest.mark.parametrize(("name", "key"), [("parent", "id"), ("parentGuid", "guid")])
def test_archived_parents(target: Target, name: str, key: str) -> None:
    """An archived item as parent is refused with 404 and code 1, by either name."""
    with target.world() as world:
        item, top = world.owner.item(), archived(world.owner, category=0)
        create(world.owner, **{name: top[key]}).refused(404, 1)
        update(world.owner, item, **{name: top[key]}).refused(404, 1)
        assert world.owner.items() == {item["id"]: item}


@clause("HT-ARCHIVE-19")
@pytest.mark.parametrize("name", ["owner", "outsider"])
def test_guids_of_archived_items(target: Target, name: str) -> None:
    """The guid of an archived item is still in use, by whomever: 400 and code 6."""
    with target.world() as world:
        item = archived(world.owner)
        create(getattr(world, name), guid=item["guid"]).refused(400, 6)


@clause("HT-ARCHIVE-20")
@pytest.mark.parametrize("name", ["owner", "member"])
def test_short_names_of_archived_items(target: Target, name: str) -> None:
    """The short name of an archived project is still in use: 400 and code 80."""
    with target.world() as world:
        actor = getattr(world, name)
        archived(world.owner, category=0, short_name="TAKEN")
        other = actor.item(category=0, short_name="FREE")
        create(actor, category=0, short_name="TAKEN").refused(400, 80)
        update(actor, other, short_name="TAKEN").refused(400, 80)
        assert actor.stored(other["guid"])["short_name"] == "FREE"


@clause("HT-ARCHIVE-21")
@pytest.mark.parametrize("below", [True, False])
def test_issue_ids_of_archived_items(target: Target, below: bool) -> None:
    """The issue_id of an archived item is not given again."""
    with target.world() as world:
        project = world.owner.item(category=0, short_name="PROJ")
        fields = {"parent": project["id"]} if below else {}
        seen = set()
        for _ in range(3):
            item = archived(world.owner, **fields)
            assert item["issue_id"] not in seen, "this issue_id was another item's"
            seen.add(item["issue_id"])


@clause("HT-ARCHIVE-26")
@pytest.mark.parametrize("level", [80, 100])
def test_archiving_what_others_own(target: Target, level: int) -> None:
    """Everything below goes as well, for everyone, also what somebody else owns."""
    with target.world() as world:
        people = [world.owner, world.member, world.colleague]
        entries = [entry(world.member, level), entry(world.colleague, 60)]
        top = world.owner.item(category=0, permissions=entries)
        below = [one.item(parent=top["id"]) for one in people]
        below.append(world.owner.item(parent=below[-1]["id"]))
        other = shared(*people)["id"]
        archive(world.member, top)
        gone = {one["id"] for one in (top, *below)}
        for viewer in people:
            assert not gone & viewer.items().keys()
            assert not gone & {*delta(viewer)}
            assert other in delta(viewer)
