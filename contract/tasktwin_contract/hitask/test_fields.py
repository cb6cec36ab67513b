"""The fields of an item: their values, their bounds, their defaults."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.hitask.steps import (
    FIELDS,
    both_ways,
    create,
    created,
    instant,
    refused_both_ways,
    update,
    updated,
)
from tasktwin_contract.reply import Reply
from tasktwin_contract.rows import certain, table
from tasktwin_contract.strategies import VISIBLE, dates, titles, valid
from tasktwin_contract.target import Target

TAGS = titles(30).map(str.strip).filter(lambda text: text and "," not in text)
INTERVALS = [
    (int(kind), bounds)
    for kind, bounds in FIELDS["recurring_interval"]["x-tasktwin-bounds"].items()
    if kind != "by"
]


@clause("HT-FIELD-01")
def test_documented_defaults(target: Target) -> None:
    """A new item has parent 0, priority 20000, no time tracking and no dates."""
    with target.world() as world:
        item = created(world.owner)
        assert item["parent"] == 0
        assert item["priority"] == 20000
        assert not item["time_track"]
        assert (item["start_date"], item["end_date"]) == (None, None)


@clause("HT-FIELD-02")
def test_shown_defaults(target: Target) -> None:
    """A new item has category 1, color 0, recurring 0 and color_value #5e93c3."""
    with target.world() as world:
        item = created(world.owner)
        assert (item["category"], item["color"], item["recurring"]) == (1, 0, 0)
        assert str(item["color_value"]).lower() == "#5e93c3"


@clause("HT-FIELD-03")
@given(title=titles())
def test_titles_are_kept(target: Target, title: str) -> None:
    """A title of 1 to 255 code points comes back unchanged."""
    for item in both_ways(target, title=title):
        assert item["title"] == title


@clause("HT-FIELD-03")
@pytest.mark.parametrize(
    "title",
    ["a", "0", certain(" a "), "a" * 255, "é" * 255, "🗂" * 255, "null", "true", "[]"],
)
def test_titles_at_the_edge_are_kept(target: Target, title: str) -> None:
    """The shortest and the longest titles come back unchanged."""
    for item in both_ways(target, title=title):
        assert item["title"] == title


@clause("HT-FIELD-04")
@pytest.mark.parametrize("title", ["a" * 257, "🗂" * 300, "a" * 5000])
def test_titles_too_long(target: Target, title: str) -> None:
    """A title over 256 code points is refused with 400 and code 25."""
    refused_both_ways(target, 400, 25, title=title)


@clause("HT-FIELD-05")
@given(message=st.builds(str.__add__, VISIBLE, titles(300)))
def test_messages_are_kept(target: Target, message: str) -> None:
    """A message comes back unchanged."""
    for item in both_ways(target, message=message):
        assert item["message"] == message


@clause("HT-FIELD-05")
@pytest.mark.parametrize("letter", ["a", "é", "🗂"])
def test_long_messages_are_kept(target: Target, letter: str) -> None:
    """A message of 10,000 code points comes back unchanged."""
    for item in both_ways(target, message=letter * 10_000):
        assert item["message"] == letter * 10_000


@clause("HT-FIELD-06")
@pytest.mark.parametrize("letter", ["a", "🗂"])
def test_messages_too_long(target: Target, letter: str) -> None:
    """A message over 10,000 code points is refused with 400 and code 25."""
    refused_both_ways(target, 400, 25, message=letter * 10_001)


@clause("HT-FIELD-11")
@pytest.mark.parametrize("color", range(8))
def test_colors_are_kept(target: Target, color: int) -> None:
    """color is kept from 0 to 7."""
    for item in both_ways(target, color=color):
        assert item["color"] == color


@clause("HT-FIELD-12")
@given(value=valid(FIELDS["color_value"]))
def test_color_values_are_kept(target: Target, value: str) -> None:
    """color_value is kept as a # and six hexadecimal digits."""
    for item in both_ways(target, color_value=value):
        assert str(item["color_value"]).lower() == value.lower()


@clause("HT-FIELD-13")
@pytest.mark.parametrize("category", [0, 1, 2, 4, 5, 6, 7])
def test_categories_are_kept(target: Target, category: int) -> None:
    """category is kept as one of the tabled ones."""
    for item in both_ways(target, category=category):
        assert item["category"] == category


