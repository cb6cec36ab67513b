"""The instances of recurring items: completing one, and what is shown of them."""

from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.deltas import delta, listed
from tasktwin_contract.hitask.events import read, unread
from tasktwin_contract.hitask.instances import (
    DAILY,
    DAY,
    WEEKLY,
    finish,
    recurring,
    shown,
    soon,
    text,
)
from tasktwin_contract.hitask.levels import entry
from tasktwin_contract.hitask.steps import instant, milliseconds, update
from tasktwin_contract.reply import Object
from tasktwin_contract.rows import certain
from tasktwin_contract.strategies import offsets
from tasktwin_contract.target import Target


def _changed(before: Object, after: Object) -> set[str]:
    return {name for name in {*before, *after} if before[name] != after[name]}


@clause("HT-RECUR-01")
@pytest.mark.parametrize("kind", [DAILY, WEEKLY])
def test_the_shape_of_instances(target: Target, kind: int) -> None:
    """An instance has the item's id, a status of 0 or 1, start_date and the moment."""
    with target.world() as world:
        start = soon()
        item = recurring(world.owner, kind, start)
        finish(world.owner, item, start).expect(200)
        rows = world.owner.items()[item["id"]]["instances"]
        assert isinstance(rows, list)
        for row in rows:
            assert row["task_id"] == item["id"]
            assert row["status"] in (0, 1)
            assert isinstance(row["start_date"], str)
            assert instant(row["start_date_time"]), f"{row['start_date_time']!r}"
        assert len(rows) == 1, f"the instances are {rows}"


@clause("HT-RECUR-02")
@pytest.mark.parametrize("via", ["form", "json"])
def test_one_instance_is_completed(target: Target, via: str) -> None:
    """completed with instance_date_time completes that instance alone."""
    with target.world() as world:
        start = soon()
        owner = world.owner.using(via=via)
        item = recurring(owner, DAILY, start)
        moment = start + 2 * DAY
        answer = finish(owner, item, moment).expect(200)
        assert not answer["completed"]
        assert not owner.items()[item["id"]]["completed"]
        assert shown(owner, item) == {moment: 1}


@clause("HT-RECUR-03")
@given(days=st.sets(st.integers(0, 400), min_size=1, max_size=4))
@example(days={360, 367})
def test_instances_of_the_coming_year(target: Target, days: set[int]) -> None:
    """instances has the completed ones of the coming year, and no others."""
    with target.world() as world:
        start = soon().astimezone(timezone(timedelta(hours=5)))
        item = recurring(world.owner, DAILY, start)
        for day in days:
            finish(world.owner, item, start + day * DAY).arranged()
        due = {start + day * DAY: 1 for day in sorted(days) if day <= 360}
        found = shown(world.owner, item)
        unsure = {start + day * DAY for day in range(361, 367)}
        assert {m: s for m, s in found.items() if m not in unsure} == due
        for row in world.owner.items()[item["id"]]["instances"] or []:
            assert row["start_date"] == row["start_date_time"][:10]
            assert row["start_date_time"][-6:] == "+05:00"


@clause("HT-RECUR-03")
def test_instances_that_have_passed(target: Target) -> None:
    """What has passed is not shown, nor is anything that is as the item is."""
    with target.world() as world:
        start = soon(-10)
        item = recurring(world.owner, DAILY, start)
        assert shown(world.owner, item) == {}
        for days in (0, 5, 20):
            finish(world.owner, item, start + days * DAY).expect(200)
        assert shown(world.owner, item) == {start + 20 * DAY: 1}


@clause("HT-RECUR-04")
def test_an_instance_is_taken_back(target: Target) -> None:
    """completed false with instance_date_time takes the completing back."""
    with target.world() as world:
        start = soon()
        item = recurring(world.owner, DAILY, start)
        for days in (1, 2):
            finish(world.owner, item, start + days * DAY).arranged()
        finish(world.owner, item, start + DAY, False).expect(200)
        assert shown(world.owner, item) == {start + 2 * DAY: 1}
        finish(world.owner, item, start + DAY).expect(200)
        assert shown(world.owner, item) == {start + DAY: 1, start + 2 * DAY: 1}


@clause("HT-RECUR-05")
@pytest.mark.parametrize(
    ("fields", "away"),
    [
        ({"recurring": 1}, -DAY),
        certain({"recurring": 1}, timedelta(milliseconds=1)),
        ({"recurring": 1}, timedelta(hours=12)),
        ({"recurring": 2}, DAY),
        ({"recurring": 1, "recurring_interval": 3}, 2 * DAY),
        ({"recurring": 0}, timedelta()),
        ({"recurring": 0}, DAY),
        ({"recurring": 1, "start_date": None}, timedelta()),
        ({"recurring": 2, "start_date": None}, 7 * DAY),
    ],
)
def test_where_there_is_no_instance(
    target: Target, fields: dict[str, Any], away: timedelta
) -> None:
    """A moment at which the item has no instance is refused with 400 and code 6."""
    with target.world() as world:
        start = soon()
        item = world.owner.item(**{"start_date": text(start), **fields})
        before = world.owner.items()
        for completed in (True, False):
            reply = finish(world.owner, item, start + away, completed, color=3)
            reply.refused(400, 6)
        assert world.owner.items() == before


