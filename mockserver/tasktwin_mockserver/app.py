"""The mock as an application: the kit's own controls, and the worlds."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from tasktwin_mockserver import mishaps, origins
from tasktwin_mockserver.admin import Admin, kit_version
from tasktwin_mockserver.admin.front import MOST_BYTES
from tasktwin_mockserver.api import Answer, Api, load
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.journal import Journal
from tasktwin_mockserver.pipeline import Pipeline
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.rendering import encoded, rendered, status_line
from tasktwin_mockserver.visit import Visit
from tasktwin_mockserver.waits import Steps, rested, saved
from tasktwin_mockserver.world import Settings, World
from tasktwin_mockserver.worlds import Room, Worlds


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
        self._pipeline = Pipeline(self.api)

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
        return rested(self._pipeline.respond(world, request))

    def steps(self, request: Request) -> Steps:
        """Answer `request`, and have whoever goes through the steps do the waiting."""
        if request.path.startswith("/__admin"):
            answer = self.admin.respond(request)
            unsafe = yield from saved(self.worlds.pending())
            return encoded(Answer({"error": unsafe}, status=500) if unsafe else answer)
        world = self.worlds.find(request)
        if world is None:
            nowhere = Refusal("path", request.path)
            return encoded(self._pipeline.refused(nowhere, request))
        if not world.settings.cors:
            return (yield from self._pipeline.respond(world, request))
        leave = origins.preflight(request)
        if leave is not None:
            Visit(world, request).log(leave)
            return leave
        answer = yield from self._pipeline.respond(world, request)
        return origins.opened(answer, request)

    def most_body(self, environ: WSGIEnvironment) -> int:
        """The greatest body, in bytes, that is not refused where the request goes."""
        request = Request(environ)
        if request.path.startswith("/__admin"):
            return MOST_BYTES
        world = self.worlds.find(request)
        return world.settings.max_body if world else 0

    def end(self) -> None:
        """Have no request wait any longer."""
        self.worlds.end()

    def close(self) -> None:
        """Leave the state file, if there is one; nothing can be written any more."""
        self.worlds.close()
