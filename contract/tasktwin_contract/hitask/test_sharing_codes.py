"""Why a list of permissions, an assignee or a participant is refused."""

from itertools import combinations, pairwise

import pytest

from tasktwin_contract.clauses import clause, resting_on
from tasktwin_contract.hitask.entries import entries, project
from tasktwin_contract.hitask.offences import (
    ADDED,
    CHANGES,
    GROUPS,
    LEFT,
    LOWERED,
    NO_ACCESS,
    OWNER,
    REMOVED,
    child_of_all,
    offending,
)
from tasktwin_contract.hitask.steps import create, update
from tasktwin_contract.reply import Reply
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target

PARENTS = (73, 74, 77)
EVERY = {
    f"{title}: {way}": offence
    for title, offences in (
        ("76", OWNER),
        ("73", ADDED),
        ("77", LOWERED),
        ("74", REMOVED),
        ("78", LEFT),
        ("75", NO_ACCESS),
        ("73, groups", GROUPS),
    )
    for way, offence in offences.items()
}
ORDER = tuple(CHANGES)
PAIRS = tuple(combinations(ORDER, 2))
# Nothing is removed from an item that is not yet there.
PAIRS_AT_ONCE = tuple(combinations((76, 73, 77, 75), 2))


def is_the_parents(reply: Reply) -> None:
    """Demand one of the codes for a list that offends the parent's."""
    reply.refused(400)
    assert reply.code in PARENTS, f"expected code 73, 74 or 77, got {reply.summary}"


def granted(way: str) -> str | None:
    """What is taken for granted: that an item's owner may do everything with it."""
    return "HT-ACCESS-03" if way == "the project's owner" else None


@clause("HT-SHARE-09")
@pytest.mark.parametrize("way", OWNER)
def test_the_owners_level(target: Target, way: str) -> None:
    """Another level for the owner is 400 and 76, whoever sends it."""
    with target.world() as world:
        OWNER[way](world)().refused(400, 76)


@clause("HT-SHARE-10")
def test_level_0_for_the_owner(target: Target) -> None:
    """Level 0 for the owner is 400 and 76, on new items and on old ones."""
    with target.world() as world:
        shared = entries(world, member=100)
        sent = entries(world, member=100, owner=0)
        item = world.owner.item(permissions=shared)
        update(world.owner, item, permissions=sent).refused(400, 76)
        update(world.member, item, permissions=sent).refused(400, 76)
        create(world.owner, permissions=sent).refused(400, 76)


@clause("HT-SHARE-11")
@pytest.mark.parametrize("way", ADDED)
def test_whom_the_parent_gives_nothing(target: Target, way: str) -> None:
    """An entry for somebody without access to the parent is 400 and 73, 74 or 77."""
    with target.world() as world:
        is_the_parents(ADDED[way](world)())


@clause("HT-SHARE-12")
@pytest.mark.parametrize("way", ADDED)
def test_the_code_of_whom_the_parent_gives_nothing(target: Target, way: str) -> None:
    """An entry for somebody without access to the parent is code 73."""
    with target.world() as world:
        ADDED[way](world)().refused(code=73)


@clause("HT-SHARE-13")
@pytest.mark.parametrize("way", LOWERED)
def test_less_than_the_parent_gives(target: Target, way: str) -> None:
    """A lower level than the parent gives is 400 and 73, 74 or 77."""
    with target.world() as world, resting_on(granted(way)):
        is_the_parents(LOWERED[way](world)())


@clause("HT-SHARE-14")
@pytest.mark.parametrize("way", LOWERED)
def test_the_code_of_less_than_the_parent_gives(target: Target, way: str) -> None:
    """A lower level than the parent gives is code 77."""
    with target.world() as world:
        LOWERED[way](world)().refused(code=77)


@clause("HT-SHARE-15")
@pytest.mark.parametrize("way", REMOVED)
def test_an_entry_of_the_parents_removed(target: Target, way: str) -> None:
    """Removing an entry that the parent has too is 400 and 73, 74 or 77."""
    with target.world() as world, resting_on(granted(way)):
        is_the_parents(REMOVED[way](world)())


@clause("HT-SHARE-16")
@pytest.mark.parametrize("way", REMOVED)
def test_the_code_of_an_entry_of_the_parents(target: Target, way: str) -> None:
    """Removing an entry that the parent has too is code 74."""
    with target.world() as world:
        REMOVED[way](world)().refused(code=74)


@clause("HT-SHARE-17")
@pytest.mark.parametrize("way", table(LEFT, "a participant left out"))
def test_who_takes_part_is_removed(target: Target, way: str) -> None:
    """Removing the permission of the assignee or a participant is 400 and 78."""
    with target.world() as world:
        LEFT[way](world)().refused(400, 78)


@clause("HT-SHARE-18")
@pytest.mark.parametrize("way", NO_ACCESS)
def test_who_has_no_access_takes_part(target: Target, way: str) -> None:
    """An assignee or participant without access to the project is 400 and 75."""
    with target.world() as world:
        NO_ACCESS[way](world)().refused(400, 75)


@clause("HT-SHARE-19")
@pytest.mark.parametrize(("first", "second"), table(PAIRS, *pairwise(ORDER)))
def test_two_rules_offended(target: Target, first: int, second: int) -> None:
    """Of two codes that apply to an update the first of the list is answered."""
    with target.world() as world:
        item = child_of_all(world)
        fields = offending(world, first, second)
        update(world.owner, item, **fields).refused(400, first)


@clause("HT-SHARE-19")
@pytest.mark.parametrize("code", ORDER)
def test_one_rule_offended(target: Target, code: int) -> None:
    """Where only one code applies it is the one."""
    with target.world() as world:
        item = child_of_all(world)
        update(world.owner, item, **offending(world, code)).refused(400, code)
        update(world.owner, item, **offending(world)).expect(200)


@clause("HT-SHARE-19")
@pytest.mark.parametrize(("first", "second"), PAIRS_AT_ONCE)
def test_two_rules_offended_at_once(target: Target, first: int, second: int) -> None:
    """Of two codes that apply to a new item the first of the list is answered."""
    with target.world() as world:
        top = project(world, member=50, colleague=50, manager=50)
        fields = offending(world, first, second)
        create(world.owner, parent=top["id"], **fields).refused(400, first)


@clause("HT-SHARE-22")
@pytest.mark.parametrize("way", GROUPS)
def test_a_group_that_the_parent_does_not_list(target: Target, way: str) -> None:
    """An entry for a group that nothing above lists is code 73."""
    with target.world() as world:
        GROUPS[way](world)().refused(code=73)


@clause("HT-ERROR-07")
@pytest.mark.parametrize("way", EVERY)
def test_refused_sharing_changes_nothing(target: Target, way: str) -> None:
    """A list, assignee or participant that is refused changes nothing at all."""
    with target.world() as world:
        request = EVERY[way](world)
        viewers = (world.owner, world.member, world.colleague)
        before = [viewer.items() for viewer in viewers]
        reply = request()
        assert reply.status != 200, f"not refused: {reply.summary}"
        assert [viewer.items() for viewer in viewers] == before
