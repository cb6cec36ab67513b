"""A request as it comes in over a connection, piece by piece."""

from functools import lru_cache
from urllib.parse import unquote, urlsplit
from wsgiref.types import WSGIEnvironment

from tasktwin_mockserver.exchange import Request

Header = tuple[bytes, bytes]
FRAMING = frozenset({b"content-length", b"transfer-encoding"})
PLAIN = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})


class HeadError(Exception):
    """The head of a request that is refused before anybody looks into it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Message:
    """One request; its body is kept as far as it counts, a byte over `limit`.

    `keep_alive` says whether the client wants to go on, `head` how long its head is so
    far. One that is `broken` ends within its body, or is malformed there.
    """

    __slots__ = (
        "_kept",
        "broken",
        "environ",
        "head",
        "headers",
        "keep_alive",
        "limit",
        "method",
        "size",
        "target",
    )

    def __init__(self) -> None:
        self.method = ""
        self.target = b""
        self.headers: list[Header] = []
        self.environ: WSGIEnvironment = {}
        self.head = 0
        self.limit = 0
        self.size = 0
        self.keep_alive = False
        self.broken = False
        self._kept: list[bytes] = []

    def add(self, part: bytes) -> None:
        """Take in the next part of the body."""
        if self.size <= self.limit:
            self._kept.append(part)
        self.size += len(part)

    def add_header(self, name: bytes, value: bytes) -> None:
        """Take in the next header, or trailer."""
        self.headers.append((name, value))
        self.head += len(name) + len(value)

    @property
    def announced(self) -> int:
        """How long the body is to be, as far as the client says."""
        return int(self.environ.get("CONTENT_LENGTH") or 0)

    @property
    def has_body(self) -> bool:
        """Whether there is a body to come."""
        return self.announced > 0 or "wsgi.input_terminated" in self.environ

    @property
    def waits(self) -> bool:
        """Whether the client waits for leave to send the body."""
        expected: str = self.environ.get("HTTP_EXPECT", "")
        old = self.environ.get("SERVER_PROTOCOL") == "HTTP/1.0"
        return expected.lower() == "100-continue" and not old

    @property
    def framing(self) -> bytes:
        """The head of a request whose body is told apart as this one's is."""
        told = [b"%b: %b" % row for row in self.headers if row[0].lower() in FRAMING]
        return b"\r\n".join([b"POST / HTTP/1.1", *told, b"", b""])

    def request(self) -> Request:
        """What the application is asked."""
        if not self.broken:
            return Request(self.environ, b"".join(self._kept))
        self.environ["wsgi.input_terminated"] = True
        self.environ["wsgi.input"] = CutOff()
        return Request(self.environ)

    def head_is_in(self, connection: WSGIEnvironment, version: str) -> None:
        """Have the environ of WSGI, with what is the same for the whole connection.

        Raises `ValueError` for a target that is no address, and where the version
        asks for one Host and there is another number of them (RFC 9112, 3.2).
        """
        environ = self.environ = connection.copy()
        path, query, host = _split(self.target.decode("latin-1"))
        environ["REQUEST_METHOD"] = self.method
        environ["PATH_INFO"] = path
        environ["QUERY_STRING"] = query
        environ["SERVER_PROTOCOL"] = f"HTTP/{version}"
        for name, value in self.headers:
            variable = _variable(name)
            if variable is None:
                continue
            text = value.strip().decode("latin-1")
            known = environ.get(variable)
            environ[variable] = text if known is None else f"{known},{text}"
        if version == "1.1" and "," in environ.get("HTTP_HOST", ","):
            raise ValueError("one Host is needed")
        if host:
            environ["HTTP_HOST"] = host
        if "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input_terminated"] = True


class CutOff:
    """The body of a message that is broken."""

    def read(self, size: int = -1) -> bytes:
        """Raise `OSError`, as a connection does that was cut off."""
        raise OSError("the body is cut off, or malformed")


@lru_cache(maxsize=1024)
def _variable(name: bytes) -> str | None:
    """What WSGI calls a header; one with an underscore would pass for another."""
    if b"_" in name:
        return None
    variable = name.decode("latin-1").upper().replace("-", "_")
    return variable if variable in PLAIN else f"HTTP_{variable}"


def _split(target: str) -> tuple[str, str, str]:
    """Path and query as WSGI has them, and the host where the client names it here."""
    host = ""
    if target[:1] != "/" or target[:2] == "//" or "#" in target:
        parts = urlsplit(target)
        within = not parts.scheme and parts.netloc
        path = f"/{parts.netloc}{parts.path}" if within else parts.path
        host, query = "" if within else parts.netloc, parts.query
    else:
        path, _, query = target.partition("?")
    if "%" in path:
        path = unquote(path)
    return _for_wsgi(path), _for_wsgi(query), host


def _for_wsgi(text: str) -> str:
    return text if text.isascii() else text.encode().decode("latin-1")
