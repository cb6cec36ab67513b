"""A mock in a process of its own, as `tasktwin serve` starts it, or another server."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

WAIT = 20.0  # seconds in which it has to be there


@contextmanager
def served(
    api: str, log: Path | None = None, packages: Path | None = None
) -> Iterator[dict[str, Any]]:
    """What its ready file says, which is nothing where it did not start.

    It logs to `log`; what is in the folder `packages` counts over what is installed.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        Path(log or os.devnull).open("w") as errors,
    ):
        ready = Path(folder, "ready.json")
        words = ["serve", api, "--port", "0", "--ready-file", str(ready)]
        more = {"PYTHONPATH": str(packages)} if packages else {}
        with subprocess.Popen(  # noqa: S603 (the kit itself)
            [sys.executable, "-m", "tasktwin_contract", *words],
            env={**os.environ, **more},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        ) as server:
            try:
                end = time.monotonic() + WAIT
                while not ready.exists() and time.monotonic() < end:
                    with suppress(subprocess.TimeoutExpired):
                        server.wait(0.05)
                yield json.loads(ready.read_text("utf-8")) if ready.exists() else {}
            finally:
                server.kill()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def first_answer(
    process: subprocess.Popen[bytes], port: int, path: str = "/api/user"
) -> None:
    """Return once the server that is being started answers, whatever it says."""
    with _connected(process, port) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        if not wire.recv(1):
            raise SystemExit(f"{process.args!r} has answered nothing")


def _connected(process: subprocess.Popen[bytes], port: int) -> socket.socket:
    end = time.monotonic() + WAIT
    while process.poll() is None and time.monotonic() < end:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=WAIT)
        except ConnectionRefusedError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.002)
    raise SystemExit(f"{process.args!r} has not begun to answer")


@contextmanager
def slow_clients(url: str, count: int) -> Iterator[None]:
    """Clients who have sent a half of a request, and wait."""
    where = urlsplit(url)
    with ExitStack() as stack:
        for _ in range(count):
            wire = socket.create_connection((where.hostname, where.port))
            stack.enter_context(wire)
            wire.sendall(
                b"POST /api/item HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                b"Content-Length: 9\r\n\r\n{"
            )
        yield
