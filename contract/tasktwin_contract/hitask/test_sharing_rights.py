"""What whoever may share an item, and not do everything with it, may share."""

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
    listed,
    project,
    seen_by,
)
from tasktwin_contract.hitask.steps import update
from tasktwin_contract.reply import Reply
from tasktwin_contract.target import Target, World

UP_TO_70 = [level for level in LEVELS if level <= 70]
OVER_70 = [level for level in LEVELS if level > 70]
SHARER = {"member": 70}

# What the list said before, and what the member with 70 sends.
GIVEN_MORE = [
    *[({}, {"colleague": level}) for level in OVER_70],
    ({"colleague": 70}, {"colleague": 80}),
    ({"colleague": 10}, {"colleague": 100}),
    ({}, {"member": 80}),
    ({}, {"member": 100}),
]
REMOVED = [
    *[({"colleague": level}, {}) for level in (70, 80, 100)],
    *[({"colleague": level}, {"colleague": 0}) for level in (70, 80, 100)],
    ({"colleague": 70, "manager": 70}, {"manager": 70}),
    ({"colleague": 70}, {"manager": 70}),
]
LOWERED = [
    *[({"colleague": level}, {}) for level in UP_TO_70[:-1]],
    *[({"colleague": level}, {"colleague": 0}) for level in (10, 60)],
    ({"colleague": 20}, {"colleague": 10}),
    ({"colleague": 70}, {"colleague": 60}),
    ({"colleague": 100}, {"colleague": 80}),
    ({"colleague": 50}, {"manager": 50}),
    ({"colleague": 50}, {"colleague": 40, "manager": 50}),
    ({}, {"member": 60}),
    ({}, {"member": 0}),
]


def shared_by_the_member(
    world: World, before: dict[str, int], sent: dict[str, int]
) -> Reply:
    """Have the member, who has 70 beside this list, send the other one."""
    item = world.owner.item(permissions=entries(world, **SHARER, **before))
    permissions = entries(world, **{**SHARER, **sent})
    return update(world.member, item, permissions=permissions)


@clause("HT-SHARE-26")
@pytest.mark.parametrize("level", UP_TO_70)
def test_70_adds_up_to_70(target: Target, level: int) -> None:
    """Whoever has 70 may add an entry of up to 70."""
    with target.world() as world:
        item = world.owner.item(permissions=entries(world, member=70))
        sent = entries(world, owner=100, member=70, colleague=level)
        update(world.member, item, permissions=sent).expect(200)
        assert seen_by(item, world.colleague) == {"colleague"}


@clause("HT-SHARE-26")
def test_70_adds_below_a_project(target: Target) -> None:
    """Whoever has 70 by the project may add to the item's list whom it gives access."""
    with target.world() as world:
        top = project(world, member=70, colleague=50)
        item = below(top, world.owner, member=70)
        sent = entries(world, owner=100, member=70, colleague=70)
        update(world.member, item, permissions=sent).expect(200)
        assert listed(world.owner, item)["colleague"] == 70


@clause("HT-SHARE-27")
@pytest.mark.parametrize(("before", "sent"), GIVEN_MORE)
def test_70_gives_no_more(
    target: Target, before: dict[str, int], sent: dict[str, int]
) -> None:
    """Whoever has 70 gives nobody more than 70, themselves least of all."""
    with target.world() as world:
        shared_by_the_member(world, before, sent).refused()


@clause("HT-SHARE-28")
@pytest.mark.parametrize(("before", "sent"), REMOVED)
def test_70_removes_no_70(
    target: Target, before: dict[str, int], sent: dict[str, int]
) -> None:
    """Whoever has 70 removes no entry of 70 or more."""
    with target.world() as world:
        shared_by_the_member(world, before, sent).refused()


@clause("HT-SHARE-29")
@pytest.mark.parametrize(("before", "sent"), LOWERED)
def test_70_lowers_nothing(
    target: Target, before: dict[str, int], sent: dict[str, int]
) -> None:
    """Whoever has 70 lowers and removes no entry, not their own either."""
    with target.world() as world:
        shared_by_the_member(world, before, sent).refused()


@clause("HT-SHARE-29")
def test_70_removes_no_group(target: Target) -> None:
    """Whoever has 70 lowers and removes no group's entry."""
    with target.world() as world:
        number, member = group(world, "colleague"), entries(world, member=70)
        item = world.owner.item(permissions=[entry(number, 50), *member])
        update(world.member, item, permissions=member).refused()
        lower = [entry(number, 40), *member]
        update(world.member, item, permissions=lower).refused()


@clause("HT-SHARE-30")
@pytest.mark.parametrize(
    ("before", "sent"), [*GIVEN_MORE[:3], *REMOVED[:4], *LOWERED[-5:]]
)
def test_the_code_of_what_70_may_not(
    target: Target, before: dict[str, int], sent: dict[str, int]
) -> None:
    """What 70 is too low for is refused with 403 and code 3."""
    with target.world() as world:
        shared_by_the_member(world, before, sent).refused(403, 3)


@clause("HT-ERROR-07")
@pytest.mark.parametrize(
    "sent", [{"member": 70, "colleague": 100}, {"member": 70}, {"colleague": 50}]
)
def test_what_70_may_not_changes_nothing(target: Target, sent: dict[str, int]) -> None:
    """What 70 is too low for in a list changes nothing, of other fields either."""
    with target.world() as world:
        permissions = entries(world, member=70, colleague=50)
        item = world.owner.item(permissions=permissions)
        before = [world.owner.items(), world.member.items()]
        wrong = entries(world, **sent)
        update(world.member, item, title="other", permissions=wrong).refused()
        assert [world.owner.items(), world.member.items()] == before


@clause("HT-SHARE-46")
@given(
    before=st.sampled_from(UP_TO_70),
    after=st.sampled_from(UP_TO_70),
    untouched=st.sampled_from(LEVELS),
)
def test_70_raises_up_to_70(
    target: Target, before: int, after: int, untouched: int
) -> None:
    """Whoever has 70 may raise an entry to up to 70, and leaves the others alone."""
    before, after = sorted((before, after))
    with target.world() as world:
        rest = {"member": 70, "manager": untouched}
        item = world.owner.item(permissions=entries(world, colleague=before, **rest))
        sent = entries(world, colleague=after, **rest)
        update(world.member, item, permissions=sent).expect(200)
        assert listed(world.owner, item) == {"owner": 100, "colleague": after, **rest}
