"""The whole way of a request, from HTTP to its answer."""

import logging
import traceback
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
from werkzeug.http import dump_cookie

from tasktwin_mockserver import downloads
from tasktwin_mockserver.admin import Admin, kit_version
from tasktwin_mockserver.api import Answer, Api, Call, load
from tasktwin_mockserver.clock import MICROSECONDS
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.journal import Journal
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.routes import Route, Routes
from tasktwin_mockserver.traffic import Exchange, without_secrets
from tasktwin_mockserver.world import Settings, World, Write
from tasktwin_mockserver.worlds import Worlds

logger = logging.getLogger("tasktwin")
STATUS_LINES = {
    status.value: f"{status.value} {status.phrase}" for status in HTTPStatus
}
encode = msgspec.json.Encoder().encode


class App:
    """The mock of one API as a WSGI application.

    The default world answers at `/`, any other one at `/~name/`, the kit's own
    controls at `/__admin/`. With `state` its worlds are durable: what was answered is
    in that file, and `close` leaves it to others.
    """

    def __init__(
        self,
        api: Api | str,
        seed: int = 0,
        settings: Settings | None = None,
        state: Path | None = None,
        *,
        fsync: bool = False,
    ) -> None:
        """Make the worlds, or recall those that the file `state` holds.

        Raises `StateError` where that cannot be used.
        """
        self.api = load(api) if isinstance(api, str) else api
        journal = None
        if state is not None:
            name, kit = self.api.name, kit_version()
            journal = partial(Journal, state, name, kit, fsync=fsync)
        self.worlds = Worlds(self.api, seed, settings or Settings(), journal)
        self.admin = Admin(self.worlds)
        self._routes = Routes(self.api.name)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        request = Request(environ)
        answer = self.respond(request)
        body = encode(answer.data) if answer.body is None else answer.body
        headers = [
            ("Content-Type", answer.media_type),
            ("Content-Length", str(len(body))),
            *answer.headers,
            *(_cookie(name, value, request.prefix) for name, value in answer.cookies),
        ]
        start_response(STATUS_LINES[answer.status], headers)
        return [b"" if request.method == "HEAD" else body]

    def respond(self, request: Request) -> Answer:
        """Answer `request`, whatever it is."""
        if request.path.startswith("/__admin"):
            answer = self.admin.respond(request)
            unsafe = _trouble(self.worlds.pending())
            return Answer({"error": unsafe}, status=500) if unsafe else answer
        world = self.worlds.find(request)
        if world is None:
            return self._refused(Refusal("path", request.path), request)
        return self._respond_in(world, request)

    def _respond_in(self, world: World, request: Request) -> Answer:
        operation = error = None
        try:
            if world.settings.require_https:
                _hold_to_https(request)
            request.read(world.settings.max_body)
            if request.path.startswith(downloads.FOLDER):
                answer = self._download(world, request)
            else:
                route, path, version = self._routes.match(request.method, request.path)
                operation = route.operation.id
                answer = self._operate(world, request, route, path, version)
        except Exception as problem:
            answer = self._refused(problem, request)
            if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                error = traceback.format_exc()
                logger.exception("%s %s failed inside the mock", *_line(request))
        if unsafe := _trouble(world.pending()):
            answer, error = self.api.crash(request), unsafe
        world.traffic.add(
            Exchange(
                at=world.clock.now(),
                method=request.method,
                path=request.path,
                query=without_secrets(request.environ.get("QUERY_STRING", "")),
                operation=operation,
                status=answer.status,
                error=error,
            )
        )
        return answer

    def _operate(
        self,
        world: World,
        request: Request,
        route: Route,
        path: Mapping[str, Any],
        version: int | None,
    ) -> Answer:
        self.api.admit(version)
        self._hold_to_rate(world, request)
        raw = route.reader.raw(request, path)
        with world.lock:
            write = Write(world)
            caller = self.api.identify(world, route.operation, request, write)
            parameters = route.reader.read(raw, version)
            call = Call(caller, parameters, write, version, request.address)
            result = self.api.operations[route.target](call, world)
            world.commit(write)
            world.keep(awaited=route.operation.effect != "read")
            return self.api.shape(call, world, result)

    def _download(self, world: World, request: Request) -> Answer:
        token = downloads.token_of(request.method, request.path)
        self._hold_to_rate(world, request)
        with world.lock:
            file = self.api.download(world, token)
        if file is None:
            raise Refusal("path", request.path)
        return downloads.answer(file)

    def _hold_to_rate(self, world: World, request: Request) -> None:
        """Count the request; one too many is refused, or waits for its turn."""
        most = world.settings.rate_limit
        if most is None:
            return
        with world.lock:
            known = self.api.client(world, request)
        client = known or f"address {request.environ.get('REMOTE_ADDR')}"
        while True:
            clock = world.clock
            wait = world.windows.take(client, most, clock.now())
            if wait and world.settings.rate_limit_mode == "reject":
                raise Refusal("rate", retry_after=-(-wait // MICROSECONDS))
            if not wait or not world.rest(wait, clock):
                return

    def end(self) -> None:
        """Have no request wait any longer."""
        self.worlds.end()

    def close(self) -> None:
        """Leave the state file, if there is one; nothing can be written any more."""
        self.worlds.close()

    def _refused(self, problem: Exception, request: Request) -> Answer:
        return self.api.refuse(problem, request) or self.api.crash(request)


def _trouble(kept: Future[None] | None) -> str | None:
    """Wait until all that is kept is safe; what prevented that, if anything did."""
    problem = None if kept is None else kept.exception()
    return None if problem is None else str(problem)


def _hold_to_https(request: Request) -> None:
    if request.environ.get("wsgi.url_scheme") != "https":
        raise Refusal("insecure", "Plain HTTP")


def _line(request: Request) -> tuple[str, str]:
    return request.method, request.path


def _cookie(name: str, value: str, prefix: str) -> tuple[str, str]:
    text = dump_cookie(
        name, value, path=f"{prefix}/", httponly=True, samesite="Lax", max_size=0
    )
    return "Set-Cookie", text
