"""How many rows of a table a run looks at."""

import pytest

from tasktwin_contract.rows import certain, drawn, table

TABLE = [f"row {n}" for n in range(20)]


def test_short_tables_are_whole() -> None:
    """A table that is not too long is tested whole, in its order."""
    assert drawn([], 3, "1") == []
    assert drawn(TABLE[:3], 3, "1") == TABLE[:3]
    assert drawn(TABLE, 20, "1") == TABLE


def test_long_tables_are_sampled() -> None:
    """Of a longer table as many rows are drawn as are allowed, in their order."""
    kept = drawn(TABLE, 5, "1")
    assert len(kept) == 5
    assert kept == [row for row in TABLE if row in kept]


def test_seeds_draw_other_rows() -> None:
    """A seed draws the same rows each time, and many seeds draw every row."""
    assert drawn(TABLE, 5, "1") == drawn(TABLE, 5, "1")
    seen = {row for seed in range(60) for row in drawn(TABLE, 5, str(seed))}
    assert seen == {*TABLE}


def test_certain_rows_are_in_every_draw() -> None:
    """What is certain is drawn with any seed, and one more at least, in order."""
    told = {"row 3", "row 11", "row 19"}
    for most, number in ((2, 4), (3, 4), (6, 6)):
        for seed in range(20):
            kept = drawn(TABLE, most, str(seed), told.__contains__)
            assert told < {*kept}
            assert len(kept) == number
            assert kept == [row for row in TABLE if row in kept]
    assert drawn(TABLE, 2, "1", lambda _: True) == TABLE


def test_certain_rows_are_in_their_table() -> None:
    """A table says which of its rows are certain, and knows no others."""
    assert table({"one": 1, "other": 2}, "one") == [certain("one"), "other"]
    assert table([(1, 2), (3, 4)], (3, 4)) == [(1, 2), certain(3, 4)]
    with pytest.raises(LookupError, match="no row 'third'"):
        table(["one", "other"], "third")
