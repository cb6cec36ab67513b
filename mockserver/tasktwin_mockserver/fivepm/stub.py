"""What tests of a client of 5pm prepare in a world."""

from typing import Any

from tasktwin_mockserver import stub
from tasktwin_mockserver.stub import Person

Who = str | Person
Data = dict[str, Any]
NAMING = ("ownerId", "team")  # the attributes that name people


class Stub(stub.Stub):
    """A world of 5pm. `fivepm.admin`, `fivepm.user` and so on are its people.

    What is built is made by calls of the API; `by` says whose calls, and what comes
    back is what the API answers, as JSON. Attributes go by the names that they have in
    the brackets: `startDate` for `task[startDate]`. A `team` is a list of people.
    """

    def sign_in(self, who: Who) -> Person:
        """The same person with a new session, for one ends when the clock is turned."""
        person = self.person(who)
        words = {"login": person.login, "password": person.password}
        made = self.nobody.call("authenticationSignIn", **words)
        return person.having(session_id=made["sessionId"])

    def project(
        self, name: str = "A project", *, by: Who = "admin", **fields: Any
    ) -> Data:
        """A project."""
        return self._added("projects", "project", by, {"name": name, **fields})

    def task(
        self,
        name: str = "A task",
        *,
        project: Data | str | int | None = None,
        by: Who = "admin",
        **fields: Any,
    ) -> Data:
        """A task, of a project or of none."""
        if project is not None:
            fields["projectId"] = _id(project)
        return self._added("tasks", "task", by, {"name": name, **fields})

    def activity(
        self,
        task: Data | str | int,
        text: str = "A message",
        *,
        by: Who = "admin",
        **fields: Any,
    ) -> Data:
        """A message on a task; with another `type` what that is."""
        words = {"taskId": _id(task), "type": "msg", "text": text, **fields}
        return self._added("activity", "activity", by, words)

    def group(self, name: str = "A group", *, by: Who = "admin") -> Data:
        """A group of projects."""
        return self._added("projectsgroups", "group", by, {"name": name})

    def _added(self, controller: str, noun: str, by: Who, fields: Data) -> Data:
        named = {f"{noun}[{n}]": self._value(n, v) for n, v in fields.items()}
        made: Data = self.person(by).call(f"{controller}Add", **named)
        return made

    def _value(self, name: str, value: Any) -> Any:
        """People by their ids, where an attribute names them; all else as it is."""
        if name not in NAMING:
            return value
        if isinstance(value, list | tuple):
            return [self._value(name, one) for one in value]
        is_person = isinstance(value, Person) or value in self.people
        return self.person(value).number if is_person else value


def _id(thing: Data | str | int) -> str | int:
    found: str | int = thing["id"] if isinstance(thing, dict) else thing
    return found
