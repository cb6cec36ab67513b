"""Changes of several fields, changes that are none, and moving, by level."""

from itertools import permutations
from typing import Any

import pytest

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.examples import filled
from tasktwin_contract.hitask.guards import BY_FIELD, changing
from tasktwin_contract.hitask.levels import (
    SEEING,
    Guard,
    below,
    entry,
    every_way,
    from_level,
    ladder,
)
from tasktwin_contract.hitask.sights import Sight
from tasktwin_contract.hitask.steps import FIELDS, update
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target, World

ONE_WAY = "an own entry"
# The lower field first: its level alone does not do.
PAIRS: list[tuple[int, Guard]] = [
    (low.level, changing(*low.changes, *high.changes))
    for low, high in permutations(
        {guard.changes: guard for guard in BY_FIELD}.values(), 2
    )
    if low.level < high.level
]
BY_PLACE = (changing("parent"), changing("parentGuid"))


@clause("HT-LEVEL-26")
def test_a_present_value_needs_no_level(target: Target) -> None:
    """A field sent with its present value needs no level, and changes nothing."""
    with target.world() as world:
        item = _shared(world, 10)
        for name, value in _shown(world, item).items():
            update(world.member, item, **{name: value}).expect(200)
        assert world.owner.stored(item["guid"]) == item


@clause("HT-LEVEL-26")
@pytest.mark.parametrize("level", SEEING)
def test_present_values_need_no_level(target: Target, level: int) -> None:
    """All fields sent with their present values need no level, and change nothing."""
    with target.world() as world:
        item = _shared(world, level)
        update(world.member, item, **_shown(world, item)).expect(200)
        assert world.owner.stored(item["guid"]) == item


@clause("HT-LEVEL-26")
def test_one_changed_field_among_present_values(target: Target) -> None:
    """Present values beside what the level allows ask for nothing more."""
    with target.world() as world:
        item = _shared(world, 50)
        sent = {**_shown(world, item), "time_spent": 77}
        update(world.member, item, **sent).expect(200)
        assert world.owner.stored(item["guid"])["time_spent"] == 77


def _shown(world: World, item: Object) -> dict[str, Any]:
    """The fields of an item as the member's list has them."""
    shown = world.member.stored(item["guid"])
    return {name: shown[name] for name in FIELDS if shown[name] is not None}


def _shared(world: World, level: int) -> Object:
    """An item with a value in every field, on which the member has `level`."""
    fields = filled(world)
    listed = [entry(world.member, level)]
    project = {"guid": fields["parentGuid"], "title": "prepared"}
    world.owner.call("updateItem", **project, permissions=listed).arranged()
    made: Object = world.owner.item(**fields, permissions=listed)
    return made


@clause("HT-LEVEL-27")
def test_mixed_changes_below_the_highest(target: Target) -> None:
    """A request that changes two fields is refused whole below the higher level."""
    with ladder(target, ONE_WAY) as steps:
        attempts = [
            attempt
            for level in SEEING
            for attempt in steps.attempts(
                [pair for low, pair in PAIRS if low <= level < pair.level], [level]
            )
        ]
        sight = Sight(steps.world, [attempt.item["id"] for attempt in attempts])
        for attempt in attempts:
            attempt.refused(403, 3)
        sight.all_unmoved("changes of two fields that are refused")


@clause("HT-LEVEL-27")
@pytest.mark.parametrize("needed", sorted({pair.level for _, pair in PAIRS}))
def test_mixed_changes_from_the_highest(target: Target, needed: int) -> None:
    """A request that changes two fields is accepted with the higher level."""
    with ladder(target, ONE_WAY) as steps:
        pairs = [pair for _, pair in PAIRS if pair.level == needed]
        for attempt in steps.attempts(pairs, [needed], alone=True):
            attempt.takes_effect({attempt.item["id"]: Object(attempt.reply.data)})


@clause("HT-LEVEL-28")
@every_way
def test_moving_below_60(target: Target, way: str) -> None:
    """Moving an item to another parent needs 60 on it: else 403 and code 3."""
    with ladder(target, way) as steps:
        for attempt in steps.attempts(BY_PLACE, below(60, seeing=True)):
            attempt.refused(403, 3)


@clause("HT-LEVEL-28")
@every_way
def test_moving_from_60(target: Target, way: str) -> None:
    """Whoever has 60 on an item moves it to another parent."""
    with ladder(target, way) as steps:
        attempts = steps.attempts(BY_PLACE, [60], alone=True)
        for attempt in attempts:
            attempt.accepted()
        listed = steps.world.owner.items()
        for attempt in attempts:
            attempt.takes_effect(listed)


@clause("HT-LEVEL-28")
def test_moving_to_the_root(target: Target) -> None:
    """Moving an item to the root needs 60 on it: else 403 and code 3."""
    with ladder(target, "the parent") as steps:
        for level in below(60, seeing=True):
            update(steps.caller, steps.item(level), parent=0).refused(403, 3)
        for level in from_level(60):
            item = steps.item(level)
            update(steps.caller, item, parent=0).expect(200)
            assert steps.world.owner.stored(item["guid"])["parent"] == 0


@clause("HT-LEVEL-29")
@every_way
def test_moving_below_what_gives_too_little(target: Target, way: str) -> None:
    """Moving an item needs 30 on the new parent: else 403 and code 3."""
    with ladder(target, way) as steps:
        mine = steps.caller.item()
        for level in below(30, seeing=True):
            parent = steps.item(level)
            update(steps.caller, mine, parent=parent["id"]).refused(403, 3)
            update(steps.caller, mine, parentGuid=parent["guid"]).refused(403, 3)
            assert steps.caller.stored(mine["guid"]) == mine


@clause("HT-LEVEL-29")
@every_way
def test_moving_below_what_gives_enough(target: Target, way: str) -> None:
    """Whoever has 30 or more on the new parent moves an item of theirs below it."""
    with ladder(target, way) as steps:
        for level in from_level(30):
            mine, parent = steps.caller.item(), steps.item(level)
            update(steps.caller, mine, parent=parent["id"]).expect(200)
            assert steps.caller.stored(mine["guid"])["parent"] == parent["id"]
