"""Random requests to the GSMtasks mock: no 5xx, nothing undocumented, nothing lost."""

import base64
import io
import json
import os
import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest

from tasktwin_mockserver import App
from tasktwin_schemas import Operation, operations

SEED = int(os.environ.get("TASKTWIN_TEST_SEED", "20261121"))
REQUESTS = 10_000
BASE = "/api/tasks"
OPERATIONS = operations("gsmtasks")
HOST = "http://localhost"
JSON, FORM, BOUNDARY = "application/json", "application/x-www-form-urlencoded", "x"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
TYPES = (JSON, FORM, MULTIPART, "text/plain", "", "a/b; c=\xe9", "application/x+json")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "BREW")
ALWAYS = {405, 413, 415, 429}
LISTS = {
    name: operation.path.strip("/")
    for name, operation in OPERATIONS.items()
    if name.startswith("list") and "{" not in operation.path
}
REFERENCES = {
    "account": "accounts",
    "user": "users",
    "assignee": "users",
    "client": "clients",
    "orderer": "clients",
    "receiver": "clients",
    "order": "orders",
    "task": "tasks",
    "tasks": "tasks",
    "file_upload": "file_uploads",
}
ODD: tuple[Any, ...] = (
    *("", " ", "null", "true", "-1", "1e400", "9" * 40, "[" * 500, "{}", "[]", "\x00"),
    *(
        "\ud7ff",
        "🗂" * 300,
        "2012-13-45T99:99",
        "0001-01-01T00:00:00+14:00",
        "%",
        "\r\n",
    ),
    *("http://[", "//", "http://localhost/~x/api/tasks/tasks/", "data:,", "../.."),
    *(None, True, 0, -1, 2**63, 2**64, 1e308, -0.0, [], {}, [[]], [None], {"id": {}}),
    *({"email": 5}, {"email": ""}, {"raw_address": None}, {"location": {}}, ["x"]),
    *({"type": "Point", "coordinates": [181, 0]}, {"type": "Point", "coordinates": []}),
)
BODIES = (
    *(b"{", b'{"name": NaN}', b'{"name": "\\ud800"}', b"[1, 2]", b"null", b'"text"'),
    *(b"\xff\xfe", b"name=%ff&x=%c3%28", b"&&==&", b"name", b"=x", b"[" * 50_000),
    *(b'{"a":' * 2000, b'{"name": 1e999}', b'{"x": 123456789012345678901234567890}'),
)
TOKENS = (
    "Token",
    "Token x y",
    "token ",
    "Bearer x",
    "",
    "\xe9",
    "Token \xff",
    "x" * 999,
)
PATHS = (
    *(
        "/",
        "/api",
        BASE,
        f"{BASE}/",
        f"{BASE}//tasks/",
        f"{BASE}/tasks",
        "/~",
        "/~no/x",
    ),
    *(
        f"{BASE}/tasks/\xff\xfe/",
        f"{BASE}/tasks/{'9' * 400}/",
        f"{BASE}/tasks/x/accept/",
    ),
    *("/media/fileupload/x/y", "/media/fileupload//", "/__files/x/y", "/api/register"),
)
MOMENTS = (
    "2026-11-21T10:00:00Z",
    "2026-11-21T10:00:00.5+05:30",
    "2090-01-01",
    "2020-01-01",
)
TEXTS = ("a text", "Piccadilly Circus, London", "ü🗂", "x@example.com", "00:15:00")
PLAIN = {
    "timezone": "Europe/London",
    "country_code": "GB",
    "username": "both@example.com",
    "password": "both-password",
}
PNG = b"\x89PNG\r\n\x1a\n and so on"


