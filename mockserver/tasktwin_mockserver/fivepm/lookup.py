"""Things by the ids that a request names."""

import re
from typing import Any, TypeVar

from tasktwin_mockserver.fivepm.access import sees
from tasktwin_mockserver.fivepm.errors import NotFoundError
from tasktwin_mockserver.fivepm.records import Activity, File, Group, Project, Task
from tasktwin_mockserver.fivepm.universe import Call, FivePmWorld
from tasktwin_mockserver.tables import Table

R = TypeVar("R")
# No id is longer than 64 bits, and int reads no text of thousands of digits.
NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


def found(call: Call, world: FivePmWorld, table: Table[int, R], key: object) -> R:
    """The record of that id, a number or its text, as the caller sees it.

    Raises `NotFoundError` where there is none, or none for this caller.
    """
    record = table.get(_number(key))
    if record is None or not sees(world, call.user, record):
        raise NotFoundError("There is nothing of that id.")
    return record


def project(call: Call, world: FivePmWorld, key: object) -> Project:
    """The project of that id."""
    return found(call, world, world.projects, key)


def task(call: Call, world: FivePmWorld, key: object) -> Task:
    """The task of that id."""
    return found(call, world, world.tasks, key)


def group(call: Call, world: FivePmWorld, key: object) -> Group:
    """The group of that id."""
    return found(call, world, world.groups, key)


def activity(call: Call, world: FivePmWorld, key: object) -> Activity:
    """The activity of that id."""
    return found(call, world, world.activities, key)


def file(call: Call, world: FivePmWorld, key: object) -> tuple[File, Activity]:
    """The file of that id, and the activity that it is attached to."""
    record = world.files.get(_number(key))
    if record is None:
        raise NotFoundError("There is nothing of that id.")
    return record, activity(call, world, record.activity_id)


def people(world: FivePmWorld, ids: Any) -> tuple[int, ...]:
    """The users of those ids, lowest first and none twice; None names nobody."""
    wanted = tuple(sorted(set(ids or ())))
    for number in wanted:
        if number not in world.users:
            raise NotFoundError("There is no user of that id.")
    return wanted


def _number(key: object) -> int:
    """The number that an id stands for; -1, which nothing has, for any other text."""
    if isinstance(key, int):
        return key
    text = str(key)
    return int(text) if NUMBER.fullmatch(text) else -1
