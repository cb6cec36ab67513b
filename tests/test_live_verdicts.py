"""Servers that are not ours: what is held against them, and what is not."""

from typing import Any

import pytest

from tasktwin_contract.connection import Connection
from tasktwin_contract.verdicts import Outcome
from tasktwin_contract.wire import HttpTransport

from .live_server import Be, Judge, failing


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
