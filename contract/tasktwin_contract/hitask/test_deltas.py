"""What a delta has, and its cursor."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.deltas import YEAR, Copy, delta, listed, newest, same
from tasktwin_contract.hitask.steps import milliseconds, unit, update
from tasktwin_contract.hitask.writes import (
    EVERY_WRITE,
    WRITES,
    commented,
    family,
    grant,
    shared,
)
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target

SINCE_2000 = 946_684_800_000
UNTIL_2100 = 4_102_444_800_000
MALFORMED = [
    "-1",
    "-9223372036854775808",
    "abc",
    "12ab",
    "1.5",
    "1e3",
    "0x10",
    "1,2",
    "1 2",
    "null",
    "true",
    "NaN",
    "[]",
    "²",
    "١٢",
    "\U0001d7d9",
]


@clause("HT-DELTA-09")
def test_a_delta_has_a_cursor(target: Target) -> None:
    """A delta carries X-Cursor in decimal digits, with items and without."""
    with target.world() as world:
        for _ in range(3):
            reply = world.owner.call("getItemsDelta", delta=0).expect(200)
            text = reply.headers.get("x-cursor")
            assert text is not None, "there is no X-Cursor"
            assert text.isascii()
            assert text.isdigit()
            world.owner.item()


@clause("HT-DELTA-10")
def test_an_unchanged_item_is_a_stub(target: Target) -> None:
    """What has not changed is an object of id and changed false, and no more."""
    with target.world() as world:
        items = [world.owner.item(message="a message") for _ in range(2)]
        cursor = listed(world.owner).cursor
        update(world.owner, items[0], title="changed").arranged()
        told = delta(world.owner, cursor)
        stubs = [row for row in told.rows if row["id"] == items[1]["id"]]
        assert stubs == [{"id": items[1]["id"], "changed": False}]


@clause("HT-DELTA-10")
def test_a_changed_item_is_whole(target: Target) -> None:
    """What has changed is whole, its unchanged fields too, with changed true."""
    with target.world() as world:
        item = world.owner.item(message="a message", tags=["home"], color=3)
        cursor = listed(world.owner).cursor
        update(world.owner, item, title="changed").arranged()
        rows = [r for r in delta(world.owner, cursor).rows if r["id"] == item["id"]]
        assert [row["changed"] for row in rows] == [True]
        assert same(rows[0], world.owner.stored(item["guid"]))


@clause("HT-DELTA-12")
def test_the_cursor_of_a_delta_counts_milliseconds(target: Target) -> None:
    """The cursor of a delta is a count of milliseconds since the epoch."""
    with target.world() as world:
        world.owner.item()
        assert SINCE_2000 < delta(world.owner, 0).cursor < UNTIL_2100


@clause("HT-DELTA-13")
@given(picks=st.lists(st.integers(0, 2), min_size=1, max_size=5))
def test_the_cursor_of_a_delta_is_no_older(target: Target, picks: list[int]) -> None:
    """The cursor of a delta is not older than the newest time_last_update in it."""
    with target.world() as world:
        items = [world.owner.item() for _ in range(3)]
        for number, pick in enumerate(picks):
            cursor = listed(world.owner).cursor
            update(world.owner, items[pick], title=f"title {number}").arranged()
            told = delta(world.owner, cursor)
            assert told.cursor >= newest(told.changed.values()) // unit(told.cursor)


@clause("HT-DELTA-15")
@pytest.mark.parametrize("write", EVERY_WRITE)
def test_the_cursor_of_a_delta_after_a_write(target: Target, write: str) -> None:
    """Right after a write of this viewer it is the newest time_last_update."""
    with target.world() as world:
        item = commented(world.owner, world.owner.item())
        world.owner.item()
        cursor = listed(world.owner).cursor
        EVERY_WRITE[write](world.owner, item)
        told = delta(world.owner, cursor)
        assert told.cursor == newest(listed(world.owner).items.values())
        assert told.cursor > cursor


@clause("HT-DELTA-17")
@pytest.mark.parametrize("write", WRITES)
def test_a_write_is_told_to_the_writer(target: Target, write: str) -> None:
    """An item whose own fields the viewer changed is whole, as the list has it."""
    with target.world() as world:
        item = commented(world.owner, world.owner.item())
        cursor = listed(world.owner).cursor
        WRITES[write](world.owner, item)
        told = delta(world.owner, cursor).changed
        assert item["id"] in told, "the item is not changed true"
        assert same(told[item["id"]], world.owner.stored(item["guid"]))


@clause("HT-DELTA-18")
def test_an_added_item_is_told(target: Target) -> None:
    """An item that was added is whole and changed true, for those who share it too."""
    with target.world() as world:
        actors = (world.manager, world.member)
        cursors = [listed(actor).cursor for actor in actors]
        made = shared(world.manager, member=60)
        for actor, cursor in zip(actors, cursors, strict=True):
            told = delta(actor, cursor).changed
            assert same(told.get(made["id"]), actor.stored(made["guid"]))


@clause("HT-DELTA-18")
def test_an_item_added_below_is_told(target: Target) -> None:
    """An item that was added below another is whole and changed true."""
    with target.world() as world:
        top = world.manager.item()
        cursor = listed(world.manager).cursor
        made = world.manager.item(parent=top["id"])
        told = delta(world.manager, cursor).changed
        assert same(told.get(made["id"]), world.manager.stored(made["guid"]))


@clause("HT-DELTA-19")
def test_each_item_stands_in_a_delta_once(target: Target) -> None:
    """Each id of the list is in a delta exactly once, from whatever cursor."""
    with target.world() as world:
        items = [world.owner.item() for _ in range(3)]
        for cursor in (0, milliseconds(items[1]["time_last_update"]), 2**53):
            named = [row["id"] for row in delta(world.owner, cursor).rows]
            ours = sorted(number for number in named if number in listed_ids(items))
            assert ours == listed_ids(items)


def listed_ids(items: list[Object]) -> list[int]:
    """The ids of `items` in order."""
    return sorted(item["id"] for item in items)


LEAVE: dict[str, Callable[[Actor, Object], object]] = {
    "deleted": lambda actor, item: actor.call("deleteItem", guid=item["guid"]),
    "archived": lambda actor, item: actor.call("archiveItem", id=item["id"]),
    "no longer shared": lambda actor, item: update(
        actor, item, permissions=[{"principal": actor.id, "level": 100}]
    ),
}


@clause("HT-DELTA-20")
@pytest.mark.parametrize("leave", LEAVE)
def test_what_has_gone_is_absent(target: Target, leave: str) -> None:
    """Deleted, archived or unshared, an item is in a delta of no cursor."""
    with target.world() as world:
        item = shared(world.manager, member=60)
        stays = shared(world.manager, member=60)
        cursor = listed(world.member).cursor
        LEAVE[leave](world.manager, item)
        for since in (0, cursor - 1, cursor, cursor + YEAR):
            named = delta(world.member, since).named
            assert item["id"] not in named
            assert stays["id"] in named


@clause("HT-DELTA-20")
@pytest.mark.parametrize("operation", ["deleteItem", "archiveItem"])
def test_what_goes_with_its_parent_is_absent(target: Target, operation: str) -> None:
    """With its parent an item leaves the delta too."""
    with target.world() as world:
        top = shared(world.manager, member=60)
        below = world.manager.item(parent=top["id"])
        cursor = listed(world.member).cursor
        world.manager.call(operation, guid=top["guid"]).arranged()
        assert not {top["id"], below["id"]} & delta(world.member, cursor).named


@clause("HT-DELTA-25")
@pytest.mark.parametrize("name", ["manager", "member"])
def test_a_fresh_cursor_tells_nothing_old(target: Target, name: str) -> None:
    """With a fresh cursor only items of just that time_last_update are changed."""
    with target.world() as world:
        items = [shared(world.manager, member=60) for _ in range(3)]
        update(world.manager, items[0], title="changed").arranged()
        actor: Actor = getattr(world, name)
        cursor = listed(actor).cursor
        changed = delta(actor, cursor).changed.values()
        times = {milliseconds(item["time_last_update"]) for item in changed}
        assert {time // unit(cursor) for time in times} <= {cursor}


@clause("HT-DELTA-26")
@pytest.mark.parametrize("name", ["manager", "member"])
def test_a_fresh_cursor_is_quiet(target: Target, name: str) -> None:
    """With the cursor of a fresh list, or of a delta, nothing is changed."""
    with target.world() as world:
        items = [shared(world.manager, member=60) for _ in range(3)]
        actor: Actor = getattr(world, name)
        before = listed(actor).cursor
        update(world.member, items[0], title="changed").arranged()
        assert delta(actor, listed(actor).cursor).changed == {}
        assert delta(actor, delta(actor, before).cursor).changed == {}


@clause("HT-DELTA-27")
@pytest.mark.parametrize("write", WRITES)
def test_a_write_is_told_to_all(target: Target, write: str) -> None:
    """An item whose own fields somebody changed is changed true for all who see it."""
    with target.world() as world:
        item = commented(world.manager, shared(world.manager, member=60, colleague=10))
        actors = (world.manager, world.member, world.colleague)
        cursors = [listed(actor).cursor for actor in actors]
        WRITES[write](world.manager, item)
        for actor, cursor in zip(actors, cursors, strict=True):
            told = delta(actor, cursor).changed
            assert item["id"] in told, f"not changed true for {actor.name}"
            assert same(told[item["id"]], actor.stored(item["guid"]))


@clause("HT-DELTA-28")
@pytest.mark.parametrize("write", EVERY_WRITE)
def test_a_write_is_told_of_nothing_else(target: Target, write: str) -> None:
    """What the write did not touch is not changed true, for nobody."""
    with target.world() as world:
        item = commented(world.manager, shared(world.manager, member=60))
        private = commented(world.manager, world.manager.item())
        actors = (world.manager, world.member)
        cursors = [listed(actor).cursor for actor in actors]
        EVERY_WRITE[write](world.manager, item)
        EVERY_WRITE[write](world.manager, private)
        first, second = (delta(*pair) for pair in zip(actors, cursors, strict=True))
        assert first.changed.keys() == {item["id"], private["id"]}
        assert second.changed.keys() == {item["id"]}


@clause("HT-DELTA-28")
@pytest.mark.parametrize("name", ["administrator", "colleague"])
def test_what_stays_the_same_below_is_not_told(target: Target, name: str) -> None:
    """Below an item shared anew, only what looks different is told.

    To a member nothing does when somebody else gets a level, nor to an administrator,
    who has 100 by any level, when their own is raised.
    """
    with target.world() as world:
        top, below = family(world.manager, administrator=10, member=20)
        viewers = (world.manager, world.member, world.administrator)
        cursors = [listed(viewer).cursor for viewer in viewers]
        grant(world.manager, top, getattr(world, name).id, 60)
        for viewer, cursor in zip(viewers, cursors, strict=True):
            told = delta(viewer, cursor).changed
            assert top["id"] in told, f"the shared item, to {viewer.name}"
            assert below["id"] not in told, f"the item below it, to {viewer.name}"


@clause("HT-DELTA-28")
def test_what_changes_nothing_is_not_told(target: Target) -> None:
    """A write of what is so already, a refused one, or one unseen changes nothing."""
    with target.world() as world:
        item = shared(world.manager, member=10)
        for actor in (world.manager, world.member):
            cursor = listed(actor).cursor
            update(world.manager, item, color=item["color"]).arranged()
            update(world.member, item, title="refused").refused()
            world.manager.call("markRead", guid=item["guid"]).arranged()
            world.colleague.item()
            assert delta(actor, cursor).changed == {}


@clause("HT-DELTA-34")
def test_the_cursor_of_deltas_never_goes_back(target: Target) -> None:
    """From delta to delta the cursor grows or stays while nothing leaves the list."""
    with target.world() as world:
        item = commented(world.manager, shared(world.manager, member=60))
        cursor = listed(world.member).cursor
        for write in WRITES.values():
            write(world.manager, item)
            told = delta(world.member, cursor)
            assert told.cursor > cursor
            assert delta(world.member, told.cursor).cursor == told.cursor
            cursor = told.cursor


@clause("HT-DELTA-35")
def test_the_same_cursor_gives_the_same_delta(target: Target) -> None:
    """From the same cursor, with nothing in between, comes the same delta."""
    with target.world() as world:
        items = [shared(world.manager, member=60) for _ in range(3)]
        cursor = listed(world.member).cursor
        update(world.manager, items[0], title="changed").arranged()
        first, second = (delta(world.member, cursor) for _ in range(2))
        assert (first.rows, first.cursor) == (second.rows, second.cursor)


@clause("HT-DELTA-36")
def test_from_the_beginning_all_is_changed(target: Target) -> None:
    """A delta from 0 has every item of the list, whole and changed true."""
    with target.world() as world:
        for item in [shared(world.manager, member=60) for _ in range(3)]:
            world.manager.item(parent=item["id"])
        fresh = listed(world.member).items
        told = delta(world.member, 0)
        assert told.changed.keys() == fresh.keys() == told.named
        assert all(same(told.changed[number], fresh[number]) for number in fresh)


@clause("HT-DELTA-37")
@pytest.mark.parametrize("ahead", [1, 1000, YEAR, 2**62])
def test_from_the_future_nothing_is_changed(target: Target, ahead: int) -> None:
    """A delta from after the cursor has no changed item, and names them all."""
    with target.world() as world:
        item = world.owner.item()
        told = delta(world.owner, listed(world.owner).cursor + ahead)
        assert told.changed == {}
        assert item["id"] in told.named


@clause("HT-DELTA-43")
def test_changed_is_true_or_false(target: Target) -> None:
    """In a delta each item has changed, as true or as false."""
    with target.world() as world:
        items = [world.owner.item() for _ in range(3)]
        cursor = listed(world.owner).cursor
        update(world.owner, items[1], title="changed").arranged()
        marks = [row["changed"] for row in delta(world.owner, cursor).rows]
        assert all(isinstance(mark, bool) for mark in marks)
        assert marks.count(True) == 1


@clause("HT-DELTA-44")
@pytest.mark.parametrize("cursor", MALFORMED)
def test_malformed_cursors(target: Target, cursor: str) -> None:
    """A cursor that is no non-negative integer is refused with 400 and code 5."""
    with target.world() as world:
        world.owner.call("getItemsDelta", delta=cursor).refused(400, 5)
        world.owner.call("listItemsSince", timestamp=cursor).refused(400, 5)


@clause("HT-DELTA-31")
@pytest.mark.parametrize("first", ["title", "star", "share", "group", "read"])
def test_two_writes_in_a_millisecond(target: Target, first: str) -> None:
    """A copy made between two writes of one millisecond is told of the second."""
    with target.world() as world:
        item = shared(world.manager, member=60)
        other = shared(world.manager, member=60)
        group = world.owner.call("createGroup", name="a group").arranged()["id"]
        entry = [{"principal": group, "level": 80}]
        update(world.manager, other, permissions=other["permissions"] + entry)
        world.manager.call("addComment", id=item["id"], message="news").arranged()
        world.freeze()
        {
            "title": lambda: update(world.manager, item, title="first"),
            "star": lambda: update(world.member, item, starred=True),
            "share": lambda: update(world.manager, item, permissions=entry),
            "group": lambda: world.owner.call(
                "addGroupMember", groupId=group, id=world.member.number
            ),
            "read": lambda: world.member.call("markRead", guid=item["guid"]),
        }[first]().arranged()
        copy = Copy(listed(world.member))
        update(world.manager, other, title="second").arranged()
        copy.apply(delta(world.member, copy.cursor))
        fresh = listed(world.member).items
        assert copy.items.keys() == fresh.keys()
        assert all(same(copy.items[number], fresh[number]) for number in fresh)
