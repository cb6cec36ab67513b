"""The filters of the list of tasks, against an oracle."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.gsmtasks.laws import names
from tasktwin_contract.gsmtasks.states import STATES, named, task_in
from tasktwin_contract.gsmtasks.stock import number, side_account
from tasktwin_contract.gsmtasks.values import CATEGORIES, stored, written
from tasktwin_contract.reply import Object
from tasktwin_contract.rows import certain, table
from tasktwin_contract.target import Target, World

HANDS = ("worker", "second_worker", "both")
TIMES = ("created_at", "updated_at")
DAY = 24 * 3600


def several(world: World) -> list[Object]:
    """Tasks of every state, of each worker and category, in two accounts."""
    made = []
    for turn, state in enumerate(STATES):
        hand = getattr(world, HANDS[turn % len(HANDS)])
        category = CATEGORIES[turn % 2 + turn // 4]
        made.append(task_in(state, world.both, hand, category=category))
    side = side_account(world)
    for category in CATEGORIES:
        words = {"account": side, "category": category}
        made.append(world.both.make("task", **words, assignee=named(world.both)))
    return made


def passes(task: Object, filters: dict[str, Any]) -> bool:
    """Whether a task passes all filters, by a plain look at its fields."""
    return all(_passes(task[name], name, value) for name, value in filters.items())


def _passes(held: Any, name: str, value: str) -> bool:
    if name in TIMES:
        if "T" not in value:
            return str(held).startswith(value)
        return stored(held) == datetime.fromisoformat(value)
    if name in ("account", "assignee"):
        return held is not None and number(held) == number(value)
    return bool(held == value)


def holds(actor: Actor, **filters: Any) -> list[str]:
    """Demand that a filter leaves what it has to, and answer the ids of that."""
    whole = actor.listed("task")
    wanted = [task_id for task_id, task in whole.items() if passes(task, filters)]
    found = list(actor.listed("task", **filters))
    if found != wanted:
        raise ClauseBrokenError(f"{filters} to leave {wanted}", str(found))
    return found


@clause("GT-FILTER-01", "GT-FILTER-07")
@pytest.mark.parametrize("form", [str, number])
@pytest.mark.parametrize("name", ["manager", "both", "stranger"])
def test_accounts(target: Target, form: Any, name: str) -> None:
    """The filter account leaves the tasks of that account, by id or address."""
    with target.world() as world:
        several(world)
        actor = getattr(world, name)
        for account in actor.all("account"):
            with judging("GT-FILTER-01" if form is number else "GT-FILTER-07"):
                found = holds(actor, account=form(account["url"]))
                assert found or name == "stranger"


@clause("GT-FILTER-02")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ["manager", "both", "worker"])
def test_states(target: Target, state: str, name: str) -> None:
    """The filter state leaves the tasks in that state."""
    with target.world() as world:
        several(world)
        assert holds(getattr(world, name), state=state) or name == "worker"


@clause("GT-FILTER-03", "GT-FILTER-07")
@pytest.mark.parametrize("form", [str, number])
@pytest.mark.parametrize("hand", [*HANDS, "manager"])
@pytest.mark.parametrize("name", ["manager", "both", "worker"])
def test_assignees(target: Target, form: Any, hand: str, name: str) -> None:
    """The filter assignee leaves the tasks assigned to that user."""
    with target.world() as world:
        several(world)
        user = getattr(world, hand).user
        with judging("GT-FILTER-03" if form is number else "GT-FILTER-07"):
            found = holds(getattr(world, name), assignee=form(user))
            assert found or name == "worker" or hand == "manager"


@clause("GT-FILTER-04")
@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("name", ["manager", "both", "worker"])
def test_categories(target: Target, category: str, name: str) -> None:
    """The filter category leaves the tasks of that category."""
    with target.world() as world:
        several(world)
        assert holds(getattr(world, name), category=category) or name == "worker"


def over_days(world: World, gaps: list[int]) -> list[Object]:
    """Tasks made at intervals of so many seconds, the odd ones changed later."""
    world.freeze()
    tasks = []
    for gap in gaps:
        tasks.append(world.manager.make("task"))
        world.advance(gap)
    for task in tasks[1::2]:
        world.manager.changed("task", task, description="later")
        world.advance(DAY // 3)
    return [world.manager.shown("task", task) for task in tasks]


@clause("GT-FILTER-05", "GT-FILTER-06", "GT-FILTER-10")
@pytest.mark.parametrize("field", TIMES)
@given(gaps=st.lists(st.sampled_from([1, DAY // 2, DAY, 3 * DAY]), max_size=4))
def test_days(target: Target, field: str, gaps: list[int]) -> None:
    """A date stands for the whole of that day in UTC."""
    with target.world() as world:
        tasks = over_days(world, gaps)
        days = {str(task[field])[:10] for task in tasks}
        for day in days:
            assert holds(world.manager, **{field: day})
            date = datetime.fromisoformat(day)
            for aside in (-1, 1):
                other = (date + timedelta(days=aside)).date().isoformat()
                holds(world.manager, **{field: other})


@clause("GT-FILTER-10")
@pytest.mark.parametrize("field", table(TIMES, "created_at"))
@pytest.mark.parametrize("edge", [certain(0), 1, -1, 0.000001, -0.000001])
def test_the_edges_of_a_day(target: Target, field: str, edge: float) -> None:
    """A day begins with its first microsecond, and ends with its last."""
    with target.world() as world:
        now = world.freeze()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        midnight += timedelta(days=1)
        world.advance((midnight - now).total_seconds() + edge)
        task = world.manager.make("task")
        day = stored(task[field]).date().isoformat()
        assert holds(world.manager, **{field: day}) == [task["id"]]
        for aside in (-1, 1):
            other = stored(task[field]).date() + timedelta(days=aside)
            assert holds(world.manager, **{field: other.isoformat()}) == []


@clause("GT-FILTER-05", "GT-FILTER-06", "GT-FILTER-11")
@pytest.mark.parametrize("field", TIMES)
@pytest.mark.parametrize("hours", [0, 14, -3.5])
@pytest.mark.parametrize("aside", [-1, 1, 1000])
def test_moments(target: Target, field: str, hours: float, aside: int) -> None:
    """A date with a time stands for that moment alone, to the microsecond."""
    with target.world() as world:
        tasks = over_days(world, [1, DAY, 1])
        offset = timezone(timedelta(hours=hours))
        for task in tasks:
            with judging("GT-FILTER-05" if field == "updated_at" else "GT-FILTER-06"):
                found = world.manager.listed("task", **{field: task[field]})
                assert task["id"] in found
            moment = stored(task[field])
            for text in (task[field], written(moment.astimezone(offset), 6, "Z")):
                assert task["id"] in holds(world.manager, **{field: text})
            beside = moment + timedelta(microseconds=aside)
            text = written(beside, 6, "Z")
            assert task["id"] not in holds(world.manager, **{field: text})


@clause("GT-FILTER-08", "GT-FILTER-14")
@given(data=st.data())
def test_several_filters(target: Target, data: st.DataObject) -> None:
    """Several filters leave the tasks that each of them leaves, in their sequence."""
    with target.world() as world:
        several(world)
        who = data.draw(st.sampled_from(["manager", "both", "worker"]))
        values: dict[str, list[Any]] = {
            "account": [one["url"] for one in world.both.all("account")],
            "assignee": [number(getattr(world, hand).user) for hand in HANDS],
            "state": list(STATES),
            "category": list(CATEGORIES),
            "created_at": [world.both.all("task")[0]["created_at"][:10], "2001-01-01"],
        }
        chosen = data.draw(st.lists(st.sampled_from(list(values)), unique=True))
        filters = {name: data.draw(st.sampled_from(values[name])) for name in chosen}
        holds(getattr(world, who), **filters)


@clause("GT-FILTER-09")
@pytest.mark.parametrize("field", ["state", "category"])
@pytest.mark.parametrize("value", ["rubbish", "Failed", "pickup", "", "active,transit"])
def test_unknown_words(target: Target, field: str, value: str) -> None:
    """A state or a category that there is not is refused with 400 on that filter."""
    with target.world() as world:
        names(world.manager.query("task", **{field: value}), field)


@clause("GT-FILTER-12")
@pytest.mark.parametrize("field", TIMES)
@pytest.mark.parametrize(
    "value", ["", "yesterday", "2015-13-01", "2015-02-30", "2015-09-08T25:00:00Z", "7"]
)
def test_what_is_no_date(target: Target, field: str, value: str) -> None:
    """What is no date, or no moment, is refused with 400 on that filter."""
    with target.world() as world:
        names(world.manager.query("task", **{field: value}), field)


@clause("GT-FILTER-13")
@pytest.mark.parametrize("field", ["account", "assignee"])
@pytest.mark.parametrize("value", ["", "7", "rubbish", "task", "{id}0"])
def test_what_names_nobody(target: Target, field: str, value: str) -> None:
    """What is neither a UUID nor an address of its kind is refused with 400."""
    with target.world() as world:
        task = world.manager.make("task", assignee=named(world.worker))
        known = {"task": task["url"], "{id}0": f"{number(task[field])}0"}
        text = known.get(value, value)
        names(world.manager.query("task", **{field: text}), field)


@clause("GT-FILTER-13")
@pytest.mark.parametrize("field", ["account", "assignee"])
def test_who_is_not_there(target: Target, field: str) -> None:
    """An account or an assignee that is not there finds nothing."""
    with target.world() as world:
        task = world.manager.make("task", assignee=named(world.worker))
        nowhere = world.guid()
        address = task[field].replace(number(task[field]), nowhere)
        for value in (nowhere, address):
            assert world.manager.listed("task", **{field: value}) == {}


@clause("GT-FILTER-15")
@pytest.mark.parametrize(
    "unknown", ["colour", "order", "State", "limit", "page", "search"]
)
def test_unknown_filters(target: Target, unknown: str) -> None:
    """Unknown filters are ignored."""
    with target.world() as world:
        several(world)
        whole = world.manager.listed("task")
        assert world.manager.listed("task", **{unknown: "x"}) == whole
        found = world.manager.listed("task", **{unknown: "1", "state": "failed"})
        assert list(found) == holds(world.manager, state="failed")
