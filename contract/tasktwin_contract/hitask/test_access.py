"""What gives access, one by one: ownership, groups, parents, Everyone, teams."""

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.hitask.levels import (
    SEEING,
    entry,
    every_way,
    group_of,
    ladder,
)
from tasktwin_contract.hitask.steps import update
from tasktwin_contract.hitask.trees import (
    ADMINISTRATORS,
    PLAIN_MEMBERS,
    TEAM,
    everyone_of,
)
from tasktwin_contract.reply import Object
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target, World

DEPTH = 4


def permission(actor: Actor, item: Object) -> int | None:
    """The level on an item that somebody's list shows; None where it is not there."""
    level: int | None = actor.items().get(item["id"], Object())["permission"]
    return level


def has(actor: Actor, item: Object, level: int | None) -> None:
    """Demand that somebody has this level on an item; None: that they see nothing."""
    seen = permission(actor, item)
    if seen != level:
        wanted = f"{actor.name} to have {level} on the item {item['id']}"
        raise ClauseBrokenError(wanted, str(seen))


def below(owner: Actor, parent: Object, depth: int = DEPTH) -> list[Object]:
    """New items of somebody's, each below the last, none of them shared itself."""
    made = [parent]
    for _ in range(depth):
        made.append(owner.item(parent=made[-1]["id"]))
    return made[1:]


def share(owner: Actor, item: Object, *entries: dict[str, object]) -> None:
    """Have an item's owner list these. Raises `NotJudgedError`."""
    listed = [*entries, entry(owner, 100)]
    update(owner, item, permissions=listed).arranged()


@clause("HT-ACCESS-01")
@every_way
def test_permission_in_the_list(target: Target, way: str) -> None:
    """permission in the list is the level of the one who asks."""
    with ladder(target, way) as steps:
        made = {level: steps.item(level)["id"] for level in SEEING}
        for actor, levels in (
            (steps.caller, {level: level for level in SEEING}),
            (steps.world.owner, dict.fromkeys(SEEING, 100)),
        ):
            listed = actor.items()
            shown = {level: listed[made[level]]["permission"] for level in SEEING}
            assert shown == levels, f"for {actor.name}"


@clause("HT-ACCESS-01")
@every_way
def test_permission_in_answers(target: Target, way: str) -> None:
    """permission in the answer to a write is the level of the one who wrote."""
    with ladder(target, way) as steps:
        for level in SEEING:
            item = steps.item(level)
            answer = update(steps.caller, item, starred=True).expect(200)
            assert answer["permission"] == level


@clause("HT-ACCESS-01")
@pytest.mark.parametrize("name", ADMINISTRATORS)
def test_permission_of_administrators(target: Target, name: str) -> None:
    """permission is 100, not the entry's level, for who administers the owner's team.

    In the list as in the answer to a write.
    """
    with target.world() as world:
        actor: Actor = getattr(world, name)
        items = [world.member.item(permissions=[entry(actor, n)]) for n in SEEING]
        for level, item in zip(SEEING, items, strict=True):
            answer = update(actor, item, starred=True).expect(200)
            shown = (answer["permission"], permission(actor, item))
            assert shown == (100, 100), f"in answer and list, listed with {level}"


@clause("HT-ACCESS-03")
@pytest.mark.parametrize("name", PLAIN_MEMBERS)
@pytest.mark.parametrize("level", [30, 60])
def test_the_owner_below_a_parent(target: Target, name: str, level: int) -> None:
    """The owner has 100 on their item, though the parent gives them less."""
    with target.world() as world:
        maker: Actor = getattr(world, name)
        parent = world.owner.item(category=0, permissions=[entry(maker, level)])
        item = maker.item(parent=parent["id"])
        has(maker, item, 100)
        has(maker, parent, level)
        maker.call("deleteItem", guid=item["guid"]).expect(200)


@clause("HT-ACCESS-03")
@pytest.mark.parametrize("level", [10, 80])
def test_the_owner_in_a_listed_group(target: Target, level: int) -> None:
    """The owner has 100 on their item, though a group's entry gives them less."""
    with target.world() as world:
        group = group_of(world, world.member, world.colleague)
        item = world.member.item(permissions=[entry(group, level)])
        has(world.member, item, 100)
        has(world.colleague, item, level)
        world.member.call("deleteItem", guid=item["guid"]).expect(200)


@clause("HT-ACCESS-04")
@pytest.mark.parametrize("level", SEEING)
def test_a_groups_entry(target: Target, level: int) -> None:
    """An entry for a group gives its level to its members, and to nobody else."""
    with target.world() as world:
        group = group_of(world, world.member, world.manager)
        item = world.owner.item(permissions=[entry(group, level)])
        has(world.member, item, level)
        has(world.manager, item, level)
        has(world.colleague, item, None)


