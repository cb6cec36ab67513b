"""A request's whole way through a world."""

import logging
import traceback
from collections.abc import Generator
from http import HTTPStatus

from msgspec.structs import replace

from tasktwin_mockserver import downloads, mishaps, origins
from tasktwin_mockserver.api import Answer, Api, Call
from tasktwin_mockserver.clock import MICROSECONDS
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.rendering import encoded
from tasktwin_mockserver.routes import Routes
from tasktwin_mockserver.violations import header
from tasktwin_mockserver.visit import Visit
from tasktwin_mockserver.waits import Pause, Steps, saved
from tasktwin_mockserver.world import World, Write

logger = logging.getLogger("tasktwin")


class Pipeline:
    """The way of a request through a world of one API, from reading to its log."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._routes = Routes(api.name)

    def respond(self, world: World, request: Request) -> Steps:
        """Answer `request`, whatever it is, and have the world's log tell of it."""
        visit = Visit(world, request)
        try:
            answer = yield from self._answer(visit)
        except Exception as problem:
            answer = self.refused(problem, request)
            if answer.status >= HTTPStatus.BAD_REQUEST:
                visit.refused(problem, self._routes.clauses)
            if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                visit.error = traceback.format_exc()
                line = request.method, request.path
                logger.exception("%s %s failed inside the mock", *line)
        if unsafe := (yield from saved(world.pending())):
            answer, visit.error = self.api.crash(request), unsafe
        answer = mishaps.spoilt(encoded(answer), visit.step)
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
        refusal = yield from mishaps.met(visit, self.api)
        return refusal or (yield from self._operate(visit))

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

    def refused(self, problem: Exception, request: Request) -> Answer:
        """The answer to a `request` that came to `problem`."""
        if request.method == "OPTIONS" and isinstance(problem, Refusal):
            allowed = problem.details.get("allowed")
            if isinstance(allowed, list):
                return origins.options(allowed)
        return self.api.refuse(problem, request) or self.api.crash(request)


def _hold_to_https(request: Request) -> None:
    if request.environ.get("wsgi.url_scheme") != "https":
        raise Refusal("insecure", "Plain HTTP")
