"""Servers that conform in other words than the mock does: nobody is blamed for that."""

import json
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tasktwin_contract.target import Target
from tasktwin_contract.wire import Request, Response, WsgiTransport
from tasktwin_mockserver import App
from tasktwin_schemas import APIS, operations

from .judgement import judged

KIND = "content-type"


def as_json(write: Callable[[Any], str]) -> Callable[[Response], Response]:
    """The same data, written in another way."""

    def rewritten(answer: Response) -> Response:
        if "json" not in answer.headers.get(KIND, "") or not answer.body:
            return answer
        return replace(answer, body=write(json.loads(answer.body)).encode())

    return rewritten


def turned(value: Any) -> Any:
    """The same objects, their names in another order."""
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(value)}
    return [turned(one) for one in value] if isinstance(value, list) else value


def with_headers(answer: Response) -> Response:
    """What servers and those before them add, of each answer its own."""
    more = {
        "server": "nginx",
        "x-request-id": uuid.uuid4().hex,
        "etag": uuid.uuid4().hex,
    }
    more |= {"cache-control": "no-store", "vary": "Accept-Encoding"}
    return replace(answer, headers={**answer.headers, **more})


def kind_in_capitals(answer: Response) -> Response:
    """Media types are the same in any letter case, and JSON needs no charset."""
    kind = answer.headers.get(KIND, "")
    if "json" not in kind:
        return answer
    return replace(answer, headers={**answer.headers, KIND: "Application/JSON"})


def in_other_xml(answer: Response) -> Response:
    """The same document, after a comment and on lines of its own."""
    if "xml" not in answer.headers.get(KIND, "") or not answer.body:
        return answer
    head, mark, rest = answer.body.rpartition(b"?>")
    return replace(answer, body=head + mark + b"\n<!-- done -->\n" + rest + b"\n")


WAYS: tuple[Callable[[Response], Response], ...] = (
    as_json(lambda data: json.dumps(turned(data), indent=2)),
    with_headers,
    kind_in_capitals,
    in_other_xml,
)


@pytest.mark.parametrize("api", APIS)
def test_what_is_said_in_other_words(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spaces, order of names, escapes, headers and letter case break no clause."""
    plain = WsgiTransport.send
    reworded: Counter[str] = Counter()

    def send(self: WsgiTransport, request: Request) -> Response:
        answer = plain(self, request)
        if request.path.startswith("/__admin"):
            return answer
        reworded[request.method] += 1
        for way in WAYS:
            answer = way(answer)
        kept = {
            name: v for name, v in answer.headers.items() if name != "content-length"
        }
        return replace(answer, headers=kept)

    monkeypatch.setattr(WsgiTransport, "send", send)
    result = judged(None, api=api, workers="0")
    broken = {name for name, one in result.verdicts().items() if one.failures}
    assert not broken
    assert result.exit_code() == 0
    assert reworded.keys() >= {one.method for one in operations(api).values()}


def test_words_of_users_are_no_refusals() -> None:
    """A preference may be called as what a refusal has."""
    target = Target("hitask", WsgiTransport(App("hitask")), None, 7)
    with target.world() as world:
        sent = {"error_message": "none", "response_status": "7"}
        world.owner.call("setPreferences", **sent).expect(200)
        for name in ("getPreferences", "getPreferencesV6"):
            assert world.owner.call(name).expect(200)["error_message"] == "none"
    assert not target.broken


def test_words_of_users_are_no_passwords() -> None:
    """Who calls a login or a preference so gives no password away."""
    target = Target("hitask", WsgiTransport(App("hitask")), None, 7)
    with target.world() as world:
        world.owner.call("updateUser", loginId="my-password").expect(200)
        assert world.owner.call("getUser")["login"] == "my-password"
        world.owner.call("setPreferences", password="0").expect(200)
        for name in ("getPreferences", "getPreferencesV6"):
            assert b"password" in world.owner.call(name).expect(200).body
        assert not target.broken
        world.owner.item(title=world.owner.password)
    assert [*target.broken] == ["HT-ANSWER-06"]
