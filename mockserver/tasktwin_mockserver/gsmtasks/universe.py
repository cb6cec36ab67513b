"""A world of GSMtasks: its tables, and how a new record gets its id."""

from typing import Any, TypeAlias, TypeVar

from tasktwin_mockserver import api, world
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
from tasktwin_mockserver.tables import Each, Property, Table
from tasktwin_mockserver.world import Write

R = TypeVar("R", bound=Record)
TOKEN_LENGTH = 40


class GSMtasksWorld(world.World):
    """A world of GSMtasks; each table is called as the resource that it holds."""

    def build(self) -> None:
        """Make the empty tables."""
        self.accounts = self._records(Account)
        self.users = self._records(
            User, email=lambda user: user.email.lower(), token=lambda user: user.token
        )
        self.roles = self._records(
            Role, user=lambda role: role.user, account=lambda role: role.account
        )
        self.clients = self._records(Client)
        self.contact_addresses = self._records(
            ContactAddress, account=lambda row: row.account
        )
        self.orders = self._records(Order)
        self.tasks = self._records(Task, order=lambda task: task.order)
        self.task_events = self._records(TaskEvent, task=lambda event: event.task)
        self.trackers = self._records(Tracker, task=Each(lambda row: row.tasks))
        self.route_optimizations = self._records(
            RouteOptimization, open=lambda row: True if row.outcome is None else None
        )
        self._build_files()

    def _build_files(self) -> None:
        self.file_uploads = self._records(FileUpload, digest=lambda row: row.digest)
        self.documents = self._records(
            Document,
            task=lambda document: document.task,
            file_upload=lambda document: document.file_upload,
        )
        self.signatures = self._records(
            Signature,
            task=lambda signature: signature.task,
            file_upload=lambda signature: signature.file_upload,
        )

    def table(self, kind: type[R]) -> Table[str, R]:
        """The table that holds the records of that kind."""
        return self.tables[kind.noun]

    def stamps(self, write: Write, kind: type[Record]) -> dict[str, Any]:
        """The id of a new record of that kind, and its times."""
        number = write.next(kind.noun)
        return {
            "id": self.token(kind.noun, number),
            "created_at": write.stamp,
            "updated_at": write.stamp,
        }

    def key(self, number: int) -> str:
        """The token of the user of that number."""
        text = self.token("key", number) + self.token("more of the key", number)
        return text.replace("-", "")[:TOKEN_LENGTH]

    def _records(self, kind: type[R], **indexes: Property[R]) -> Table[str, R]:
        return self._table(kind.noun, Table(lambda record: record.id, **indexes))


Call: TypeAlias = api.Call[User]
