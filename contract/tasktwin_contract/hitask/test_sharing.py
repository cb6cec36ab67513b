"""The list of permissions that is sent, and the list that is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, resting_on
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
    seen_by,
)
from tasktwin_contract.hitask.steps import created, update, updated
from tasktwin_contract.target import Target

LEVEL = st.sampled_from(LEVELS)
LISTS = st.dictionaries(st.sampled_from([*PLAIN, "administrator"]), LEVEL)
PLAIN_LISTS = st.dictionaries(st.sampled_from(PLAIN), LEVEL)
# What a parent gives somebody, and what a child gives them, which is no less.
RAISED = st.dictionaries(
    st.sampled_from(PLAIN), st.tuples(LEVEL, LEVEL).map(sorted), min_size=1
)


@clause("HT-SHARE-01")
@given(before=LISTS, sent=LISTS)
def test_the_list_that_is_sent(
    target: Target, before: dict[str, int], sent: dict[str, int]
) -> None:
    """The permissions that are sent are the permissions that are kept."""
    with target.world() as world:
        owner, permissions = world.owner, entries(world, **sent)
        made = created(owner, permissions=permissions)
        assert kept(world, made) == {**sent, "owner": 100}
        old = owner.item(permissions=entries(world, **before))
        changed = updated(owner, old, permissions=permissions)
        assert kept(world, changed) == {**sent, "owner": 100}


@clause("HT-SHARE-01")
@given(raised=RAISED)
def test_the_list_of_a_child(target: Target, raised: dict[str, list[int]]) -> None:
    """Below a parent a list that gives nobody less than it does is kept as well."""
    given_above = {name: least for name, (least, _) in raised.items()}
    sent = {name: most for name, (_, most) in raised.items()}
    with target.world() as world:
        owner, permissions = world.owner, entries(world, **sent)
        top = project(world, **given_above)
        made = created(owner, parent=top["id"], permissions=permissions)
        assert kept(world, made) == {**sent, "owner": 100}
        old = below(top, owner, **given_above)
        changed = updated(owner, old, permissions=permissions)
        assert kept(world, changed) == {**sent, "owner": 100}


@clause("HT-SHARE-01")
@pytest.mark.parametrize("level", [10, 50, 100])
def test_the_list_that_somebody_else_sends(target: Target, level: int) -> None:
    """Whoever may do everything shares another's item like their own."""
    sent = {"owner": 100, "colleague": 100, "member": level, "manager": 10}
    with target.world() as world:
        item = world.owner.item(permissions=entries(world, colleague=100, manager=50))
        update(world.colleague, item, permissions=entries(world, **sent)).expect(200)
        assert listed(world.owner, item) == sent


@clause("HT-SHARE-01")
def test_an_update_without_a_list(target: Target) -> None:
    """An update without permissions keeps them as they are."""
    with target.world() as world:
        item = world.owner.item(permissions=entries(world, member=30, colleague=80))
        changed = updated(world.owner, item, color=3)
        assert kept(world, changed) == {"owner": 100, "member": 30, "colleague": 80}


@clause("HT-ACCESS-01")
@given(before=PLAIN_LISTS, sent=PLAIN_LISTS)
def test_what_the_list_gives(
    target: Target, before: dict[str, int], sent: dict[str, int]
) -> None:
    """The permission that each plain member sees is what the list says of them."""
    with target.world() as world:
        item = world.owner.item(permissions=entries(world, **before))
        for levels in (before, sent):
            update(world.owner, item, permissions=entries(world, **levels)).expect(200)
            shown = {name: level_of(getattr(world, name), item) for name in PLAIN}
            assert shown == {name: levels.get(name) for name in PLAIN}


@clause("HT-SHARE-02")
@pytest.mark.parametrize("level", LEVELS)
def test_an_entry_left_out(target: Target, level: int) -> None:
    """Whoever is left out of the list no longer sees the item, whatever they had."""
    with target.world() as world:
        shared = entries(world, member=level, colleague=50, owner=100)
        item = world.owner.item(permissions=shared)
        update(world.owner, item, permissions=shared[1:]).expect(200)
        viewers = (world.owner, world.member, world.colleague)
        assert seen_by(item, *viewers) == {"owner", "colleague"}


