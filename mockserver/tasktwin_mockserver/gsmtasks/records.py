"""What a GSMtasks world holds: immutable records, moments in microseconds."""

from typing import Any, ClassVar

import msgspec

Place = dict[str, Any]
"""A GeoJSON point."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What every record has; `noun` is the resource that holds its kind."""

    noun: ClassVar[str]
    id: str
    created_at: int
    updated_at: int


class Account(Record, frozen=True, kw_only=True):
    """A company, its address and its settings."""

    noun: ClassVar[str] = "accounts"
    name: str
    slug: str
    timezone: str
    country_code: str
    address: dict[str, Any] | None = None
    task_duration: str = "00:05:00"


class User(Record, frozen=True, kw_only=True):
    """A person; without a `password` nobody signs in as them."""

    noun: ClassVar[str] = "users"
    first_name: str = ""
    last_name: str = ""
    email: str
    phone: str = ""
    token: str
    password: str | None = None
    created_by: str | None = None


class Role(Record, frozen=True, kw_only=True):
    """What a user is in an account."""

    noun: ClassVar[str] = "roles"
    account: str
    user: str
    is_manager: bool
    is_worker: bool


class Client(Record, frozen=True, kw_only=True):
    """Somebody for whom an account works."""

    noun: ClassVar[str] = "clients"
    account: str
    name: str
    slug: str
    archived: bool = False


class ContactAddress(Record, frozen=True, kw_only=True):
    """A contact at an address."""

    noun: ClassVar[str] = "contact_addresses"
    account: str
    contact: dict[str, str]
    address: dict[str, Any]
    client: str | None = None


class Order(Record, frozen=True, kw_only=True):
    """What some tasks belong to; which those are, the tasks say."""

    noun: ClassVar[str] = "orders"
    account: str
    external_id: str | None = None
    reference: str = ""
    client: str | None = None
    auto_assign: bool = False


class Task(Record, frozen=True, kw_only=True):
    """A place to go to and a thing to do there; `rank` is its place in its order."""

    noun: ClassVar[str] = "tasks"
    account: str
    contact: dict[str, str]
    address: dict[str, Any]
    complete_after: int
    position: int
    order: str | None = None
    rank: int = 0
    external_id: str | None = None
    category: str = "assignment"
    orderer: str | None = None
    receiver: str | None = None
    description: str = ""
    reference: str = ""
    complete_before: int | None = None
    scheduled_time: int | None = None
    state: str = "unassigned"
    completed_at: int | None = None
    cancelled_at: int | None = None
    assignee: str | None = None
    auto_assign: bool = False
    duration: str | None = None
    metafields: dict[str, Any] = {}


class TaskEvent(Record, frozen=True, kw_only=True):
    """What somebody did to a task."""

    noun: ClassVar[str] = "task_events"
    task: str
    event: str
    from_state: str
    to_state: str
    user: str
    notes: str
    location: Place | None
    assignee: str | None


class Tracker(Record, frozen=True, kw_only=True):
    """A page on which anybody may follow tasks; `shows` are its switches."""

    noun: ClassVar[str] = "trackers"
    account: str
    tasks: tuple[str, ...]
    active_from: int
    active_until: int
    active_states: tuple[str, ...]
    shows: dict[str, bool]
    max_zoom_level: int | None


class RouteOptimization(Record, frozen=True, kw_only=True):
    """Tasks on their way into a good sequence; `outcome` is there at the end.

    `queued_at` is when it was asked for, by the world's clock.
    """

    noun: ClassVar[str] = "route_optimizations"
    account: str
    assignee: str
    tasks: tuple[str, ...]
    queued_at: int
    outcome: str | None = None


class FileUpload(Record, frozen=True, kw_only=True):
    """A file, and the bytes that it holds."""

    noun: ClassVar[str] = "file_uploads"
    name: str
    media_type: str
    is_image: bool
    digest: bytes
    data: bytes
    created_by: str


class Document(Record, frozen=True, kw_only=True):
    """A file that is attached to a task, an order, or both."""

    noun: ClassVar[str] = "documents"
    account: str
    task: str | None
    order: str | None
    file_upload: str
    description: str
    visible_to_worker: bool
    visible_to_client: bool


class Signature(Record, frozen=True, kw_only=True):
    """A signature below a task."""

    noun: ClassVar[str] = "signatures"
    account: str
    task: str
    file_upload: str
    signer: dict[str, str]
    location: Place | None
    created_by: str
