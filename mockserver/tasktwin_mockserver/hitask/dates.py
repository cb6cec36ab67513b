"""Dates as HiTask writes them: milliseconds, and a numeric offset."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tasktwin_mockserver.hitask.records import User

if TYPE_CHECKING:
    from tasktwin_mockserver.hitask.universe import HiTaskWorld

SECOND = 1_000_000
MINUTE = timedelta(minutes=1)
LONGEST_ZONE = 64  # twice what the longest name has; each part may cost an import


@lru_cache(maxsize=10_000)
def stamp_text(stamp: int) -> str:
    """The text of a stamp of the server's, in microseconds since the epoch."""
    seconds, rest = divmod(stamp, SECOND)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    return moment.isoformat(timespec="milliseconds")


def date_text(moment: datetime, world: "HiTaskWorld", user: User) -> str:
    """`moment` with the offset that it was sent with, else the one of its user."""
    if moment.tzinfo is None:
        preference = world.preferences.get((user.id, "time_zone"))
        zone = _zone(preference.value) if preference else UTC
        moment = _to_the_minute(moment.replace(tzinfo=zone))
    return moment.isoformat(timespec="milliseconds")


def _zone(name: str) -> tzinfo:
    """The time zone of that name; UTC where there is none."""
    if len(name) > LONGEST_ZONE:
        return UTC
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # by what stands under that name
        return UTC


def _to_the_minute(moment: datetime) -> datetime:
    """The same moment with an offset in whole minutes, as dates are written.

    Before clocks were set by zones, offsets had seconds.
    """
    offset = moment.utcoffset() or timedelta()
    seconds = offset % MINUTE
    return moment.astimezone(timezone(offset - seconds)) if seconds else moment
