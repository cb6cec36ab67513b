"""What a client sends outside the contract, as the mock tells it."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import Client, TestResponse

from tasktwin_mockserver import App, Settings
from tasktwin_mockserver.violations import HEADER, MOST_SHOWN

GUID = "9769a9f9-726c-4ec8-a920-be16193c26a6"
FORM = "application/x-www-form-urlencoded"


class Sender:
    """Sends to a fresh mock as the owner, and knows what it said of that."""

    def __init__(self, **settings: Any) -> None:
        self.app = App("hitask", settings=Settings(**settings))
        actors = self.app.worlds.describe("default", "")["actors"]
        self._headers = {"x-hi-session": actors["owner"]["session_id"]}
        self._client = Client(self.app)

    def send(self, method: str, path: str, **parts: Any) -> TestResponse:
        """Send a request to the API."""
        headers = {**self._headers, **parts.pop("headers", {})}
        return self._client.open(f"/api{path}", method=method, headers=headers, **parts)

    def told(self, method: str, path: str, **parts: Any) -> str:
        """What the header says of a request; empty where there is none."""
        answer = self.send(method, path, **parts)
        world = self.app.worlds.get("default")
        assert world is not None
        logged = ", ".join(map(str, world.traffic.find()[-1].violations))
        told = answer.headers.get(HEADER, "")
        assert told == logged
        return told


@pytest.fixture
def sender() -> Sender:
    """Somebody who sends to a fresh mock."""
    return Sender()


@pytest.mark.parametrize(
    "parts",
    [
        {"data": {"guid": GUID, "title": "a", "completed": "true", "message": ""}},
        {"json": {"guid": GUID, "title": "a", "completed": True, "message": None}},
        {"json": {"guid": GUID, "title": "a"}, "query_string": {"api_key": "k"}},
        {"query_string": {"guid": GUID, "title": "a", "parent": "0"}},
        {"json": {"guid": GUID, "title": "a", "tags": ["b"]}},
    ],
)
def test_what_the_contract_has(sender: Sender, parts: dict[str, Any]) -> None:
    """A request that keeps to the contract is answered without the header."""
    answer = sender.send("POST", "/item", **parts)
    assert (answer.status_code, answer.headers.get(HEADER)) == (200, None)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"colour": "red"}, "HT-PARAM-20 unknown-parameter:colour"),
        ({"id": "5", "contact": None}, "HT-PARAM-20 unknown-parameter:id"),
        ({"parent": "0"}, "HT-ID-02 integer-as-text:parent"),
        ({"completed": 1}, "HT-PARAM-09 boolean-spelling:completed"),
        ({"completed": None}, "HT-PARAM-10 null:completed"),
        ({"tags": "a,b"}, "HT-PARAM-22 wrong-type:tags"),
        ({"title": 5}, "HT-PARAM-22 wrong-type:title"),
        ({"guid": "no"}, "HT-PARAM-22 wrong-format:guid"),
    ],
)
def test_json(sender: Sender, body: dict[str, Any], told: str) -> None:
    """In JSON unknown names, and values of other types than documented, are told."""
    sent = {"guid": GUID, "title": "a", **body}
    assert sender.told("POST", "/item", json=sent) == told


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("completed=TRUE", "HT-PARAM-09 boolean-spelling:completed"),
        ("completed=1", ""),
        ("priority=%2B2", "HT-ID-02 integer-as-text:priority"),
        ("title=b", "HT-PARAM-14 repeated-parameter:title"),
        ("a=1&b=2", "HT-PARAM-20 unknown-parameter:a, HT-PARAM-20 unknown-parameter:b"),
    ],
)
def test_text(sender: Sender, query: str, told: str) -> None:
    """In text a number and a boolean have one spelling, and a name comes once."""
    sent = f"guid={GUID}&title=a&{query}"
    assert sender.told("POST", "/item", query_string=sent) == told
    assert sender.told("POST", "/item", data=sent, content_type=FORM) == told


def test_query_and_body(sender: Sender) -> None:
    """A parameter that comes in the query and in the body comes twice."""
    parts = {"json": {"guid": GUID, "title": "a"}, "query_string": {"title": "b"}}
    told = sender.told("POST", "/item", **parts)
    assert told == "HT-PARAM-14 repeated-parameter:title"


@pytest.mark.parametrize(
    ("method", "path", "parts", "told"),
    [
        ("GET", "/nothing", {}, "HT-PATH-05 unknown-path"),
        ("PATCH", "/item", {}, "HT-PATH-06 wrong-method"),
        ("GET", "/item/since/0", {}, "HT-DELTA-24 deprecated-operation:listItemsSince"),
        ("POST", "/item", {"data": b"x"}, "HT-PARAM-23 missing-content-type"),
        (
            "POST",
            "/item",
            {"data": b"x", "content_type": "text/plain"},
            "HT-PARAM-23 media-type:text%2Fplain",
        ),
        (
            "POST",
            "/item",
            {"data": b"{", "content_type": "application/json"},
            "HT-PARAM-15 malformed-body",
        ),
        (
            "POST",
            "/item",
            {"data": b"title=%ff", "content_type": FORM},
            "HT-PARAM-15 malformed-body",
        ),
        ("POST", "/item", {"json": {"title": "a"}}, "missing-parameter:guid"),
        ("POST", "/user/preferences", {"json": {"any": "thing"}}, ""),
        (
            "POST",
            "/user/preferences",
            {"json": {}, "query_string": {"any": "thing"}},
            "HT-PARAM-20 unknown-parameter:any",
        ),
        ("DELETE", "/user/picture", {"query_string": {"ReturnInfo": "true"}}, ""),
    ],
)
def test_requests(
    sender: Sender, method: str, path: str, parts: dict[str, Any], told: str
) -> None:
    """What is refused is told as well, and a deprecated operation."""
    assert sender.told(method, path, **parts) == told


def test_names_are_no_headers(sender: Sender) -> None:
    """A name that a client made up can neither end the header nor blow it up."""
    name = "a\r\nSet-Cookie: b=c, " + "ä" * 1000
    told = sender.told("GET", f"/item?{quote(name)}=1")
    assert "\r" not in told
    assert len(told) < 1000
    many = "&".join(f"n{number}=1" for number in range(1000))
    answer = sender.send("GET", f"/item?{many}")
    assert answer.headers[HEADER].count("unknown-parameter") == MOST_SHOWN


def test_strict_refuses() -> None:
    """A strict world refuses what others only tell, and nothing is done."""
    sender = Sender(strict=True)
    sent = {"guid": GUID, "title": "a", "colour": "red"}
    answer = sender.send("POST", "/item", json=sent)
    assert answer.status_code == 400
    assert answer.headers[HEADER] == "HT-PARAM-20 unknown-parameter:colour"
    assert "HT-PARAM-20" in json.loads(answer.data)["error_message"]
    assert sender.send("GET", "/item").json == []
    assert sender.send("GET", "/item/since/0").status_code == 400
    del sent["colour"]
    assert sender.send("POST", "/item", json=sent).status_code == 200


def test_a_faulty_answer_tells_too(sender: Sender) -> None:
    """What a client sends amiss is told when a script answers it, too."""
    world = sender.app.worlds.get("default")
    assert world is not None
    world.faults.script("listItems", [503])
    told = sender.told("GET", "/item", query_string={"colour": "red"})
    assert told == "HT-PARAM-20 unknown-parameter:colour"


def test_who_asks_for_methods_is_told_of_nothing(sender: Sender) -> None:
    """OPTIONS is answered for every path, so it is no method that is wrong."""
    assert sender.told("OPTIONS", "/item") == ""
    assert sender.told("DELETE", "/user") == "HT-PATH-06 wrong-method"


def test_a_page_of_another_origin_may_read_it() -> None:
    """The header is among those that a browser shows to the page that asked."""
    sender = Sender(cors=True)
    headers = {"Origin": "http://localhost:3000"}
    query = {"colour": "red"}
    answer = sender.send("GET", "/item", headers=headers, query_string=query)
    assert answer.status_code == 200
    assert HEADER in answer.headers["Access-Control-Expose-Headers"].split(", ")


def strict(api: str, actor: str) -> tuple[Client, dict[str, str]]:
    """Somebody who asks a strict mock of that API, and what is known of the actor."""
    app = App(api, settings=Settings(strict=True))
    return Client(app), app.worlds.describe("default", "")["actors"][actor]


@pytest.mark.parametrize(("sent", "told"), [
    ({}, None),
    ({"colour": "red"}, "GT-FIELD-01 unknown-parameter:colour"),
    ({"name": None}, "GT-FIELD-22 null:name"),
    ({"name": 5}, "GT-FIELD-21 wrong-type:name"),
])  # fmt: skip
def test_strict_gsmtasks(sent: dict[str, Any], told: str | None) -> None:
    """GSMtasks refuses by field what its contract does not have, and names the clause.

    What the contract has is served.
    """
    client, manager = strict("gsmtasks", "manager")
    headers = {"Authorization": f"Token {manager['token']}"}
    account = f"http://localhost/api/tasks/accounts/{manager['account']}/"
    body = {"account": account, "name": "a", **sent}
    answer = client.post("/api/tasks/clients/", json=body, headers=headers)
    assert answer.status_code == (201 if told is None else 400)
    assert answer.headers.get(HEADER) == told
    if told is not None:
        assert json.loads(answer.data) == {
            told.rpartition(":")[2]: [f"not in the contract: {told}"]
        }
    rows = client.get("/api/tasks/clients/", headers=headers).json
    assert len(rows or ()) == (told is None)


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(("sent", "told"), [
    ({}, None),
    ({"project[colour]": "r"}, "FP-CALL-12 unknown-parameter:project%5Bcolour%5D"),
    ({"retType": "json"}, "FP-CALL-10 repeated-parameter:retType"),
])  # fmt: skip
def test_strict_fivepm(sent: dict[str, Any], told: str | None, form: str) -> None:
    """5pm refuses in the form that was asked for, and names the clause."""
    client, admin = strict("fivepm", "admin")
    answer = client.post(
        "/api/v2/service/post/projects/add",
        query_string={"sessionId": admin["session_id"], "retType": form},
        data={"project[name]": "a", **sent},
    )
    assert answer.status_code == (200 if told is None else 400)
    assert answer.headers.get(HEADER) == told
    assert (f"not in the contract: {told}" in answer.text) == (told is not None)
