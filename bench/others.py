"""Other mocks that answer what ours does, each in a process of its own.

Each gets the bodies that ours has sent: one object, a list of 20, and what a POST
makes. None logs to a screen or writes to a disk. WireMock keeps a journal of requests,
as ours does, unless it is told not to; it is measured both ways.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from load import Ask
from serving import first_answer, free_port

READS = ("GET /user", "GET /item of 20")
# Where ours is to be ahead.
BUDGETS = {
    "wiremock": READS,
    "prism": (*READS, "POST /item"),
    "json-server": (*READS, "POST /item"),
}
# What is made goes to a list of its own, so that the other stays as long as it is.
PATHS = {"GET /user": "/user", "GET /item of 20": "/item", "POST /item": "/made"}

Bodies = dict[str, Any]


def wiremock(folder: Path, bodies: Bodies) -> list[str]:
    """A stub for each answer."""
    mappings = folder / "mappings"
    mappings.mkdir()
    for name, path in PATHS.items():
        asked = {"method": name.split()[0], "urlPath": path}
        headers = {"Content-Type": "application/json"}
        sent = {"status": 200, "headers": headers, "body": json.dumps(bodies[name])}
        stub = json.dumps({"request": asked, "response": sent})
        (mappings / f"{path[1:]}.json").write_text(stub, "utf-8")
    options = ["--bind-address", "127.0.0.1", "--root-dir", str(folder)]
    # Our own clients read no chunks.
    return [*options, "--use-chunked-encoding", "NEVER"]


def wiremock_quick(folder: Path, bodies: Bodies) -> list[str]:
    """The same, and no request is kept."""
    return [*wiremock(folder, bodies), "--no-request-journal"]


def prism(folder: Path, bodies: Bodies) -> list[str]:
    """A document whose examples are the answers."""
    wanted = {"content": {"application/json": {"schema": {"type": "object"}}}}
    paths = {}
    for name, path in PATHS.items():
        content = {"application/json": {"example": bodies[name]}}
        answers = {"200": {"description": "the answer", "content": content}}
        body = {"requestBody": wanted} if name not in READS else {}
        paths[path] = {name.split()[0].lower(): {"responses": answers, **body}}
    info = {"title": "the answers of ours", "version": "1"}
    document = folder / "openapi.json"
    document.write_text(
        json.dumps({"openapi": "3.0.3", "info": info, "paths": paths}), "utf-8"
    )
    return ["mock", str(document), "--host", "127.0.0.1", "--verboseLevel", "silent"]


def json_server(folder: Path, bodies: Bodies) -> list[str]:
    """Tables that a program makes, which stay in memory; a file would be written to."""
    reads = {PATHS[name][1:]: bodies[name] for name in READS}
    tables = folder / "tables.js"
    text = json.dumps(reads | {"made": []})
    tables.write_text(f"module.exports = () => ({text})", "utf-8")
    return [str(tables), "--quiet", "--host", "127.0.0.1"]


WORDS: dict[str, Callable[[Path, Bodies], list[str]]] = {
    "wiremock": wiremock,
    "wiremock quick": wiremock_quick,
    "prism": prism,
    "json-server": json_server,
}


def installed(folder: Path | None = None) -> dict[str, str]:
    """The commands that are on the path, or in the `node_modules` of a folder."""
    path = os.environ.get("PATH", "")
    if folder is not None:
        path = f"{folder.resolve() / 'node_modules' / '.bin'}{os.pathsep}{path}"
    found = {name: shutil.which(name.split()[0], path=path) for name in WORDS}
    return {name: command for name, command in found.items() if command}


def bodies(ours: dict[str, Ask]) -> Bodies:
    """What ours answers to whoever reads, and of what it lists the last."""
    found = {}
    for name in READS:
        asked = Request(ours[name].url, headers={"x-hi-session": ours[name].session})  # noqa: S310 (ours)
        with urlopen(asked) as answer:  # noqa: S310 (ours)
            found[name] = json.load(answer)
    return {**found, "POST /item": found["GET /item of 20"][-1]}


@contextmanager
def started(name: str, command: str, answers: Bodies) -> Iterator[dict[str, Ask]]:
    """What to ask of one of them instead of ours, by name of the case."""
    port, item = free_port(), '{"guid": "%s", "title": "an item"}'
    with tempfile.TemporaryDirectory() as folder:
        words = [command, *WORDS[name](Path(folder), answers), "--port", str(port)]
        process = subprocess.Popen(  # noqa: S603 (one of the commands above)
            words,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            first_answer(process, port, PATHS["GET /user"])
            yield {
                case: Ask(f"http://127.0.0.1:{port}{path}", method=method, body=body)
                for case, path in PATHS.items()
                for method in [case.split()[0]]
                for body in [item if method == "POST" else ""]
            }
        finally:
            # wiremock is a program that starts another.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
