"""Files that clients uploaded, for whoever has been told their addresses.

Such an address stands in no document: `/__files/`, a token that nobody guesses, and the
file's name. A browser that is led there by a page takes the file for nothing but bytes
to be saved.
"""

import re
from http import HTTPStatus
from urllib.parse import quote

from tasktwin_mockserver.api import Answer, Download
from tasktwin_mockserver.refusal import Refusal

FOLDER = "/__files/"
MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
ANYTHING = "application/octet-stream"
READING = ("GET", "HEAD")
PLAIN = re.compile(r"[^A-Za-z0-9 ._-]")


def address(world: str, token: str, name: str) -> str:
    """The address of a file in the world whose own address is `world`."""
    return f"{world}{FOLDER}{token}/{quote(name, safe='')}"


def token_of(method: str, path: str) -> str:
    """The token in the path of a request for a file.

    Raises `Refusal` of the kinds `path` and `method`.
    """
    if method not in READING:
        raise Refusal("method", method, allowed=list(READING))
    token, _, name = path.removeprefix(FOLDER).partition("/")
    if not token or "/" in name:
        raise Refusal("path", path)
    return token


def plain_media_type(text: str) -> str:
    """The media type in `text`, without its options; what says nothing is bytes."""
    kind = text.partition(";")[0].strip().lower()
    return kind if MEDIA_TYPE.fullmatch(kind) else ANYTHING


def answer(file: Download) -> Answer:
    """`file` as it is sent."""
    name = f'filename="{PLAIN.sub("_", file.name)}"'
    whole = f"filename*=UTF-8''{quote(file.name, safe='')}"
    return Answer(
        body=file.data,
        status=HTTPStatus.OK,
        media_type=file.media_type,
        headers=(
            ("Content-Disposition", f"attachment; {name}; {whole}"),
            ("Content-Security-Policy", "sandbox; default-src 'none'"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "private, no-store"),
        ),
    )
