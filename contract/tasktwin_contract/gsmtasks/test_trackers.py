"""Trackers, and what everybody sees of them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.gsmtasks.bodies import SHOWN
from tasktwin_contract.gsmtasks.laws import has_fields, names, rest
from tasktwin_contract.gsmtasks.states import AFTER, STATES, TABLE, task_in
from tasktwin_contract.gsmtasks.states import given as words_of
from tasktwin_contract.gsmtasks.stock import urls
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target, World

EARLY, LATE = "2016-01-01T00:00:00.500000Z", "2016-01-02T00:00:00.500000Z"
VERBS = {"PUT": "updateTracker", "POST": "postTracker", "PATCH": "patchTracker"}
HOUR = 3600


def public(world: World, tracker: Object) -> Reply:
    """Call getPublicTracker without a token."""
    return world.nobody.call("getPublicTracker", id=tracker["id"])


def text(moment: datetime) -> str:
    """A moment as it is sent."""
    return moment.isoformat().replace("+00:00", "Z")


def window(now: datetime, start: float, end: float) -> dict[str, str]:
    """A window from `start` to `end` seconds after now."""
    edges = (now + timedelta(seconds=start), now + timedelta(seconds=end))
    return dict(zip(("active_from", "active_until"), map(text, edges), strict=True))


@clause("GT-TRACKER-01")
def test_fields_of_trackers(target: Target) -> None:
    """A tracker has every field of its table."""
    with target.world() as world:
        made = world.manager.made("tracker")
        listed = world.manager.listed("tracker")[made["id"]]
        for tracker in (made, listed, world.manager.shown("tracker", made)):
            has_fields("tracker", tracker)


@clause("GT-TRACKER-02", "GT-TRACKER-09")
@pytest.mark.parametrize("level", [None, 0, 1, 17, 30])
def test_zoom_levels(target: Target, level: int | None) -> None:
    """max_zoom_level is from 0 to 30, or null."""
    with target.world() as world:
        other = world.manager.make("tracker", max_zoom_level=5)
        with judging("GT-TRACKER-02" if level is None else "GT-TRACKER-09"):
            made = world.manager.made("tracker", max_zoom_level=level)
            assert made["max_zoom_level"] == level
            after = world.manager.changed("tracker", other, max_zoom_level=level)
            assert after["max_zoom_level"] == level


@clause("GT-TRACKER-09")
@pytest.mark.parametrize("level", [-1, 31, 1000, 17.5])
def test_other_zoom_levels(target: Target, level: float) -> None:
    """Another max_zoom_level is refused with 400."""
    with target.world() as world:
        reply = world.manager.post("tracker", max_zoom_level=level)
        names(reply, "max_zoom_level")
        made = world.manager.make("tracker")
        reply = world.manager.put("tracker", made, max_zoom_level=level)
        names(reply, "max_zoom_level")
        assert world.manager.shown("tracker", made) == made


@clause("GT-TRACKER-03")
@given(
    flags=st.fixed_dictionaries(dict.fromkeys(SHOWN, st.booleans())),
    states=st.lists(st.sampled_from(STATES), unique=True, max_size=4),
    level=st.none() | st.integers(0, 30),
    number=st.integers(0, 3),
)
def test_what_was_sent(
    target: Target,
    flags: dict[str, bool],
    states: list[str],
    level: int | None,
    number: int,
) -> None:
    """A tracker has what was sent, by POST and by PUT."""
    with target.world() as world:
        tasks = urls([world.manager.make("task") for _ in range(number)])
        sent: dict[str, Any] = {**flags, "active_states": states}
        sent.update(
            max_zoom_level=level, tasks=tasks, active_from=EARLY, active_until=LATE
        )
        made = world.manager.made("tracker", **sent)
        changed = world.manager.changed(
            "tracker", world.manager.make("tracker"), **sent
        )
        for tracker in (made, changed, world.manager.shown("tracker", made)):
            assert {name: tracker[name] for name in sent} == sent
            assert tracker["account"] == world.manager.account


def updated_by(target: Target, verb: str) -> None:
    """Demand that a verb on a tracker's url updates it, and keeps the rest."""
    with target.world() as world:
        made = world.manager.make("tracker")
        new = urls([world.manager.make("task")])
        for field, value in (("show_path", True), ("tasks", new), ("autozoom", False)):
            before = world.manager.shown("tracker", made)
            words = {"id": made["id"], field: value}
            answer = world.manager.call(VERBS[verb], **words).expect(200)
            assert answer[field] == value
            found = world.manager.shown("tracker", made)
            assert found == answer.data
            assert rest(found, field) == rest(before, field)
        assert len(world.manager.listed("tracker")) == 1


