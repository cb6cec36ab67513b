"""Trackers: pages on which anybody may follow tasks for a while.

Published at https://gsmtasks.com under Trackers.
"""

from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver import api
from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks.errors import NotFoundError
from tasktwin_mockserver.gsmtasks.forms import Form
from tasktwin_mockserver.gsmtasks.links import id_in
from tasktwin_mockserver.gsmtasks.records import Account, Task, Tracker
from tasktwin_mockserver.gsmtasks.shapes import Made
from tasktwin_mockserver.gsmtasks.sight import found, listed, require_manager
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld
from tasktwin_schemas import schema

SWITCHES = tuple(
    name
    for name, row in schema("gsmtasks", "tracker-write")["properties"].items()
    if row["type"] == "boolean"
)


@operation("listTrackers")
def list_trackers(call: Call, world: GSMtasksWorld) -> list[Tracker]:
    """Every tracker that the caller sees."""
    return listed(call, world, world.trackers)


@operation("getTracker")
def get_tracker(call: Call, world: GSMtasksWorld) -> Tracker:
    """One tracker."""
    return found(call, world, world.trackers)


@operation("createTracker")
def create_tracker(call: Call, world: GSMtasksWorld) -> Made:
    """Make a tracker of tasks that are there already."""
    form = Form(call, world)
    account = form.managed_account()
    words = _words(form) | {"shows": form.values(*SWITCHES)}
    tracker = Tracker(**world.stamps(call.write, Tracker), account=account, **words)
    _hold_to_time(form, tracker)
    return Made(call.write.put(world.trackers, tracker))


@operation("updateTracker")
def update_tracker(call: Call, world: GSMtasksWorld) -> Tracker:
    """Change a tracker."""
    tracker = found(call, world, world.trackers)
    require_manager(call, world, tracker.account)
    form = Form(call, world, tracker.account)
    form.keep("account", Account, tracker.account)
    words = _words(form) | {"shows": tracker.shows | form.values(*SWITCHES)}
    changed = replace(tracker, **words, updated_at=call.write.stamp)
    _hold_to_time(form, changed)
    return call.write.put(world.trackers, changed)


@operation("getPublicTracker")
def get_public_tracker(call: api.Call[None], world: GSMtasksWorld) -> Tracker:
    """A tracker for anybody, as long as it is active."""
    tracker = world.trackers.get(id_in(call.parameters["id"]) or "")
    if tracker is None or not _is_active(world, tracker):
        raise NotFoundError
    return tracker


def _is_active(world: GSMtasksWorld, tracker: Tracker) -> bool:
    states = {world.tasks[task].state for task in tracker.tasks}
    is_time = tracker.active_from <= world.clock.now() < tracker.active_until
    return is_time and not states.isdisjoint(tracker.active_states)


def _words(form: Form) -> dict[str, Any]:
    words = form.values("max_zoom_level") | form.moments("active_from", "active_until")
    if "active_states" in form.sent:
        words["active_states"] = tuple(form.sent["active_states"])
    if "tasks" in form.sent:
        words["tasks"] = tuple(task.id for task in form.many("tasks", Task))
    return words


def _hold_to_time(form: Form, tracker: Tracker) -> None:
    if not tracker.active_from < tracker.active_until:
        form.wrong("active_until", "This is not after active_from.")
    form.hold()
