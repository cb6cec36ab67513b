"""Faults, log, snapshots and settings of a world, controlled over HTTP."""

import json
from typing import Any

import pytest

from tasktwin_contract.wire import Request, Response, WsgiTransport
from tasktwin_mockserver import App
from tasktwin_mockserver.world import World
from tasktwin_mockserver.worlds import Room, TooManyError

GUID = "9769a9f9-726c-4ec8-a920-be16193c26a6"
JSON = (("Content-Type", "application/json"),)


class Mock:
    """A mock, its controls, and a client of it who is the owner."""

    def __init__(self, **more: Any) -> None:
        self.app = App("hitask", **more)
        self._transport = WsgiTransport(self.app)
        self.session = ("x-hi-session", self.actor("owner")["session_id"])

    def actor(self, name: str, world: str = "default") -> Any:
        """What is known of somebody."""
        return self.app.worlds.describe(world, "")["actors"][name]

    @property
    def world(self) -> World:
        """The default world."""
        world = self.app.worlds.get("default")
        assert world is not None
        return world

    def ask(self, call: str, body: Any = None, expect: int = 200, **query: Any) -> Any:
        """Ask the controls for a call such as `GET /clock`."""
        method, path = call.split()
        pairs = tuple((name, str(value)) for name, value in query.items())
        sent = b"" if body is None else json.dumps(body).encode()
        request = Request(method, f"/__admin{path}", pairs, JSON, sent)
        answer = self._transport.send(request)
        assert answer.status == expect, answer.body
        return json.loads(answer.body)

    def send(self, method: str, path: str, **query: str) -> Response:
        """Send a request to the API as the owner."""
        pairs = tuple(query.items())
        return self._transport.send(
            Request(method, path, query=pairs, headers=(self.session,))
        )

    def create(self, title: str) -> None:
        """Make an item."""
        guid = f"{GUID[:-1]}{len(self.titles())}"
        made = self.send("POST", "/api/item", guid=guid, title=title)
        assert made.status == 200, made.body

    def titles(self) -> list[str]:
        """Those of all items."""
        rows = json.loads(self.send("GET", "/api/item").body)
        return [row["title"] for row in rows]


@pytest.fixture
def mock() -> Mock:
    """A fresh mock."""
    return Mock()


def test_faults(mock: Mock) -> None:
    """A script is made, met, asked for and forgotten."""
    steps = [503, {"status": 429, "times": 2}, "reset"]
    asked = {"operation": "getUser", "steps": steps}
    made = mock.ask("POST /faults", asked, 201)
    assert made == {**asked, "left": steps}
    assert mock.send("GET", "/api/user").status == 503
    assert mock.send("GET", "/api/user").status == 429
    assert mock.ask("GET /faults") == [{**asked, "left": [429, "reset"]}]
    assert mock.ask("DELETE /faults") == {"cleared": True}
    assert mock.ask("GET /faults") == []
    assert mock.ask("POST /faults", {"steps": [500]}, 201)["operation"] == "*"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"operation": "makeItem", "steps": [503]}, "operation"),
        ({"steps": ["explode"]}, "steps[0]"),
        ({"steps": []}, "steps"),
        ({"steps": 503}, "steps"),
        ({"steps": [503], "times": 2}, "times"),
        ({}, None),
    ],
)
def test_bad_scripts(mock: Mock, body: Any, field: str | None) -> None:
    """A script that cannot be followed is refused, and the world has none."""
    assert mock.ask("POST /faults", body, 400).get("field") == field
    assert mock.ask("GET /faults") == []


def test_the_log_tells_all_of_a_request(mock: Mock) -> None:
    """The log has operation, actor, parameters, status, size, and what is amiss."""
    now = mock.ask("PUT /clock", {})["now"]
    mock.ask("POST /faults", {"operation": "createItem", "steps": [503]}, 201)
    sent = {"guid": GUID, "title": "a", "parent": "0", "colour": "red"}
    answer = mock.send("POST", "/api/item", **sent)
    (told,) = mock.ask("GET /requests")
    assert told == {
        "number": 1,
        "at": now,
        "method": "POST",
        "path": "/api/item",
        "query": f"guid={GUID}&title=a&parent=0&colour=red",
        "operation": "createItem",
        "actor": None,
        "parameters": {"guid": GUID, "title": "a", "parent": 0},
        "headers": {},
        "status": 503,
        "size": len(answer.body),
        "fault": 503,
        "violations": [
            {
                "kind": "unknown-parameter",
                "name": "colour",
                "clause": "HT-PARAM-20",
            }
        ],
        "error": None,
    }
    mock.send("POST", "/api/item", **sent)
    assert mock.ask("GET /requests")[-1]["actor"] == "owner"


