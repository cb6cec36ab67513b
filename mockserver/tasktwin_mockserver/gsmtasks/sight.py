"""Who sees what: nothing of an account without a role in it.

A manager sees all of an account. A worker who is none sees what everybody in it has to
know (the account, its people, clients and contact addresses) and the tasks that are
assigned to them, with what hangs on those.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

from tasktwin_mockserver.gsmtasks.errors import ForbiddenError, NotFoundError
from tasktwin_mockserver.gsmtasks.links import id_in
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
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld
from tasktwin_mockserver.tables import Table

R = TypeVar("R", bound=Record)


class Sight:
    """What one user sees of a world, asked for as `record in sight`."""

    def __init__(self, world: GSMtasksWorld, user: User) -> None:
        self.world = world
        self.user = user

    @cached_property
    def roles(self) -> dict[str, Role]:
        """The user's roles by account."""
        mine = self.world.roles.where("user", self.user.id)
        return {role.account: role for role in mine}

    @cached_property
    def people(self) -> set[str]:
        """The ids of those who share an account with the user, and the user's own."""
        shared = (self.world.roles.where("account", name) for name in self.roles)
        return {self.user.id, *(role.user for roles in shared for role in roles)}

    def manages(self, account: str) -> bool:
        """Whether the user is a manager of that account."""
        role = self.roles.get(account)
        return role is not None and role.is_manager

    def __contains__(self, record: Record) -> bool:
        match record:
            case Account(id=account):
                return account in self.roles
            case User():
                return record.id in self.people or record.created_by == self.user.id
            case TaskEvent(task=task):
                return self.world.tasks[task] in self
            case FileUpload():
                return self._sees_upload(record)
            case Role(account=a) | Client(account=a) | ContactAddress(account=a):
                return a in self.roles
            case (
                Task(account=a)
                | Order(account=a)
                | Document(account=a)
                | Signature(account=a)
                | Tracker(account=a)
                | RouteOptimization(account=a)
            ):
                return self.manages(a) or (a in self.roles and self._is_mine(record))
        return False

    def tasks(self, numbers: Iterable[str]) -> list[str]:
        """Those of some tasks that the user sees."""
        return [number for number in numbers if self.world.tasks[number] in self]

    def _is_mine(self, record: Record) -> bool:
        """Whether a worker has to do with a record of an account of theirs."""
        match record:
            case Task(assignee=assignee) | RouteOptimization(assignee=assignee):
                return assignee == self.user.id
            case Order(id=order):
                return any(t in self for t in self.world.tasks.where("order", order))
            case Tracker(tasks=tasks):
                return bool(self.tasks(tasks))
            case Signature(task=task):
                return self.world.tasks[task] in self
            case Document():
                return record.visible_to_worker and self._sees_what_holds(record)
        return False

    def _sees_what_holds(self, document: Document) -> bool:
        task = self.world.tasks.get(document.task or "")
        order = self.world.orders.get(document.order or "")
        return any(one in self for one in (task, order) if one is not None)

    def _sees_upload(self, upload: FileUpload) -> bool:
        world, number = self.world, upload.id
        return (
            upload.created_by == self.user.id
            or any(d in self for d in world.documents.where("file_upload", number))
            or any(s in self for s in world.signatures.where("file_upload", number))
        )


def found(call: Call, world: GSMtasksWorld, table: Table[str, R]) -> R:
    """The record of `table` that the path names. Raises `NotFoundError`."""
    record = table.get(id_in(call.parameters["id"]) or "")
    if record is None or record not in Sight(world, call.user):
        raise NotFoundError
    return record


def listed(
    call: Call, world: GSMtasksWorld, records: Iterable[R] | Table[str, R]
) -> list[R]:
    """The records that the caller sees, newest first."""
    sight = Sight(world, call.user)
    rows = [*(records.values() if isinstance(records, Table) else records)]
    return [record for record in reversed(rows) if record in sight]


def require_manager(call: Call, world: GSMtasksWorld, account: str) -> None:
    """Let only the managers of that account on."""
    if not Sight(world, call.user).manages(account):
        raise ForbiddenError
