"""How many rows of a table a run looks at."""

from dataclasses import dataclass
from typing import Any

from tasktwin_contract.rows import left_out


@dataclass(frozen=True, eq=False)
class Row:
    """A test by its name alone."""

    nodeid: str


def table(name: str, rows: int) -> list[Any]:
    """The tests of one function."""
    return [Row(f"test_x.py::{name}[{n}]") for n in range(rows)]


def drawn(items: list[Any], most: int, seed: int) -> list[Any]:
    """What is left of `items`, in their order."""
    gone = left_out(items, most, seed)
    return [item for item in items if item not in gone]


def test_short_tables_are_whole() -> None:
    """A table that is not too long is tested whole, in its order."""
    items = [*table("one", 3), Row("test_x.py::alone"), *table("two", 2)]
    assert drawn(items, 3, 1) == items
    long = table("long", 99)
    assert drawn(long, 99, 1) == long


def test_long_tables_are_sampled() -> None:
    """Of each longer table as many rows are drawn as are allowed, in their order."""
    one, two = table("one", 20), table("two", 30)
    kept = drawn([*one, *two], 5, 1)
    assert [len({*kept} & {*rows}) for rows in (one, two)] == [5, 5]
    assert kept == [row for row in [*one, *two] if row in kept]


def test_seeds_draw_other_rows() -> None:
    """A seed draws the same rows each time, and many seeds draw every row."""
    items = table("one", 20)
    assert drawn(items, 5, 1) == drawn(items, 5, 1)
    seen = {row for seed in range(60) for row in drawn(items, 5, seed)}
    assert seen == {*items}
