"""One request to the mock in process, as a ratio to a bare werkzeug application.

    python bench/inprocess.py [--rounds 15] [--json FILE]

Each round measures every case in turn, so that all of them meet the same machine.
"""

import argparse
import importlib.metadata
import io
import json
import os
import platform
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from tasktwin_mockserver import App

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
CALLS = 300
BUDGETS = {
    "GET /user": 3,
    "GET /item of 20": 4,
    "PUT /item, form": 8,
    "PUT /item, JSON": 8,
    "POST /item, form": 10,
    "POST /item, JSON": 10,
}
KILOBYTE = json.dumps({f"key{n}": "x" * 20 for n in range(32)}).encode()
ROUTES = Map([Rule("/api/user", methods=["GET"])])

Environ = dict[str, Any]
Case = tuple[Any, Callable[[], Environ]]


def bare(environ: Environ, start: Any) -> Any:
    """The reference: route, request, response, and nothing else."""
    request = Request(environ)
    ROUTES.bind_to_environ(request.environ).match()
    return Response(KILOBYTE, content_type=JSON)(environ, start)


def environ(method: str, path: str, session: str, body: bytes = b"") -> Environ:
    """What a WSGI server would hand over."""
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_X_HI_SESSION": session,
        "CONTENT_TYPE": JSON if body.startswith(b"{") else FORM,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
    }


def cases() -> dict[str, Case]:
    """What is measured, by name."""
    app = App("hitask")
    actors = app.worlds.describe("default", "http://localhost")["actors"]
    owner, member = (actors[name]["session_id"] for name in ("owner", "member"))
    made = [_create(app, owner) for _ in range(20)]
    numbers = iter(range(10**9))

    def fields(write: str) -> dict[str, Any]:
        named = {"id": made[-1]} if write == "PUT" else {"guid": str(uuid.uuid4())}
        return {**named, "title": f"title {next(numbers)}"}

    def write(method: str, encode: Callable[[Any], bytes], session: str) -> Case:
        return app, lambda: environ(
            method, "/api/item", session, encode(fields(method))
        )

    return {
        "bare": (bare, lambda: environ("GET", "/api/user", owner)),
        "GET /user": (app, lambda: environ("GET", "/api/user", owner)),
        "GET /item of 20": (app, lambda: environ("GET", "/api/item", owner)),
        "PUT /item, form": write("PUT", _form, owner),
        "PUT /item, JSON": write("PUT", _json, owner),
        "POST /item, form": write("POST", _form, member),
        "POST /item, JSON": write("POST", _json, member),
    }


def _form(fields: dict[str, Any]) -> bytes:
    return urlencode(fields).encode()


def _json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode()


def _create(app: App, session: str) -> int:
    body = _form({"guid": str(uuid.uuid4()), "title": "an item"})
    chunks = app(environ("POST", "/api/item", session, body), lambda *_: None)
    number: int = json.loads(b"".join(chunks))["id"]
    return number


def microseconds(case: Case) -> float:
    """How long a call takes on average, in a batch of `CALLS`."""
    application, make = case
    prepared = [make() for _ in range(CALLS)]
    statuses = set()
    started = time.perf_counter()
    for one in prepared:
        application(one, lambda status, _: statuses.add(status))
    elapsed = time.perf_counter() - started
    if statuses != {"200 OK"}:
        raise SystemExit(f"answered {statuses}, so there is nothing to measure")
    return elapsed / CALLS * 1e6


def settings(rounds: int) -> dict[str, Any]:
    """What the figures were measured with."""
    names = ("tasktwin", "werkzeug", "msgspec", "jsonschema-rs")
    return {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "rounds": rounds,
        "calls a round": CALLS,
        "warm-up rounds": 1,
        **{name: _version(name) for name in names},
    }


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "from a checkout"


def rows(rounds: int) -> Iterator[dict[str, Any]]:
    """Each case with its median and its ratio to the bare application."""
    measured_cases = cases()
    measured: dict[str, list[float]] = {name: [] for name in measured_cases}
    for number in range(rounds + 1):
        for name, case in measured_cases.items():
            figure = microseconds(case)
            if number:
                measured[name].append(figure)
    reference = statistics.median(measured["bare"])
    for name, figures in measured.items():
        median = statistics.median(figures)
        budget = BUDGETS.get(name)
        yield {
            "case": name,
            "microseconds": round(median, 1),
            "ratio": round(median / reference, 2),
            "budget": budget,
            "within": budget is None or median <= budget * reference,
        }


def main() -> int:
    """Measure, print, and say with the exit code whether all budgets hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", metavar="FILE", help="write settings and figures")
    asked = parser.parse_args()
    found = list(rows(asked.rounds))
    print(
        *(f"{key} {value}" for key, value in settings(asked.rounds).items()), sep=", "
    )
    print(f"{'case':<18} {'µs':>8} {'ratio':>7} {'budget':>7}")
    for row in found:
        verdict = "" if row["budget"] is None else "ok" if row["within"] else "OVER"
        figures = f"{row['microseconds']:>8} {row['ratio']:>7} {row['budget'] or '':>7}"
        print(f"{row['case']:<18} {figures} {verdict}")
    if asked.json:
        report = {"settings": settings(asked.rounds), "figures": found}
        with Path(asked.json).open("w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)
    return 0 if all(row["within"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
