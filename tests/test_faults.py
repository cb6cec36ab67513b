"""Faults by script: what a client meets, in order, and what it does not."""

import http.client
import json
import socket
import ssl
import threading
import uuid
from contextlib import closing, suppress
from typing import Any, cast

import pytest
from werkzeug.test import Client, TestResponse

from tasktwin_contract.wire import Request, WsgiTransport
from tasktwin_mockserver import App, Settings
from tasktwin_mockserver.api import Answer, Api
from tasktwin_mockserver.faults import ANY, FaultError, Faults, Step
from tasktwin_mockserver.server import MockServer
from tasktwin_mockserver.world import World

SECONDS = 30
USER = b"GET /api/user HTTP/1.1\r\nHost: x\r\n\r\n"


class Mock:
    """A fresh mock, asked in process as its owner."""

    def __init__(self) -> None:
        self.app = App("hitask")
        actors = self.app.worlds.describe("default", "")["actors"]
        self.session = {"x-hi-session": actors["owner"]["session_id"]}

    @property
    def world(self) -> World:
        """Its default world."""
        world = self.app.worlds.get("default")
        assert world is not None
        return world

    def send(self, method: str, path: str, **parts: Any) -> TestResponse:
        """Send a request."""
        client = Client(self.app)
        return client.open(f"/api{path}", method=method, headers=self.session, **parts)

    def create(self) -> TestResponse:
        """Make an item."""
        data = {"guid": str(uuid.uuid4()), "title": "a"}
        return self.send("POST", "/item", data=data)

    def titles(self) -> list[str]:
        """Those of all items."""
        rows = self.send("GET", "/item").json
        assert rows is not None
        return [row["title"] for row in rows]


@pytest.fixture
def mock() -> Mock:
    """A fresh mock."""
    return Mock()


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


def test_a_reset_in_process(mock: Mock) -> None:
    """In process a reset is the error that a socket has for it; the item is there."""
    mock.world.faults.script("createItem", ["reset", {"status": 503, "reset": 0}])
    for _ in range(2):
        with pytest.raises(ConnectionResetError):
            mock.create()
    assert mock.titles() == ["a"]
    first, second, _ = mock.world.traffic.find()
    assert (first.status, first.fault) == (200, Step(reset=0))
    assert (second.status, second.fault) == (503, Step(status=503, reset=0))


def test_a_reset_comes_before_the_last_byte(mock: Mock) -> None:
    """So many bytes are sent before the connection breaks, but never all of them."""
    mock.world.faults.script("getUser", [{"reset": 9}, {"reset": 10**6}])
    sent = []
    for _ in range(2):
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/api/user",
            "HTTP_X_HI_SESSION": mock.session["x-hi-session"],
        }
        parts: list[bytes] = []
        with pytest.raises(ConnectionResetError):
            parts.extend(mock.app(environ, lambda *_: lambda _: None))
        sent.append(sum(map(len, parts)))
    size = mock.world.traffic.find()[-1].size
    assert sent == [9, size - 1]


@pytest.mark.parametrize(("step", "error"), [
    ("reset", ConnectionResetError),
    ({"reset": 20}, (ConnectionResetError, http.client.IncompleteRead)),
])  # fmt: skip
def test_a_reset_over_a_socket(step: Any, error: Any) -> None:
    """Over a socket the client's own library has an error; the next call is served."""
    with MockServer("hitask") as server:
        script(server, [step])
        connection = http.client.HTTPConnection("127.0.0.1", server.port, SECONDS)
        connection.request("GET", "/api/user")
        with pytest.raises(error):
            connection.getresponse().read()
        connection.close()
        connection.request("GET", "/api/user")
        assert connection.getresponse().status == 401
        connection.close()


def test_a_reset_is_one() -> None:
    """What comes before it arrives, whole; then the client sees a RST, and no end."""
    with MockServer("hitask") as server:
        script(server, ["ok", {"reset": 20}])
        where = ("127.0.0.1", server.port)
        with closing(socket.create_connection(where, SECONDS)) as wire:
            wire.sendall(USER * 3)
            whole, _, part = until_reset(wire).partition(b"}")
    assert whole.startswith(b"HTTP/1.1 401 ")
    assert part.count(b"HTTP/1.1 ") == 1
    assert len(part.partition(b"\r\n\r\n")[2]) == 20


def test_a_reset_comes_after_what_is_sent() -> None:
    """Who reads slowly gets what comes before a reset, but for what the kernel has."""
    size = 32 * 1024 * 1024
    with MockServer("hitask") as server:
        world = script(server, [{"reset": size}])
        server.app.api = cast(Api, Refusing(server.app.api, Answer(body=bytes(size))))
        with closing(socket.create_connection((server.host, server.port))) as wire:
            wire.settimeout(SECONDS)
            wire.sendall(USER)
            assert wire.recv(1) == b"H"
            assert not world.faults.left
            assert len(until_reset(wire)) > size // 2


