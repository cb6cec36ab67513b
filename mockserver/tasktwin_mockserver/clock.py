"""The time of a world, in microseconds since the epoch."""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

MICROSECONDS = 1_000_000
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


def text(microseconds: int) -> str:
    """A moment, in microseconds since the epoch, as ISO 8601 has it."""
    seconds, rest = divmod(microseconds, MICROSECONDS)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
