"""Sharing an item together with what is below it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.entries import (
    LEVELS,
    PLAIN,
    below,
    entries,
    entry,
    group,
    kept,
    level_of,
    listed,
    project,
    reshare,
)
from tasktwin_contract.hitask.offences import people
from tasktwin_contract.hitask.steps import create, update
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target

LISTS = st.dictionaries(st.sampled_from(PLAIN), st.sampled_from(LEVELS))
TAKES_PART = ["assignee", "participants"]


@clause("HT-SHARE-31")
@given(before=LISTS, sent=LISTS)
def test_everything_below_gets_the_list(
    target: Target, before: dict[str, int], sent: dict[str, int]
) -> None:
    """With cascadeAcl all below have the list that is sent, at any depth."""
    with target.world() as world:
        owner = world.owner
        top, beside = project(world, **before), project(world, **before)
        child = below(top, owner, **before)
        grandchild, other = below(child, owner, **before), below(top, owner)
        permissions = entries(world, **sent)
        update(owner, top, permissions=permissions, cascadeAcl=1).expect(200)
        for item in (top, child, grandchild, other):
            assert listed(owner, item) == {**sent, "owner": 100}
        assert listed(owner, beside) == {**before, "owner": 100}


@clause("HT-SHARE-31")
@given(sent=LISTS)
def test_everything_below_is_shared(target: Target, sent: dict[str, int]) -> None:
    """With cascadeAcl each has on all that is below what the list says of them."""
    with target.world() as world:
        top = project(world, member=50, colleague=100)
        child = below(top, world.owner, member=80, colleague=100)
        permissions = entries(world, **sent)
        update(world.owner, top, permissions=permissions, cascadeAcl=1).expect(200)
        for item in (top, child):
            shown = {name: level_of(getattr(world, name), item) for name in PLAIN}
            assert shown == {name: sent.get(name) for name in PLAIN}


@clause("HT-SHARE-31")
def test_nothing_above_gets_the_list(target: Target) -> None:
    """cascadeAcl goes down, and neither up nor aside."""
    with target.world() as world:
        top = project(world, member=50)
        child = below(top, world.owner, member=50)
        beside = below(top, world.owner, member=50)
        grandchild = below(child, world.owner)
        permissions = entries(world, member=60)
        update(world.owner, child, permissions=permissions, cascadeAcl=1).expect(200)
        lists = [listed(world.owner, item) for item in (top, beside, child, grandchild)]
        assert [one["member"] for one in lists] == [50, 50, 60, 60]


@clause("HT-SHARE-31")
@pytest.mark.parametrize("via", ["form", "json", "query"])
def test_ways_to_ask_for_cascades(target: Target, via: str) -> None:
    """cascadeAcl counts however parameters are sent."""
    with target.world() as world:
        top = project(world)
        child = below(top, world.owner)
        permissions = entries(world, member=50)
        owner = world.owner.using(via=via)
        update(owner, top, permissions=permissions, cascadeAcl=1).expect(200)
        assert listed(world.owner, child) == {"owner": 100, "member": 50}


@clause("HT-SHARE-32")
@pytest.mark.parametrize("sent", [{}, {"member": 10}, {"member": 50, "colleague": 10}])
def test_owners_below_stay(target: Target, sent: dict[str, int]) -> None:
    """With cascadeAcl each item below keeps its own owner with 100."""
    with target.world() as world:
        levels = {"member": 50, "colleague": 50}
        top = project(world, **levels)
        child = below(top, world.member, colleague=50, owner=100)
        grandchild = below(child, world.colleague, member=100, owner=100)
        permissions = entries(world, **sent)
        update(world.owner, top, permissions=permissions, cascadeAcl=1).expect(200)
        whole = {"owner": 100, **sent}
        assert listed(world.owner, top) == whole
        assert listed(world.owner, child) == {**whole, "member": 100}
        assert listed(world.owner, grandchild) == {**whole, "colleague": 100}
        assert level_of(world.member, child) == 100
        assert level_of(world.colleague, grandchild) == 100


@clause("HT-SHARE-33")
def test_new_items_cascade_as_well(target: Target) -> None:
    """createItem accepts cascadeAcl, with permissions and without."""
    with target.world() as world:
        guid = world.guid()
        create(world.owner, guid=guid, cascadeAcl=1).expect(200)
        assert kept(world, world.owner.stored(guid)) == {"owner": 100}
        shared = entries(world, member=50)
        made = create(world.owner, permissions=shared, cascadeAcl=1).expect(200)
        assert level_of(world.member, Object(made.data)) == 50


@clause("HT-SHARE-34")
@pytest.mark.parametrize("extra", [{}, {"cascadeAcl": 0}, {"cascadeAcl": False}])
@pytest.mark.parametrize(
    "sent", [{}, {"member": 80}, {"member": 10}, {"member": 50, "colleague": 50}]
)
def test_lists_below_stay(
    target: Target, sent: dict[str, int], extra: dict[str, Any]
) -> None:
    """Without cascadeAcl the lists below stay as they were, at any depth."""
    with target.world() as world:
        top = project(world, member=50)
        child = below(top, world.owner, member=60)
        grandchild = below(child, world.owner)
        permissions = entries(world, **sent)
        update(world.owner, top, permissions=permissions, **extra).expect(200)
        assert listed(world.owner, child) == {"owner": 100, "member": 60}
        assert listed(world.owner, grandchild) == {"owner": 100}


@clause("HT-SHARE-35")
@pytest.mark.parametrize("field", TAKES_PART)
@pytest.mark.parametrize("depth", [1, 3])
@pytest.mark.parametrize("sent", [{"colleague": 50}, {"member": 0, "colleague": 50}])
def test_people_below_lose_access(
    target: Target, field: str, depth: int, sent: dict[str, int]
) -> None:
    """A cascade that takes an item from who takes part in it is refused whole."""
    with target.world() as world:
        owner = world.owner
        top = project(world, member=50)
        parent, beside = top, below(top, owner, member=50)
        for _ in range(depth - 1):
            parent = below(parent, owner, member=50)
        shared, named = entries(world, member=50), people(world, **{field: "member"})
        owner.item(parent=parent["id"], permissions=shared, **named)
        before = [owner.items(), world.member.items(), world.colleague.items()]
        request = {"title": "other", "permissions": entries(world, **sent)}
        update(owner, top, **request, cascadeAcl=1).refused(400, 78)
        after = [owner.items(), world.member.items(), world.colleague.items()]
        assert after == before
        update(owner, beside, permissions=shared, cascadeAcl=1).expect(200)


@clause("HT-SHARE-35")
@pytest.mark.parametrize("below_levels", [{}, {"member": 50}])
def test_people_below_without_entries(
    target: Target, below_levels: dict[str, int]
) -> None:
    """It is refused wherever the access below came from."""
    with target.world() as world:
        top = project(world, member=50)
        sent = entries(world, **below_levels)
        named = people(world, assignee="member")
        world.owner.item(parent=top["id"], permissions=sent, **named)
        update(world.owner, top, permissions=[], cascadeAcl=1).refused(400, 78)


@clause("HT-SHARE-35")
@pytest.mark.parametrize("field", TAKES_PART)
def test_people_below_keep_access(target: Target, field: str) -> None:
    """It is accepted where who takes part keeps access, as owner or by a group."""
    with target.world() as world:
        top = project(world, member=50, colleague=50)
        number = entry(group(world, "colleague"), 10)
        for name in ("member", "colleague"):
            named = people(world, **{field: name})
            world.member.item(parent=top["id"], **named)
        update(world.owner, top, permissions=[number], cascadeAcl=1).expect(200)


@clause("HT-SHARE-35")
@pytest.mark.parametrize("field", TAKES_PART)
@pytest.mark.parametrize("depth", [1, 2])
def test_owners_between_keep_access(target: Target, field: str, depth: int) -> None:
    """Who owns what is between has access below it, whatever the list says."""
    with target.world() as world:
        top = project(world, member=50)
        parent = below(top, world.member, owner=100)
        for _ in range(depth - 1):
            parent = below(parent, world.owner)
        named = people(world, **{field: "member"})
        world.owner.item(parent=parent["id"], permissions=[], **named)
        update(world.owner, top, permissions=[], cascadeAcl=1).expect(200)


@clause("HT-SHARE-47")
@pytest.mark.parametrize("name", ["owner", "member"])
def test_a_cascade_of_the_list_there_is(target: Target, name: str) -> None:
    """cascadeAcl alone gives everything below the list that the item has."""
    with target.world() as world:
        levels = {"member": 70, "colleague": 50}
        top = project(world, **levels)
        child = below(below(top, world.owner), world.owner, colleague=50)
        reshare(top, world.owner, **levels, manager=20)
        update(getattr(world, name), top, cascadeAcl=1).expect(200)
        assert listed(world.owner, child) == {"owner": 100, **levels, "manager": 20}


@clause("HT-SHARE-47")
@pytest.mark.parametrize("level", [level for level in LEVELS if level < 70])
def test_a_cascade_needs_70(target: Target, level: int) -> None:
    """Whoever has less than 70 gives nothing below another list."""
    with target.world() as world:
        top = project(world, member=level)
        child = below(top, world.owner)
        update(world.member, top, cascadeAcl=1).refused(403, 3)
        assert listed(world.owner, child) == {"owner": 100}


@clause("HT-SHARE-47")
def test_a_cascade_that_changes_nothing(target: Target) -> None:
    """A cascade by which no list changes asks for no level."""
    with target.world() as world:
        top = project(world, member=10)
        child = below(top, world.owner, member=10)
        update(world.member, top, cascadeAcl=1).expect(200)
        assert world.owner.stored(child["guid"]) == child


@clause("HT-SHARE-49")
@pytest.mark.parametrize("levels", [{"colleague": 80}, {"manager": 10}])
@pytest.mark.parametrize("depth", [0, 2])
def test_70_takes_nothing_below(
    target: Target, levels: dict[str, int], depth: int
) -> None:
    """Whoever has 70 lowers and removes no entry below an item either."""
    with target.world() as world:
        whole = {"member": 70, "colleague": 50}
        top = parent = project(world, **whole, manager=10)
        for _ in range(depth):
            parent = below(parent, world.owner, **whole)
        below(parent, world.owner, **{**whole, **levels})
        reshare(top, world.owner, **whole)
        before = world.owner.items()
        sent = entries(world, **{**whole, "administrator": 10})
        reply = update(world.member, top, permissions=sent, cascadeAcl=1)
        reply.refused(403, 3)
        assert world.owner.items() == before


@clause("HT-SHARE-49")
def test_100_takes_what_is_below(target: Target) -> None:
    """Whoever has 100 on the item below lowers and removes its entries."""
    with target.world() as world:
        top = project(world, member=70, colleague=50)
        child = below(top, world.member, owner=100, colleague=80)
        update(world.member, top, cascadeAcl=1).expect(200)
        expected = {"owner": 100, "member": 100, "colleague": 50}
        assert listed(world.owner, child) == expected


@clause("HT-SHARE-48")
def test_the_archive_is_left_out(target: Target) -> None:
    """What is in the archive keeps its list, and whoever takes part in it."""
    with target.world() as world:
        owner = world.owner
        top = project(world, member=50)
        named, shared = people(world, assignee="member"), entries(world, member=50)
        item = owner.item(parent=top["id"], permissions=shared, **named)
        owner.call("archiveItem", id=item["id"]).arranged()
        update(owner, top, permissions=[], cascadeAcl=1).expect(200)
        owner.call("restoreItem", id=item["id"]).arranged()
        assert listed(owner, item) == {"owner": 100, "member": 50}
