"""Servers that are not ours: what is judged there, and what is left alone."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
import requests
from click.testing import CliRunner

from tasktwin_contract.cli import main
from tasktwin_contract.connection import Connection
from tasktwin_contract.report import jsonfile
from tasktwin_contract.verdicts import Outcome, Result
from tasktwin_contract.wire import HttpTransport

EVERYBODY = (
    "owner",
    "administrator",
    "manager",
    "member",
    "colleague",
    "outsider",
    "personal",
)
MADE = ("HT-ITEM-01", "HT-ITEM-06", "HT-FIELD-27", "HT-PARAM-09", "HT-DELTA-04")
Judge = Callable[..., Result]
Be = Callable[..., None]
Left = Callable[[], list[Path]]


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


def verify(live: Any, *arguments: str) -> tuple[int, str]:
    """Run the command: exit code and all that it says."""
    words = ["verify", "hitask", "--base-url", live.url, "--profile", "quick"]
    done = CliRunner().invoke(main, [*words, *arguments], prog_name="tasktwin")
    return done.exit_code, done.output


def test_access_has_to_be_given(live: Any, be: Be) -> None:
    """A server that is not ours is refused, in a sentence, unless access is given."""
    be("owner")
    code, said = verify(live, "--clause", "HT-ITEM-01")
    assert code == 2
    assert said.count("\n") == 1
    assert "--access" in said
    assert live.calls == []


def test_somebody_has_to_be_configured(live: Any, be: Be) -> None:
    """Without an actor, an API key, or half of an actor's credentials, nothing runs."""
    code, said = verify(live, "--access", "own")
    assert (code, live.calls) == (2, [])
    assert "TASKTWIN_HITASK_OWNER_LOGIN" in said
    be("member")
    os.environ["TASKTWIN_HITASK_API_KEY"] = ""
    assert "TASKTWIN_HITASK_API_KEY" in verify(live, "--access", "own")[1]
    be("member")
    os.environ["TASKTWIN_HITASK_MEMBER_PASSWORD"] = ""
    code, said = verify(live, "--access", "own")
    assert (code, live.calls) == (2, [])
    assert "the actor member lacks TASKTWIN_HITASK_MEMBER_PASSWORD" in said


def test_a_wrong_password_is_told_at_once(live: Any, be: Be) -> None:
    """Credentials that do not sign in are exit 2, and are not shown."""
    be("owner")
    os.environ["TASKTWIN_HITASK_OWNER_PASSWORD"] = "hush-hush"
    code, said = verify(live, "--access", "own", "--clause", "HT-ITEM-01")
    assert code == 2
    assert "authenticate was called: 403" in said
    assert "hush-hush" not in said


def test_the_file_may_hold_all(live: Any, tmp_path: Path) -> None:
    """Address, access, key and people may stand in tasktwin.toml, by `${NAME}` too."""
    facts = live.facts
    os.environ["MAX"] = facts["actors"]["member"]["password"]
    (tmp_path / "tasktwin.toml").write_text(
        f'[hitask]\nbase-url = "{live.url}"\naccess = "own"\n'
        f'api-key = "{facts["api_keys"]["full"]}"\n'
        '[hitask.actors.member]\nlogin = "member"\npassword = "${MAX}"\n'
    )
    words = ["verify", "hitask", "--profile", "quick", "--clause", "HT-ITEM-19"]
    done = CliRunner().invoke(main, words, prog_name="tasktwin")
    assert done.exit_code == 0, done.output
    del os.environ["MAX"]
    done = CliRunner().invoke(main, words, prog_name="tasktwin")
    assert done.exit_code == 2
    assert "hitask.actors.member.password reads the environment's 'MAX'" in done.output


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


def failing(method: str, start: str, status: str) -> Callable[[Any], Any]:
    """A fault: this method below this path is answered with that status."""

    def answer(environ: Any) -> Any:
        right = environ["REQUEST_METHOD"] == method
        if right and environ["PATH_INFO"].startswith(start):
            body = b'{"error_message": "Internal error", "response_status": 100}'
            return status, {"Content-Type": "application/json"}, body
        return None

    return answer


def test_a_must_fails_and_a_should_warns(live: Any, be: Be, judge: Judge) -> None:
    """A broken MUST fails a live server; a SHOULD warns; the rest is observed."""
    be("owner")
    broken = failing("PUT", "/api/item/", "400 Bad Request")
    live.faults.append(broken)
    result = judge("HT-ITEM-13")
    assert result.verdicts()["HT-ITEM-13"].outcome is Outcome.FAIL
    assert (result.exit_code(), result.exit_code("should")) == (0, 1)
    live.faults[:] = [failing("PUT", "/api/item", "400 Bad Request")]
    assert judge("HT-ITEM-11").exit_code() == 1
    result = judge("HT-PARAM-12")
    assert result.verdicts()["HT-PARAM-12"].outcome is Outcome.FAIL
    assert result.exit_code("should") == 0


def test_a_clause_may_leave_something_open(live: Any, be: Be, judge: Judge) -> None:
    """A live server may answer what a clause names as an alternative."""
    be("owner")

    def missing(environ: Any) -> Any:
        query = environ["QUERY_STRING"]
        if "/user/authenticate" in environ["PATH_INFO"] and "api_key" not in query:
            body = b'{"error_message": "Missing parameter api_key", "response_status"'
            return (
                "400 Bad Request",
                {"Content-Type": "application/json"},
                body + b": 4}",
            )
        return None

    live.faults.append(missing)
    result = judge("HT-SESSION-12")
    assert result.verdicts()["HT-SESSION-12"].outcome is Outcome.PASS


