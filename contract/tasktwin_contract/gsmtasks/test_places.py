"""Where a task is: what is found out of its address."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.gsmtasks.changes import (
    PLACE,
    WHOLE_ADDRESS,
)
from tasktwin_contract.gsmtasks.tasks import both_ways
from tasktwin_contract.gsmtasks.values import texts
from tasktwin_contract.target import Target


@clause("GT-TASK-15")
@given(raw=texts)
def test_a_place_is_found(target: Target, raw: str) -> None:
    """With raw_address alone a task gets a formatted address and a location."""
    with target.world() as world:
        for task in both_ways(world, address={"raw_address": raw}):
            address = task["address"]
            assert address["raw_address"] == raw
            assert address["formatted_address"]
            assert address["location"]["type"] == "Point"
            longitude, latitude = address["location"]["coordinates"]
            assert abs(longitude) <= 180
            assert abs(latitude) <= 90


@clause("GT-TASK-16")
@given(raws=st.lists(texts, min_size=2, max_size=4, unique_by=str.casefold))
def test_where_a_place_is(target: Target, raws: list[str]) -> None:
    """The same raw_address has the same location each time, another one another."""
    with target.world() as world:
        found = []
        for raw in raws:
            tasks = both_ways(world, address={"raw_address": raw})
            one, other = (str(task["address"]["location"]) for task in tasks)
            assert one == other
            found.append(one)
        assert len(set(found)) == len(raws)


@clause("GT-TASK-17")
@pytest.mark.parametrize(
    "kept", [["location"], ["formatted_address"], ["location", "formatted_address"]]
)
def test_a_place_that_was_sent(target: Target, kept: list[str]) -> None:
    """The location and formatted_address that are sent with an address are kept."""
    known: dict[str, Any] = {"location": PLACE, "formatted_address": "Somewhere else"}
    sent = {name: known[name] for name in kept}
    with target.world() as world:
        address = {"raw_address": "Pikk 3", **sent}
        for task in both_ways(world, address=address):
            assert {name: task["address"][name] for name in kept} == sent
        for task in both_ways(world, address=WHOLE_ADDRESS):
            assert task["address"] == WHOLE_ADDRESS


@clause("GT-TASK-18")
@pytest.mark.parametrize(
    "address",
    [{"raw_address": ""}, {"city": "Tartu"}, {"notes": "x", "street": "Pikk"}],
)
def test_nowhere(target: Target, address: dict[str, str]) -> None:
    """An address with neither raw_address nor location has none, and is an issue."""
    with target.world() as world:
        for task in both_ways(world, address=address):
            assert task["address"]["location"] is None
            assert task["issues"]


@clause("GT-TASK-18", "GT-TASK-19")
@pytest.mark.parametrize("found", [{"raw_address": "Pikk 3"}, {"location": PLACE}])
def test_issues_come_and_go(target: Target, found: dict[str, Any]) -> None:
    """A task whose address has a location lists no issue, even if it did before."""
    with target.world() as world:
        task = world.manager.made("task", address=found)
        assert task["issues"] == []
        after = world.manager.changed("task", task, address={"city": "Tartu"})
        assert after["issues"]
        world.manager.changed("task", task, description="x")
        assert world.manager.shown("task", task)["issues"]
        assert world.manager.changed("task", task, address=found)["issues"] == []
