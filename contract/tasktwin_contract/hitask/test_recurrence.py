"""When recurring items take place."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.instances import (
    DAILY,
    DAY,
    MONTHLY,
    WEEKLY,
    YEARLY,
    finish,
    holds,
    recurring,
    shown,
    soon,
    text,
)
from tasktwin_contract.hitask.steps import FIELDS, update
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target

BOUNDS = FIELDS["recurring_interval"]["x-tasktwin-bounds"]
FIRST = datetime(2030, 1, 7, 10, 30, tzinfo=timezone(timedelta(hours=2)))  # a Monday
HOUR = timedelta(hours=1)


def on(day: str) -> datetime:
    """The time of the first instance on another day."""
    return datetime.combine(datetime.fromisoformat(day), FIRST.timetz())


def later(kind: int, periods: int, first: datetime = FIRST) -> datetime:
    """So many days, weeks, months or years after `first`."""
    if kind in (DAILY, WEEKLY):
        return first + periods * {DAILY: 1, WEEKLY: 7}[kind] * DAY
    months = first.month - 1 + periods * {MONTHLY: 1, YEARLY: 12}[kind]
    return first.replace(year=first.year + months // 12, month=months % 12 + 1)


@clause("HT-RECUR-06")
@example(kind=MONTHLY, ninth=9, first=FIRST, named="start_date")  # over two years
@given(
    kind=st.sampled_from([DAILY, WEEKLY, MONTHLY, YEARLY]),
    ninth=st.integers(1, 9),
    first=st.integers(0, 20).map(lambda days: FIRST + days * DAY),
    named=st.sampled_from(["start_date", "end_date", "due_date"]),
)
def test_instances_have_the_interval_between_them(
    target: Target, kind: int, ninth: int, first: datetime, named: str
) -> None:
    """Instances follow at the same time, recurring_interval periods apart."""
    interval = max(2, BOUNDS[str(kind)][1] * ninth // 9)
    with target.world() as world:
        rule = {"recurring": kind, "recurring_interval": interval}
        item = world.owner.item(**rule, **{named: text(first)})
        for periods in (0, interval, 3 * interval):
            due = later(kind, periods, first)
            assert holds(world.owner, item, due), f"one is at {due}"
            assert not holds(world.owner, item, due + HOUR), f"none after {due}"
        for periods in (1, interval - 1, interval + 1):
            moment = later(kind, periods, first)
            wrong = moment != later(kind, interval, first)
            assert holds(world.owner, item, moment) is not wrong, f"none at {moment}"


@clause("HT-RECUR-06")
@pytest.mark.parametrize("kind", [DAILY, WEEKLY, MONTHLY, YEARLY])
def test_instances_follow_each_other(target: Target, kind: int) -> None:
    """Without an interval there is an instance every day, week, month or year."""
    with target.world() as world:
        item = recurring(world.owner, kind, FIRST)
        for periods in (1, 2, 3, 30):
            due = later(kind, periods)
            assert holds(world.owner, item, due), f"one is at {due}"
            others = [due + HOUR, *([due + DAY] if kind != DAILY else [])]
            for moment in others:
                assert not holds(world.owner, item, moment), f"none is at {moment}"


@clause("HT-RECUR-06")
def test_start_date_counts_over_end_date(target: Target) -> None:
    """Where there are both, the instances are at start_date's time."""
    with target.world() as world:
        end = FIRST + 2 * HOUR
        item = recurring(world.owner, DAILY, FIRST, end_date=text(end))
        assert holds(world.owner, item, FIRST + DAY)
        assert not holds(world.owner, item, end + DAY)


RULES: list[Any] = [
    (WEEKLY, [("BYDAY", "MO,WE")], ["2030-01-09", "2030-01-14"], ["2030-01-10"]),
    (WEEKLY, [("BYDAY", ["TU", "SU"])], ["2030-01-13"], ["2030-01-14"]),
    (DAILY, [("BYDAY", "SA,SU")], ["2030-01-12"], ["2030-01-11"]),
    certain(MONTHLY, [("BYDAY", "2TU")], ["2030-02-12"], ["2030-02-05", "2030-02-19"]),
    (MONTHLY, [("BYDAY", "-1FR")], ["2030-02-22"], ["2030-02-15"]),
    (MONTHLY, [("BYMONTHDAY", [1, -1])], ["2030-02-28", "2030-03-01"], ["2030-03-07"]),
    (MONTHLY, [("BYMONTHDAY", "15")], ["2030-02-15"], ["2030-02-07"]),
    (MONTHLY, [("BYMONTH", "5,6")], ["2030-05-07"], ["2030-04-07", "2030-05-08"]),
    (DAILY, [("BYMONTH", [2])], ["2030-02-03"], ["2030-01-08", "2030-03-01"]),
    (YEARLY, [("BYYEARDAY", [100, -1])], ["2030-04-10", "2030-12-31"], ["2031-01-07"]),
    (YEARLY, [("BYWEEKNO", "20")], ["2030-05-13"], ["2030-05-14", "2031-01-07"]),
    (YEARLY, [("BYMONTH", [3])], ["2031-03-07"], ["2031-01-07", "2031-03-08"]),
    (
        YEARLY,
        [("BYMONTH", [5]), ("BYDAY", ["2SU"])],
        ["2030-05-12", "2031-05-11"],
        ["2030-05-05", "2030-06-09"],
    ),
]


