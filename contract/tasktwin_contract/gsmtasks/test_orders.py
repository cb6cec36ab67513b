"""Orders, and the tasks that they keep."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.gsmtasks.laws import has_fields, names
from tasktwin_contract.gsmtasks.states import ENDED, OPEN, STATES, task_in
from tasktwin_contract.gsmtasks.stock import urls
from tasktwin_contract.reply import Object
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target

every_ended = pytest.mark.parametrize("state", ENDED)
every_open = pytest.mark.parametrize("state", OPEN)


def tasks_of(actor: Actor, order: Object) -> list[str]:
    """The addresses of an order's tasks, as it is read."""
    found: list[str] = actor.shown("order", order)["tasks"]
    return found


def order_of(actor: Actor, task: Object) -> Any:
    """The address of a task's order."""
    return actor.shown("task", task)["order"]


def agree(actor: Actor) -> None:
    """Demand that tasks and orders say the same of each other."""
    orders, tasks = actor.listed("order").values(), actor.listed("task").values()
    by_orders = {url: order["url"] for order in orders for url in order["tasks"]}
    by_tasks = {task["url"]: task["order"] for task in tasks if task["order"]}
    if by_orders != by_tasks:
        raise ClauseBrokenError(f"orders to list {by_tasks}", str(by_orders))
    for order in orders:
        assert len(set(order["tasks"])) == len(order["tasks"])


@clause("GT-ORDER-01")
def test_fields_of_orders(target: Target) -> None:
    """An order has every field of its table."""
    with target.world() as world:
        made = world.manager.made("order")
        listed = world.manager.listed("order")[made["id"]]
        for order in (made, listed, world.manager.shown("order", made)):
            has_fields("order", order)


@clause("GT-ORDER-02")
@given(
    external=st.none() | st.sampled_from(["7869", "A-1/ü", ""]),
    reference=st.sampled_from(["O-112", "", "Ö 7"]),
    auto=st.booleans(),
    linked=st.booleans(),
)
def test_what_was_sent(
    target: Target, external: str | None, reference: str, auto: bool, linked: bool
) -> None:
    """An order has what was sent, by POST and by PUT."""
    with target.world() as world:
        client = world.manager.make("client")["url"] if linked else None
        sent = {"external_id": external, "reference": reference, "client": client}
        sent = {**sent, "auto_assign": auto}
        made = world.manager.made("order", **sent)
        other = world.manager.make("order", reference="x", auto_assign=not auto)
        changed = world.manager.changed("order", other, **sent)
        for order in (made, changed, world.manager.shown("order", made)):
            assert {name: order[name] for name in sent} == sent


@clause("GT-ORDER-03")
def test_what_was_not_sent(target: Target) -> None:
    """What is not sent is null, empty or false."""
    with target.world() as world:
        made = world.manager.made("order")
        for order in (made, world.manager.shown("order", made)):
            assert (order["external_id"], order["client"]) == (None, None)
            assert (order["reference"], order["tasks"]) == ("", [])
            assert order["auto_assign"] is False


@clause("GT-ORDER-04", "GT-ORDER-07", "GT-ORDER-06")
@pytest.mark.parametrize("turns", [[0, 1, 2], [2, 0, 1], [1]])
def test_making_an_order_of_tasks(target: Target, turns: list[int]) -> None:
    """createOrder puts the tasks that are sent into the order, in their sequence."""
    with target.world() as world:
        tasks = [world.manager.make("task") for _ in "abc"]
        sent = [tasks[turn] for turn in turns]
        order = world.manager.made("order", tasks=urls(sent))
        with judging("GT-ORDER-04"):
            assert set(tasks_of(world.manager, order)) == set(urls(sent))
        assert order["tasks"] == tasks_of(world.manager, order) == urls(sent)
        assert {order_of(world.manager, task) for task in sent} == {order["url"]}
        agree(world.manager)


