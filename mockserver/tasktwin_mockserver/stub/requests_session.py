"""Sessions of requests that end in this process."""

import io
from collections.abc import Callable, Iterable, Mapping
from email.message import Message
from functools import cached_property, partial
from typing import Any
from wsgiref.types import WSGIApplication

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.exceptions import ProtocolError

from tasktwin_mockserver.stub.mounted import Answered, ask, within


class Breaking(io.BytesIO):
    """The start of a body, after which the connection breaks."""

    def read(self, size: int | None = -1, /) -> bytes:
        """At most `size` bytes. Raises `ConnectionResetError` where no more come."""
        data = super().read(size)
        if not data and size != 0:
            raise ConnectionResetError("a fault script resets the connection")
        return data


class Original:
    """What requests looks for cookies in, where there are any."""

    def __init__(self, cookies: Iterable[str]) -> None:
        self.msg = Message()
        for cookie in cookies:
            self.msg["Set-Cookie"] = cookie

    def isclosed(self) -> bool:
        """Whether there is no more to come."""
        return True

    def close(self) -> None:
        """Nothing is open."""


class Read:
    """An answer whose body has been read, with what requests asks urllib3's for.

    urllib3's own is slow to make, and to throw away; it is made when somebody asks for
    what only that has.
    """

    def __init__(self, answer: Answered, method: str) -> None:
        self.status, self.reason = answer.status, answer.reason
        self.headers = HTTPHeaderDict(answer.headers)
        self._original_response = _original(answer)
        self._made = partial(_received, answer, method, b"")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    @cached_property
    def _whole(self) -> HTTPResponse:
        return self._made()


class InProcess(HTTPAdapter):
    """Sends all requests to a WSGI application, and fails as a connection does."""

    def __init__(self, app: WSGIApplication, may_wait: Callable[[], bool]) -> None:
        super().__init__()
        self._app = app
        self._may_wait = may_wait

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer of the application.

        Raises what requests raises where a connection is reset or nobody answers in
        time.
        """
        patience = _seconds(timeout) if self._may_wait() else None
        method, url = request.method or "GET", request.url or ""
        headers, body = request.headers.items(), _bytes(request.body)
        try:
            answer = within(
                patience, lambda: ask(self._app, method, url, headers, body)
            )
        except ConnectionResetError as error:
            broken = ProtocolError("Connection aborted.", error)
            raise requests.ConnectionError(broken, request=request) from error
        except TimeoutError as error:
            words = f"no answer within {patience} s"
            raise requests.ReadTimeout(words, request=request) from error
        if stream or answer.breaks:
            return self.build_response(request, _received(answer, method, answer.body))
        # It would read the body piece by piece, as from a network, which takes longer
        # than the mock does.
        read: Any = Read(answer, method)
        response = self.build_response(request, read)
        vars(response).update(_content=answer.body, _content_consumed=True)
        return response


class Session(requests.Session):
    """A session that takes nothing from its machine: no proxy, no password."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def merge_environment_settings(
        self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
    ) -> Any:
        """What `send` is given: whether to stream, for nothing else counts in here."""
        stream = self.stream if stream is None else stream
        return {"proxies": {}, "stream": stream, "verify": False, "cert": None}


def session(app: WSGIApplication, may_wait: Callable[[], bool]) -> requests.Session:
    """A session whose requests all come to `app`, whatever host they name."""
    made = Session()
    for scheme in ("http://", "https://"):
        made.mount(scheme, InProcess(app, may_wait))
    return made


def _received(answer: Answered, method: str, left: bytes) -> HTTPResponse:
    """The answer as it comes from a connection, of whose body so much is to be read."""
    return HTTPResponse(
        body=Breaking(left) if answer.breaks else io.BytesIO(left),
        headers=HTTPHeaderDict(answer.headers),
        status=answer.status,
        reason=answer.reason,
        version=11,
        preload_content=False,
        request_method=method,
        original_response=_original(answer),
        enforce_content_length=len(left) == len(answer.body),
    )


def _original(answer: Answered) -> Any:
    cookies = [value for name, value in answer.headers if name == "Set-Cookie"]
    return Original(cookies) if cookies else None


def _seconds(timeout: Any) -> float | None:
    """How long to wait for an answer, of what requests takes for that."""
    if isinstance(timeout, tuple):
        timeout = timeout[1]
    seconds = getattr(timeout, "read_timeout", timeout)
    return seconds if isinstance(seconds, int | float) else None


def _bytes(body: Any) -> bytes:
    """A body as requests may have it: text, bytes, a file, parts."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    if hasattr(body, "read"):
        return _bytes(body.read())
    return b"".join(_bytes(part) for part in body)
