"""Files in a world, what forks share of them, and where they are served."""

import json
from typing import Any

import pytest

from tasktwin_contract.actors import multipart
from tasktwin_contract.payload import MULTIPART
from tasktwin_contract.wire import File, Request, Response, WsgiTransport
from tasktwin_mockserver import App
from tasktwin_mockserver.hitask import images
from tasktwin_mockserver.hitask.storage import storage_used
from tasktwin_schemas import operations

DATA = bytes(range(256)) * 40
TEAM = 500


def ask(app: App, method: str, path: str, **parts: Any) -> Response:
    """Send a request."""
    return WsgiTransport(app).send(Request(method, path, **parts))


def upload(app: App, data: bytes = DATA, name: str = "default") -> int:
    """Upload a file as the owner of that world; the id of its item."""
    prefix = "" if name == "default" else f"/~{name}"
    session = app.worlds.describe(name, "")["actors"]["owner"]["session_id"]
    headers = (("x-hi-session", session), ("Content-Type", MULTIPART))
    body = multipart([("file", File(data, "a.bin"))])
    reply = ask(app, "POST", f"{prefix}/api/file/upload", headers=headers, body=body)
    assert reply.status == 200, reply.body
    number: int = json.loads(reply.body)["id"]
    return number


def url_of(app: App, number: int, **headers: str) -> str:
    """The url of a file of the default world's owner."""
    session = app.worlds.describe("default", "")["actors"]["owner"]["session_id"]
    sent = (("x-hi-session", session), *headers.items())
    query = (("id", str(number)),)
    reply = ask(app, "GET", "/api/file/url", headers=sent, query=query)
    url: str = json.loads(reply.body)["url"]
    return url


def world_of(app: App, name: str = "default") -> Any:
    """The world of that name, whose tables are HiTask's."""
    return app.worlds.get(name)


def test_forks_share_the_bytes() -> None:
    """A fork and a snapshot hold the very bytes, and so do files with the same."""
    app = App("hitask")
    first, second = upload(app), upload(app)
    name = app.worlds.make(origin="default")
    files, twins = world_of(app).files, world_of(app, name).files
    assert files[first].data is files[second].data is twins[first].data
    kept = world_of(app).snapshot()
    third = upload(app, b"another")
    world_of(app).restore(kept)
    assert third not in world_of(app).files
    assert world_of(app).files[first].data is twins[first].data


def test_what_is_used_of_the_storage() -> None:
    """It is what a team's files hold, in MB of 10^6 bytes rounded up."""
    app = App("hitask")
    world = world_of(app)
    assert storage_used(world, TEAM) == 0
    used = []
    for size in (1, 999_999, 1, 2_000_000):
        upload(app, bytes(size))
        used.append(storage_used(world, TEAM))
    assert used == [1, 1, 2, 4]
    assert storage_used(world, TEAM + 1) == 0


@pytest.mark.parametrize(
    ("host", "start"),
    [
        ("example.org:8443", "http://example.org:8443/"),
        ("[::1]:8080", "http://[::1]:8080/"),
        ("a.test/x?y#", "http://localhost:80/"),
        ("a b\xe9", "http://localhost:80/"),
        ("user@a.test", "http://localhost:80/"),
    ],
)
def test_the_address_is_the_one_that_was_asked(host: str, start: str) -> None:
    """A url begins as the client's own address, if that is one."""
    app = App("hitask")
    url = url_of(app, upload(app), Host=host)
    assert url.startswith(f"{start}__files/")


def test_what_is_served_there() -> None:
    """A file is got, and nothing else; what is no file's address is not found."""
    app = App("hitask")
    path = url_of(app, upload(app)).removeprefix("http://localhost")
    assert ask(app, "GET", path).body == DATA
    head = ask(app, "HEAD", path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(DATA))
    assert ask(app, "POST", path).status == 405
    assert ask(app, "POST", path).headers["allow"] == "GET, HEAD"
    for wrong in ("/__files/", "/__files/x", "/__files//", f"{path}/more", "/__files"):
        assert ask(app, "GET", wrong).status == 404, wrong
    assert not [exchange for exchange in world_of(app).traffic if exchange.error]


def test_a_file_is_served_in_its_own_world() -> None:
    """What was uploaded in one world is at no address of another."""
    app = App("hitask")
    path = url_of(app, upload(app)).removeprefix("http://localhost")
    name = app.worlds.make()
    assert ask(app, "GET", path).status == 200
    assert ask(app, "GET", f"/~{name}{path}").status == 404
    upload(app, b"theirs", name)
    assert ask(app, "GET", f"/~{name}{path}").body != DATA


def test_every_size_is_drawn() -> None:
    """What the document lists is what pictures can be shown in."""
    sizes = operations("hitask")["getAvatar"].parameters["size"].schema["enum"]
    data = images.drawn("AB", "00" * 16)
    for size in sizes:
        for name in ("GIF", "PNG"):
            shown = images.decoded(images.shown(data, size, name), 40_000)
            assert shown.size == (size, size)
