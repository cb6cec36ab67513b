"""Moments and places as they are sent."""

from datetime import UTC, datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.gsmtasks.laws import names
from tasktwin_contract.gsmtasks.states import task_in
from tasktwin_contract.gsmtasks.values import stored, written
from tasktwin_contract.strategies import offsets
from tasktwin_contract.target import Target

MOMENTS = ("complete_after", "complete_before", "scheduled_time", "position")
OF_TRACKER = ("active_from", "active_until")
FIRST, LAST = datetime(2001, 1, 1), datetime(2036, 1, 1)  # noqa: DTZ001 (bounds)
NO_MOMENTS = (
    "",
    "now",
    "04:51:36",
    "2015-13-08T00:00:00Z",
    "2015-02-30T00:00:00Z",
    "2015-09-08T25:00:00Z",
    "2015-09-08T00:61:00Z",
    "08.09.2015 12:00",
    "2015-09-08T00:00:00+99:00",
    "2015-09-08T00:00:00Zulu",
    "1441670400",
)
NO_PLACES: tuple[Any, ...] = (
    {},
    {"type": "Point"},
    {"coordinates": [1, 2]},
    {"type": "point", "coordinates": [1, 2]},
    {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
    {"type": "Point", "coordinates": [1]},
    {"type": "Point", "coordinates": [1, 2, 3]},
    {"type": "Point", "coordinates": ["1", "2"]},
    {"type": "Point", "coordinates": [None, 2]},
    {"type": "Point", "coordinates": [True, 2]},
    {"type": "Point", "coordinates": [180.01, 2]},
    {"type": "Point", "coordinates": [-180.5, 2]},
    {"type": "Point", "coordinates": [1, 90.001]},
    {"type": "Point", "coordinates": [1, -91]},
    [1, 2],
    "24.75,59.5",
)


def cut(moment: datetime, digits: int) -> datetime:
    """A moment to so many digits after the second."""
    step = 10 ** (6 - digits)
    return moment.replace(microsecond=moment.microsecond // step * step)


@clause("GT-FIELD-30")
@given(
    plain=st.datetimes(FIRST, LAST),
    offset=offsets() | st.just(UTC),
    digits=st.integers(0, 6),
    mark=st.sampled_from(["Z", "+00:00"]),
    field=st.sampled_from(MOMENTS),
)
def test_moments_of_tasks(
    target: Target,
    plain: datetime,
    offset: timezone,
    digits: int,
    mark: str,
    field: str,
) -> None:
    """A moment is taken with any offset and fraction; it is answered in UTC."""
    moment = plain.replace(tzinfo=offset)
    text = written(moment, digits, mark)
    early = {"complete_after": "1990-01-01T00:00:00Z"}
    with target.world() as world:
        made = world.manager.made("task", **{**early, field: text})
        assert stored(made[field]) == cut(moment, digits)
        task = world.manager.made("task", **early)
        after = world.manager.changed("task", task, **{field: text})
        assert stored(after[field]) == cut(moment, digits)


@clause("GT-FIELD-30")
@given(
    plain=st.datetimes(FIRST, LAST),
    offset=offsets(),
    digits=st.integers(0, 6),
    field=st.sampled_from(OF_TRACKER),
)
def test_moments_of_trackers(
    target: Target, plain: datetime, offset: timezone, digits: int, field: str
) -> None:
    """The window of a tracker is taken with any offset and fraction."""
    moment = plain.replace(tzinfo=offset)
    window = {
        "active_from": "1995-01-01T00:00:00Z",
        "active_until": "2095-01-01T00:00:00Z",
    }
    window[field] = written(moment, digits, "Z")
    with target.world() as world:
        made = world.manager.made("tracker", **window)
        assert stored(made[field]) == cut(moment, digits)


@clause("GT-FIELD-31")
@pytest.mark.parametrize("field", MOMENTS)
@pytest.mark.parametrize("text", NO_MOMENTS)
def test_no_moments(target: Target, field: str, text: str) -> None:
    """A text that is no moment is refused with 400 on its field."""
    with target.world() as world:
        names(world.manager.post("task", **{field: text}), field)
        task = world.manager.make("task")
        names(world.manager.put("task", task, **{field: text}), field)
        assert world.manager.shown("task", task) == task


@clause("GT-FIELD-31")
@pytest.mark.parametrize("field", OF_TRACKER)
@pytest.mark.parametrize("text", NO_MOMENTS)
def test_no_moments_of_trackers(target: Target, field: str, text: str) -> None:
    """A text that is no moment is refused with 400 on a tracker's field."""
    with target.world() as world:
        names(world.manager.post("tracker", **{field: text}), field)


def refuse(manager: Actor, noun: str, place: Any) -> None:
    """Demand that no record of that kind, and no transition, takes a location."""
    if noun == "task":
        task = manager.make("task")
        sent = {"address": {"raw_address": "x", "location": place}}
        names(manager.post("task", **sent), "address")
        names(manager.put("task", task, **sent), "address")
        assert manager.shown("task", task) == task
    elif noun == "signature":
        names(manager.post("signature", location=place), "location")
    else:
        task = task_in("assigned", manager)
        names(manager.act(noun, task, location=place), "location")
        assert manager.shown("task", task) == task


@clause("GT-FIELD-32")
@pytest.mark.parametrize("noun", ["task", "signature", "complete", "accept"])
@pytest.mark.parametrize("place", NO_PLACES, ids=str)
def test_no_places(target: Target, noun: str, place: Any) -> None:
    """A location that is no point on the earth is refused with 400 on its field."""
    with target.world() as world:
        refuse(world.manager, noun, place)


@clause("GT-FIELD-32")
@given(
    longitude=st.floats(-180, 180, allow_subnormal=False),
    latitude=st.floats(-90, 90, allow_subnormal=False),
)
def test_places(target: Target, longitude: float, latitude: float) -> None:
    """Every point on the earth is a location, and is answered as it was sent."""
    point = {"type": "Point", "coordinates": [longitude, latitude]}
    with target.world() as world:
        made = world.manager.made("task", address={"location": point})
        assert made["address"]["location"] == point
