"""What each viewer gets of the items that they see, kept until it changes.

Listing ten thousand items, or telling that one of them has changed, then costs little
more than putting bytes together.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from tasktwin_mockserver.hitask.records import User

if TYPE_CHECKING:
    from tasktwin_mockserver.hitask.universe import HiTaskWorld


class Row(NamedTuple):
    """One item for one viewer.

    `stamp` is when what they get of it last changed, `head` and `rest` the item as it
    is sent, and `stub` what a delta says of it while it has not changed, both with a
    comma before them.
    """

    stamp: int
    head: bytes
    rest: bytes
    stub: bytes


class Shelves:
    """The rows of the viewers who have asked for any."""

    def __init__(self, world: "HiTaskWorld") -> None:
        self._world = world
        self._rows: dict[int, dict[int, Row]] = {}
        self._stale: dict[int, set[int]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nobody has asked for any."""
        return not self._rows

    def forget_all(self) -> None:
        """Make every viewer's rows anew when they are asked for."""
        self._rows, self._stale = {}, {}

    def forget(self, items: Iterable[int]) -> None:
        """Make the rows of `items` anew when they are asked for."""
        if self._stale:
            changed = set(items)
            for stale in self._stale.values():
                stale.update(changed)

    def rows(self, viewer: User) -> Mapping[int, Row]:
        """A row for each item that `viewer` sees, by its id, oldest first."""
        rows = self._rows.get(viewer.id)
        if rows is None:
            rows = self._rows[viewer.id] = {}
            self._stale[viewer.id] = set(self._world.items)
        stale = self._stale[viewer.id]
        timed = self._world.items.where("timed", True)
        stale.update(item.id for item in timed)  # they are others as time passes
        if stale:
            self._stale[viewer.id] = set()
            rows = self._rows[viewer.id] = self._renewed(viewer, rows, stale)
        return rows

    def _renewed(
        self, viewer: User, rows: dict[int, Row], stale: set[int]
    ) -> dict[int, Row]:
        last = next(reversed(rows), 0)
        in_order = True
        for number in sorted(stale):
            row = self._row(viewer, number)
            if row is None:
                rows.pop(number, None)
                continue
            in_order = in_order and (number in rows or number > last)
            rows[number] = row
        return rows if in_order else dict(sorted(rows.items()))

    def _row(self, viewer: User, number: int) -> Row | None:
        world = self._world
        item = world.items.get(number)
        if item is None or item.archived is not None:
            return None
        if viewer.id not in world.access.levels(item):
            return None
        mark = world.marks.get((viewer.id, number))
        return Row(
            max(item.updated, mark.stamp) if mark else item.updated,
            world.encodings.head(item, viewer, mark),
            world.encodings.rest(item),
            b',{"id":%d,"changed":false}' % number,
        )
