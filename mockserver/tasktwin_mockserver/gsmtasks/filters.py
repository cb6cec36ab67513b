"""Filters of the list of tasks."""

from collections.abc import Callable

from tasktwin_mockserver.gsmtasks.errors import FieldsError
from tasktwin_mockserver.gsmtasks.links import id_in, id_of
from tasktwin_mockserver.gsmtasks.moments import DAY, micros
from tasktwin_mockserver.gsmtasks.records import Account, Record, Task, User
from tasktwin_mockserver.gsmtasks.universe import Call
from tasktwin_mockserver.parameters import WrongTypeError, to_datetime

Check = Callable[[Task], bool]
PLAIN = ("state", "category")
NAMED: dict[str, type[Record]] = {"account": Account, "assignee": User}
TIMES = ("created_at", "updated_at")


class Filter:
    """What a request asks of the tasks in a list."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._faults: dict[str, list[str]] = {}
        self._checks = [
            self._check(name, text)
            for name, text in call.parameters.items()
            if name in (*PLAIN, *NAMED, *TIMES)
        ]
        if self._faults:
            raise FieldsError(self._faults)

    def leaves(self, task: Task) -> bool:
        """Whether every filter leaves that task in the list."""
        return all(check(task) for check in self._checks)

    def _check(self, name: str, text: str) -> Check:
        if name in TIMES:
            first, last = self._span(name, text)
            return lambda task: first <= getattr(task, name) <= last
        wanted = self._id(name, text) if name in NAMED else text
        return lambda task: getattr(task, name) == wanted

    def _id(self, name: str, text: str) -> str | None:
        number = id_in(text) or id_of(self._call.address, NAMED[name], text)
        if number is None:
            self._faults[name] = ["This is neither an id nor an address."]
        return number

    def _span(self, name: str, text: str) -> tuple[int, int]:
        """The first and the last moment that a date, or a date and time, stands for."""
        try:
            start = micros(to_datetime(text))
        except WrongTypeError:
            self._faults[name] = ["This is neither a date nor a moment."]
            return 0, 0
        return start, start if "T" in text else start + DAY - 1