def test_the_log_is_searched(mock: Mock) -> None:
    """Requests are found by operation, path, status, actor, number, and none at all."""
    mock.create("a")
    mock.send("GET", "/api/nothing")
    mock.send("PATCH", "/api/item")
    mock.send("DELETE", "/api/item/17")

    def numbers(**query: Any) -> list[int]:
        found = [row["number"] for row in mock.ask("GET /requests", **query)]
        counted = mock.ask("GET /requests/count", **query)
        assert counted == {"count": len(found)}
        return found

    assert numbers() == [1, 2, 3, 4, 5]
    assert numbers(operation="createItem") == [2]
    assert numbers(operation="updateItem") == []
    assert numbers(path="/api/item") == [1, 2, 4]
    assert numbers(status=404) == [3, 5]
    assert numbers(actor="owner") == [1, 2, 5]
    assert numbers(since=3) == [4, 5]
    assert numbers(unmatched="true") == [3, 4]
    assert numbers(limit=2) == [4, 5]
    assert mock.ask("DELETE /requests") == {"cleared": True}
    assert numbers() == []
    mock.send("GET", "/api/user")
    assert numbers() == [6]


@pytest.mark.parametrize(
    "query", [{"since": -1}, {"limit": 0}, {"status": "x"}, {"colour": "red"}]
)
def test_bad_searches(mock: Mock, query: dict[str, Any]) -> None:
    """A search that makes no sense is refused, with what is wrong about it."""
    (field,) = query
    assert mock.ask("GET /requests", expect=400, **query)["field"] == field


def test_a_log_that_json_can_have(mock: Mock) -> None:
    """Whatever a client sends, the log of it is JSON, and has no secrets."""
    body = {"guid": 10**30, "tags": ["\u2028"], "location": {"password": "hush"}}
    sent = json.dumps({**body, "start_date": "2030-01-01"}).encode()
    request = Request("POST", "/api/item", headers=(mock.session, *JSON), body=sent)
    WsgiTransport(mock.app).send(request)
    (told,) = mock.ask("GET /requests")
    assert told["parameters"]["guid"] == str(10**30)
    assert told["parameters"]["location"] == {"password": "…"}
    assert "hush" not in json.dumps(told)


def test_snapshots(mock: Mock) -> None:
    """A world comes back to a snapshot as often as wanted; its log stays."""
    mock.create("a")
    assert mock.ask("POST /snapshots", expect=201) == {"name": "s1"}
    assert mock.ask("POST /snapshots", {"name": "mine"}, 201) == {"name": "mine"}
    for title in ("b", "c"):
        mock.create(title)
        assert mock.ask("POST /snapshots/mine/restore") == {"restored": "mine"}
        assert mock.titles() == ["a"]
    assert mock.ask("GET /snapshots") == [{"name": "s1"}, {"name": "mine"}]
    assert mock.ask("DELETE /snapshots/mine") == {"dropped": "mine"}
    assert mock.ask("POST /snapshots/mine/restore", expect=404)["field"] == "name"
    assert mock.ask("DELETE /snapshots/mine", expect=404)["field"] == "name"
    assert mock.ask("POST /snapshots", {"name": "No"}, 400)["field"] == "name"
    assert mock.ask("GET /requests/count", operation="createItem") == {"count": 3}


def test_a_snapshot_of_the_same_name_counts(mock: Mock) -> None:
    """Of two snapshots under one name the later one is kept."""
    mock.ask("POST /snapshots", {"name": "mine"}, 201)
    mock.create("a")
    mock.ask("POST /snapshots", {"name": "mine"}, 201)
    mock.create("b")
    mock.ask("POST /snapshots/mine/restore")
    assert mock.titles() == ["a"]


def test_a_world_is_reset(mock: Mock) -> None:
    """A reset brings back state, clock and settings as they were when it was made."""
    mock.create("a")
    mock.ask("POST /worlds", {"name": "mine", "from": "default"}, 201)
    world = mock.app.worlds.get("mine")
    assert world is not None
    mock.ask("PUT /clock", {}, world="mine")
    mock.ask("PATCH /settings", {"strict": True}, world="mine")
    mock.ask("POST /faults", {"steps": [500]}, 201, world="mine")
    mock.ask("POST /snapshots", {"name": "kept"}, 201, world="mine")
    for _ in range(2):
        mock.send("POST", "/~mine/api/item", guid=GUID, title="b")
    mock.ask("POST /reset", world="mine")
    assert mock.ask("GET /requests", world="mine") == []
    assert mock.ask("GET /faults", world="mine") == []
    assert mock.ask("GET /snapshots", world="mine") == [{"name": "kept"}]
    assert mock.ask("GET /settings", world="mine")["strict"] is False
    assert mock.ask("GET /clock", world="mine")["frozen"] is False
    rows = json.loads(mock.send("GET", "/~mine/api/item").body)
    assert [row["title"] for row in rows] == ["a"]


