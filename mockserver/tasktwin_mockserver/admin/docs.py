"""What the controls are: an OpenAPI document, and a page of it for people."""

from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import msgspec

from tasktwin_mockserver.admin.asked import Asked, control
from tasktwin_mockserver.api import Answer

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto;
  padding: 0 1rem; }}
code, pre {{ font-family: ui-monospace, monospace; }}
pre {{ background: #f4f4f4; padding: .5rem; overflow-x: auto; }}
h2 {{ margin-top: 2.5rem; font-size: 1.1rem; }}
</style>
<h1>{title}</h1>
<p>{text}</p>
<p>As data: <a href="openapi.json">openapi.json</a>.</p>
{operations}
</html>
"""


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of the controls."""
    text = files("tasktwin_mockserver.admin").joinpath("openapi.json").read_bytes()
    found: dict[str, Any] = msgspec.json.decode(text)
    return found


@control("GET", "/openapi.json")
def show_document(asked: Asked) -> object:
    """The OpenAPI document of the controls."""
    return document()


@control("GET", "/docs")
def show_docs(asked: Asked) -> object:
    """That document for people to read."""
    info = document()["info"]
    page = PAGE.format(
        title=escape(info["title"]),
        text=escape(info["description"]),
        operations="\n".join(_sections()),
    )
    headers = (
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
    )
    return Answer(
        body=page.encode(), media_type="text/html; charset=utf-8", headers=headers
    )


def _sections() -> Iterator[str]:
    root = document()["servers"][0]["url"]
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            title = f"{method.upper()} {root}{path}"
            yield f"<h2><code>{escape(title)}</code></h2>"
            yield f"<p>{escape(operation['summary'])}</p>"
            yield from _parameters(operation)
            yield from _examples(operation)


def _parameters(operation: dict[str, Any]) -> Iterator[str]:
    rows = [_resolved(row) for row in operation.get("parameters", ())]
    if rows:
        items = (
            f"<li><code>{escape(row['name'])}</code>: {escape(row['description'])}</li>"
            for row in rows
        )
        yield f"<ul>{''.join(items)}</ul>"


def _examples(operation: dict[str, Any]) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {})
    for media in content.values():
        for example in media.get("examples", {}).values():
            text = msgspec.json.encode(example["value"]).decode()
            yield f"<pre>{escape(text)}</pre>"


def _resolved(row: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in row:
        return row
    found: dict[str, Any] = document()
    for step in row["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found
