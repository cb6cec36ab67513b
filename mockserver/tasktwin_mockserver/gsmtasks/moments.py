"""Moments: microseconds since the epoch inside, UTC texts outside."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = EPOCH.replace(tzinfo=None)  # texts of it need no offset cut off
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
DAY = 24 * 3600 * SECOND


def micros(moment: datetime) -> int:
    """A moment that was read; without an offset it is taken for UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // MICROSECOND


def text(moment: int | None) -> str | None:
    """A moment as it is written, always as long, so that texts sort as moments do."""
    if moment is None:
        return None
    written = START + moment * MICROSECOND
    return f"{written.isoformat(timespec='microseconds')}Z"