@clause("HT-ACCESS-02")
@pytest.mark.parametrize(
    ("own", "first", "second", "above"),
    [(10, 60, 30, 20), (60, 10, 30, 20), (10, 20, 70, 30), (10, 20, 30, 80)],
)
def test_the_highest_of_all(
    target: Target, own: int, first: int, second: int, above: int
) -> None:
    """The highest counts of an own entry, those of two groups and the parent's."""
    with target.world() as world:
        owner, member = world.owner, world.member
        groups = [group_of(world, member) for _ in "ab"]
        wide = [entry(group, 10) for group in groups]
        levels = zip(groups, (first, second), strict=True)
        given = [entry(group, level) for group, level in levels]
        item = owner.item(permissions=[entry(member, own), *given])
        parent = owner.item(category=0, permissions=[entry(member, 10), *wide])
        update(owner, item, parent=parent["id"]).arranged()
        share(owner, parent, entry(member, above), *wide)
        highest = max(own, first, second, above)
        has(member, item, highest)


@clause("HT-ACCESS-05")
@pytest.mark.parametrize("level", SEEING)
def test_what_is_deep_below(target: Target, level: int) -> None:
    """Whatever level a viewer has on an item they have on what is below it."""
    with target.world() as world:
        top = world.owner.item(category=0)
        deep = below(world.owner, top)
        share(world.owner, top, entry(world.member, level))
        assert [permission(world.member, item) for item in deep] == [level] * DEPTH


@clause("HT-ACCESS-05")
def test_a_change_far_above(target: Target) -> None:
    """A level that changes far above changes on what is below it."""
    with target.world() as world:
        owner, member = world.owner, world.member
        top = owner.item(category=0)
        deepest = below(owner, top)[-1]
        has(member, deepest, None)
        share(owner, top, entry(member, 20))
        update(member, deepest, title="refused").refused()
        share(owner, top, entry(member, 60))
        update(member, deepest, title="accepted").expect(200)
        share(owner, top)
        has(member, deepest, None)


@clause("HT-ACCESS-06")
def test_a_moved_item(target: Target) -> None:
    """A moved item, and what is below, gives what its new parent gives, no more."""
    with target.world() as world:
        owner, people = world.owner, (world.member, world.colleague, world.manager)
        old, new = owner.item(category=0), owner.item(category=0)
        item = owner.item(parent=old["id"])
        deep = below(owner, item, 1)[0]
        share(owner, old, entry(world.member, 60), entry(world.manager, 80))
        share(owner, new, entry(world.colleague, 50), entry(world.manager, 20))
        for place, levels in (
            (old["id"], [60, None, 80]),
            (new["id"], [None, 50, 20]),
            (0, [None, None, None]),
            (old["id"], [60, None, 80]),
        ):
            update(owner, item, parent=place).arranged()
            for one in (item, deep):
                assert [permission(actor, one) for actor in people] == levels


@clause("HT-ACCESS-06")
def test_a_moved_item_keeps_its_list(target: Target) -> None:
    """What a moved item's own list gives it gives at its new place."""
    with target.world() as world:
        owner, member = world.owner, world.member
        item = owner.item(permissions=[entry(member, 50)])
        parent = owner.item(category=0, permissions=[entry(member, 10)])
        update(owner, item, parent=parent["id"]).arranged()
        has(member, item, 50)
        has(member, parent, 10)


def _grouped(world: World, *members: Actor) -> tuple[str, list[Object]]:
    """A group, and items that it gives 50: by an entry, by the parent, and deep."""
    owner = world.owner
    group = group_of(world, *members)
    top = owner.item(category=0)
    deep = below(owner, top, 2)
    share(owner, top, entry(group, 50))
    return group, [top, *deep]


@clause("HT-ACCESS-07")
@pytest.mark.parametrize("name", PLAIN_MEMBERS)
def test_joining_a_group(target: Target, name: str) -> None:
    """Whoever joins a group has what its entries give from then on."""
    with target.world() as world:
        actor: Actor = getattr(world, name)
        group, items = _grouped(world)
        mine = world.owner.item(permissions=[entry(actor, 20), entry(group, 50)])
        shown = [permission(actor, item) for item in (*items, mine)]
        assert shown == [None, None, None, 20]
        joined = {"groupId": group, "id": actor.number}
        world.owner.call("addGroupMember", **joined).arranged()
        for item in (*items, mine):
            has(actor, item, 50)
            update(actor, item, completed=True).expect(200)


@clause("HT-ACCESS-08")
@pytest.mark.parametrize("name", PLAIN_MEMBERS)
def test_leaving_a_group(target: Target, name: str) -> None:
    """Whoever leaves a group no longer has what only its entries gave."""
    with target.world() as world:
        actor: Actor = getattr(world, name)
        group, items = _grouped(world, actor, world.administrator)
        mine = world.owner.item(permissions=[entry(actor, 20), entry(group, 50)])
        assert [permission(actor, one) for one in (*items, mine)] == [50] * 4
        left = {"groupId": group, "id": actor.number}
        world.owner.call("removeGroupMember", **left).arranged()
        shown = [permission(actor, item) for item in (*items, mine)]
        assert shown == [None, None, None, 20]
        for item in (*items, mine):
            update(actor, item, completed=True).refused()


