"""Dates and ids: how they are written, and what they mean."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.examples import filled
from tasktwin_contract.hitask.steps import (
    both_ways,
    create,
    created,
    instant,
    refused_both_ways,
    update,
    updated,
)
from tasktwin_contract.hitask.values import MOST, local_times, moments
from tasktwin_contract.target import Target

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", re.ASCII)
STAMPS = ("time_create", "time_last_update", "last_transition_time")
SENT = ("start_date", "end_date", "recurring_end_date")
FIELDS = st.sampled_from((*SENT, "due_date"))
# The time_zone preference of everybody in a fresh world.
ZONE = ZoneInfo("Europe/Paris")
PRECISIONS = st.sampled_from(["minutes", "seconds", "milliseconds", "microseconds"])


def written(moment: datetime) -> str:
    """A moment as the documents write it."""
    return moment.isoformat(timespec="milliseconds")


@clause("HT-DATE-01")
def test_every_date_is_iso_8601(target: Target) -> None:
    """A date in an answer is ISO 8601 with milliseconds and a numeric offset."""
    with target.world() as world:
        item = world.owner.item(**filled(world))
        item = updated(world.owner, item, completed=False)
        for name in (*STAMPS, *SENT, "due_date"):
            assert DATE.fullmatch(str(item[name])), f"{name} is {item[name]!r}"


@clause("HT-DATE-01")
@given(moment=moments(), precision=PRECISIONS, field=FIELDS)
def test_dates_come_back_with_milliseconds(
    target: Target, moment: datetime, precision: str, field: str
) -> None:
    """However exactly a date is sent, it comes back with milliseconds."""
    with target.world() as world:
        item = created(world.owner, **{field: moment.isoformat(timespec=precision)})
        assert DATE.fullmatch(str(item[field])), f"{field} is {item[field]!r}"


@clause("HT-DATE-02")
@given(moment=moments(), field=FIELDS)
def test_dates_keep_their_instant(target: Target, moment: datetime, field: str) -> None:
    """A date of an item comes back as the instant that was sent."""
    for item in both_ways(target, **{field: written(moment)}):
        assert instant(item[field]) == moment, f"{field} is {item[field]!r}"


@clause("HT-DATE-02")
@pytest.mark.parametrize("place", ["query", "multipart", "json"])
@given(moment=moments())
def test_dates_keep_their_instant_everywhere(
    target: Target, place: str, moment: datetime
) -> None:
    """A date of an item is the same instant, wherever in the request it stands."""
    with target.world() as world:
        item = created(world.owner.using(via=place), start_date=written(moment))
        assert instant(item["start_date"]) == moment, item["start_date"]


@clause("HT-DATE-02")
@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("2018-05-05T23:59:59.999Z", "2018-05-05T23:59:59.999+00:00"),
        ("2018-05-05T23:59:59.999-00:00", "2018-05-05T23:59:59.999+00:00"),
        ("2018-05-05T23:59:59+02:00", "2018-05-05T23:59:59.000+02:00"),
        ("2020-02-29T00:00:00.000+14:00", "2020-02-29T00:00:00.000+14:00"),
        ("2012-12-31T23:59:59.999-12:00", "2012-12-31T23:59:59.999-12:00"),
    ],
)
def test_dates_at_the_edge(target: Target, sent: str, meant: str) -> None:
    """A leap day, the outermost offsets and Z for UTC keep their instant."""
    for item in both_ways(target, start_date=sent):
        assert instant(item["start_date"]) == instant(meant), item["start_date"]


@clause("HT-DATE-03")
@given(moment=moments(), field=FIELDS)
def test_dates_keep_their_offset(target: Target, moment: datetime, field: str) -> None:
    """A date of an item comes back with the offset that was sent."""
    for item in both_ways(target, **{field: written(moment)}):
        assert str(item[field])[-6:] == written(moment)[-6:]


@clause("HT-DATE-03")
def test_stamps_are_in_utc(target: Target) -> None:
    """The server's own stamps have the offset +00:00."""
    with target.world() as world:
        item = updated(world.owner, completed=True)
        for name in STAMPS:
            assert str(item[name]).endswith("+00:00"), f"{name} is {item[name]!r}"


