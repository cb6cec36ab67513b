"""A world as the tests of a client have it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import msgspec

from tasktwin_mockserver.app import App
from tasktwin_mockserver.faults import Faults
from tasktwin_mockserver.spelling import known
from tasktwin_mockserver.stub.calls import PrepareError, prepare
from tasktwin_mockserver.stub.mounted import Mounted
from tasktwin_mockserver.stub.people import Person
from tasktwin_mockserver.stub.requests import Requests
from tasktwin_mockserver.stub.verification import Strictness, VerificationError, unused
from tasktwin_mockserver.stub.watch import Watch
from tasktwin_mockserver.world import Settings, World
from tasktwin_mockserver.worlds import DEFAULT

if TYPE_CHECKING:
    import requests


class LibraryError(ImportError):
    """A library of another client is asked for, and not installed."""


class Stub:
    """One world of a mock, for one test: state, people, faults, a log of its own.

    `url` is where a client finds it, `wsgi` the same without a socket. Its people are
    attributes (`hitask.owner`), `people` their names; what an API's own stub adds
    builds what tests need. As a context manager it verifies and closes at the end.
    """

    def __init__(self, app: App, name: str, server: str) -> None:
        self._app = app
        self._server = server
        self._world = _world_called(app, name)
        self._forks: list[Stub] = []
        described = app.worlds.describe(name, server)
        self._facts: dict[str, dict[str, str]] = described["actors"]
        self._tokens = 0
        self._strictness = Strictness(app.api.name, self._world.traffic)
        self.api = app.api.name
        self.name = name
        self.url: str = described["url"]
        self.api_keys: dict[str, str] = described.get("api_keys", {})
        self.clock = Watch(self._world)
        self.requests = Requests(self.api, self._facts, self._world.traffic)
        self.wsgi = Mounted(app, urlsplit(self.url).path)

    def __getattr__(self, name: str) -> Person:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.person(name)

    def __repr__(self) -> str:
        return f"<{self.api} at {self.url}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.verify()
        finally:
            self.close()

    # Who there is.

    @property
    def people(self) -> tuple[str, ...]:
        """The names of its cast."""
        return tuple(self._facts)

    @property
    def nobody(self) -> Person:
        """Somebody without a session."""
        return Person(self.api, None, {}, self._call)

    def person(self, who: str | Person) -> Person:
        """The person of that name. Raises `AttributeError` for one that is unknown."""
        if isinstance(who, Person):
            return who
        if who not in self._facts:
            near = known(who, [*dir(self), *self._facts])
            words = f"a world of {self.api} has nobody, and nothing, called {who!r}"
            people = ", ".join(self._facts)
            raise AttributeError(f"{words}{near}; its people are {people}")
        return Person(self.api, who, self._facts[who], self._call)

    def sign_in(self, who: str | Person) -> Person:
        """The same person with a new session, where sessions end."""
        return self.person(who)

    # What is done to it.

    @property
    def faults(self) -> Faults:
        """What is to go wrong: `faults.script("createItem", [503, "reset"])`."""
        return self._world.faults

    def configure(self, **settings: Any) -> None:
        """Change settings of this world. Raises `ValueError` for what is none."""
        with self._world.lock:
            kept = msgspec.to_builtins(self._world.settings)
            changed = msgspec.convert({**kept, **settings}, Settings)
            self._app.worlds.configure(self._world, changed)

    def snapshot(self, name: str | None = None) -> str:
        """Keep the world as it is now, and answer under which name."""
        return self._world.snapshots.take(name)

    def restore(self, name: str | None = None) -> None:
        """Have the world be as it was, without a name as at its latest snapshot.

        Log, scripts and settings stay.
        """
        self._world.snapshots.restore(name)

    def reset(self) -> None:
        """Have the world be as it was made, without log, scripts and changed settings.

        Its snapshots stay. Where it is strict it stays so, and what was sent before
        outside the contract is told at the end, unless `verify` has told it.
        """
        self._world.reset()
        self._strictness.forgive()

    def fork(self) -> Self:
        """Another world, as this one is now, which ends with this one.

        It is strict where this one is.
        """
        name = self._app.worlds.make(origin=self.name)
        twin = type(self)(self._app, name, self._server)
        twin._tokens = self._tokens
        if self._strictness.is_demanded:
            twin.strict()
        self._forks.append(twin)
        return twin

    # What is demanded.

    def strict(self) -> None:
        """Have `verify` demand that clients send nothing outside the contract."""
        self._strictness.demand()

    def verify(self, *, scripts: bool = True) -> None:
        """Demand that scripts were used up, and the contract kept where it is strict.

        Raises `VerificationError`, also for forks. It is asked at the end of each test.
        """
        missed = "\n".join(self._missed(scripts=scripts))
        if missed:
            raise VerificationError(f"{self.api}: {missed}")

    def close(self) -> None:
        """Drop the world, and let nobody wait in it any longer.

        The default one stays as long as its server.
        """
        for twin in self._forks:
            twin.close()
        self._forks.clear()
        if self.name != DEFAULT:
            self._app.worlds.drop(self.name)

    # In process.

    def requests_session(self) -> "requests.Session":
        """A session of requests whose requests all come here, without a socket.

        Whatever host they name: none leaves the process.
        """
        try:
            from tasktwin_mockserver.stub.requests_session import session
        except ModuleNotFoundError as error:
            raise _missing(error, "requests") from None
        return session(self.wsgi, self._may_wait)

    def httpx_transport(self) -> Any:
        """A transport for `httpx.Client` or `AsyncClient` that ends here likewise."""
        try:
            from tasktwin_mockserver.stub.httpx_transport import Transport
        except ModuleNotFoundError as error:
            raise _missing(error, "httpx") from None
        return Transport(self.wsgi, self._may_wait)

    # For the stubs of the APIs.

    def token(self) -> str:
        """A UUID that is new in this world, and the same in each run."""
        self._tokens += 1
        return self._world.token("stub", self._tokens)

    def _missed(self, *, scripts: bool) -> Iterator[str]:
        """A text for each thing that `verify` demands and was not done, forks' too."""
        if scripts:
            yield from unused(self.faults)
        yield from self._strictness.broken()
        for twin in self._forks:
            for missed in twin._missed(scripts=scripts):
                yield f"fork {twin.name}: {missed}"

    def _may_wait(self) -> bool:
        """Whether a request may have to wait here."""
        return bool(self.faults.left or self._world.settings.rate_limit)

    def _call(
        self, person: Person, operation_id: str, parameters: Mapping[str, Any]
    ) -> Any:
        """What the call answers; it is by a new session where theirs has ended."""
        url = self.url
        if self._world.settings.require_https:
            url = f"https{url.removeprefix(urlsplit(url).scheme)}"
        words = (self._app, self.api, url, operation_id, parameters)
        try:
            return prepare(*words, *person.carried)
        except PrepareError as error:
            if error.status != HTTPStatus.UNAUTHORIZED or person.name is None:
                raise
            with suppress(PrepareError):
                person = self.sign_in(person)
        return prepare(*words, *person.carried)


def stub_of(app: App, name: str, server: str) -> Stub:
    """The stub of that world, with the builders that its API has."""
    own = f"tasktwin_mockserver.{app.api.name}.stub"
    kind: type[Stub] = import_module(own).Stub if find_spec(own) else Stub
    return kind(app, name, server)


def _world_called(app: App, name: str) -> World:
    world = app.worlds.get(name)
    if world is None:
        near = known(name, app.worlds.names())
        raise PrepareError(f"there is no world called {name!r}{near}")
    return world


def _missing(error: ModuleNotFoundError, library: str) -> ImportError:
    if error.name is None or error.name.partition(".")[0] not in (library, "urllib3"):
        return error
    return LibraryError(f"this needs the library {library}: pip install {library}")
