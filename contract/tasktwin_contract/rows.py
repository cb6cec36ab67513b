"""Of the tests that are rows of one table, as many as a run has time for."""

import random
from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

import pytest

Row = TypeVar("Row")
CERTAIN = "tasktwin_certain"


def certain(*row: Any) -> Any:
    """A row of a table that every run looks at: a bound, a value that tells most."""
    return pytest.param(*row, marks=getattr(pytest.mark, CERTAIN))


def table(rows: Collection[Any], *told: Any) -> list[Any]:
    """The rows of a table, of which those `told` are certain; a tuple is one row.

    Raises `LookupError` where one of those is not in the table.
    """
    if missing := [row for row in told if row not in rows]:
        raise LookupError(f"the table has no row {missing[0]!r}")
    return [_certain(row) if row in told else row for row in rows]


def _certain(row: Any) -> Any:
    return certain(*row) if isinstance(row, tuple) else certain(row)


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
