"""Which objects a filter leaves: an oracle for lists."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from tasktwin_contract.fivepm.boards import Board
from tasktwin_contract.reply import Object

DONE = 30
Test = Callable[["Whole", Object, Any], bool]


class Whole:
    """A board as its lists hold it."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.all = {
            noun: {item["id"]: item for item in board.whole(noun)}
            for noun in ("project", "task", "activity")
        }

    def left(self, noun: str, filters: Mapping[str, Any]) -> list[Object]:
        """What the filters leave of all, in order."""
        tests = FILTERS[noun]
        return [
            item
            for item in self.all[noun].values()
            if all(tests[name](self, item, value) for name, value in filters.items())
        ]

    def project_of(self, item: Object) -> Object | None:
        """The project of a task or activity."""
        return self.all["project"].get(str(item["projectId"]))

    def above(self, item: Object) -> tuple[str, Object]:
        """The task, or else the project, that an activity was posted to."""
        noun = "task" if item["taskId"] is not None else "project"
        return noun, self.all[noun][str(item[f"{noun}Id"])]

    def group_of(self, noun: str, item: Object) -> Any:
        """The group of a project, or of a task by itself or by its project."""
        project = self.project_of(item) if noun == "task" else None
        own = item["groupId"]
        return project["groupId"] if own is None and project else own

    def is_old(self, noun: str, item: Object, days: int) -> bool:
        """Whether something was closed more than so many days ago."""
        closed = self.board.closed.get((noun, item["id"]))
        return closed is not None and self.board.now - closed > timedelta(days=days)


def _from(name: str) -> Test:
    return lambda whole, item, value: item[name] is not None and item[name] >= value


def _before(name: str) -> Test:
    return lambda whole, item, value: item[name] is not None and item[name] < value


def _same(name: str) -> Test:
    return lambda whole, item, value: item[name] == value


def _named(whole: Whole, item: Object, value: str) -> bool:
    return value.lower() in item["name"].lower()


def _assigned(whole: Whole, item: Object, value: int) -> bool:
    return value in item["team"]


def _active(whole: Whole, item: Object, value: bool) -> bool:
    return not value or item["status"] != DONE


def _old(noun: str) -> Test:
    return lambda whole, item, value: not whole.is_old(noun, item, value)


def _in_group(noun: str) -> Test:
    return lambda whole, item, value: whole.group_of(noun, item) == value


def _common(noun: str) -> dict[str, Test]:
    return {
        "groupId": _in_group(noun),
        "ownerId": _same("ownerId"),
        "name": _named,
        "assignedTo": _assigned,
        "active": _active,
        "hide_old_object_period": _old(noun),
    }


FILTERS: Mapping[str, Mapping[str, Test]] = {
    "project": _common("project"),
    "task": {
        **_common("task"),
        "projectId": _same("projectId"),
        "parentId": _same("parentId"),
        "startedFrom": _from("startDate"),
        "startedBefore": _before("startDate"),
        "deadlineFrom": _from("endDate"),
        "deadlineBefore": _before("endDate"),
        "createdFrom": _from("createdAt"),
        "createdBefore": _before("createdAt"),
        "updatedFrom": _from("updatedAt"),
        "updatedBefore": _before("updatedAt"),
        "progressLessThan": lambda whole, item, value: item["progress"] < value,
        "progressMoreThan": lambda whole, item, value: item["progress"] > value,
    },
    "activity": {
        "projectId": _same("projectId"),
        "taskId": _same("taskId"),
        "type": _same("type"),
        "groupId": lambda whole, item, value: (
            whole.group_of(*whole.above(item)) == value
        ),
        "assignedTo": lambda whole, item, value: value in whole.above(item)[1]["team"],
        "active": lambda whole, item, value: _active(
            whole, whole.above(item)[1], value
        ),
        "hide_non_active": lambda whole, item, value: (
            not whole.is_old(*whole.above(item), value)
        ),
    },
}
"""For each list the filters that it knows, and for what they hold."""


def values(whole: Whole, noun: str, name: str) -> list[Any]:
    """Values to filter by; of some of them nothing is left."""
    return sorted({*VALUES[name](whole, noun)})


def _ids(kind: str) -> Callable[[Whole, str], Iterator[int]]:
    return lambda whole, noun: map(int, whole.all[kind])


def _people(whole: Whole, noun: str) -> Iterator[int]:
    world = whole.board.world
    return iter([world.admin.number, world.user.number, world.client.number])


def _moments(field: str) -> Callable[[Whole, str], Iterator[str]]:
    def found(whole: Whole, noun: str) -> Iterator[str]:
        for item in whole.all[noun].values():
            yield item[field] or "2026-03-10"
            yield (item[field] or "2026-03-11")[:10]

    return found


NEARLY = ("a", "ALPHA", "bet", "BE T", "ÜBER", "%", "_", "0", "*", "nothing")
VALUES: Mapping[str, Callable[[Whole, str], Any]] = {
    "groupId": lambda whole, noun: whole.board.groups,
    "ownerId": _people,
    "name": lambda whole, noun: NEARLY,
    "assignedTo": _people,
    "active": lambda whole, noun: (True, False),
    "hide_old_object_period": lambda whole, noun: range(5),
    "hide_non_active": lambda whole, noun: range(5),
    "projectId": _ids("project"),
    "taskId": _ids("task"),
    "parentId": _ids("task"),
    "type": lambda whole, noun: ("msg", "file", "progress", "ff_boards"),
    "startedFrom": _moments("startDate"),
    "startedBefore": _moments("startDate"),
    "deadlineFrom": _moments("endDate"),
    "deadlineBefore": _moments("endDate"),
    "createdFrom": _moments("createdAt"),
    "createdBefore": _moments("createdAt"),
    "updatedFrom": _moments("updatedAt"),
    "updatedBefore": _moments("updatedAt"),
    "progressLessThan": lambda whole, noun: (0, 1, 50, 51, 99, 100),
    "progressMoreThan": lambda whole, noun: (0, 1, 49, 50, 99, 100),
}
