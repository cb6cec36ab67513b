"""What a GSMtasks mock may be sent at random: what it takes, and what is odd."""

from typing import Any

from tasktwin_schemas import operations

from .oddities import ODD_TEXTS, ODD_VALUES

BASE = "/api/tasks"
HOST = "http://localhost"
OPERATIONS = operations("gsmtasks")
JSON, FORM, BOUNDARY = "application/json", "application/x-www-form-urlencoded", "x"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
TYPES = (JSON, FORM, MULTIPART, "text/plain", "", "a/b; c=\xe9", "application/x+json")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "BREW")
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
    *ODD_TEXTS,
    *("http://[", "//", "http://localhost/~x/api/tasks/tasks/", "data:,", "../.."),
    *ODD_VALUES,
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
