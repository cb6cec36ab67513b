"""What makes nothing unread."""

from collections.abc import Callable

import pytest

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.events import (
    archive,
    commented,
    entry,
    modify,
    read,
    shared,
    unread,
)
from tasktwin_contract.hitask.test_unread import READ
from tasktwin_contract.reply import Object
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target, World


def _delete_comment(world: World, item: Object) -> None:
    made = commented(world.owner, item)
    for one in (world.member, world.colleague):
        read(one, item)
    world.owner.call("deleteComment", id=made, itemId=item["id"]).arranged()


def _restore(world: World, item: Object) -> None:
    archive(world.owner, item)
    world.owner.call("restoreItem", id=item["id"]).arranged()


def _restore_above(world: World, item: Object) -> None:
    people = (world.member, world.colleague)
    top = shared(world.owner, *people)
    modify(world.owner, item, parent=top["id"])
    for one in people:
        read(one, item)
    _restore(world, top)


def _delete_group(world: World, item: Object) -> None:
    group = world.owner.call("createGroup", name="a group").arranged()["id"]
    entries = [entry(world.member, 60), entry(world.colleague, 60)]
    named = [*entries, {"principal": group, "level": 10}]
    modify(world.owner, item, permissions=named)
    for one in (world.member, world.colleague):
        read(one, item)
    world.owner.call("deleteGroup", id=group).arranged()


def _leave(world: World, item: Object) -> None:
    people = (world.member, world.colleague, world.manager)
    modify(world.owner, item, permissions=[entry(one, 60) for one in people])
    for one in (world.member, world.colleague):
        read(one, item)
    world.owner.call("removeMember", id=world.manager.number).arranged()


SILENT: dict[str, Callable[[World, Object], object]] = {
    "starring": lambda world, item: modify(world.owner, item, starred=True),
    "reading": lambda world, item: read(world.owner, item),
    "deleting a comment": _delete_comment,
    "archiving and restoring": _restore,
    "archiving and restoring it with what is above": _restore_above,
    "deleting a group": _delete_group,
    "the leaving of a member": _leave,
}


@clause("HT-UNREAD-18")
@pytest.mark.parametrize("doing", table(SILENT, *SILENT))
def test_what_makes_nothing_unread(target: Target, doing: str) -> None:
    """Stars, reading, archive, deleted comments, groups and leaving make it not."""
    with target.world() as world:
        people = [world.owner, world.member, world.colleague]
        item = shared(
            *people,
            assignee=world.member.number,
            participants=[world.colleague.number],
        )
        for one in people:
            read(one, item)
        SILENT[doing](world, item)
        found = {one.name: unread(one, item) for one in people}
        assert found == dict.fromkeys(found, READ)
