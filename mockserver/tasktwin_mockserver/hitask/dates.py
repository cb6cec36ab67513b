"""Dates as HiTask writes them: milliseconds, and a numeric offset."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tasktwin_mockserver.hitask.records import User

if TYPE_CHECKING:
    from tasktwin_mockserver.hitask.universe import HiTaskWorld

SECOND = 1_000_000


@lru_cache(maxsize=10_000)
def stamp_text(stamp: int) -> str:
    """The text of a stamp of the server's, in microseconds since the epoch."""
    seconds, rest = divmod(stamp, SECOND)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    return moment.isoformat(timespec="milliseconds")


def date_text(moment: datetime, world: "HiTaskWorld", user: User) -> str:
    """`moment` with the offset that it was sent with, else the one of its user."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_zone(world, user))
    return moment.isoformat(timespec="milliseconds")


def _zone(world: "HiTaskWorld", user: User) -> ZoneInfo:
    preference = world.preferences.get((user.id, "time_zone"))
    return ZoneInfo(preference.value if preference else "UTC")
