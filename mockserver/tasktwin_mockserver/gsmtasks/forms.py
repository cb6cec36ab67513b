"""What a request says of a record: references resolved, faults gathered."""

from typing import Any, TypeVar

from tasktwin_mockserver.gsmtasks.errors import FieldsError, ForbiddenError
from tasktwin_mockserver.gsmtasks.links import id_of
from tasktwin_mockserver.gsmtasks.moments import micros
from tasktwin_mockserver.gsmtasks.records import Account, Record, User
from tasktwin_mockserver.gsmtasks.sight import Sight
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld

R = TypeVar("R", bound=Record)
NOT_THERE = "There is no such record."


class Form:
    """The fields of one request, read for a record of `account`.

    What is wrong with them is gathered until `hold`, so that a refusal names all of it.
    """

    def __init__(
        self, call: Call, world: GSMtasksWorld, account: str | None = None
    ) -> None:
        self.call = call
        self.world = world
        self.sent = call.parameters
        self.sight = Sight(world, call.user)
        self.account = account
        self._faults: dict[str, list[str]] = {}

    def wrong(self, field: str, words: str = NOT_THERE) -> None:
        """Something is wrong with `field`."""
        self._faults.setdefault(field, []).append(words)

    def hold(self) -> None:
        """Let nothing on that is wrong. Raises `FieldsError`."""
        if self._faults:
            raise FieldsError(self._faults)

    def managed_account(self) -> str:
        """The account of a new record, which managers alone may make.

        Where it is wrong the others are looked at as well, so it is empty then.
        """
        account = self._seen(Account, "account", self.sent["account"])
        if account is None:
            return ""
        if not self.sight.manages(account.id):
            raise ForbiddenError
        self.account = account.id
        return account.id

    def keep(self, field: str, kind: type[Record], number: str) -> None:
        """The reference in `field`, if there is one, is the one that there was."""
        if field not in self.sent:
            return
        if id_of(self.call.address, kind, self.sent[field]) != number:
            self.wrong(field, "This never changes.")

    def one(self, field: str, kind: type[R]) -> R | None:
        """The record that `field` refers to, None where it does not."""
        text = self.sent.get(field)
        return None if text is None else self._seen(kind, field, text)

    def many(self, field: str, kind: type[R]) -> list[R]:
        """The records that `field` refers to, each of them once."""
        found = (self._seen(kind, field, text) for text in self.sent.get(field, ()))
        return list({one.id: one for one in found if one is not None}.values())

    def worker(self, present: str | None = None) -> User | None:
        """The worker of the account who is to be assignee, by address or by e-mail.

        Who is the `present` assignee need not be a worker any more.
        """
        named = self.sent.get("assignee")
        if named is None:
            return None
        if isinstance(named, dict):
            user = self.world.users.first("email", named["email"].lower())
        else:
            number = id_of(self.call.address, User, named)
            user = self.world.users.get(number or "")
        if user is None or not (user.id == present or self._works(user)):
            self.wrong("assignee", "There is no such worker in this account.")
            return None
        return user

    def id(self, field: str, kind: type[Record]) -> dict[str, Any]:
        """The reference in `field` as a change to a record, none if it is not sent."""
        if field not in self.sent:
            return {}
        record = self.one(field, kind)
        return {field: record.id if record else None}

    def values(self, *fields: str) -> dict[str, Any]:
        """Those of the fields that were sent, as a change to a record."""
        return {field: self.sent[field] for field in fields if field in self.sent}

    def moments(self, *fields: str) -> dict[str, Any]:
        """The moments that were sent, as a change to a record."""
        found = self.values(*fields)
        return {
            field: None if moment is None else micros(moment)
            for field, moment in found.items()
        }

    def _seen(self, kind: type[R], field: str, text: str) -> R | None:
        number = id_of(self.call.address, kind, text)
        record = self.world.table(kind).get(number or "")
        if record is None or record not in self.sight or self._is_foreign(record):
            self.wrong(field)
            return None
        return record

    def _is_foreign(self, record: Record) -> bool:
        mine = getattr(record, "account", None)
        return None not in (mine, self.account) and mine != self.account

    def _works(self, user: User) -> bool:
        return self.account is not None and any(
            role.account == self.account and role.is_worker
            for role in self.world.roles.where("user", user.id)
        )
