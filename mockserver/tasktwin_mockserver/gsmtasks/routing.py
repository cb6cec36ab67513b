"""A good sequence for the stops of a tour."""

from collections.abc import Iterable, Sequence
from math import asin, cos, radians, sin, sqrt

from tasktwin_mockserver.gsmtasks.records import Task

FIRST, LAST = "pick_up", "drop_off"


def route(tasks: Sequence[Task]) -> list[Task]:
    """The tasks, all of which have locations, in the sequence of a route.

    It begins with the first that may come first, and goes on to the nearest of those
    that may come next: what is dropped off has to be picked up before.
    """
    rest, tour = list(tasks), list[Task]()
    while rest:
        free = [task for task in rest if not _waits(task, rest)]
        stop = min(free, key=lambda task: _distance(tour[-1:], task))
        rest.remove(stop)
        tour.append(stop)
    return tour


def _waits(task: Task, rest: Iterable[Task]) -> bool:
    return task.category == LAST and any(
        other.category == FIRST and other.order == task.order is not None
        for other in rest
    )


def _distance(before: Sequence[Task], task: Task) -> float:
    """From the last stop to `task` by the great circle, in radii of the earth."""
    if not before:
        return 0.0
    here, there = (
        [radians(degrees) for degrees in one.address["location"]["coordinates"]]
        for one in (before[-1], task)
    )
    across, along = (sin((b - a) / 2) ** 2 for a, b in zip(here, there, strict=True))
    chord = along + cos(here[1]) * cos(there[1]) * across
    return 2 * asin(min(1.0, sqrt(chord)))
