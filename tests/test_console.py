"""The console's page without a browser: what it is made of, and what it asks."""

import re
import uuid
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from tasktwin_mockserver import App
from tasktwin_mockserver.sight import plan
from tasktwin_schemas import APIS, operations

PAGE = files("tasktwin_mockserver.admin").joinpath("page")
PARTS = sorted(part.name for part in PAGE.iterdir())
SCRIPTS = [name for name in PARTS if name.endswith(".js")]
LINES, COLUMNS = 400, 88
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacent|document\.write|createContextualFragment"
    r"|DOMParser|\beval\b|new Function|setHTML|srcdoc|javascript:|location\s*="
)


@pytest.fixture
def client() -> Client:
    """A client of a fresh mock of HiTask."""
    return Client(App("hitask"))


def policy(answer: TestResponse) -> dict[str, str]:
    """The directives of an answer's Content-Security-Policy."""
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (part.partition(" ") for part in parts)}


def told(client: Client, path: str, **query: Any) -> Any:
    """What a control says."""
    answer = client.get(f"/__admin{path}", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def cast(client: Client, world: str = "default") -> dict[str, Any]:
    """The people of a world, as the controls show them."""
    people: dict[str, Any] = told(client, f"/worlds/{world}")["actors"]
    return people


def records(client: Client, actor: str, **query: Any) -> dict[str, Any]:
    """What somebody sees."""
    seen: dict[str, Any] = told(client, "/records", actor=actor, **query)
    return seen


def of_kind(seen: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The records of one kind."""
    return [row for row in seen["records"] if row["kind"] == kind]


def called(seen: dict[str, Any], title: str) -> dict[str, Any]:
    """The one record with that title."""
    (found,) = (row for row in seen["records"] if row["title"] == title)
    return dict(found)


def add_item(client: Client, actor: str = "owner", **fields: Any) -> int:
    """Have somebody make an item; its id."""
    session = cast(client)[actor]["session_id"]
    sent = {"guid": str(uuid.uuid4()), "title": "Paint the fence", **fields}
    headers = {"x-hi-session": session}
    answer = client.post("/api/item", json=sent, headers=headers)
    assert answer.status_code == 200, answer.text
    made: Any = answer.json
    return int(made["id"])


@pytest.mark.parametrize("path", ["/__admin", "/__admin/"])
def test_the_page_is_served(client: Client, path: str) -> None:
    """The page is served at the root of the controls, and runs its own files only."""
    page = client.get(path)
    assert page.status_code == 200
    assert page.content_type == "text/html; charset=utf-8"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    rules = policy(page)
    assert rules["default-src"] == "'none'"
    assert {rules[f"{kind}-src"] for kind in ("script", "style", "connect")} == {
        "'self'"
    }
    for name in ("frame-ancestors", "base-uri", "form-action", "trusted-types"):
        assert rules[name] == "'none'"
    assert rules["require-trusted-types-for"] == "'script'"


@pytest.mark.parametrize("name", PARTS)
def test_the_parts_are_served(client: Client, name: str) -> None:
    """Each file of the page is served with its type, and the same policy."""
    part = client.get(f"/__admin/console/{name}")
    assert part.status_code == 200
    assert part.data == PAGE.joinpath(name).read_bytes()
    kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    assert part.mimetype == kinds.get(name.rpartition(".")[2], "text/html")
    assert part.headers["X-Content-Type-Options"] == "nosniff"
    assert policy(part) == policy(client.get("/__admin/"))


def test_the_page_has_no_script_of_its_own(client: Client) -> None:
    """In the page itself is neither script nor style, and all it names is there."""
    text = client.get("/__admin/").text
    assert re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL) == [""]
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    named = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert len(named) == 4
    for address in named:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_make_no_markup(name: str) -> None:
    """No script makes markup, or code, of a text; all are short, as modules are."""
    text = PAGE.joinpath(name).read_text("utf-8")
    assert not MARKUP.search(text)
    lines = text.splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_import_what_is_there(client: Client, name: str) -> None:
    """What a script imports is another file of the page."""
    text = PAGE.joinpath(name).read_text("utf-8")
    assert set(re.findall(r'from "\./([^"]+)"', text)) <= set(SCRIPTS)
    assert 'from "/' not in text
    assert 'from "h' not in text


def test_head_and_other_methods(client: Client) -> None:
    """HEAD has the headers alone; what is neither HEAD nor GET is 405."""
    for path in ("/__admin/", "/__admin/console/main.js"):
        page, head = client.get(path), client.head(path)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers == page.headers
        refused = client.post(path, json={})
        assert refused.status_code == 405
        assert refused.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "name", ["nothing.js", "console.py", "..%2Fopenapi.json", "../openapi.json", "%00"]
)
def test_nothing_else_is_served(client: Client, name: str) -> None:
    """There is nothing below the page but its files."""
    assert client.get(f"/__admin/console/{name}").status_code == 404


def test_the_page_with_a_token() -> None:
    """With a token the page is shown without it, and what it asks needs it."""
    client = Client(App("hitask", admin_token="open sesame"))
    assert client.get("/__admin/").status_code == 200
    assert client.get("/__admin/console/main.js").status_code == 200
    for path in ("/worlds", "/contract", "/records?actor=owner", "/nothing"):
        assert client.get(f"/__admin{path}").status_code == 401, path
    assert client.post("/__admin/").status_code == 401
    headers = {"Authorization": "Bearer open sesame"}
    assert client.get("/__admin/contract", headers=headers).status_code == 200


def test_the_page_is_for_this_machine(client: Client) -> None:
    """By another name, or for a page of another origin, the page is refused."""
    assert client.get("/__admin/", headers={"Host": "evil.example"}).status_code == 403
    answer = client.get("/__admin/", headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403


def test_two_people_see_an_item(client: Client) -> None:
    """Each sees what the API shows them, with their own permission, or nothing."""
    parent = add_item(client, permissions=[{"principal": 1004, "level": 50}])
    child = add_item(client, title="Buy paint", parent=parent)
    shown = {}
    for actor in ("owner", "member", "outsider"):
        rows = of_kind(records(client, actor), "item")
        shown[actor] = [(row["id"], row["facts"]["permission"]) for row in rows]
    ids = [str(parent), str(child)]
    assert sorted(shown["owner"]) == [(one, "100 (everything)") for one in ids]
    assert sorted(shown["member"]) == [(one, "50 (complete)") for one in ids]
    assert shown["outsider"] == []
    below = called(records(client, "owner"), "Buy paint")
    assert below["parents"] == [{"kind": "item", "id": str(parent)}]
    assert below["data"]["title"] == "Buy paint"
    assert below["facts"]["user_id"] == "owner"


@pytest.mark.parametrize("state", [None, "worlds.db"])
def test_a_world_does_not_notice_who_looks(tmp_path: Path, state: str | None) -> None:
    """Looking is not logged, not limited, uses no fault up and no session."""
    app = App("hitask", state=tmp_path / state if state else None)
    client, world = Client(app), app.worlds.get("default")
    assert world is not None
    settings = {"rate_limit": 1, "require_https": True, "strict": True}
    assert client.patch("/__admin/settings", json=settings).status_code == 200
    steps = {"steps": [503, 503]}
    assert client.post("/__admin/faults", json=steps).status_code == 201
    before = world.snapshot()
    for actor in ("owner", "member"):
        lists = records(client, actor)["lists"]
        assert [one["status"] for one in lists] == [200, 200]
    after = world.snapshot()
    assert after.stamp == before.stamp
    assert after.counters == before.counters
    for name, table in before.tables.items():
        assert [*after.tables[name].values()] == [*table.values()], name
    assert told(client, "/requests") == []
    assert told(client, "/faults")[0]["left"] == [503, 503]
    app.close()


def test_a_refusal_is_shown(client: Client) -> None:
    """Whom the API refuses everything sees what it says."""
    settings = {"accounts": {"member": "terminated"}}
    client.patch("/__admin/settings", json=settings)
    seen = records(client, "member")
    assert seen["records"] == []
    assert {one["status"] for one in seen["lists"]} == {403}
    assert "terminated" in seen["lists"][0]["refused"]


@pytest.mark.parametrize("api", APIS)
def test_people_see_after_their_sessions_end(api: str) -> None:
    """Years after their sessions have ended people see what they saw."""
    client = Client(App(api))
    years = {"seconds": 10 * 365 * 86400}
    assert client.post("/__admin/clock/advance", json=years).status_code == 200
    for actor in cast(client):
        for one in records(client, actor)["lists"]:
            assert one["refused"] is None, (actor, one)


@pytest.mark.parametrize("api", APIS)
def test_listings_are_in_the_contract(api: str) -> None:
    """What the console asks are operations, and keys that their answers have."""
    for listing in plan(api).listings:
        operation = operations(api)[listing.operation]
        assert operation.method == "GET"
        assert operation.effect == "read"
        schema: Any = operation.answers[200].schema
        if listing.rows:
            schema = schema["properties"][listing.rows]
        row = schema if listing.one else schema["items"]
        keys = {listing.id, *listing.title, *listing.facts, *listing.parents.values()}
        known = row.get("properties", {}).keys()
        assert keys <= known or "allOf" in row, keys - known
        assert {*listing.people, *listing.words} <= keys
        assert listing.parents.keys() <= {one.kind for one in plan(api).listings}


def test_who_and_how_many(client: Client) -> None:
    """Nobody by that name is 404, no name 400; no more are shown than asked for."""
    for number in range(3):
        add_item(client, title=f"Item {number}")
    seen = records(client, "owner", limit=2)
    assert len(of_kind(seen, "item")) == 2
    assert {one["kind"]: one["total"] for one in seen["lists"]}["item"] == 3
    for query, status in (
        ("actor=nobody", 404),
        ("", 400),
        ("actor=owner&limit=0", 400),
        ("actor=owner&world=nowhere", 404),
    ):
        answer = client.get(f"/__admin/records?{query}")
        assert answer.status_code == status, query
        assert '"error"' in answer.text


def test_addresses_are_those_of_the_world() -> None:
    """In a world with a name the addresses of records have it."""
    client = Client(App("gsmtasks"))
    client.post("/__admin/worlds", json={"name": "mine"})
    seen = records(client, "manager", world="mine")
    assert seen["records"]
    for row in seen["records"]:
        assert row["id"].startswith("http://localhost/~mine/api/"), row["id"]
    titles = {row["title"] for row in of_kind(seen, "role")}
    assert titles == {"manager", "worker", "second_worker", "both"}


def test_projects_and_what_may_be_done_with_them() -> None:
    """In 5pm each sees whether they may change a project; tasks stand below it."""
    client = Client(App("fivepm"))
    add = "/api/v2/service/post"
    session = {"sessionId": cast(client)["user"]["session_id"]}
    project = {"project[name]": "Shop", "project[team]": "102,105", **session}
    client.post(f"{add}/projects/add", data=project)
    task = {"task[name]": "Photographs", "task[projectId]": "1001", **session}
    client.post(f"{add}/tasks/add", data=task)
    (shop,) = of_kind(records(client, "user"), "project")
    assert shop["facts"]["can_edit"] == "true"
    assert shop["facts"]["team"] == "user, client"
    (below,) = of_kind(records(client, "user"), "task")
    assert {"kind": "project", "id": "1001"} in below["parents"]
    (other,) = of_kind(records(client, "client"), "project")
    assert other["facts"]["can_edit"] == "false"
    assert of_kind(records(client, "external"), "project") == []


@pytest.mark.parametrize("api", APIS)
def test_the_contract_is_told(api: str) -> None:
    """The page is told the operations and the sentences of the clauses."""
    contract = told(Client(App(api)), "/contract")
    assert contract["api"] == api
    assert [one["id"] for one in contract["operations"]] == list(operations(api))
    assert all(one["summary"] and one["path"] for one in contract["operations"])
    assert all(text.endswith(".") for text in contract["clauses"].values())


def test_requests_outside_the_contract_are_found(client: Client) -> None:
    """The log tells those apart that sent what the contract does not have."""
    add_item(client)
    add_item(client, colour="red")
    (found,) = told(client, "/requests", violations="true")
    assert found["number"] == 2
    assert told(client, "/requests/count", violations="true") == {"count": 1}