class Player:
    """Somebody who is five people, and knows what they have made."""

    def __init__(self, app: App, seed: int) -> None:
        self.app = app
        self.drawn = random.Random(seed)
        actors = app.worlds.describe("default", "")["actors"]
        self.tokens = {name: actor["token"] for name, actor in actors.items()}
        world = app.worlds.get("default")
        assert world is not None
        self.world = world
        world.clock = world.clock.set(world.clock.now(), frozen=True)
        self.known: dict[str, dict[str, set[str]]] = {}
        for name in self.tokens:
            self.lists(name)

    def send(
        self,
        who: str | None,
        method: str,
        path: str,
        body: bytes = b"",
        kind: str = JSON,
        query: str = "",
        token: str | None = None,
    ) -> tuple[int, Any, dict[str, str]]:
        """Send a request; the answer's status, data and headers."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path_info(path),
            "QUERY_STRING": query,
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
        }
        if who or token is not None:
            environ["HTTP_AUTHORIZATION"] = token or f"Token {self.tokens[who or '']}"
        started: list[tuple[str, list[tuple[str, str]]]] = []
        chunks = self.app(environ, lambda *head: started.append(head))  # type: ignore[arg-type]
        status, headers = int(started[0][0][:3]), dict(started[0][1])
        assert status < 500, (method, path, query, body, kind)
        whole = b"".join(chunks)
        is_json = headers.get("Content-Type") == JSON and method != "HEAD"
        return status, json.loads(whole) if is_json else whole, headers

    def lists(self, who: str) -> dict[str, list[dict[str, Any]]]:
        """Everything that somebody gets listed."""
        found = {}
        for noun in LISTS.values():
            _, found[noun], _ = self.send(who, "GET", f"{BASE}/{noun}/")
        urls = {noun: {row["url"] for row in found[noun]} for noun in found}
        self.known[who] = urls
        return found

    def one_of(self, who: str, noun: str) -> str:
        """The address of a record of that resource, mostly one that `who` sees."""
        drawn = self.drawn
        eyes = who if drawn.random() < 0.9 else drawn.choice([*self.tokens])
        urls = sorted(self.known[eyes].get(noun, ()))
        return drawn.choice(urls) if urls else f"{HOST}{BASE}/{noun}/x/"

    def call(self) -> None:
        """Call an operation, with what it takes or nearly that."""
        drawn = self.drawn
        operation = drawn.choice([*OPERATIONS.values()])
        who = drawn.choice([*self.tokens, "manager", "manager"])
        if drawn.random() < 0.02:
            self.lists(who)
            self.world.clock = self.world.clock.advance(drawn.randrange(1_500_000))
        noun = operation.path.replace("media/fileupload", "file_uploads").split("/")[1]
        number = self.one_of(who, noun).split("/")[-2]
        path = operation.path.replace("{id}", number).replace("{name}", "a.png")
        fields = {
            name: self.value(who, name, parameter.schema)
            for name, parameter in operation.parameters.items()
            if parameter.place == "body"
            and (drawn.random() < 0.3 + 0.69 * parameter.required)
        }
        query = "&".join(
            f"{name}={self.value(who, name, parameter.schema)}"
            for name, parameter in operation.parameters.items()
            if parameter.place == "query" and drawn.random() < 0.2
        )
        body = json.dumps(fields).encode() if operation.media_types else b""
        asks = who if drawn.random() < 0.98 else None
        status, data, _ = self.send(
            asks, operation.method, f"{operation.base}{path}", body, query=query
        )
        self.judge(who, operation, status, data)

    def judge(self, who: str, operation: Operation, status: int, data: Any) -> None:
        """Hold an answer to its documented shape, and remember what was made."""
        if status in ALWAYS:
            return
        assert status in operation.answers, (operation.id, status, data)
        rule = operation.answers[status].schema
        if rule and rule.get("format") != "binary":
            jsonschema_rs.validate(rule, data)
        if status == 201 and "url" in data:
            self.known[who][operation.path.strip("/")].add(data["url"])

    def value(self, who: str, name: str, rule: dict[str, Any]) -> Any:
        """A value for a field, mostly one that it takes."""
        drawn = self.drawn
        if drawn.random() < 0.02:
            return drawn.choice(ODD)
        kinds = rule.get("type", "string")
        kind = drawn.choice(kinds) if isinstance(kinds, list) else kinds
        if name in REFERENCES and kind in ("string", "array"):
            several = [self.one_of(who, REFERENCES[name]) for _ in "abcd"]
            return several if kind == "array" else several[0]
        if "enum" in rule:
            return drawn.choice(rule["enum"])
        if kind == "object":
            names = rule.get("properties", {})
            return {key: self.value(who, key, names[key]) for key in names}
        if kind == "array" and "prefixItems" in rule:
            return [drawn.uniform(-90, 90), drawn.uniform(-90, 90)]
        if kind == "array":
            return [
                self.value(who, "", rule["items"]) for _ in range(drawn.randrange(4))
            ]
        plain: dict[str, Any] = {
            "boolean": drawn.random() < 0.5,
            "integer": drawn.randrange(31),
        }
        plain |= {"null": None, "number": drawn.uniform(-90, 90)}
        return plain.get(kind, self.text(name, rule))

    def text(self, name: str, rule: dict[str, Any]) -> str:
        """A text for a field."""
        if rule.get("format") == "date-time":
            return self.drawn.choice(MOMENTS)
        if name == "email":
            worker = self.drawn.choice(("worker", "second_worker"))
            new = str(self.drawn.getrandbits(40))
            return f"{self.drawn.choice((worker, new))}@example.com"
        if name in PLAIN:
            return PLAIN[name]
        if name == "contents":
            return f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
        if rule.get("pattern", "").startswith("^[0-9]{2}:"):
            return "00:15:00"
        return self.drawn.choice(TEXTS)

    def anything(self) -> None:
        """Send whatever comes to mind."""
        choose, drawn = self.drawn.choice, self.drawn
        names = sorted(REFERENCES)
        fields = {choose(names): choose(ODD) for _ in "abc"}
        body = choose((*BODIES, json.dumps(fields).encode(), PNG))
        path = choose((*PATHS, *(f"{BASE}/{noun}/" for noun in LISTS.values())))
        if drawn.random() < 0.3:
            nouns = [*LISTS.values()]
            path = self.one_of("manager", choose(nouns))
        query = choose(("", "%ff=%fe", "a&b&c", "=", "state=%c3%28", "\xe9", "?" * 99))
        token = choose(TOKENS) if drawn.random() < 0.2 else None
        who = choose([*self.tokens])
        method = choose(METHODS)
        self.send(who, method, path, body, choose(TYPES), query, token)

    def upload(self) -> None:
        """Send a file by a form, which something may have happened to."""
        drawn = self.drawn
        name = drawn.choice(("a.png", "", " ", "..", "a" * 300, "\xe9", "a/b\\c"))
        field = drawn.choice(("file", "file", "file", "is_image", "x"))
        data = bytearray(PNG + drawn.randbytes(20))
        head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"'
        parts = [f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode("latin-1"), bytes(data)]
        body = b"".join([*parts, f"\r\n--{BOUNDARY}--\r\n".encode()])
        if drawn.random() < 0.3:
            body = body[: drawn.randrange(len(body))]
        who = drawn.choice([*self.tokens])
        answer = self.send(who, "POST", f"{BASE}/file_uploads/", body, MULTIPART)
        self.judge(who, OPERATIONS["createFileUpload"], *answer[:2])
        if answer[0] == 201:
            assert self.send(who, "GET", answer[1]["file"])[1] == data

    def check(self) -> None:
        """See that what is listed agrees with itself, for each of the five."""
        seen = {who: self.lists(who) for who in self.tokens}
        everything = set().union(*(all_urls(lists) for lists in seen.values()))
        for who, lists in seen.items():
            orders = {row["url"]: row["tasks"] for row in lists["orders"]}
            for task in lists["tasks"]:
                self.check_task(who, task, orders)
            for url in set(references(lists)):
                status, _, _ = self.send(who, "GET", url)
                assert status == 200, (who, url)
            hidden = everything - all_urls(lists)
            for url in self.drawn.sample(sorted(hidden), min(len(hidden), 50)):
                assert self.send(who, "GET", url)[0] == 404, (who, url)
        mine = set().union(*(all_urls(seen[who]) for who in ("worker", "manager")))
        assert mine.isdisjoint(all_urls(seen["stranger"]))

    def check_task(
        self, who: str, task: dict[str, Any], orders: dict[str, list[str]]
    ) -> None:
        """See that a task agrees with what hangs on it."""
        assert self.send(who, "GET", task["url"])[1] == task
        for name in ("events", "documents", "signatures"):
            _, rows, _ = self.send(who, "GET", task[name])
            assert task["counts"][name] == len(rows)
        _, events, _ = self.send(who, "GET", task["events"])
        chain = [(event["from_state"], event["to_state"]) for event in events[::-1]]
        assert all(a[1] == b[0] for a, b in pairwise(chain))
        assert chain[-1][1] == task["state"]
        assert (task["completed_at"] is not None) == (task["state"] == "completed")
        assert (task["cancelled_at"] is not None) == (task["state"] == "cancelled")
        for order, tasks in orders.items():
            assert (task["order"] == order) == (task["url"] in tasks)

    def check_actions(self, number: int) -> None:
        """See that the actions of some tasks are those that succeed."""
        for who in self.tokens:
            _, tasks, _ = self.send(who, "GET", f"{BASE}/tasks/")
            tasks = [task for task in tasks if self.has_workers(who, task)]
            for task in self.drawn.sample(tasks, min(len(tasks), number)):
                allowed = set(self.possible(who, task))
                assert allowed == set(task["actions"]), (who, task["state"])

    def has_workers(self, who: str, task: dict[str, Any]) -> bool:
        """Whether there is somebody to whom a task can be assigned."""
        return bool(self.send(who, "GET", f"{task['account']}workers/")[1])

    def possible(self, who: str, task: dict[str, Any]) -> Iterator[str]:
        """The actions that succeed, each tried in a world of its own."""
        _, workers, _ = self.send(who, "GET", f"{task['account']}workers/")
        where = task["url"].removeprefix(HOST)
        for operation in OPERATIONS.values():
            if operation.path.startswith("/tasks/{id}/") and operation.method == "POST":
                action = operation.path.split("/")[-2]
                name = self.app.worlds.make(origin="default")
                body = json.dumps({"assignee": {"email": workers[0]["email"]}})
                path = f"/~{name}{where}{action}/"
                status, _, _ = self.send(who, "POST", path, body.encode())
                self.app.worlds.drop(name)
                if status == 200:
                    yield action


def path_info(path: str) -> str:
    """The path as WSGI has it; one that an answer told is decoded first."""
    if not path.startswith(HOST):
        return path
    return unquote(path.removeprefix(HOST)).encode().decode("latin-1")


def all_urls(lists: dict[str, list[dict[str, Any]]]) -> set[str]:
    """The addresses of all records in some lists."""
    return {record["url"] for rows in lists.values() for record in rows}


def references(node: Any, name: str = "") -> Iterator[str]:
    """The addresses in an answer, but for those of transitions."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from references(value, key) if key != "actions" else ()
    elif isinstance(node, list):
        for value in node:
            yield from references(value, name)
    elif isinstance(node, str) and node.startswith(f"{HOST}/") and node not in ODD:
        yield node


