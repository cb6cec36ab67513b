"""Route optimisations that tests look at."""

from collections.abc import Iterable
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.gsmtasks.stock import (
    urls,
)
from tasktwin_contract.reply import Object
from tasktwin_contract.target import World

Place = tuple[float, float]


def located(place: Place) -> dict[str, Any]:
    """An address at that place."""
    return {"location": {"type": "Point", "coordinates": [*place]}}


def positions(manager: Actor, tasks: list[Object]) -> list[Any]:
    """The positions of tasks as they are now."""
    listed = manager.listed("task")
    return [listed[task["id"]]["position"] for task in tasks]


def begun(world: World, tasks: list[Object]) -> Object:
    """A new optimisation of these tasks, the clock standing still."""
    world.freeze()
    route: Object = world.manager.made("route", tasks=urls(tasks))
    return route


def state_after(world: World, route: Object, seconds: float) -> Any:
    """The state of an optimisation so many seconds later."""
    world.advance(seconds)
    return world.manager.shown("route", route)["state"]


def laid_out(manager: Actor, wanted: Iterable[tuple[Place, str, int]]) -> list[Object]:
    """Tasks at those places, of those categories, of no order or one of two."""
    orders = [None, manager.make("order")["url"], manager.make("order")["url"]]
    return [
        manager.make("task", address=located(place), category=kind, order=orders[turn])
        for place, kind, turn in wanted
    ]


def in_route(manager: Actor, tasks: list[Object]) -> list[int]:
    """The turns of tasks as their positions sort them."""
    found = positions(manager, tasks)
    if len(set(found)) < len(found):
        raise ClauseBrokenError("a position of its own for each task", str(found))
    return sorted(range(len(tasks)), key=lambda turn: found[turn])
