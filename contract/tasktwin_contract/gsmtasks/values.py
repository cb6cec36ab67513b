"""Texts and moments as they are sent, and as they are answered."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.strategies import titles

texts = titles(30).filter(lambda text: text == text.strip())


def stored(text: Any) -> datetime:
    """The moment that an answer means."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (TypeError, ValueError):
        raise ClauseBrokenError("a moment", repr(text)) from None


def written(moment: datetime, digits: int, mark: str) -> str:
    """A moment with so many digits after its second; `mark` stands for UTC."""
    parts = moment.isoformat(timespec="microseconds")
    head, offset = parts[:19], parts[26:]
    fraction = f".{parts[20:26][:digits]}" if digits else ""
    utc = moment.utcoffset() == timedelta()
    return f"{head}{fraction}{mark if utc else offset}"


CATEGORIES = ("assignment", "pick_up", "drop_off")
