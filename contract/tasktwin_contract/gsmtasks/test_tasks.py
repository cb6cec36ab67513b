"""What a task has, and what it has where nothing was sent."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.gsmtasks.changes import (
    MOMENT,
    WHOLE_CONTACT,
)
from tasktwin_contract.gsmtasks.laws import has_fields, names
from tasktwin_contract.gsmtasks.states import STATES, named, task_in
from tasktwin_contract.gsmtasks.tasks import both_ways, refused_both_ways
from tasktwin_contract.gsmtasks.values import CATEGORIES, stored, texts
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target

JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2)
    ),
    max_leaves=5,
)
A_MOMENT = timedelta(seconds=2)
EARLY, LATE = "2016-01-01T00:00:00Z", "2016-01-02T00:00:00Z"


@clause("GT-TASK-01")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ["manager", "worker"])
def test_fields_of_tasks(target: Target, state: str, name: str) -> None:
    """A task has every field of its table, in every state."""
    with target.world() as world:
        task_in(state, world.manager)
        actor = getattr(world, name)
        for task in actor.listed("task").values():
            has_fields("task", task)
            has_fields("task", actor.shown("task", task))


@clause("GT-TASK-02", "GT-TASK-05")
@pytest.mark.parametrize("category", CATEGORIES)
def test_categories(target: Target, category: str) -> None:
    """The category is assignment, pick_up or drop_off, as it was sent."""
    with target.world() as world:
        for task in both_ways(world, category=category):
            with judging("GT-TASK-02"):
                assert task["category"] in CATEGORIES
            assert task["category"] == category


@clause("GT-TASK-03", "GT-TASK-02")
def test_the_usual_category(target: Target) -> None:
    """The category is assignment where it is not sent."""
    with target.world() as world:
        assert world.manager.made("task")["category"] == "assignment"


@clause("GT-TASK-04")
@pytest.mark.parametrize(
    "category", ["", "pickup", "dropoff", "Assignment", "PICK_UP", "pick_up ", "other"]
)
def test_other_categories(target: Target, category: str) -> None:
    """Another category is refused with 400 on category."""
    with target.world() as world:
        refused_both_ways(world, "category", category=category)


@clause("GT-TASK-05")
@given(
    external=st.none() | texts,
    category=st.sampled_from(CATEGORIES),
    contact=st.fixed_dictionaries(dict.fromkeys(WHOLE_CONTACT, texts)),
    words=st.tuples(texts, texts),
    auto=st.booleans(),
)
def test_what_was_sent(
    target: Target,
    external: str | None,
    category: str,
    contact: dict[str, str],
    words: tuple[str, str],
    auto: bool,
) -> None:
    """A task has what was sent, by POST and by PUT."""
    sent: dict[str, Any] = {"external_id": external, "category": category}
    sent.update(description=words[0], reference=words[1])
    sent.update(contact=contact, auto_assign=auto)
    with target.world() as world:
        for task in both_ways(world, **sent):
            assert {name: task[name] for name in sent} == sent


@clause("GT-TASK-05")
@pytest.mark.parametrize("field", ["complete_after", "complete_before"])
def test_times_that_were_sent(target: Target, field: str) -> None:
    """A task has the times that were sent."""
    with target.world() as world:
        sent = {"complete_after": EARLY, "complete_before": LATE}
        for task in both_ways(world, **sent):
            assert stored(task[field]) == datetime.fromisoformat(sent[field])


@clause("GT-TASK-13")
def test_complete_after_by_itself(target: Target) -> None:
    """complete_after is the time of the creation where it is not sent."""
    with target.world() as world:
        made = world.manager.made("task")
        gap = stored(made["complete_after"]) - stored(made["created_at"])
        assert abs(gap) < A_MOMENT


@clause("GT-TASK-14")
@pytest.mark.parametrize(
    ("kept", "sent"),
    [
        ({}, {"complete_after": LATE, "complete_before": EARLY}),
        ({"complete_after": LATE}, {"complete_before": EARLY}),
        certain(
            {"complete_after": EARLY, "complete_before": EARLY},
            {"complete_after": LATE},
        ),
    ],
)
def test_before_it_begins(
    target: Target, kept: dict[str, str], sent: dict[str, str]
) -> None:
    """A complete_before that is earlier than complete_after is 400 on it."""
    with target.world() as world:
        task = world.manager.make("task", **kept)
        names(world.manager.put("task", task, **sent), "complete_before")
        assert world.manager.shown("task", task) == task
        names(world.manager.post("task", **{**kept, **sent}), "complete_before")


@clause("GT-TASK-14")
def test_before_now(target: Target) -> None:
    """A complete_before of the past is refused where complete_after is now."""
    with target.world() as world:
        reply = world.manager.post("task", complete_before="2001-01-01T00:00:00Z")
        names(reply, "complete_before")
        same = {"complete_after": LATE, "complete_before": LATE}
        for task in both_ways(world, **same):
            assert task["complete_before"] == task["complete_after"]


@clause("GT-TASK-20", "GT-TASK-21")
@given(moments=st.lists(st.datetimes(), min_size=2, max_size=4, unique=True))
def test_positions_of_tasks(target: Target, moments: list[datetime]) -> None:
    """position is that of complete_after, and compares as a text as moments do."""
    with target.world() as world:
        made = []
        for moment in moments:
            moment = moment.replace(year=2000 + moment.year % 60)  # noqa: PLW2901
            text = f"{moment.isoformat(timespec='microseconds')}Z"
            task = world.manager.made("task", complete_after=text)
            assert stored(task["position"]) == stored(task["complete_after"])
            made.append((stored(text), task["position"]))
        assert [p for _, p in sorted(made)] == sorted(p for _, p in made)


@clause("GT-TASK-20", "GT-TASK-22")
@given(moments=st.lists(st.datetimes(), min_size=2, max_size=4, unique=True))
def test_positions_that_were_sent(target: Target, moments: list[datetime]) -> None:
    """A position that is sent is kept: tasks sort by it as by the moments."""
    with target.world() as world:
        found = []
        for turn, moment in enumerate(moments):
            moment = moment.replace(year=2000 + moment.year % 60)  # noqa: PLW2901
            text = f"{moment.isoformat(timespec='microseconds')}Z"
            task = both_ways(world, position=text)[turn % 2]
            found.append((stored(text), task["position"]))
        assert [p for _, p in sorted(found)] == sorted(p for _, p in found)


@clause("GT-TASK-21", "GT-TASK-22")
def test_a_position_stays(target: Target) -> None:
    """A position stays when complete_after changes, whether it was sent or not."""
    with target.world() as world:
        for sent in ({"position": MOMENT}, {"complete_after": EARLY}):
            task = world.manager.make("task", **sent)
            after = world.manager.changed("task", task, complete_after=LATE)
            assert after["position"] == task["position"]


@clause("GT-TASK-06", "GT-TASK-23")
def test_what_was_not_sent(target: Target) -> None:
    """What is not sent is null, empty or false."""
    nothing = (
        "order",
        "external_id",
        "orderer",
        "receiver",
        "complete_before",
        "scheduled_time",
        "assignee",
        "duration",
    )
    with target.world() as world:
        made = world.manager.made("task")
        for task in (made, world.manager.shown("task", made)):
            assert task["state"] == "unassigned"
            assert {task[name] for name in nothing} == {None}
            assert (task["description"], task["reference"]) == ("", "")
            assert task["auto_assign"] is False
            assert task["metafields"] == {}
            assert task["contact"] == dict.fromkeys(WHOLE_CONTACT, "")


@clause("GT-TASK-24")
@pytest.mark.parametrize("state", STATES)
def test_what_nobody_sets(target: Target, state: str) -> None:
    """assignee_proximity is away, and is_full_load false."""
    with target.world() as world:
        task = task_in(state, world.manager)
        assert task["assignee_proximity"] == "away"
        assert task["is_full_load"] is False


@clause("GT-TASK-25")
@pytest.mark.parametrize("duration", ["00:15:00", "00:00:00", "99:59:59", None])
def test_durations(target: Target, duration: str | None) -> None:
    """duration is HH:MM:SS or null."""
    with target.world() as world:
        for task in both_ways(world, duration=duration):
            assert task["duration"] == duration


@clause("GT-TASK-25")
@pytest.mark.parametrize(
    "duration", ["", "15", "0:15:00", "00:60:00", "00:00:60", "1 00:00:00", "PT15M"]
)
def test_what_is_no_duration(target: Target, duration: str) -> None:
    """Another text is refused with 400 on duration."""
    with target.world() as world:
        refused_both_ways(world, "duration", duration=duration)


@clause("GT-TASK-26")
@given(metafields=st.dictionaries(texts, JSONS, max_size=3))
def test_metafields(target: Target, metafields: dict[str, Any]) -> None:
    """metafields is any object, and answered as it was sent."""
    with target.world() as world:
        for task in both_ways(world, metafields=metafields):
            assert task["metafields"] == metafields


@clause("GT-TASK-26")
def test_metafields_are_replaced(target: Target) -> None:
    """metafields that are sent take the place of all that there were."""
    with target.world() as world:
        task = world.manager.make("task", metafields={"a": 1, "b": {"c": 2}})
        after = world.manager.changed("task", task, metafields={"b": {}})
        assert after["metafields"] == {"b": {}}
        assert world.manager.changed("task", task, metafields={})["metafields"] == {}


@clause("GT-TASK-27")
@pytest.mark.parametrize("field", ["orderer", "receiver"])
def test_clients_of_tasks(target: Target, field: str) -> None:
    """orderer and receiver are clients of the account, each for itself."""
    with target.world() as world:
        client = world.manager.make("client")["url"]
        other = "receiver" if field == "orderer" else "orderer"
        for task in both_ways(world, **{field: client}):
            assert (task[field], task[other]) == (client, None)
        refused_both_ways(world, field, **{field: world.worker.user})
        hidden = world.stranger.make("client")["url"]
        refused_both_ways(world, field, **{field: hidden})


@clause("GT-TASK-28")
@pytest.mark.parametrize("word", ["events", "documents", "signatures"])
def test_addresses_of_lists(target: Target, word: str) -> None:
    """events, documents and signatures are the task's url with that word."""
    with target.world() as world:
        task = world.manager.made("task")
        assert task[word] == f"{task['url']}{word}/"


