"""The named snapshots of a world."""

import re
from typing import TYPE_CHECKING

from tasktwin_mockserver.spelling import known

if TYPE_CHECKING:
    from tasktwin_mockserver.world import World

NAME = re.compile(r"[a-z0-9-]{1,32}")


class SnapshotError(ValueError):
    """There can be, or there is, no snapshot of that name."""


class Snapshots:
    """What a world was like at moments that got a name; the log is no part of it.

    They are states that the world remembers, so a durable one has them after a restart.
    """

    def __init__(self, world: "World") -> None:
        self._world = world
        self._taken = 0

    def names(self) -> list[str]:
        """The names of all snapshots, the oldest first."""
        return [name for name in tuple(self._world.remembered) if NAME.fullmatch(name)]

    def take(self, name: str | None = None) -> str:
        """Keep the world as it is now under `name`, or a free one, and answer that.

        One that had the name before is forgotten. Raises `SnapshotError`.
        """
        with self._world.lock:
            name = self._free_name() if name is None else name
            if not NAME.fullmatch(name):
                raise SnapshotError(f"a snapshot's name matches {NAME.pattern}")
            self._world.remember(name)
            return name

    def restore(self, name: str | None = None) -> None:
        """Have the world be as it was, or as it was last; raises `SnapshotError`."""
        with self._world.lock:
            name = self._latest() if name is None else self._known(name)
            snapshot, _ = self._world.remembered[name]
            self._world.restore(snapshot)

    def drop(self, name: str) -> None:
        """Forget a snapshot; raises `SnapshotError`."""
        with self._world.lock:
            self._world.forget_state(self._known(name))

    def _known(self, name: str) -> str:
        if name not in self.names():
            near = known(name, self.names())
            raise SnapshotError(f"there is no snapshot called {name!r}{near}")
        return name

    def _latest(self) -> str:
        if not self.names():
            raise SnapshotError("there is no snapshot yet; snapshot() takes one")
        return self.names()[-1]

    def _free_name(self) -> str:
        while True:
            self._taken += 1
            if f"s{self._taken}" not in self._world.remembered:
                return f"s{self._taken}"
