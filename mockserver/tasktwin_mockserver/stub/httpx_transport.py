"""A transport of httpx that ends in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, Self
from wsgiref.types import WSGIApplication

from tasktwin_mockserver.stub.mounted import Answered, ask, within

httpx: Any = import_module("httpx")


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
    if not answer.breaks:
        return httpx.Response(
            answer.status, headers=answer.headers, content=answer.body
        )
    stream = _breaking()(answer.body, request)
    return httpx.Response(answer.status, headers=answer.headers, stream=stream)


@cache
def _breaking() -> Any:
    """The class of a body's start after which the connection breaks."""

    class Breaking(httpx.SyncByteStream, httpx.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, start: bytes, request: Any) -> None:
            self._start = start
            self._error = httpx.ReadError("the connection was reset", request=request)

        def __iter__(self) -> Iterator[bytes]:
            yield self._start
            raise self._error

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield self._start
            raise self._error

    return Breaking
