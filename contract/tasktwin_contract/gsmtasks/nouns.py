"""The resources of GSMtasks by their nouns, and the operations that each has."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Noun:
    """One resource.

    `names` are its operations' common part, for one record and for many; `path` is
    where its records stand. `refers` are the fields of a record that hold addresses,
    by the noun of what stands there, those in `lists` whole lists of them.
    """

    names: tuple[str, str]
    path: str
    refers: Mapping[str, str]
    lists: frozenset[str] = frozenset()
    created: bool = True
    updated: bool = True

    @property
    def get(self) -> str:
        """The operation that reads one record."""
        return f"get{self.names[0]}"

    @property
    def list(self) -> str:
        """The operation that lists the records."""
        return f"list{self.names[1]}"

    @property
    def create(self) -> str:
        """The operation that makes a record."""
        return f"create{self.names[0]}"

    @property
    def update(self) -> str:
        """The operation that changes a record."""
        return f"update{self.names[0]}"

    @property
    def patch(self) -> str:
        """The same by PATCH."""
        return f"patch{self.names[0]}"


def _noun(
    one: str,
    path: str,
    refers: Mapping[str, str],
    *lists: str,
    created: bool = True,
    updated: bool = True,
) -> Noun:
    return Noun((one, f"{one}s"), path, refers, frozenset(lists), created, updated)


NOUNS: Mapping[str, Noun] = {
    "account": _noun("Account", "accounts", {}, created=False, updated=False),
    "role": _noun("Role", "roles", {"account": "account", "user": "user"}),
    "user": _noun("User", "users", {}, updated=False),
    "client": _noun("Client", "clients", {"account": "account"}),
    "order": _noun(
        "Order",
        "orders",
        {"account": "account", "client": "client", "tasks": "task"},
        "tasks",
    ),
    "task": _noun(
        "Task",
        "tasks",
        {
            "account": "account",
            "order": "order",
            "orderer": "client",
            "receiver": "client",
            "assignee": "user",
        },
    ),
    "event": _noun(
        "TaskEvent",
        "task_events",
        {"task": "task", "user": "user", "assignee": "user"},
        created=False,
        updated=False,
    ),
    "contact_address": Noun(
        ("ContactAddress", "ContactAddresses"),
        "contact_addresses",
        {"account": "account", "client": "client"},
    ),
    "tracker": _noun(
        "Tracker", "trackers", {"account": "account", "tasks": "task"}, "tasks"
    ),
    "route": _noun(
        "RouteOptimization",
        "route_optimizations",
        {"account": "account", "assignee": "user", "tasks": "task"},
        "tasks",
        updated=False,
    ),
    "file_upload": _noun(
        "FileUpload", "file_uploads", {"created_by": "user"}, updated=False
    ),
    "document": _noun(
        "Document",
        "documents",
        {"task": "task", "order": "order", "created_by": "user"},
        updated=False,
    ),
    "signature": _noun(
        "Signature",
        "signatures",
        {"task": "task", "created_by": "user"},
        updated=False,
    ),
}

EVERY = tuple(NOUNS)
CREATED = tuple(name for name, noun in NOUNS.items() if noun.created)
UPDATED = tuple(name for name, noun in NOUNS.items() if noun.updated)
OF_ACCOUNT = tuple(n for n in CREATED if "account" in NOUNS[n].refers)

# What is written as a reference: the field, the noun of what it names, and whether it
# may be null.
WRITTEN: Mapping[str, Mapping[str, str]] = {
    "role": {"account": "account", "user": "user"},
    "client": {"account": "account"},
    "order": {"account": "account", "client": "client", "tasks": "task"},
    "task": {
        "account": "account",
        "order": "order",
        "orderer": "client",
        "receiver": "client",
        "assignee": "user",
    },
    "contact_address": {"account": "account", "client": "client"},
    "tracker": {"account": "account", "tasks": "task"},
    "route": {"account": "account", "assignee": "user", "tasks": "task"},
    "document": {"task": "task", "order": "order", "file_upload": "file_upload"},
    "signature": {"task": "task", "file_upload": "file_upload"},
}
REFERENCES = [(noun, field) for noun, fields in WRITTEN.items() for field in fields]


def as_written(noun: str, field: str, reference: object) -> object:
    """A reference as that field takes it: a list where it holds several."""
    return [reference] if field in NOUNS[noun].lists else reference
