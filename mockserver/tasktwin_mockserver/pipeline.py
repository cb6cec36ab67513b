"""The whole way of a request, from HTTP to its answer."""

import logging
import traceback
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
from msgspec.structs import replace
from werkzeug.http import dump_cookie

from tasktwin_mockserver import downloads, origins
from tasktwin_mockserver.admin import Admin, kit_version
from tasktwin_mockserver.admin.front import MOST_BYTES
from tasktwin_mockserver.api import Answer, Api, Call, load
from tasktwin_mockserver.clock import MICROSECONDS
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.faults import Step
from tasktwin_mockserver.journal import Journal
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.routes import Routes
from tasktwin_mockserver.violations import header
from tasktwin_mockserver.visit import Visit
from tasktwin_mockserver.waits import Pause, Saving, Wait
from tasktwin_mockserver.world import Settings, World, Write
from tasktwin_mockserver.worlds import Room, Worlds

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
    controls at `/__admin/`, which with an `admin_token` need that. `room` says how many
    worlds there may be, and for how long. With `state` they are durable: what was
    answered is in that file, and `close` leaves it to others.
    """

    def __init__(
        self,
        api: Api | str,
        seed: int = 0,
        settings: Settings | None = None,
        state: Path | None = None,
        *,
        fsync: bool = False,
        room: Room | None = None,
        admin_token: str | None = None,
    ) -> None:
        """Make the worlds, or recall those that the file `state` holds.

        Raises `StateError` where that cannot be used.
        """
        self.api = load(api) if isinstance(api, str) else api
        journal = None
        if state is not None:
            name, kit = self.api.name, kit_version()
            journal = partial(Journal, state, name, kit, fsync=fsync)
        self.worlds = Worlds(self.api, seed, settings or Settings(), room, journal)
        self.admin = Admin(self.worlds, self._asked, admin_token)
        self._routes = Routes(self.api.name)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        request = Request(environ)
        headers, body = rendered(request, answer := self.respond(request))
        start_response(status_line(answer.status), headers)
        return [body] if answer.reset is None else _broken_off(body)

    def respond(self, request: Request) -> Answer:
        """Answer `request`, whatever it is, however long it has to wait."""
        return _rested(self.steps(request))

    def _asked(self, world: World, request: Request) -> Answer:
        """What `world` answers, which nobody else has."""
        return _rested(self._respond_in(world, request))

    def steps(self, request: Request) -> Steps:
        """Answer `request`, and have whoever goes through the steps do the waiting."""
        if request.path.startswith("/__admin"):
            answer = self.admin.respond(request)
            unsafe = yield from _trouble(self.worlds.pending())
            return _encoded(Answer({"error": unsafe}, status=500) if unsafe else answer)
        world = self.worlds.find(request)
        if world is None:
            return _encoded(self._refused(Refusal("path", request.path), request))
        if not world.settings.cors:
            return (yield from self._respond_in(world, request))
        leave = origins.preflight(request)
        if leave is not None:
            Visit(world, request).log(leave)
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
        visit = Visit(world, request)
        try:
            answer = yield from self._answer(visit)
        except Exception as problem:
            answer = self._refused(problem, request)
            if answer.status >= HTTPStatus.BAD_REQUEST:
                visit.refused(problem, self._routes.clauses)
            if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                visit.error = traceback.format_exc()
                line = request.method, request.path
                logger.exception("%s %s failed inside the mock", *line)
        if unsafe := (yield from _trouble(world.pending())):
            answer, visit.error = self.api.crash(request), unsafe
        answer = _spoilt(answer, visit.step)
        if visit.violations:
            told = header(visit.violations)
            answer = replace(answer, headers=(*answer.headers, told))
        visit.log(answer)
        return answer

    def _answer(self, visit: Visit) -> Steps:
        world, request = visit.world, visit.request
        # First, for what it says may decide how a refusal looks.
        request.read(world.settings.max_body)
        if world.settings.require_https:
            _hold_to_https(request)
        if request.path.startswith(downloads.FOLDER):
            return (yield from self._download(world, request))
        visit.take(*self._routes.match(request.method, request.path))
        step = visit.step
        if step is not None and step.delay:
            yield from _delay(world, round(step.delay * MICROSECONDS))
        if step is not None and step.status is not None:
            return self._faulty(step, step.status, request)
        return (yield from self._operate(visit))

    def _operate(self, visit: Visit) -> Steps:
        world, request = visit.world, visit.request
        route = visit.route
        self.api.admit(visit.version)
        yield from self._hold_to_rate(world, request)
        raw = route.reader.raw(request, visit.path)
        if world.settings.strict:
            visit.hold_to_terms()
        with world.lock:
            write = Write(world)
            caller = self.api.identify(world, route.operation, request, write)
            visit.caller = caller
            parameters = visit.parameters = route.reader.read(raw, visit.version)
            call = Call(caller, parameters, write, visit.version, request.address)
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
        if most is None or request.prepares:
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

    def _faulty(self, step: Step, status: int, request: Request) -> Answer:
        answer = self.api.fault(status, step.code, request)
        if step.retry_after is None:
            return answer
        later = ("Retry-After", str(step.retry_after))
        return replace(answer, headers=(*answer.headers, later))

    def _refused(self, problem: Exception, request: Request) -> Answer:
        if request.method == "OPTIONS" and isinstance(problem, Refusal):
            allowed = problem.details.get("allowed")
            if isinstance(allowed, list):
                return origins.options(allowed)
        return self.api.refuse(problem, request) or self.api.crash(request)


def _rested(steps: Steps) -> Answer:
    """The end of `steps`, all waiting done."""
    try:
        pause = next(steps)
        while True:
            pause = steps.send(pause.rest())
    except StopIteration as end:
        answer: Answer = end.value
        return answer


def status_line(status: int) -> str:
    """The status with its phrase; a script may ask for one that has none."""
    return STATUS_LINES.get(status) or f"{status} Unknown"


def rendered(request: Request, answer: Answer) -> tuple[list[tuple[str, str]], bytes]:
    """The headers that `answer`, which is encoded, is sent with, and its body.

    Where the connection is to break that is a part, without the last byte.
    """
    body = answer.body or b""
    headers = [
        *answer.headers,
        *(_cookie(name, value, request.prefix) for name, value in answer.cookies),
    ]
    if answer.status != HTTPStatus.NO_CONTENT:
        headers += [
            ("Content-Type", answer.media_type),
            ("Content-Length", str(len(body))),
        ]
    if request.method == "HEAD":
        return headers, b""
    if answer.reset is not None:
        return headers, body[: min(answer.reset, len(body) - 1)] if body else b""
    return headers, body


def _trouble(kept: Future[None] | None) -> Generator[Saving, bool, str | None]:
    """Wait until all that is kept is safe; what prevented that, if anything did."""
    if kept is None or (yield Saving(kept)):
        return None
    return str(kept.exception())


def _delay(world: World, microseconds: int) -> Generator[Pause, bool, None]:
    """Wait so long by the world's clock, however often that is turned."""
    clock = world.clock
    end = clock.now() + microseconds
    while (left := end - clock.now()) > 0:
        if not (yield Pause(world, left, clock)):
            return
        clock = world.clock


def _encoded(answer: Answer) -> Answer:
    if answer.body is not None:
        return answer
    return replace(answer, body=encode(answer.data))


def _spoilt(answer: Answer, step: Step | None) -> Answer:
    """The answer, encoded, as it arrives."""
    answer = _encoded(answer)
    if step is None:
        return answer
    if answer.status == HTTPStatus.NO_CONTENT:
        return replace(answer, reset=step.reset)
    return replace(answer, body=step.spoil(answer.body or b""), reset=step.reset)


def _broken_off(part: bytes) -> Iterator[bytes]:
    """What is sent of an answer; then the connection breaks."""
    if part:
        yield part
    raise ConnectionResetError("a fault script resets the connection")


def _hold_to_https(request: Request) -> None:
    if request.environ.get("wsgi.url_scheme") != "https":
        raise Refusal("insecure", "Plain HTTP")


def _cookie(name: str, value: str, prefix: str) -> tuple[str, str]:
    text = dump_cookie(
        name, value, path=f"{prefix}/", httponly=True, samesite="Lax", max_size=0
    )
    return "Set-Cookie", text
