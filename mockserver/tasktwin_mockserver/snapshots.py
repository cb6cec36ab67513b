"""The named snapshots of a world."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasktwin_mockserver.world import Snapshot, World

NAME = re.compile(r"[a-z0-9-]{1,32}")


class SnapshotError(ValueError):
    """There can be, or there is, no snapshot of that name."""


class Snapshots:
    """What a world was like at moments that got a name; the log is no part of it."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._kept: dict[str, Snapshot] = {}
        self._taken = 0

    def names(self) -> list[str]:
        """The names of all snapshots, the oldest first."""
        return list(self._kept)

    def take(self, name: str | None = None) -> str:
        """Keep the world as it is now under `name`, or a free one, and answer that.

        One that had the name before is forgotten. Raises `SnapshotError`.
        """
        with self._world.lock:
            name = self._free_name() if name is None else name
            if not NAME.fullmatch(name):
                raise SnapshotError(f"a snapshot's name matches {NAME.pattern}")
            self._kept.pop(name, None)
            self._kept[name] = self._world.snapshot()
            return name

    def restore(self, name: str) -> None:
        """Have the world be as it was; raises `SnapshotError`."""
        with self._world.lock:
            self._world.restore(self._kept[self._known(name)])

    def drop(self, name: str) -> None:
        """Forget a snapshot; raises `SnapshotError`."""
        with self._world.lock:
            del self._kept[self._known(name)]

    def _known(self, name: str) -> str:
        if name not in self._kept:
            raise SnapshotError(f"there is no snapshot called {name!r}")
        return name

    def _free_name(self) -> str:
        while True:
            self._taken += 1
            if f"s{self._taken}" not in self._kept:
                return f"s{self._taken}"