@clause("HT-SHARE-02")
def test_everybody_left_out(target: Target) -> None:
    """An empty list leaves the item to its owner."""
    with target.world() as world:
        top = project(world, member=50, colleague=100)
        child = below(top, world.owner)
        update(world.owner, top, permissions=[]).expect(200)
        viewers = (world.owner, world.member, world.colleague)
        with resting_on("HT-SHARE-05"):
            assert seen_by(top, *viewers) == {"owner"}
            assert seen_by(child, *viewers) == {"owner"}


@clause("HT-SHARE-03")
@pytest.mark.parametrize("level", LEVELS)
def test_level_0(target: Target, level: int) -> None:
    """Whoever is sent with level 0 no longer sees the item, whatever they had."""
    with target.world() as world:
        item = world.owner.item(permissions=entries(world, member=level, colleague=50))
        sent = entries(world, member=0, colleague=50)
        update(world.owner, item, permissions=sent).expect(200)
        assert seen_by(item, world.member, world.colleague) == {"colleague"}


@clause("HT-SHARE-03")
def test_level_0_of_a_new_item(target: Target) -> None:
    """Whoever a new item gives level 0 does not see it."""
    with target.world() as world:
        sent = entries(world, member=0, colleague=10)
        item = created(world.owner, permissions=sent)
        assert seen_by(item, world.member, world.colleague) == {"colleague"}


@clause("HT-SHARE-04")
@given(levels=LISTS.filter(bool), data=st.data())
def test_level_0_is_not_kept(
    target: Target, levels: dict[str, int], data: st.DataObject
) -> None:
    """An entry sent with level 0 is not kept, for a new item or an old one."""
    zeroed = data.draw(st.sets(st.sampled_from(sorted(levels)), min_size=1))
    left = {name: level for name, level in levels.items() if name not in zeroed}
    with target.world() as world:
        sent = entries(world, **{**levels, **dict.fromkeys(zeroed, 0)})
        made = created(world.owner, permissions=sent)
        assert kept(world, made) == {**left, "owner": 100}
        old = world.owner.item(permissions=entries(world, **levels))
        changed = updated(world.owner, old, permissions=sent)
        assert kept(world, changed) == {**left, "owner": 100}


@clause("HT-SHARE-05")
@given(levels=LISTS)
def test_the_owner_left_out(target: Target, levels: dict[str, int]) -> None:
    """The owner's entry stays in the list with 100 where it is left out."""
    with target.world() as world:
        owner, sent = world.owner, entries(world, **levels)
        made = owner.item(permissions=sent)
        changed = owner.item(permissions=entries(world, colleague=50))
        update(owner, changed, permissions=sent).expect(200)
        for item in (made, changed):
            assert level_of(owner, item) == 100
            assert listed(owner, item) == {**levels, "owner": 100}


@clause("HT-SHARE-05")
def test_the_owner_left_out_by_somebody_else(target: Target) -> None:
    """The owner stays the owner also in the list that another one sends."""
    with target.world() as world:
        item = world.member.item(permissions=entries(world, colleague=100))
        sent = entries(world, colleague=100, manager=10)
        update(world.colleague, item, permissions=sent).expect(200)
        assert listed(world.member, item) == {
            "member": 100,
            "colleague": 100,
            "manager": 10,
        }


@clause("HT-SHARE-06")
@given(
    levels=st.lists(st.sampled_from([0, *LEVELS]), min_size=1, max_size=3),
    last=LEVEL,
    kinds=st.lists(st.sampled_from([int, str]), min_size=4, max_size=4),
)
def test_a_principal_sent_twice(
    target: Target,
    levels: list[int],
    last: int,
    kinds: list[type[int] | type[str]],
) -> None:
    """Of the entries for a principal, as text or number, the last one is kept."""
    with target.world() as world:
        member = world.member.id
        rows = zip(kinds, [*levels, last], strict=False)
        sent = [entry(kind(member), level) for kind, level in rows]
        made = created(world.owner, permissions=sent)
        assert kept(world, made) == {"owner": 100, "member": last}
        old = world.owner.item(permissions=entries(world, member=30))
        changed = updated(world.owner, old, permissions=sent)
        assert kept(world, changed) == {"owner": 100, "member": last}


