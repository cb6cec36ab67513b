"""What a record can be changed in, field by field."""

from collections.abc import Callable, Mapping
from typing import Any

from tasktwin_contract.actors import Actor

Value = Callable[[Actor], Any]


def _same(value: Any) -> Value:
    return lambda actor: value


def _url(noun: str) -> Value:
    return lambda actor: actor.make(noun)["url"]


def _urls(noun: str) -> Value:
    return lambda actor: [actor.make(noun)["url"] for _ in "ab"]


MOMENT = "2016-02-29T12:30:15.250000Z"
LATER = "2016-03-01T00:00:00.125000Z"
PLACE = {"type": "Point", "coordinates": [24.75, 59.5]}
WHOLE_ADDRESS = {
    "raw_address": "Pikk 3, Tallinn",
    "formatted_address": "Pikk 3, 10123 Tallinn",
    "location": PLACE,
    "google_place_id": "abc",
    "point_of_interest": "the old town",
    "street": "Pikk",
    "house_number": "3",
    "apartment_number": "7",
    "city": "Tallinn",
    "state": "Harju",
    "postal_code": "10123",
    "country": "Estonia",
    "country_code": "EE",
}
WHOLE_CONTACT = {
    "name": "Ann Lee",
    "company": "Lee and Sons",
    "phone": "+3725550123",
    "email": "ann@example.com",
    "notes": "Ring twice.",
}

WRITABLE: Mapping[str, Mapping[str, Value]] = {
    "role": {"is_manager": _same(True)},
    "client": {"name": _same("Another shop"), "archived": _same(True)},
    "order": {
        "external_id": _same("7869"),
        "reference": _same("O-112"),
        "client": _url("client"),
        "tasks": _urls("task"),
        "auto_assign": _same(True),
    },
    "task": {
        "order": _url("order"),
        "external_id": _same("7869"),
        "category": _same("pick_up"),
        "orderer": _url("client"),
        "receiver": _url("client"),
        "contact": _same(WHOLE_CONTACT),
        "address": _same(WHOLE_ADDRESS),
        "description": _same("Left of the gate."),
        "reference": _same("O-112"),
        "complete_after": _same(MOMENT),
        "complete_before": _same("2099-01-01T00:00:00.125000Z"),
        "scheduled_time": _same(MOMENT),
        "assignee": lambda actor: actor.hand.user,
        "auto_assign": _same(True),
        "position": _same(MOMENT),
        "duration": _same("00:15:00"),
        "metafields": _same({"gate": {"code": [1, None, "x"]}}),
    },
    "contact_address": {
        "client": _url("client"),
        "contact": _same(WHOLE_CONTACT),
        "address": _same(WHOLE_ADDRESS),
    },
    "tracker": {
        "tasks": _urls("task"),
        "active_from": _same("2015-09-07T00:00:00.125000Z"),
        "active_until": _same(LATER),
        "active_states": _same(["unassigned", "failed"]),
        "show_driver_info": _same(False),
        "show_destination": _same(False),
        "show_sms_action": _same(False),
        "show_call_action": _same(False),
        "show_logo": _same(False),
        "show_path": _same(True),
        "autozoom": _same(False),
        "max_zoom_level": _same(3),
    },
}
CHANGES = [(noun, field) for noun, fields in WRITABLE.items() for field in fields]
FOLLOWING = {
    ("task", "assignee"): {"state", "actions", "counts", "issues"},
    ("task", "address"): {"issues"},
    ("task", "position"): set(),
}
"""Fields that follow the one that is changed."""


def change(actor: Actor, noun: str, field: str) -> dict[str, Any]:
    """A new value for one field. Raises `NotJudgedError` where one cannot be made."""
    return {field: WRITABLE[noun][field](actor)}
