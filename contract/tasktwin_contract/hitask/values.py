"""Values of HiTask's parameters, good ones and wrong ones, as strategies."""

import string
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tasktwin_contract.hitask.steps import FIELDS

MOST, LEAST = 2**63 - 1, -(2**63)
LATIN = string.ascii_letters + string.digits
LOGIN_MARKS = "._@+-"
CONTROLS = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0))))
NO_LOGIN_MARKS = sorted({*string.punctuation, *CONTROLS, " "} - {*LOGIN_MARKS})
ALERTS = "alerts"  # whose refusals have codes of their own
# No reading takes these for an e-mail address, whatever word is put in.
NO_EMAILS = (
    "{0}",
    "@{0}.org",
    "{0}@",
    "{0}@{0}@{0}.org",
    "{0} {0}@{0}.org",
    "{0}@{0} .org",
    "{0}@{0}.org\n",
    "{0}@{0}..org",
    "{0}@.{0}.org",
    "<{0}@{0}.org>",
)

UNICODE = st.characters(exclude_categories=["Cs"])
integers_of_64_bits = st.integers(LEAST, MOST)
large_integers = st.integers(MOST + 1) | st.integers(max_value=LEAST - 1)
letters = st.text(string.ascii_letters, min_size=1, max_size=20)
words = st.text(LATIN, min_size=1, max_size=20)


def texts(most: int = 200) -> SearchStrategy[str]:
    """Any Unicode text but none: controls, noncharacters, whatever encodes."""
    return st.text(UNICODE, min_size=1, max_size=most)


def json_values(whole: SearchStrategy[int]) -> SearchStrategy[Any]:
    """Anything that JSON can say but null, its integers drawn from `whole`."""
    numbers = st.floats(allow_nan=False, allow_infinity=False)
    leaves = st.booleans() | whole | numbers | texts(20)
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(texts(5), inner, max_size=3)
        ),
        max_leaves=5,
    )


def tag_lists() -> SearchStrategy[list[str]]:
    """A few tags that nobody takes for the same one."""
    return st.lists(words, min_size=1, max_size=4, unique_by=str.lower)


def comparable(tags: Any) -> list[str] | Any:
    """A list of tags in one order; whatever else is there as it is."""
    return sorted(map(str, tags)) if isinstance(tags, list) else tags


def unknown_names() -> SearchStrategy[str]:
    """Names that no parameter of the API has, nor will have."""
    return words.map("zz-{}".format)


def any_case(word: str) -> SearchStrategy[str]:
    """`word` with each letter small or capital."""
    letters = [st.sampled_from(sorted({c.lower(), c.upper()})) for c in word]
    return st.tuples(*letters).map("".join)


def moments() -> SearchStrategy[datetime]:
    """Moments on a millisecond, with any offset to the minute."""
    minutes = st.integers(-12 * 60, 14 * 60)
    offsets = minutes.map(lambda minute: timezone(timedelta(minutes=minute)))
    days = st.dates(date(1900, 1, 2), date(2200, 1, 1))
    return st.builds(_moment, days, st.times(), offsets)


def local_times() -> SearchStrategy[datetime]:
    """Times without an offset, at hours at which no clock is changed."""
    days = st.dates(date(1980, 1, 1), date(2037, 1, 1))
    return st.builds(_moment, days, st.times(time(6), time(22)), st.none())


def _moment(day: date, at: time, zone: tzinfo | None) -> datetime:
    at = at.replace(microsecond=at.microsecond // 1000 * 1000, fold=0)
    return datetime.combine(day, at, zone)


def names() -> SearchStrategy[str]:
    """First and last names: 1 to 100 characters, no controls, no angle brackets."""
    plain = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="<>")
    rest = st.text(plain, max_size=49)
    return st.builds("{}{}{}".format, rest, st.sampled_from(LATIN), rest)


def bad_names() -> SearchStrategy[str]:
    """Names that are blank or too long."""
    return st.text(" ", max_size=5) | st.text(LATIN, min_size=101, max_size=150)


def logins() -> SearchStrategy[str]:
    """Logins of 4 to 64 characters that nobody of the cast has."""
    return st.text(LATIN + LOGIN_MARKS, min_size=1, max_size=61).map("zz-{}".format)


def emails() -> SearchStrategy[str]:
    """E-mail addresses that nobody of the cast has."""
    return words.map("zz.{}@example.org".format)


_lists = st.lists(words, max_size=2)
_objects = st.dictionaries(words, words, max_size=2)
_no_booleans = st.sampled_from(["yes", "on", "2", "wahr"])
_fractions = st.integers(0, 100).map(lambda number: number + 0.5)
_wholes = st.integers(2, 100)
WRONG: dict[str, SearchStrategy[Any]] = {
    "string": st.one_of(st.booleans(), _wholes, _fractions, _lists, _objects),
    "integer": st.one_of(st.booleans(), _fractions, letters, _lists, _objects),
    "number": st.one_of(st.booleans(), letters, _lists, _objects),
    "boolean": st.one_of(_wholes, _fractions, _no_booleans, _lists, _objects),
    "array": st.one_of(st.booleans(), _wholes, _fractions, _objects),
    "object": st.one_of(st.booleans(), _wholes, _fractions, _lists),
}


def wrong_fields() -> SearchStrategy[dict[str, Any]]:
    """One field of an item with a value of a type that it never has."""
    kinds = {name: _kind(rule) for name, rule in FIELDS.items()}
    names = sorted(kinds.keys() - {ALERTS, "guid"})
    return st.sampled_from(names).flatmap(
        lambda name: st.fixed_dictionaries({name: WRONG[kinds[name]]})
    )


def _kind(rule: dict[str, Any]) -> str:
    listed = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    kind: str = listed[0]
    return kind
