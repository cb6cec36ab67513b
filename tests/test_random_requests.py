"""Random requests make no 5xx, and nothing that was acknowledged is lost."""

import http.client
import io
import json
import os
import random
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from PIL import Image

from tasktwin_mockserver import App
from tasktwin_mockserver.server import MockServer
from tasktwin_schemas import errors, operations

from .oddities import ODD_TEXTS, ODD_VALUES, asked

SEED = int(os.environ.get("TASKTWIN_TEST_SEED", "20261121"))
REQUESTS = 10_000
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
NAMES = sorted({name for op in operations("hitask").values() for name in op.parameters})
ODD = (*ODD_TEXTS, *ODD_VALUES)
BODIES = (
    *(b"{", b'{"title": NaN}', b'{"title": "\\ud800"}', b"[1, 2]", b"null", b'"text"'),
    *(b"\xff\xfe", b"title=%ff&guid=%c3%28", b"&&==&", b"title", b"=x", b"[" * 50_000),
    *(b'{"a":' * 2000, b'{"title": 1e999}', b'{"id": 123456789012345678901234567890}'),
)
TYPES = (FORM, JSON, "multipart/form-data; boundary=x", "text/plain", "", "a/b; c=\xe9")
PATHS = (
    *("/api/item", "/api/user", "/api/user/update", "/api/item/x", "/api//item"),
    *("/api/v1/item", "/api/v99/user", "/api/v6/item", "/", "/~none/api/item", "/~"),
    *("/api/user/picture", "/api/file/upload", "/api/file/url", "/__files/x/y"),
    *("/avatar/x.16.gif", "/avatar/.png", "/avatar/x.png", "/avatar/\xff.1.gif"),
    *("/api/item/\xff\xfe", "/api/item/" + "9" * 400, "/api/user/authenticate", "/api"),
)
BOUNDARY = "x"
FILE_PATHS = {"/api/user/picture": "picture", "/api/file/upload": "file"}
FILE_NAMES = (
    "a.png",
    "a.gif",
    "A.JPG",
    "blob",
    "a.bmp",
    "",
    " ",
    "a" * 300,
    "%00",
    "é",
)
FILE_TYPES = ("image/png", "image/gif", "image/jpeg", "", "a/b", "x", "text/html; é")
FIELDS = ("guid", "parent_id", "x", "y", "width", "returninfo", "file", "picture")
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "BREW")
# A server may turn away what is no method before the API is asked.
MAYBE_WITHOUT_BODY = ("HEAD", "OPTIONS", "BREW")


def encoded(image: Image.Image, name: str, **words: Any) -> bytes:
    """A picture as bytes."""
    written = io.BytesIO()
    image.save(written, name, **words)
    return written.getvalue()


