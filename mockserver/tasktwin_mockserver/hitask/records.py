"""The records of a HiTask world."""

from typing import Any

from msgspec import Struct

ROOT = 0
NOBODY = 0


class Team(Struct, frozen=True):
    """A business account; `domain` is the name of its own part of the site."""

    id: int
    title: str
    domain: str
    inbox: str


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


class Picture(Struct, frozen=True):
    """An avatar that its user uploaded: the part of it that is shown, as a PNG."""

    hash: str
    user: int
    data: bytes


class Guest(Struct, frozen=True):
    """Somebody who was invited and has no account yet; no user has that id."""

    id: int
    email: str
    first_name: str
    last_name: str


class Invitation(Struct, frozen=True):
    """A person, a user or a guest, who is to join a team."""

    team: int
    person: int


class Contact(Struct, frozen=True):
    """What another person, a user or a guest, is to a user."""

    user: int
    person: int
    subscription: str


class ApiKey(Struct, frozen=True):
    """A key by which a client is let in, for reading alone if it `writes` not."""

    value: str
    name: str
    writes: bool = True


class Session(Struct, frozen=True):
    """A user who has signed in; `used` in microseconds since the epoch.

    `writes` is what the API key allowed by which they did.
    """

    id: str
    user: int
    used: int
    writes: bool = True


class Preference(Struct, frozen=True):
    """One preference of a user, as its text."""

    user: int
    key: str
    value: str


class Entry(Struct, frozen=True):
    """What one principal, a user's or a group's id, may do with an item."""

    level: int
    principal: str


class Group(Struct, frozen=True):
    """Some users of a team, to be named as one; Everyone lists nobody by name."""

    id: str
    team: int
    name: str
    code: str | None
    color: str | None
    type: int
    members: tuple[int, ...] = ()


class Tag(Struct, frozen=True):
    """A word that items carry; no two of one account's have the same name."""

    id: int
    account: str
    name: str


class Alert(Struct, frozen=True, rename={"time_type": "timeType"}):
    """A reminder, with the names that it has on the wire."""

    id: int
    time_type: int
    time: int | float | None
    timeSpecified: str | None  # noqa: N815
    repeat: int
    repeatInterval: int  # noqa: N815
    sound: bool
    alert: bool
    email: bool
    push: bool


class Instance(Struct, frozen=True):
    """One time at which a recurring item takes place, in microseconds."""

    at: int
    completed: bool


class Item(Struct, frozen=True, kw_only=True):
    """A task, project, event, note, file, client or contact: its own fields.

    Dates are texts with milliseconds and an offset, `created` and `updated` stamps in
    microseconds. `tags` are ids, `last_comment` the id of an event, `archived` the
    stamp of the act that put it into the archive, `instances` those that have ever been
    other than the item.
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
    time_est: int | float
    time_spent: int | float
    assignee: int
    participants: tuple[int, ...]
    tags: tuple[int, ...]
    location: dict[str, Any] | None
    alerts: tuple[Alert, ...]
    permissions: tuple[Entry, ...]
    contact: str | None
    transition_time: int | None = None
    transition_user: int | None = None
    last_comment: int | None = None
    archived: int | None = None
    instances: tuple[Instance, ...] = ()


class File(Struct, frozen=True):
    """What was uploaded for an item; `token` is what its address ends in.

    Files with the same bytes, whose `digest` is then the same, share them.
    """

    item: int
    token: str
    name: str
    media_type: str
    digest: bytes
    data: bytes


class Event(Struct, frozen=True):
    """Something that happened to an item, a comment too; `time` is a stamp."""

    id: int
    item: int
    user: int
    time: int
    name: str
    type: str
    value: str | None = None


class Mark(Struct, frozen=True):
    """What is between one viewer and one item.

    `stamp` is when what the viewer gets of the item last changed, but for its own
    fields.
    """

    viewer: int
    item: int
    starred: bool = False
    unread: int = 0
    stamp: int = 0