@clause("GT-TASK-33", "GT-TASK-35")
@pytest.mark.parametrize("state", STATES)
def test_counts(target: Target, state: str) -> None:
    """counts has five numbers; those of forms are 0."""
    with target.world() as world:
        task = task_in(state, world.manager)
        for counts in (
            task["counts"],
            world.manager.listed("task")[task["id"]]["counts"],
        ):
            with judging("GT-TASK-33"):
                assert set(counts) >= {"events", "documents", "signatures"}
                for value in counts.values():
                    assert value is None or type(value) is int
            assert (counts["forms"], counts["forms_completed"]) == (0, 0)


@clause("GT-TASK-34")
@pytest.mark.parametrize("name", ["manager", certain("worker"), "both"])
@pytest.mark.parametrize("shown", [0, certain(1), 2])
@pytest.mark.parametrize("hidden", [0, certain(1)])
def test_true_counts(target: Target, name: str, shown: int, hidden: int) -> None:
    """A count is the length of that list as the caller gets it."""
    with target.world() as world:
        task = world.manager.make("task", assignee=named(world.worker))
        for _ in range(shown):
            world.manager.make("document", task=task["url"])
            world.manager.make("signature", task=task["url"])
        for _ in range(hidden):
            words = {"task": task["url"], "visible_to_worker": False}
            world.manager.make("document", **words)
        actor = getattr(world, name)
        for counts in (
            actor.shown("task", task)["counts"],
            actor.listed("task")[task["id"]]["counts"],
        ):
            for word in ("events", "documents", "signatures"):
                length = len(actor.of_task(word.capitalize(), task))
                assert counts[word] in (None, length), f"counts.{word}"


@clause("GT-TASK-36")
@pytest.mark.parametrize("noun", ["document", "signature"])
def test_lists_of_one_task(target: Target, noun: str) -> None:
    """The lists of a task's documents and signatures hold those of this task alone."""
    with target.world() as world:
        tasks = [world.manager.make("task") for _ in "abc"]
        made = [
            {world.manager.make(noun, task=task["url"])["id"] for _ in range(turn)}
            for turn, task in enumerate(tasks)
        ]
        for task, ids in zip(tasks, made, strict=True):
            found = world.manager.of_task(f"{noun.capitalize()}s", task)
            assert {one["id"] for one in found} == ids
            assert all(one["task"] == task["url"] for one in found)
            assert all(world.manager.listed(noun)[o["id"]] == o for o in found)
