"""All worlds of one server: made from one template, found by their names."""

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import msgspec

from tasktwin_mockserver import spelling
from tasktwin_mockserver.api import Api
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.journal import Journal
from tasktwin_mockserver.recall import StateError
from tasktwin_mockserver.world import Settings, World

NAME = re.compile(r"[a-z0-9-]{1,32}")
DEFAULT = "default"
TEMPLATE_SECONDS = 60.0  # the sessions of a cast end some time after it was made
ACCOUNTS = "settings.accounts"


class WorldError(ValueError):
    """A world cannot be made as asked; `field` is the part of the request at fault."""

    def __init__(self, message: str, field: str | None) -> None:
        super().__init__(message)
        self.field = field


class TooManyError(WorldError):
    """There are as many worlds as there may be."""


class Room(msgspec.Struct, frozen=True):
    """How many worlds there may be beside the default one, and how long unused.

    None is any number, and for ever; `idle` is in seconds of the machine's time, which
    `timer` tells.
    """

    most: int | None = None
    idle: float | None = None
    timer: Callable[[], float] = time.monotonic


class Worlds:
    """The worlds of a server by name; each starts as a fork of a seeded template.

    One that was not used for as long as `room` says is gone; the default one stays.
    """

    def __init__(
        self,
        api: Api,
        seed: int,
        settings: Settings,
        room: Room | None = None,
        journal: Callable[[World], Journal] | None = None,
    ) -> None:
        """Make the default world, or recall what `journal` opens, given a template.

        Raises `StateError` where the state file cannot be used.
        """
        self.api = api
        self._seed = seed
        self._settings = settings
        self._room = room or Room()
        self._used: dict[str, float] = {}
        self._templates: dict[int, World] = {}
        self._worlds: dict[str, World] = {}
        self._made = 0
        self._since = 0.0
        self._lock = threading.RLock()
        self._journal = journal(self._template(seed)) if journal else None
        if self._journal is not None:
            self._made = self._journal.made
            self._worlds = self._journal.recall()
            self._used = dict.fromkeys(self._worlds, self._room.timer())
            for world in self._worlds.values():
                world.people = self._people(world)
        if DEFAULT not in self._worlds:
            self.make(DEFAULT)
        if (kept := self.pending()) and kept.exception():
            self.close()
            raise StateError(f"There can be no default world: {kept.exception()}.")

    def __len__(self) -> int:
        return len(self.names())

    def names(self) -> list[str]:
        """The names of all worlds, oldest first."""
        self._expire()
        return list(self._worlds)

    def get(self, name: str) -> World | None:
        """The world called `name`, or None; it is used by that."""
        world = self._worlds.get(name)
        if world is None or self._room.idle is None:
            return world
        with self._lock:
            if self._is_over(name):
                self.drop(name)
                return None
            self._used[name] = self._room.timer()
        return world

    def find(self, request: Request) -> World | None:
        """The world that `request` goes to, its prefix taken off the path."""
        if not request.path.startswith("/~"):
            return self._worlds.get(DEFAULT)
        name, slash, rest = request.path[2:].partition("/")
        request.path, request.prefix = slash + rest, f"/~{name}"
        return self.get(name)

    def make(
        self,
        name: str | None = None,
        seed: int | None = None,
        settings: Settings | None = None,
        origin: str | None = None,
    ) -> str:
        """Make a world, a fork of `origin` or of the template, and answer its name.

        Raises `WorldError` for a name that is taken or is none, an unknown origin, a
        seed given beside an origin, accounts of nobody or in no known state, and
        `TooManyError` where there is no room.
        """
        if name is not None and not NAME.fullmatch(name):
            raise WorldError(f"a world's name matches {NAME.pattern}", "name")
        with self._lock:
            self._expire()
            self._hold_to_room()
            if name is None:
                name = self._free_name()
            elif name in self._worlds:
                raise WorldError(f"there is a world called {name!r} already", "name")
            world = self._origin(origin, seed).fork()
            self.configure(world, world.settings if settings is None else settings)
            world.begin()
            if self._journal is not None:
                self._journal.begin(name, world, self._made)
            self._used[name] = self._room.timer()
            self._worlds[name] = world
            return name

    def configure(self, world: World, settings: Settings) -> None:
        """Have `world` keep `settings`; raises `WorldError` as `make` does."""
        self._check_accounts(world, settings)
        world.settings = settings

    def drop(self, name: str) -> bool:
        """Forget the world called `name`; False if there is none."""
        with self._lock:
            world = self._worlds.pop(name, None)
            self._used.pop(name, None)
            if world is None:
                return False
            if self._journal is not None:
                self._journal.drop(world)  # before another one has the name
        world.end()
        return True

    def pending(self) -> Future[None] | None:
        """What ends once all that was done to any world is safe; None where none is."""
        return None if self._journal is None else self._journal.submit()

    def close(self) -> None:
        """Write durable worlds down for the last time; they take no more writes."""
        if self._journal is not None:
            self._journal.close()

    def end(self) -> None:
        """Have no request wait in any world."""
        for world in tuple(self._worlds.values()):
            world.end()

    def describe(self, name: str, url: str) -> dict[str, Any]:
        """The world called `name` for its users, at the server's address `url`."""
        world = self._worlds[name]
        base = url if name == DEFAULT else f"{url}/~{name}"
        cast = self.api.cast(world)
        return {"name": name, "url": base, "seed": world.seed, **cast}

    def _is_over(self, name: str) -> bool:
        idle = self._room.idle
        if idle is None or name == DEFAULT:
            return False
        now = self._room.timer()
        return now - self._used.get(name, now) > idle

    def _expire(self) -> None:
        """Drop the worlds that were not used for too long."""
        if self._room.idle is not None:
            for name in filter(self._is_over, tuple(self._worlds)):
                self.drop(name)

    def _hold_to_room(self) -> None:
        most = self._room.most
        if most is not None and len(self._worlds) > most:
            words = f"there are {most} worlds beside the default one, and no room for"
            raise TooManyError(f"{words} another; drop one", None)

    def _check_accounts(self, world: World, settings: Settings) -> None:
        asked = settings.accounts
        people = self.api.cast(world)["actors"] if asked else {}
        for name, state in asked.items():
            if name not in people:
                near = spelling.known(name, people)
                raise WorldError(f"there is nobody called {name!r}{near}", ACCOUNTS)
            if state not in self.api.states:
                known = ", ".join(self.api.states)
                words = f"the account of {name} is in none of the states {known}"
                raise WorldError(words, ACCOUNTS)

    def _free_name(self) -> str:
        while True:
            self._made += 1
            if f"w{self._made}" not in self._worlds:
                return f"w{self._made}"

    def _origin(self, origin: str | None, seed: int | None) -> World:
        if origin is None:
            return self._template(self._seed if seed is None else seed)
        if seed is not None:
            raise WorldError("a world made from another one keeps its seed", "seed")
        if origin not in self._worlds:
            raise WorldError(f"there is no world called {origin!r}", "from")
        return self._worlds[origin]

    def _template(self, seed: int) -> World:
        now = self._room.timer()
        if now - self._since > TEMPLATE_SECONDS or len(self._templates) >= 100:
            self._templates.clear()
        if seed not in self._templates:
            self._since = now if not self._templates else self._since
            template = self.api.world(seed, self._settings)
            template.api = self.api.name
            template.people = self._people(template)
            self._templates[seed] = template
        return self._templates[seed]

    def _people(self, world: World) -> dict[str, str]:
        actors = self.api.cast(world)["actors"].items()
        return {str(row.get("id", name)): name for name, row in actors}
