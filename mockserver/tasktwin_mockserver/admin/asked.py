"""A request to the controls: which world it means, what its query and body say."""

import re
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.sight import Ask
from tasktwin_mockserver.world import World
from tasktwin_mockserver.worlds import DEFAULT, Worlds

T = TypeVar("T")
F = TypeVar("F", bound=Callable[["Asked"], object])
FIELD = re.compile(r" - at `\$\.?(?P<field>[^`]*)`$")
UNKNOWN = re.compile(r"unknown field `(?P<field>[^`]*)`")


class AdminError(Exception):
    """A request to the controls that cannot be met."""

    def __init__(
        self,
        message: str,
        field: str | None = None,
        status: int = 400,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.field = field
        self.status = status
        self.headers = headers


class Query(msgspec.Struct, forbid_unknown_fields=True):
    """The query of whatever concerns one world."""

    world: str = DEFAULT


class Asked:
    """One request to the controls; `name` is what its path names.

    `ask` asks a world of the API itself.
    """

    def __init__(
        self, request: Request, worlds: Worlds, ask: Ask, name: str = ""
    ) -> None:
        self.request = request
        self.worlds = worlds
        self.ask = ask
        self.name = name

    @property
    def url(self) -> str:
        """The address of the server, as the client has it."""
        scheme = self.request.environ.get("wsgi.url_scheme", "http")
        return f"{scheme}://{self.request.header('HOST')}"

    @property
    def world(self) -> World:
        """The world that the query names, or the default one."""
        return self.world_called(self.query(Query).world)

    def world_called(self, name: str) -> World:
        """The world of that name."""
        world = self.worlds.get(name)
        if world is None:
            raise AdminError(f"there is no world called {name!r}", "world", 404)
        return world

    def query(self, kind: type[T]) -> T:
        """What the query says."""
        pairs = parse_qsl(self.request.query, keep_blank_values=True)
        try:
            return msgspec.convert(dict(pairs), kind, strict=False)
        except msgspec.ValidationError as error:
            raise explained(error) from None

    def body(self, kind: type[T]) -> T:
        """What the body says."""
        if self.request.media_type != "application/json":
            words = "send JSON, with Content-Type: application/json"
            raise AdminError(words, status=415)
        try:
            return msgspec.json.decode(self.request.body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise explained(error) from None


class Control(msgspec.Struct, frozen=True):
    """What answers at one path below `/__admin`, to one method."""

    method: str
    path: str
    answer: Callable[[Asked], object]
    open: bool = False


def control(method: str, path: str, *, open: bool = False) -> Callable[[F], F]:  # noqa: A002
    """Have a function answer there; `{name}` in the path is the `name` it is asked.

    What is `open` is answered without a token too: it tells nothing of any world.
    """

    def mark(function: F) -> F:
        own = Control(method, path, function, open)
        function.__control__ = own  # type: ignore[attr-defined]
        return function

    return mark


def explained(error: Exception) -> AdminError:
    """The error of a body or a query that is not as it should be."""
    message = str(error)
    at, unknown = FIELD.search(message), UNKNOWN.search(message)
    parts = [match["field"] for match in (at, unknown) if match]
    return AdminError(FIELD.sub("", message), ".".join(filter(None, parts)) or None)


def kit_version() -> str:
    """The version of the installed kit, `0+unknown` in a checkout without one."""
    try:
        return version("tasktwin")
    except PackageNotFoundError:
        return "0+unknown"


def named(error: Any) -> AdminError:
    """The error of a part of the mock that says which `field` is at fault."""
    return AdminError(str(error), error.field)
