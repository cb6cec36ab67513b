"""Dates without an offset, and the time zone that they are in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.preferences import write
from tasktwin_contract.hitask.steps import created, instant, updated
from tasktwin_contract.hitask.values import local_times, texts
from tasktwin_contract.target import Target

ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney"]
ODD_ZONES = ["Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns", "Asia/Kolkata"]
MINUTE = timedelta(minutes=1)
NO_ZONES = [
    "",
    " ",
    ".",
    "..",
    "../UTC",
    "/usr/share/zoneinfo/UTC",
    "Europe",
    "Europe/",
    "Europe//Paris",
    "./Europe/Paris",
    " Europe/Paris",
    "Europe/Paris/",
    "Europe/Nowhere",
    "Europe/Paris/Montmartre",
    "zone.tab",
    "tzdata.zi",
    "Europe\0",
    "Europe/Paris\0",
    "+02:00",
    "UTC+2",
    "nowhere" * 1_000,
    "a/" * 5_000 + "a",
    "é",
    "🗂",
    "null",
    "__init__",
]


def written(moment: datetime) -> str:
    """A moment as the documents write it."""
    return moment.isoformat(timespec="milliseconds")


@clause("HT-DATE-04")
@given(moment=local_times(), zone=st.sampled_from(ZONES))
def test_a_new_time_zone_counts(target: Target, moment: datetime, zone: str) -> None:
    """A date without an offset is in the time zone that the user set last."""
    with target.world() as world:
        write(world.owner, {"time_zone": zone}).arranged()
        meant = moment.replace(tzinfo=ZoneInfo(zone))
        for item in (
            created(world.owner, start_date=written(moment)),
            updated(world.owner, end_date=written(moment)),
        ):
            found = item["start_date"] or item["end_date"]
            assert instant(found) == meant, f"{found} is not {meant}"


@clause("HT-DATE-04")
def test_another_s_time_zone_does_not_count(target: Target) -> None:
    """A date without an offset is in the caller's time zone, not the owner's."""
    with target.world() as world:
        write(world.owner, {"time_zone": "Asia/Tokyo"}).arranged()
        write(world.administrator, {"time_zone": "America/New_York"}).arranged()
        entry = {"principal": world.administrator.id, "level": 100}
        item = world.owner.item(permissions=[entry])
        sent = {"start_date": "2020-01-01T12:00:00.000"}
        assert instant(updated(world.owner, item, **sent)["start_date"]) == (
            datetime(2020, 1, 1, 3, tzinfo=UTC)
        )
        assert instant(updated(world.administrator, item, **sent)["start_date"]) == (
            datetime(2020, 1, 1, 17, tzinfo=UTC)
        )


@clause("HT-DATE-04")
@pytest.mark.parametrize("zone", ["Europe/Paris", "Europe/Amsterdam", "Asia/Kolkata"])
@pytest.mark.parametrize("year", [1850, 1900, 1936, 1970, 2030])
def test_zones_of_long_ago(target: Target, zone: str, year: int) -> None:
    """Where the offset of a zone had seconds, the date is still the right instant."""
    with target.world() as world:
        write(world.owner, {"time_zone": zone}).arranged()
        moment = datetime(year, 1, 15, 12, 30, tzinfo=ZoneInfo(zone))
        sent = written(moment.replace(tzinfo=None))
        found = created(world.owner, start_date=sent)["start_date"]
        assert instant(found) == moment, f"{found} is not {moment}"


@clause("HT-DATE-06")
@pytest.mark.parametrize("zone", NO_ZONES, ids=lambda zone: f"{zone!r:.40}")
def test_time_zones_that_are_none(target: Target, zone: str) -> None:
    """Where the preference names no time zone, a date without an offset is in UTC."""
    with target.world() as world:
        write(world.owner, {"time_zone": zone}).arranged()
        sent = "2020-07-01T12:00:00.000"
        meant = datetime(2020, 7, 1, 12, tzinfo=UTC)
        for item in (
            created(world.owner, start_date=sent),
            updated(world.owner, start_date=sent),
        ):
            assert instant(item["start_date"]) == meant, f"{item['start_date']}"


@clause("HT-DATE-07")
@given(moment=local_times(), zone=st.sampled_from(ODD_ZONES))
@example(datetime.fromisoformat("1890-05-05T12:00"), "Europe/Paris")
@example(datetime.fromisoformat("2020-05-05T12:00"), "Asia/Kathmandu")
def test_the_offset_of_a_zone(target: Target, moment: datetime, zone: str) -> None:
    """A date without an offset gets the time zone's of then, in whole minutes."""
    with target.world() as world:
        write(world.owner, {"time_zone": zone}).arranged()
        meant = moment.replace(tzinfo=ZoneInfo(zone))
        offset = meant.utcoffset() or timedelta()
        shown = created(world.owner, end_date=written(moment))["end_date"]
        found = datetime.fromisoformat(shown)
        assert found == meant, shown
        assert found.utcoffset() == offset - offset % MINUTE, shown


@clause("HT-DATE-06")
@given(zone=texts(40).map("zz{}".format), moment=local_times())
def test_texts_that_are_no_time_zone(
    target: Target, zone: str, moment: datetime
) -> None:
    """Whatever text is no time zone leaves dates without an offset in UTC."""
    with target.world() as world:
        write(world.owner, {"time_zone": zone}).arranged()
        item = created(world.owner, end_date=written(moment))
        assert instant(item["end_date"]) == moment.replace(tzinfo=UTC)


@clause("HT-DATE-06")
def test_alerts_in_no_time_zone(target: Target) -> None:
    """The time of an alert without an offset is taken where there is no zone too."""
    with target.world() as world:
        write(world.owner, {"time_zone": "Nowhere/At_All"}).arranged()
        alert = {"timeType": 1, "timeSpecified": "2020-07-01T12:00:00.000"}
        shown = created(world.owner, alerts=[alert])["alerts"][0]["timeSpecified"]
        assert instant(shown) == datetime(2020, 7, 1, 12, tzinfo=UTC), f"{shown}"
