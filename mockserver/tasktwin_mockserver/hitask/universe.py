"""A world of HiTask: its tables, and what follows from a write to them."""

from collections.abc import Mapping
from typing import TypeAlias

from tasktwin_mockserver import api, world
from tasktwin_mockserver.hitask.access import Access
from tasktwin_mockserver.hitask.encodings import Encodings
from tasktwin_mockserver.hitask.labels import drop_unlinked
from tasktwin_mockserver.hitask.records import (
    ApiKey,
    Contact,
    Event,
    File,
    Group,
    Guest,
    Invitation,
    Item,
    Mark,
    Picture,
    Preference,
    Session,
    Tag,
    Team,
    User,
)
from tasktwin_mockserver.hitask.shelves import Shelves
from tasktwin_mockserver.hitask.storage import without_items
from tasktwin_mockserver.hitask.views import Views
from tasktwin_mockserver.tables import AnyTable, Each, Table
from tasktwin_mockserver.world import Write


class HiTaskWorld(world.World):
    """A world of HiTask."""

    tick = 1000  # cursors count milliseconds, and no two writes may share one

    def build(self) -> None:
        """Make the empty tables."""
        self._build_accounts()
        self._build_people()
        self._build_items()
        self._build_files()

    def prepare(self) -> None:
        """Begin to keep levels, encodings and lists."""
        self.access = Access(self)
        self.encodings = Encodings(self)
        self.shelves = Shelves(self)

    def _build_accounts(self) -> None:
        self.teams: Table[int, Team] = self._table("teams", Table(lambda r: r.id))
        self.users: Table[int, User] = self._table(
            "users",
            Table(
                lambda user: user.id,
                login=lambda user: user.login,
                email=lambda user: user.email.lower(),
                team=lambda user: user.team,
                picture_hash=lambda user: user.picture_hash,
            ),
        )
        self.pictures: Table[str, Picture] = self._table(
            "pictures", Table(lambda picture: picture.hash)
        )
        self.groups: Table[str, Group] = self._table(
            "groups", Table(lambda group: group.id, team=lambda group: group.team)
        )
        self.api_keys: Table[str, ApiKey] = self._table(
            "api_keys", Table(lambda key: key.value)
        )
        self.sessions: Table[str, Session] = self._table(
            "sessions", Table(lambda session: session.id)
        )
        self.preferences: Table[tuple[int, str], Preference] = self._table(
            "preferences",
            Table(lambda row: (row.user, row.key), user=lambda row: row.user),
        )

    def _build_people(self) -> None:
        self.guests: Table[int, Guest] = self._table(
            "guests",
            Table(lambda guest: guest.id, email=lambda guest: guest.email.lower()),
        )
        self.invitations: Table[tuple[int, int], Invitation] = self._table(
            "invitations",
            Table(lambda row: (row.team, row.person), team=lambda row: row.team),
        )
        self.contacts: Table[tuple[int, int], Contact] = self._table(
            "contacts",
            Table(lambda row: (row.user, row.person), user=lambda row: row.user),
        )

    def _build_items(self) -> None:
        self.items: Table[int, Item] = self._table(
            "items",
            Table(
                lambda item: item.id,
                guid=lambda item: item.guid.lower(),
                parent=lambda item: item.parent or None,
                short_name=lambda item: item.short_name and item.short_name.lower(),
                tag=Each(lambda item: item.tags),
                timed=lambda item: True if item.instances else None,
            ),
        )
        self.tags: Table[int, Tag] = self._table(
            "tags", Table(lambda tag: tag.id, name=lambda tag: (tag.account, tag.name))
        )
        self.events: Table[int, Event] = self._table(
            "events", Table(lambda event: event.id, item=lambda event: event.item)
        )
        self.marks: Table[tuple[int, int], Mark] = self._table(
            "marks",
            Table(lambda mark: (mark.viewer, mark.item), item=lambda mark: mark.item),
        )

    def _build_files(self) -> None:
        self.files: Table[int, File] = self._table(
            "files",
            Table(
                lambda file: file.item,
                token=lambda file: file.token,
                digest=lambda file: file.digest,
            ),
        )

    def commit(self, write: Write) -> None:
        """Apply `write`, and mark for each viewer what looks different after it."""
        if write.is_only(self.sessions):  # nobody sees those
            write.apply()
            return
        if gone := without_items(self, write):
            write.remove(self.files, *gone)
        drop_unlinked(self, write)
        views = Views(self, write)
        write.apply()
        views.update()

    def forget(self, before: Mapping[str, AnyTable]) -> None:
        """Drop what is kept of records that were others before."""
        if self.shelves.is_empty and self.access.is_empty:
            return
        tables = ("users", "groups")
        if any(self.tables[name].differing(before[name]) for name in tables):
            self.access.forget_all()
            self.shelves.forget_all()
            return
        changed = self.items.differing(before["items"])
        there = [self.items[number] for number in changed if number in self.items]
        below = {one.id for item in there for one in self.descendants(item)}
        marked = {number for _, number in self.marks.differing(before["marks"])}
        self.access.forget(changed | below)
        renamed = self.tags.differing(before["tags"])
        with_them = (item.id for t in renamed for item in self.items.where("tag", t))
        self.shelves.forget({*changed, *below, *marked, *with_them})

    def children(self, item: Item) -> tuple[Item, ...]:
        """The items right below `item`, oldest first."""
        return self.items.where("parent", item.id)

    def descendants(self, item: Item) -> list[Item]:
        """Everything below `item`, parents before their children."""
        found = list(self.children(item))
        for below in found:
            found.extend(self.children(below))
        return found


Call: TypeAlias = api.Call[User]
