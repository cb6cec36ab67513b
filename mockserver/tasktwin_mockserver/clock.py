"""The time of a world, in microseconds since the epoch."""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

T = TypeVar("T", int, float)
MICROSECONDS = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = 253_370_764_800 * MICROSECONDS  # the year 9999; what comes after has no text


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs beside the machine's, or stands still.

    It is immutable, as all of a world's state is: turning it makes another clock.
    `offset` is added to the machine's time; `frozen` is the time at which it stands.
    """

    offset: int = 0
    frozen: int | None = None

    def now(self) -> int:
        """Microseconds since the epoch."""
        if self.frozen is not None:
            return self.frozen
        return time.time_ns() // 1000 + self.offset

    def set(self, now: int, *, frozen: bool) -> "Clock":
        """A clock that shows `now`, and stands there if `frozen`."""
        if frozen:
            return Clock(frozen=now)
        return Clock(offset=now - time.time_ns() // 1000)

    def advance(self, microseconds: int) -> "Clock":
        """A clock that is so much ahead of this one."""
        if self.frozen is not None:
            return Clock(frozen=self.frozen + microseconds)
        return replace(self, offset=self.offset + microseconds)


def microseconds(moment: datetime) -> int:
    """A moment in microseconds since the epoch.

    Raises `ValueError` for one without a time zone, or that no clock shows.
    """
    if moment.tzinfo is None:
        raise ValueError("a time needs Z or an offset")
    return _shown((moment - EPOCH) // timedelta(microseconds=1))


def shifted(clock: Clock, seconds: float) -> Clock:
    """A clock that is so much ahead. Raises `ValueError` where none can be."""
    _shown(clock.now() + seconds * MICROSECONDS)
    return clock.advance(round(seconds * MICROSECONDS))


def _shown(now: T) -> T:
    if not 0 <= now < LATEST:
        raise ValueError("the clock goes from 1970 to 9999")
    return now


def text(microseconds: int) -> str:
    """A moment, in microseconds since the epoch, as ISO 8601 has it."""
    seconds, rest = divmod(microseconds, MICROSECONDS)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
