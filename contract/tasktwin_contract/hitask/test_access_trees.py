"""Levels in trees of items with many owners, entries and groups."""

from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.levels import SEEING
from tasktwin_contract.hitask.trees import (
    ADMINISTRATORS,
    GROUPS,
    PLAIN_MEMBERS,
    TEAM,
    Planted,
    Tree,
    agree,
    trees,
)
from tasktwin_contract.target import Target

GIVEN = st.dictionaries(st.sampled_from(GROUPS), st.sampled_from(SEEING), max_size=2)


@clause("HT-ACCESS-02")
@given(tree=trees())
def test_the_highest_level_counts(target: Target, tree: Tree) -> None:
    """The level is the highest of owner's, own entry's, groups' and parent's."""
    with target.world() as world:
        _levels_are_right(Planted(world, tree))


@clause("HT-ACCESS-02")
@given(tree=trees(), changes=st.data())
def test_the_highest_level_counts_after_changes(
    target: Target, tree: Tree, changes: st.DataObject
) -> None:
    """It is so after any change of lists and groups."""
    roots = [n for n, node in enumerate(tree.nodes) if node.parent is None]
    with target.world() as world:
        planted = Planted(world, tree)
        for group in GROUPS[:2]:
            who = changes.draw(st.sampled_from(TEAM))
            planted.join(group, who)
            _levels_are_right(planted)
            planted.list(changes.draw(st.sampled_from(roots)), changes.draw(GIVEN))
            _levels_are_right(planted)
            planted.leave(group, who)
            _levels_are_right(planted)


def _levels_are_right(planted: Planted) -> None:
    for who in PLAIN_MEMBERS:
        expected = {n: planted.tree.level(n, who) for n in planted.tree.visible(who)}
        seen = {n: item["permission"] for n, item in planted.seen_by(who).items()}
        agree(f"{who} to see these items with these levels:", expected, seen)


@clause("HT-ACCESS-10")
@given(tree=trees())
def test_an_administrator_has_everything(target: Target, tree: Tree) -> None:
    """A team's administrator has 100 on each item that they see at all."""
    _has_everything(target, tree, "administrator")


@clause("HT-ACCESS-11")
@given(tree=trees())
def test_the_teams_owner_has_everything(target: Target, tree: Tree) -> None:
    """A team's owner has 100 on each item that they see at all."""
    _has_everything(target, tree, "owner")


def _has_everything(target: Target, tree: Tree, who: str) -> None:
    with target.world() as world:
        seen = Planted(world, tree).seen_by(who)
        levels = {n: seen[n]["permission"] for n in tree.visible(who) if n in seen}
        agree(f"{who} to have", dict.fromkeys(tree.visible(who), 100), levels)


@clause("HT-ACCESS-12")
@given(tree=trees())
def test_admin_permission_of_administrators(target: Target, tree: Tree) -> None:
    """adminPermission is true where 100 is an administrator's right alone."""
    with target.world() as world:
        planted = Planted(world, tree)
        for who in ADMINISTRATORS:
            rightly = [n for n in tree.visible(who) if tree.level(n, who) < 100]
            seen = planted.seen_by(who)
            shown = {n: seen[n]["adminPermission"] for n in rightly if n in seen}
            expected = dict.fromkeys(rightly, True)
            agree(f"adminPermission for {who} to be", expected, shown)


@clause("HT-ACCESS-13")
@given(tree=trees())
def test_admin_permission_of_others(target: Target, tree: Tree) -> None:
    """adminPermission is absent or null for everybody else."""
    with target.world() as world:
        planted = Planted(world, tree)
        for who in PLAIN_MEMBERS:
            seen = planted.seen_by(who)
            shown = {n: item["adminPermission"] for n, item in seen.items()}
            agree(f"adminPermission for {who} to be", dict.fromkeys(seen), shown)


@clause("HT-ACCESS-14")
@given(tree=trees())
def test_administrators_see_what_they_have(target: Target, tree: Tree) -> None:
    """Nothing that gives them no other access is visible to administrators."""
    with target.world() as world:
        planted = Planted(world, tree)
        for who in ADMINISTRATORS:
            hidden = set(range(len(tree.nodes))) - set(tree.visible(who))
            seen = hidden & planted.seen_by(who).keys()
            assert not seen, f"{who} sees the items {sorted(seen)} of {tree}"


@clause("HT-ACCESS-16")
@given(tree=trees())
def test_shared_is_what_others_have(target: Target, tree: Tree) -> None:
    """shared is true where anyone but the owner has access, for every viewer."""
    with target.world() as world:
        planted = Planted(world, tree)
        for who in TEAM:
            seen = planted.seen_by(who)
            shown = {n: bool(item["shared"]) for n, item in seen.items()}
            expected = {n: tree.shared(n) for n in seen}
            agree(f"shared to {who} to be", expected, shown)
