"""Preferences: one store, seen in two formats.

Published at https://hitask.com under Get User Preferences, Set User Preferences.
"""

from collections.abc import Mapping
from typing import Any

import jsonschema_rs
import msgspec

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.exchange import is_too_deep
from tasktwin_mockserver.hitask.errors import WrongPreferencesError
from tasktwin_mockserver.hitask.records import Preference
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld
from tasktwin_schemas import schema

NEW_FROM = 7
CREDENTIALS = ("session_id", "api_key")
LISTS: Mapping[str, Any] = schema("hitask", "preferences-new")["properties"]
LIST = jsonschema_rs.validator_for(
    {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    | next(iter(LISTS.values()))
)


@operation("getPreferencesV6")
def get_preferences_v6(call: Call, world: HiTaskWorld) -> dict[str, Any]:
    """The preferences in the old format: every value is a text."""
    return {row.key: row.value for row in _rows(call, world)}


@operation("getPreferences")
def get_preferences(call: Call, world: HiTaskWorld) -> dict[str, Any]:
    """The preferences in the format of the version that was asked for."""
    rows = _rows(call, world)
    return {row.key: _shown(row.key, row.value, call.version) for row in rows}


@operation("setPreferences")
def set_preferences(call: Call, world: HiTaskWorld) -> dict[str, Any]:
    """Keep what is sent beside what there is, and answer all of it."""
    sent = {
        key: _kept(key, value)
        for key, value in call.parameters.items()
        if key not in CREDENTIALS and value is not None
    }
    for key, text in sent.items():
        call.write.put(world.preferences, Preference(call.user.id, key, text))
    merged = {row.key: row.value for row in _rows(call, world)} | sent
    return {key: _shown(key, text, call.version) for key, text in merged.items()}


def _rows(call: Call, world: HiTaskWorld) -> tuple[Preference, ...]:
    return world.preferences.where("user", call.user.id)


def _shown(key: str, text: str, version: int | None) -> Any:
    """A value in the format of `version`; the store has the old one."""
    old = version is not None and version < NEW_FROM
    return text if old or key not in LISTS else msgspec.json.decode(text)


def _kept(key: str, value: Any) -> str:
    """The text that `value` is kept as. Raises `WrongPreferencesError`."""
    if key in LISTS:
        return _list_text(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return _text(value)
    raise WrongPreferencesError


def _list_text(value: Any) -> str:
    """The text of a list of permissions, which came as a list or as text."""
    try:
        rows = msgspec.json.decode(value or "[]") if isinstance(value, str) else value
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise WrongPreferencesError from None
    if is_too_deep([rows]) or not LIST.is_valid(rows):
        raise WrongPreferencesError
    return _text(rows)


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
