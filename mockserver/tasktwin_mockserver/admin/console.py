"""The console: a page for people, in a browser, that uses the other controls."""

from functools import cache
from importlib.resources import files
from pathlib import PurePath

from tasktwin_mockserver.admin.asked import AdminError, Asked, control
from tasktwin_mockserver.api import Answer

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
# Whatever a record says, the page runs no script but its own files, and asks nobody
# but this server; with trusted types it cannot even make markup of a text.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)
PAGE = "console.html"


@control("GET", "/", open=True)
def show_console(asked: Asked) -> object:
    """The page."""
    return _answer(PAGE)


@control("GET", "/console/{name}", open=True)
def show_part(asked: Asked) -> object:
    """One of the files that the page is made of."""
    if asked.name not in _parts():
        raise AdminError(f"there is nothing at {asked.request.path}", status=404)
    return _answer(asked.name)


def _answer(name: str) -> Answer:
    kind = MEDIA_TYPES[PurePath(name).suffix]
    return Answer(body=_parts()[name], media_type=kind, headers=HEADERS)


@cache
def _parts() -> dict[str, bytes]:
    """The files of the page by their names; there are no others to be had."""
    folder = files("tasktwin_mockserver.admin").joinpath("page")
    return {
        part.name: part.read_bytes()
        for part in folder.iterdir()
        if PurePath(part.name).suffix in MEDIA_TYPES
    }
