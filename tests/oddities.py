"""What a mock of any API may be sent at random, and how it is sent in process."""

import io
from typing import Any

from werkzeug.test import run_wsgi_app

from tasktwin_mockserver import App

ODD_TEXTS = (
    *("", " ", "null", "true", "-1", "1e400", "9" * 40, "[" * 500, "{}", "[]", "\x00"),
    *("\ud7ff", "🗂" * 300, "2012-13-45T99:99", "0001-01-01T00:00:00+14:00"),
    *("%", "\r\n"),
)
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**63, 2**64, 1e308, -0.0, [], {}, [[]], [None], {"id": {}}),
)


def asked(
    app: App,
    method: str,
    path: str,
    query: str = "",
    body: bytes = b"",
    kind: str = "",
    headers: dict[str, str] | None = None,
) -> tuple[int, bytes, dict[str, str]]:
    """The status, the body and the headers of an answer; nothing mends what is sent."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
    }
    for name, value in (headers or {}).items():
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    chunks, status, told = run_wsgi_app(app, environ)
    return int(status[:3]), b"".join(chunks), dict(told)
