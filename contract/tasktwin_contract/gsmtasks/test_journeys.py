"""The routes that are found, as properties."""

from math import asin, cos, radians, sin, sqrt

from hypothesis import example, given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.gsmtasks.routes import (
    Place,
    begun,
    in_route,
    laid_out,
    located,
    positions,
    state_after,
)
from tasktwin_contract.target import Target

places = st.tuples(st.integers(-1790, 1790), st.integers(-890, 890)).map(
    lambda pair: (pair[0] / 10, pair[1] / 10)
)
steps = st.tuples(
    places,
    st.sampled_from(["assignment", "pick_up", "drop_off"]),
    st.integers(0, 2),
)
jobs = st.lists(steps, min_size=2, max_size=7, unique_by=lambda step: step[0])


def distance(one: Place, other: Place) -> float:
    """How far apart two places are, by the great circle of a ball of radius 1."""
    east, north, far_east, far_north = map(radians, (*one, *other))
    height = sin((far_north - north) / 2) ** 2
    width = cos(north) * cos(far_north) * sin((far_east - east) / 2) ** 2
    return 2 * asin(min(1.0, sqrt(height + width)))


FAR_PICK_UP = [
    ((0.0, 60.0), "assignment", 0),
    ((0.1, 60.0), "drop_off", 1),
    ((3.0, 60.0), "pick_up", 1),
]
"""The way to the pick_up goes past its drop_off."""


@clause("GT-ROUTE-10", "GT-ROUTE-11")
@given(wanted=jobs)
@example(wanted=FAR_PICK_UP)
def test_pick_ups_come_first(
    target: Target, wanted: list[tuple[Place, str, int]]
) -> None:
    """Positions sort the tasks, every pick_up before the drop_offs of its order."""
    with target.world() as world:
        tasks = laid_out(world.manager, wanted)
        before = positions(world.manager, tasks)
        assert state_after(world, begun(world, tasks), 2) == "completed"
        route = in_route(world.manager, tasks)
        assert positions(world.manager, tasks) != before
        for turn in route:
            _, kind, order = wanted[turn]
            late = route[: route.index(turn)] if kind == "pick_up" and order else []
            assert not [t for t in late if wanted[t][1:] == ("drop_off", order)]


FAR_NORTH = [
    ((0.0, 60.0), "assignment", 0),
    ((0.0, 62.0), "assignment", 0),
    ((3.0, 60.0), "assignment", 0),
]
"""Three degrees to the east are there nearer than two to the north."""


@clause("GT-ROUTE-12", "GT-ROUTE-11")
@given(wanted=jobs)
@example(wanted=FAR_NORTH)
def test_the_nearest_is_next(
    target: Target, wanted: list[tuple[Place, str, int]]
) -> None:
    """It begins with the first that may come first, and goes on to the nearest."""
    with target.world() as world:
        tasks = laid_out(world.manager, wanted)
        state_after(world, begun(world, tasks), 2)
        route = in_route(world.manager, tasks)
        left = list(range(len(tasks)))
        here: Place | None = None
        for turn in route:
            free = [one for one in left if not waits(wanted, one, left)]
            if here is None:
                assert turn == free[0], f"the first is {turn}, not {free[0]}"
            else:
                gaps = {one: distance(here, wanted[one][0]) for one in free}
                assert gaps[turn] <= min(gaps.values()) + 1e-9
            left.remove(turn)
            here = wanted[turn][0]


def waits(wanted: list[tuple[Place, str, int]], turn: int, left: list[int]) -> bool:
    """Whether a task has to wait for a pick-up of its order that is still left."""
    _, kind, order = wanted[turn]
    if kind != "drop_off" or not order:
        return False
    return any(wanted[one][1:] == ("pick_up", order) for one in left)


@clause("GT-ROUTE-14")
@given(wanted=jobs, number=st.integers(1, 3))
def test_other_tasks_stay(
    target: Target, wanted: list[tuple[Place, str, int]], number: int
) -> None:
    """The positions of tasks that are not in it stay as they are."""
    with target.world() as world:
        tasks = laid_out(world.manager, wanted)
        number = min(number, len(tasks) - 1)
        before = positions(world.manager, tasks[:number])
        state_after(world, begun(world, tasks[number:]), 2)
        assert positions(world.manager, tasks[:number]) == before


@clause("GT-ROUTE-17")
@given(
    wanted=jobs,
    looks=st.lists(
        st.tuples(
            st.sampled_from(["manager", "worker", "both"]),
            st.sampled_from(["route", "task"]),
            st.sampled_from([0.5, 1, 1.5]),
        ),
        max_size=5,
    ),
    change=st.booleans(),
)
def test_looking_makes_no_difference(
    target: Target,
    wanted: list[tuple[Place, str, int]],
    looks: list[tuple[str, str, float]],
    change: bool,
) -> None:
    """What it comes to does not depend on who looks at it, or when."""
    with target.world() as world:
        tasks = laid_out(world.manager, wanted)
        route = begun(world, tasks)
        with target.copy(world) as twin:
            twin.freeze()
            for name, noun, seconds in looks:
                twin.advance(seconds)
                getattr(twin, name).query(noun).expect(200)
            world.advance(sum(seconds for _, _, seconds in looks) + 9)
            twin.advance(9)
            if change:
                for one in (world, twin):
                    one.manager.changed("task", tasks[0], description="later")
            ends = [one.manager.shown("route", route)["state"] for one in (world, twin)]
            assert ends[0] == ends[1]
            assert positions(world.manager, tasks) == positions(twin.manager, tasks)


@clause("GT-ROUTE-17")
def test_a_change_after_its_end(target: Target) -> None:
    """A change after its end does not count, though nobody looked before it."""
    far: list[tuple[Place, str, int]] = [
        ((0, 0), "assignment", 0),
        ((10, 0), "assignment", 0),
        ((20, 0), "assignment", 0),
    ]
    with target.world() as world:
        tasks = laid_out(world.manager, far)
        begun(world, tasks)
        world.advance(10)
        world.manager.changed("task", tasks[1], address=located((90, 0)))
        assert in_route(world.manager, tasks) == [0, 1, 2]


@clause("GT-ROUTE-17", "GT-ROUTE-12")
def test_a_change_before_its_end(target: Target) -> None:
    """A change before its end does count."""
    near: list[tuple[Place, str, int]] = [
        ((0, 0), "assignment", 0),
        ((10, 0), "assignment", 0),
        ((20, 0), "assignment", 0),
    ]
    with target.world() as world:
        tasks = laid_out(world.manager, near)
        begun(world, tasks)
        world.advance(1.5)
        world.manager.changed("task", tasks[1], address=located((90, 0)))
        world.advance(1)
        assert in_route(world.manager, tasks) == [0, 2, 1]
