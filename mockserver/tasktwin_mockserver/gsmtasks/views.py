"""How records look to the one who asked, as GSMtasks writes them.

Which fields a record has, and in what sequence, the contract says. Most are attributes
of the record; the others are worked out when they are read.
"""

from collections.abc import Callable, Iterable
from typing import Any

from tasktwin_mockserver.gsmtasks import places
from tasktwin_mockserver.gsmtasks.links import address_of, file_address
from tasktwin_mockserver.gsmtasks.moments import text
from tasktwin_mockserver.gsmtasks.names import display_name
from tasktwin_mockserver.gsmtasks.records import (
    Account,
    Client,
    ContactAddress,
    Document,
    FileUpload,
    Order,
    Record,
    Role,
    RouteOptimization,
    Signature,
    Task,
    TaskEvent,
    Tracker,
    User,
)
from tasktwin_mockserver.gsmtasks.sight import Sight
from tasktwin_mockserver.gsmtasks.states import possible
from tasktwin_mockserver.gsmtasks.steps import step_of
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld
from tasktwin_schemas import schema

Data = dict[str, Any]
SCHEMAS: dict[type[Record], str] = {
    Account: "account",
    User: "user",
    Role: "role",
    Client: "client",
    ContactAddress: "contact-address",
    Order: "order",
    Task: "task",
    TaskEvent: "task-event",
    Tracker: "tracker",
    RouteOptimization: "route-optimization",
    FileUpload: "file-upload",
    Document: "document",
    Signature: "signature",
}
FIELDS = {
    kind: tuple(schema("gsmtasks", name)["properties"])
    for kind, name in SCHEMAS.items()
}
REFERENCES: dict[str, type[Record]] = {
    "account": Account,
    "assignee": User,
    "client": Client,
    "created_by": User,
    "order": Order,
    "orderer": Client,
    "receiver": Client,
    "task": Task,
    "user": User,
}
MOMENTS = (
    *("created_at", "updated_at", "complete_after", "complete_before", "position"),
    *("scheduled_time", "completed_at", "cancelled_at", "active_from", "active_until"),
)
HANGING = ("events", "documents", "signatures")
UNKNOWN = ("start_location", "end_location", "total_distance", "total_duration")


class View:
    """Renders records for one caller; where nobody is known, as a manager has them."""

    def __init__(self, call: Call, world: GSMtasksWorld) -> None:
        self._address = call.address
        self._world = world
        user: User | None = call.user
        self._sight = Sight(world, user) if user else None
        self._more: dict[type[Record], Callable[[Any], Data]] = {
            Account: self._account,
            User: lambda user: {"display_name": display_name(user)},
            Order: self._order,
            Task: self._task,
            TaskEvent: lambda event: {"field": "state"},
            Tracker: lambda row: {"tasks": self._seen_tasks(row.tasks), **row.shows},
            RouteOptimization: self._route_optimization,
            FileUpload: self._file,
            Document: self._document,
            Signature: lambda row: self._file(self._upload(row)),
        }

    def __call__(self, record: Record) -> Data:
        """The fields of `record`."""
        kind = type(record)
        more = self._more[kind](record) if kind in self._more else {}
        more["url"] = self._url(kind, record.id)
        return {
            name: more[name] if name in more else self._own(record, name)
            for name in FIELDS[kind]
        }

    def _own(self, record: Record, name: str) -> Any:
        """The attribute of that name, as it is written."""
        value = getattr(record, name)
        if name in REFERENCES:
            return self._url(REFERENCES[name], value)
        return text(value) if name in MOMENTS else value

    def _url(self, kind: type[Record], number: str | None, *more: str) -> str | None:
        if number is None:
            return None
        return address_of(self._address, kind.noun, number, *more)

    def _sees(self, record: Record | None) -> bool:
        return record is not None and (self._sight is None or record in self._sight)

    def _seen_tasks(self, numbers: Iterable[str]) -> list[str | None]:
        tasks = (self._world.tasks[number] for number in numbers)
        return [self._url(Task, task.id) for task in tasks if self._sees(task)]

    def _account(self, account: Account) -> Data:
        people = ("managers", "workers")
        return {name: self._url(Account, account.id, name) for name in people}

    def _order(self, order: Order) -> Data:
        tasks = self._world.tasks.where("order", order.id)
        ranked = sorted(tasks, key=lambda task: task.rank)
        return {"tasks": self._seen_tasks(task.id for task in ranked)}

    def _task(self, task: Task) -> Data:
        actions = possible(self._sight, task) if self._sight else []
        return {
            "assignee_proximity": "away",
            "is_full_load": False,
            "issues": places.issues(task.address),
            "actions": {name: self._url(Task, task.id, name) for name in actions},
            "counts": self._counts(task),
            **{name: self._url(Task, task.id, name) for name in HANGING},
        }

    def _counts(self, task: Task) -> Data:
        """How much hangs on a task; unknown to who does not see the task any more."""
        counts: Data = dict.fromkeys(HANGING) | {"forms": 0, "forms_completed": 0}
        if not self._sees(task):
            return counts
        world, number = self._world, task.id
        rows = {
            "events": world.task_events.where("task", number),
            "documents": world.documents.where("task", number),
            "signatures": world.signatures.where("task", number),
        }
        return counts | {name: sum(map(self._sees, rows[name])) for name in rows}

    def _route_optimization(self, row: RouteOptimization) -> Data:
        state, since = step_of(row, self._world.clock.now())
        return {
            "state": state,
            "updated_at": text(since),
            "tasks": self._seen_tasks(row.tasks),
            **dict.fromkeys(UNKNOWN),
        }

    def _upload(self, row: Document | Signature) -> FileUpload:
        return self._world.file_uploads[row.file_upload]

    def _file(self, upload: FileUpload) -> Data:
        return {
            "file": file_address(self._address, upload),
            "size": len(upload.data),
            "is_image": upload.is_image,
        }

    def _document(self, document: Document) -> Data:
        """A document hangs on what its viewer may not see all of."""
        upload, world = self._upload(document), self._world
        task = world.tasks.get(document.task or "")
        order = world.orders.get(document.order or "")
        return {
            **self._file(upload),
            "task": self._url(Task, document.task) if self._sees(task) else None,
            "order": self._url(Order, document.order) if self._sees(order) else None,
            "created_by": self._url(User, upload.created_by),
        }
