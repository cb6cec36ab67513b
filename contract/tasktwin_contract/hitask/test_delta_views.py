"""What a delta tells each viewer of what changes for them."""

from collections.abc import Callable

import pytest

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.deltas import delta, listed, same
from tasktwin_contract.hitask.steps import milliseconds, update
from tasktwin_contract.hitask.writes import (
    EVERY_WRITE,
    commented,
    entry,
    family,
    grant,
    is_told,
    shared,
)
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target, World


@clause("HT-DELTA-39")
@pytest.mark.parametrize("level", [10, 60, 100])
def test_what_is_shared_is_told(target: Target, level: int) -> None:
    """An item that is shared is whole and changed true for them, however old."""
    with target.world() as world:
        old = shared(world.manager)
        newer = [shared(world.manager, member=60) for _ in range(2)]
        update(world.manager, newer[0], title="newer").arranged()
        cursor = listed(world.member).cursor
        grant(world.manager, old, world.member.id, level)
        is_told(world.member, cursor, old)


@clause("HT-DELTA-39")
def test_what_is_shared_again_is_told(target: Target) -> None:
    """Unshared and shared again, an item is whole and changed true."""
    with target.world() as world:
        item = shared(world.manager, member=20)
        grant(world.manager, item, world.member.id, 0)
        cursor = listed(world.member).cursor
        grant(world.manager, item, world.member.id, 20)
        is_told(world.member, cursor, item)


@clause("HT-DELTA-40")
def test_what_is_restored_is_told(target: Target) -> None:
    """A restored item, and what came back with it, is told to all who see it."""
    with target.world() as world:
        top = shared(world.manager, member=60)
        below = world.manager.item(parent=top["id"])
        world.manager.call("archiveItem", id=top["id"]).arranged()
        later = shared(world.manager, member=60)
        update(world.member, later, title="later").arranged()
        actors = (world.manager, world.member)
        cursors = [listed(actor).cursor for actor in actors]
        world.manager.call("restoreItem", id=top["id"]).arranged()
        for actor, cursor in zip(actors, cursors, strict=True):
            is_told(actor, cursor, top, below)


@clause("HT-DELTA-42")
def test_what_a_parent_gives_is_told(target: Target) -> None:
    """Who gets access to a parent is told of what is below it, however deep."""
    with target.world() as world:
        top, below = family(world.manager)
        alone = [entry(world.manager.id, 100)]
        deep = world.manager.item(parent=below["id"], permissions=alone)
        cursor = listed(world.member).cursor
        grant(world.manager, top, world.member.id, 20)
        is_told(world.member, cursor, top, below, deep)


@clause("HT-DELTA-42")
def test_what_moves_below_a_shared_item_is_told(target: Target) -> None:
    """What is moved below a shared item is told with all that is below it."""
    with target.world() as world:
        project = shared(world.manager, member=20)
        top, below = family(world.manager)
        cursor = listed(world.member).cursor
        update(world.manager, top, parent=project["id"]).arranged()
        is_told(world.member, cursor, top, below)


@clause("HT-DELTA-45")
@pytest.mark.parametrize("write", EVERY_WRITE)
def test_own_changes_move_the_version(target: Target, write: str) -> None:
    """Permissions, alerts, completed, comments and archive state move both."""
    with target.world() as world:
        item = commented(world.manager, world.manager.item())
        item = commented(world.manager, item)
        EVERY_WRITE[write](world.manager, item)
        after = world.manager.stored(item["guid"])
        assert after["version"] > item["version"]
        old, new = (milliseconds(i["time_last_update"]) for i in (item, after))
        assert new > old


@clause("HT-DELTA-45")
def test_an_older_comment_moves_the_version(target: Target) -> None:
    """To delete a comment that is not the last moves version and time_last_update."""
    with target.world() as world:
        first = commented(world.manager, world.manager.item())
        item = commented(world.manager, first)
        number = first["last_comment_id"]
        world.manager.call("deleteComment", id=number, itemId=item["id"]).arranged()
        cursor = milliseconds(item["time_last_update"])
        after = world.manager.stored(item["guid"])
        assert after["version"] > item["version"]
        assert milliseconds(after["time_last_update"]) > cursor
        is_told(world.manager, cursor, item)


WHOLESALE: dict[str, Callable[[World, Object], object]] = {
    "completed": lambda world, top: update(
        world.manager, top, completed=True, cascade=True
    ).arranged(),
    "cascadeAcl": lambda world, top: update(
        world.manager,
        top,
        permissions=[entry(world.member.id, 60), entry(world.colleague.id, 20)],
        cascadeAcl=True,
    ).arranged(),
    "restored": lambda world, top: EVERY_WRITE["archive state"](world.manager, top),
}


