"""Faults by script: what a client meets, in order, and what it does not."""

import http.client
import json
from typing import Any

import pytest
from werkzeug.test import Client

from tasktwin_mockserver import App, Settings
from tasktwin_mockserver.faults import ANY, FaultError, Faults, Step
from tasktwin_mockserver.server import MockServer

from .scripted import SECONDS, Mock, script


def test_steps_are_met_in_order(mock: Mock) -> None:
    """Each request meets one step, and after the last one all is well."""
    mock.world.faults.script("createItem", [503, 404, "ok", 400])
    assert [mock.create().status_code for _ in range(3)] == [503, 404, 200]
    assert mock.send("PUT", "/item", data={"id": 3000001}).status_code == 200
    assert mock.create().status_code == 400
    assert mock.send("GET", "/item").status_code == 200


def test_a_status_is_in_the_envelope_of_the_api(mock: Mock) -> None:
    """A refusal by script looks as the API's own do, and nothing is done."""
    mock.world.faults.script(
        "createItem",
        [503, {"status": 429, "retry_after": 2}, {"status": 400, "code": 4}],
    )
    answers = [mock.create() for _ in range(3)]
    codes = [answer.json["response_status"] for answer in answers if answer.json]
    assert codes == [100, 67, 4]
    assert answers[1].headers["Retry-After"] == "2"
    assert mock.titles() == []


def test_other_operations_and_worlds_are_spared(mock: Mock) -> None:
    """A script is met by its operation in its world only."""
    mock.app.worlds.make("twin")
    mock.world.faults.script("createItem", [503])
    assert mock.send("GET", "/item").status_code == 200
    twin = mock.app.worlds.get("twin")
    assert twin is not None
    assert twin.faults.left == {}
    assert mock.world.fork().faults.left == {}
    assert mock.create().status_code == 503


def test_a_script_for_any_operation(mock: Mock) -> None:
    """A script for any is met by whatever comes; the older of two comes first."""
    mock.world.faults.script(ANY, [500])
    mock.world.faults.script("createItem", [501, 502])
    statuses = [mock.create().status_code, mock.send("GET", "/user").status_code]
    assert statuses == [500, 200]
    assert [mock.create().status_code for _ in range(3)] == [501, 502, 200]


def test_aliases_meet_the_script_of_their_operation(mock: Mock) -> None:
    """A second path of an operation meets the scripts of the first."""
    mock.world.faults.script("addGroupMember", [503])
    assert mock.send("POST", "/group/g/contact/1").status_code == 503


def test_what_is_left_can_be_asked(mock: Mock) -> None:
    """What no request has met is left, until it is forgotten."""
    faults = mock.world.faults
    script = faults.script("createItem", [{"status": 503, "times": 3}, "reset"])
    mock.create()
    assert script.left == [Step(status=503, times=2), Step(reset=0)]
    assert faults.left == {"createItem": script.left}
    assert script.plain() == {
        "operation": "createItem",
        "steps": [{"status": 503, "times": 3}, "reset"],
        "left": [{"status": 503, "times": 2}, "reset"],
    }
    faults.clear()
    assert (faults.left, list(faults)) == ({}, [])
    assert mock.create().status_code == 200


