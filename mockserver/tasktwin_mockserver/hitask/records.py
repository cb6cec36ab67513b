"""The records of a HiTask world, and its tables."""

from typing import Any, TypeAlias

from msgspec import Struct

from tasktwin_mockserver import api, world
from tasktwin_mockserver.tables import Table

ROOT = 0
NOBODY = 0


class Team(Struct, frozen=True):
    """A business account."""

    id: int
    title: str


class User(Struct, frozen=True):
    """A person's account; `membership` is the level in their team, if they have one."""

    id: int
    login: str
    password: str
    first_name: str
    last_name: str
    email: str
    email_confirmed: str
    level: int
    account_type: str
    picture_source: int
    picture_hash: str
    team: int | None = None
    membership: int | None = None


class ApiKey(Struct, frozen=True):
    """A key by which a client is let in."""

    value: str
    name: str


class Session(Struct, frozen=True):
    """A user who has signed in; `used` in microseconds since the epoch."""

    id: str
    user: int
    used: int


class Preference(Struct, frozen=True):
    """One preference of a user, as its text."""

    user: int
    key: str
    value: str


class Entry(Struct, frozen=True):
    """What one principal, a user's or a group's id, may do with an item."""

    level: int
    principal: str


class Alert(Struct, frozen=True, rename={"time_type": "timeType"}):
    """A reminder, with the names that it has on the wire."""

    id: int
    time_type: int
    time: float | None
    timeSpecified: str | None  # noqa: N815
    repeat: int
    repeatInterval: int  # noqa: N815
    sound: bool
    alert: bool
    email: bool
    push: bool


class Item(Struct, frozen=True, kw_only=True):
    """A task, project, event, note, file, client or contact: its own fields.

    Dates are texts with milliseconds and an offset, `created` and `updated` stamps in
    microseconds.
    """

    id: int
    guid: str
    user_id: int
    issue_id: str
    version: int
    created: int
    updated: int
    title: str
    message: str | None
    category: int
    short_name: str | None
    parent: int
    color: int
    color_value: str
    completed: bool
    priority: int
    start_date: str | None
    end_date: str | None
    is_all_day: bool
    recurring: int
    recurring_interval: int
    recurring_end_date: str | None
    recurring_by: list[dict[str, Any]] | None
    time_track: bool
    time_est: float
    time_spent: float
    assignee: int
    participants: tuple[int, ...]
    tags: tuple[str, ...]
    location: dict[str, Any] | None
    alerts: tuple[Alert, ...]
    permissions: tuple[Entry, ...]
    contact: str | None
    transition_time: int | None = None
    transition_user: int | None = None


class Mark(Struct, frozen=True):
    """What is between one viewer and one item; `stamp` is when it last changed."""

    viewer: int
    item: int
    starred: bool
    stamp: int


class HiTaskWorld(world.World):
    """A world of HiTask."""

    tick = 1000  # cursors count milliseconds, and no two writes may share one

    def build(self) -> None:
        """Make the empty tables."""
        self.teams: Table[int, Team] = self._table("teams", Table(lambda r: r.id))
        self.users: Table[int, User] = self._table(
            "users",
            Table(
                lambda user: user.id,
                login=lambda user: user.login,
                email=lambda user: user.email.lower(),
            ),
        )
        self.api_keys: Table[str, ApiKey] = self._table(
            "api_keys", Table(lambda key: key.value)
        )
        self.sessions: Table[str, Session] = self._table(
            "sessions", Table(lambda session: session.id)
        )
        self.preferences: Table[tuple[int, str], Preference] = self._table(
            "preferences", Table(lambda row: (row.user, row.key))
        )
        self.items: Table[int, Item] = self._table(
            "items",
            Table(
                lambda item: item.id,
                guid=lambda item: item.guid.lower(),
                parent=lambda item: item.parent or None,
                owner=lambda item: item.user_id,
                short_name=lambda item: item.short_name and item.short_name.lower(),
            ),
        )
        self.marks: Table[tuple[int, int], Mark] = self._table(
            "marks",
            Table(lambda mark: (mark.viewer, mark.item), item=lambda mark: mark.item),
        )
        self.encodings: dict[int, tuple[Item, bytes]] = {}

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
