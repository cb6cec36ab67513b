"""What ties a test to the clauses that it judges."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from tasktwin_schemas import Clause

BLAMED = "tasktwin_blamed"
LEVELS = ("MUST", "SHOULD", "UNDOCUMENTED")  # from the surest


def clause(*ids: str) -> pytest.MarkDecorator:
    """Mark a test as judging these clauses: it fails, they are broken.

    Of several the least certain are, unless the failure comes from where a part of them
    is `judging`: a test that wants more than the documents say blames no MUST for it.
    """
    return pytest.mark.tasktwin_clause(*ids)


@contextmanager
def judging(*ids: str) -> Iterator[None]:
    """Hold what fails in here against these clauses, and no other of the test."""
    try:
        yield
    except AssertionError as error:
        if not hasattr(error, BLAMED):
            setattr(error, BLAMED, ids)
        raise


def blamed(named: Sequence[Clause], error: AssertionError) -> tuple[str, ...]:
    """Whom an error of a test is held against that is marked with these clauses."""
    told: tuple[str, ...] = getattr(error, BLAMED, ())
    if told:
        return told
    least = max(LEVELS.index(one.level) for one in named)
    return tuple(one.id for one in named if LEVELS.index(one.level) == least)