def test_random_requests() -> None:
    """10,000 random requests make no 5xx and nothing that is not documented."""
    player = Player(App("gsmtasks", 3), SEED)
    for number in range(REQUESTS):
        does = (player.call, player.anything, player.upload)
        player.drawn.choices(does, (70, 25, 5))[0]()
        if number % 2500 == 2499:
            player.check_actions(2)
    player.check()
    assert not [exchange for exchange in player.world.traffic if exchange.error]


@pytest.mark.parametrize("who", [None, "worker", "stranger"])
def test_a_refused_request_changes_nothing(who: str | None) -> None:
    """What is refused leaves no trace: the world is as it was."""
    player = Player(App("gsmtasks", 4), SEED + 1)
    for _ in range(400):
        player.call()
    world = player.world
    for operation in OPERATIONS.values():
        for number in range(8):
            before = world.snapshot()
            player.drawn.seed(f"{operation.id}{number}")
            asks = who or "manager"
            noun = operation.path.split("/")[1]
            url = player.one_of(asks, noun).split("/")[-2]
            fields = {
                name: player.value(asks, name, parameter.schema)
                for name, parameter in operation.parameters.items()
            }
            body = json.dumps(fields).encode()
            path = operation.path.replace("{id}", url).replace("{name}", "a.png")
            where = f"{operation.base}{path}"
            status, _, _ = player.send(who, operation.method, where, body)
            if status >= 400:
                after = world.snapshot()
                assert (before.counters, before.stamp) == (after.counters, after.stamp)
                for name, table in after.tables.items():
                    assert not table.differing(before.tables[name]), operation.id
