"""Of the tests that are rows of one table, as many as a run has time for."""

import random
from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")


def drawn(rows: Sequence[Row], most: int, seed: str) -> list[Row]:
    """At most `most` of `rows`, in their order.

    The seed draws them, so that runs with different seeds look at different ones.
    """
    if len(rows) <= most:
        return list(rows)
    places = random.Random(seed).sample(range(len(rows)), most)
    return [rows[place] for place in sorted(places)]
