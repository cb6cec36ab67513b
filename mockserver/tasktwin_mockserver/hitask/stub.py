"""What tests of a client of HiTask prepare in a world."""

from collections.abc import Mapping
from typing import Any

from tasktwin_mockserver import stub
from tasktwin_mockserver.stub import Person

Who = str | Person
Data = dict[str, Any]


class Stub(stub.Stub):
    """A world of HiTask. `hitask.owner`, `hitask.member` and so on are its people.

    What is built is made by calls of the API; `owner` and `by` say whose calls, and
    what comes back is what the API answers.
    """

    @property
    def api_key(self) -> str:
        """The key that lets a client do everything."""
        return self.api_keys["full"]

    @property
    def read_key(self) -> str:
        """The key that lets a client write nothing."""
        return self.api_keys["read"]

    def sign_in(self, who: Who) -> Person:
        """The same person with a new session, for one ends when the clock is turned."""
        person = self.person(who)
        words = {"login": person.login, "password": person.password}
        made = self.nobody.call("authenticate", **words, api_key=self.api_key)
        return person.having(session_id=made["session_id"])

    def item(
        self,
        title: str = "An item",
        *,
        owner: Who = "owner",
        permissions: Mapping[Any, int] | list[Data] | None = None,
        **fields: Any,
    ) -> Data:
        """An item; `permissions` are levels by person: `{"member": 50}`.

        They may also be entries as the API has them, and `fields` are the other
        parameters of createItem.
        """
        if permissions is not None:
            fields["permissions"] = self._entries(permissions)
        fields = {"guid": self.token(), "title": title, **fields}
        made: Data = self.person(owner).call("createItem", **fields)
        return made

    def comment(
        self, item: Data | int, message: str = "A comment", *, by: Who = "owner"
    ) -> Data:
        """A comment on an item."""
        number = item if isinstance(item, int) else item["id"]
        made: Data = self.person(by).call("addComment", id=number, message=message)
        return made

    def tag(self, item: Data | int, name: str = "a tag", *, by: Who = "owner") -> Data:
        """A tag on an item."""
        number = item if isinstance(item, int) else item["id"]
        made: Data = self.person(by).call("addTag", item_id=number, name=name)
        return made

    def group(self, name: str = "A group", *members: Who, by: Who = "owner") -> Data:
        """A group of the team's, with these members."""
        person = self.person(by)
        made: Data = person.call("createGroup", name=name)
        for who in members:
            number = self.person(who).number
            person.call("addGroupMember", groupId=made["id"], id=number)
        return made

    def _entries(self, permissions: Mapping[Any, int] | list[Data]) -> list[Data]:
        if not isinstance(permissions, Mapping):
            return permissions
        return [
            {"principal": self._principal(who), "level": level}
            for who, level in permissions.items()
        ]

    def _principal(self, who: Any) -> Any:
        """The id of a person by whom or by what name, or that of a group."""
        is_person = isinstance(who, Person) or who in self.people
        return self.person(who).number if is_person else who
