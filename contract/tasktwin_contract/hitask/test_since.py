"""listItemsSince, the older way to what has changed."""

import pytest

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.deltas import YEAR, delta, listed, newest, same, since
from tasktwin_contract.hitask.steps import unit, update
from tasktwin_contract.hitask.writes import WRITES, commented, shared
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target

SINCE_2000 = 946_684_800_000
UNTIL_2100 = 4_102_444_800_000


@clause("HT-DELTA-11")
def test_since_has_a_cursor(target: Target) -> None:
    """listItemsSince carries X-Cursor in decimal digits, with items and without."""
    with target.world() as world:
        for _ in range(3):
            reply = world.owner.call("listItemsSince", timestamp=0).expect(200)
            text = reply.headers.get("x-cursor")
            assert text is not None, "there is no X-Cursor"
            assert text.isascii()
            assert text.isdigit()
            world.owner.item()


@clause("HT-DELTA-12")
def test_the_cursor_of_since_counts_milliseconds(target: Target) -> None:
    """The cursor of listItemsSince is a count of milliseconds since the epoch."""
    with target.world() as world:
        world.owner.item()
        assert SINCE_2000 < since(world.owner, 0).cursor < UNTIL_2100


@clause("HT-DELTA-14")
def test_the_cursor_of_since_is_no_older(target: Target) -> None:
    """The cursor is not older than the newest time_last_update in the answer."""
    with target.world() as world:
        items = [world.owner.item() for _ in range(3)]
        for number, item in enumerate([*items, *items]):
            cursor = listed(world.owner).cursor
            update(world.owner, item, title=f"title {number}").arranged()
            for timestamp in (0, cursor):
                told = since(world.owner, timestamp)
                assert told.cursor >= newest(told.items.values()) // unit(told.cursor)


@clause("HT-DELTA-16")
@pytest.mark.parametrize("name", [certain("manager"), "member", "personal"])
def test_all_cursors_are_the_same(target: Target, name: str) -> None:
    """List, delta and listItemsSince carry one cursor, from whatever moment."""
    with target.world() as world:
        items = [shared(world.manager, member=60) for _ in range(3)]
        actor = getattr(world, name)
        first = listed(actor).cursor
        update(world.manager, items[0], title="changed").arranged()
        update(world.member, items[1], starred=True).arranged()
        cursor = listed(actor).cursor
        for moment in (0, first, cursor, cursor + YEAR):
            assert delta(actor, moment).cursor == cursor
            assert since(actor, moment).cursor == cursor


@clause("HT-DELTA-21")
@pytest.mark.parametrize("write", WRITES)
def test_since_tells_of_writes(target: Target, write: str) -> None:
    """An item whose own fields were changed since comes whole."""
    with target.world() as world:
        item = commented(world.owner, world.owner.item(tags=["home"]))
        cursor = listed(world.owner).cursor
        WRITES[write](world.owner, item)
        told = since(world.owner, cursor).items
        assert same(told.get(item["id"]), world.owner.stored(item["guid"]))


@clause("HT-DELTA-21")
def test_since_tells_of_new_items(target: Target) -> None:
    """An item that was added since comes whole."""
    with target.world() as world:
        world.owner.item()
        cursor = listed(world.owner).cursor
        made = world.owner.item(message="a message")
        told = since(world.owner, cursor).items
        assert same(told.get(made["id"]), world.owner.stored(made["guid"]))


@clause("HT-DELTA-22")
def test_since_tells_of_nothing_else(target: Target) -> None:
    """What is older, and was not changed since, does not come, not even as an id."""
    with target.world() as world:
        old, changed = (world.owner.item() for _ in range(2))
        cursor = listed(world.owner).cursor
        update(world.owner, changed, title="changed").arranged()
        assert old["id"] not in since(world.owner, cursor).items


@clause("HT-DELTA-23")
def test_since_has_no_changed(target: Target) -> None:
    """In listItemsSince changed is absent or null."""
    with target.world() as world:
        item = world.owner.item()
        cursor = listed(world.owner).cursor
        update(world.owner, item, title="changed").arranged()
        for timestamp in (0, cursor):
            told = since(world.owner, timestamp).items
            assert item["id"] in told
            assert [row["changed"] for row in told.values()] == [None] * len(told)


@clause("HT-DELTA-24")
def test_since_is_deprecated(target: Target) -> None:
    """listItemsSince answers with a Deprecation header, and the delta with none."""
    with target.world() as world:
        old = world.owner.call("listItemsSince", timestamp=0).expect(200)
        assert old.headers.get("deprecation") == "true"
        new = world.owner.call("getItemsDelta", delta=0).expect(200)
        assert "deprecation" not in new.headers


@clause("HT-DELTA-38")
def test_since_the_beginning_and_the_future(target: Target) -> None:
    """From 0 every item comes, whole, and from the future none."""
    with target.world() as world:
        for item in [shared(world.manager, member=60) for _ in range(3)]:
            world.manager.item(parent=item["id"])
        fresh = listed(world.member)
        told = since(world.member, 0).items
        assert told.keys() == fresh.items.keys()
        assert all(same(told[number], fresh.items[number]) for number in told)
        for ahead in (1, YEAR, 2**62):
            assert since(world.member, fresh.cursor + ahead).items == {}


@clause("HT-DELTA-55")
def test_since_has_what_a_delta_has_as_changed(target: Target) -> None:
    """From each moment listItemsSince has the delta's changed items."""
    with target.world() as world:
        items = [shared(world.manager, member=60) for _ in range(3)]
        moments = [0, listed(world.member).cursor]
        update(world.member, items[0], starred=True).arranged()
        moments.append(listed(world.member).cursor)
        update(world.manager, items[1], title="changed").arranged()
        moments += [moments[-1] + 1, listed(world.member).cursor]
        for moment in moments:
            whole = delta(world.member, moment).changed
            assert since(world.member, moment).items == whole
