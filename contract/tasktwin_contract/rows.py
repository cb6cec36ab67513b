"""Of the tests that are rows of one table, as many as a run has time for."""

import random
from collections.abc import Iterable, Sequence

import pytest

MOST: dict[str, int | None] = {"quick": 8, "default": None, "thorough": None}


def drawn(
    items: Sequence[pytest.Item], most: int | None, seed: int
) -> Iterable[pytest.Item]:
    """`items` in their order, with at most `most` rows of each table.

    A table is a test function, its rows are the parameters that it is run with. The
    seed draws them, so that runs with different seeds look at different ones.
    """
    tables: dict[str, list[pytest.Item]] = {}
    for item in items:
        tables.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left = {
        id(item)
        for name, rows in tables.items()
        if most is not None and len(rows) > most
        for item in random.Random(f"{seed}/{name}").sample(rows, len(rows) - most)
    }
    return [item for item in items if id(item) not in left]
