"""The people whom tests of GSMtasks know, and what they do to prepare a test."""

from dataclasses import dataclass
from typing import Any

from tasktwin_contract import actors
from tasktwin_contract.access import lacking
from tasktwin_contract.failures import ClauseBrokenError, NotJudgedError
from tasktwin_contract.gsmtasks.bodies import LEFT_OUT, body
from tasktwin_contract.gsmtasks.nouns import NOUNS
from tasktwin_contract.gsmtasks.rows import Listed, Rows, listed_of, record_of, rows_of
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.wire import IN_PROCESS

ACTORS = ("manager", "worker", "second_worker", "both", "stranger")
"""In the order in which one of them stands in where there is no manager."""

KEYS = ("email", "token")
"""What it takes to be one of them."""

TEAM = ("manager", "worker", "second_worker", "both")
"""Those who have a role in the manager's account."""


@dataclass(frozen=True, repr=False)
class Actor(actors.Actor):
    """Somebody with a role in an account."""

    @property
    def password(self) -> str:
        """What they sign in with. Skips the test where nobody told it."""
        if "password" not in self.facts:
            lacking("the suite knows tokens there, and no passwords")
        return self.facts["password"]

    @property
    def account(self) -> str:
        """The address of their account: the manager's, if they have a role there."""
        if "account" in self.facts:
            return self.address_of("account", self.facts["account"])
        own = [one["url"] for one in self.all("account")]
        if len(own) > 1:
            shared = [one["url"] for one in self.world.manager.all("account")]
            own = [url for url in own if url in shared]
        if not own:
            raise NotJudgedError(f"{self.name} has no account")
        found: str = own[-1]
        return found

    @property
    def user(self) -> str:
        """Their own address. Raises `NotJudgedError`."""
        if "id" in self.facts:
            return self.address_of("user", self.facts["id"])
        for one in self.all("user"):
            if str(one["email"]).lower() == self.facts["email"].lower():
                url: str = one["url"]
                return url
        raise NotJudgedError(f"the list of users does not hold {self.name}")

    def address_of(self, noun: str, number: str) -> str:
        """Where a record stands in a world of ours."""
        start = f"{self.world.target.address or IN_PROCESS}{self.world.prefix}"
        return f"{start}/api/tasks/{NOUNS[noun].path}/{number}/"

    @property
    def hand(self) -> actors.Actor:
        """Somebody who is a worker in their account."""
        return self if self.name == "stranger" else self.world.worker

    def all(self, noun: str) -> list[Object]:
        """The records of a resource that they see. Raises `NotJudgedError`."""
        listed = self.call(NOUNS[noun].list).arranged().data
        if not isinstance(listed, list):
            raise NotJudgedError(f"{NOUNS[noun].list} answers no list")
        return listed

    def post(self, noun: str, /, **fields: Any) -> Reply:
        """Call create with `fields` and what is needed beside."""
        return self.call(NOUNS[noun].create, **body(self, noun, fields))

    def bare(self, noun: str, /, **fields: Any) -> Reply:
        """Call create with `fields` and nothing else."""
        return self.call(NOUNS[noun].create, **fields)

    def make(self, noun: str, /, **fields: Any) -> Object:
        """A new record to work on. Raises `NotJudgedError` where it is not made."""
        made = Object(self.post(noun, **fields).arranged().data)
        if not isinstance(made["id"], str) or not isinstance(made["url"], str):
            raise NotJudgedError(f"{NOUNS[noun].create} answers no id and url")
        return made

    def made(self, noun: str, /, **fields: Any) -> Object:
        """What create answers. Demands that it succeeds."""
        return record_of(self.post(noun, **fields).expect(200, 201))

    def get(self, noun: str, record: Object) -> Reply:
        """Call get for a record."""
        return self.call(NOUNS[noun].get, id=record["id"])

    def shown(self, noun: str, record: Object) -> Object:
        """A record as it is now. Demands that it is answered."""
        return record_of(self.get(noun, record).expect(200))

    def put(self, noun: str, record: Object, /, **fields: Any) -> Reply:
        """Call update with `fields` and nothing else."""
        return self.call(NOUNS[noun].update, **{**fields, "id": record["id"]})

    def changed(self, noun: str, record: Object, /, **fields: Any) -> Object:
        """What update answers. Demands that it succeeds."""
        return record_of(self.put(noun, record, **fields).expect(200))

    def query(self, noun: str, /, **filters: Any) -> Reply:
        """Call list."""
        return self.call(NOUNS[noun].list, **filters)

    def listed(self, noun: str, /, **filters: Any) -> Listed:
        """What list holds, by id, in its sequence. Demands that it is answered."""
        return listed_of(self.query(noun, **filters).expect(200))

    def sees(self, noun: str, record: Object) -> bool:
        """Whether a record is in the list; reading it has to say the same."""
        listed = record["id"] in self.listed(noun)
        status = self.get(noun, record).expect(200, 404).status
        if listed != (status == 200):
            wanted = f"{noun} {record['id']} to be read by {self.name} if it is listed"
            raise ClauseBrokenError(wanted, f"listed: {listed}, read: {status}")
        return listed

    def act(self, action: str, task: Object, /, **fields: Any) -> Reply:
        """Call the transition of that name."""
        return self.call(f"{action}Task", **{**fields, "id": task["id"]})

    def of_task(self, noun: str, task: Object) -> Rows:
        """The list of a task's `Events`, `Documents` or `Signatures`."""
        return rows_of(self.call(f"list{noun}OfTask", id=task["id"]).expect(200))


__all__ = ["ACTORS", "KEYS", "LEFT_OUT", "TEAM", "Actor"]
