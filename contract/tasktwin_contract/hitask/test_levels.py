"""What a level of permission allows, however it is held."""

from collections.abc import Iterable

import pytest

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.guards import fields_of, guarded
from tasktwin_contract.hitask.levels import (
    SEEING,
    Attempt,
    Guard,
    Ladder,
    every_way,
    from_level,
    ladder,
)
from tasktwin_contract.hitask.steps import update
from tasktwin_contract.hitask.writes import EVERY_WRITE, commented, shared
from tasktwin_contract.target import Target

# What the calls after them send unchanged, and what gives the caller their level.
ALTERING = {"title", "parent"}


@clause("HT-LEVEL-01")
@every_way
def test_the_list_from_10(target: Target, way: str) -> None:
    """Whoever has 10 or more on an item has it in their list."""
    with ladder(target, way) as steps:
        made = {level: steps.item(level)["id"] for level in SEEING}
        listed = steps.caller.items()
        missing = [level for level in made if made[level] not in listed]
        assert not missing, f"with these levels it is not in the list: {missing}"


@clause("HT-LEVEL-02")
@every_way
def test_the_history_from_10(target: Target, way: str) -> None:
    """Whoever has 10 or more on an item gets its history."""
    with ladder(target, way) as steps:
        _accepted(steps, guarded("getHistory"), from_level(10))


@clause("HT-UNREAD-14")
@every_way
def test_reading_from_10(target: Target, way: str) -> None:
    """Whoever has 10 or more on an item may mark it read."""
    with ladder(target, way) as steps:
        _accepted(steps, guarded("markRead"), from_level(10))


@clause("HT-LEVEL-03")
@every_way
def test_stars_from_10(target: Target, way: str) -> None:
    """Whoever has 10 or more on an item may star it."""
    with ladder(target, way) as steps:
        attempts = _accepted(steps, fields_of(10), from_level(10))
        listed = steps.caller.items()
        for attempt in attempts:
            attempt.takes_effect(listed)


@clause("HT-LEVEL-04")
@every_way
def test_a_star_is_the_viewers_own(target: Target, way: str) -> None:
    """A star is the viewer's own: nobody else's starred changes, on or off."""
    with ladder(target, way) as steps:
        owner, caller = steps.world.owner, steps.caller
        item = steps.item(10)
        update(caller, item, starred=True).expect(200)
        assert not owner.stored(item["guid"])["starred"]
        update(owner, item, starred=True).expect(200)
        update(caller, item, starred=False).expect(200)
        assert owner.stored(item["guid"])["starred"]
        assert not caller.stored(item["guid"])["starred"]


@clause("HT-LEVEL-04")
@pytest.mark.parametrize("write", EVERY_WRITE)
def test_a_write_moves_no_star(target: Target, write: str) -> None:
    """What somebody writes is news to others, and leaves their starred as it was."""
    with target.world() as world:
        pair = (world.manager, world.member)
        people = {"assignee": world.member.number}
        for writer, other in (pair, pair[::-1]):
            item = shared(world.manager, member=100)
            update(world.manager, item, **people).arranged()
            update(other, item, starred=True).arranged()
            EVERY_WRITE[write](writer, commented(writer, item))
            starred = {one.name: one.stored(item["guid"])["starred"] for one in pair}
            expected = {writer.name: False, other.name: True}
            assert starred == expected, f"starred after {write} by {writer.name}"


@clause("HT-LEVEL-05")
@every_way
def test_comments_from_20(target: Target, way: str) -> None:
    """Whoever has 20 or more on an item may comment on it."""
    with ladder(target, way) as steps:
        for attempt in _accepted(steps, guarded("addComment"), from_level(20)):
            number = attempt.item["id"]
            history = steps.world.owner.call("getHistory", id=number).arranged()
            values = [event["value"] for event in history.data]
            assert attempt.parameters["message"] in values, f"not there: {attempt}"


@clause("HT-LEVEL-07")
@every_way
def test_items_below_from_30(target: Target, way: str) -> None:
    """Whoever has 30 or more on an item may make items below it."""
    with ladder(target, way) as steps:
        attempts = _accepted(steps, guarded("createItem"), from_level(30))
        listed = steps.caller.items().values()
        places = {item["guid"]: item["parent"] for item in listed}
        for attempt in attempts:
            guid, parent = attempt.parameters["guid"], attempt.item["id"]
            assert places.get(guid) == parent, f"not there: {attempt}"


@clause("HT-LEVEL-09")
@every_way
def test_people_from_40(target: Target, way: str) -> None:
    """Whoever has 40 or more on an item may change its assignee and participants."""
    with ladder(target, way) as steps:
        _changed(steps, 40)


@clause("HT-LEVEL-11")
@every_way
def test_completing_from_50(target: Target, way: str) -> None:
    """Whoever has 50 or more on an item may change completed and time_spent."""
    with ladder(target, way) as steps:
        _changed(steps, 50)


@clause("HT-LEVEL-13")
@every_way
def test_fields_from_60(target: Target, way: str) -> None:
    """Whoever has 60 or more on an item may change each field but permissions."""
    with ladder(target, way) as steps:
        _changed(steps, 60)


@clause("HT-LEVEL-15")
@every_way
def test_sharing_from_70(target: Target, way: str) -> None:
    """Whoever has 70 or more on an item may change its permissions."""
    with ladder(target, way) as steps:
        _changed(steps, 70)


@clause("HT-LEVEL-17")
@every_way
def test_archiving_from_80(target: Target, way: str) -> None:
    """Whoever has 80 or more on an item may archive it, and it leaves the list."""
    with ladder(target, way) as steps:
        attempts = _accepted(steps, guarded("archiveItem"), from_level(80))
        assert not _listed(attempts), "what was archived is in the owner's list"


@clause("HT-LEVEL-19")
@every_way
def test_restoring_from_80(target: Target, way: str) -> None:
    """Whoever has 80 or more on an archived item may restore it."""
    with ladder(target, way) as steps:
        attempts = _accepted(steps, guarded("restoreItem"), from_level(80))
        assert _listed(attempts) == [str(attempt) for attempt in attempts]


@clause("HT-LEVEL-22")
@every_way
def test_deleting_with_100(target: Target, way: str) -> None:
    """Whoever has 100 on an item may delete it."""
    with ladder(target, way) as steps:
        attempts = _accepted(steps, guarded("deleteItem"), [100])
        assert not _listed(attempts), "what was deleted is in the owner's list"


def _accepted(
    steps: Ladder, guards: Iterable[Guard], levels: Iterable[int]
) -> list[Attempt]:
    """The calls at these levels, each on an item of its own and each accepted."""
    attempts = steps.attempts(guards, levels, alone=True)
    for attempt in attempts:
        attempt.accepted()
    return attempts


def _changed(steps: Ladder, level: int) -> None:
    """Each field that needs `level` is changed by whoever has it, or more."""
    guards = fields_of(level)
    apart = [guard for guard in guards if ALTERING & {*guard.changes}]
    others = [guard for guard in guards if guard not in apart]
    attempts = [
        *steps.attempts(apart, from_level(level), alone=True),
        *steps.attempts(others, from_level(level)),
    ]
    for attempt in attempts:
        attempt.accepted()
    listed = steps.world.owner.items()
    for attempt in attempts:
        attempt.takes_effect(listed)


def _listed(attempts: list[Attempt]) -> list[str]:
    """The attempts whose items the owner's list has."""
    listed = attempts[0].ladder.world.owner.items()
    return [str(attempt) for attempt in attempts if attempt.item["id"] in listed]
