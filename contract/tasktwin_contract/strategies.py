"""From schemas to Hypothesis: values that a contract allows."""

import string
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

MOST_LIST = 3
# What people write with, and what servers stumble over: several scripts, letters that
# normalisation changes, marks that combine, wide spaces, and what UTF-16 needs two
# units for. Controls are left out: nobody promises to keep them. Few and long ranges,
# for Hypothesis looks through all of them again and again.
RANGES = (
    (0x21, 0x7E),  # ASCII
    (0xA1, 0x17F),  # Latin with accents
    (0x391, 0x3A1),  # Greek
    (0x410, 0x44F),  # Cyrillic
    (0x5D0, 0x5EA),  # Hebrew
    (0x627, 0x63A),  # Arabic
    (0x905, 0x939),  # Devanagari
    (0x2160, 0x2188),  # Roman numerals, which normalisation takes apart
    (0x4E00, 0x4E7F),  # Chinese
    (0xAC00, 0xAC7F),  # Korean
    (0xFF21, 0xFF5A),  # full width Latin
    (0x1F300, 0x1F37F),  # pictures
)
SPACES = " \u00a0\u2003\u3000\u0301"
VISIBLE_LETTERS = "".join(
    chr(n) for start, end in RANGES for n in range(start, end + 1)
)
VISIBLE = st.characters(categories=(), include_characters=VISIBLE_LETTERS)
LETTERS = st.characters(categories=(), include_characters=VISIBLE_LETTERS + SPACES)


def titles(most: int = 255) -> SearchStrategy[str]:
    """Text of 1 to `most` code points that is not all white space."""
    before = st.text(LETTERS, max_size=most // 2)
    after = st.text(LETTERS, max_size=most - most // 2 - 1)
    return st.builds("{}{}{}".format, before, VISIBLE, after)


def guids() -> SearchStrategy[str]:
    """UUIDs as clients make them."""
    return st.uuids(version=4).map(str)


def offsets() -> SearchStrategy[timezone]:
    """Offsets from UTC that are in use, to the minute."""
    quarters = st.integers(-12 * 4, 14 * 4)
    return quarters.map(lambda quarter: timezone(timedelta(minutes=15 * quarter)))


def moments() -> SearchStrategy[datetime]:
    """Moments on a millisecond, with an offset."""
    first, last = datetime(1970, 1, 2), datetime(2099, 12, 30)  # noqa: DTZ001 (bounds)
    plain = st.datetimes(first, last)
    return st.builds(_on_millisecond, plain, offsets())


def _on_millisecond(moment: datetime, offset: timezone) -> datetime:
    rounded = moment.microsecond // 1000 * 1000
    return moment.replace(microsecond=rounded, tzinfo=offset)


def dates() -> SearchStrategy[str]:
    """ISO 8601 texts with milliseconds and a numeric offset."""
    return moments().map(lambda moment: moment.isoformat(timespec="milliseconds"))


def valid(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    """Values that `schema` allows; null, which means absent, is left out."""
    if "enum" in schema:
        return st.sampled_from([v for v in schema["enum"] if v is not None])
    kinds = schema.get("type", "string")
    kind = next(
        k for k in ([kinds] if isinstance(kinds, str) else kinds) if k != "null"
    )
    return KINDS[kind](schema)


def _texts(schema: Mapping[str, Any]) -> SearchStrategy[str]:
    if schema.get("format") == "date-time":
        return dates()
    if schema.get("format") == "uuid":
        return guids()
    if "pattern" in schema and schema["pattern"].startswith("^"):
        return st.from_regex(schema["pattern"], fullmatch=True, alphabet=PRINTABLE)
    return titles(schema.get("maxLength", 255))


def _integers(schema: Mapping[str, Any]) -> SearchStrategy[int]:
    return st.integers(schema.get("minimum"), schema.get("maximum"))


def _numbers(schema: Mapping[str, Any]) -> SearchStrategy[float]:
    least, most = schema.get("minimum", -1e6), schema.get("maximum", 1e6)
    return st.integers(int(least * 4), int(most * 4)).map(lambda quarter: quarter / 4)


def _lists(schema: Mapping[str, Any]) -> SearchStrategy[list[Any]]:
    return st.lists(valid(schema["items"]), min_size=1, max_size=MOST_LIST)


def _objects(schema: Mapping[str, Any]) -> SearchStrategy[dict[str, Any]]:
    properties = schema.get("properties", {})
    return st.fixed_dictionaries(
        {name: valid(rule) for name, rule in properties.items()}
    )


PRINTABLE = st.sampled_from(string.ascii_letters + string.digits + string.punctuation)
KINDS = {
    "string": _texts,
    "integer": _integers,
    "number": _numbers,
    "boolean": lambda schema: st.booleans(),
    "array": _lists,
    "object": _objects,
}
