"""What ties a test to the clauses that it judges."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pytest

from tasktwin_schemas import Clause

BLAMED, RESTING = "tasktwin_blamed", "tasktwin_resting"
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


@contextmanager
def resting_on(*ids: str | None) -> Iterator[None]:
    """Hold what fails in here against these clauses where the test's are more certain.

    That is for what a test takes for granted, and cannot tell from what it judges.
    """
    try:
        yield
    except AssertionError as error:
        rest(error, *ids)
        raise


def rest(error: AssertionError, *ids: str | None) -> None:
    """Note that an error may come of these clauses, whatever was to be judged."""
    known: tuple[str, ...] = getattr(error, RESTING, ())
    setattr(error, RESTING, (*known, *filter(None, ids)))


def blamed(
    names: Sequence[str], error: AssertionError, known: Mapping[str, Clause]
) -> tuple[str, ...]:
    """Whom an error of a test is held against that is marked with these clauses."""
    told: tuple[str, ...] = getattr(error, BLAMED, ())
    guilty = told or _least(names, known)
    doubtful = _least((*guilty, *getattr(error, RESTING, ())), known)
    return guilty if {*guilty} & {*doubtful} else doubtful


def _least(names: Sequence[str], known: Mapping[str, Clause]) -> tuple[str, ...]:
    """The least certain of these clauses."""
    levels = {name: LEVELS.index(known[name].level) for name in names}
    return tuple(name for name in levels if levels[name] == max(levels.values()))
