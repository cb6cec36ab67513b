"""How far a run may go on a server that is not ours, and what it then cannot judge."""

from collections.abc import Collection, Iterable
from enum import IntEnum
from typing import NoReturn


class Access(IntEnum):
    """What a run may touch: nothing, what it made itself, its actors' accounts too."""

    READ = 0
    OWN = 1
    FULL = 2

    @classmethod
    def of(cls, name: str) -> "Access":
        """The access of that name, in whatever letter case."""
        return cls[name.upper()]


ACCESSES = tuple(access.name.lower() for access in Access)
NEEDED = {"read": Access.READ, "own": Access.OWN, "account": Access.FULL}
"""The access that an operation of each effect asks for."""

NEVER_LENT = {
    "clock": "a clock that can be turned",
    "settings": "worlds with settings of their own",
}


def lacking(reason: str) -> NoReturn:
    """End the test here: the target does not lend what it asks for."""
    import pytest

    pytest.skip(reason)


def unmet(
    needs: Iterable[str], actors: Collection[str], administrator: str
) -> str | None:
    """The first of a clause's `needs` that no call could tell of, in words.

    People and access are asked for, one by one, as a test goes on; so a clause that
    needs them is still judged as far as it goes. `actors` are the names under which
    people are configured, `administrator` that of who may do all. Who is alone lends
    no rank: whatever they are called, they play the owner of what they make.
    """
    for need in needs:
        if need in NEVER_LENT:
            return f"it needs {NEVER_LENT[need]}, which a live server does not lend"
        if need == "team_admin" and not (len(actors) > 1 and administrator in actors):
            return f"it needs {administrator} beside others, who is not configured"
    return None
