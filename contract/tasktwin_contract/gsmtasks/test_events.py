"""What is written down of every transition."""

from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.gsmtasks.histories import ALIKE, history, is_called, linked
from tasktwin_contract.gsmtasks.states import (
    ACTIONS,
    AFTER,
    MANAGERS,
    STATES,
    TABLE,
    WAYS,
    given,
    named,
    task_in,
)
from tasktwin_contract.reply import Object
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target, World

POINT = {"type": "Point", "coordinates": [27.2731, 59.3981]}
FIELDS = (
    "id",
    "url",
    "task",
    "field",
    "event",
    "from_state",
    "to_state",
    "user",
    "notes",
    "location",
    "assignee",
    "created_at",
    "updated_at",
)
COMBINATIONS = [(s, a) for s in STATES for a in ACTIONS if a in TABLE[s]]
every_transition = pytest.mark.parametrize(("state", "action"), COMBINATIONS)

# The vendor's table has other names for some of them: an erratum.


@clause("GT-EVENT-01")
@pytest.mark.parametrize("state", STATES)
def test_fields_of_events(target: Target, state: str) -> None:
    """A task event has every field of its table, in the list and alone."""
    with target.world() as world:
        task = task_in(state, world.manager)
        for listed in world.manager.of_task("Events", task):
            for event in (listed, world.manager.shown("event", listed)):
                assert not set(FIELDS) - set(event)
                assert event["task"] == task["url"]


@clause("GT-EVENT-02", "GT-EVENT-03", "GT-EVENT-04")
@pytest.mark.parametrize("state", STATES)
def test_words_of_events(target: Target, state: str) -> None:
    """Events have known fields, names and states, whatever happened."""
    names = {*ALIKE, *ACTIONS}.union(*ALIKE.values())
    with target.world() as world:
        task = task_in(state, world.manager)
        world.manager.act("unassign", task)
        with judging("GT-EVENT-02"):
            for event in world.manager.of_task("Events", task):
                assert event["field"] in ("state", "assignee_proximity")
        for event in history(world.manager, task):
            assert event["event"] in names
            assert {event["from_state"], event["to_state"]} <= set(STATES)


@clause("GT-EVENT-05")
@every_transition
@pytest.mark.parametrize("name", ["manager", "both"])
def test_one_event_a_transition(
    target: Target, state: str, action: str, name: str
) -> None:
    """Each transition adds one event with its name, from the state to the state."""
    with target.world() as world:
        task = task_in(state, world.manager)
        before = history(world.manager, task)
        actor: Actor = getattr(world, name)
        actor.act(action, task, **given(action, world.worker)).expect(200)
        events = history(world.manager, task)
        same, added = events[:-1], events.last
        assert same == before
        assert is_called(added, action), added["event"]
        assert (added["from_state"], added["to_state"]) == (state, AFTER[action])


@clause("GT-EVENT-06")
@pytest.mark.parametrize("name", ["manager", "both"])
@pytest.mark.parametrize("hand", ["worker", "second_worker"])
def test_who_it_was(target: Target, name: str, hand: str) -> None:
    """user of an event is who triggered it."""
    with target.world() as world:
        actor, other = getattr(world, name), getattr(world, hand)
        task = actor.made("task", assignee=named(other))
        other.act("accept", task).expect(200)
        actor.act("activate", task).expect(200)
        users = [event["user"] for event in history(world.manager, task)]
        assert users[-2:] == [other.user, actor.user]
        assert {*users[:-2]} == {actor.user}


@clause("GT-EVENT-07")
@every_transition
def test_what_goes_with_it(target: Target, state: str, action: str) -> None:
    """notes and location of a transition are those of its event, and of no other."""
    with target.world() as world:
        task = task_in(state, world.manager)
        sent = {"notes": f"{action} – tõsi", "location": POINT}
        sent.update(given(action, world.worker))
        world.manager.act(action, task, **sent).expect(200)
        events = history(world.manager, task)
        others, last = events[:-1], events.last
        assert (last["notes"], last["location"]) == (sent["notes"], POINT)
        assert all(event["notes"] != sent["notes"] for event in others)


@clause("GT-EVENT-07")
@pytest.mark.parametrize("action", sorted(set(ACTIONS) - MANAGERS))
def test_what_workers_say(target: Target, action: str) -> None:
    """notes and location that a worker sends are those of the event."""
    with target.world() as world:
        task = task_in("assigned", world.manager)
        sent: dict[str, Any] = {"notes": "Nobody there", "location": POINT}
        world.worker.act(action, task, **sent).expect(200)
        last = history(world.manager, task).last
        assert (last["notes"], last["location"]) == ("Nobody there", POINT)


@clause("GT-EVENT-08")
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("sent", [{}, {"location": None}, {"notes": ""}])
def test_saying_nothing(target: Target, action: str, sent: dict[str, Any]) -> None:
    """Without them notes is empty and location null."""
    with target.world() as world:
        task = task_in("assigned", world.manager)
        sent = {**sent, **given(action, world.worker)}
        world.manager.act(action, task, **sent).expect(200)
        last = history(world.manager, task).last
        assert (last["notes"], last["location"]) == ("", None)


@clause("GT-EVENT-09")
@pytest.mark.parametrize(
    ("state", "action"), table(COMBINATIONS, ("assigned", "assign"))
)
def test_whose_task_it_is_then(target: Target, state: str, action: str) -> None:
    """assignee of an event is whose the task is after it."""
    with target.world() as world:
        task = task_in(state, world.manager)
        sent = given(action, world.second_worker)
        answer = world.manager.act(action, task, **sent).expect(200)
        last = history(world.manager, task).last
        assert last["assignee"] == answer["assignee"]