@clause("HT-FIELD-14")
@pytest.mark.parametrize("recurring", range(5))
def test_recurrences_are_kept(target: Target, recurring: int) -> None:
    """recurring is kept from 0 to 4."""
    for item in both_ways(target, recurring=recurring):
        assert item["recurring"] == recurring


@clause("HT-FIELD-15")
@pytest.mark.parametrize("priority", [10000, 19999, 20000, 21720, 29999, 30000, 99999])
def test_priorities_are_kept(target: Target, priority: int) -> None:
    """priority is kept from 10000 up."""
    for item in both_ways(target, priority=priority):
        assert item["priority"] == priority


@clause("HT-FIELD-16")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("color", -1),
        ("color", 8),
        ("color_value", "#12345"),
        ("color_value", "#1234567"),
        ("color_value", "123456"),
        ("color_value", "#12345g"),
        ("category", 3),
        ("category", 8),
        ("category", -1),
        ("recurring", -1),
        ("recurring", 5),
        ("priority", 9999),
        ("priority", 0),
        ("priority", -20000),
    ],
)
def test_values_outside(target: Target, name: str, value: Any) -> None:
    """A value outside the tabled ones is refused with 400 and code 6."""
    refused_both_ways(target, 400, 6, **{name: value})


@clause("HT-FIELD-17")
@pytest.mark.parametrize(("recurring", "bounds"), INTERVALS)
@pytest.mark.parametrize("end", [0, 1])
def test_intervals_are_kept(
    target: Target, recurring: int, bounds: list[int], end: int
) -> None:
    """recurring_interval is kept at both bounds of its kind."""
    fields = {"recurring": recurring, "recurring_interval": bounds[end]}
    for item in both_ways(target, **fields):
        assert item["recurring_interval"] == bounds[end]


@clause("HT-FIELD-57", "HT-FIELD-18")
@pytest.mark.parametrize(("recurring", "bounds"), table(INTERVALS, INTERVALS[0]))
@pytest.mark.parametrize(("end", "beyond"), [(0, -1), certain(1, 1), (1, 1000)])
def test_intervals_out_of_bounds(
    target: Target, recurring: int, bounds: list[int], end: int, beyond: int
) -> None:
    """recurring_interval out of its bounds is refused with code 47."""
    fields = {"recurring": recurring, "recurring_interval": bounds[end] + beyond}
    with target.world() as world:
        made, changed = (
            create(world.owner, **fields),
            update(world.owner, world.owner.item(), **fields),
        )
        _out_of_bounds(made)
        _out_of_bounds(changed)


@clause("HT-FIELD-57", "HT-FIELD-18")
def test_an_interval_that_no_longer_fits(target: Target) -> None:
    """Another kind of recurrence is refused where the interval does not fit it."""
    with target.world() as world:
        item = world.owner.item(recurring=1, recurring_interval=30)
        _out_of_bounds(update(world.owner, item, recurring=3))


def _out_of_bounds(reply: Reply) -> None:
    """Demand the refusal of an interval out of its bounds, and its code."""
    reply.refused()
    with judging("HT-FIELD-18"):
        reply.refused(code=47)


@clause("HT-FIELD-19")
@pytest.mark.parametrize(
    "kind", ["BYDAY", "BYWEEKNO", "BYMONTH", "BYMONTHDAY", "BYYEARDAY"]
)
def test_recurring_by_is_kept(target: Target, kind: str) -> None:
    """recurring_by is kept as a list of objects with type and values."""
    rule = [{"type": kind, "values": "1,2"}, {"type": "BYDAY", "values": "MO"}]
    for item in both_ways(target, recurring=4, recurring_by=rule):
        kept = [(one["type"], one["values"]) for one in item["recurring_by"]]
        assert sorted(kept) == sorted((one["type"], one["values"]) for one in rule)


@clause("HT-FIELD-20")
def test_instances_are_ignored(target: Target) -> None:
    """instances in a request change nothing."""
    sent = [{"task_id": 1, "status": 1, "start_date": "2020-01-01"}]
    with target.world() as world:
        item = world.owner.item()
        assert not updated(world.owner, item, instances=sent)["instances"]
        assert not created(world.owner, instances=sent)["instances"]


@clause("HT-FIELD-36")
@given(start=dates(), end=dates())
def test_dates_are_kept(target: Target, start: str, end: str) -> None:
    """start_date and end_date come back as the instants that were sent."""
    for item in both_ways(target, start_date=start, end_date=end):
        assert instant(item["start_date"]) == instant(start)
        assert instant(item["end_date"]) == instant(end)


