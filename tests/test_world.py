"""Tables, worlds, and the one write of a request."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_mockserver import tables
from tasktwin_mockserver.clock import Clock
from tasktwin_mockserver.tables import Each, Table
from tasktwin_mockserver.world import World, Write
from tasktwin_schemas import APIS

ROW = st.tuples(st.integers(0, 5), st.sampled_from("abc"))
STEP = st.tuples(st.sampled_from(["put", "remove", "share"]), ROW)


class Numbers(World):
    """A world of one table: rows of a number and a letter."""

    def build(self) -> None:
        """Make the table."""
        self.rows: Table[int, Any] = self._table(
            "rows", Table(lambda row: row[0], letter=lambda row: row[1])
        )


class Misnamed(World):
    """A world that keeps its table under another name than the table's."""

    def build(self) -> None:
        """Make the table."""
        self.rows = self._table("row", Table[int, Any](lambda row: row[0]))


def test_a_table_is_an_attribute_of_its_name() -> None:
    """A world whose forks would share a table cannot be made."""
    with pytest.raises(TypeError, match="no attribute 'row' has the table"):
        Misnamed()


@given(steps=st.lists(STEP, max_size=30))
def test_tables_are_dictionaries(steps: list[tuple[str, tuple[int, str]]]) -> None:
    """A table and all its shares are plain dictionaries with true indexes."""
    table: Table[int, Any] = Table(lambda row: row[0], letter=lambda row: row[1])
    pairs = [(table, dict[int, tuple[int, str]]())]
    for step, row in steps:
        table, model = pairs[-1]
        if step == "put":
            table.put(row)
            model[row[0]] = row
        elif step == "remove":
            table.remove([row[0]])
            model.pop(row[0], None)
        else:
            pairs.append((table.share(), dict(model)))
    for table, model in pairs:
        assert sorted(table.values()) == sorted(model.values())
        for letter in "abc":
            there = sorted(row for row in model.values() if row[1] == letter)
            assert sorted(table.where("letter", letter)) == there


@pytest.mark.parametrize("most", [2, 1000])
@given(steps=st.lists(st.tuples(STEP, st.integers(0, 3)), max_size=40))
def test_tables_tell_where_they_differ(
    most: int, steps: list[tuple[tuple[str, tuple[int, str]], int]]
) -> None:
    """Two tables differ in the keys whose records are not the same, however related."""
    every: list[Table[int, Any]] = [Table(lambda row: row[0])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "MOST_CHANGED", most)
        for (step, row), place in steps:
            table = every[place % len(every)]
            if step == "put":
                table.put((*row,))
            elif step == "remove":
                table.remove([row[0]])
            else:
                every.append(table.share())
    for one, other in product(every, repeat=2):
        keys = {key for key in range(6) if one.get(key) is not other.get(key)}
        assert one.differing(other) == keys


WORDS = st.lists(st.sampled_from("abc"), unique=True, max_size=3).map(tuple)


@given(rows=st.lists(st.tuples(st.integers(0, 3), WORDS), max_size=12))
def test_rows_with_several_values_stand_under_each(
    rows: list[tuple[int, tuple[str, ...]]],
) -> None:
    """An index over every one of several values has a row under each, and no other."""
    table: Table[int, Any] = Table(lambda row: row[0], word=Each(lambda row: row[1]))
    model: dict[int, tuple[int, tuple[str, ...]]] = {}
    for row in rows:
        table.share().put(row)
        if row[0] in model and not row[1]:
            table.remove([model.pop(row[0])[0]])
        else:
            table.put(row)
            model[row[0]] = row
        for word in "abc":
            there = sorted(row for row in model.values() if word in row[1])
            assert sorted(table.where("word", word)) == there


def test_snapshots_can_be_restored_again_and_again() -> None:
    """A restored world is as it was, however often, and the snapshot stays."""
    world = Numbers()
    world.rows.put((1, "a"))
    world.counters["number"] = 1
    snapshot = world.snapshot()
    for letter in "bc":
        world.rows.put((1, letter))
        world.rows.put((2, letter))
        world.counters["number"] = 9
        world.stamp = 99
        world.clock = Clock(frozen=7)
        world.restore(snapshot)
        assert list(world.rows.values()) == [(1, "a")]
        assert (world.counters, world.stamp, world.clock) == ({"number": 1}, 0, Clock())


def test_forks_go_their_own_way() -> None:
    """What a fork writes its origin does not see, nor the other way round."""
    world = Numbers()
    world.rows.put((1, "a"))
    fork = world.fork()
    fork.rows.put((2, "b"))
    world.rows.put((3, "c"))
    assert list(world.rows) == [1, 3]
    assert list(fork.rows) == [1, 2]


def test_a_write_that_is_not_applied_leaves_no_trace() -> None:
    """Numbers, stamps and rows of a write are the world's only once it is applied."""
    world = Numbers()
    dropped = Write(world)
    dropped.put(world.rows, (dropped.next("number"), "a"))
    assert dropped.stamp > 0
    assert (len(world.rows), world.counters, world.stamp) == (0, {}, 0)
    kept = Write(world)
    kept.put(world.rows, (kept.next("number"), "b"))
    kept.apply()
    assert list(world.rows.values()) == [(1, "b")]
    assert world.counters == {"number": 1}


@given(times=st.lists(st.integers(0, 5000), min_size=1, max_size=8))
def test_stamps_grow_whatever_the_clock_does(times: list[int]) -> None:
    """Each write's stamp is greater than the last, though the clock stands or turns."""
    world = Numbers()
    stamps = []
    for time in times:
        world.clock = Clock(frozen=time)
        write = Write(world)
        stamps.append(write.stamp)
        assert write.stamp == stamps[-1]
        write.apply()
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize("api", APIS)
def test_seeds_repeat_a_world(api: str) -> None:
    """Worlds of one seed have the same keys and sessions, of another seed others."""
    from tasktwin_mockserver import App

    def casts(seed: int) -> Any:
        return App(api, seed).worlds.describe("default", "")

    assert casts(1) == casts(1)
    assert casts(1)["actors"] != casts(2)["actors"]