@clause("GT-TRACKER-04")
def test_put(target: Target) -> None:
    """A tracker is updated by PUT on its url."""
    updated_by(target, "PUT")


@clause("GT-TRACKER-05")
def test_post(target: Target) -> None:
    """A tracker is updated by POST on its url."""
    updated_by(target, "POST")


@clause("GT-FIELD-04")
def test_patch(target: Target) -> None:
    """A tracker is updated by PATCH on its url."""
    updated_by(target, "PATCH")


@clause("GT-TRACKER-06")
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("turns", [[0, 1, 2], [2, 1, 0], [1], []])
def test_tasks_of_trackers(target: Target, verb: str, turns: list[int]) -> None:
    """A task that is added is displayed, in the sequence that was sent."""
    with target.world() as world:
        tasks = urls([world.manager.make("task") for _ in "abc"])
        made = world.manager.make("tracker", tasks=tasks[:1])
        sent = [tasks[turn] for turn in turns]
        world.manager.call(VERBS[verb], id=made["id"], tasks=sent).expect(200)
        assert world.manager.shown("tracker", made)["tasks"] == sent


@clause("GT-TRACKER-07")
@pytest.mark.parametrize(
    "sent",
    [
        {"active_from": LATE, "active_until": EARLY},
        certain({"active_from": EARLY, "active_until": EARLY}),
        {"active_until": "2014-12-31T23:59:59Z"},
        {"active_from": LATE},
    ],
)
def test_windows_that_are_none(target: Target, sent: dict[str, str]) -> None:
    """active_from that is not before active_until is 400 on active_until."""
    kept = {"active_from": "2015-01-01T00:00:00Z", "active_until": EARLY}
    with target.world() as world:
        names(world.manager.post("tracker", **{**kept, **sent}), "active_until")
        made = world.manager.make("tracker", **kept)
        for verb in VERBS.values():
            words = {**sent, "id": made["id"]}
            names(world.manager.call(verb, **words), "active_until")
        assert world.manager.shown("tracker", made) == made


@clause("GT-TRACKER-08")
@pytest.mark.parametrize(
    "states", [["rubbish"], ["transit", "Failed"], [""], ["transit", "pending"]]
)
def test_states_that_there_are_not(target: Target, states: list[str]) -> None:
    """A state in active_states that there is not is 400 on active_states."""
    with target.world() as world:
        names(world.manager.post("tracker", active_states=states), "active_states")
        made = world.manager.make("tracker")
        reply = world.manager.put("tracker", made, active_states=states)
        names(reply, "active_states")
        assert world.manager.shown("tracker", made) == made


@clause("GT-TRACKER-10")
@pytest.mark.parametrize("state", STATES)
def test_the_public_tracker(target: Target, state: str) -> None:
    """A tracker that is active is answered without a token as its account sees it."""
    with target.world() as world:
        task = task_in(state, world.manager)
        more = world.manager.make("task")
        words: dict[str, Any] = window(world.freeze(), -HOUR, HOUR)
        words.update(tasks=urls([more, task]), active_states=["cancelled", state])
        tracker = world.manager.make("tracker", **words)
        found = public(world, tracker).expect(200).data
        assert found == world.manager.shown("tracker", tracker)
        at = f"/api/tasks/trackers/{tracker['id']}/public/"
        assert world.request("GET", at).expect(200).data == found


