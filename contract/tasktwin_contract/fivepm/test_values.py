"""Values: ids, dates, choices, booleans, numbers and people."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, judging, resting_on
from tasktwin_contract.fivepm.steps import (
    NOUNS,
    added,
    both_ways,
    changed,
    filled,
    least,
    new,
    refused_both_ways,
)
from tasktwin_contract.reply import Reply
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target

WORK = ("project", "task")
CHOICES = {"priority": (1, 2, 3, 4), "status": (10, 20, 30), "flag": (0, 1, 2, 3)}
DEFAULTS = {"priority": 2, "status": 10, "flag": 0}
NOES: Mapping[str, Mapping[str, object]] = {
    "project": {
        **dict.fromkeys(("notifyProjectTeam", "notifyClient", "hidden"), False),
        "notifyUsers": [],
        "team": [],
    },
    "task": {
        **dict.fromkeys(("notifyProjectTeam", "notifyTaskTeam"), False),
        **dict.fromkeys(("notifyClient", "hidden"), False),
        "notifyUsers": [],
        "team": [],
    },
    "activity": {
        **dict.fromkeys(("notifyProjectTeam", "notifyTaskTeam"), False),
        **dict.fromkeys(("notifyClient", "hideFromClients"), False),
        "notifyUsers": [],
    },
}
LEVELS = ("0", "100", "150", "200")
TYPES = ("msg", "progress", "file", "googledocs", "ss_boards", "ff_boards")
BOOLEANS = {"1": True, "0": False, "true": True, "false": False}
NO_BOOLEANS = ("", "yes", "no", "2", "-1", "on", "t", "null", "1.0", "10")
NO_INTEGERS = ("x", "1.5", "1e2", "0x10", "--1", "1 0", str(2**63), str(-(2**63) - 1))
INTEGERS = [
    *(("project", name) for name in ("groupId", "ownerId", "priority", "flag")),
    *(("task", name) for name in ("parentId", "projectId", "progress", "status")),
    *(("activity", name) for name in ("taskId", "progress")),
]
NO_NUMBERS = ("x", "1,5", "NaN", "Infinity", "-Infinity", "1e400", "0x1", "1.5h")
NUMBERS = [("task", "estimatedTime"), ("activity", "hoursDone")]


@clause("FP-VALUE-01")
@pytest.mark.parametrize("noun", NOUNS)
def test_ids_are_text(target: Target, noun: str) -> None:
    """An id is text of decimal digits."""
    with target.world() as world:
        number = new(world.admin.using(form="json"), noun)["id"]
        assert isinstance(number, str)
        assert number.isascii()
        assert number.isdigit()


@clause("FP-VALUE-02")
@pytest.mark.parametrize("noun", ["project", "task", "activity"])
def test_ids_of_others_are_integers(target: Target, noun: str) -> None:
    """An attribute whose name ends in Id is an integer."""
    with target.world() as world:
        fields = filled(world, noun)
        shown = added(world.admin.using(form="json"), noun, **fields)
        ids = {name: shown[name] for name in shown if name.endswith("Id")}
        assert {name: type(value) for name, value in ids.items()} == dict.fromkeys(
            ids, int
        )
        sent = {name: fields[name] for name in ids if name in fields}
        with resting_on("FP-PROJECT-06"):
            assert {name: ids[name] for name in sent} == sent


@clause("FP-VALUE-04", "FP-VALUE-05", "FP-VALUE-06")
@pytest.mark.parametrize("noun", WORK)
@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name in CHOICES for value in CHOICES[name]]
)
def test_choices(target: Target, noun: str, name: str, value: int) -> None:
    """Each documented priority, status and flag is kept."""
    with target.world() as world:
        for shown in both_ways(world.admin, noun, **{name: value}):
            assert shown[name] == value
            for other, choice in CHOICES.items():
                assert shown[other] in choice


@clause("FP-VALUE-07")
@pytest.mark.parametrize("level", LEVELS)
def test_levels(target: Target, level: str) -> None:
    """A securityLevel is one of 0, 100, 150 and 200, as text."""
    with target.world() as world:
        for shown in both_ways(
            world.admin.using(form="json"), "user", securityLevel=level
        ):
            assert shown["securityLevel"] == level


@clause("FP-VALUE-07")
@pytest.mark.parametrize(
    ("who", "level"),
    [("admin", "0"), ("user", "100"), ("external", "150"), ("client", "200")],
)
def test_levels_of_the_cast(target: Target, who: str, level: str) -> None:
    """The securityLevel of each of the actors is the one that they are."""
    with target.world() as world:
        actor = getattr(world, who)
        assert world.admin.shown("user", actor.id)["securityLevel"] == level


@clause("FP-VALUE-08")
@pytest.mark.parametrize("kind", TYPES)
def test_types_of_activities(target: Target, kind: str) -> None:
    """An activity's type is one of the six, and kept."""
    with target.world() as world:
        for shown in both_ways(world.admin, "activity", type=kind):
            assert shown["type"] == kind


