"""What it takes at least to make a record of each resource."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

from tasktwin_contract.actors import Actor

LEFT_OUT = object()
"""Stands for a field that is not to be sent, though it is needed."""

PLACE = {"raw_address": "Kase 12, 30321 Kohtla-Järve, Estonia"}
PERSON = {"name": "Tom Smith", "company": "Fast", "phone": "+447700900132"}
TEXT = b"Sixteen pallets, no ramp.\n"
WINDOW = {"active_from": "2015-09-08T00:00:00Z", "active_until": "2015-09-10T00:00:00Z"}


def data_url(data: bytes, media_type: str = "text/plain") -> str:
    """Bytes as a data URL in Base64."""
    return f"data:{media_type};base64,{b64encode(data).decode()}"


def file_in_json(
    data: bytes = TEXT, name: str = "load.txt", media_type: str = "text/plain"
) -> dict[str, str]:
    """A file as JSON has it."""
    return {"name": name, "contents": data_url(data, media_type)}


def _account(actor: Actor) -> str:
    account: str = actor.account
    return account


def _url_of(noun: str) -> Callable[[Actor], Any]:
    return lambda actor: actor.make(noun)["url"]


def _same(value: Any) -> Callable[[Actor], Any]:
    return lambda actor: value


def _contact(actor: Actor) -> dict[str, str]:
    return {**PERSON, "notes": actor.world.guid()}


Makers = Mapping[str, Callable[[Actor], Any]]

SHOWN = (
    "show_driver_info",
    "show_destination",
    "show_sms_action",
    "show_call_action",
    "show_logo",
    "show_path",
    "autozoom",
)

LEAST: Mapping[str, Makers] = {
    "role": {
        "account": _account,
        "user": _url_of("user"),
        "is_manager": _same(False),
        "is_worker": _same(True),
    },
    "user": {"email": lambda actor: actor.world.address()},
    "client": {"account": _account, "name": _same("Corner shop")},
    "order": {"account": _account},
    "task": {"account": _account, "address": _same(PLACE)},
    "contact_address": {
        "account": _account,
        "contact": _contact,
        "address": _same(PLACE),
    },
    "tracker": {
        "account": _account,
        "tasks": lambda actor: [actor.make("task")["url"]],
        "active_states": _same(["transit", "active"]),
        "max_zoom_level": _same(17),
        **{name: _same(value) for name, value in WINDOW.items()},
        **{name: _same(name != "show_path") for name in SHOWN},
    },
    "route": {
        "account": _account,
        "assignee": lambda actor: actor.hand.user,
        "tasks": lambda actor: [actor.make("task")["url"]],
    },
    "file_upload": {"file": lambda actor: file_in_json()},
    "document": {
        "task": _url_of("task"),
        "file_upload": _url_of("file_upload"),
        "visible_to_worker": _same(True),
        "visible_to_client": _same(True),
    },
    "signature": {
        "task": _url_of("task"),
        "file_upload": _url_of("file_upload"),
        "signer": _same(PERSON),
    },
}


def body(actor: Actor, noun: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """`fields`, and what a new record needs beside. Raises `NotJudgedError`."""
    missing = {n: make for n, make in LEAST[noun].items() if n not in fields}
    whole = {**{name: make(actor) for name, make in missing.items()}, **fields}
    return {name: value for name, value in whole.items() if value is not LEFT_OUT}
