"""The time of a world."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tasktwin_mockserver.clock import LATEST, MICROSECONDS, Clock

MOMENTS = st.integers(0, LATEST - 1)
STEPS = st.integers(-(10**15), 10**15)


@given(moment=MOMENTS)
def test_a_frozen_clock_stands(moment: int) -> None:
    """A frozen clock shows its moment, however often it is looked at."""
    clock = Clock().set(moment, frozen=True)
    assert {clock.now() for _ in range(5)} == {moment}


@given(moment=MOMENTS, steps=st.lists(STEPS, max_size=5))
def test_a_frozen_clock_is_turned_exactly(moment: int, steps: list[int]) -> None:
    """What a frozen clock is turned by adds up to the microsecond, forth and back."""
    clock = Clock().set(moment, frozen=True)
    for step in steps:
        clock = clock.advance(step)
    assert clock.now() == moment + sum(steps)


@given(moment=MOMENTS)
def test_a_clock_runs_on_from_what_it_is_set_to(moment: int) -> None:
    """A clock that runs shows what it was set to, and then more, never less."""
    before = Clock().now()
    clock = Clock().set(moment, frozen=False)
    first, second = clock.now(), clock.now()
    assert moment <= first <= second <= moment + Clock().now() - before


@given(step=STEPS)
def test_a_running_clock_is_turned(step: int) -> None:
    """A running clock that is turned runs on, that much away from the machine's."""
    clock = Clock().advance(step)
    before, turned, after = Clock().now(), clock.now(), Clock().now()
    assert before <= turned - step <= after
    assert clock.frozen is None


def test_turning_a_clock_makes_another() -> None:
    """A clock is part of a world's state, so the one in a snapshot never moves."""
    clock = Clock(frozen=1)
    clock.advance(1)
    clock.set(5, frozen=True)
    assert clock == Clock(frozen=1)


def test_clocks_show_the_machines_time() -> None:
    """A clock that nobody has set shows the machine's time."""
    before = datetime.now(UTC)
    shown = datetime.fromtimestamp(Clock().now() / MICROSECONDS, UTC)
    assert abs((shown - before).total_seconds()) < 3600
