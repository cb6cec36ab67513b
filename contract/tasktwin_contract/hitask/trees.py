"""Trees of items with lists of permissions, and who has which level in them.

The levels are worked out here anew from the rules: the highest of what ownership, an
entry of one's own, entries of one's groups and the parent give.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import ClauseBrokenError, NotJudgedError
from tasktwin_contract.hitask.levels import SEEING, Entries, entry, group_of
from tasktwin_contract.hitask.steps import update
from tasktwin_contract.reply import Object
from tasktwin_contract.target import World

ADMINISTRATORS = ("owner", "administrator")
PLAIN_MEMBERS = ("manager", "member", "colleague")
TEAM = (*ADMINISTRATORS, *PLAIN_MEMBERS)
EVERYONE = "everyone"
GROUPS = ("one group", "other group", EVERYONE)
MOST_NODES = 5
PASSING = 30  # what it takes to put an item below another


@dataclass(frozen=True)
class Node:
    """An item: its owner, its place in the tree, and its entries for others."""

    owner: str
    parent: int | None
    entries: Mapping[str, int]


@dataclass(frozen=True)
class Tree:
    """Items, each after its parent, and the members of the groups."""

    nodes: tuple[Node, ...]
    members: Mapping[str, frozenset[str]]

    def level(self, number: int, who: str) -> int:
        """The level of somebody on an item, without an administrator's right."""
        node = self.nodes[number]
        if node.owner == who:
            return 100
        own = [
            level
            for principal, level in node.entries.items()
            if who == principal or who in self.members.get(principal, ())
        ]
        above = 0 if node.parent is None else self.level(node.parent, who)
        return max(above, *own, 0)

    def permission(self, number: int, who: str) -> int:
        """The same with that right."""
        level = self.level(number, who)
        return 100 if level and who in ADMINISTRATORS else level

    def visible(self, who: str) -> list[int]:
        """The items that somebody sees."""
        return [n for n in range(len(self.nodes)) if self.level(n, who)]

    def shared(self, number: int) -> bool:
        """Whether anyone but the owner has access."""
        others = [who for who in TEAM if who != self.nodes[number].owner]
        return any(self.level(number, who) for who in others)

    def with_members(self, group: str, members: frozenset[str]) -> "Tree":
        """The same tree where these are the group's members."""
        return replace(self, members={**self.members, group: members})

    def with_node(self, number: int, **facts: Any) -> "Tree":
        """The same tree where the item of that number is another."""
        nodes = list(self.nodes)
        nodes[number] = replace(nodes[number], **facts)
        return replace(self, nodes=tuple(nodes))


def _entries(owner: str) -> SearchStrategy[dict[str, int]]:
    """Entries for others on an item of somebody's."""
    others = [name for name in (*TEAM, *GROUPS) if name != owner]
    levels = st.sampled_from(SEEING)
    return st.dictionaries(st.sampled_from(others), levels, max_size=3)


OWNERS = st.sampled_from(TEAM)
ENTRIES = {owner: _entries(owner) for owner in TEAM}
SOME = st.frozensets(OWNERS, max_size=3)
PLACES = [st.sampled_from([None, *range(number)]) for number in range(MOST_NODES)]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Small trees with several owners, and groups of some of the team."""
    nodes: list[Node] = []
    for number in range(draw(st.integers(1, MOST_NODES))):
        owner = draw(OWNERS)
        nodes.append(Node(owner, draw(PLACES[number]), draw(ENTRIES[owner])))
    members = {name: draw(SOME) for name in GROUPS}
    return Tree(tuple(nodes), {**members, EVERYONE: frozenset(TEAM)})


class Planted:
    """A tree as items of a world. Raises `NotJudgedError` where it cannot be made."""

    def __init__(self, world: World, tree: Tree) -> None:
        self.world, self.tree = world, tree
        self.groups = {
            name: everyone_of(world)
            if name == EVERYONE
            else group_of(world, *map(self.person, sorted(tree.members[name])))
            for name in GROUPS
        }
        self.items: dict[int, Object] = {}
        for number, node in enumerate(tree.nodes):
            if node.parent is None:
                self._plant(number)
        self.numbers = {item["id"]: n for n, item in self.items.items()}

    def person(self, name: str) -> Actor:
        """The member of the team of that name."""
        person: Actor = getattr(self.world, name)
        return person

    def seen_by(self, who: str) -> dict[int, Object]:
        """The tree's items in somebody's list, by their numbers in the tree."""
        listed = self.person(who).items()
        return {self.numbers[id_]: listed[id_] for id_ in listed.keys() & self.numbers}

    def list(self, number: int, given: Mapping[str, int]) -> None:
        """Have the owner set the entries for others on an item."""
        owner = self.person(self.tree.nodes[number].owner)
        sent = self._sent(given, owner)
        update(owner, self.items[number], permissions=sent).arranged()
        self.tree = self.tree.with_node(number, entries=given)

    def join(self, group: str, who: str) -> None:
        """Have somebody join a group, or stay in it."""
        self._change_group("addGroupMember", group, who)
        members = self.tree.members[group] | {who}
        self.tree = self.tree.with_members(group, members)

    def leave(self, group: str, who: str) -> None:
        """Have somebody leave a group that they are in."""
        self._change_group("removeGroupMember", group, who)
        members = self.tree.members[group] - {who}
        self.tree = self.tree.with_members(group, members)

    def _change_group(self, operation: str, group: str, who: str) -> None:
        named = {"groupId": self.groups[group], "id": self.person(who).number}
        self.world.owner.call(operation, **named).arranged()

    def _plant(self, number: int) -> None:
        """Make an item and what is below it.

        At the root anything may be listed, and below a parent only who has access to
        that: so while the parent stands at the root, it takes its children in under a
        list of all, and only then gets its own.
        """
        node = self.tree.nodes[number]
        owner = self.person(node.owner)
        below = [n for n, one in enumerate(self.tree.nodes) if one.parent == number]
        wide = dict.fromkeys((*TEAM, *GROUPS), PASSING)
        given = wide if below else node.entries
        listed = self._sent(given, owner)
        item = owner.item(title=f"item {number}", permissions=listed)
        self.items[number] = item
        for child in below:
            self._plant(child)
            mover = self.person(self.tree.nodes[child].owner)
            update(mover, self.items[child], parent=item["id"]).arranged()
        if below:
            self.list(number, node.entries)

    def _sent(self, given: Mapping[str, int], owner: Actor) -> Entries:
        others = {name: level for name, level in given.items() if name != owner.name}
        names = {name: self.groups.get(name) or self.person(name) for name in others}
        listed = [entry(names[name], level) for name, level in others.items()]
        return [*listed, entry(owner, 100)]


def everyone_of(world: World) -> str:
    """The id of the team's group of all. Raises `NotJudgedError`."""
    for group in world.owner.call("listGroups").arranged().data:
        if group["type"] == 1:
            return str(group["id"])
    raise NotJudgedError("the team has no group of type 1")


def agree(what: str, expected: Mapping[int, Any], seen: Mapping[int, Any]) -> None:
    """Demand that something of each item, by its number, is what it should be."""
    if expected != seen:
        raise ClauseBrokenError(f"{what} {dict(expected)}", f"{dict(seen)}")