@pytest.mark.parametrize(
    ("operation", "steps", "field", "words"),
    [
        ("makeItem", [503], "operation", "no operation 'makeItem'"),
        ("createItem", [], "steps", "at least one"),
        ("createItem", 503, "steps", "a list"),
        ("createItem", "reset", "steps", "a list"),
        ("createItem", [200], "steps[0]", "400"),
        ("createItem", [503, 600], "steps[1]", "599"),
        ("createItem", ["explode"], "steps[0]", "ok, reset, cut, malformed"),
        ("createItem", [None], "steps[0]", "a status, a word or an object"),
        ("createItem", [True], "steps[0]", "a status, a word or an object"),
        ("createItem", [{"delay": -1}], "steps[0]", "0"),
        ("createItem", [{"delay": float("nan")}], "steps[0]", "delay"),
        ("createItem", [{"colour": 1}], "steps[0]", "colour"),
        ("createItem", [{"status": 400, "code": 9999}], "steps[0].code", "9999"),
        ("createItem", [{"code": 4}], "steps[0].status", "status"),
    ],
)
def test_scripts_that_cannot_be_followed(
    operation: str, steps: Any, field: str, words: str
) -> None:
    """What is no operation or no step is refused with a sentence, and where it is."""
    faults = Faults("hitask")
    with pytest.raises(FaultError, match=r".") as caught:
        faults.script(operation, steps)
    assert caught.value.field == field
    assert words in str(caught.value)
    assert list(faults) == []


def test_an_answer_is_spoilt_after_the_work(mock: Mock) -> None:
    """A malformed or cut answer comes for a request that is done all the same."""
    mock.world.faults.script("createItem", ["malformed", "cut", {"cut": 12}])
    malformed, cut, longer = (mock.create() for _ in range(3))
    for answer in (malformed, cut, longer):
        assert answer.status_code == 200
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        with pytest.raises(ValueError, match=r"."):
            json.loads(answer.data)
    assert (len(cut.data), len(longer.data)) == (1, 12)
    assert len(mock.titles()) == 3


@pytest.mark.parametrize(("status", "code"), [
    (400, 6), (401, 7), (403, 3), (404, 1), (405, 17), (413, 25), (415, 5), (429, 67),
    (507, 20), (418, 100), (500, 100),
])  # fmt: skip
def test_codes_beside_a_status(mock: Mock, status: int, code: int) -> None:
    """A refusal by script has the code that refusals of that status mostly have."""
    mock.world.faults.script(ANY, [{"status": status}])
    answer = mock.send("GET", "/user")
    assert answer.json is not None
    assert (answer.status_code, answer.json["response_status"]) == (status, code)


def test_a_status_without_a_phrase() -> None:
    """A script may ask for a status that HTTP has no words for, over a socket too."""
    with MockServer("hitask") as server:
        script(server, [599])
        connection = http.client.HTTPConnection("127.0.0.1", server.port, SECONDS)
        connection.request("GET", "/api/user")
        answer = connection.getresponse()
        assert (answer.status, answer.reason) == (599, "Unknown")
        connection.close()


@pytest.mark.parametrize(("api", "path", "found"), [
    ("gsmtasks", "/api/tasks/tasks/", b'"detail"'),
    ("fivepm", "/api/v2/service/get/users/getAll", b"<error>"),
    ("fivepm", "/api/v2/service/get/users/getAll?retType=json", b'"error"'),
])  # fmt: skip
@pytest.mark.parametrize("status", [401, 404, 429, 500, 503, 599])
def test_every_api_has_its_envelope(
    api: str, path: str, found: bytes, status: int
) -> None:
    """A refusal by script has the envelope of its API, and the header that goes on."""
    app = App(api)
    world = app.worlds.get("default")
    assert world is not None
    world.faults.script(ANY, [{"status": status, "retry_after": 3}])
    answer = Client(app).get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "3")
    assert found in answer.data
    told = "WWW-Authenticate" in answer.headers
    assert told == (api == "gsmtasks" and status == 401)


def test_nothing_is_spoilt_where_nothing_is_sent() -> None:
    """An answer without a body stays without one, for the next would be misread."""
    app = App("hitask", settings=Settings(cors=True))
    world = app.worlds.get("default")
    assert world is not None
    world.faults.script(ANY, ["malformed"])
    leave = {"Origin": "http://a", "Access-Control-Request-Method": "GET"}
    answer = Client(app).options("/api/user", headers=leave)
    assert (answer.status_code, answer.data) == (204, b"")
    assert world.faults.left == {ANY: [Step(malformed=True)]}
