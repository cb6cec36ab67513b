"""Route optimisations: their steps by the clock, and the routes they find."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.gsmtasks.laws import has_fields, names
from tasktwin_contract.gsmtasks.raw import JSON
from tasktwin_contract.gsmtasks.routes import begun, positions, state_after
from tasktwin_contract.gsmtasks.states import ENDED, STATES, named, task_in
from tasktwin_contract.gsmtasks.stock import urls
from tasktwin_contract.gsmtasks.values import stored
from tasktwin_contract.rows import certain, table
from tasktwin_contract.target import Target, World

MOST = 80


@clause("GT-ROUTE-01", "GT-ROUTE-02")
@pytest.mark.parametrize("seconds", [0, 1, 2, 3600])
def test_fields_of_routes(target: Target, seconds: int) -> None:
    """A route optimisation has every field of its table, and a known state."""
    with target.world() as world:
        made = begun(world, [world.manager.make("task")])
        world.advance(seconds)
        listed = world.manager.listed("route")[made["id"]]
        for route in (made, listed, world.manager.shown("route", made)):
            has_fields("route", route)
            assert route["state"] in ("pending", "started", "completed", "failed")


@clause("GT-ROUTE-03")
@pytest.mark.parametrize("turns", [[0, 1, 2], [2, 0, 1], [1]])
@pytest.mark.parametrize("hand", ["worker", "second_worker", "both"])
def test_what_was_sent(target: Target, turns: list[int], hand: str) -> None:
    """It has the account, the assignee and the tasks that were sent."""
    with target.world() as world:
        tasks = urls([world.manager.make("task") for _ in "abc"])
        person = getattr(world, hand).user
        sent = {"assignee": person, "tasks": [tasks[turn] for turn in turns]}
        made = world.manager.made("route", **sent)
        for route in (made, world.manager.shown("route", made)):
            assert {name: route[name] for name in sent} == sent
            assert route["account"] == world.manager.account


def many(world: World, number: int) -> list[str]:
    """The addresses of so many tasks."""
    account = world.manager.account
    return urls([world.manager.make("task", account=account) for _ in range(number)])


@clause("GT-ROUTE-04")
def test_eighty_tasks(target: Target) -> None:
    """80 tasks can be optimised at once."""
    with target.world() as world:
        tasks = many(world, MOST)
        made = world.manager.made("route", tasks=tasks)
        assert made["tasks"] == tasks


@clause("GT-ROUTE-05")
def test_more_than_eighty_tasks(target: Target) -> None:
    """More than 80 tasks are refused."""
    with target.world() as world:
        tasks = many(world, MOST + 1)
        world.manager.post("route", tasks=tasks).refused()
        assert world.manager.listed("route") == {}


@clause("GT-ROUTE-06")
def test_how_more_than_eighty_are_refused(target: Target) -> None:
    """The refusal of more than 80 tasks is 400 on tasks."""
    with target.world() as world:
        names(world.manager.post("route", tasks=many(world, MOST + 1)), "tasks")


@clause("GT-ROUTE-07", "GT-ROUTE-08")
@pytest.mark.parametrize("fails", [False, True])
def test_its_steps(target: Target, fails: bool) -> None:
    """It is pending for a second, started for the next, then completed or failed."""
    end = "failed" if fails else "completed"
    with target.world() as world:
        task = task_in("cancelled" if fails else "assigned", world.manager)
        route = begun(world, [task])
        assert route["state"] == "pending"
        assert state_after(world, route, 0.999) == "pending"
        assert state_after(world, route, 0.001) == "started"
        assert state_after(world, route, 0.999) == "started"
        assert state_after(world, route, 0.001) == end
        assert state_after(world, route, 86400) == end
        assert world.manager.listed("route")[route["id"]]["state"] == end


@clause("GT-ROUTE-07")
@given(waits=st.lists(st.sampled_from([0, 0.25, 0.5, 1, 2]), max_size=8))
def test_it_never_goes_back(target: Target, waits: list[float]) -> None:
    """The state goes from pending to started to completed, and never back."""
    with target.world() as world:
        route = begun(world, [world.manager.make("task")])
        found = ["pending", *(state_after(world, route, wait) for wait in waits)]
        turns = [("pending", "started", "completed").index(state) for state in found]
        assert turns == sorted(turns)


@clause("GT-ROUTE-09")
@pytest.mark.parametrize(("seconds", "after"), [(0, 0), (1.5, 1), (2, 2), (3600, 2)])
def test_when_it_was_updated(target: Target, seconds: float, after: int) -> None:
    """updated_at is the moment of its last step."""
    with target.world() as world:
        route = begun(world, [world.manager.make("task")])
        world.advance(seconds)
        found = world.manager.shown("route", route)
        step = stored(route["created_at"]) + timedelta(seconds=after)
        assert stored(found["updated_at"]) == step
        assert found["created_at"] == route["created_at"]


@clause("GT-ROUTE-13")
@pytest.mark.parametrize("seconds", [0, 0.5, 1, 1.999])
def test_before_it_is_completed(target: Target, seconds: float) -> None:
    """As long as it is not completed positions stay as they are."""
    with target.world() as world:
        tasks = [world.manager.make("task") for _ in "ab"]
        before = positions(world.manager, tasks)
        assert state_after(world, begun(world, tasks), seconds) != "completed"
        assert positions(world.manager, tasks) == before


@clause("GT-ROUTE-13", "GT-ROUTE-15")
def test_a_task_without_a_location(target: Target) -> None:
    """It fails where a task has no location, and positions stay."""
    with target.world() as world:
        tasks = [world.manager.make("task") for _ in "ab"]
        tasks.append(world.manager.make("task", address={"city": "Tartu"}))
        before = positions(world.manager, tasks)
        assert state_after(world, begun(world, tasks), 2) == "failed"
        assert positions(world.manager, tasks) == before


@clause("GT-ROUTE-13", "GT-ROUTE-16")
@pytest.mark.parametrize("state", table(STATES, "completed"))
@pytest.mark.parametrize("late", [certain(False), True])
def test_a_task_that_has_ended(target: Target, state: str, late: bool) -> None:
    """It fails where a task is completed or cancelled by the end of it."""
    wanted = "failed" if state in ENDED else "completed"
    with target.world() as world:
        other = world.manager.make("task")
        task = task_in("assigned" if late else state, world.manager)
        before = positions(world.manager, [task, other])
        route = begun(world, [other, task])
        world.advance(1.5)
        if late and state in ENDED:
            action = "complete" if state == "completed" else "cancel"
            world.manager.act(action, task).arranged()
        assert state_after(world, route, 0.5) == (
            wanted if not late or state in ENDED else "completed"
        )
        same = positions(world.manager, [task, other]) == before
        assert same == (world.manager.shown("route", route)["state"] == "failed")


@clause("GT-ROUTE-16")
@pytest.mark.parametrize("action", ["complete", "cancel"])
def test_a_task_that_ends_afterwards(target: Target, action: str) -> None:
    """What is completed or cancelled after the end of it makes no difference."""
    with target.world() as world:
        task = task_in("assigned", world.manager)
        route = begun(world, [task])
        world.advance(5)
        world.manager.act(action, task).arranged()
        assert state_after(world, route, 5) == "completed"


@clause("GT-ROUTE-18")
@pytest.mark.parametrize("name", ["manager", "stranger"])
def test_who_is_no_worker(target: Target, name: str) -> None:
    """An assignee who is no worker of the account is refused with 400 on assignee."""
    with target.world() as world:
        person = getattr(world, name).user
        names(world.manager.post("route", assignee=person), "assignee")
        made = world.manager.make("user")["url"]
        names(world.manager.post("route", assignee=made), "assignee")
        assert world.manager.listed("route") == {}


@clause("GT-ROUTE-19")
@pytest.mark.parametrize("seconds", [0, 2])
def test_what_is_not_known(target: Target, seconds: int) -> None:
    """Locations, distance and duration of a route are null."""
    with target.world() as world:
        route = begun(world, [world.manager.make("task")])
        world.advance(seconds)
        found = world.manager.shown("route", route)
        for field in ("start_location", "end_location"):
            assert found[field] is None
        assert (found["total_distance"], found["total_duration"]) == (None, None)


@clause("GT-ROUTE-20")
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_it_cannot_be_changed(target: Target, method: str) -> None:
    """A route optimisation cannot be changed: PUT and PATCH are refused with 405."""
    with target.world() as world:
        route = begun(world, [world.manager.make("task")])
        headers, _ = world.manager.carried
        at = f"/api/tasks/route_optimizations/{route['id']}/"
        typed = (*headers, ("Content-Type", JSON))
        world.request(method, at, headers=typed, body=b"{}").refused(405)
        assert world.manager.shown("route", route) == route


@clause("GT-ROUTE-10")
def test_routes_of_whoever(target: Target) -> None:
    """Tasks need no assignee to be put in a route, nor lose the one that they have."""
    with target.world() as world:
        hand = named(world.second_worker)
        tasks = [world.manager.make("task"), world.manager.make("task", assignee=hand)]
        state_after(world, begun(world, tasks), 2)
        for task in tasks:
            found = world.manager.shown("task", task)
            assert (found["assignee"], found["state"]) == (
                task["assignee"],
                task["state"],
            )