@clause("HT-DATE-04")
@given(moment=local_times(), field=FIELDS)
def test_dates_without_an_offset(target: Target, moment: datetime, field: str) -> None:
    """A date without an offset is in the time zone of the user's preference."""
    meant = moment.replace(tzinfo=ZONE)
    for item in both_ways(target, **{field: written(moment)}):
        assert instant(item[field]) == meant, f"{field} is {item[field]!r}"


@clause("HT-DATE-05")
@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "1525557599000",
        "05/05/2018",
        "2018-13-01T00:00:00.000+00:00",
        "2018-02-29T00:00:00.000+00:00",
        "2018-05-05T25:00:00.000+00:00",
        "2018-05-05T23:60:00.000+00:00",
        "2018-05-05T23:59:59.999+99:00",
        "2018-05-05T23:59:59.999+02:00 or so",
        "٢٠١٨-05-05T23:59:59.999+02:00",
        "2018-05-05é23:59:59.999+02:00",
        "20180505",
        "2018-05-05T23:59:59.999+02:00:30",
        "0001-01-01T00:00:00.000+00:00",
        "9999-12-31T00:00:00.000+00:00",
    ],
)
def test_dates_that_cannot_be_read(target: Target, text: str) -> None:
    """A date that cannot be read is refused with 400 and code 5."""
    for field in (*SENT, "due_date"):
        refused_both_ways(target, 400, 5, **{field: text})


@clause("HT-DATE-05")
@pytest.mark.parametrize("value", [1525557599000, 20180505, True, ["2018-05-05"]])
def test_dates_are_texts(target: Target, value: Any) -> None:
    """What is sent as another type of JSON than text is no date: 400 and code 5."""
    with target.world() as world:
        owner = world.owner.using(via="json")
        create(owner, start_date=value).refused(400, 5)
        update(owner, owner.item(), end_date=value).refused(400, 5)


@clause("HT-DATE-05")
@given(text=st.text("abcdefghij .,:-", min_size=1, max_size=30))
def test_words_are_no_dates(target: Target, text: str) -> None:
    """A text without a digit is no date, and refused with 400 and code 5."""
    refused_both_ways(target, 400, 5, start_date=text)


@clause("HT-ID-01")
def test_ids_are_integers(target: Target) -> None:
    """An item's id is an integer."""
    with target.world() as world:
        world.owner.item()
        for item in world.owner.items().values():
            assert type(item["id"]) is int, f"id is {item['id']!r}"


@clause("HT-ID-02")
@given(priority=st.integers(10_000, MOST), color=st.integers(0, 7))
def test_integers_may_be_text(target: Target, priority: int, color: int) -> None:
    """In JSON an integer may also be sent as text."""
    with target.world() as world:
        owner = world.owner.using(via="json")
        sent: Any = {"priority": f"{priority}", "color": f"{color}"}
        for item in (created(owner, **sent), updated(owner, **sent)):
            assert (item["priority"], item["color"]) == (priority, color)


@clause("HT-ID-02")
def test_ids_may_be_text(target: Target) -> None:
    """In JSON ids may also be sent as text, and participants and versions."""
    with target.world() as world:
        owner = world.owner.using(via="json")
        parent, item = owner.item(category=0), owner.item()
        sent = {"parent": f"{parent['id']}", "participants": [owner.id]}
        named = {"guid": None, "id": f"{item['id']}", "version": f"{item['version']}"}
        update(owner, item, **sent, **named).expect(200)
        changed = owner.stored(item["guid"])
        assert changed["parent"] == parent["id"]
        assert changed["participants"] == [owner.number]