@clause("GT-ORDER-05", "GT-ORDER-06", "GT-ORDER-12")
@pytest.mark.parametrize(
    "turns", [[0, 1, 2], [3, 2, 1], certain([0]), [], [2, 1, 0, 3]]
)
def test_giving_an_order_tasks(target: Target, turns: list[int]) -> None:
    """updateOrder with tasks makes them the tasks of the order, and no other."""
    with target.world() as world:
        tasks = [world.manager.make("task") for _ in "abcd"]
        order = world.manager.make("order", tasks=urls(tasks[:3]))
        sent = [tasks[turn] for turn in turns]
        answer = world.manager.changed("order", order, tasks=urls(sent))
        with judging("GT-ORDER-05"):
            assert set(tasks_of(world.manager, order)) == set(urls(sent))
        assert answer["tasks"] == tasks_of(world.manager, order) == urls(sent)
        for turn, task in enumerate(tasks):
            wanted = order["url"] if turn in turns else None
            assert order_of(world.manager, task) == wanted
        agree(world.manager)


@clause("GT-ORDER-07", "GT-ORDER-16")
def test_those_that_come_later(target: Target) -> None:
    """Those that came by a task's order stand at the end."""
    with target.world() as world:
        manager = world.manager
        tasks = [manager.make("task") for _ in "abc"]
        order = manager.make("order", tasks=urls(tasks[::-1]))
        new = manager.made("task", order=order["url"])
        assert tasks_of(manager, order) == [*urls(tasks[::-1]), new["url"]]
        free = manager.make("task")
        manager.changed("task", free, order=order["url"])
        assert tasks_of(manager, order) == urls([*tasks[::-1], new, free])
        manager.changed("task", tasks[1], order=order["url"])
        assert set(tasks_of(manager, order)) == set(urls([*tasks, new, free]))


@clause("GT-ORDER-16", "GT-ORDER-06")
def test_a_new_task_of_an_order(target: Target) -> None:
    """A new task with an order is listed by that order, and by no other."""
    with target.world() as world:
        one, other = world.manager.make("order"), world.manager.make("order")
        task = world.manager.made("task", order=one["url"])
        assert task["order"] == one["url"]
        assert tasks_of(world.manager, one) == [task["url"]]
        assert tasks_of(world.manager, other) == []
        agree(world.manager)


def kept(actor: Actor, order: Object, task: Object) -> None:
    """Demand that an order still lists a task, and the task has it."""
    assert task["url"] in tasks_of(actor, order)
    assert order_of(actor, task) == order["url"]


@clause("GT-ORDER-08", "GT-ORDER-09")
@every_ended
@pytest.mark.parametrize("others", [0, 1, 2])
def test_leaving_out_what_has_ended(target: Target, state: str, others: int) -> None:
    """Leaving a completed or cancelled task out of tasks is 400, and it stays."""
    with target.world() as world:
        manager = world.manager
        order = manager.make("order")
        ended = task_in(state, manager, order=order["url"])
        more = [manager.make("task", order=order["url"]) for _ in range(others)]
        before = tasks_of(manager, order)
        for sent in ([], urls(more), urls([*more, manager.make("task")])):
            reply = manager.put("order", order, tasks=sent)
            with judging("GT-ORDER-08"):
                kept(manager, order, ended)
            names(reply, "tasks")
            assert tasks_of(manager, order) == before
        manager.changed("order", order, tasks=[ended["url"]])
        assert tasks_of(manager, order) == [ended["url"]]


@clause("GT-ORDER-08", "GT-ORDER-10")
@every_ended
def test_another_order_for_what_has_ended(target: Target, state: str) -> None:
    """Giving a completed or cancelled task another order, or none, is 400 on order."""
    with target.world() as world:
        manager = world.manager
        order, other = manager.make("order"), manager.make("order")
        task = task_in(state, manager, order=order["url"])
        for sent in (other["url"], None):
            reply = manager.put("task", task, order=sent)
            with judging("GT-ORDER-08"):
                kept(manager, order, task)
            names(reply, "order")
        assert tasks_of(manager, other) == []
        manager.changed("task", task, order=order["url"], description="x")
        kept(manager, order, task)


