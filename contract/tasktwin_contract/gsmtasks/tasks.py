"""Tasks that were made, and tasks that were changed."""

from typing import Any

from tasktwin_contract.gsmtasks.laws import names
from tasktwin_contract.reply import Object
from tasktwin_contract.target import World


def both_ways(world: World, **fields: Any) -> tuple[Object, Object]:
    """A task made with `fields`, and one that got them by an update, as read."""
    made = world.manager.made("task", **fields)
    other = world.manager.make("task", complete_after="1990-01-01T00:00:00Z")
    world.manager.changed("task", other, **fields)
    return world.manager.shown("task", made), world.manager.shown("task", other)


def refused_both_ways(world: World, field: str, **fields: Any) -> None:
    """Demand that neither POST nor PUT takes `fields`."""
    names(world.manager.post("task", **fields), field)
    task = world.manager.make("task")
    names(world.manager.put("task", task, **fields), field)
    assert world.manager.shown("task", task) == task
