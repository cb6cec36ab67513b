"""What is under test: a server, and the worlds that it lends."""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from tasktwin_contract.access import lacking
from tasktwin_contract.actors import Actor, actor_of
from tasktwin_contract.allowances import ConformsError
from tasktwin_contract.checks import Violation, violations
from tasktwin_contract.connection import IN_THIS_PROCESS, Connection
from tasktwin_contract.curl import curl_lines, preamble
from tasktwin_contract.failures import NotJudgedError, UnreachableError
from tasktwin_contract.reply import Reply, Sent
from tasktwin_contract.wire import IN_PROCESS, Request, Response, Transport
from tasktwin_schemas.document import credentials

ADMIN = "/__admin"
NOWHERE = "example.com"
MOVED = (301, 302, 303, 307, 308)


@dataclass(repr=False)
class World:
    """One isolated universe of the target's, with its actors.

    Its actors are attributes: `world.owner.call("listItems")`. `history` is every
    reply in it so far, `keys` are the API keys that one of ours has beside `api_key`,
    `settings` what it was asked for with.
    """

    target: "Target"
    name: str
    seed: int
    api_key: str
    people: dict[str, dict[str, str]]
    history: list[Reply] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    _guids: int = 0

    @property
    def api(self) -> str:
        """The API that the target serves."""
        return self.target.api

    @property
    def prefix(self) -> str:
        """What stands before every path of this world."""
        return f"/~{self.name}"

    def __getattr__(self, name: str) -> Actor:
        if name.startswith("_") or name not in self.people:
            raise AttributeError(name)
        return self.actor(name, self.people[name])

    def __repr__(self) -> str:
        return f"<world {self.name}>"

    @property
    def nobody(self) -> Actor:
        """Somebody without a session."""
        return self.actor(None, {})

    @property
    def first(self) -> Actor:
        """The first of its people."""
        return self.actor(*next(iter(self.people.items())))

    def actor(self, name: str | None, facts: Mapping[str, str]) -> Actor:
        """Somebody of the API that is served."""
        return actor_of(self.api)(self, name, facts)

    def guid(self, drawn: str | None = None) -> str:
        """A new UUID, the same again for the same seed.

        One that was `drawn` is taken as it is, where worlds are apart.
        """
        if drawn is not None:
            return drawn
        self._guids += 1
        name = f"{self.seed}/{self._guids}"
        return str(uuid.uuid5(uuid.NAMESPACE_URL, name))

    def address(self) -> str:
        """A new e-mail address, under a domain at which nobody gets mail."""
        return f"{self.guid()}@{NOWHERE}"

    def send(self, sent: Sent) -> Reply:
        """Send a request as it is, and hold the answer against what always holds."""
        reply = Reply(sent, self.target.transport.send(sent.request))
        self.history.append(reply)
        for violation in violations(reply, self.passwords):
            self.target.note(violation, self)
        return reply

    @cached_property
    def passwords(self) -> list[str]:
        """Those of its people."""
        found = (person.get("password") for person in self.people.values())
        return [password for password in found if password]

    def request(self, method: str, path: str, **parts: Any) -> Reply:
        """Send a request that belongs to no operation."""
        request = Request(method, f"{self.prefix}{path}", **parts)
        return self.send(Sent(request, None, None, self.api))

    def fetch(self, url: str) -> Reply:
        """What stands at an address that an answer told. Skips the test if elsewhere.

        It is asked for as by a browser, without a session.
        """
        start = self.target.address or IN_PROCESS
        if not url.startswith(f"{start}/"):
            lacking(f"{url} is not at {start}, and nobody else is asked")
        path, _, query = url.removeprefix(start).partition("#")[0].partition("?")
        pairs = tuple(parse_qsl(query, keep_blank_values=True))
        return self.send(Sent(Request("GET", path, pairs), None, None, self.api, True))

    @property
    def _asked(self) -> dict[str, Any]:
        """What it has to be asked for with, to be the same again."""
        if self.target.address is None and not self.settings:
            return {"seed": self.seed}
        return {"seed": self.seed, "settings": self.settings}

    def shell(self, history: list[Reply]) -> tuple[str, ...]:
        """`history` as shell lines that begin with a world like this one."""
        used = {reply.sent.actor for reply in history}
        fact = credentials(self.api)[0].fact
        sessions = {
            name: person[fact] for name, person in self.people.items() if name in used
        }
        target = self.target
        return (
            *target.connection.curl,
            *preamble(
                target.api,
                target.address,
                self._asked,
                sessions,
                token=bool(target.connection.controls),
            ),
            *curl_lines(history, self.prefix, sessions),
        )

    def freeze(self) -> datetime:
        """Have the world's clock stand still, and answer where it stands."""
        path = f"/clock?world={self.name}"
        clock = self.target.admin("PUT", path, {"frozen": True})
        return datetime.fromisoformat(clock["now"])

    def advance(self, seconds: float) -> None:
        """Turn the world's clock forward, or back."""
        path = f"/clock/advance?world={self.name}"
        self.target.admin("POST", path, {"seconds": seconds})


@dataclass
class Broken:
    """A check that failed, with the shortest history that shows it."""

    violation: Violation
    world: World
    history: list[Reply]