@clause("GT-ORDER-08", "GT-ORDER-11")
@every_ended
def test_taking_what_has_ended(target: Target, state: str) -> None:
    """Taking a completed or cancelled task into another order is 400 on tasks."""
    with target.world() as world:
        manager = world.manager
        order, other = manager.make("order"), manager.make("order")
        task, free = task_in(state, manager, order=order["url"]), manager.make("task")
        before = manager.listed("order")
        names(manager.post("order", tasks=urls([free, task])), "tasks")
        names(manager.put("order", other, tasks=urls([free, task])), "tasks")
        assert manager.listed("order") == before
        assert order_of(manager, free) is None
        kept(manager, order, task)


@clause("GT-ORDER-08")
@every_ended
def test_an_order_keeps_its_tasks_when_they_end(target: Target, state: str) -> None:
    """An order still lists a task when it is completed or cancelled, and after it."""
    with target.world() as world:
        manager = world.manager
        tasks = [manager.make("task") for _ in "ab"]
        order = manager.make("order", tasks=urls(tasks))
        manager.act("assign", tasks[0], assignee={"email": world.worker.email})
        manager.act("complete" if state == "completed" else "cancel", tasks[0])
        assert tasks_of(manager, order) == urls(tasks)
        manager.changed("order", order, reference="later")
        manager.changed("task", tasks[0], description="later")
        manager.changed("order", order, tasks=urls(tasks[:1]))
        assert tasks_of(manager, order) == urls(tasks[:1])


@clause("GT-ORDER-12")
@every_open
@pytest.mark.parametrize("way", ["order", "task"])
def test_leaving_out_what_goes_on(target: Target, state: str, way: str) -> None:
    """A task in any other state may be left out, and has no order then."""
    with target.world() as world:
        order = world.manager.make("order")
        task = task_in(state, world.manager, order=order["url"])
        if way == "order":
            world.manager.changed("order", order, tasks=[])
        else:
            world.manager.changed("task", task, order=None)
        assert tasks_of(world.manager, order) == []
        assert order_of(world.manager, task) is None


@clause("GT-ORDER-13", "GT-ORDER-06")
@every_open
@pytest.mark.parametrize("way", ["create", "update", "task"])
def test_moving_to_another_order(target: Target, state: str, way: str) -> None:
    """A task that is put into another order leaves the one that it was in."""
    with target.world() as world:
        manager = world.manager
        order, other = manager.make("order"), manager.make("order")
        task = task_in(state, manager, order=order["url"])
        if way == "create":
            other = manager.made("order", tasks=[task["url"]])
        elif way == "update":
            manager.changed("order", other, tasks=[task["url"]])
        else:
            manager.changed("task", task, order=other["url"])
        assert tasks_of(manager, order) == []
        assert tasks_of(manager, other) == [task["url"]]
        assert order_of(manager, task) == other["url"]
        agree(manager)


@clause("GT-ORDER-14")
@every_ended
@pytest.mark.parametrize("way", ["create", "update", "task"])
def test_what_has_ended_without_an_order(target: Target, state: str, way: str) -> None:
    """A completed or cancelled task that has no order may be put into one."""
    with target.world() as world:
        manager = world.manager
        order, task = manager.make("order"), task_in(state, manager)
        if way == "create":
            order = manager.made("order", tasks=[task["url"]])
        elif way == "update":
            manager.changed("order", order, tasks=[task["url"]])
        else:
            manager.changed("task", task, order=order["url"])
        kept(manager, order, task)
        names(manager.put("order", order, tasks=[]), "tasks")


@clause("GT-ORDER-15")
@pytest.mark.parametrize("state", STATES)
def test_tasks_that_are_sent_twice(target: Target, state: str) -> None:
    """A task that is sent twice in tasks is listed once."""
    with target.world() as world:
        task, other = task_in(state, world.manager), world.manager.make("task")
        sent = urls([task, other, task])
        order = world.manager.made("order", tasks=sent)
        assert order["tasks"] == sent[:2]
        answer = world.manager.changed("order", order, tasks=[*sent, *sent])
        assert answer["tasks"] == tasks_of(world.manager, order) == sent[:2]
