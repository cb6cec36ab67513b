"""Addresses and contacts as they are kept: whole, and with a location if one is found.

Instead of asking a map, a location is worked out from the letters of an address: the
same for the same address in every world, and nowhere near the real one.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from tasktwin_mockserver.gsmtasks.records import Place
from tasktwin_schemas import schema

CONTACT = tuple(schema("gsmtasks", "contact-write")["properties"])
ADDRESS = tuple(schema("gsmtasks", "address-write")["properties"])
NO_LOCATION = "No location is known for the address."
LARGEST = 2**32 - 1
DIGITS = 7


def contact(sent: Mapping[str, str]) -> dict[str, str]:
    """A contact with all its fields, those that were not sent empty."""
    return {name: sent.get(name, "") for name in CONTACT}


def address(sent: Mapping[str, Any]) -> dict[str, Any]:
    """An address with all its fields, located if anything is known of it."""
    whole = {name: sent.get(name, "") for name in ADDRESS}
    raw = whole["raw_address"].strip()
    whole["location"] = sent.get("location") or (located(raw) if raw else None)
    whole["formatted_address"] = whole["formatted_address"] or raw
    return whole


def located(text: str) -> Place:
    """The point that stands for an address."""
    digest = blake2b(text.encode(), digest_size=8).digest()
    east, north = (int.from_bytes(half) / LARGEST for half in (digest[:4], digest[4:]))
    longitude, latitude = (
        round(east * 360 - 180, DIGITS),
        round(north * 170 - 85, DIGITS),
    )
    return {"type": "Point", "coordinates": [longitude, latitude]}


def issues(where: Mapping[str, Any]) -> list[str]:
    """What is wrong with an address."""
    return [] if where["location"] else [NO_LOCATION]
