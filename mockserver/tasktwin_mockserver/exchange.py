"""A request as it came over HTTP, and what its parts say."""

import re
from functools import cached_property
from io import BytesIO
from typing import IO, Any
from urllib.parse import parse_qsl
from wsgiref.types import WSGIEnvironment

import msgspec
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_cookie, parse_options_header
from werkzeug.wsgi import get_input_stream

from tasktwin_mockserver.refusal import Refusal

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data"
MOST_PARAMETERS = 10_000
PREPARING = "tasktwin.preparing"  # in the environ; no header can put it there
MOST_LEVELS = 100
HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")


class Upload(msgspec.Struct, frozen=True):
    """A file as it was sent; `name` is what the client calls it, folders and all.

    `media_type` is empty where the client does not say.
    """

    name: str
    media_type: str
    data: bytes


class Request:
    """One HTTP request; nothing is parsed before it is asked for.

    `sent` is its body where that has been received already, as far as it counts; else
    it is read from the environ. `path` is the path below the world's prefix, set when
    the world is found.
    """

    def __init__(self, environ: WSGIEnvironment, sent: bytes | None = None) -> None:
        self.environ = environ
        self._sent = sent
        self.method: str = environ["REQUEST_METHOD"]
        path: str = environ.get("PATH_INFO", "/")
        self.path = (
            path if path.isascii() else _from_wsgi(path).decode(errors="replace")
        )
        self.prefix = ""
        self.body = b""

    def header(self, name: str) -> str | None:
        """The header whose WSGI name is `HTTP_` and `name`."""
        value: str | None = self.environ.get(f"HTTP_{name}")
        return value

    @property
    def prepares(self) -> bool:
        """Whether it prepares a test, and so is none of what clients ask."""
        return PREPARING in self.environ

    @cached_property
    def query(self) -> str:
        """The query string, percent signs and all."""
        text: str = self.environ.get("QUERY_STRING", "")
        return text if text.isascii() else _decoded(_from_wsgi(text))

    @cached_property
    def cookies(self) -> dict[str, str]:
        """The cookies by name; of two with one name the first counts.

        A header that is no UTF-8 holds none.
        """
        try:
            return parse_cookie(self.environ.get("HTTP_COOKIE")).to_dict()
        except UnicodeDecodeError:
            return {}

    @property
    def address(self) -> str:
        """The address, as the client has it, of the world that is asked."""
        environ = self.environ
        host = self.header("HOST") or ""
        if not HOST.fullmatch(host):
            host = f"{environ.get('SERVER_NAME')}:{environ.get('SERVER_PORT')}"
        return f"{environ.get('wsgi.url_scheme', 'http')}://{host}{self.prefix}"

    @cached_property
    def media_type(self) -> str:
        """The media type of the body in lower case, without its options."""
        content_type: str = self.environ.get("CONTENT_TYPE", "")
        return content_type.partition(";")[0].strip().lower()

    @property
    def is_json(self) -> bool:
        """Whether there is a body that is said to be JSON."""
        if not self.body:
            return False
        kind = self.media_type
        return kind == JSON or kind.endswith("+json")

    def read(self, limit: int) -> None:
        """Read the body, so that it can be parsed.

        Raises `Refusal` where it is cut off, compressed, or over `limit` bytes.
        """
        environ = self.environ
        length = environ.get("CONTENT_LENGTH") or "0"
        if length == "0" and not environ.get("wsgi.input_terminated", False):
            return
        body = self._received(limit) if self._sent is None else self._sent
        if len(body) > limit or (self._sent is not None and int(length) > limit):
            raise Refusal("too_large", "body", limit=limit)
        coding = environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
        if coding not in ("", "identity"):
            raise Refusal("media_type", "body", media_type=coding)
        self.body = body

    def _received(self, limit: int) -> bytes:
        try:
            return get_input_stream(self.environ, max_content_length=limit + 1).read()
        except RequestEntityTooLarge:
            raise Refusal("too_large", "body", limit=limit) from None
        except (ClientDisconnected, OSError):
            raise Refusal("body") from None

    @cached_property
    def values(self) -> dict[str, Any]:
        """Every parameter of query and body by name, the body's counting.

        Values are text, but for a JSON body, where they are what JSON says. Raises
        `Refusal` for a body that is not what it is declared to be.
        """
        if not self.query and not self.body:
            return {}
        return {**self.query_values, **self.body_values}

    @cached_property
    def query_values(self) -> dict[str, str]:
        """The parameters of the query alone, as `values` has them."""
        return _pairs(self.query)

    @cached_property
    def body_values(self) -> dict[str, Any]:
        """The parameters of the body alone, as `values` has them."""
        if not self.body:
            return {}
        kind = self.media_type
        if kind == FORM:
            return _pairs(_decoded(self.body))
        if self.is_json:
            return _json_object(self.body)
        if kind == MULTIPART:
            return self._multipart[0]
        raise Refusal("media_type", "body", media_type=kind or "none")

    @property
    def files(self) -> dict[str, Upload]:
        """The files in the body by the names of their parameters; the last one counts.

        Raises `Refusal` for a multipart body that is none.
        """
        return self._multipart[1] if self.media_type == MULTIPART and self.body else {}

    @cached_property
    def _multipart(self) -> tuple[dict[str, str], dict[str, Upload]]:
        _, options = parse_options_header(self.environ.get("CONTENT_TYPE"))
        if not options.get("boundary"):
            raise Refusal("format", "body")
        environ = {
            **self.environ,
            "wsgi.input": BytesIO(self.body),
            "CONTENT_LENGTH": str(len(self.body)),
        }
        try:
            parser = FormDataParser(silent=False, stream_factory=_in_memory)
            _, form, parts = parser.parse_from_environ(environ)
        except (ValueError, RequestEntityTooLarge):
            raise Refusal("format", "body") from None
        pairs = {name: values[-1] for name, values in form.lists()}
        files = {name: _upload(found[-1]) for name, found in parts.lists()}
        if None in pairs or None in files:  # a part without a name
            raise Refusal("format", "body")
        texts = (*pairs, *pairs.values(), *files, *(one.name for one in files.values()))
        for text in texts:
            if "\ufffd" in text and text.encode() not in self.body:
                raise Refusal("format", "body")
        return pairs, files


def _upload(part: FileStorage) -> Upload:
    return Upload(part.filename or "", part.content_type or "", part.stream.read())


def _in_memory(*_: object, **__: object) -> IO[bytes]:
    return BytesIO()


def _from_wsgi(text: str) -> bytes:
    """The bytes that the characters of a WSGI text stand for."""
    return text.encode("latin-1", "replace")


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Refusal("format", "query or form") from None


def _pairs(text: str) -> dict[str, str]:
    if not text:
        return {}
    try:
        return dict(
            parse_qsl(
                text,
                keep_blank_values=True,
                errors="strict",
                max_num_fields=MOST_PARAMETERS,
            )
        )
    except ValueError:  # not UTF-8, or too many
        raise Refusal("format", "query or form") from None


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refusal("body") from None
    if not isinstance(value, dict):
        raise Refusal("object", "body")
    if is_too_deep(value):
        raise Refusal("body")
    return value


def is_too_deep(value: Any) -> bool:
    """Whether lists and objects nest in `value` so deep that writing it might fail."""
    level = [value]
    for _ in range(MOST_LEVELS):
        rows = (one.values() if isinstance(one, dict) else one for one in level)
        level = [part for row in rows for part in row if isinstance(part, dict | list)]
        if not level:
            return False
    return True
