"""The addresses of records: written into answers, and read from requests."""

import re
from urllib.parse import SplitResult, quote, urlsplit

from tasktwin_mockserver.gsmtasks.records import FileUpload, Record
from tasktwin_schemas import openapi, operations

BASE: str = openapi("gsmtasks")["servers"][0]["url"]
FILES: str = operations("gsmtasks")["downloadFile"].path
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
SCHEMES = ("", "http", "https")


def address_of(world: str, noun: str, number: str, *more: str) -> str:
    """Where a record of that resource stands in the world whose address is `world`."""
    steps = "".join(f"{step}/" for step in (noun, number, *more))
    return f"{world}{BASE}/{steps}"


def file_address(world: str, upload: FileUpload) -> str:
    """Where the bytes of an uploaded file are."""
    path = FILES.replace("{id}", upload.id)
    return f"{world}{path.replace('{name}', quote(upload.name, safe=''))}"


def id_in(text: str) -> str | None:
    """The id that `text` is, in lower case, or None."""
    number = text.lower()
    return number if UUID.fullmatch(number) else None


def id_of(world: str, kind: type[Record], text: str) -> str | None:
    """The id in an address of a record of that kind, or None for any other text.

    Who asks through a gateway has another host than the mock knows of, so only the path
    is held against the world's.
    """
    parts = _split(text)
    if parts is None or parts.scheme not in SCHEMES or parts.query or parts.fragment:
        return None
    start = f"{urlsplit(world).path}{BASE}/{kind.noun}/"
    if not parts.path.startswith(start) or not parts.path.endswith("/"):
        return None
    return id_in(parts.path[len(start) : -1])


def _split(text: str) -> SplitResult | None:
    try:
        return urlsplit(text)
    except ValueError:  # a host in brackets that is none
        return None