@clause("GT-TRACKER-10")
@pytest.mark.parametrize("name", ["manager", "worker", "stranger"])
def test_the_public_tracker_with_a_token(target: Target, name: str) -> None:
    """The public tracker is the same whoever asks, with a token too."""
    with target.world() as world:
        task = world.manager.make("task")
        words = window(world.freeze(), -HOUR, HOUR)
        states = {"active_states": ["unassigned"]}
        tracker = world.manager.make("tracker", tasks=urls([task]), **words, **states)
        place = {"id": tracker["id"]}
        reply = getattr(world, name).call("getPublicTracker", **place)
        assert reply.expect(200).data == public(world, tracker).data


def timed(target: Target, start: float, end: float, waits: list[float]) -> list[int]:
    """The statuses of a public tracker after each of these waits."""
    with target.world() as world:
        task = world.manager.make("task")
        words = window(world.freeze(), start, end)
        states = {"active_states": ["unassigned"]}
        tracker = world.manager.make("tracker", tasks=urls([task]), **words, **states)
        found = []
        for seconds in waits:
            world.advance(seconds)
            found.append(public(world, tracker).status)
        return found


@clause("GT-TRACKER-11")
@pytest.mark.parametrize("start", [10, HOUR, 400 * 24 * HOUR])
def test_before_it_begins(target: Target, start: int) -> None:
    """Before active_from the public tracker is 404, from then on it is answered."""
    waits = [0, start - 1, 0.999999, 0.000001, 5]
    assert timed(target, start, start + HOUR, waits) == [404, 404, 404, 200, 200]


@clause("GT-TRACKER-12")
@pytest.mark.parametrize("end", [10, HOUR, 400 * 24 * HOUR])
def test_after_its_end(target: Target, end: int) -> None:
    """From active_until on the public tracker is refused with 404."""
    waits = [0, end - 1, 0.999999, 0.000001, 5, 1000 * HOUR]
    assert timed(target, -HOUR, end, waits) == [200, 200, 200, 404, 404, 404]


@clause("GT-TRACKER-11", "GT-TRACKER-12")
@given(
    start=st.integers(-20, 20),
    length=st.integers(1, 20),
    waits=st.lists(st.integers(0, 10), min_size=1, max_size=6),
)
def test_any_window(
    target: Target, start: int, length: int, waits: list[float]
) -> None:
    """The public tracker is answered from active_from on, until active_until."""
    age, wanted = 0.0, []
    for seconds in waits:
        age += seconds
        wanted.append(200 if start <= age < start + length else 404)
    assert timed(target, start, start + length, waits) == wanted


@clause("GT-TRACKER-13")
@given(
    states=st.lists(st.sampled_from(STATES), unique=True, min_size=1, max_size=3),
    actions=st.lists(st.sampled_from(sorted(AFTER)), max_size=6),
    extra=st.booleans(),
)
def test_states_that_make_it_active(
    target: Target, states: list[str], actions: list[str], extra: bool
) -> None:
    """While no task is in one of active_states the public tracker is 404."""
    with target.world() as world:
        task = world.manager.make("task")
        other = task_in("cancelled", world.manager)
        tasks = urls([other, task] if extra else [task])
        words = window(world.freeze(), -HOUR, HOUR)
        tracker = world.manager.make(
            "tracker", tasks=tasks, active_states=states, **words
        )
        state = "unassigned"
        for action in [None, *actions]:
            if action is not None and action in TABLE[state]:
                sent = words_of(action, world.worker)
                world.manager.act(action, task, **sent).arranged()
                state = AFTER[action]
            active = {state, *(["cancelled"] if extra else [])} & set(states)
            assert public(world, tracker).status == (200 if active else 404)


@clause("GT-TRACKER-13")
def test_a_tracker_without_tasks(target: Target) -> None:
    """A tracker without tasks is never active."""
    with target.world() as world:
        words = window(world.freeze(), -HOUR, HOUR)
        states = {"active_states": list(STATES)}
        tracker = world.manager.make("tracker", tasks=[], **states, **words)
        public(world, tracker).refused(404)
