"""Moments: as they are sent and answered, and as the server's clock has them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tasktwin_contract.clauses import clause
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.fivepm.steps import (
    added,
    both_ways,
    changed,
    lasting,
    refused_both_ways,
)
from tasktwin_contract.target import Target

WORK = ("project", "task")
STAMPED = ("project", "task", "activity")
DATED = [(noun, name) for noun in WORK for name in ("startDate", "endDate")]
DATED += [("activity", "date")]
NO_DATES = (
    "tomorrow",
    "2026-02-30",
    "2026-02-29 10:00:00",
    "2026-13-01",
    "2026-00-10",
    "2026-01-00",
    "2026-1-1",
    "26-01-01",
    "2026-01-01 24:00:00",
    "2026-01-01 10:60:00",
    "2026-01-01 10:00:60",
    "2026-01-01 10:00",
    "2026-01-01T10:00:00Z",
    "2026-01-01 10:00:00+01:00",
    "2026-01-01  10:00:00",
    "2026-01-01 10:00:00.5",
    "20260101",
    "01.02.2026",
    "1767225600",
    "0000-01-01",
    " 2026-01-01",
)
LEAP = ("2024-02-29", "2000-02-29 23:59:59", "9999-12-31 23:59:59", "1970-01-01")
FORM = "%Y-%m-%d %H:%M:%S"
FIRST, LAST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001
MOMENT = timedelta(seconds=1)


def moments() -> SearchStrategy[datetime]:
    """Moments on a second."""
    return st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(microsecond=0))


def told(moment: datetime) -> str:
    """A moment as it is answered."""
    return f"{moment.year:04}{moment.isoformat(' ')[4:]}"


def moment_of(text: Any) -> datetime:
    """The moment that an answer tells, in UTC."""
    try:
        return datetime.strptime(text, FORM).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        raise ClauseBrokenError(f"a moment as {FORM}", repr(text)) from None


@clause("FP-VALUE-03")
@given(field=st.sampled_from(DATED), moment=moments())
def test_how_moments_are_answered(
    target: Target, field: tuple[str, str], moment: datetime
) -> None:
    """A dateTime is answered as YYYY-MM-DD HH:MM:SS."""
    noun, name = field
    with target.world() as world:
        for shown in both_ways(world.admin, noun, **{name: told(moment)}):
            assert shown[name] == told(moment)
            assert moment_of(shown["createdAt"]) <= moment_of(shown["updatedAt"])


@clause("FP-VALUE-16")
@given(field=st.sampled_from(DATED), moment=moments())
def test_how_moments_are_sent(
    target: Target, field: tuple[str, str], moment: datetime
) -> None:
    """A dateTime may be sent with a blank, with a T, or without a time: midnight."""
    (noun, name), text = field, told(moment)
    with target.world() as world:
        number = added(world.admin, noun, **{name: text.replace(" ", "T")})["id"]
        assert world.admin.shown(noun, number)[name] == text
        day = changed(world.admin, noun, number, **{name: text[:10]})
        assert day[name] == f"{text[:10]} 00:00:00"
        assert changed(world.admin, noun, number, **{name: text})[name] == text


@clause("FP-VALUE-16")
@pytest.mark.parametrize("text", LEAP)
def test_days_at_the_edge(target: Target, text: str) -> None:
    """A day is one of the calendar, leap days too."""
    with target.world() as world:
        for shown in both_ways(world.admin, "project", startDate=text):
            assert shown["startDate"] == f"{text} 00:00:00"[:19]


@clause("FP-VALUE-17")
@pytest.mark.parametrize(("noun", "name"), DATED)
@pytest.mark.parametrize("text", NO_DATES)
def test_no_moments(target: Target, noun: str, name: str, text: str) -> None:
    """Any other text for a dateTime, and a day that no calendar has, is 400."""
    with target.world() as world:
        refused_both_ways(world.admin, noun, 400, **{name: text})


@clause("FP-VALUE-22")
@given(noun=st.sampled_from(STAMPED), later=st.integers(0, 10**7))
def test_the_servers_clock(target: Target, noun: str, later: int) -> None:
    """createdAt and updatedAt are the server's clock, in UTC."""
    with target.world() as world:
        now = world.freeze().replace(microsecond=0)
        world.advance(later)
        shown = added(lasting(world.admin), noun)
        for name in ("createdAt", "updatedAt"):
            gone = moment_of(shown[name]) - now
            assert abs(gone - timedelta(seconds=later)) <= MOMENT


@clause("FP-VALUE-23")
@given(
    noun=st.sampled_from(STAMPED),
    waits=st.lists(st.integers(-100, 100), min_size=1, max_size=4),
)
def test_updates_move_on(target: Target, noun: str, waits: list[int]) -> None:
    """updatedAt never decreases and moves with every update; createdAt stays."""
    with target.world() as world:
        world.freeze()
        first = before = added(world.admin, noun)
        word = "text" if noun == "activity" else "description"
        for seconds in waits:
            world.advance(seconds)
            after = changed(world.admin, noun, first["id"], **{word: f"{seconds}"})
            assert after["createdAt"] == first["createdAt"]
            assert after["createdAt"] <= after["updatedAt"]
            assert after["updatedAt"] >= before["updatedAt"]
            before = after


@clause("FP-VALUE-23")
@pytest.mark.parametrize("noun", STAMPED)
def test_an_update_moves_on(target: Target, noun: str) -> None:
    """updatedAt is the moment of the last update."""
    with target.world() as world:
        world.freeze()
        before = added(world.admin, noun)
        for _ in "abc":
            world.advance(7)
            after = changed(world.admin, noun, before["id"], notifyClient=1)
            gone = moment_of(after["updatedAt"]) - moment_of(before["updatedAt"])
            assert gone == timedelta(seconds=7)
            before = after