@clause("HT-RECUR-05")
def test_the_rule_of_the_same_request_counts(target: Target) -> None:
    """An instance has to be one of the item as the request makes it."""
    with target.world() as world:
        start = soon()
        item = recurring(world.owner, WEEKLY, start)
        finish(world.owner, item, start + DAY, recurring=1).expect(200)
        assert shown(world.owner, item) == {start + DAY: 1}
        finish(world.owner, item, start + 2 * DAY, recurring=2).refused(400, 6)


@clause("HT-RECUR-10")
def test_time_alone_changes_instances(target: Target) -> None:
    """What has passed goes from instances, what is near comes, and nothing is told."""
    with target.world() as world:
        now = world.freeze().replace(microsecond=0)
        start, far = now + DAY, now + 368 * DAY
        item = recurring(world.owner, DAILY, start)
        for moment in (start, far):
            finish(world.owner, item, moment).arranged()
        before = listed(world.owner)
        assert shown(world.owner, item) == {start: 1}
        world.advance(2 * DAY.total_seconds())
        assert shown(world.owner, item) == {}
        world.advance(2 * DAY.total_seconds())
        assert shown(world.owner, item) == {far: 1}
        after = listed(world.owner)
        assert after.cursor == before.cursor
        assert delta(world.owner, before.cursor).changed == {}
        changed = _changed(before.items[item["id"]], after.items[item["id"]])
        assert changed == {"instances"}


@clause("HT-RECUR-11")
def test_an_instance_is_the_items_own(target: Target) -> None:
    """Completing an instance moves version and stamp, and is told as a change."""
    with target.world() as world:
        start = soon()
        item = recurring(
            world.owner,
            DAILY,
            start,
            assignee=world.member.number,
            permissions=[entry(world.member, 50)],
        )
        for completed in (True, False):
            read(world.member, item)
            old, cursor = world.owner.items()[item["id"]], listed(world.member).cursor
            finish(world.owner, item, start, completed).arranged()
            new = delta(world.member, cursor).changed[item["id"]]
            assert new["version"] > old["version"]
            assert milliseconds(new["time_last_update"]) > cursor
            assert unread(world.member, item) == 2


@clause("HT-RECUR-11")
def test_what_is_so_already_is_no_change(target: Target) -> None:
    """Completing a completed instance, or taking none back, changes nothing."""
    with target.world() as world:
        start = soon()
        item = recurring(world.owner, DAILY, start)
        for completed in (False, True):
            finish(world.owner, item, start, completed).arranged()
            before = world.owner.items()
            finish(world.owner, item, start, completed).expect(200)
            assert world.owner.items() == before


@clause("HT-RECUR-12")
@pytest.mark.parametrize("level", [10, 40, certain(50), 60, 100])
def test_who_completes_instances(target: Target, level: int) -> None:
    """Whoever has 50 or more completes an instance, and whoever has less does not."""
    with target.world() as world:
        start = soon()
        rows = [entry(world.member, level)]
        item = recurring(world.owner, DAILY, start, permissions=rows)
        done = finish(world.member, item, start).status == 200
        assert done is (level >= 50)
        assert shown(world.owner, item) == ({start: 1} if done else {})


@clause("HT-RECUR-13")
@given(first=offsets(), second=offsets())
def test_moments_in_any_offset(
    target: Target, first: timezone, second: timezone
) -> None:
    """An instance is named by its moment, in whatever offset that is written."""
    with target.world() as world:
        start = soon()
        item = recurring(world.owner, DAILY, start.astimezone(first))
        moment = start + DAY
        finish(world.owner, item, moment.astimezone(second)).expect(200)
        assert shown(world.owner, item) == {moment: 1}
        finish(world.owner, item, moment.astimezone(first), False).expect(200)
        assert shown(world.owner, item) == {}


@clause("HT-RECUR-14")
def test_a_moment_alone_changes_nothing(target: Target) -> None:
    """instance_date_time without completed changes nothing."""
    with target.world() as world:
        start = soon()
        item = recurring(world.owner, DAILY, start)
        before = world.owner.items()
        update(world.owner, item, instance_date_time=text(start)).expect(200)
        assert world.owner.items() == before


@clause("HT-RECUR-14")
def test_an_instance_cascades_nowhere(target: Target) -> None:
    """cascade with instance_date_time completes nothing else."""
    with target.world() as world:
        start = soon()
        item = recurring(world.owner, DAILY, start)
        below = world.owner.item(parent=item["id"])
        finish(world.owner, item, start, cascade=True).expect(200)
        assert not world.owner.items()[below["id"]]["completed"]
        assert shown(world.owner, item) == {start: 1}


@clause("HT-RECUR-16")
def test_instances_of_what_is_completed(target: Target) -> None:
    """Of what is completed as a whole, what was taken back alone has status 0."""
    with target.world() as world:
        start = soon()
        item = recurring(world.owner, DAILY, start)
        finish(world.owner, item, start).arranged()
        update(world.owner, item, completed=True).arranged()
        assert shown(world.owner, item) == {}
        finish(world.owner, item, start + DAY, False).expect(200)
        assert world.owner.items()[item["id"]]["completed"]
        assert shown(world.owner, item) == {start + DAY: 0}
