"""The entries of a history that are of no field, and what each kind of them says."""

from datetime import datetime

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.events import (
    archive,
    commented,
    entry,
    history,
    modify,
    shared,
)
from tasktwin_contract.hitask.instances import DAILY, finish, recurring, soon
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target

Told = list[tuple[str, str, str | None]]


def told(actor: Actor, item: Object, start: int = 0) -> Told:
    """Name, type and value of each entry from the `start` on."""
    names = ("property_name", "property_type", "value")
    return [
        (one[names[0]], one[names[1]], one[names[2]])
        for one in history(actor, item)[start:]
    ]


@clause("HT-HISTORY-13")
def test_who_is_added(target: Target) -> None:
    """Each principal that is added has an entry shared_with, and nothing else."""
    with target.world() as world:
        member, colleague = world.member, world.colleague
        item = shared(world.owner, world.manager)
        start = len(history(world.owner, item))
        entries = [entry(one, 60) for one in (world.manager, member, colleague)]
        modify(world.owner, item, permissions=entries)
        assert sorted(told(world.owner, item, start)) == sorted(
            ("shared_with", "STRING", one.id) for one in (member, colleague)
        )


@clause("HT-HISTORY-13")
@pytest.mark.parametrize("change", ["lowered", "removed", "replaced"])
def test_what_else_happens_to_a_list(target: Target, change: str) -> None:
    """Any other change of the list has an entry permissions."""
    with target.world() as world:
        item = shared(world.owner, world.member, world.colleague)
        start = len(history(world.owner, item))
        entries = {
            "lowered": [entry(world.member, 10), entry(world.colleague, 60)],
            "removed": [entry(world.colleague, 60)],
            "replaced": [entry(world.manager, 60), entry(world.colleague, 60)],
        }
        modify(world.owner, item, permissions=entries[change])
        names = [name for name, *_ in told(world.owner, item, start)]
        added = ["shared_with"] if change == "replaced" else []
        assert sorted(names) == ["permissions", *added]


@clause("HT-HISTORY-14")
def test_the_archive_in_a_history(target: Target) -> None:
    """Archiving has an entry archived of true, restoring one of false."""
    with target.world() as world:
        item = world.owner.item()
        archive(world.owner, item)
        world.owner.call("restoreItem", id=item["id"]).arranged()
        expected = [("archived", "BOOLEAN", "true"), ("archived", "BOOLEAN", "false")]
        assert told(world.owner, item, 1) == expected


@clause("HT-HISTORY-15")
def test_instances_in_a_history(target: Target) -> None:
    """Completing an instance and taking it back have an entry instances each."""
    with target.world() as world:
        start: datetime = soon()
        item = recurring(world.owner, DAILY, start)
        finish(world.owner, item, start).arranged()
        finish(world.owner, item, start, completed=False).arranged()
        assert [name for name, *_ in told(world.owner, item, 1)] == ["instances"] * 2


@clause("HT-HISTORY-16")
def test_kinds_of_entries(target: Target) -> None:
    """Each kind of entry has its type; a deleted comment is told by its id."""
    with target.world() as world:
        owner, start = world.owner, soon()
        item = recurring(owner, DAILY, start, message="a message")
        number = commented(owner, item, "a comment")
        second = commented(owner, item, "another")
        owner.call("deleteComment", id=number).arranged()
        finish(owner, item, start).arranged()
        modify(owner, item, message="")
        modify(owner, item, color=3)
        modify(owner, item, is_all_day=True)
        modify(owner, item, permissions=[entry(world.member, 10)])
        assert told(owner, item) == [
            ("created", "VOID", None),
            ("comment", "STRING", "another"),
            ("comment_deleted", "INTEGER", str(number)),
            ("instances", "VOID", None),
            ("message", "VOID", None),
            ("color", "INTEGER", "3"),
            ("is_all_day", "BOOLEAN", "true"),
            ("shared_with", "STRING", world.member.id),
        ]
        assert history(owner, item)[1]["id"] == second


@clause("HT-HISTORY-17")
@pytest.mark.parametrize("viewer", ["owner", "member"])
def test_names_of_doers(target: Target, viewer: str) -> None:
    """user_name is the first and the last name of who did it."""
    with target.world() as world:
        item = shared(world.owner, world.member)
        commented(world.member, item)
        for one in history(getattr(world, viewer), item):
            doer = {world.owner.number: world.owner, world.member.number: world.member}
            account = doer[one["user_id"]].call("getUser").arranged()
            expected = f"{account['firstName']} {account['lastName']}"
            assert one["user_name"] == expected
