"""Preferences: their two formats, and what may be in them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.hitask.values import LATIN, LEAST, MOST, texts
from tasktwin_contract.reply import Reply
from tasktwin_contract.strategies import titles

Kept = dict[str, Any]
"""Preferences as the new format has them."""

SHARING = (
    "default_sharing_permission_auto",
    "default_new_item_sharing_permission",
    "default_sharing_permission_last",
)
# Some of those that the documents show, with values that mean something.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "notify_app_item_deleted": ("true", "false"),
    "notify_email_item_comment": ("true", "false"),
    "show_confirmation_complete": ("true", "false"),
    "enable_time_tracking": ("true", "false"),
    "daily_summary_email_1": ("true", "false"),
    "first_day_of_week": ("0", "1"),
    "time_format": ("12", "24"),
    "date_format": ("d-m-y", "m-d-y"),
    "default_sharing_permission": ("50", "100"),
    "item.action.combobutton.last-used": ("DELETE", "ARCHIVE"),
}
CREDENTIALS = ("session_id", "api_key")  # which a body may carry, too
SECRET = "password"  # a key that no answer may have
OLD_PREFIXES = ("/v2", "/v3", "/v4", "/v5", "/v6")
NEW_PREFIXES = ("", "/v7")
PREFIXES = (*OLD_PREFIXES, *NEW_PREFIXES)


def write(actor: Actor, sent: Mapping[str, Any], via: str = "json") -> Reply:
    """Call setPreferences with `sent` in the body."""
    return actor.using(via=via).call("setPreferences", **sent)


def old(actor: Actor) -> Kept:
    """The preferences in the old format."""
    return _object(actor.call("getPreferencesV6"))


def new(actor: Actor) -> Kept:
    """The preferences in the new format."""
    return _object(actor.call("getPreferences"))


def read(shown: Kept) -> Kept:
    """What the old format shows as the new one would: lists for the texts of lists.

    Raises `ClauseBrokenError` where one of the three holds no JSON text.
    """
    return {
        key: parsed(key, value) if key in SHARING else value
        for key, value in shown.items()
    }


def shown_as(prefix: str, data: Kept) -> Kept:
    """What that version answered, as the new format has it."""
    return read(data) if prefix in OLD_PREFIXES else data


def differences(one: Kept, other: Kept) -> list[str]:
    """The keys in which the two differ."""
    nothing = object()
    keys = one.keys() | other.keys()
    return sorted(k for k in keys if one.get(k, nothing) != other.get(k, nothing))


def hold(actor: Actor, expected: Kept) -> None:
    """Demand that both formats have exactly `expected`."""
    agree(new(actor), expected, "in the new format")
    agree(read(old(actor)), expected, "in the old format")


def agree(found: Kept, expected: Kept, where: str = "in the answer") -> None:
    """Demand that `found` is `expected`, key by key."""
    for key in differences(expected, found):
        wanted, actual = (
            f"{one[key]!r:.200}" if key in one else "absent"
            for one in (expected, found)
        )
        raise ClauseBrokenError(f"{key!r:.60} {where} to be {wanted}", actual)


def _object(reply: Reply) -> Kept:
    data = reply.expect(200).data
    if not isinstance(data, dict):
        raise ClauseBrokenError("a JSON object", reply.summary)
    return data


def parsed(key: str, value: Any) -> Any:
    """What a preference's text says in JSON. Raises `ClauseBrokenError`."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        raise ClauseBrokenError(f"JSON text in {key}", repr(value)) from None


def entries() -> SearchStrategy[list[dict[str, Any]]]:
    """Lists of permissions, their principals numbers or texts."""
    numbers = st.integers(1, 10**12)
    entry = st.fixed_dictionaries(
        {
            "principal": numbers | numbers.map(str),
            "level": st.sampled_from([10, 20, 30, 40, 50, 60, 70, 80, 100]),
        }
    )
    return st.lists(entry, max_size=4)


def lists() -> SearchStrategy[Kept]:
    """Some of the three sharing preferences, as lists."""
    return st.dictionaries(st.sampled_from(SHARING), entries(), max_size=3)


def known() -> SearchStrategy[Kept]:
    """Some of the documented preferences, with values that mean something."""
    pairs = [(key, value) for key, values in KNOWN.items() for value in values]
    return st.lists(st.sampled_from(pairs), max_size=4).map(dict)


def others() -> SearchStrategy[Kept]:
    """Preferences of a client's own."""
    names = st.text(f"{LATIN}._-", min_size=1, max_size=30).map("zz{}".format)
    return st.dictionaries(names, titles(30), max_size=4)


def names() -> SearchStrategy[str]:
    """Any names that mean nothing: no credentials, no sharing, no password."""
    taken = {*CREDENTIALS, *SHARING}
    return texts(20).filter(lambda name: name not in taken and SECRET not in name)


def scalars() -> SearchStrategy[bool | int | float]:
    """Numbers and booleans."""
    fractions = st.floats(allow_nan=False, allow_infinity=False)
    return st.booleans() | st.integers(LEAST, MOST) | fractions


def as_texts(sent: Kept, keys: Iterable[str] = SHARING) -> Kept:
    """`sent` with the lists of `keys` as JSON text."""
    return {
        key: json.dumps(value) if key in keys and key in SHARING else value
        for key, value in sent.items()
    }
