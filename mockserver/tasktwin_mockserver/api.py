"""What an API's package hands to the kernel, and the kernel to its operations."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.parameters import Parameters
from tasktwin_mockserver.world import Settings, World, Write
from tasktwin_schemas import APIS, Operation

U = TypeVar("U")
F = TypeVar("F", bound=Callable[..., object])


class Answer(msgspec.Struct, frozen=True):
    """What goes back: `data` is encoded as JSON, `body` is sent as it is.

    Each of `cookies` is a name and a value, set for the world that was asked only. With
    `reset` the connection breaks after so many bytes of the body.
    """

    data: object = None
    body: bytes | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[tuple[str, str], ...] = ()
    media_type: str = "application/json"
    reset: int | None = None


@dataclass(frozen=True, slots=True)
class Caller(Generic[U]):
    """Who asks, and by which session or API key.

    `user` is a record with an `id`, or a name of the cast.
    """

    user: U
    session: str | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Call(Generic[U]):
    """One request as an operation sees it: who asks for what, and no HTTP.

    `version` is the API's version that was asked for, None for the newest; `address`
    that of the world, as the caller has it, to be put before paths. What the operation
    changes goes through `write`, which the pipeline applies at the end.
    """

    caller: Caller[U]
    parameters: Parameters
    write: Write
    version: int | None = None
    address: str = ""

    @property
    def user(self) -> U:
        """Who asks."""
        return self.caller.user


class Download(msgspec.Struct, frozen=True):
    """A file for whoever has its address."""

    name: str
    media_type: str
    data: bytes


class Api(Protocol):
    """One API of the kit; each package of an API holds one as `API`.

    A request's way: `admit` looks at the version that was asked for, `identify` finds
    out who asks, the operation does its work, `shape` renders what it returned to the
    one who asked. `refuse` renders what was refused on that way, by the kernel or by
    the API, or is None if the exception is no refusal; `crash` an error of the mock,
    `fault` the status that a script asks for, with one of the API's codes or the usual
    one: all may be asked before the request's body has been read.
    `download` finds the file whose address ends in a token, if there is one.
    `cast` describes the people of a world, credentials and all, for its users;
    `states` are those in which the account of one of them may be. `client` names who
    a request counts for where a world limits how many there may be, None for nobody
    that is known.
    """

    name: str
    states: Collection[str]
    operations: Mapping[str, Callable[[Any, Any], object]]

    def world(self, seed: int, settings: Settings) -> World: ...

    def cast(self, world: Any) -> dict[str, Any]: ...

    def admit(self, version: int | None) -> None: ...

    def client(self, world: Any, request: Request) -> str | None: ...

    def identify(
        self, world: Any, operation: Operation, request: Request, write: Write
    ) -> Caller[Any]: ...

    def download(self, world: Any, token: str) -> Download | None: ...

    def shape(self, call: Any, world: Any, result: object) -> Answer: ...

    def refuse(self, refusal: Exception, request: Request) -> Answer | None: ...

    def fault(self, status: int, code: int | None, request: Request) -> Answer: ...

    def crash(self, request: Request) -> Answer: ...


def operation(operation_id: str) -> Callable[[F], F]:
    """Mark a function as the operation of that id in the API's document."""

    def mark(function: F) -> F:
        function.__operation__ = operation_id  # type: ignore[attr-defined]
        return function

    return mark


def collect(*modules: ModuleType) -> dict[str, Callable[[Any, Any], object]]:
    """The operations that `modules` define, by their ids."""
    return {
        function.__operation__: function
        for module in modules
        for function in vars(module).values()
        if hasattr(function, "__operation__")
    }


def load(name: str) -> Api:
    """The API called `name`; raises `LookupError` for one that the kit has not."""
    if name not in APIS:
        known = ", ".join(APIS)
        raise LookupError(f"there is no API called {name!r}; the kit has {known}")
    api: Api = import_module(f"tasktwin_mockserver.{name}").API
    return api