@clause("FP-VALUE-09", "FP-VALUE-10")
def test_statuses(target: Target) -> None:
    """The statuses come as a list: 10 open, 20 on hold and 30 done."""
    with target.world() as world:
        listed = _entries(world.admin.call("metainfoGetStatuses"))
        assert _named(listed) == [("10", "open"), ("20", "on hold"), ("30", "done")]


@clause("FP-VALUE-09", "FP-VALUE-11")
def test_priorities(target: Target) -> None:
    """The priorities come as a list: 1 low, 2 normal, 3 high and 4 urgent."""
    with target.world() as world:
        listed = _entries(world.admin.call("metainfoGetPriorities"))
        named = [("1", "low"), ("2", "normal"), ("3", "high"), ("4", "urgent")]
        assert _named(listed) == named


def _entries(reply: Reply) -> list[Mapping[str, Any]]:
    with judging("FP-VALUE-09"):
        listed: list[Mapping[str, Any]] = reply.expect(200)["list"]
        assert isinstance(listed, list)
        assert all({"id", "name"} <= one.keys() for one in listed)
    return listed


def _named(listed: list[Mapping[str, Any]]) -> list[tuple[str, Any]]:
    return [(str(one["id"]), one["name"]) for one in listed]


@clause("FP-VALUE-12")
@pytest.mark.parametrize("noun", WORK)
def test_defaults(target: Target, noun: str) -> None:
    """Without one sent, the priority is 2, the status 10 and the flag 0."""
    with target.world() as world:
        shown = added(world.admin, noun)
        assert {name: shown[name] for name in DEFAULTS} == DEFAULTS


@clause("FP-VALUE-24")
@pytest.mark.parametrize("noun", table(NOES, "activity"))
def test_what_says_no(target: Target, noun: str) -> None:
    """What says yes or no is no where it was not sent, and a list of people empty."""
    with target.world() as world:
        shown = added(world.admin, noun)
        assert {name: shown[name] for name in NOES[noun]} == NOES[noun]


@clause("FP-VALUE-13")
@given(
    noun=st.sampled_from(WORK),
    name=st.sampled_from(sorted(CHOICES)),
    value=st.integers(-40, 40),
)
def test_other_choices(target: Target, noun: str, name: str, value: int) -> None:
    """Any other priority, status or flag is refused with 400."""
    with target.world() as world:
        other = value + 1000 * (value in CHOICES[name])
        refused_both_ways(world.admin, noun, 400, **{name: other})


@clause("FP-VALUE-13")
@pytest.mark.parametrize("noun", WORK)
@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("value", ["", "high", "10.5", "2 3"])
def test_no_choices(target: Target, noun: str, name: str, value: str) -> None:
    """A priority, status or flag that is no number is refused with 400."""
    with target.world() as world:
        refused_both_ways(world.admin, noun, 400, **{name: value})


@clause("FP-VALUE-14")
@pytest.mark.parametrize("level", ["1", "50", "-100", "101", "admin", "", "100.5"])
def test_other_levels(target: Target, level: str) -> None:
    """Any other securityLevel is refused with 400."""
    with target.world() as world:
        refused_both_ways(world.admin, "user", 400, securityLevel=level)


@clause("FP-VALUE-15")
@pytest.mark.parametrize("kind", ["message", "MSG", "", "ff_board", "msg,file"])
def test_other_types(target: Target, kind: str) -> None:
    """Any other type of an activity is refused with 400."""
    with target.world() as world:
        refused_both_ways(world.admin, "activity", 400, type=kind)


@clause("FP-VALUE-18")
@pytest.mark.parametrize(
    ("noun", "name"),
    [
        *(
            ("project", name)
            for name in ("hidden", "notifyClient", "notifyProjectTeam")
        ),
        *(("task", name) for name in ("hidden", "notifyClient", "notifyTaskTeam")),
        *(("activity", name) for name in ("hideFromClients", "notifyTaskTeam")),
        ("user", "canViewProfiles"),
    ],
)
def test_booleans(target: Target, noun: str, name: str) -> None:
    """A boolean is sent as 1, 0, true or false; anything else is refused with 400."""
    with target.world() as world:
        number = new(world.admin, noun)["id"]
        for text, value in BOOLEANS.items():
            assert changed(world.admin, noun, number, **{name: text})[name] is value
        for text in NO_BOOLEANS:
            world.admin.change(noun, number, **{name: text}).refused(400)
        fields = least(world.admin, noun)
        world.admin.add(noun, **{**fields, name: "yes"}).refused(400)


