"""Of the tests that are rows of one table, as many as a run has time for."""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import pytest

Row = TypeVar("Row")
CERTAIN = "tasktwin_certain"


def certain(*row: Any) -> Any:
    """A row of a table that every run looks at: a bound, a value that tells most."""
    return pytest.param(*row, marks=getattr(pytest.mark, CERTAIN))


def table(names: Iterable[str], *told: str) -> list[Any]:
    """The names of a table's rows, of which those `told` are certain."""
    return [certain(name) if name in told else name for name in names]


def drawn(
    rows: Sequence[Row],
    most: int,
    seed: str,
    is_certain: Callable[[Row], bool] = lambda _: False,
) -> list[Row]:
    """At most `most` of `rows`, in their order, or one more than are certain.

    The seed draws them, so that runs with different seeds look at different ones; but
    all that are certain are among them, and one at least that is not.
    """
    if len(rows) <= most:
        return list(rows)
    kept = {place for place, row in enumerate(rows) if is_certain(row)}
    free = [place for place in range(len(rows)) if place not in kept]
    number = min(max(most - len(kept), 1), len(free))
    kept.update(random.Random(seed).sample(free, number))
    return [rows[place] for place in sorted(kept)]