def test_settings(mock: Mock) -> None:
    """Settings are changed one by one, and hold from the next request."""
    before = mock.ask("GET /settings")
    changed = mock.ask("PATCH /settings", {"rate_limit": 1})
    assert changed == {**before, "rate_limit": 1}
    assert [mock.send("GET", "/api/user").status for _ in range(2)] == [200, 429]
    assert mock.ask("PATCH /settings", {"rate_limit": None}) == before
    mock.ask("PATCH /settings", {"accounts": {"owner": "terminated"}})
    assert mock.send("GET", "/api/user").status == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rate_limit": 0}, "rate_limit"),
        ({"strict": "yes"}, "strict"),
        ({"no_such": 1}, "no_such"),
        ({"accounts": {"nobody": "terminated"}}, "accounts"),
        ({"accounts": {"member": "lost"}}, "accounts"),
        ([], None),
    ],
)
def test_bad_settings(mock: Mock, body: Any, field: str | None) -> None:
    """A setting that makes no sense is refused, and none is changed."""
    before = mock.ask("GET /settings")
    assert mock.ask("PATCH /settings", body, 400).get("field") == field
    assert mock.ask("GET /settings") == before


@pytest.mark.parametrize(
    "call",
    [
        "GET /settings",
        "PATCH /settings",
        "GET /faults",
        "POST /faults",
        "DELETE /faults",
        "GET /requests",
        "GET /requests/count",
        "DELETE /requests",
        "GET /snapshots",
        "POST /snapshots",
        "POST /snapshots/s1/restore",
        "DELETE /snapshots/s1",
        "POST /reset",
        "GET /clock",
    ],
)
def test_worlds_that_are_not_there(mock: Mock, call: str) -> None:
    """No control finds a world that is not there, or was dropped."""
    mock.ask("POST /worlds", {"name": "gone"}, 201)
    mock.ask("DELETE /worlds/gone")
    assert mock.ask(call, {"steps": [500]}, 404, world="gone")["field"] == "world"


def test_worlds_are_capped() -> None:
    """Where there is no room for another world none is made, until one is dropped."""
    mock = Mock(room=Room(most=2))
    for _ in range(2):
        mock.ask("POST /worlds", {}, 201)
    assert "no room" in mock.ask("POST /worlds", {}, 409)["error"]
    with pytest.raises(TooManyError):
        mock.app.worlds.make()
    mock.ask("DELETE /worlds/w1")
    assert mock.ask("POST /worlds", {}, 201)["name"] == "w3"
    assert mock.ask("GET /health")["worlds"] == 3


def test_worlds_expire() -> None:
    """A world that was not used for so long is gone; the default one stays."""
    now = [0.0]
    mock = Mock(room=Room(most=2, idle=10, timer=lambda: now[0]))
    mock.ask("POST /worlds", {"name": "used"}, 201)
    mock.ask("POST /worlds", {"name": "unused"}, 201)
    now[0] = 8
    assert mock.send("GET", "/~used/api/user").status == 200
    now[0] = 16
    assert mock.send("GET", "/~unused/api/user").status == 404
    assert mock.send("GET", "/~used/api/user").status == 200
    mock.ask("POST /worlds", {"name": "unused"}, 201)
    now[0] = 30
    assert [world["name"] for world in mock.ask("GET /worlds")] == ["default"]
    assert mock.ask("GET /clock", expect=404, world="used")["field"] == "world"
    assert mock.send("GET", "/api/user").status == 200


def test_controls_with_a_token() -> None:
    """With a token the controls need it, whatever they are called by."""
    app = App("hitask", admin_token="s3cret")
    transport = WsgiTransport(app)

    def status(*headers: tuple[str, str]) -> int:
        return transport.send(Request("GET", "/__admin/health", headers=headers)).status

    assert status() == 401
    assert status(("Authorization", "Bearer wrong")) == 401
    assert status(("Authorization", "Bearer ÿ")) == 401
    assert status(("Authorization", "Basic s3cret")) == 401
    assert status(("Authorization", "Bearer s3cret")) == 200
    assert status(("Authorization", "bearer s3cret"), ("Host", "mock.example")) == 200
    refused = transport.send(Request("GET", "/__admin/nothing"))
    assert refused.status == 401
    assert refused.headers["www-authenticate"] == 'Bearer realm="tasktwin"'
    assert transport.send(Request("GET", "/api/user")).status == 401
