"""Requests that the rules of sharing refuse, by the code that each one earns.

Each entry prepares a world and answers the request, which is still to be made.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tasktwin_contract.hitask.entries import (
    below,
    deep,
    entries,
    entry,
    group,
    project,
    reshare,
)
from tasktwin_contract.hitask.steps import create, update
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import World

Levels = dict[str, int]
Offence = Callable[[World], Callable[[], Reply]]


def making(given: Levels, sent: Levels, name: str = "owner") -> Offence:
    """Make an item with a list below a project that has another."""

    def prepare(world: World) -> Callable[[], Reply]:
        top = project(world, **given)
        permissions = entries(world, **{name: 100, **sent})
        actor = getattr(world, name)
        return partial(create, actor, parent=top["id"], permissions=permissions)

    return prepare


def sharing(given: Levels, sent: Levels, depth: int = 1) -> Offence:
    """Give another list to an item that has its project's, so deep below it."""

    def prepare(world: World) -> Callable[[], Reply]:
        item = deep(world, depth, **given)
        permissions = entries(world, **sent)
        return partial(update, world.owner, item, permissions=permissions)

    return prepare


def root(given: Levels, sent: Levels, name: str = "owner", **fields: str) -> Offence:
    """Give another list to an item at the root.

    `fields` name who is to be its assignee or its participant.
    """

    def prepare(world: World) -> Callable[[], Reply]:
        item = world.owner.item(
            permissions=entries(world, **given), **people(world, **fields)
        )
        permissions = entries(world, **sent)
        return partial(update, getattr(world, name), item, permissions=permissions)

    return prepare


def people(world: World, **names: str) -> dict[str, Any]:
    """Values of assignee and participants, who are named; one participant at most."""
    numbers = {field: getattr(world, name).number for field, name in names.items()}
    return {
        field: [number] if field == "participants" else number
        for field, number in numbers.items()
    }


def _childs_owner(world: World) -> Callable[[], Reply]:
    item = below(project(world, member=50), world.member, owner=100)
    return partial(update, world.owner, item, permissions=entries(world, member=50))


def _raised_before(sent: Levels) -> Offence:
    """The item gives the member more than its project does, up to now."""

    def prepare(world: World) -> Callable[[], Reply]:
        item = below(project(world, member=50), world.owner, member=70)
        return partial(update, world.owner, item, permissions=entries(world, **sent))

    return prepare


def _from_above(sent: Levels) -> Offence:
    """What the member has comes from two levels above."""

    def prepare(world: World) -> Callable[[], Reply]:
        parent = below(project(world, member=50), world.owner)
        item = below(parent, world.owner)
        return partial(update, world.owner, item, permissions=entries(world, **sent))

    return prepare


def _by_the_childs_owner(sent: Levels) -> Offence:
    """The member's own item below the owner's project."""

    def prepare(world: World) -> Callable[[], Reply]:
        top = project(world, member=30)
        item = below(top, world.member, owner=100)
        return partial(update, world.member, item, permissions=entries(world, **sent))

    return prepare


def _sharing_with_a_group(world: World) -> Callable[[], Reply]:
    number = group(world, "member")
    item = deep(world, 1, member=50)
    sent = [*entries(world, member=50), entry(number, 50)]
    return partial(update, world.owner, item, permissions=sent)


def _making_for_a_group(world: World) -> Callable[[], Reply]:
    number = group(world, "member")
    top = project(world, member=50)
    sent = [*entries(world, member=50), entry(number, 10)]
    return partial(create, world.owner, parent=top["id"], permissions=sent)


def _sharing_with_everyone(world: World) -> Callable[[], Reply]:
    listed, other = group(world, "member"), group(world, "member")
    top = world.owner.item(category=0, permissions=[entry(listed, 50)])
    item = world.owner.item(parent=top["id"], permissions=[entry(listed, 50)])
    sent = [entry(listed, 50), entry(other, 50)]
    return partial(update, world.owner, item, permissions=sent)


def taking_part(given: Levels, depth: int = 0, **fields: str) -> Offence:
    """Make an item in a project, and change one, for people not in the project."""

    def prepare(world: World) -> Callable[[], Reply]:
        top = deep(world, depth, **given)
        named = people(world, **fields)
        return partial(create, world.owner, parent=top["id"], **named)

    return prepare


def joining(given: Levels, depth: int = 1, **fields: str) -> Offence:
    """Give an item in a project to people not in the project."""

    def prepare(world: World) -> Callable[[], Reply]:
        item = deep(world, depth, **given)
        return partial(update, world.owner, item, **people(world, **fields))

    return prepare


