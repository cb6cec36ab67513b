"""The alerts of an item."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.hitask.steps import (
    NO_ID,
    both_ways,
    create,
    created,
    instant,
    refused_both_ways,
    update,
    updated,
)
from tasktwin_contract.reply import Object
from tasktwin_contract.rows import certain
from tasktwin_contract.strategies import dates
from tasktwin_contract.target import Target
from tasktwin_schemas import schema

FACTS = {*schema("hitask", "alert")["properties"]} - {"id"}
SWITCHES = ("sound", "alert", "email", "push")
COUNTED = st.fixed_dictionaries(
    {"timeType": st.integers(2, 4), "time": st.integers(0, 1000)}
)
FIXED = st.fixed_dictionaries({"timeType": st.just(1), "timeSpecified": dates()})
REST = st.fixed_dictionaries(
    {
        "repeat": st.integers(0, 10),
        "repeatInterval": st.integers(0, 60),
        **{switch: st.booleans() for switch in SWITCHES},
    }
)
ALERTS = st.builds(dict.__or__, COUNTED | FIXED, REST)
PLAIN = {"timeType": 4, "time": 5}


def facts(alert: Object) -> dict[str, Any]:
    """What an alert says of what the contract knows, but its id; dates as instants."""
    said = {key: alert.get(key) for key in FACTS}
    shown = {key: value for key, value in said.items() if value is not None}
    if "timeSpecified" in shown:
        shown["timeSpecified"] = instant(shown["timeSpecified"])
    return shown


def alerts_of(item: Object) -> list[Object]:
    """The alerts of an item as the target answers them."""
    return [Object(alert) for alert in item["alerts"] or []]


def kept(item: Object) -> list[dict[str, Any]]:
    """What the alerts of `item` say, in order."""
    return [facts(alert) for alert in alerts_of(item)]


@clause("HT-ALERT-01", "HT-ALERT-11")
@given(sent=st.lists(ALERTS, max_size=4))
def test_the_list_that_is_sent(target: Target, sent: list[dict[str, Any]]) -> None:
    """The list of alerts that is sent is the list that is kept, in its order."""
    wanted = [facts(Object(alert)) for alert in sent]
    for item in both_ways(target, alerts=sent):
        with judging("HT-ALERT-01"):
            assert len(kept(item)) == len(wanted)
            assert all(kept(item).count(one) == wanted.count(one) for one in wanted)
        assert kept(item) == wanted


@clause("HT-ALERT-02")
@given(first=ALERTS, second=ALERTS)
def test_an_alert_is_updated(
    target: Target, first: dict[str, Any], second: dict[str, Any]
) -> None:
    """An alert sent with its id is updated, and keeps the id."""
    with target.world() as world:
        item = created(world.owner, alerts=[PLAIN, first])
        one, two = alerts_of(item)
        changed = [one, {"id": two["id"], **second}]
        after = alerts_of(updated(world.owner, item, alerts=changed))
        said = {alert["id"]: facts(alert) for alert in after}
        assert said == {one["id"]: facts(one), two["id"]: facts(Object(second))}


@clause("HT-ALERT-03")
def test_new_alerts_have_new_ids(target: Target) -> None:
    """Each alert sent without an id is made, with an id of its own."""
    with target.world() as world:
        item = created(world.owner, alerts=[PLAIN, PLAIN])
        other = created(world.owner, alerts=[PLAIN])
        after = updated(world.owner, item, alerts=[*alerts_of(item), PLAIN])
        ids = [alert["id"] for one in (after, other) for alert in alerts_of(one)]
        assert len(ids) == 4
        assert len(set(ids)) == 4
        assert all(isinstance(number, int) for number in ids)


@clause("HT-ALERT-04")
@pytest.mark.parametrize("left", [certain([]), [0], [1], [0, 2]])
def test_alerts_left_out(target: Target, left: list[int]) -> None:
    """An alert left out of the list is deleted, the others stay."""
    sent = [{"timeType": 4, "time": minutes} for minutes in (5, 10, 15)]
    with target.world() as world:
        item = created(world.owner, alerts=sent)
        alerts = [alerts_of(item)[index] for index in left]
        after = updated(world.owner, item, alerts=alerts)
        said = {alert["id"]: alert["time"] for alert in alerts_of(after)}
        assert said == {alert["id"]: alert["time"] for alert in alerts}


@clause("HT-ALERT-04")
def test_alerts_not_sent(target: Target) -> None:
    """An update without alerts leaves them as they are."""
    with target.world() as world:
        item = created(world.owner, alerts=[PLAIN])
        assert updated(world.owner, item, color=1)["alerts"] == item["alerts"]


INCOMPLETE = [
    {"time": 5},
    {"sound": True},
    {"timeType": 2},
    {"timeType": 3},
    {"timeType": 4, "timeSpecified": "2020-01-01T00:00:00.000+00:00"},
    {"timeType": 1},
    {"timeType": 1, "time": 5},
]


@clause("HT-ALERT-05")
@pytest.mark.parametrize("alert", INCOMPLETE)
def test_incomplete_alerts(target: Target, alert: dict[str, Any]) -> None:
    """An alert without what its timeType makes mandatory is refused."""
    refused_both_ways(target, None, None, alerts=[PLAIN, alert])


@clause("HT-ALERT-06")
@pytest.mark.parametrize("alert", INCOMPLETE)
def test_the_code_of_incomplete_alerts(target: Target, alert: dict[str, Any]) -> None:
    """What is mandatory and missing in an alert is 400 and 4; nothing changes."""
    with target.world() as world:
        item = created(world.owner, alerts=[PLAIN])
        update(world.owner, item, alerts=[alert], color=3).refused(400, 4)
        create(world.owner, alerts=[alert]).refused(400, 4)
        assert list(world.owner.items().values()) == [item]


@clause("HT-ALERT-07")
@pytest.mark.parametrize(
    "alert",
    [
        {"timeType": 0, "time": 5},
        {"timeType": 5, "time": 5},
        {"timeType": "4", "time": 5},
        {"timeType": 4, "time": "soon"},
        {"timeType": 1, "timeSpecified": "tomorrow"},
        {"timeType": 4, "time": 5, "repeat": -1},
        {"timeType": 4, "time": 5, "repeatInterval": "often"},
        {"timeType": 4, "time": 5, "sound": "loud"},
        "an alert",
        17,
    ],
)
def test_wrong_alerts(target: Target, alert: Any) -> None:
    """Anything else that is wrong in an alert is 400 and 6; nothing changes."""
    with target.world() as world:
        item = created(world.owner, alerts=[PLAIN])
        update(world.owner, item, alerts=[PLAIN, alert], color=3).refused(400, 6)
        create(world.owner, alerts=[alert]).refused(400, 6)
        assert list(world.owner.items().values()) == [item]


@clause("HT-ALERT-07")
@pytest.mark.parametrize("sent", ["no list", "{", '{"timeType": 4, "time": 5}'])
def test_what_is_no_list_of_alerts(target: Target, sent: str) -> None:
    """What is no JSON list of alerts is 400 and 6."""
    refused_both_ways(target, 400, 6, alerts=sent)


@clause("HT-ALERT-07")
def test_an_alert_that_comes_twice(target: Target) -> None:
    """A list that has one alert twice is 400 and 6; nothing changes."""
    with target.world() as world:
        item = created(world.owner, alerts=[PLAIN])
        twice = [{**PLAIN, "id": alerts_of(item)[0]["id"]}] * 2
        update(world.owner, item, alerts=twice).refused(400, 6)
        assert list(world.owner.items().values()) == [item]


@clause("HT-ALERT-08")
def test_alerts_of_other_items(target: Target) -> None:
    """The id of another item's alert, or of none, is 404 and 1; nothing changes."""
    with target.world() as world:
        item = created(world.owner, alerts=[PLAIN])
        other = created(world.owner, alerts=[PLAIN])
        for number in (alerts_of(other)[0]["id"], NO_ID):
            alert = {**PLAIN, "id": number, "time": 7}
            update(world.owner, item, alerts=[alert]).refused(404, 1)
            create(world.owner, alerts=[alert]).refused(404, 1)
        assert list(world.owner.items().values()) == [item, other]


@clause("HT-ALERT-09")
def test_switches_left_out(target: Target) -> None:
    """Switches that are left out are false, repeat and repeatInterval 0."""
    for item in both_ways(target, alerts=[PLAIN]):
        for alert in alerts_of(item):
            assert [alert[switch] for switch in SWITCHES] == [False] * 4
            assert (alert["repeat"], alert["repeatInterval"]) == (0, 0)


@clause("HT-ALERT-10")
@given(time=st.integers(1, 4000).map(lambda quarter: quarter / 4))
def test_fractions(target: Target, time: float) -> None:
    """The time of an alert may have a fraction."""
    for item in both_ways(target, alerts=[{"timeType": 3, "time": time}]):
        assert [alert["time"] for alert in alerts_of(item)] == [time]
