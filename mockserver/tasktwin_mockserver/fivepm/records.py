"""The records of a 5pm world; what clients see of them is named as on the wire.

Moments are texts as they are answered, but for those that only the server knows, which
are microseconds since the epoch.
"""

from typing import Any, Literal

from msgspec import Struct

from tasktwin_schemas import schema

People = tuple[int, ...]
Level = Literal["0", "100", "150", "200"]
ADMIN: Level = "0"
USER: Level = "100"
EXTERNAL: Level = "150"
CLIENT: Level = "200"
PROGRESS = "progress"


def values_of(name: str) -> dict[Any, str]:
    """What the values of the schema `name` are called."""
    return {row["const"]: row["title"] for row in schema("fivepm", name)["oneOf"]}


def default_of(name: str) -> Any:
    """What the schema `name` has where nothing is sent."""
    return schema("fivepm", name)["default"]


OPEN: int = default_of("status")
DONE: int = next(key for key, title in values_of("status").items() if title == "done")
NORMAL: int = default_of("priority")
BLANK: int = default_of("flag")
USUAL: Level = default_of("security-level")


class User(Struct, frozen=True, rename="camel"):
    """Somebody who may sign in, given an e-mail address and a password."""

    id: int
    title: str | None = None
    email: str | None = None
    password: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    address: str | None = None
    work_phone: str | None = None
    cell_phone: str | None = None
    company: str | None = None
    security_level: Level = USUAL
    comment: str | None = None
    can_view_profiles: bool = True
    avatar: str | None = None


class Session(Struct, frozen=True):
    """A user who has signed in; `used` in microseconds since the epoch."""

    id: str
    user: int
    used: int


class Group(Struct, frozen=True):
    """A group of projects."""

    id: int
    name: str


class Work(Struct, frozen=True, rename="camel"):
    """What projects and tasks have in common.

    `closed` says since when it is done, in microseconds since the epoch.
    """

    id: int
    name: str
    owner_id: int
    created_at: str
    updated_at: str
    description: str | None = None
    tags: str | None = None
    group_id: int | None = None
    start_date: str | None = None
    end_date: str | None = None
    priority: int = NORMAL
    status: int = OPEN
    notify_project_team: bool = False
    notify_client: bool = False
    notify_users: People = ()
    hidden: bool = False
    flag: int = BLANK
    team: People = ()
    closed: int | None = None


class Project(Work, frozen=True, rename="camel"):
    """A project."""


class Task(Work, frozen=True, rename="camel"):
    """A task; `progress` is what it was written with, not what was reported since."""

    parent_id: int | None = None
    project_id: int | None = None
    progress: int = 0
    notify_task_team: bool = False
    estimated_time: int | float | None = None


class Activity(Struct, frozen=True, rename="camel"):
    """What somebody posted to a task, or else to a project."""

    id: int
    type: str
    owner_id: int
    created_at: str
    updated_at: str
    date: str
    task_id: int | None = None
    project_id: int | None = None
    text: str | None = None
    progress: int | None = None
    hours_done: int | float | None = None
    notify_project_team: bool = False
    notify_task_team: bool = False
    notify_client: bool = False
    notify_users: People = ()
    hide_from_clients: bool = False

    @property
    def reports(self) -> bool:
        """Whether it is progress, and says how much."""
        return self.type == PROGRESS and self.progress is not None


class File(Struct, frozen=True, rename="camel"):
    """A file of an activity."""

    id: int
    name: str
    activity_id: int
    data: bytes

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.data)
