"""The whole way of a request, from HTTP to its answer."""

import logging
import traceback
from collections.abc import Generator, Iterable, Iterator
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
from msgspec.structs import replace
from werkzeug.http import dump_cookie

from tasktwin_mockserver import downloads
from tasktwin_mockserver.admin import Admin
from tasktwin_mockserver.api import Answer, Api, Call, load
from tasktwin_mockserver.clock import MICROSECONDS
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.faults import Step
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.routes import Routes
from tasktwin_mockserver.violations import header
from tasktwin_mockserver.visit import Visit
from tasktwin_mockserver.world import Pause, Settings, World, Write
from tasktwin_mockserver.worlds import Room, Worlds

logger = logging.getLogger("tasktwin")
STATUS_LINES = {
    status.value: f"{status.value} {status.phrase}" for status in HTTPStatus
}
encode = msgspec.json.Encoder().encode
# Asks for pauses, and is told after each whether there are to be more.
Steps = Generator[Pause, bool, Answer]


class App:
    """The mock of one API as a WSGI application.

    The default world answers at `/`, any other one at `/~name/`, the kit's own
    controls at `/__admin/`, which with an `admin_token` need that. `room` says how many
    worlds there may be, and for how long.
    """

    def __init__(
        self,
        api: Api | str,
        seed: int = 0,
        settings: Settings | None = None,
        *,
        room: Room | None = None,
        admin_token: str | None = None,
    ) -> None:
        self.api = load(api) if isinstance(api, str) else api
        self.worlds = Worlds(self.api, seed, settings or Settings(), room)
        self.admin = Admin(self.worlds, admin_token)
        self._routes = Routes(self.api.name)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        request = Request(environ)
        headers, body = rendered(request, answer := self.respond(request))
        line = STATUS_LINES.get(answer.status) or f"{answer.status} Unknown"
        start_response(line, headers)
        return [body] if answer.reset is None else _broken_off(body, answer.reset)

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
            return _encoded(self.admin.respond(request))
        world = self.worlds.find(request)
        if world is None:
            return _encoded(self._refused(Refusal("path", request.path), request))
        visit = Visit(world, request)
        try:
            answer = yield from self._answer(visit)
        except Exception as problem:
            answer = self._refused(problem, request)
            visit.refused(problem, self._routes.clauses)
            if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                visit.error = traceback.format_exc()
                line = request.method, request.path
                logger.exception("%s %s failed inside the mock", *line)
        answer = _spoilt(answer, visit.step)
        if visit.violations:
            told = header(visit.violations)
            answer = replace(answer, headers=(*answer.headers, told))
        visit.log(answer)
        return answer

    def _answer(self, visit: Visit) -> Steps:
        world, request = visit.world, visit.request
        if world.settings.require_https:
            _hold_to_https(request)
        request.read(world.settings.max_body)
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

    def _faulty(self, step: Step, status: int, request: Request) -> Answer:
        answer = self.api.fault(status, step.code, request)
        if step.retry_after is None:
            return answer
        later = ("Retry-After", str(step.retry_after))
        return replace(answer, headers=(*answer.headers, later))

    def _refused(self, problem: Exception, request: Request) -> Answer:
        return self.api.refuse(problem, request) or self.api.crash(request)


def rendered(request: Request, answer: Answer) -> tuple[list[tuple[str, str]], bytes]:
    """The headers and the body that `answer`, which is encoded, is sent with."""
    body = answer.body or b""
    headers = [
        ("Content-Type", answer.media_type),
        ("Content-Length", str(len(body))),
        *answer.headers,
        *(_cookie(name, value, request.prefix) for name, value in answer.cookies),
    ]
    return headers, b"" if request.method == "HEAD" else body


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
    return replace(answer, body=step.spoil(answer.body or b""), reset=step.reset)


def _broken_off(body: bytes, after: int) -> Iterator[bytes]:
    """So many bytes of `body`, but never the last one; then the connection breaks."""
    part = body[: min(after, len(body) - 1)] if body else b""
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