def bomb(edge: int) -> bytes:
    """A PNG of few bytes and `edge` times `edge` pixels."""
    rows = zlib.compress(bytes((edge + 7) // 8 + 1) * edge, 1)
    head = edge.to_bytes(4, "big") * 2 + b"\x01\0\0\0\0"
    chunks = [(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")]
    parts = [
        len(data).to_bytes(4, "big") + name + data + _checked(name + data)
        for name, data in chunks
    ]
    return b"".join((b"\x89PNG\r\n\x1a\n", *parts))


def _checked(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(4, "big")


def pictures() -> tuple[bytes, ...]:
    """Pictures of every kind, those that unpack to more than memory holds included."""
    noise = Image.effect_noise((24, 20), 80)
    frames = [Image.effect_noise((24, 20), spread).convert("P") for spread in (10, 90)]
    more = {"save_all": True, "append_images": frames[1:]}
    return (
        *(encoded(noise, name) for name in ("GIF", "JPEG", "PNG", "BMP")),
        *(encoded(frames[0], name, **more) for name in ("GIF", "PNG")),
        encoded(noise.convert("CMYK"), "JPEG", progressive=True),
        encoded(noise.convert("RGBA"), "PNG"),
        *map(bomb, (5000, 10_000, 14_000)),
    )


Sender = Callable[..., tuple[int, bytes]]


class Client:
    """A client who remembers what was acknowledged to it."""

    def __init__(self, send: Sender, session: str, drawn: random.Random) -> None:
        self.send, self.session, self.drawn = send, session, drawn
        self.items: dict[str, str] = {}
        self.pictures = pictures()

    def anything(self) -> None:
        """Send whatever comes to mind."""
        choose = self.drawn.choice
        body = choose(BODIES) if self.drawn.random() < 0.4 else self._values()
        query = urlencode([(choose(NAMES), str(choose(ODD))) for _ in "ab"])
        if self.drawn.random() < 0.3:
            query = choose(("%ff=%fe", "a&b&c", "=", "title=%c3%28", "\xe9", "?" * 99))
        headers = {"x-hi-session": self.session} if self.drawn.random() < 0.8 else {}
        if self.drawn.random() < 0.1:
            headers = {
                "Cookie": choose(("\xe9=\xff", "session_id=", ";;=;", "a" * 999))
            }
        path = choose(PATHS)
        if not any(guid in path for guid in self.items):
            self.refusable(choose(METHODS), path, query, body, choose(TYPES), headers)

    def refusable(self, method: str, path: str, *rest: Any) -> None:
        """Send it, and hold the answer to be no failure of the server's."""
        status, answer = self.send(method, path, *rest)
        assert status < 500, (method, path, rest, answer)
        if method not in MAYBE_WITHOUT_BODY and "/avatar/" not in path:
            data = json.loads(answer)
            if status != 200:
                assert set(data) == {"error_message", "response_status"}
                assert data["response_status"] in errors("hitask")
            elif method in ("POST", "PUT") and "guid" in data:
                self.items[data["guid"]] = data["title"]

    def upload(self) -> None:
        """Send a file or a picture, which something has happened to on its way."""
        choose, drawn = self.drawn.choice, self.drawn
        data = bytearray(choose(self.pictures))
        for _ in range(drawn.randrange(6)):
            place = drawn.randrange(min(len(data), 4000) + 1)
            data[place : place + drawn.randrange(3)] = drawn.randbytes(
                drawn.randrange(4)
            )
        if drawn.random() < 0.2:
            del data[drawn.randrange(len(data) + 1) :]
        path, kind = choose([*FILE_PATHS]), choose(FILE_TYPES)
        name = FILE_PATHS[path] if drawn.random() < 0.9 else choose(FIELDS)
        head = f'form-data; name="{name}"; filename="{choose(FILE_NAMES)}"'
        parts = [(head, kind, bytes(data))]
        for field in drawn.sample(FIELDS, choose((0, 0, 2))):
            value = str(choose((*ODD, 0, 1, 16, 20))).encode(errors="replace")
            parts.append((f'form-data; name="{field}"', "", value))
        drawn.shuffle(parts)
        body = b"".join(map(_part, parts)) + f"--{BOUNDARY}--\r\n".encode()
        headers = {"x-hi-session": self.session}
        where = f"multipart/form-data; boundary={BOUNDARY}"
        self.refusable("POST", path, "", body, where, headers)

    def look(self) -> None:
        """See that there is a picture of the account, whatever was uploaded."""
        headers = {"x-hi-session": self.session}
        _, answer = self.send("GET", "/api/user", "", b"", "", headers)
        path = f"/avatar/{json.loads(answer)['pictureHash']}.24.png"
        status, answer = self.send("GET", path, "", b"", "", {})
        assert status == 200
        assert Image.open(io.BytesIO(answer)).size == (24, 24)

    def write(self) -> None:
        """Make, change or delete an item, and remember it."""
        headers = {"x-hi-session": self.session}
        guid, title = str(uuid.UUID(int=self.drawn.getrandbits(128))), "a title"
        method, path = "POST", "/api/item"
        if self.items and self.drawn.random() < 0.7:
            guid = self.drawn.choice(sorted(self.items))
            method, title = "PUT", f"title {self.drawn.random()}"
        if method == "PUT" and self.drawn.random() < 0.3:
            status, _ = self.send("DELETE", f"/api/item/{guid}", "", b"", "", headers)
            assert status == 200
            del self.items[guid]
            return
        body = json.dumps({"guid": guid, "title": title}).encode()
        status, answer = self.send(method, path, "", body, JSON, headers)
        assert status == 200, answer
        self.items[guid] = title

    def check(self) -> None:
        """See that all that was acknowledged is there, and nothing else."""
        headers = {"x-hi-session": self.session}
        status, answer = self.send("GET", "/api/item", "", b"", "", headers)
        assert status == 200
        assert {i["guid"]: i["title"] for i in json.loads(answer)} == self.items

    def _values(self) -> bytes:
        choose = self.drawn.choice
        values = {choose(NAMES): choose(ODD) for _ in range(3)}
        values.pop("title", None)
        if self.drawn.random() < 0.5:
            return json.dumps(values).encode()
        return urlencode([(k, str(v)) for k, v in values.items()] * 2).encode()


def _part(part: tuple[str, str, bytes]) -> bytes:
    disposition, kind, data = part
    lines = [f"--{BOUNDARY}", f"Content-Disposition: {disposition}"]
    lines += [f"Content-Type: {kind}"] if kind else []
    return "\r\n".join([*lines, "", ""]).encode() + data + b"\r\n"


def wsgi_sender(app: App) -> Sender:
    """Sends by calling the application."""

    def send(
        method: str,
        path: str,
        query: str,
        body: bytes,
        kind: str,
        headers: dict[str, str],
    ) -> tuple[int, bytes]:
        status, answer, _ = asked(app, method, path, query, body, kind, headers)
        return status, answer

    return send


@contextmanager
def http_sender(host: str, port: int) -> Iterator[Sender]:
    """Sends over one connection, which is opened again where it is closed."""
    connection = http.client.HTTPConnection(host, port, timeout=30)

    def send(
        method: str,
        path: str,
        query: str,
        body: bytes,
        kind: str,
        headers: dict[str, str],
    ) -> tuple[int, bytes]:
        where = quote(path, safe="/~%", encoding="latin-1")
        given = {"Content-Type": kind.encode("latin-1").decode("ascii", "ignore")}
        given |= {k: v.encode("ascii", "ignore").decode() for k, v in headers.items()}
        query = quote(query, safe="=&%+?", encoding="latin-1")
        connection.request(method, f"{where}?{query}", body, given)
        response = connection.getresponse()
        return response.status, response.read()

    with closing(connection):
        yield send


def play(send: Sender, session: str, seed: int, requests: int) -> None:
    """A long day of one client, most of whose requests are nonsense."""
    drawn = random.Random(seed)
    client = Client(send, session, drawn)
    for _ in range(requests):
        does = (client.write, client.upload, client.look, client.anything)
        drawn.choices(does, (10, 10, 2, 78))[0]()
    client.check()


def session_of(app: App) -> str:
    """The owner's session in the default world."""
    actors = app.worlds.describe("default", "")["actors"]
    session: str = actors["owner"]["session_id"]
    return session


@pytest.mark.parametrize("seed", [SEED])
def test_random_requests_in_process(seed: int) -> None:
    """10,000 random requests make no 5xx, and lose nothing acknowledged."""
    app = App("hitask")
    play(wsgi_sender(app), session_of(app), seed, REQUESTS)
    world = app.worlds.get("default")
    assert world is not None
    assert not [exchange for exchange in world.traffic if exchange.error]


@pytest.mark.parametrize("seed", [SEED + 1])
def test_random_requests_over_http(seed: int) -> None:
    """The same over a connection that stays open."""
    with (
        MockServer("hitask") as server,
        http_sender(server.host, server.port) as send,
    ):
        play(send, session_of(server.app), seed, REQUESTS // 10)


@pytest.mark.parametrize("media_type", [FORM, JSON, "multipart/form-data; boundary=x"])
def test_huge_bodies(media_type: str) -> None:
    """Bodies of 20 MB are refused, one after the other, and nothing is lost."""
    with (
        MockServer("hitask") as server,
        http_sender(server.host, server.port) as send,
    ):
        client = Client(send, session_of(server.app), random.Random(SEED))
        client.write()
        for _ in range(7):
            headers = {"x-hi-session": client.session}
            body = b"title=" + b"x" * 20_000_000
            status, answer = send("POST", "/api/item", "", body, media_type, headers)
            assert status == 413
            assert json.loads(answer)["response_status"] == 25
            client.write()
        client.check()
