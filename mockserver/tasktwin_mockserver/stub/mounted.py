"""One world as a WSGI application, and what it takes to ask it without a socket."""

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from functools import lru_cache
from io import BytesIO, StringIO
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

T = TypeVar("T")
BARE = ("CONTENT_TYPE", "CONTENT_LENGTH")


class Answered(NamedTuple):
    """What came back; where the connection `breaks` the body is but its start."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes
    breaks: bool


class Mounted:
    """The world at `prefix` of an application, at the root and there.

    Its cookies hold for all paths, since no other world is to be had here.
    """

    def __init__(self, app: WSGIApplication, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO") or "/"
        if not f"{path}/".startswith(f"{self._prefix}/"):
            path = f"{self._prefix}{path}"

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*map(self._for_all, headers)], *more)

        return self._app({**environ, "PATH_INFO": path}, start)

    def _for_all(self, header: tuple[str, str]) -> tuple[str, str]:
        name, value = header
        if name != "Set-Cookie":
            return header
        return name, value.replace(f"Path={self._prefix}/", "Path=/")


def ask(
    app: WSGIApplication,
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    more: Mapping[str, Any] | None = None,
) -> Answered:
    """What `app` answers; `more` goes into the environ.

    Raises `ConnectionResetError` where the connection breaks before the answer.
    """
    environ = _environ(method, url, headers, body)
    environ.update(more or {})
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
        begun.append((status, headers))

    data, breaks = b"", False
    try:
        for part in app(environ, start):
            data += part
    except ConnectionResetError:
        if not data:
            raise
        breaks = True
    status, answered = begun[-1]
    code, _, reason = status.partition(" ")
    return Answered(int(code), reason, answered, data, breaks)


def _environ(
    method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes
) -> dict[str, Any]:
    environ: dict[str, Any] = {
        **_addressed(url),
        "REQUEST_METHOD": method,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": StringIO(),
    }
    for name, value in headers:
        environ[_key(name)] = value
    environ.pop("HTTP_TRANSFER_ENCODING", None)  # the body is here, and whole
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


@lru_cache
def _key(name: str) -> str:
    """Where an environ has the header of that name."""
    key = name.upper().replace("-", "_")
    return key if key in BARE else f"HTTP_{key}"


@lru_cache
def _addressed(url: str) -> Mapping[str, Any]:
    """What an environ has of a request for `url`, whatever else is in it."""
    parts = urlsplit(url)
    scheme = parts.scheme or "http"
    port = parts.port or {"https": 443}.get(scheme, 80)
    return {
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc.rpartition("@")[2],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def within(seconds: float | None, work: Callable[[], T]) -> T:
    """What `work` comes to. Raises `TimeoutError` where that takes longer.

    It is done to the end also then, in a thread of its own, as a server does it whose
    client has gone.
    """
    if seconds is None:
        return work()
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except Exception as error:  # noqa: BLE001 (it is raised where it is awaited)
            done.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return done.result(seconds)
