"""The whole way of a request, from HTTP to its answer."""

import logging
import traceback
from collections.abc import Generator, Iterable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from msgspec.structs import replace

from tasktwin_mockserver import downloads, mishaps, origins
from tasktwin_mockserver.admin import Admin, kit_version
from tasktwin_mockserver.admin.front import MOST_BYTES
from tasktwin_mockserver.api import Answer, Api, Call, load
from tasktwin_mockserver.clock import MICROSECONDS
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.journal import Journal
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.rendering import encoded, rendered, status_line
from tasktwin_mockserver.routes import Routes
from tasktwin_mockserver.violations import header
from tasktwin_mockserver.visit import Visit
from tasktwin_mockserver.waits import Pause, Wait, rested, saved
from tasktwin_mockserver.world import Settings, World, Write
from tasktwin_mockserver.worlds import Room, Worlds

logger = logging.getLogger("tasktwin")
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
        return [body] if answer.reset is None else mishaps.broken_off(body)

    def respond(self, request: Request) -> Answer:
        """Answer `request`, whatever it is, however long it has to wait."""
        return rested(self.steps(request))

    def _asked(self, world: World, request: Request) -> Answer:
        """What `world` answers, which nobody else has."""
        return rested(self._respond_in(world, request))

    def steps(self, request: Request) -> Steps:
        """Answer `request`, and have whoever goes through the steps do the waiting."""
        if request.path.startswith("/__admin"):
            answer = self.admin.respond(request)
            unsafe = yield from saved(self.worlds.pending())
            return encoded(Answer({"error": unsafe}, status=500) if unsafe else answer)
        world = self.worlds.find(request)
        if world is None:
            return encoded(self._refused(Refusal("path", request.path), request))
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
        if unsafe := (yield from saved(world.pending())):
            answer, visit.error = self.api.crash(request), unsafe
        answer = encoded(answer)
        if visit.step is not None:
            answer = mishaps.spoilt(answer, visit.step)
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
        if visit.step is not None:
            yield from mishaps.delayed(visit.step, world)
            refusal = mishaps.refused(visit.step, self.api, request)
            if refusal is not None:
                return refusal
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

    def _refused(self, problem: Exception, request: Request) -> Answer:
        if request.method == "OPTIONS" and isinstance(problem, Refusal):
            allowed = problem.details.get("allowed")
            if isinstance(allowed, list):
                return origins.options(allowed)
        return self.api.refuse(problem, request) or self.api.crash(request)


def _hold_to_https(request: Request) -> None:
    if request.environ.get("wsgi.url_scheme") != "https":
        raise Refusal("insecure", "Plain HTTP")
