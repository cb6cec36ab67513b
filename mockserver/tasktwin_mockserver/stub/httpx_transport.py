"""A transport of httpx that ends in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, Self
from wsgiref.types import WSGIApplication

from tasktwin_mockserver.stub.mounted import Answered, ask, within

httpx: Any = import_module("httpx")
PIECE = 64 * 1024  # what httpx reads of a connection at once


class Transport:
    """Sends all requests of a client of httpx to a WSGI application.

    It fails with the errors with which httpx fails where a connection is reset, or
    nobody answers in time.
    """

    def __init__(self, app: WSGIApplication, may_wait: Callable[[], bool]) -> None:
        self._app = app
        self._may_wait = may_wait

    def handle_request(self, request: Any) -> Any:
        """The answer to a request of `httpx.Client`."""
        return self._answer(request, request.read())

    async def handle_async_request(self, request: Any) -> Any:
        """The answer to a request of `httpx.AsyncClient`."""
        body = await request.aread()
        return await asyncio.to_thread(self._answer, request, body)

    def close(self) -> None:
        """Nothing is open."""

    async def aclose(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _answer(self, request: Any, body: bytes) -> Any:
        timeouts = request.extensions.get("timeout", {})
        patience = timeouts.get("read") if self._may_wait() else None
        headers = request.headers.items()
        words = (request.method, str(request.url), headers, body)
        try:
            answer = within(patience, lambda: ask(self._app, *words))
        except ConnectionResetError as error:
            raise httpx.ReadError(str(error), request=request) from error
        except TimeoutError as error:
            told = f"no answer within {patience} s"
            raise httpx.ReadTimeout(told, request=request) from error
        return _response(answer, request)


def _response(answer: Answered, request: Any) -> Any:
    """The answer as it comes from a connection, of whose body nothing is read yet."""
    body = _body()(answer, request)
    said = {"http_version": b"HTTP/1.1", "reason_phrase": answer.reason.encode()}
    headers = answer.headers
    return httpx.Response(answer.status, headers=headers, stream=body, extensions=said)


@cache
def _body() -> Any:
    """The class of a body that is read piece by piece, and may break off."""

    class Body(httpx.SyncByteStream, httpx.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, answer: Answered, request: Any) -> None:
            self._answer = answer
            self._request = request

        def __iter__(self) -> Iterator[bytes]:
            body = self._answer.body
            for start in range(0, len(body), PIECE):
                yield body[start : start + PIECE]
            if self._answer.breaks:
                words = "the connection was reset"
                raise httpx.ReadError(words, request=self._request)

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for piece in self:
                yield piece

    return Body
