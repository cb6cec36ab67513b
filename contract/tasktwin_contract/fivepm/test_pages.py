"""Lists and their pages."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging, resting_on
from tasktwin_contract.fivepm.cast import CONTROLLERS, LISTS, entries
from tasktwin_contract.fivepm.steps import a_file, filled, new
from tasktwin_contract.reply import Reply
from tasktwin_contract.target import Target, World

PAGED = ("project", "task", "activity")
KINDS = [*LISTS]
REMOVALS = {noun: f"{name}Remove" for noun, name in CONTROLLERS.items()}
REMOVALS["file"] = "activityRemoveFile"
HUGE = 2**63 - 1
TEAMED = ("project", "task")


def made(world: World, noun: str, number: int) -> list[str]:
    """The ids of so many things of a kind. Raises `NotJudgedError`."""
    admin = world.admin
    if noun == "file":
        activity = new(admin, "activity")["id"]
        return [admin.attached(activity, a_file())[0]["id"] for _ in range(number)]
    fields = {"taskId": admin.made("task")["id"]} if noun == "activity" else {}
    return [admin.made(noun, **fields)["id"] for _ in range(number)]


def ids(reply: Reply) -> list[str]:
    """The ids that a list holds."""
    return [item["id"] for item in entries(reply.expect(200))]


def page(actor: Actor, noun: str, **words: Any) -> list[str]:
    """The ids of one page."""
    return ids(actor.page(noun, **words))


@clause("FP-LIST-01")
@pytest.mark.parametrize("noun", KINDS)
@pytest.mark.parametrize("number", [0, 1, 3])
def test_lists(target: Target, noun: str, number: int) -> None:
    """A list has the objects in items, their number in count, and all in total."""
    with target.world() as world:
        before = world.admin.page(noun).expect(200)
        wanted = made(world, noun, number)
        reply = world.admin.page(noun).expect(200)
        assert set(ids(reply)) == {*ids(before), *wanted}
        assert reply["count"] == len(entries(reply)) == before["count"] + number
        assert reply["total"] == before["total"] + number


@clause("FP-LIST-01")
def test_all_projects(target: Target) -> None:
    """All projects come as a list too."""
    with target.world() as world:
        wanted = made(world, "project", 3)
        reply = world.admin.call("projectsGetAll")
        assert set(wanted) <= set(ids(reply))
        assert reply["count"] == reply["total"] == len(entries(reply))


@clause("FP-LIST-02", "FP-LIST-03", "FP-LIST-04", "FP-LIST-07", "FP-LIST-09")
@given(
    noun=st.sampled_from(PAGED),
    number=st.integers(0, 5),
    offset=st.none() | st.integers(0, 7) | st.just(HUGE),
    count=st.none() | st.integers(0, 7) | st.just(HUGE),
)
def test_a_page(
    target: Target, noun: str, number: int, offset: int | None, count: int | None
) -> None:
    """A page begins at the offset and has at most count, and the total all the same."""
    with target.world() as world:
        made(world, noun, number)
        whole = page(world.admin, noun)
        reply = world.admin.page(noun, offset=offset, count=count)
        expected = whole[offset or 0 :][: len(whole) if count is None else count]
        assert ids(reply) == expected
        assert (reply["count"], reply["total"]) == (len(expected), len(whole))


@clause("FP-LIST-02")
@pytest.mark.parametrize("noun", PAGED)
def test_the_total(target: Target, noun: str) -> None:
    """total counts all that the filters leave, whatever offset and count are."""
    with target.world() as world:
        made(world, noun, 2)
        number = new(world.admin, noun)["id"]
        word = {"activity": "taskId"}.get(noun, "name")
        name = world.guid()
        if word == "name":
            world.admin.change(noun, number, name=name).arranged()
        shown = world.admin.stored(noun, number)
        words = {word: shown[word]}
        for offset, count in ((0, 0), (0, 1), (5, 2), (1, 1)):
            reply = world.admin.page(noun, offset=offset, count=count, **words)
            assert reply.expect(200)["total"] == 1


@clause("FP-LIST-03", "FP-LIST-04", "FP-LIST-07", "FP-LIST-09")
@pytest.mark.parametrize("noun", PAGED)
def test_pages_by_example(target: Target, noun: str) -> None:
    """Offsets count from 0, a count is the most, and beyond the end is nothing."""
    with target.world() as world:
        made(world, noun, 5)
        whole = page(world.admin, noun)
        admin = world.admin
        with judging("FP-LIST-03"):
            assert page(admin, noun, offset=0) == whole
            assert page(admin, noun, offset=1) == whole[1:]
        with judging("FP-LIST-04"):
            assert page(admin, noun, count=2) == whole[:2]
        assert page(admin, noun, offset=1, count=2) == whole[1:3]
        assert page(admin, noun, count=0) == []
        assert page(admin, noun, offset=len(whole)) == []
        assert admin.page(noun, offset=HUGE)["total"] == len(whole)


@clause("FP-LIST-05")
@given(
    noun=st.sampled_from(PAGED),
    number=st.integers(1, 6),
    sizes=st.lists(st.integers(1, 4), min_size=7, max_size=7),
)
def test_pages_are_the_whole(
    target: Target, noun: str, number: int, sizes: list[int]
) -> None:
    """Pages of any size, put together, are the whole list."""
    with target.world() as world:
        made(world, noun, number)
        found: list[str] = []
        for size in sizes:
            found += page(world.admin, noun, offset=len(found), count=size)
        assert found == page(world.admin, noun)[: sum(sizes)]
        assert len(set(found)) == len(found)


@clause("FP-LIST-06")
@pytest.mark.parametrize("noun", KINDS)
def test_the_order(target: Target, noun: str) -> None:
    """A list is in ascending order of the ids as numbers."""
    with target.world() as world:
        wanted = made(world, noun, 12)
        removal = (
            "activityRemoveFile" if noun == "file" else f"{CONTROLLERS[noun]}Remove"
        )
        world.admin.call(removal, id=wanted[3]).arranged()
        numbers = [int(number) for number in page(world.admin, noun)]
        assert numbers == sorted(numbers)
        assert len(numbers) >= len(wanted) - 1


@clause("FP-LIST-06")
def test_the_order_of_all_projects(target: Target) -> None:
    """All projects are in ascending order of the ids as numbers."""
    with target.world() as world:
        first = made(world, "project", 3)[0]
        world.admin.change("project", first, name="zzz").arranged()
        numbers = [int(n) for n in ids(world.admin.call("projectsGetAll"))]
        assert numbers == sorted(numbers)


@clause("FP-LIST-08")
@pytest.mark.parametrize("noun", PAGED)
@pytest.mark.parametrize("name", ["offset", "count"])
@pytest.mark.parametrize("value", [-1, -100, -(2**63)])
def test_negative_pages(target: Target, noun: str, name: str, value: int) -> None:
    """A negative offset or count is refused with 400."""
    with target.world() as world:
        world.admin.page(noun, **{name: value}).refused(400)


@clause("FP-LIST-10")
@pytest.mark.parametrize("noun", TEAMED)
@pytest.mark.parametrize("value", ["1", "true"])
def test_teams_of_lists(target: Target, noun: str, value: str) -> None:
    """A list of projects or tasks has the team of each where loadTeam is true."""
    with target.world() as world:
        team = sorted([world.user.number, world.client.number])
        wanted = {new(world.admin, noun, team=team)["id"]: team}
        wanted[new(world.admin, noun)["id"]] = []
        listed = world.admin.listed(noun, loadTeam=value)
        assert {number: listed[number]["team"] for number in wanted} == wanted


@clause("FP-LIST-11")
@pytest.mark.parametrize("noun", TEAMED)
@pytest.mark.parametrize("value", ["0", "false", None])
def test_lists_without_teams(target: Target, noun: str, value: str | None) -> None:
    """A list has no team where loadTeam is not true."""
    with target.world() as world:
        number = new(world.admin, noun, team=[world.user.number])["id"]
        assert "team" not in world.admin.listed(noun, loadTeam=value)[number]


@clause("FP-LIST-11")
def test_all_projects_without_teams(target: Target) -> None:
    """All projects come without teams."""
    with target.world() as world:
        new(world.admin, "project", team=[world.user.number])
        listed = world.admin.all_projects()
        assert not [item for item in listed.values() if "team" in item]


@clause("FP-LIST-12")
@pytest.mark.parametrize("noun", ["project", "task", "user", "activity", "group"])
def test_what_lists_hold(target: Target, noun: str) -> None:
    """What a list has is what the object itself is answered with."""
    with target.world() as world:
        numbers = [
            new(world.admin, noun, **filled(world, noun))["id"],
            new(world.admin, noun)["id"],
        ]
        words = {"loadTeam": 1, "withFiles": 1, "withNames": 1}
        listed = world.admin.listed(noun, **_taken(noun, words))
        for number in numbers:
            shown = dict(world.admin.shown(noun, number))
            shown.pop("status", None)
            item = {k: v for k, v in listed[number].items() if k != "status"}
            with resting_on("FP-FORM-11"):
                assert item == shown


def _taken(noun: str, words: dict[str, int]) -> dict[str, int]:
    """Those words that a list knows; the others change nothing."""
    return {} if noun in ("user", "group") else words


@clause("FP-LIST-12")
def test_what_all_projects_hold(target: Target) -> None:
    """All projects are answered with what each of them is, but for its team."""
    with target.world() as world:
        number = new(world.admin, "project", **filled(world, "project"))["id"]
        shown = dict(world.admin.shown("project", number))
        item = world.admin.all_projects()[number]
        shared = {name: item[name] for name in item.keys() & shown.keys()}
        assert {**shown, **shared} == shown
        assert shown.keys() - item.keys() <= {"team"}
