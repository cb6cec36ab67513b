"""The controls of the mock, asked as a client asks them."""

import json
from typing import Any

import pytest
from werkzeug.test import Client

from tasktwin_contract.wire import Request, Response, WsgiTransport
from tasktwin_mockserver import App

JSON = (("Content-Type", "application/json"),)


class Controls:
    """`/__admin` of a fresh mock."""

    def __init__(self) -> None:
        self.app = App("hitask")
        self._transport = WsgiTransport(self.app)

    def send(self, method: str, path: str, body: Any = None, **more: str) -> Response:
        """Send a request to the controls."""
        path, _, query = path.partition("?")
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = tuple(more.items()) if more else JSON
        pairs = tuple((k, v) for k, _, v in [query.partition("=")] if k)
        sent = b"" if body is None else data
        request = Request(method, f"/__admin{path}", pairs, headers, sent)
        return self._transport.send(request)

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """Send a request that answers with `status`, and read what it says."""
        response = self.send(method, path, body)
        assert response.status == status, response.body
        return json.loads(response.body)


@pytest.fixture
def controls() -> Controls:
    """The controls of a fresh mock."""
    return Controls()


def test_health(controls: Controls) -> None:
    """Health says what serves here, and how many worlds."""
    health = controls.ask("GET", "/health")
    assert health["api"] == "hitask"
    assert health["worlds"] == 1
    assert set(health) == {"tasktwin", "api", "worlds"}


def test_a_worlds_life(controls: Controls) -> None:
    """A world is made, listed, shown and dropped, and its name is free again."""
    made = controls.ask("POST", "/worlds", {"name": "mine", "seed": 7}, 201)
    assert made["url"] == "http://localhost/~mine"
    assert made["seed"] == 7
    assert set(made["api_keys"]) == {"full", "read"}
    assert set(made["actors"]["owner"]) == {
        "id",
        "login",
        "password",
        "email",
        "session_id",
    }
    names = [world["name"] for world in controls.ask("GET", "/worlds")]
    assert names == ["default", "mine"]
    assert controls.ask("GET", "/worlds/mine") == made
    controls.ask("DELETE", "/worlds/mine")
    controls.ask("GET", "/worlds/mine", None, 404)
    assert controls.ask("POST", "/worlds", {"name": "mine", "seed": 7}, 201) == made


def test_names_are_found(controls: Controls) -> None:
    """A world without a name gets one that is free."""
    controls.ask("POST", "/worlds", {"name": "w1"}, 201)
    assert controls.ask("POST", "/worlds", {}, 201)["name"] == "w2"


def test_a_world_from_another(controls: Controls) -> None:
    """A world made from another one starts as that one is."""
    origin = controls.app.worlds.get("default")
    assert origin is not None
    origin.counters["mark"] = 5
    controls.ask("POST", "/worlds", {"name": "twin", "from": "default"}, 201)
    twin = controls.app.worlds.get("twin")
    assert twin is not None
    assert twin.counters["mark"] == 5


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "Mine"}, "name"),
        ({"name": "default"}, "name"),
        ({"name": "x" * 33}, "name"),
        ({"seed": "seven"}, "seed"),
        ({"settings": {"max_body": "big"}}, "settings.max_body"),
        ({"settings": {"no_such": 1}}, "settings.no_such"),
        ({"settings": {"rate_limit": 0}}, "settings.rate_limit"),
        ({"settings": {"rate_limit_mode": "later"}}, "settings.rate_limit_mode"),
        ({"settings": {"accounts": {"nobody": "terminated"}}}, "settings.accounts"),
        ({"settings": {"accounts": {"member": "lost"}}}, "settings.accounts"),
        ({"from": "nowhere"}, "from"),
        ({"from": "default", "seed": 1}, "seed"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_worlds(controls: Controls, body: Any, field: str) -> None:
    """What is wrong with a world that is asked for is said, and where."""
    error = controls.ask("POST", "/worlds", body, 400)
    assert error["field"] == field
    assert error["error"]
    assert len(controls.app.worlds) == 1


def test_the_default_world_stays(controls: Controls) -> None:
    """The default world cannot be dropped."""
    assert "stays" in controls.ask("DELETE", "/worlds/default", None, 400)["error"]


def test_a_clock_is_turned(controls: Controls) -> None:
    """A clock is frozen at a time, advanced, and let run; other worlds keep theirs."""
    controls.ask("POST", "/worlds", {"name": "mine"}, 201)
    at = "2030-01-01T00:00:00Z"
    assert controls.ask("PUT", "/clock?world=mine", {"now": at}) == {
        "now": "2030-01-01T00:00:00.000000Z",
        "frozen": True,
    }
    turned = controls.ask("POST", "/clock/advance?world=mine", {"seconds": 1.5})
    assert turned["now"] == "2030-01-01T00:00:01.500000Z"
    assert controls.ask("GET", "/clock?world=mine") == turned
    assert controls.ask("GET", "/clock")["now"] < "2030"
    running = controls.ask("PUT", "/clock?world=mine", {"frozen": False})
    assert running["frozen"] is False
    assert running["now"] >= turned["now"]


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("PUT", "/clock", {"now": "2030-01-01T00:00:00"}, "now"),
        ("PUT", "/clock", {"now": "soon"}, "now"),
        ("PUT", "/clock", {"now": "1969-12-31T23:59:59Z"}, "now"),
        ("POST", "/clock/advance", {"seconds": 1e300}, "seconds"),
        ("POST", "/clock/advance", {"seconds": -1e12}, "seconds"),
        ("POST", "/clock/advance", {"seconds": "long"}, "seconds"),
    ],
)
def test_bad_times(
    controls: Controls, method: str, path: str, body: Any, field: str
) -> None:
    """A time that a clock cannot show is refused, and the clock stays."""
    assert controls.ask(method, path, body, 400)["field"] == field
    assert controls.ask("GET", "/clock")["frozen"] is False