class Target:
    """A server that lends worlds; `address` is None for a mock in this process.

    Lives for the whole run; each test, and each example of a property, takes a world
    of its own from it: `with target.world() as world`. One that is `discreet` has what
    only its user may know, which `redacted` cuts from all that is shown. Only an `own`
    one is held to what no document says. `connection` says how a server is reached.
    """

    own = True
    discreet = False

    def __init__(
        self,
        api: str,
        transport: Transport,
        address: str | None,
        seed: int,
        connection: Connection = IN_THIS_PROCESS,
    ) -> None:
        self.api = api
        self.transport = transport
        self.address = address
        self.seed = seed
        self.connection = connection
        self.broken: dict[str, Broken] = {}
        self.latest: World | None = None

    def __repr__(self) -> str:
        return f"<target {self.address or 'in process'}>"

    @contextmanager
    def world(self, **settings: Any) -> Iterator[World]:
        """A fresh world, dropped at the end."""
        world = self.open(**settings)
        try:
            yield world
        finally:
            self.close(world)

    @contextmanager
    def copy(self, world: World, **settings: Any) -> Iterator[World]:
        """A world as `world` is now, with other settings, dropped at the end."""
        twin = self.open(world.name, **settings)
        try:
            yield twin
        finally:
            self.close(twin)

    def open(self, origin: str | None = None, /, **settings: Any) -> World:
        """Make a fresh world, or a fork of the one called `origin`.

        Skips the test where the world is to refuse plain HTTP, and is not asked so.
        """
        if settings.get("require_https") and self.connection.is_secure:
            lacking(f"{self.address} is not asked over plain HTTP")
        asked: dict[str, Any] = {"from": origin} if origin else {"seed": self.seed}
        if settings or not origin:  # none are some as well: no option of the server's
            asked["settings"] = settings
        made = self.admin("POST", "/worlds", asked)
        self.latest = World(
            target=self,
            name=made["name"],
            seed=made["seed"],
            api_key=made.get("api_keys", {}).get("full", ""),
            people=made["actors"],
            keys=made.get("api_keys", {}),
            settings=settings,
        )
        return self.latest

    def close(self, world: World) -> None:
        """Drop `world`."""
        self.admin("DELETE", f"/worlds/{world.name}")

    def in_clear(self, operation_id: str) -> Reply:
        """The answer to a call over plain HTTP, which has to be refused.

        Ends the test where HTTPS is all that is served, or where the call is sent on.
        """
        if self.connection.is_secure:
            with self.world() as world:
                sent = world.first.call(operation_id).sent
            reply = Reply(sent, said_in_clear(self.connection, sent.request))
        else:
            with self.world(require_https=True) as world:
                reply = world.first.call(operation_id)
        hold_not_sent_on(reply)
        return reply

    def check(self) -> None:
        """Make sure that it can be judged, before anything is run."""

    def begin(self, clauses: Iterable[str] = ()) -> None:
        """Forget what earlier tests saw; a test of `clauses` begins."""
        self.broken = {}
        self.latest = None

    def doubt(self, error: BaseException) -> str | None:
        """Why a test's failure cannot be held against the target, if so."""
        return None

    def redacted(self, text: str) -> str:
        """`text` without what only the user may know."""
        return text

    def end(self) -> list[str]:
        """Leave the target as it was found; sentences on what stood in the way."""
        return []

    def note(self, violation: Violation, world: World) -> None:
        """Keep what a check found, and the shortest history that led to it."""
        known = self.broken.get(violation.clause)
        if known is None or len(world.history) < len(known.history):
            self.broken[violation.clause] = Broken(
                violation, world, list(world.history)
            )

    @contextmanager
    def forgiving(self, *names: str) -> Iterator[None]:
        """Pass over what answers in here break of these clauses.

        That is for answers that hold what the test itself sent, and was not refused.
        """
        before = {name: self.broken[name] for name in names if name in self.broken}
        try:
            yield
        finally:
            for name in names:
                self.broken.pop(name, None)
            self.broken.update(before)

    def admin(self, method: str, path: str, body: object = None) -> Any:
        """Ask the mock's own controls. Raises `NotJudgedError` where they refuse."""
        headers = (("Content-Type", "application/json"), *self.connection.controls)
        data = json.dumps(body).encode() if body is not None else b""
        path, _, query = path.partition("?")
        pairs = tuple((k, v) for k, _, v in [query.partition("=")] if k)
        request = Request(method, f"{ADMIN}{path}", pairs, headers, data)
        response = self.transport.send(request)
        if response.status not in (200, 201):
            text = response.body[:200].decode(errors="replace")
            raise NotJudgedError(f"{method} {ADMIN}{path}: {response.status} {text}")
        return json.loads(response.body)


def said_in_clear(connection: Connection, request: Request) -> Response:
    """What is said to `request` over plain HTTP. Ends the test where nothing is."""
    try:
        return connection.in_clear.send(request)
    except UnreachableError:
        raise ConformsError("plain HTTP is not served") from None


def hold_not_sent_on(reply: Reply | Response) -> None:
    """End the test where the answer to plain HTTP is that HTTPS is to be used."""
    moved = reply.status in MOVED
    if moved and reply.headers.get("location", "").startswith("https:"):
        raise ConformsError("plain HTTP is sent on to HTTPS")
