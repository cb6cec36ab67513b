"""Our own server as it may be served: behind HTTPS, with options."""

from http.server import BaseHTTPRequestHandler

import pytest

from tasktwin_contract.connection import Connection
from tasktwin_contract.verdicts import Outcome
from tasktwin_contract.wire import HttpTransport
from tasktwin_mockserver import MockServer, Settings

from .http_server import Handler, serving
from .judgement import judged, repeated

CLAUSES = {
    "hitask": ("HT-HTTPS-01", "HT-HTTPS-02"),
    "fivepm": ("FP-CALL-22", "FP-CALL-24"),
    "gsmtasks": ("GT-AUTH-30", "GT-AUTH-31"),
}
MUST, *_ = CLAUSES["hitask"]


def answering(status: int, location: str = "") -> Handler:
    """Answers every GET with `status`."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Answering


@pytest.mark.parametrize("api", CLAUSES)
def test_plain_http_is_not_served(api: str) -> None:
    """Where HTTPS is all that is served, nothing is held against that."""
    with MockServer(api, tls=True) as server:
        ca_file = str(server.ca_file)
        result = judged(server.url, *CLAUSES[api], api=api, ca_file=ca_file)
    verdicts = result.verdicts()
    for clause in CLAUSES[api]:
        if clause == MUST:  # the others' have a test that wants a world without HTTPS
            assert verdicts[clause].outcome is Outcome.PASS
        else:
            assert verdicts[clause].outcome is Outcome.SKIP
            reason = f"{server.url} is not asked over plain HTTP"
            assert reason in {found.message for found in verdicts[clause].findings}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((403,), Outcome.PASS),
        ((301, "https://localhost/api/user"), Outcome.PASS),
        ((301, "http://localhost/api/user"), Outcome.FAIL),
        ((200, "https://localhost/api/user"), Outcome.FAIL),
        ((200,), Outcome.FAIL),
    ],
)
def test_plain_http_is_served_as_well(
    monkeypatch: pytest.MonkeyPatch, answer: tuple[int, str], outcome: Outcome
) -> None:
    """Who answers plain HTTP has to refuse, or to send on to HTTPS."""
    with serving(answering(*answer)) as plain, MockServer("hitask", tls=True) as server:
        monkeypatch.setattr(Connection, "in_clear", HttpTransport(plain, 5.0))
        result = judged(server.url, MUST, ca_file=str(server.ca_file))
    assert result.verdicts()[MUST].outcome is outcome


@pytest.mark.parametrize("insecure", [False, True])
def test_the_lines_of_a_failure_can_be_run(
    monkeypatch: pytest.MonkeyPatch, insecure: bool
) -> None:
    """The calls that show a failure trust whom the run trusted."""
    with MockServer("hitask", tls=True) as server:
        operations = {**server.app.api.operations, "getUser": lambda *_: {"id": "one"}}
        monkeypatch.setattr(server.app.api, "operations", operations)
        trust = {"insecure": True} if insecure else {"ca_file": str(server.ca_file)}
        result = judged(server.url, "HT-USER-01", **trust)
        failure = next(f for f in result.findings if f.outcome is Outcome.FAIL)
        done = repeated(failure.calls)
    assert done.returncode == 0, done.stderr
    assert '{"id":"one"}' in done.stdout


def test_eight_threads_write_over_http() -> None:
    """The laws of many writers are judged over a socket, as in process."""
    clauses = ("HT-DELTA-32", "HT-DELTA-33")
    with MockServer("hitask") as server:
        result = judged(server.url, *clauses)
    assert {result.verdicts()[name].outcome for name in clauses} == {Outcome.PASS}


@pytest.mark.parametrize(
    "settings",
    [
        Settings(rate_limit=1),
        Settings(require_https=True),
        Settings(strict=True),
        Settings(max_body=10),
        Settings(max_items=0, max_members=0, max_storage=0),
        Settings(accounts={"owner": "terminated"}),
    ],
    ids=str,
)
def test_options_of_the_server_are_not_judged(settings: Settings) -> None:
    """The suite's worlds have settings of their own, whatever holds for others."""
    clauses = ("HT-ITEM-11", "HT-PATH-02", "HT-SESSION-01")
    with MockServer("hitask", settings=settings) as server:
        result = judged(server.url, *clauses)
    assert {found.outcome for found in result.findings} == {Outcome.PASS}
