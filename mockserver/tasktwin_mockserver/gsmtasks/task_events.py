"""Task events: what was done to tasks, made by the mock alone.

Published at https://gsmtasks.com under Task Events.
"""

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks.records import TaskEvent
from tasktwin_mockserver.gsmtasks.sight import found, listed
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld


@operation("listTaskEvents")
def list_task_events(call: Call, world: GSMtasksWorld) -> list[TaskEvent]:
    """The events of every task that the caller sees."""
    return listed(call, world, world.task_events)


@operation("getTaskEvent")
def get_task_event(call: Call, world: GSMtasksWorld) -> TaskEvent:
    """One event."""
    return found(call, world, world.task_events)


@operation("listEventsOfTask")
def list_events_of_task(call: Call, world: GSMtasksWorld) -> list[TaskEvent]:
    """The events of one task."""
    task = found(call, world, world.tasks)
    return listed(call, world, world.task_events.where("task", task.id))