@clause("GT-EVENT-10")
@pytest.mark.parametrize("state", STATES)
def test_a_chain(target: Target, state: str) -> None:
    """Each event of a state begins where the one before ended."""
    with target.world() as world:
        task = task_in(state, world.manager)
        linked(history(world.manager, task), state)


@clause("GT-EVENT-11")
@pytest.mark.parametrize("name", ["manager", "both"])
def test_the_event_of_creation(target: Target, name: str) -> None:
    """A new task has an event create from unassigned to unassigned."""
    with target.world() as world:
        task = getattr(world, name).made("task")
        event = world.manager.of_task("Events", task).only
        assert (event["event"], event["field"]) == ("create", "state")
        assert (event["from_state"], event["to_state"]) == ("unassigned", "unassigned")
        assert event["assignee"] is None
        assert event["user"] == getattr(world, name).user


@clause("GT-EVENT-12")
@pytest.mark.parametrize("way", ["email", "address"])
def test_creation_with_an_assignee(target: Target, way: str) -> None:
    """A new task with an assignee has an event assign after that."""
    with target.world() as world:
        whose = world.worker.user
        sent = named(world.worker) if way == "email" else whose
        task = world.manager.made("task", assignee=sent)
        events = history(world.manager, task)
        first, second = events[0], events[1]
        assert len(events) == 2
        assert (first["event"], second["event"]) == ("create", "assign")
        assert (second["from_state"], second["to_state"]) == ("unassigned", "assigned")
        assert second["assignee"] == whose


PLAIN: dict[str, dict[str, Any]] = {
    "description": {"description": "Ring twice."},
    "place": {"address": {"raw_address": "Elsewhere 1"}},
    "position": {"position": "2015-09-09T00:00:00Z"},
    "nothing": {},
}


@clause("GT-EVENT-13")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("what", PLAIN)
def test_changes_that_are_no_transitions(target: Target, state: str, what: str) -> None:
    """A change that is no transition adds no event of a state."""
    with target.world() as world:
        task = task_in(state, world.manager)
        before = history(world.manager, task)
        world.manager.changed("task", task, **PLAIN[what])
        world.manager.made("order", tasks=[task["url"]])
        assert history(world.manager, task) == before


@clause("GT-EVENT-14")
def test_events_of_one_task(target: Target) -> None:
    """The list at a task's events holds that task's events, and no other."""
    with target.world() as world:
        tasks = [task_in(state, world.manager) for state in STATES]
        for task, state in zip(tasks, STATES, strict=True):
            events = world.manager.of_task("Events", task)
            assert {event["task"] for event in events} == {task["url"]}
            assert len(events) == 1 + len(WAYS[state])


@clause("GT-EVENT-15")
@pytest.mark.parametrize("name", ["manager", "both", "worker", "second_worker"])
def test_events_of_every_task(target: Target, name: str) -> None:
    """listTaskEvents holds the events of every task that the caller sees."""
    with target.world() as world:
        for state, hand in zip(STATES, _hands(world), strict=True):
            task_in(state, world.manager, hand)
        actor = getattr(world, name)
        wanted = {
            event["id"]: event
            for task in actor.listed("task").values()
            for event in actor.of_task("Events", task)
        }
        assert actor.listed("event") == wanted


def _hands(world: World) -> list[Actor]:
    return [world.worker, world.second_worker, world.both, world.worker] * 2


@clause("GT-EVENT-16")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_events_are_not_written(target: Target, method: str) -> None:
    """Events are made by the server alone: writing is refused with 405."""
    with target.world() as world:
        task = world.manager.make("task")
        event = world.manager.of_task("Events", task)[0]
        for path in ("/api/tasks/task_events/", _path(event)):
            headers, _ = world.manager.carried
            typed = (*headers, ("Content-Type", "application/json"))
            reply = world.request(method, path, headers=typed, body=b"{}")
            reply.refused(405)
        assert world.manager.of_task("Events", task) == [event]


def _path(event: Object) -> str:
    return f"/api/tasks/task_events/{event['id']}/"


@clause("GT-EVENT-17")
@pytest.mark.parametrize("action", ACTIONS)
def test_events_never_change(target: Target, action: str) -> None:
    """An event never changes, whatever becomes of its task."""
    with target.world() as world:
        task = task_in("assigned", world.manager, world.worker, description="first")
        before = world.manager.of_task("Events", task)
        sent = given(action, world.second_worker)
        world.manager.act(action, task, notes="later", **sent).expect(200)
        world.manager.changed("task", task, description="second")
        for event in before:
            assert world.manager.shown("event", event) == event


@clause("GT-STATE-19")
@pytest.mark.parametrize("state", STATES)
def test_refusals_leave_no_event(target: Target, state: str) -> None:
    """A transition that is refused changes neither the task nor its events."""
    with target.world() as world:
        task = task_in(state, world.manager)
        before = (world.manager.shown("task", task), history(world.manager, task))
        world.manager.act("assign", task, notes="x").refused()
        world.manager.act("complete", task, location={"type": "Point"}).refused()
        world.stranger.act("cancel", task).refused()
        after = (world.manager.shown("task", task), history(world.manager, task))
        assert after == before
