"""Moments: as they are sent, and as they are answered, in UTC."""

from datetime import UTC, datetime, timedelta

from tasktwin_mockserver.clock import MICROSECONDS
from tasktwin_mockserver.fivepm.errors import InvalidError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 24 * 3600 * MICROSECONDS


def moment(name: str, text: str) -> str:
    """A moment that was sent as `name`, as it is answered.

    Raises `InvalidError` for a day that no calendar has.
    """
    try:
        return _written(datetime.fromisoformat(text))
    except ValueError:
        raise InvalidError(f"{name} is no day of the calendar.") from None


def stamp_text(stamp: int) -> str:
    """Microseconds since the epoch as they are answered."""
    return _written(EPOCH + timedelta(microseconds=stamp))


def _written(when: datetime) -> str:
    # Written out, for strftime leaves out the zeros of early years.
    return when.replace(tzinfo=None).isoformat(" ", "seconds")