@clause("HT-ACCESS-08")
def test_leaving_one_of_two_groups(target: Target) -> None:
    """Whoever leaves a group keeps what another group gives."""
    with target.world() as world:
        member = world.member
        groups = [group_of(world, member) for _ in "ab"]
        levels = zip(groups, (60, 30), strict=True)
        given = [entry(group, level) for group, level in levels]
        item = world.owner.item(permissions=given)
        has(member, item, 60)
        left = {"groupId": groups[0], "id": member.number}
        world.owner.call("removeGroupMember", **left).arranged()
        has(member, item, 30)


@clause("HT-ACCESS-09")
@pytest.mark.parametrize("level", SEEING)
def test_everyone(target: Target, level: int) -> None:
    """An entry for Everyone gives its level to every member of the team, only."""
    with target.world() as world:
        everyone = everyone_of(world)
        item = world.colleague.item(permissions=[entry(everyone, level)])
        shown = {name: permission(getattr(world, name), item) for name in TEAM}
        expected = dict.fromkeys(ADMINISTRATORS, 100) | {"colleague": 100}
        assert shown == {**dict.fromkeys(TEAM, level), **expected}
        has(world.outsider, item, None)
        has(world.personal, item, None)


def _administrates(target: Target, name: str, *owners: str) -> None:
    """With 10 of their own on others' items they change, share and delete them."""
    with target.world() as world:
        actor: Actor = getattr(world, name)
        for owner in (getattr(world, owner) for owner in owners):
            item = owner.item(permissions=[entry(actor, 10)])
            has(actor, item, 100)
            update(actor, item, title="changed").expect(200)
            listed = [entry(owner, 100), entry(actor, 10), entry(world.colleague, 80)]
            update(actor, item, permissions=listed).expect(200)
            actor.call("deleteItem", guid=item["guid"]).expect(200)


@clause("HT-ACCESS-10")
def test_what_an_administrator_may(target: Target) -> None:
    """A team's administrator may do everything on items that they see at all."""
    _administrates(target, "administrator", "member", "manager", "owner")


@clause("HT-ACCESS-11")
def test_what_the_teams_owner_may(target: Target) -> None:
    """A team's owner may do everything on items that they see at all."""
    _administrates(target, "owner", "member", "manager", "administrator")


@clause("HT-ACCESS-14")
@pytest.mark.parametrize("name", ADMINISTRATORS)
def test_what_administrators_do_not_see(target: Target, name: str) -> None:
    """An item without other access is not visible to them, nor to be changed."""
    with target.world() as world:
        actor: Actor = getattr(world, name)
        private = world.member.item()
        shared = world.member.item(permissions=[entry(world.manager, 100)])
        for item in (private, shared):
            has(actor, item, None)
            update(actor, item, title="refused").refused()
            actor.call("deleteItem", guid=item["guid"]).refused()


@clause("HT-ACCESS-15")
@pytest.mark.parametrize("name", table(PLAIN_MEMBERS, "manager"))
def test_members_have_no_right_alone(target: Target, name: str) -> None:
    """A manager or a plain member has no right on an item by membership alone."""
    with target.world() as world:
        actor: Actor = getattr(world, name)
        private = world.owner.item()
        has(actor, private, None)
        update(actor, private, title="refused").refused()
        seen = world.owner.item(permissions=[entry(actor, 10)])
        has(actor, seen, 10)
        update(actor, seen, title="refused").refused()


@clause("HT-ACCESS-16")
@every_way
def test_shared_with_somebody(target: Target, way: str) -> None:
    """shared is true where somebody else has access, whatever gives it to them."""
    with ladder(target, way) as steps:
        owner, private = steps.world.owner, steps.world.owner.item()
        made = [steps.item(level)["id"] for level in SEEING]
        listed, callers = owner.items(), steps.caller.items()
        assert not listed[private["id"]]["shared"]
        assert all(listed[one]["shared"] for one in made)
        assert all(callers[one]["shared"] for one in made)


@clause("HT-ACCESS-16")
def test_shared_with_an_empty_group(target: Target) -> None:
    """An entry for a group of nobody, or of the owner alone, shares nothing yet."""
    with target.world() as world:
        owner = world.owner
        groups = group_of(world), group_of(world, owner)
        items = [owner.item(permissions=[entry(group, 50)]) for group in groups]
        assert not any(owner.stored(item["guid"])["shared"] for item in items)
        for group in groups:
            joined = {"groupId": group, "id": world.member.number}
            owner.call("addGroupMember", **joined).arranged()
        assert all(owner.stored(item["guid"])["shared"] for item in items)
