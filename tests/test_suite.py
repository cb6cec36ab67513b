"""The suite against servers that are broken, or are none."""

import json
import logging
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import requests

from tasktwin_contract.connection import CannotJudgeError
from tasktwin_contract.verdicts import Outcome
from tasktwin_mockserver.server import MockServer

from .http_server import Handler, serving
from .judgement import judged


def forwarder(origin: str, spoil: Callable[[str, int, bytes], Any]) -> Handler:
    """Passes each call on to `origin`, and the answer back through `spoil`."""

    class Forwarder(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            with requests.Session() as session:
                session.trust_env = False
                answer = session.request(
                    self.command,
                    origin + self.path,
                    headers=dict(self.headers),
                    data=body,
                    timeout=30,
                )
            status, content = spoil(self.path, answer.status_code, answer.content)
            self.send_response(status)
            for name, value in answer.headers.items():
                if name.lower() not in ("content-length", "server", "date"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else content)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = pass_on  # noqa: N815
        do_HEAD = do_BREW = pass_on  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Forwarder


def unspoilt(path: str, status: int, body: bytes) -> tuple[int, bytes]:
    """Leave an answer as it is."""
    return status, body


def test_a_proxy_is_judged_as_what_it_hides() -> None:
    """A server that passes its calls on, /__admin included, conforms as ours does."""
    clauses = ("HT-ITEM-01", "HT-SESSION-04", "HT-DELTA-05", "HT-ALERT-04")
    with (
        MockServer("hitask") as server,
        serving(forwarder(server.url, unspoilt)) as url,
    ):
        result = judged(url, *clauses)
    assert result.exit_code() == 0, result.problems
    for name in clauses:
        assert result.verdicts()[name].outcome is Outcome.PASS


def test_a_planted_exception_is_found(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception in an operation is a logged 500, and the suite reports it."""

    def broken(call: object, world: object) -> None:
        raise ZeroDivisionError("planted")

    with MockServer("hitask") as server:
        operations = {**server.app.api.operations, "deleteItem": broken}
        monkeypatch.setattr(server.app.api, "operations", operations)
        world = server.describe()["world"]
        headers = {"x-hi-session": world["actors"]["owner"]["session_id"]}
        with caplog.at_level(logging.ERROR, "tasktwin"):
            answer = requests.delete(
                f"{server.url}/api/item/1", headers=headers, timeout=30
            )
        log = server.app.worlds.get("default")
        result = judged(server.url, "HT-ITEM-19")
    assert answer.status_code == 500
    assert answer.json() == {"error_message": "Internal error", "response_status": 100}
    assert "planted" in caplog.text
    assert log is not None
    assert "ZeroDivisionError" in str([exchange.error for exchange in log.traffic])
    assert result.exit_code() == 1
    assert result.verdicts()["HT-ITEM-19"].outcome is Outcome.FAIL
    assert result.verdicts()["HT-ERROR-06"].outcome is Outcome.FAIL
    assert "500" in result.verdicts()["HT-ERROR-06"].failures[0].actual


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda body: b"<html>" + body,
        lambda body: re.sub(rb"}$", b',"more":NaN}', body),
        lambda body: re.sub(rb"}$", b',"more":-Infinity}', body),
    ],
)
def test_what_is_no_json_is_found(spoilt: Callable[[bytes], bytes]) -> None:
    """Answers that are no JSON break the clauses that say so, and crash nothing."""

    def spoil(path: str, status: int, body: bytes) -> tuple[int, bytes]:
        return status, body if "/__admin" in path else spoilt(body)

    with MockServer("hitask") as server, serving(forwarder(server.url, spoil)) as url:
        result = judged(url, "HT-USER-01", "HT-ERROR-01")
    assert result.exit_code() == 1
    assert result.verdicts()["HT-ANSWER-01"].outcome is Outcome.FAIL


def test_a_server_that_dies_is_not_blamed() -> None:
    """A target that goes away in the middle could not be judged."""
    calls = []

    def spoil(path: str, status: int, body: bytes) -> tuple[int, bytes]:
        calls.append(path)
        if len(calls) > 5:
            raise ConnectionError
        return status, body

    with MockServer("hitask") as server:
        handler = forwarder(server.url, spoil)
        setattr(handler, "handle", quietly(handler.handle))  # noqa: B010 (a method)
        with serving(handler) as url:
            result = judged(url, "HT-ITEM-28", "HT-ITEM-01", "HT-ITEM-10")
    assert result.exit_code() == 2
    assert not result.broken()


def quietly(handle: Callable[[Any], None]) -> Callable[[Any], None]:
    """`handle` without a word where the connection breaks."""

    def handled(self: Any) -> None:
        try:
            handle(self)
        except ConnectionError:
            self.close_connection = True

    return handled


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"<html>", "no tasktwin server"),
        (b"[]", "no tasktwin server"),
        (json.dumps({"api": "other"}).encode(), "serves other, not hitask"),
    ],
)
def test_what_is_no_target(answer: bytes, words: str) -> None:
    """A server that is none of ours is refused in a sentence."""

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer anything with the same."""
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with serving(Other) as url, pytest.raises(CannotJudgeError, match=words):
        judged(url, "HT-ITEM-02")


def test_nobody_there() -> None:
    """An address where nobody listens is refused in a sentence."""
    with pytest.raises(CannotJudgeError, match="cannot reach"):
        judged("http://127.0.0.1:1", "HT-ITEM-02")