OWNER: Mapping[str, Offence] = {
    "lowered by a manager with 100": root(
        {"manager": 100}, {"manager": 100, "owner": 80}, "manager"
    ),
    "lowered by a member with 70": root(
        {"member": 70}, {"member": 70, "owner": 70}, "member"
    ),
    "lowered to 10 by a member with 80": root(
        {"member": 80}, {"member": 80, "owner": 10}, "member"
    ),
    "lowered by an administrator": root(
        {"administrator": 100}, {"administrator": 100, "owner": 50}, "administrator"
    ),
    "lowered by the owner of the project": _childs_owner,
    "lowered below a project": sharing({"member": 50}, {"member": 50, "owner": 80}),
}
ADDED: Mapping[str, Offence] = {
    "made below a private project": making({}, {"member": 50}),
    "made below a project of others": making(
        {"colleague": 50}, {"colleague": 50, "member": 10}
    ),
    "made by a member of the project": making(
        {"member": 30}, {"owner": 100, "colleague": 10}, "member"
    ),
    "below a private project": sharing({}, {"member": 100}),
    "below a project of others": sharing(
        {"colleague": 50}, {"colleague": 50, "member": 10}
    ),
    "deep below a private project": sharing({}, {"member": 50}, depth=3),
    "by the owner of the item alone": _by_the_childs_owner(
        {"owner": 100, "colleague": 50}
    ),
}
LOWERED: Mapping[str, Offence] = {
    "made with less": making({"member": 50}, {"member": 40}),
    "made with less for one of two": making(
        {"member": 50, "colleague": 20}, {"member": 50, "colleague": 10}
    ),
    "less than everything": sharing({"member": 100}, {"member": 80}),
    "one of two": sharing(
        {"member": 50, "colleague": 30}, {"member": 40, "colleague": 30}
    ),
    "deep": sharing({"member": 50}, {"member": 10}, depth=3),
    "what was more than the project's": _raised_before({"member": 40}),
    "the project's owner": _by_the_childs_owner({"owner": 80}),
    "an entry added": _from_above({"member": 40}),
}
REMOVED: Mapping[str, Offence] = {
    "left out": sharing({"member": 50}, {}),
    "level 0": sharing({"member": 50}, {"member": 0}),
    "one of two left out": sharing({"member": 50, "colleague": 10}, {"member": 50}),
    "one of two with level 0": sharing(
        {"member": 100, "colleague": 10}, {"member": 0, "colleague": 10}
    ),
    "deep": sharing({"member": 50}, {}, depth=3),
    "what was more than the project's": _raised_before({"member": 0}),
    "the project's owner": _by_the_childs_owner({}),
}
LEFT: Mapping[str, Offence] = {
    "the assignee left out": root({"member": 50}, {}, assignee="member"),
    "the assignee with level 0": root({"member": 50}, {"member": 0}, assignee="member"),
    "a participant left out": root(
        {"member": 60, "colleague": 50}, {"colleague": 50}, participants="member"
    ),
    "a participant with level 0": root(
        {"member": 50}, {"member": 0}, participants="member"
    ),
    "both left out": root(
        {"member": 50, "colleague": 50},
        {},
        assignee="member",
        participants="colleague",
    ),
    "an assignee beside a participant": root(
        {"member": 50, "colleague": 50},
        {"colleague": 50},
        assignee="member",
        participants="colleague",
    ),
    "a participant beside an assignee": root(
        {"member": 50, "colleague": 50},
        {"colleague": 50},
        assignee="colleague",
        participants="member",
    ),
    "by somebody else": root(
        {"member": 50, "colleague": 100},
        {"colleague": 100},
        "colleague",
        assignee="member",
    ),
    "by themselves": root({"member": 100}, {}, "member", assignee="member"),
}
NO_ACCESS: Mapping[str, Offence] = {
    "made for an assignee": taking_part({}, assignee="member"),
    "made for a participant": taking_part({}, participants="member"),
    "made for an assignee in a project of others": taking_part(
        {"colleague": 100}, assignee="member"
    ),
    "made for two": taking_part(
        {"member": 50}, assignee="member", participants="colleague"
    ),
    "made deep": taking_part({"colleague": 50}, depth=2, participants="member"),
    "assigned": joining({}, assignee="member"),
    "asked to take part": joining({"colleague": 60}, participants="member"),
    "assigned deep": joining({}, depth=3, assignee="member"),
}
GROUPS: Mapping[str, Offence] = {
    "its members are listed": _sharing_with_a_group,
    "made where its members are listed": _making_for_a_group,
    "a group of the same members is listed": _sharing_with_everyone,
}


def child_of_all(world: World) -> Object:
    """An item that every rule can be offended on, a level below its project.

    The project gives the member and the colleague 50, and the manager nothing any
    more, who takes part and has an entry.
    """
    whole = {"member": 50, "colleague": 50, "manager": 50}
    top = project(world, **whole)
    item = world.owner.item(
        parent=top["id"],
        permissions=entries(world, **whole),
        participants=[world.manager.number],
    )
    reshare(top, world.owner, member=50, colleague=50)
    made: Object = item
    return made


# How a request offends each rule, on the item above, in the order of the codes. A
# level of 0 stands for an entry that is left out.
CHANGES: Mapping[int, Levels] = {
    76: {"owner": 80},
    73: {"administrator": 50},
    77: {"member": 40},
    74: {"colleague": 0},
    78: {"manager": 0},
    75: {},
}


def offending(world: World, *codes: int) -> dict[str, Any]:
    """The fields of a request that offends the rules of all these codes."""
    levels = {"member": 50, "colleague": 50, "manager": 50}
    for code in codes:
        levels |= CHANGES[code]
    left = {name: level for name, level in levels.items() if level}
    joins = {"assignee": world.administrator.number} if 75 in codes else {}
    return {"permissions": entries(world, **left), **joins}