PLAIN = {
    "refused": ("403 Forbidden", {"Content-Type": "text/html"}, b"HTTPS, please"),
    "sent on": ("301 Moved Permanently", {"Location": "https://h/api/user"}, b""),
    "sent in clear": ("302 Found", {"Location": "http://h/api/user"}, b""),
    "too busy": ("503 Service Unavailable", {}, b""),
    "as over HTTPS": None,
}


@pytest.mark.parametrize(
    ("plain", "outcome"),
    [
        ("refused", Outcome.PASS),
        ("sent on", Outcome.PASS),
        ("sent in clear", Outcome.SKIP),
        ("too busy", Outcome.SKIP),
        ("as over HTTPS", Outcome.SKIP),
    ],
)
def test_plain_http_is_asked_once(
    live: Any, be: Be, judge: Judge, plain: str, outcome: Outcome
) -> None:
    """One request in clear, without credentials, tells whether HTTPS is required."""
    be("owner")
    asked: list[str] = []

    def answer(environ: Any) -> Any:
        named = {"HTTP_X_HI_SESSION", "HTTP_COOKIE"} & environ.keys()
        if environ["PATH_INFO"] != "/api/user" or named or environ["QUERY_STRING"]:
            return None
        asked.append(plain)
        return PLAIN[plain] if len(asked) == 2 else None  # the first is the secure one

    live.faults.append(answer)
    result = judge("HT-HTTPS-01", access="read")
    assert result.verdicts()["HT-HTTPS-01"].outcome is outcome
    assert len(asked) == 2


def test_plain_http_may_be_served_by_nobody(
    live: Any, be: Be, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody answers in clear, HTTPS is required."""
    be("owner")
    nowhere = HttpTransport("http://127.0.0.1:1", 5.0)
    monkeypatch.setattr(Connection, "in_clear", nowhere)
    result = judge("HT-HTTPS-01", access="read")
    assert result.verdicts()["HT-HTTPS-01"].outcome is Outcome.PASS


def test_the_way_in_clear() -> None:
    """The plain address is that of the server, without its s."""
    connection = Connection("https://example.com:8443/prefix")
    assert connection.address_in_clear == "http://example.com:8443/prefix"


def test_a_deprecated_operation_may_be_gone(live: Any, be: Be, judge: Judge) -> None:
    """Code 86 for a deprecated operation is no failure."""
    be("owner")

    def gone(environ: Any) -> Any:
        if "/item/since/" not in environ["PATH_INFO"]:
            return None
        body = b'{"error_message": "Deprecated", "response_status": 86}'
        return "410 Gone", {"Content-Type": "application/json"}, body

    live.faults.append(gone)
    result = judge("HT-PATH-01")
    assert result.verdicts()["HT-PATH-01"].outcome is Outcome.SKIP
    reasons = {f.message for f in result.findings if f.outcome is Outcome.SKIP}
    assert "listItemsSince is deprecated, and served no more" in reasons


ODD = "p'a\"s s$w&o\\rd%41é"


def test_no_credential_is_shown(
    live: Any, be: Be, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No password, key, login or session is in what is printed or written."""
    users = live.world.users
    owner = next(user for user in users.values() if user.login == "owner")
    users.put(msgspec.structs.replace(owner, password=ODD, login="olive.owens"))
    be("owner", "member")
    monkeypatch.setenv("TASKTWIN_HITASK_OWNER_LOGIN", "olive.owens")
    monkeypatch.setenv("TASKTWIN_HITASK_OWNER_PASSWORD", ODD)
    live.faults.append(failing("DELETE", "/api/item/", "200 OK"))
    live.faults.append(failing("GET", "/api/user/logout", "400 Bad"))
    clauses = ["HT-ITEM-19", "HT-SESSION-01", "HT-SESSION-20", "HT-PARAM-18"]
    words = [word for name in clauses for word in ("--clause", name)]
    code, said = verify(live, "--access", "own", *words, "--report", "json=r.json")
    assert code == 1, said
    shown = said + (tmp_path / "r.json").read_text()
    shown += json.dumps(json.loads((tmp_path / "r.json").read_text()), indent=0)
    secrets = [ODD, "olive.owens", live.facts["api_keys"]["full"], "member-password"]
    secrets += [json.dumps(ODD), quote(ODD), "%27a%22"]
    secrets += [session.id for session in live.world.sessions.values()]
    assert [secret for secret in secrets if secret in shown] == []
    assert "$OWNER_SESSION" in shown


def test_the_shell_lines_work(live: Any, be: Be, judge: Judge) -> None:
    """The lines of a failure repeat it, credentials read from the environment."""
    be("owner")
    wrong = failing("PUT", "/api/item", "400 Bad Request")
    live.faults.append(wrong)
    (failure,) = judge("HT-ITEM-11").verdicts()["HT-ITEM-11"].failures
    done = subprocess.run(
        ["/bin/bash", "-c", "\n".join(failure.calls)],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert '"response_status": 100' in done.stdout, done.stderr
    assert '"title":"prepared"' in done.stdout