@clause("HT-FIELD-37")
@given(due=dates(), end=dates())
def test_due_date_is_end_date(target: Target, due: str, end: str) -> None:
    """due_date is another name of end_date, which counts where both are sent."""
    for item in both_ways(target, due_date=due):
        assert item["end_date"] == item["due_date"]
        assert instant(item["due_date"]) == instant(due)
    for item in both_ways(target, due_date=due, end_date=end):
        assert item["end_date"] == item["due_date"]
        assert instant(item["due_date"]) == instant(end)


@clause("HT-FIELD-39")
@pytest.mark.parametrize("name", ["is_all_day", "time_track"])
def test_switches_are_kept(target: Target, name: str) -> None:
    """is_all_day and time_track are kept, on and off."""
    with target.world() as world:
        item = created(world.owner, **{name: True})
        assert item[name]
        assert not updated(world.owner, item, **{name: False})[name]
        assert updated(world.owner, item, **{name: True})[name]


@clause("HT-FIELD-40")
@given(value=st.integers(0, 4 * 10**6).map(lambda quarter: quarter / 4))
def test_times_are_kept(target: Target, value: float) -> None:
    """time_est and time_spent are kept, fractions too."""
    for item in both_ways(target, time_est=value, time_spent=value + 0.5):
        assert (item["time_est"], item["time_spent"]) == (value, value + 0.5)


@clause("HT-FIELD-40")
@given(value=st.integers(0, 10**6))
def test_whole_times_are_kept(target: Target, value: int) -> None:
    """time_est and time_spent are kept where JSON has them as integers."""
    with target.world() as world:
        owner = world.owner.using(via="json")
        for item in (created(owner, time_est=value), updated(owner, time_est=value)):
            assert item["time_est"] == value


@clause("HT-FIELD-41")
@given(location=valid(FIELDS["location"]))
def test_locations_are_kept(target: Target, location: dict[str, Any]) -> None:
    """location is kept with its longitude, latitude and address."""
    for item in both_ways(target, location=location):
        assert item["location"] == location


@clause("HT-FIELD-42")
@pytest.mark.parametrize(
    "contact",
    [
        '["vcard", [["version", {}, "text", "4.0"], ["n", {}, "text", ["Pot", "E"]]]]',
        '[ "vcard",  [ [ "note", { }, "text", "Zoë – ☎" ] ] ]',
    ],
)
def test_contacts_are_kept(target: Target, contact: str) -> None:
    """contact comes back as it was sent, letter for letter."""
    for item in both_ways(target, contact=contact, category=7):
        assert item["contact"] == contact


@clause("HT-FIELD-43")
@given(tags=st.sets(TAGS, min_size=1))
def test_tags_are_kept(target: Target, tags: set[str]) -> None:
    """tags are kept."""
    sent = sorted(tag.replace("[", "(") for tag in tags)
    for item in both_ways(target, tags=sent):
        assert sorted(item["tags"] or []) == sorted(set(sent))


@clause("HT-FIELD-52")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("location", {"longitude": 180.5, "latitude": 0}),
        ("location", {"longitude": 0, "latitude": -90.5}),
        ("time_est", -1),
        ("time_spent", -0.5),
        ("tags", '["a,b"]'),
        ("tags", '[""]'),
    ],
)
def test_values_that_make_no_sense(target: Target, name: str, value: Any) -> None:
    """Places off the globe, negative times, empty and comma tags are 400 and 6."""
    refused_both_ways(target, 400, 6, **{name: value})


@clause("HT-FIELD-53")
@given(date=dates())
def test_recurring_end_date_is_kept(target: Target, date: str) -> None:
    """recurring_end_date comes back as the instant that was sent."""
    for item in both_ways(target, recurring=1, recurring_end_date=date):
        assert instant(item["recurring_end_date"]) == instant(date)


@clause("HT-FIELD-54")
def test_doubles_are_kept_once(target: Target) -> None:
    """A tag or participant named twice is kept once, where it stood first."""
    with target.world() as world:
        me = world.owner.number
        item = created(world.owner, tags=["b", "a", "b"], participants=[me, me])
        assert item["tags"] == ["b", "a"]
        assert item["participants"] == [me]
