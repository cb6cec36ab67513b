"""Clients of a server, all at once: wrk where it is installed, else our own."""

import math
import os
import re
import selectors
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

CONNECTIONS = 16
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
# `%s` is the place of a guid that no two requests share.
SCRIPT = """
wrk.method = [[{method}]]
wrk.headers["x-hi-session"] = [[{session}]]
local body, number = [[{body}]], 0
if #body > 0 then wrk.headers["Content-Type"] = "application/json" end
function request()
  if #body == 0 then return wrk.format() end
  number = number + 1
  local guid = string.format("{start}-0000-4000-8000-%012x", number)
  return wrk.format(nil, nil, nil, (string.gsub(body, "%%s", guid)))
end
"""


@dataclass(frozen=True)
class Ask:
    """What every client asks, again and again; `%s` in the body is a new guid."""

    url: str
    session: str = ""
    method: str = "GET"
    body: str = ""

    @cached_property
    def _pattern(self) -> bytes:
        parts = urlsplit(self.url)
        length = len(self.body.replace("%s", str(uuid.UUID(int=0))).encode())
        described = (
            f"Content-Type: application/json\r\nContent-Length: {length}\r\n"
            if self.body
            else ""
        )
        return (
            f"{self.method} {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            f"x-hi-session: {self.session}\r\n{described}\r\n{self.body}"
        ).encode()

    def message(self) -> bytes:
        """The next request as it goes over the wire."""
        if not self.body:
            return self._pattern
        return self._pattern.replace(b"%s", str(uuid.uuid4()).encode())


class Load(NamedTuple):
    """Answers a second, and within how many milliseconds 99 of 100 came.

    `busy` is the part of the time in which the clients were at work: near 1 they, and
    not the server, set the rate.
    """

    rate: float
    slow: float
    busy: float


Generator = Callable[[Ask, float], Load]


def generator(name: str | None = None) -> tuple[str, Generator]:
    """The load generator of that name; without one the best that is there."""
    if name != "own" and shutil.which("wrk"):
        return "wrk -t1", wrk
    return "own", own


def wrk(ask: Ask, seconds: float) -> Load:
    """Ask by wrk, in one thread."""
    words = {"method": ask.method, "session": ask.session, "body": ask.body}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "ask.lua")
        script.write_text(SCRIPT.format(**words, start=uuid.uuid4().hex[:8]))
        began = os.times()
        options = ["-t1", f"-c{CONNECTIONS}", f"-d{math.ceil(seconds)}s", "--latency"]
        done = subprocess.run(  # noqa: S603 (the tool that was asked for)
            ["wrk", *options, "-s", str(script), ask.url],  # noqa: S607
            capture_output=True,
            check=True,
            text=True,
        )
    ended = os.times()
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise SystemExit(f"{ask.method} {ask.url}: {done.stdout}")
    rate = re.search(r"Requests/sec: *([\d.]+)", done.stdout)
    slow = re.search(r"99% *([\d.]+)(us|ms|s)", done.stdout)
    if rate is None or slow is None:
        raise SystemExit(f"wrk said {done.stdout!r}")
    used = ended.children_user + ended.children_system
    used -= began.children_user + began.children_system
    busy = used / (ended.elapsed - began.elapsed)
    return Load(float(rate[1]), float(slow[1]) * UNITS[slow[2]], busy)


@dataclass
class Client:
    """One connection, and what has come of its answer."""

    wire: socket.socket
    asked: float = 0.0
    come: bytearray = field(default_factory=bytearray)

    def ask(self, ask: Ask) -> None:
        """Send the next request."""
        self.asked = time.perf_counter()
        self.come.clear()
        self.wire.sendall(ask.message())

    def answered(self) -> bool:
        """Whether the answer is there, once something has come."""
        self.come += self.wire.recv(1 << 18)
        head = self.come.find(b"\r\n\r\n")
        if head < 0:
            return False
        length = LENGTH.search(self.come, 0, head)
        if not self.come.startswith(b"HTTP/1.1 2") or length is None:
            raise SystemExit(f"answered {bytes(self.come[:300])!r}")
        return len(self.come) >= head + 4 + int(length[1])


def own(ask: Ask, seconds: float) -> Load:
    """Ask by sockets of this process."""
    parts = urlsplit(ask.url)
    where = (parts.hostname, parts.port)
    clients = [Client(socket.create_connection(where)) for _ in range(CONNECTIONS)]
    times: list[float] = []
    with selectors.DefaultSelector() as ready:
        for client in clients:
            ready.register(client.wire, selectors.EVENT_READ, client)
            client.ask(ask)
        started = now = time.perf_counter()
        used = time.process_time()
        while now - started < seconds:
            for key, _ in ready.select():
                if key.data.answered():
                    times.append(time.perf_counter() - key.data.asked)
                    key.data.ask(ask)
            now = time.perf_counter()
        used = time.process_time() - used
    for client in clients:
        client.wire.close()
    slow = sorted(times)[-len(times) // 100] * 1000
    return Load(len(times) / (now - started), slow, used / (now - started))
