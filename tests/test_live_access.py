"""Servers that are not ours: what is judged there, and what is left alone."""

import json
from typing import Any

import pytest
import requests

from tasktwin_contract.report import jsonfile
from tasktwin_contract.verdicts import Outcome

from .live_server import EVERYBODY, Be, Judge, Left, failing

MADE = ("HT-ITEM-01", "HT-ITEM-06", "HT-FIELD-27", "HT-PARAM-09", "HT-DELTA-04")


@pytest.fixture
def before(live: Any) -> list[bytes]:
    """What is on the server before a run, an item of everybody's among it."""
    for name, person in live.facts["actors"].items():
        answer = requests.post(
            f"{live.url}/api/item",
            data={"guid": uuid_of(name), "title": f"of {name}", "tags": "mine"},
            headers={"x-hi-session": person["session_id"]},
            timeout=30,
        )
        assert answer.status_code == 200
    live.calls.clear()
    snapshot: list[bytes] = live.snapshot()
    return snapshot


def uuid_of(name: str) -> str:
    """A UUID for something of somebody's."""
    return f"00000000-0000-4000-8000-{name.encode().hex()[:12].ljust(12, '0')}"


def test_a_conforming_server_conforms(
    live: Any, be: Be, judge: Judge, before: list[bytes], left: Left
) -> None:
    """What conforms passes, nothing is left of the run, nothing else was touched."""
    be(*EVERYBODY)
    clauses = (*MADE, "HT-ITEM-23", "HT-ITEM-26", "HT-SESSION-20")
    result = judge(*clauses, "HT-SESSION-03", "HT-USER-06")
    assert result.exit_code() == 0, result.problems
    assert not result.own
    assert {result.verdicts()[name].outcome for name in clauses} == {Outcome.PASS}
    assert live.snapshot() == before
    assert left() == []


@pytest.mark.parametrize("name", ["owner", "personal"])
def test_one_actor_is_enough(
    name: str, live: Any, be: Be, judge: Judge, before: list[bytes]
) -> None:
    """Who is alone plays the owner; what needs more is skipped, the result partial."""
    be(name)
    more = ("HT-ITEM-26", "HT-SESSION-03", "HT-USER-03", "HT-USER-06", "HT-SESSION-17")
    result = judge("HT-ITEM-19", "HT-FIELD-25", *more, "HT-PARAM-17")
    outcomes = {key: verdict.outcome for key, verdict in result.verdicts().items()}
    assert (result.exit_code(), result.partial) == (0, True)
    assert {outcomes["HT-ITEM-19"], outcomes["HT-FIELD-25"]} == {Outcome.PASS}
    assert {outcomes[key] for key in more} == {Outcome.SKIP}
    reasons = {f.message for f in result.findings if f.outcome is Outcome.SKIP}
    assert "nobody is configured who could play the part of administrator" in reasons
    assert live.snapshot() == before


def test_with_access_read_nothing_is_written(
    live: Any, be: Be, judge: Judge, before: list[bytes]
) -> None:
    """With access read only reading operations are called, and sessions opened."""
    be(*EVERYBODY)
    result = judge("HT-USER-01", "HT-PATH-01", "HT-ANSWER-02", access="read")
    assert result.exit_code() == 0, result.problems
    assert {method for method, _, _ in live.calls} == {"GET"}
    assert result.verdicts()["HT-USER-01"].outcome is Outcome.PASS
    assert result.verdicts()["HT-PATH-01"].outcome is Outcome.SKIP
    assert live.snapshot() == before


def test_with_access_own_no_account_is_written(
    live: Any, be: Be, judge: Judge, before: list[bytes]
) -> None:
    """With access own no operation on an account is called, hostile ones included."""
    be(*EVERYBODY)
    result = judge("HT-USER-16", "HT-PARAM-23", "HT-ANSWER-05")
    assert not result.broken("should"), result.findings
    assert not [path for _, path, _ in live.calls if path.endswith("/user/update")]
    assert live.snapshot() == before


def test_with_access_full_accounts_are_put_back(
    live: Any, be: Be, judge: Judge, before: list[bytes], left: Left
) -> None:
    """With access full accounts are changed, and put back."""
    be(*EVERYBODY)
    clauses = ("HT-USER-07", "HT-USER-10", "HT-USER-18", "HT-PATH-01")
    result = judge(*clauses, access="full")
    assert {result.verdicts()[name].outcome for name in clauses} == {Outcome.PASS}
    assert [path for _, path, _ in live.calls if path.endswith("/user/update")]
    assert live.snapshot() == before
    assert left() == []


def test_whom_a_run_invites_goes_again(
    live: Any, be: Be, judge: Judge, before: list[bytes], left: Left
) -> None:
    """Invited people and contacts of a run have gone at its end, and no member has."""
    be(*EVERYBODY)
    clauses = ("HT-TEAM-12", "HT-TEAM-15", "HT-TEAM-22", "HT-TEAM-35")
    more = ("HT-CONTACT-10", "HT-CONTACT-11", "HT-CONTACT-12", "HT-CONTACT-23")
    result = judge(*clauses, *more, "HT-TEAM-23", "HT-CONTACT-30", access="full")
    assert result.exit_code() == 0, result.problems
    outcomes = {key: verdict.outcome for key, verdict in result.verdicts().items()}
    assert {outcomes[name] for name in (*clauses, *more)} == {Outcome.PASS}
    assert outcomes["HT-TEAM-23"] is outcomes["HT-CONTACT-30"] is Outcome.SKIP
    assert {"/api/team/member", "/api/contact"} <= {path for _, path, _ in live.calls}
    assert live.snapshot() == before
    assert left() == []


def test_what_is_made_is_marked(live: Any, be: Be, judge: Judge) -> None:
    """Everything that the run makes carries its mark, of which tests see nothing."""
    be("owner")
    titles: list[str] = []

    def look(environ: Any) -> None:
        titles.extend(item.title for item in live.world.items.values())

    live.faults.append(look)
    assert judge("HT-ITEM-01", "HT-ITEM-16", "HT-FIELD-27").exit_code() == 0
    assert titles
    assert {title[:9] for title in titles} == {"tasktwin "}
    assert len({title[:18] for title in titles}) == 1


def test_what_is_there_is_out_of_sight(
    live: Any, be: Be, judge: Judge, before: list[bytes]
) -> None:
    """A test sees what its world made, and no report shows what else is there."""
    be(*EVERYBODY)
    live.faults.append(failing("DELETE", "/api/item/", "500 Oops"))
    result = judge("HT-ITEM-01", "HT-ITEM-19", "HT-DELTA-04")
    assert result.verdicts()["HT-ITEM-01"].outcome is Outcome.PASS
    assert result.exit_code() == 1
    report = json.dumps(jsonfile.as_data(result))
    assert "of owner" not in report


def test_tags_are_marked_as_well(
    live: Any, be: Be, judge: Judge, before: list[bytes]
) -> None:
    """Tags carry the mark, tests see their own, and all of them go at the end."""
    be(*EVERYBODY)
    names: set[str] = set()

    def look(environ: Any) -> None:
        names.update(tag.name for tag in live.world.tags.values())

    live.faults.append(look)
    asked = ("HT-TAG-12", "HT-TAG-18", "HT-TAG-28", "HT-TAG-32", "HT-TAG-33")
    verdicts = judge(*asked).verdicts()
    assert {verdicts[name].outcome for name in asked} == {Outcome.PASS}
    assert {name[:9] for name in names} == {"mine", "tasktwin "}
    assert live.snapshot() == before
    assert {tag.name for tag in live.world.tags.values()} == {"mine"}
