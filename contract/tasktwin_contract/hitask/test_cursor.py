"""The cursor of the list, and the stamps that it tells of."""

from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.steps import (
    create,
    created,
    milliseconds,
    unit,
    update,
    updated,
)
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target

SINCE_2000 = 946_684_800_000
UNTIL_2100 = 4_102_444_800_000


def newest(actor: Actor) -> int:
    """The newest time_last_update of the list, in milliseconds."""
    return max(milliseconds(i["time_last_update"]) for i in actor.items().values())


def cursor(actor: Actor) -> int:
    """The cursor of a list made now."""
    return actor.call("listItems").expect(200).cursor


@clause("HT-DELTA-01")
def test_the_list_has_a_cursor(target: Target) -> None:
    """The list carries X-Cursor in decimal digits, with items and without."""
    with target.world() as world:
        for _ in range(3):
            text = world.owner.call("listItems").expect(200).headers.get("x-cursor")
            assert text is not None, "there is no X-Cursor"
            assert text.isascii()
            assert text.isdigit()
            world.owner.item()


@clause("HT-DELTA-02")
def test_the_cursor_counts_milliseconds(target: Target) -> None:
    """The cursor is a count of milliseconds since the epoch."""
    with target.world() as world:
        world.owner.item()
        assert SINCE_2000 < cursor(world.owner) < UNTIL_2100


@clause("HT-DELTA-03")
@given(names=st.lists(titles(20), min_size=1, max_size=4))
def test_the_cursor_is_no_older(target: Target, names: list[str]) -> None:
    """The cursor is not older than the newest time_last_update in the answer."""
    with target.world() as world:
        first = world.owner.item()
        for name in names:
            world.owner.item(title=name)
            update(world.owner, first, title=name).arranged()
            reply = world.owner.call("listItems").expect(200)
            times = [milliseconds(item["time_last_update"]) for item in reply.data]
            assert reply.cursor >= max(times) // unit(reply.cursor)


@clause("HT-DELTA-04")
def test_the_cursor_after_a_write(target: Target) -> None:
    """Right after a write of this viewer the cursor is its time_last_update."""
    with target.world() as world:
        item = world.owner.item()
        assert cursor(world.owner) == newest(world.owner)
        other = world.owner.item()
        assert cursor(world.owner) == newest(world.owner)
        changed = updated(world.owner, item, title="changed")
        assert cursor(world.owner) == milliseconds(changed["time_last_update"])
        updated(world.owner, other, completed=True)
        assert cursor(world.owner) == newest(world.owner)


@clause("HT-DELTA-05")
def test_the_cursor_of_a_new_world(target: Target) -> None:
    """In a new world the cursor is 0."""
    with target.world() as world:
        assert cursor(world.owner) == 0


@clause("HT-DELTA-05")
def test_the_cursor_without_items(target: Target) -> None:
    """A viewer without items gets the last stamp that the world gave out."""
    with target.world() as world:
        item = world.owner.item()
        stamp = milliseconds(item["time_last_update"])
        assert cursor(world.personal) == stamp
        world.owner.call("deleteItem", guid=item["guid"]).arranged()
        assert cursor(world.personal) >= stamp


@clause("HT-DELTA-05")
def test_the_cursor_is_no_clock(target: Target) -> None:
    """Time that passes, or what others write, does not move the cursor."""
    with target.world() as world:
        now = world.freeze()
        world.owner.item()
        before = cursor(world.owner)
        assert before == int(now.timestamp() * 1000)
        world.advance(3600)
        world.outsider.item()
        assert cursor(world.owner) == before


@clause("HT-DELTA-05")
def test_the_cursor_tells_of_stars(target: Target) -> None:
    """Starring moves the viewer's cursor, though not time_last_update."""
    with target.world() as world:
        item = created(world.owner)
        before = cursor(world.owner)
        starred = updated(world.owner, item, starred=True)
        assert cursor(world.owner) > before
        assert starred["time_last_update"] == item["time_last_update"]


@clause("HT-DELTA-06")
@given(seconds=st.lists(st.integers(-100_000, 100_000), min_size=1, max_size=5))
def test_the_cursor_never_goes_back(target: Target, seconds: list[int]) -> None:
    """While nothing leaves the list the cursor never goes back, or moves unasked."""
    with target.world() as world:
        world.freeze()
        item = world.owner.item()
        last = cursor(world.owner)
        for number, step in enumerate(seconds):
            world.advance(step)
            assert cursor(world.owner) == last
            update(world.owner, item, title=f"title {number}").arranged()
            assert cursor(world.owner) >= last
            last = cursor(world.owner)


@clause("HT-DELTA-07")
@given(seconds=st.lists(st.integers(-100, 100), min_size=1, max_size=5))
def test_stamps_differ_and_grow(target: Target, seconds: list[int]) -> None:
    """Each write's stamp is greater than the last, whatever the clock does."""
    with target.world() as world:
        world.freeze()
        item = world.owner.item()
        stamps = [milliseconds(item["time_last_update"])]
        for number, step in enumerate(seconds):
            world.advance(step)
            made = create(world.owner).arranged()
            changed = update(world.owner, item, title=f"title {number}").arranged()
            stamps += [milliseconds(r["time_last_update"]) for r in (made, changed)]
        assert stamps == sorted(set(stamps))


@clause("HT-DELTA-07")
def test_what_one_write_changes_shares_a_stamp(target: Target) -> None:
    """All that one write changes has the same time_last_update."""
    with target.world() as world:
        top = world.owner.item()
        world.owner.item(parent=top["id"])
        update(world.owner, top, completed=True, cascade=True).arranged()
        times = {item["time_last_update"] for item in world.owner.items().values()}
        assert len(times) == 1


@clause("HT-DELTA-08")
def test_changed_is_for_deltas(target: Target) -> None:
    """In lists and answers to writes changed is absent or null."""
    with target.world() as world:
        made = create(world.owner).expect(200)
        changed = update(world.owner, made.data, title="changed").expect(200)
        answers = [made.data, changed.data, *world.owner.items().values()]
        assert [item["changed"] for item in answers] == [None] * 3