@clause("FP-VALUE-18")
@pytest.mark.parametrize(
    ("noun", "name"),
    [
        *(("project", name) for name in ("active", "loadTeam")),
        *(("task", name) for name in ("active", "loadTeam")),
        *(("activity", name) for name in ("active", "withFiles", "withNames")),
    ],
)
def test_booleans_of_lists(target: Target, noun: str, name: str) -> None:
    """A boolean of a list is sent as 1, 0, true or false; anything else is 400."""
    with target.world() as world:
        for text in BOOLEANS:
            world.admin.page(noun, **{name: text}).expect(200)
        for text in NO_BOOLEANS:
            world.admin.page(noun, **{name: text}).refused(400)


@clause("FP-VALUE-19")
@pytest.mark.parametrize(("noun", "name"), INTEGERS)
@pytest.mark.parametrize("text", NO_INTEGERS)
def test_no_integers(target: Target, noun: str, name: str, text: str) -> None:
    """A number that is none, or an integer beyond 64 bits, is refused with 400."""
    with target.world() as world:
        fields = least(world.admin, noun)
        world.admin.add(noun, **{**fields, name: text}).refused(400)


@clause("FP-VALUE-19")
@pytest.mark.parametrize(("noun", "name"), NUMBERS)
@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_numbers(target: Target, noun: str, name: str, text: str) -> None:
    """Hours that are no number are refused with 400."""
    with target.world() as world:
        refused_both_ways(world.admin, noun, 400, **{name: text})


@clause("FP-VALUE-19")
@pytest.mark.parametrize("noun", ["project", "task", "activity"])
@pytest.mark.parametrize("name", ["offset", "count"])
@pytest.mark.parametrize("text", NO_INTEGERS)
def test_no_integers_of_lists(target: Target, noun: str, name: str, text: str) -> None:
    """An offset or count that is no number, or beyond 64 bits, is refused with 400."""
    with target.world() as world:
        world.admin.page(noun, **{name: text}).refused(400)


@clause("FP-VALUE-20")
@given(
    noun=st.sampled_from(WORK),
    name=st.sampled_from(["team", "notifyUsers"]),
    data=st.data(),
)
def test_people(target: Target, noun: str, name: str, data: st.DataObject) -> None:
    """People come back without doubles, lowest first; empty text is nobody."""
    with target.world() as world:
        everybody = [world.user, world.colleague, world.external, world.client]
        ids = [actor.number for actor in everybody]
        people = data.draw(st.lists(st.sampled_from(ids), max_size=6))
        text = ",".join(map(str, people))
        for shown in both_ways(world.admin, noun, **{name: text}):
            assert shown[name] == sorted(set(people))
        assert changed(world.admin, noun, shown["id"], **{name: ""})[name] == []


@clause("FP-VALUE-20")
@pytest.mark.parametrize("text", ["x", "102;103", ",", "102,x", "1.5"])
def test_no_people(target: Target, text: str) -> None:
    """What is no list of ids is refused."""
    with target.world() as world:
        refused_both_ways(world.admin, "project", None, team=text)


CLEARABLE = [
    *(
        (noun, name)
        for noun in WORK
        for name in ("description", "tags", "groupId", "startDate", "endDate")
    ),
    *(("task", name) for name in ("parentId", "estimatedTime")),
    *(("activity", name) for name in ("text", "progress", "hoursDone")),
    *(("user", name) for name in ("title", "lastName", "company", "avatar")),
]


@clause("FP-VALUE-21")
@pytest.mark.parametrize(("noun", "name"), CLEARABLE)
def test_clearing(target: Target, noun: str, name: str) -> None:
    """On update an empty text clears an attribute that may be missing."""
    with target.world() as world:
        fields = filled(world, noun)
        before = added(world.admin, noun, **fields)
        assert before[name] == fields[name]
        after = changed(world.admin, noun, before["id"], **{name: ""})
        assert after[name] is None
        follows = {"updatedAt", name, "parentName"}
        kept = {key: value for key, value in before.items() if key not in follows}
        assert {key: after[key] for key in kept} == kept


@clause("FP-VALUE-21")
def test_leaving_a_project(target: Target) -> None:
    """On update an empty projectId takes a task out of its project."""
    with target.world() as world:
        project = world.admin.made("project")["id"]
        task = world.admin.made("task", projectId=project)["id"]
        assert changed(world.admin, "task", task, projectId="")["projectId"] is None