@clause("HT-SHARE-06")
def test_a_principal_sent_twice_and_removed(target: Target) -> None:
    """Level 0 counts where it is the last of a principal's entries."""
    with target.world() as world:
        sent = [
            *entries(world, member=50, colleague=50),
            *entries(world, member=0, owner=100),
        ]
        made = created(world.owner, permissions=sent)
        assert kept(world, made) == {"owner": 100, "colleague": 50}


@clause("HT-SHARE-07")
@pytest.mark.parametrize("name", ["owner", "manager", "member"])
@pytest.mark.parametrize("category", [0, 1])
def test_a_root_item_without_a_list(target: Target, name: str, category: int) -> None:
    """The list of a root item that is made without one is its owner's entry."""
    with target.world() as world:
        project(world, member=50, colleague=50)
        item = created(getattr(world, name), category=category)
        assert kept(world, item) == {name: 100}


@clause("HT-SHARE-08")
@given(levels=LISTS)
def test_a_child_without_a_list(target: Target, levels: dict[str, int]) -> None:
    """A child that is made without a list has its parent's, at any depth."""
    with target.world() as world:
        top = project(world, **levels)
        child = created(world.owner, parent=top["id"])
        grandchild = created(world.owner, parentGuid=child["guid"])
        for item in (child, grandchild):
            assert kept(world, item) == {**levels, "owner": 100}


@clause("HT-SHARE-08")
def test_a_child_of_somebody_elses(target: Target) -> None:
    """Whoever makes a child has 100 in its list, and the parent's owner as well."""
    with target.world() as world:
        top = project(world, member=30, colleague=50)
        item = created(world.member, parent=top["id"])
        assert kept(world, item) == {"owner": 100, "member": 100, "colleague": 50}


@clause("HT-SHARE-08")
def test_a_child_has_the_list_of_the_day(target: Target) -> None:
    """A child gets the list that its own parent has when it is made."""
    with target.world() as world:
        top = project(world, member=30)
        parent = below(top, world.owner, member=60)
        reshare(top, world.owner, member=30, colleague=20)
        assert kept(world, created(world.owner, parent=parent["id"])) == {
            "owner": 100,
            "member": 60,
        }
        assert kept(world, created(world.owner, parent=top["id"])) == {
            "owner": 100,
            "member": 30,
            "colleague": 20,
        }


@clause("HT-SHARE-42")
@given(levels=LISTS, level=LEVEL)
def test_groups_are_principals(
    target: Target, levels: dict[str, int], level: int
) -> None:
    """A group of the team is listed like a user."""
    with target.world() as world:
        number = group(world, "member")
        sent = [entry(number, level), *entries(world, **levels)]
        expected = {**levels, "owner": 100, number: level}
        made = created(world.owner, permissions=sent)
        assert kept(world, made) == expected
        changed = updated(world.owner, permissions=sent)
        assert kept(world, changed) == expected
        assert kept(world, updated(world.owner, changed, permissions=[])) == {
            "owner": 100
        }


@clause("HT-SHARE-42")
def test_every_group_is_a_principal(target: Target) -> None:
    """Every group that the team has may be listed, by whoever of the team."""
    with target.world() as world:
        group(world)
        groups = world.member.call("listGroups").arranged().data
        sent = [entry(one["id"], 20) for one in groups]
        item = created(world.member, permissions=sent)
        numbers = [one["id"] for one in groups]
        assert kept(world, item) == {"member": 100, **dict.fromkeys(numbers, 20)}


@clause("HT-SHARE-43")
@given(levels=PLAIN_LISTS, data=st.data())
def test_a_child_with_a_shorter_list(
    target: Target, levels: dict[str, int], data: st.DataObject
) -> None:
    """A child may leave out entries of its parent's, which still count."""
    left = data.draw(st.sets(st.sampled_from(PLAIN))) & levels.keys()
    listed_below = {name: levels[name] for name in sorted(left)}
    with target.world() as world:
        top = project(world, **levels)
        sent = entries(world, **listed_below)
        child = created(world.owner, parent=top["id"], permissions=sent)
        assert kept(world, child) == {**listed_below, "owner": 100}
        shown = {name: level_of(getattr(world, name), child) for name in PLAIN}
        assert shown == {name: levels.get(name) for name in PLAIN}
