"""Filters: an answer is those of the whole for which they hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.fivepm.boards import Board, Plan, plans, planted
from tasktwin_contract.fivepm.cast import entries
from tasktwin_contract.fivepm.filters import FILTERS, Whole, values
from tasktwin_contract.fivepm.steps import lasting, new
from tasktwin_contract.target import Target

LISTS = ("project", "task", "activity")
EVERY = [(noun, name) for noun in LISTS for name in FILTERS[noun]]
DAY = 86400
WRONG = {
    "groupId": "x",
    "ownerId": "x",
    "assignedTo": "1,2",
    "active": "yes",
    "hide_old_object_period": "-1",
    "hide_non_active": "x",
    "projectId": "1.5",
    "parentId": "x",
    "taskId": "x",
    "type": "message",
    "startedFrom": "x",
    "startedBefore": "2026-02-30",
    "deadlineFrom": "2026-13-01",
    "deadlineBefore": "1",
    "createdFrom": "now",
    "createdBefore": "2026-01-01 25:00:00",
    "updatedFrom": "yesterday",
    "updatedBefore": "01.02.2026",
    "progressLessThan": "half",
    "progressMoreThan": "x",
}


def agrees(board: Board, whole: Whole, noun: str, filters: dict[str, Any]) -> None:
    """Demand that a list holds what the filters leave of the whole, and counts it."""
    expected = [item["id"] for item in whole.left(noun, filters)]
    reply = board.admin.page(noun, **filters).expect(200)
    shown = [item["id"] for item in entries(reply)]
    assert shown == expected, f"{noun} filtered by {filters}"
    assert (reply["count"], reply["total"]) == (len(expected), len(expected))


@clause("FP-LIST-13", "FP-LIST-40")
@given(plan=plans(), noun=st.sampled_from(LISTS), data=st.data())
def test_each_filter(
    target: Target, plan: Plan, noun: str, data: st.DataObject
) -> None:
    """The answer to a filter is those of the whole list for which it holds."""
    with target.world() as world:
        board = planted(world, plan)
        whole = Whole(board)
        for name in FILTERS[noun]:
            value = data.draw(st.sampled_from(values(whole, noun, name)))
            with judging("FP-LIST-13"):
                assert {*board.admin.listed(noun, **{name: value})} <= {
                    *whole.all[noun]
                }
            agrees(board, whole, noun, {name: value})


@clause("FP-LIST-14")
@given(plan=plans(), noun=st.sampled_from(LISTS), data=st.data())
def test_several_filters(
    target: Target, plan: Plan, noun: str, data: st.DataObject
) -> None:
    """Of several filters all hold."""
    with target.world() as world:
        board = planted(world, plan)
        whole = Whole(board)
        known = st.sampled_from(sorted(FILTERS[noun]))
        for _ in range(5):
            names = data.draw(st.lists(known, min_size=2, max_size=4, unique=True))
            drawn = {
                name: data.draw(st.sampled_from(values(whole, noun, name)))
                for name in names
            }
            agrees(board, whole, noun, drawn)


@clause("FP-LIST-15")
@pytest.mark.parametrize("noun", [*LISTS, "file"])
@pytest.mark.parametrize("name", ["nothing", "id", "ProjectId", "status", "name[0]"])
def test_unknown_filters(target: Target, noun: str, name: str) -> None:
    """An unknown filter is refused with 400."""
    with target.world() as world:
        world.admin.page(noun, **{name: 1}).refused(400)


@clause("FP-LIST-15")
@pytest.mark.parametrize(
    ("noun", "name"),
    [
        (noun, name)
        for noun, other in [
            ("project", "task"),
            ("activity", "task"),
            ("task", "activity"),
        ]
        for name in sorted(FILTERS[other].keys() - FILTERS[noun])
    ],
)
def test_filters_of_others(target: Target, noun: str, name: str) -> None:
    """A filter that only another list knows is refused with 400."""
    with target.world() as world:
        world.admin.page(noun, **{name: 1}).refused(400)


@clause("FP-LIST-16")
@pytest.mark.parametrize(
    ("noun", "name"), [(noun, name) for noun, name in EVERY if name in WRONG]
)
def test_filters_of_the_wrong_type(target: Target, noun: str, name: str) -> None:
    """A filter whose value has the wrong type is refused with 400."""
    with target.world() as world:
        world.admin.page(noun, **{name: WRONG[name]}).refused(400)


@clause("FP-LIST-21", "FP-LIST-20")
@pytest.mark.parametrize("noun", ["project", "task"])
@pytest.mark.parametrize("name", ["cups", "CUPS", "& s", "S", "%", "UPS & SAUCERS"])
def test_names(target: Target, noun: str, name: str) -> None:
    """The filter name holds where the name contains it, in whatever letter case."""
    with target.world() as world:
        titles = ("Cups & Saucers", "cup", "100 %", "a%b", "S")
        numbers, wanted = [], []
        for title in titles:
            number = new(world.admin, noun, name=title, description=name)["id"]
            numbers.append(number)
            wanted += [number] if name.lower() in title.lower() else []
        with judging("FP-LIST-20"):
            found = world.admin.listed(noun, name=titles[0])
            assert (numbers[0] in found, numbers[2] in found) == (True, False)
        assert [*world.admin.listed(noun, name=name)] == wanted


@clause("FP-LIST-25", "FP-LIST-26")
@pytest.mark.parametrize("noun", ["project", "task"])
def test_closed_and_opened_again(target: Target, noun: str) -> None:
    """What was opened again is not closed; what was closed anew counts from then."""
    with target.world() as world:
        world.freeze()
        admin = lasting(world.admin)
        number = new(admin, noun, status=30)["id"]
        world.advance(3 * DAY)
        with judging("FP-LIST-25"):
            assert number in admin.listed(noun, hide_old_object_period=3)
            world.advance(1)
            assert not admin.listed(noun, hide_old_object_period=3)
            assert number in admin.listed(noun, hide_old_object_period=4)
        admin.change(noun, number, status=30, description="still done").arranged()
        assert not admin.listed(noun, hide_old_object_period=3)
        admin.change(noun, number, status=10).arranged()
        assert number in admin.listed(noun, hide_old_object_period=0)
        world.advance(3 * DAY)
        admin.change(noun, number, status=30).arranged()
        assert number in admin.listed(noun, hide_old_object_period=0)
        world.advance(1)
        assert not admin.listed(noun, hide_old_object_period=0)
        assert number in admin.listed(noun, hide_old_object_period=1)


@clause("FP-LIST-26", "FP-LIST-39")
def test_closed_by_progress(target: Target) -> None:
    """What a progress of 100 closed was closed then, and its notes with it."""
    with target.world() as world:
        world.freeze()
        admin = lasting(world.admin)
        task = new(admin, "task")["id"]
        world.advance(5 * DAY)
        admin.made("activity", type="progress", taskId=task, progress=100)
        world.advance(DAY)
        assert task in admin.listed("task", hide_old_object_period=1)
        assert admin.listed("activity", hide_non_active=1)
        world.advance(1)
        assert not admin.listed("task", hide_old_object_period=1)
        assert not admin.listed("activity", hide_non_active=1)


@clause("FP-LIST-28", "FP-LIST-29", "FP-LIST-33", "FP-LIST-34")
@pytest.mark.parametrize("way", ["{0} {1}", "{0}T{1}"])
@pytest.mark.parametrize(
    ("field", "name"), [("startDate", "started"), ("endDate", "deadline")]
)
def test_bounds(target: Target, way: str, field: str, name: str) -> None:
    """A bound that ends in From includes its moment, one in Before does not."""
    with target.world() as world:
        task = new(world.admin, "task", **{field: "2026-03-09 14:30:00"})["id"]
        moments = [
            way.format("2026-03-09", f"14:{n}") for n in ("29:59", "30:00", "30:01")
        ]
        late = [bool(world.admin.listed("task", **{f"{name}From": m})) for m in moments]
        early = [world.admin.listed("task", **{f"{name}Before": m}) for m in moments]
        assert late == [True, True, False]
        assert [task in listed for listed in early] == [False, False, True]
        assert task in world.admin.listed("task", **{f"{name}From": "2026-03-09"})
        assert not world.admin.listed("task", **{f"{name}Before": "2026-03-09"})
