"""The people whom tests of HiTask know, and what they do to prepare a test."""

from typing import Any, Self

from tasktwin_contract import actors
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.reply import Object

ACTORS = (
    "owner",
    "administrator",
    "manager",
    "member",
    "colleague",
    "outsider",
    "personal",
)
"""In the order in which one of them stands in where there is no owner."""

KEYS = ("login", "password")
"""What it takes to be one of them."""


class Actor(actors.Actor):
    """Somebody with items."""

    def signed_in(self) -> Self:
        """The same person with a session of its own. Raises `NotJudgedError`."""
        reply = self.world.nobody.call(
            "authenticate",
            login=self.login,
            password=self.password,
            api_key=self.world.api_key,
        ).arranged()
        return self.with_session(str(reply["session_id"]))

    def item(self, **fields: Any) -> Object:
        """Make an item to work on. Raises `NotJudgedError` where that fails.

        A list of permissions has its owner, too, whom some servers may want there.
        """
        fields = {"guid": self.world.guid(), "title": "prepared", **fields}
        listed = fields.get("permissions")
        if listed is not None and all(str(e["principal"]) != self.id for e in listed):
            fields["permissions"] = [*listed, {"principal": self.id, "level": 100}]
        made = self.call("createItem", **fields).arranged()
        whole = made["id"] and made["guid"] == fields["guid"]
        return Object(made.data) if whole else self.stored(fields["guid"])

    def stored(self, guid: str) -> Object:
        """The item of that guid as the list has it. Raises `NotJudgedError`."""
        for item in self.items().values():
            if item["guid"] == guid:
                return item
        raise NotJudgedError(f"the list does not hold the item {guid}")

    def items(self) -> dict[int, Object]:
        """What the list holds, by id. Raises `NotJudgedError` where there is none."""
        listed = self.call("listItems").arranged().data
        if not isinstance(listed, list) or not all(isinstance(i, dict) for i in listed):
            raise NotJudgedError("listItems answers no list of objects")
        return {item["id"]: item for item in listed}