def until_reset(wire: socket.socket) -> bytes:
    """All that is said before the connection is reset."""
    parts = []
    with suppress(ConnectionResetError):
        while True:
            parts.append(wire.recv(65536))
            assert parts[-1], "the connection came to its end"
    return b"".join(parts)


class Refusing:
    """An API whose refusals are all the same."""

    def __init__(self, api: Api, answer: Answer) -> None:
        self._api = api
        self._answer = answer

    def refuse(self, refusal: Exception, request: object) -> Answer:
        """That answer."""
        return self._answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)


def test_a_reset_of_https() -> None:
    """Under TLS it is the connection below that is reset."""
    with MockServer("hitask", tls=True, host="localhost") as server:
        script(server, [{"reset": 20}])
        trust = ssl.create_default_context(cafile=server.ca_file)
        came, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        spoken = trust.wrap_bio(came, sent, server_hostname="localhost")
        where = (server.host, server.port)
        with closing(socket.create_connection(where, SECONDS)) as wire:
            while True:
                with suppress(ssl.SSLWantReadError):
                    spoken.do_handshake()
                    break
                wire.sendall(sent.read())
                came.write(wire.recv(65536))
            spoken.write(USER)
            wire.sendall(sent.read())
            came.write(until_reset(wire))
        assert len(spoken.read(65536).partition(b"\r\n\r\n")[2]) == 20


def test_a_status_without_a_phrase() -> None:
    """A script may ask for a status that HTTP has no words for, over a socket too."""
    with MockServer("hitask") as server:
        script(server, [599])
        connection = http.client.HTTPConnection("127.0.0.1", server.port, SECONDS)
        connection.request("GET", "/api/user")
        answer = connection.getresponse()
        assert (answer.status, answer.reason) == (599, "Unknown")
        connection.close()


def test_a_delayed_call_holds_nobody_up() -> None:
    """Who is delayed waits for the clock, by the event loop too, and nobody else."""
    with MockServer("hitask") as server:
        world = script(server, [{"delay": 10}])
        world.clock = world.clock.set(0, frozen=True)
        where = ("127.0.0.1", server.port)
        with closing(socket.create_connection(where, SECONDS)) as wire:
            wire.sendall(USER)
            while world.faults.left:
                pass
            other = http.client.HTTPConnection("127.0.0.1", server.port, SECONDS)
            other.request("GET", "/api/user")
            assert other.getresponse().status == 401
            other.close()
            wire.settimeout(0.05)
            with pytest.raises(TimeoutError):
                wire.recv(1)
            wire.settimeout(SECONDS)
            world.clock = world.clock.advance(10_000_000)
            assert wire.recv(65536).startswith(b"HTTP/1.1 401 ")


def script(server: MockServer, steps: list[Any]) -> World:
    """Have that happen to who asks for the user, and answer the world."""
    world = server.app.worlds.get("default")
    assert world is not None
    world.faults.script("getUser", steps)
    return world


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


def test_a_delay_is_by_the_worlds_clock(mock: Mock) -> None:
    """A call that is delayed waits for the clock, and no other call waits for it."""
    world = mock.world
    world.clock = world.clock.set(0, frozen=True)
    world.faults.script("createItem", [{"delay": 10, "times": 2}])
    answers: list[int] = []

    def create() -> None:
        answers.append(mock.create().status_code)

    waiting = [threading.Thread(target=create) for _ in range(2)]
    for thread in waiting:
        thread.start()
    while world.faults.left:
        assert mock.titles() == []
    world.clock = world.clock.advance(9_999_999)
    assert mock.titles() == []
    assert answers == []
    while len(answers) < len(waiting):  # whoever met the step late waits longer
        world.clock = world.clock.advance(10_000_000)
    for thread in waiting:
        thread.join(SECONDS)
    assert answers == [200, 200]


def test_an_ending_world_delays_nobody(mock: Mock) -> None:
    """A world that is dropped lets those go who are delayed in it."""
    mock.app.worlds.make("twin")
    twin = mock.app.worlds.get("twin")
    assert twin is not None
    twin.clock = twin.clock.set(0, frozen=True)
    twin.faults.script("getUser", [{"delay": 10}])
    transport = WsgiTransport(mock.app)
    asked = Request("GET", "/~twin/api/user")
    thread = threading.Thread(target=transport.send, args=(asked,))
    thread.start()
    while twin.faults.left:
        pass
    mock.app.worlds.drop("twin")
    thread.join(SECONDS)
    assert not thread.is_alive()