@clause("HT-DELTA-47")
@pytest.mark.parametrize("write", WHOLESALE)
def test_one_write_has_one_stamp(target: Target, write: str) -> None:
    """All items that one write changes have the same time_last_update."""
    with target.world() as world:
        top = shared(world.manager, member=20)
        below = [world.manager.item(parent=top["id"]) for _ in range(2)]
        before = listed(world.manager)
        WHOLESALE[write](world, top)
        fresh = listed(world.manager).items
        times = {fresh[i["id"]]["time_last_update"] for i in (top, *below)}
        assert len(times) == 1
        assert milliseconds(times.pop()) > before.cursor


MARKS: dict[str, Callable[[World, Object], object]] = {
    "star": lambda world, item: update(world.member, item, starred=True).arranged(),
    "read": lambda world, item: world.member.call(
        "markRead", guid=item["guid"]
    ).arranged(),
}


@clause("HT-DELTA-48")
@pytest.mark.parametrize("mark", MARKS)
def test_marks_are_told_to_their_viewer_alone(target: Target, mark: str) -> None:
    """A starred or read item is changed true for that viewer, and nobody else."""
    with target.world() as world:
        item = shared(world.manager, member=60, colleague=60)
        assign = {"participants": [world.member.number, world.colleague.number]}
        update(world.manager, item, **assign).arranged()
        actors = (world.manager, world.colleague)
        cursors = [listed(actor).cursor for actor in actors]
        cursor = listed(world.member).cursor
        MARKS[mark](world, item)
        is_told(world.member, cursor, item)
        for actor, before in zip(actors, cursors, strict=True):
            assert delta(actor, before).changed == {}


@clause("HT-DELTA-48")
def test_a_star_taken_back_is_told(target: Target) -> None:
    """An item whose star is taken back is changed true for its viewer."""
    with target.world() as world:
        item = shared(world.manager, member=10)
        update(world.member, item, starred=True).arranged()
        cursor = listed(world.member).cursor
        update(world.member, item, starred=False).arranged()
        is_told(world.member, cursor, item)


@clause("HT-DELTA-50")
@pytest.mark.parametrize(("before", "after"), [(20, 60), (60, 20), (60, 100)])
def test_permissions_by_the_parent_are_told(
    target: Target, before: int, after: int
) -> None:
    """Whose permission the parent's list alters is told, however deep."""
    with target.world() as world:
        top, below = family(world.manager, member=before)
        alone = [entry(world.manager.id, 100)]
        deep = world.manager.item(parent=below["id"], permissions=alone)
        cursor = listed(world.member).cursor
        grant(world.manager, top, world.member.id, after)
        assert world.member.stored(deep["guid"])["permission"] == after
        is_told(world.member, cursor, below, deep)


@clause("HT-DELTA-51")
@pytest.mark.parametrize("seconds", [0, -0.001, -1, -100_000])
def test_writes_of_a_wrong_clock_are_told(target: Target, seconds: float) -> None:
    """A write while the clock stands or has gone back is told."""
    with target.world() as world:
        world.freeze()
        item = shared(world.manager, member=60)
        for number in range(3):
            cursor = listed(world.member).cursor
            world.advance(seconds)
            update(world.manager, item, title=f"title {number}").arranged()
            is_told(world.member, cursor, item)


@clause("HT-DELTA-53")
@pytest.mark.parametrize("level", [20, 0])
def test_shared_by_the_parent_is_told(target: Target, level: int) -> None:
    """What becomes shared, or private, by a change above is told to its owner."""
    with target.world() as world:
        top, below = family(world.manager, **{"member": 20} if level == 0 else {})
        before = listed(world.manager)
        grant(world.manager, top, world.member.id, level)
        now = world.manager.stored(below["guid"])["shared"]
        assert bool(now) == bool(level)
        assert bool(before.items[below["id"]]["shared"]) != bool(level)
        is_told(world.manager, before.cursor, below)


NEWS: dict[str, Callable[[World, Object], object]] = {
    "comment": lambda world, item: commented(world.member, item),
    "change": lambda world, item: update(world.member, item, title="news").arranged(),
    "below": lambda world, item: world.member.item(parent=item["id"]),
}


@clause("HT-DELTA-54")
@pytest.mark.parametrize("news", NEWS)
def test_what_becomes_unread_is_told(target: Target, news: str) -> None:
    """An item that becomes unread is changed true for who has to read it."""
    with target.world() as world:
        item = shared(world.manager, member=60)
        cursor = listed(world.manager).cursor
        NEWS[news](world, item)
        assert world.manager.stored(item["guid"])["unread"]
        is_told(world.manager, cursor, item)


@clause("HT-DELTA-28")
def test_what_is_unread_already_is_not_told(target: Target) -> None:
    """An item that was unread before is not told of for what came below it."""
    with target.world() as world:
        item = shared(world.manager, member=60)
        NEWS["below"](world, item)
        before = world.manager.stored(item["guid"])
        cursor = listed(world.manager).cursor
        NEWS["below"](world, item)
        is_as_before = same(before, world.manager.stored(item["guid"]))
        told = delta(world.manager, cursor).changed
        assert not (is_as_before and item["id"] in told), "nothing of it has changed"
