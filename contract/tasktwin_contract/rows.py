"""Of the tests that are rows of one table, as many as a run has time for."""

import random
from collections.abc import Iterable

import pytest


def left_out(items: Iterable[pytest.Item], most: int, seed: int) -> set[pytest.Item]:
    """Those of `items` that are too many where a table has at most `most` rows.

    A table is a test function, its rows are the parameters that it is run with. The
    seed draws them, so that runs with different seeds look at different ones.
    """
    tables: dict[str, list[pytest.Item]] = {}
    for item in items:
        tables.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return {
        item
        for name, rows in tables.items()
        if len(rows) > most
        for item in random.Random(f"{seed}/{name}").sample(rows, len(rows) - most)
    }