@clause("HT-RECUR-07")
@pytest.mark.parametrize(("kind", "rules", "days", "others"), RULES)
def test_days_by_rule(
    target: Target,
    kind: int,
    rules: list[tuple[str, Any]],
    days: list[str],
    others: list[str],
) -> None:
    """recurring_by names the days of a recurrence."""
    sent = [{"type": name, "values": values} for name, values in rules]
    with target.world() as world:
        item = recurring(world.owner, kind, FIRST, recurring_by=sent)
        for day in days:
            assert holds(world.owner, item, on(day)), f"one is on {day}"
        for day in others:
            assert not holds(world.owner, item, on(day)), f"none is on {day}"


@clause("HT-RECUR-07")
def test_rules_keep_to_the_interval(target: Target) -> None:
    """With recurring_by too, only every so many weeks or months have instances."""
    by_day = [{"type": "BYDAY", "values": "MO,SU"}]
    wednesday = FIRST + 2 * DAY  # weeks begin on Mondays all the same
    with target.world() as world:
        fields = {"recurring_by": by_day, "recurring_interval": 2}
        item = recurring(world.owner, WEEKLY, wednesday, **fields)
        for day, due in (
            ("2030-01-07", False),
            ("2030-01-13", True),
            ("2030-01-14", False),
            ("2030-01-20", False),
            ("2030-01-21", True),
            ("2030-01-27", True),
            ("2030-01-28", False),
        ):
            assert holds(world.owner, item, on(day)) is due, f"{day}"


@clause("HT-RECUR-08")
@pytest.mark.parametrize(
    ("kind", "first", "days", "others"),
    [
        (MONTHLY, "2030-01-31", ["2030-03-31", "2030-05-31"], ["02-28", "03-01"]),
        (MONTHLY, "2030-01-30", ["2030-03-30"], ["02-28", "03-01", "03-02"]),
        (YEARLY, "2032-02-29", ["2036-02-29"], ["03-01", "02-28"]),
    ],
)
def test_days_that_some_periods_lack(
    target: Target, kind: int, first: str, days: list[str], others: list[str]
) -> None:
    """A month or year that does not have the first instance's day has none."""
    with target.world() as world:
        item = recurring(world.owner, kind, on(first))
        for day in days:
            assert holds(world.owner, item, on(day)), f"one is on {day}"
        year = on(first).year + (kind == YEARLY)
        for day in others:
            assert not holds(world.owner, item, on(f"{year}-{day}")), f"{day}"


@clause("HT-RECUR-09")
def test_the_end_of_a_recurrence(target: Target) -> None:
    """recurring_end_date is the last moment at which an instance may be."""
    with target.world() as world:
        end = FIRST + 10 * DAY
        item = recurring(world.owner, DAILY, FIRST, recurring_end_date=text(end))
        assert holds(world.owner, item, end), "the last one"
        assert not holds(world.owner, item, end + DAY), "none after the end"
        before = text(end - HOUR)
        update(world.owner, item, recurring_end_date=before).arranged()
        assert not holds(world.owner, item, end), "the end has come nearer"
        assert holds(world.owner, item, end - DAY)


@clause("HT-RECUR-15")
def test_instances_that_are_none_any_more(target: Target) -> None:
    """What the rule no longer has is not shown, and is again when it has it."""
    with target.world() as world:
        start = soon()
        item = recurring(world.owner, DAILY, start)
        moments = [start + days * DAY for days in (1, 2)]
        for moment in moments:
            finish(world.owner, item, moment).arranged()
        for fields, left in (
            ({"recurring_interval": 2}, moments[1:]),
            ({"recurring_interval": 1}, moments),
            ({"recurring": 0}, []),
            ({"recurring": 1}, moments),
            ({"recurring_end_date": text(moments[0])}, moments[:1]),
            ({"recurring_end_date": "", "start_date": text(start + HOUR)}, []),
        ):
            update(world.owner, item, **fields).arranged()
            assert [*shown(world.owner, item)] == left, f"after {fields}"


@clause("HT-RECUR-17")
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("BYDAY", [1, 3]),
        ("BYDAY", "Monday"),
        ("BYDAY", "0MO"),
        ("BYMONTH", "13"),
        ("BYMONTH", [-1, 0]),
        ("BYMONTHDAY", [32, "x"]),
        ("BYYEARDAY", {"a": 1}),
        ("BYWEEKNO", None),
        ("BYWEEKNO", [[1]]),
        ("BYYEARDAY", True),
    ],
)
def test_rules_that_cannot_be_read(target: Target, name: str, values: Any) -> None:
    """What cannot be read leaves the recurrence as if it were not there."""
    rule = [{"type": name, "values": values}]
    with target.world() as world:
        item = recurring(world.owner, WEEKLY, FIRST, recurring_by=rule)
        assert holds(world.owner, item, FIRST + 7 * DAY)
        assert not holds(world.owner, item, FIRST + DAY)
