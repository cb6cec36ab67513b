"""`/__admin`: what tests ask of the mock itself, apart from the API that it plays."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar
from urllib.parse import parse_qs

import msgspec

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.clock import LATEST, MICROSECONDS, Clock
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.world import Settings, World
from tasktwin_mockserver.worlds import DEFAULT, WorldError, Worlds

T = TypeVar("T")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
FIELD = re.compile(r" - at `\$\.?(?P<field>[^`]*)`$")
UNKNOWN = re.compile(r"unknown field `(?P<field>[^`]*)`")
MOST_BYTES = 1024 * 1024


class AdminError(Exception):
    """A request to the controls that cannot be met."""

    def __init__(
        self, message: str, field: str | None = None, status: int = 400
    ) -> None:
        super().__init__(message)
        self.field = field
        self.status = status


class MakeWorld(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /__admin/worlds`."""

    name: str | None = None
    seed: int | None = None
    settings: Settings | None = None
    origin: str | None = msgspec.field(default=None, name="from")


class SetClock(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `PUT /__admin/clock`."""

    now: datetime | None = None
    frozen: bool = True


class Advance(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /__admin/clock/advance`."""

    seconds: float


def kit_version() -> str:
    """The version of the installed kit, `0+unknown` in a checkout without one."""
    try:
        return version("tasktwin")
    except PackageNotFoundError:
        return "0+unknown"


class Admin:
    """Answers below `/__admin`, for this machine's own clients only.

    `hosts` are the names by which the server may be asked: a page in a browser that
    reaches it by another name, or from another origin, is turned away.
    """

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds
        self.hosts = set(LOOPBACK)
        self._routes: dict[tuple[str, str], Callable[[Request], object]] = {
            ("GET", "health"): self._health,
            ("GET", "worlds"): self._list_worlds,
            ("POST", "worlds"): self._make_world,
            ("GET", "worlds/"): self._show_world,
            ("DELETE", "worlds/"): self._drop_world,
            ("GET", "clock"): self._show_clock,
            ("PUT", "clock"): self._set_clock,
            ("POST", "clock/advance"): self._advance_clock,
        }

    def respond(self, request: Request) -> Answer:
        """Answer `request`; an error is a sentence, with the field at fault."""
        try:
            self._guard(request)
            request.read(MOST_BYTES)
            result = self._handler(request)(request)
        except AdminError as error:
            words = {"error": str(error), "field": error.field}
            return Answer({k: v for k, v in words.items() if v}, status=error.status)
        except Refusal:
            return Answer({"error": "the body could not be read"}, status=400)
        return result if isinstance(result, Answer) else Answer(result)

    def _guard(self, request: Request) -> None:
        host = request.header("HOST") or ""
        if _name_of(host) not in self.hosts:
            raise AdminError(f"not served under the name {host!r}", "Host", 403)
        origin = request.header("ORIGIN")
        if origin is not None and origin.partition("://")[2] != host:
            raise AdminError(f"not served to pages from {origin!r}", "Origin", 403)

    def _handler(self, request: Request) -> Callable[[Request], object]:
        path = request.path.removeprefix("/__admin").strip("/")
        if path.startswith("worlds/") and path.count("/") == 1:
            path = "worlds/"
        methods = [method for method, route in self._routes if route == path]
        if not methods:
            raise AdminError(f"there is nothing at {request.path}", status=404)
        if request.method not in methods:
            message = f"{request.path} takes {' and '.join(methods)} only"
            raise AdminError(message, status=405)
        return self._routes[request.method, path]

    def _health(self, request: Request) -> object:
        return {
            "tasktwin": kit_version(),
            "api": self.worlds.api.name,
            "worlds": len(self.worlds),
        }

    def _list_worlds(self, request: Request) -> object:
        url = _url(request)
        return [self.worlds.describe(name, url) for name in self.worlds.names()]

    def _make_world(self, request: Request) -> object:
        asked = _body(request, MakeWorld)
        try:
            name = self.worlds.make(
                asked.name, asked.seed, asked.settings, asked.origin
            )
        except WorldError as error:
            raise AdminError(str(error), error.field) from None
        world = self.worlds.describe(name, _url(request))
        return Answer(world, status=HTTPStatus.CREATED)

    def _show_world(self, request: Request) -> object:
        name = request.path.rpartition("/")[2]
        self._world(name)
        return self.worlds.describe(name, _url(request))

    def _drop_world(self, request: Request) -> object:
        name = request.path.rpartition("/")[2]
        self._world(name)
        if name == DEFAULT:
            raise AdminError("the default world stays", "name")
        self.worlds.drop(name)
        return {"dropped": name}

    def _show_clock(self, request: Request) -> object:
        return _clock(self._clock_world(request).clock)

    def _set_clock(self, request: Request) -> object:
        world = self._clock_world(request)
        asked = _body(request, SetClock)
        if asked.now is not None and asked.now.tzinfo is None:
            raise AdminError("a time needs Z or an offset", "now")
        with world.lock:
            now = world.clock.now() if asked.now is None else _microseconds(asked.now)
            world.clock = world.clock.set(now, frozen=asked.frozen)
        return _clock(world.clock)

    def _advance_clock(self, request: Request) -> object:
        world = self._clock_world(request)
        asked = _body(request, Advance)
        step = asked.seconds * MICROSECONDS
        with world.lock:
            if not 0 <= world.clock.now() + step < LATEST:
                raise AdminError("the clock goes from 1970 to 9999", "seconds")
            world.clock = world.clock.advance(round(step))
        return _clock(world.clock)

    def _clock_world(self, request: Request) -> World:
        names = parse_qs(request.query).get("world", [DEFAULT])
        return self._world(names[-1])

    def _world(self, name: str) -> World:
        world = self.worlds.get(name)
        if world is None:
            raise AdminError(f"there is no world called {name!r}", "world", 404)
        return world


def _name_of(host: str) -> str:
    """The name in a Host header, without its port."""
    name, colon, port = host.rpartition(":")
    return name.lower() if colon and port.isdigit() else host.lower()


def _url(request: Request) -> str:
    scheme = request.environ.get("wsgi.url_scheme", "http")
    return f"{scheme}://{request.header('HOST')}"


def _body(request: Request, kind: type[T]) -> T:
    if request.media_type != "application/json":
        raise AdminError("send JSON, with Content-Type: application/json", status=415)
    try:
        return msgspec.json.decode(request.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _explained(str(error)) from None


def _explained(message: str) -> AdminError:
    at = FIELD.search(message)
    unknown = UNKNOWN.search(message)
    parts = [match["field"] for match in (at, unknown) if match]
    return AdminError(FIELD.sub("", message), ".".join(filter(None, parts)) or None)


def _microseconds(moment: datetime) -> int:
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    microseconds = since.days * 86_400 * MICROSECONDS
    microseconds += since.seconds * MICROSECONDS + since.microseconds
    if not 0 <= microseconds < LATEST:
        raise AdminError("the clock goes from 1970 to 9999", "now")
    return microseconds


def _clock(clock: Clock) -> dict[str, Any]:
    seconds, rest = divmod(clock.now(), MICROSECONDS)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    text = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {"now": text, "frozen": clock.frozen is not None}
