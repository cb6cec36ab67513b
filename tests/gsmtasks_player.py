"""Who plays with a GSMtasks mock, at random."""

import base64
import json
import random
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from tasktwin_mockserver import App
from tasktwin_schemas import Operation

from .gsmtasks_oddities import (
    BASE,
    BODIES,
    BOUNDARY,
    HOST,
    JSON,
    LISTS,
    METHODS,
    MOMENTS,
    MULTIPART,
    ODD,
    OPERATIONS,
    PATHS,
    PLAIN,
    PNG,
    REFERENCES,
    TEXTS,
    TOKENS,
    TYPES,
)
from .oddities import asked

ALWAYS = {405, 413, 415, 429}


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
        tokens = {}
        if who or token is not None:
            tokens = {"authorization": token or f"Token {self.tokens[who or '']}"}
        path = path_info(path)
        status, whole, headers = asked(
            self.app, method, path, query, body, kind, tokens
        )
        assert status < 500, (method, path, query, body, kind)
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


def path_info(path: str) -> str:
    """The path as WSGI has it; one that an answer told is decoded first."""
    if not path.startswith(HOST):
        return path
    return unquote(path.removeprefix(HOST)).encode().decode("latin-1")