def test_unknown_worlds(controls: Controls) -> None:
    """The clock of no world is not found, nor is anything in one."""
    assert controls.ask("GET", "/clock?world=none", None, 404)["field"] == "world"
    request = Request("GET", "/~none/api/user")
    assert WsgiTransport(controls.app).send(request).status == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("PATCH", "/worlds", 405), ("DELETE", "/clock", 405)],
)
def test_other_paths_and_methods(
    controls: Controls, method: str, path: str, status: int
) -> None:
    """What is not there is 404, another method 405, each with a sentence."""
    assert controls.ask(method, path, None, status)["error"]


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 5000, b"[]", b""])
def test_bodies_that_are_no_json(controls: Controls, body: bytes) -> None:
    """A body that cannot be read is refused with a sentence."""
    response = controls.send("POST", "/worlds", body)
    assert response.status == 400
    assert json.loads(response.body)["error"]


def test_json_only(controls: Controls) -> None:
    """A form, which any page may send, is not taken."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert controls.send("POST", "/worlds", b"name=mine", **kind).status == 415


def test_bodies_that_are_not_read(controls: Controls) -> None:
    """Bodies over a megabyte are 413, compressed ones 415, each with a sentence."""
    large = controls.ask("POST", "/worlds", b" " * (1024 * 1024 + 1), 413)
    assert "1048576 bytes" in large["error"]
    packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert controls.send("POST", "/worlds", b"{}", **packed).status == 415


@pytest.mark.parametrize(
    ("address", "status"),
    [("127.0.0.9", 200), ("::1", 200), ("::ffff:127.0.0.1", 200), ("192.0.2.7", 403)],
)
def test_other_machines(controls: Controls, address: str, status: int) -> None:
    """Without a token the controls answer this machine only, whatever it calls it."""
    environ = {"HTTP_HOST": "localhost", "REMOTE_ADDR": address}
    client = Client(controls.app)
    assert (
        client.get("/__admin/health", environ_overrides=environ).status_code == status
    )
    assert client.get("/api/user", environ_overrides=environ).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", ""])
def test_other_hosts(controls: Controls, host: str) -> None:
    """The controls answer under the names of this machine only."""
    assert controls.send("GET", "/health", None, Host=host).status == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9", "[::1]:9", "LOCALHOST"])
def test_own_hosts(controls: Controls, host: str) -> None:
    """The controls answer under the names of this machine."""
    assert controls.send("GET", "/health", None, Host=host).status == 200


def test_other_origins(controls: Controls) -> None:
    """A page from elsewhere is turned away, one from here is not."""
    there = {"Origin": "http://evil.example", "Host": "localhost"}
    here = {"Origin": "http://localhost", "Host": "localhost"}
    assert controls.send("GET", "/health", None, **there).status == 403
    assert controls.send("GET", "/health", None, **here).status == 200
