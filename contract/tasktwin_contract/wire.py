"""Requests and replies as they are on the wire, and the ways to send them."""

import io
import threading
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote_to_bytes, urlencode, urlsplit
from wsgiref.types import WSGIApplication

from tasktwin_contract.failures import UnreachableError

if TYPE_CHECKING:
    from urllib3 import HTTPConnectionPool

IN_PROCESS = "http://localhost"
MOST_KEPT = 32  # connections
Pairs = tuple[tuple[str, str], ...]
Query = tuple[tuple[str, str | bytes], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `path` is percent-encoded, and stands below the target's address."""

    method: str
    path: str
    query: Query = ()
    headers: Pairs = ()
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query as the request line has them."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class File:
    """A file to be sent as a part of a multipart body.

    Without a `media_type` the part does not say what it is.
    """

    data: bytes
    name: str = "file"
    media_type: str = ""


class Transport(Protocol):
    """A way to a server; raises `UnreachableError` where nobody answers."""

    def send(self, request: Request) -> Response: ...


class WsgiTransport:
    """Calls a WSGI application in this process."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def send(self, request: Request) -> Response:
        """Have the application answer `request`."""
        path = request.path
        if "%" in path or not path.isascii():
            path = unquote_to_bytes(path).decode("latin-1")
        environ = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": urlencode(request.query) if request.query else "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "CONTENT_LENGTH": str(len(request.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request.headers:
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
            started.append((status, headers))

        try:
            body = b"".join(self._app(environ, start))
        except Exception:  # noqa: BLE001 (what a server would make of it)
            return Response(500, {}, traceback.format_exc().encode())
        status, headers = started[-1]
        return Response(int(status[:3]), _lowered(headers), body)


class HttpTransport:
    """Sends over HTTP to `base_url`; as many connections as threads, kept open.

    Redirects are not followed, cookies not kept, proxies of the environment not used,
    nothing is sent twice: what is asked is what is judged. Trusts who `verify` trusts:
    a file of authorities, those that are usual (True), or anybody (False).
    """

    def __init__(
        self, base_url: str, timeout: float, verify: bool | str = True
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._verify = verify
        self._lock = threading.Lock()
        self._kept: HTTPConnectionPool | None = None

    def send(self, request: Request) -> Response:
        """Send `request`, and wait for the whole answer."""
        from urllib3 import exceptions

        try:
            response = self._pool.urlopen(
                request.method,
                f"{urlsplit(self._base_url).path}{request.target}",
                request.body or None,
                dict(request.headers),
                retries=False,
                redirect=False,
                timeout=self._timeout,
            )
        except exceptions.TimeoutError:
            words = f"did not answer within {self._timeout:g} s"
            raise UnreachableError(f"{self._base_url} {words}") from None
        except (exceptions.HTTPError, OSError, ValueError) as error:
            raise UnreachableError(f"{self._base_url}: {_reason(error)}") from None
        return Response(
            response.status, _lowered(response.headers.items()), response.data
        )

    @property
    def _pool(self) -> "HTTPConnectionPool":
        from urllib3 import connection_from_url

        with self._lock:
            if self._kept is None:
                words = self._trusted() if self._base_url.startswith("https:") else {}
                self._kept = connection_from_url(
                    self._base_url, maxsize=MOST_KEPT, **words
                )
            return self._kept

    def _trusted(self) -> dict[str, str]:
        import certifi
        from urllib3 import disable_warnings
        from urllib3.exceptions import InsecureRequestWarning

        if not self._verify:
            disable_warnings(InsecureRequestWarning)
            return {"cert_reqs": "CERT_NONE"}
        known = certifi.where() if self._verify is True else self._verify
        return {"cert_reqs": "CERT_REQUIRED", "ca_certs": known}


def _reason(error: BaseException) -> str:
    """The innermost sentence of an error that libraries have wrapped."""
    while error.__context__ is not None:
        error = error.__context__
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error) or type(error).__name__
    return text.rpartition(": ")[2] if "object at 0x" in text else text


def _lowered(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by name; the values of one that comes twice are joined by commas."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found
