"""What a test raises.

AssertionError
└── ClauseBrokenError    the target did not do what the clause says
Exception
└── NotJudgedError       the clause could not be judged; nobody is blamed
    └── UnreachableError     the target does not answer at all
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


class ClauseBrokenError(AssertionError):
    """The target broke the clause: what the clause wants, and what was there."""

    def __init__(self, expected: str, actual: str) -> None:
        super().__init__(f"expected {expected}, got {actual}")
        self.expected = expected
        self.actual = actual

    def add(self, words: str) -> None:
        """Say more of what was expected."""
        self.expected = f"{self.expected} {words}"
        self.args = (f"expected {self.expected}, got {self.actual}",)


def only(rows: Iterable[T]) -> T:
    """The one that there is. Raises `ClauseBrokenError` where there is not just one."""
    found = list(rows)
    if len(found) != 1:
        raise ClauseBrokenError("just one", repr(found)[:400])
    return found[0]


class NotJudgedError(Exception):
    """The test could not come to its point, say because nothing could be created."""


class UnreachableError(NotJudgedError):
    """The target did not answer, or not in HTTP."""


def leaves(error: BaseException) -> Iterator[BaseException]:
    """The exceptions that a group is made of, or the one that is no group."""
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from leaves(part)
    else:
        yield error
