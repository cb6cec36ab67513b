"""Boards of projects, tasks and notes, drawn, and planted into a world."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tasktwin_contract.actors import Actor
from tasktwin_contract.fivepm.cast import entries
from tasktwin_contract.fivepm.steps import lasting
from tasktwin_contract.reply import Object
from tasktwin_contract.target import World

NAMES = ("Alpha", "alphabet", "BETA", "be ta", "Über", "über alles", "100%", "a_c", "*")
PEOPLE = ("user", "colleague", "external", "client")
GROUPS = 2
DAY = timedelta(days=1)
START = datetime(2026, 3, 9)  # noqa: DTZ001 (as it is answered)


@dataclass(frozen=True)
class Plan:
    """What is to be made: attributes, in which others stand by their numbers.

    `events` are the days that pass, then a thing, and the status that it gets.
    """

    projects: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    events: list[tuple[int, str, int, int]]


def _teams() -> SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True)


def _days() -> SearchStrategy[str | None]:
    days = st.integers(0, 3).map(lambda day: (START + day * DAY).isoformat(" "))
    return st.none() | days


def _common() -> dict[str, SearchStrategy[Any]]:
    return {
        "name": st.sampled_from(NAMES),
        "group": st.none() | st.integers(0, GROUPS - 1),
        "owner": st.none() | st.sampled_from(PEOPLE),
        "team": _teams(),
        "status": st.sampled_from((10, 10, 20, 30)),
    }


def _tasks() -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            **_common(),
            "project": st.none() | st.integers(0, 1),
            "below": st.booleans(),
            "startDate": _days(),
            "endDate": _days(),
            "progress": st.sampled_from((0, 1, 50, 99)),
        }
    )


def _notes() -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "task": st.none() | st.integers(0, 3),
            "project": st.integers(0, 1),
            "type": st.sampled_from(("msg", "file", "progress")),
        }
    )


def _events() -> SearchStrategy[tuple[int, str, int, int]]:
    return st.tuples(
        st.integers(0, 2),
        st.sampled_from(("project", "task")),
        st.integers(0, 3),
        st.sampled_from((10, 30, 30)),
    )


def plans() -> SearchStrategy[Plan]:
    """Plans of a few projects, tasks, notes and events."""
    return st.builds(
        Plan,
        projects=st.lists(st.fixed_dictionaries(_common()), min_size=2, max_size=3),
        tasks=st.lists(_tasks(), min_size=4, max_size=6),
        notes=st.lists(_notes(), min_size=1, max_size=5),
        events=st.lists(_events(), max_size=4),
    )


@dataclass
class Board:
    """What was made of a plan, with what no answer tells: when it was closed."""

    world: World
    admin: Actor
    now: datetime
    groups: list[int] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)
    latest: dict[str | None, str] = field(default_factory=dict)
    statuses: dict[tuple[str, str], int] = field(default_factory=dict)
    closed: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def whole(self, noun: str) -> list[Object]:
        """All of a kind, as the admin's list has it, with teams and names."""
        words = {"activity": {"withNames": 1, "withFiles": 1}}.get(
            noun, {"loadTeam": 1}
        )
        reply = self.admin.page(noun, **words).expect(200)
        return entries(reply)

    def become(self, noun: str, number: str, status: int) -> None:
        """Note that something has a status from now on."""
        if status != 30:
            self.closed.pop((noun, number), None)
        elif self.statuses.get((noun, number)) != status:
            self.closed[noun, number] = self.now
        self.statuses[noun, number] = status

    def pass_time(self, seconds: float) -> None:
        """Turn the clock forward."""
        self.world.advance(seconds)
        self.now += timedelta(seconds=seconds)


def planted(world: World, plan: Plan) -> Board:
    """A board of that plan. Raises `NotJudgedError`."""
    board = Board(world, lasting(world.admin), world.freeze())
    groups = [board.admin.made("group", name=f"group {n}") for n in range(GROUPS)]
    board.groups = [int(group["id"]) for group in groups]
    for noun, rows in (("project", plan.projects), ("task", plan.tasks)):
        board.ids[noun] = []
        for fields in _written(board, noun, rows):
            made = board.admin.made(noun, **fields)
            board.ids[noun].append(made["id"])
            board.latest[fields.get("projectId")] = made["id"]
            board.become(noun, made["id"], fields["status"])
            board.pass_time(1)
    for row in plan.notes:
        board.admin.made("activity", **_note(board, row))
        board.pass_time(1)
    for event in plan.events:
        _happen(board, *event)
    return board


def _written(
    board: Board, noun: str, rows: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The attributes of each row, as they are sent."""
    world = board.world
    for row in rows:
        owner = row["owner"]
        fields = {
            "name": row["name"],
            "status": row["status"],
            "team": [getattr(world, who).number for who in row["team"]],
            "ownerId": None if owner is None else getattr(world, owner).number,
            "groupId": None if row["group"] is None else board.groups[row["group"]],
        }
        yield {**fields, **(_task(board, row) if noun == "task" else {})}


def _task(board: Board, row: dict[str, Any]) -> dict[str, Any]:
    """Where a task is; below the latest one of its project where it should be."""
    fields = {name: row[name] for name in ("startDate", "endDate", "progress")}
    if row["project"] is None:
        return fields
    project = board.ids["project"][row["project"]]
    fields["projectId"] = project
    fields["parentId"] = board.latest.get(project) if row["below"] else None
    return fields


def _note(board: Board, row: dict[str, Any]) -> dict[str, Any]:
    """Where a note is, which is a message where it cannot report progress."""
    if row["task"] is None:
        kind = "msg" if row["type"] == "progress" else row["type"]
        return {"type": kind, "projectId": board.ids["project"][row["project"]]}
    task = board.ids["task"][row["task"]]
    return {"type": row["type"], "taskId": task, "progress": 30, "hoursDone": 1.5}


def _happen(board: Board, days: int, noun: str, index: int, status: int) -> None:
    """Let days pass, and something get another status."""
    board.pass_time(days * DAY.total_seconds())
    number = board.ids[noun][index % len(board.ids[noun])]
    board.admin.change(noun, number, status=status).arranged()
    board.become(noun, number, status)
