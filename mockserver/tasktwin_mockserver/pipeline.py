"""The whole way of a request, from HTTP to its answer."""

import logging
import traceback
from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
from werkzeug.http import dump_cookie

from tasktwin_mockserver import downloads, origins
from tasktwin_mockserver.admin import MOST_BYTES, Admin, kit_version
from tasktwin_mockserver.api import Answer, Api, Call, load
from tasktwin_mockserver.clock import MICROSECONDS
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.journal import Journal
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.routes import Route, Routes
from tasktwin_mockserver.traffic import Exchange, without_secrets
from tasktwin_mockserver.world import Pause, Saving, Settings, Wait, World, Write
from tasktwin_mockserver.worlds import Worlds

logger = logging.getLogger("tasktwin")
STATUS_LINES = {
    status.value: f"{status.value} {status.phrase}" for status in HTTPStatus
}
encode = msgspec.json.Encoder().encode
# Asks to wait, and is told after each time whether there are to be more.
Steps = Generator[Wait, bool, Answer]


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
        headers, body = rendered(request, answer := self.respond(request))
        start_response(STATUS_LINES[answer.status], headers)
        return [body]

    def respond(self, request: Request) -> Answer:
        """Answer `request`, whatever it is, however long it has to wait."""
        steps = self.steps(request)
        try:
            pause = next(steps)
            while True:
                pause = steps.send(pause.rest())
        except StopIteration as end:
            answer: Answer = end.value
            return answer

    def steps(self, request: Request) -> Steps:
        """Answer `request`, and have whoever goes through the steps do the waiting."""
        if request.path.startswith("/__admin"):
            answer = self.admin.respond(request)
            unsafe = yield from _trouble(self.worlds.pending())
            return Answer({"error": unsafe}, status=500) if unsafe else answer
        world = self.worlds.find(request)
        if world is None:
            return self._refused(Refusal("path", request.path), request)
        if not world.settings.cors:
            return (yield from self._respond_in(world, request))
        leave = origins.preflight(request)
        if leave is not None:
            self._log(world, request, leave)
            return leave
        answer = yield from self._respond_in(world, request)
        return origins.opened(answer, request)

    def most_body(self, environ: WSGIEnvironment) -> int:
        """The greatest body, in bytes, that is not refused where the request goes."""
        request = Request(environ)
        if request.path.startswith("/__admin"):
            return MOST_BYTES
        world = self.worlds.find(request)
        return world.settings.max_body if world else 0

    def _respond_in(self, world: World, request: Request) -> Steps:
        operation = error = None
        try:
            # First, for what it says may decide how a refusal looks.
            request.read(world.settings.max_body)
            if world.settings.require_https:
                _hold_to_https(request)
            if request.path.startswith(downloads.FOLDER):
                answer = yield from self._download(world, request)
            else:
                route, path, version = self._routes.match(request.method, request.path)
                operation = route.operation.id
                answer = yield from self._operate(world, request, route, path, version)
        except Exception as problem:
            answer = self._refused(problem, request)
            if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                error = traceback.format_exc()
                logger.exception("%s %s failed inside the mock", *_line(request))
        if unsafe := (yield from _trouble(world.pending())):
            answer, error = self.api.crash(request), unsafe
        self._log(world, request, answer, operation, error)
        return answer

    def _log(
        self,
        world: World,
        request: Request,
        answer: Answer,
        operation: str | None = None,
        error: str | None = None,
    ) -> None:
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

    def _operate(
        self,
        world: World,
        request: Request,
        route: Route,
        path: Mapping[str, Any],
        version: int | None,
    ) -> Steps:
        self.api.admit(version)
        yield from self._hold_to_rate(world, request)
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

    def _download(self, world: World, request: Request) -> Steps:
        token = downloads.token_of(request.method, request.path)
        yield from self._hold_to_rate(world, request)
        with world.lock:
            file = self.api.download(world, token)
        if file is None:
            raise Refusal("path", request.path)
        return downloads.answer(file)

    def _hold_to_rate(
        self, world: World, request: Request
    ) -> Generator[Pause, bool, None]:
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
            if not wait or not (yield Pause(world, wait, clock)):
                return

    def end(self) -> None:
        """Have no request wait any longer."""
        self.worlds.end()

    def close(self) -> None:
        """Leave the state file, if there is one; nothing can be written any more."""
        self.worlds.close()

    def _refused(self, problem: Exception, request: Request) -> Answer:
        if request.method == "OPTIONS" and isinstance(problem, Refusal):
            allowed = problem.details.get("allowed")
            if isinstance(allowed, list):
                return origins.options(allowed)
        return self.api.refuse(problem, request) or self.api.crash(request)


def rendered(request: Request, answer: Answer) -> tuple[list[tuple[str, str]], bytes]:
    """The headers and the body that `answer` is sent with."""
    body = encode(answer.data) if answer.body is None else answer.body
    headers = [
        *answer.headers,
        *(_cookie(name, value, request.prefix) for name, value in answer.cookies),
    ]
    if answer.status != HTTPStatus.NO_CONTENT:
        headers += [
            ("Content-Type", answer.media_type),
            ("Content-Length", str(len(body))),
        ]
    return headers, b"" if request.method == "HEAD" else body


def _trouble(kept: Future[None] | None) -> Generator[Saving, bool, str | None]:
    """Wait until all that is kept is safe; what prevented that, if anything did."""
    if kept is None or (yield Saving(kept)):
        return None
    return str(kept.exception())


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
