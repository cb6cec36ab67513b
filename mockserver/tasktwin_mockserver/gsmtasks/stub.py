"""What tests of a client of GSMtasks prepare in a world."""

from typing import Any

from tasktwin_mockserver import stub
from tasktwin_mockserver.stub import Person

Who = str | Person
Data = dict[str, Any]
PLACE = {"raw_address": "1 Example Street, London"}


class Stub(stub.Stub):
    """A world of GSMtasks. `gsmtasks.manager`, `gsmtasks.worker` are of its people.

    What is built is made by calls of the API; `by` says whose calls, and what comes
    back is what the API answers. A record may name another by its `url`, or be given it
    whole.
    """

    def task(
        self,
        *,
        by: Who = "manager",
        assignee: Who | Data | None = None,
        **fields: Any,
    ) -> Data:
        """A task in the account of who makes it, at an address; nobody's, or theirs."""
        if assignee is not None:
            fields["assignee"] = self._assignee(assignee)
        return self._made("createTask", by, {"address": PLACE, **fields})

    def client(
        self, name: str = "Corner shop", *, by: Who = "manager", **fields: Any
    ) -> Data:
        """A client of the account."""
        return self._made("createClient", by, {"name": name, **fields})

    def order(self, *, by: Who = "manager", **fields: Any) -> Data:
        """An order of the account."""
        return self._made("createOrder", by, fields)

    def moved(self, task: Data, action: str, *, by: Who = "manager") -> Data:
        """The task after a transition: `accept`, `transit`, `complete` and so on."""
        moved: Data = self.person(by).call(f"{action}Task", id=task["id"])
        return moved

    def account_of(self, who: Who) -> str:
        """The address of their account."""
        account = self.person(who).account
        found: str = self.person(who).call("getAccount", id=account)["url"]
        return found

    def _made(self, operation_id: str, by: Who, fields: Data) -> Data:
        named = {name: _address(value) for name, value in fields.items()}
        if "account" not in named:
            named["account"] = self.account_of(by)
        made: Data = self.person(by).call(operation_id, **named)
        return made

    def _assignee(self, who: Who | Data) -> Data:
        return who if isinstance(who, dict) else {"email": self.person(who).email}


def _address(value: Any) -> Any:
    """The address of a record that is given whole, or of several; all else as it is."""
    if isinstance(value, list):
        return [_address(one) for one in value]
    is_record = isinstance(value, dict) and "url" in value
    return value["url"] if is_record else value
