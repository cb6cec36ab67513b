"""A server with durable worlds, killed at random moments while eight threads write.

    python bench/kills.py [API] [--kills 50] [--most 1.0] [--seed N] [--json FILE]

After each kill it is started again on the same file, and every write that it had
acknowledged has to be there: items or tasks with their names, files with their bytes,
those removed gone, worlds made and dropped, clocks. What was under way may be there or
not.
"""

import argparse
import http.client
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tasktwin_contract.wire import File, Request
from tasktwin_schemas import APIS

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from shelf import SHELVES, Shelf, written

WRITERS = 8
WAIT = 30.0  # seconds in which a server has to be there
TIMEOUT = 20.0
EARLY = 0.2  # how often it is killed while it starts, too
GONE = None
Name = str | None


class Server:
    """`tasktwin serve` in a process of its own."""

    def __init__(self, options: list[str], api: str = "hitask") -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.ready = Path(self.folder.name, "ready.json")
        words = ["serve", api, "--port", "0", *options]
        words += ["--ready-file", str(self.ready)]
        self.log = Path(self.folder.name, "log").open("w+")  # noqa: SIM115 (`kill`)
        self.process = subprocess.Popen(  # noqa: S603 (the kit itself)
            [sys.executable, "-m", "tasktwin_contract", *words],
            stdout=subprocess.DEVNULL,
            stderr=self.log,
        )

    def facts(self) -> dict[str, Any]:
        """What its ready file says."""
        end = time.monotonic() + WAIT
        while not self.ready.exists():
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.02)
                self.log.seek(0)
                raise SystemExit(f"the server did not start: {self.log.read()}")
            if time.monotonic() > end:
                raise SystemExit("the server did not start in time")
        facts: dict[str, Any] = json.loads(self.ready.read_text("utf-8"))
        return facts

    def kill(self) -> None:
        """End it as the system does that has no memory left."""
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.folder.cleanup()


class Caller:
    """One connection to a server."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._connection = http.client.HTTPConnection(self._host, timeout=TIMEOUT)

    def __call__(
        self, method: str, path: str, session: str = "", data: Any = None
    ) -> tuple[int, bytes]:
        """The status and the body; `OSError` where the connection breaks."""
        headers = {"x-hi-session": session} if session else {}
        body = b""
        if data is not None:
            headers["Content-Type"], body = (
                "application/json",
                json.dumps(data).encode(),
            )
        return self.send(Request(method, path, (), tuple(headers.items()), body))

    def send(self, request: Request) -> tuple[int, bytes]:
        """The status and the body; `OSError` where the connection breaks."""
        headers = dict(request.headers)
        try:
            self._connection.request(
                request.method, request.target, request.body or None, headers
            )
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from None

    def json(self, *words: Any) -> Any:
        """What is answered, which has to be success."""
        return json.loads(_succeeded(words[:2], *self(*words)))


def _succeeded(words: object, status: int, body: bytes) -> bytes:
    if status not in (200, 201):
        raise AssertionError(f"{words} answered {status}: {body[:300]!r}")
    return body


class Writer:
    """One who writes to a world of their own, and remembers what may be true of it.

    `things` has for each key the names that its thing may have; None is for no thing.
    The first of them was acknowledged, the other one was asked for and not answered.
    """

    def __init__(self, api: str, number: int, drawn: random.Random) -> None:
        self.api = api
        self.name = f"w-{number}"
        self.drawn = drawn
        self.facts: Mapping[str, str] = {}
        self.things: dict[str, list[Name]] = {}
        self.ids: dict[str, Any] = {}
        self.files: dict[Any, bytes] = {}
        self.nows: list[str] = []
        self.branches: dict[str, list[bool]] = {}
        self.acknowledged = 0
        self.error = ""

    def begin(self, call: Caller) -> None:
        """Make the world."""
        made = call.json("POST", "/__admin/worlds", "", {"name": self.name})
        self.facts = made["actors"][SHELVES[self.api].owner]
        frozen = call.json("PUT", f"/__admin/clock?world={self.name}", "", {})
        self.nows = [frozen["now"]]

    def work(self, url: str) -> None:
        """Write until the connection breaks."""
        steps: list[Callable[[Caller, Shelf], None]] = [
            *[self._make] * 6,
            *[self._rename] * 6,
            *[self._remove] * 2,
            *[self._upload, self._advance, self._branch],
        ]
        try:
            call = Caller(url)
            shelf = self._shelf(call)
            while True:
                self.drawn.choice(steps)(call, shelf)
                self.acknowledged += 1
        except OSError:
            return  # killed
        except Exception as error:  # noqa: BLE001 (told at the end)
            self.error = f"{self.name}: {error!r}"

    def _shelf(self, call: Caller) -> Shelf:
        return SHELVES[self.api](partial(self._ask, call))

    def _ask(self, call: Caller, name: str, /, **parameters: Any) -> Any:
        request = written(self.api, self.name, self.facts, name, parameters)
        body = _succeeded(name, *call.send(request))
        return json.loads(body) if body[:1] in (b"{", b"[") else body

    def _make(self, _: Caller, shelf: Shelf) -> None:
        key, name = self._key(), self._name()
        self.things[key] = [GONE, name]
        made = shelf.make(key, name)
        self.things[key], self.ids[key] = [name], made

    def _rename(self, _: Caller, shelf: Shelf) -> None:
        if key := self._any():
            name = self._name()
            self.things[key] = [self.things[key][0], name]
            shelf.rename(self.ids[key], name)
            self.things[key] = [name]

    def _remove(self, _: Caller, shelf: Shelf) -> None:
        if shelf.removes and (key := self._any()):
            self.things[key] = [self.things[key][0], GONE]
            shelf.remove(self.ids[key])
            self.things[key] = [GONE]

    def _upload(self, _: Caller, shelf: Shelf) -> None:
        data = b"\xff" + self.drawn.randbytes(self.drawn.choice((10, 5000, 200_000)))
        key, name = self._key(), self._name()
        if shelf.files_are_things:
            self.things[key] = [GONE, name]
        made = shelf.upload(key, File(data, name))
        self.files[made] = data
        if shelf.files_are_things:
            self.things[key], self.ids[key] = [name], made

    def _advance(self, call: Caller, _: Shelf) -> None:
        path = f"/__admin/clock/advance?world={self.name}"
        self.nows.append("")
        self.nows = [call.json("POST", path, "", {"seconds": 1})["now"]]

    def _branch(self, call: Caller, _: Shelf) -> None:
        """Fork the world, or drop the oldest fork."""
        there = [name for name, known in self.branches.items() if known == [True]]
        if len(there) > 2:
            self.branches[there[0]] = [True, False]
            call.json("DELETE", f"/__admin/worlds/{there[0]}")
            self.branches[there[0]] = [False]
            return
        name = f"{self.name}-{len(self.branches)}"
        self.branches[name] = [False, True]
        call.json("POST", "/__admin/worlds", "", {"name": name, "from": self.name})
        self.branches[name] = [True]

    def check(self, call: Caller) -> list[str]:
        """What is not as it was acknowledged; what is there is known from now on."""
        shelf = self._shelf(call)
        found = shelf.listed()
        wrong = [f"{self.name} has a foreign {g}" for g in found.keys() - self.things]
        for key, names in self.things.items():
            number, name = found.get(key, (None, GONE))
            if name not in names:
                wrong.append(f"{self.name}, {key}: {name!r} is none of {names}")
            self.things[key] = [name]
            if number is not None:
                self.ids[key] = number
        there = {number for number, _ in found.values()}
        files = self.files.keys() & there if shelf.files_are_things else self.files
        wrong += [one for file in files for one in self._check_file(call, shelf, file)]
        return [*wrong, *self._check_clock(call), *self._check_branches(call)]

    def _check_file(self, call: Caller, shelf: Shelf, number: Any) -> list[str]:
        def get(path: str) -> bytes:
            return call("GET", path)[1]

        if shelf.bytes_of(number, get) == self.files[number]:
            return []
        return [f"{self.name}: the file {number} has other bytes"]

    def _check_clock(self, call: Caller) -> list[str]:
        told = call.json("GET", f"/__admin/clock?world={self.name}")
        known, self.nows = self.nows, [told["now"]]
        if told["now"] in known or len(known) > 1:
            return []
        return [f"{self.name}: the clock shows {told['now']}, not {known[0]}"]

    def _check_branches(self, call: Caller) -> list[str]:
        wrong = []
        for name, known in self.branches.items():
            status, _ = call("GET", f"/__admin/worlds/{name}")
            if (status == 200) not in known:
                wrong.append(f"{name}: {status}, though it should be there: {known}")
            self.branches[name] = [status == 200]
        return wrong

    def _any(self) -> str | None:
        there = [key for key, names in self.things.items() if names != [GONE]]
        return self.drawn.choice(there) if there else None

    def _key(self) -> str:
        return str(uuid.UUID(int=self.drawn.getrandbits(128)))

    def _name(self) -> str:
        return f"name-{self.drawn.getrandbits(32):x}"


def under_load(server: Server, url: str, writers: list[Writer], seconds: float) -> None:
    """Have all write, and kill the server after so long."""
    threads = [threading.Thread(target=w.work, args=[url]) for w in writers]
    for thread in threads:
        thread.start()
    threading.Event().wait(seconds)
    server.kill()
    for thread in threads:
        thread.join()


def run(state: Path, asked: argparse.Namespace, options: list[str]) -> dict[str, Any]:
    """Kill as often as asked, and count what is not as it should be."""
    drawn = random.Random(asked.seed)
    writers = [
        Writer(asked.api, n, random.Random(drawn.random())) for n in range(WRITERS)
    ]
    wrong: list[str] = []
    starts = []
    for kill in range(asked.kills + 1):
        if drawn.random() < EARLY:  # killed while it starts
            server = Server(options, asked.api)
            threading.Event().wait(drawn.uniform(0, statistics.median(starts or [1])))
            server.kill()
        began = time.monotonic()
        server = Server(options, asked.api)
        url = server.facts()["url"]
        starts.append(time.monotonic() - began)
        call = Caller(url)
        for writer in writers:
            wrong += writer.check(call) if kill else writer.begin(call) or []
        if kill < asked.kills:
            under_load(server, url, writers, drawn.uniform(0.0, asked.most))
        else:
            server.process.terminate()
            server.process.wait(TIMEOUT)
            server.kill()
    return {
        "kills": asked.kills,
        "acknowledged writes": sum(writer.acknowledged for writer in writers),
        "things at the end": sum(
            names != [GONE] for writer in writers for names in writer.things.values()
        ),
        "median start, s": round(statistics.median(starts), 2),
        "file, kB": state.stat().st_size // 1000,
        "beside the file": [p.name for p in state.parent.iterdir() if p != state],
        "wrong": wrong,
        "errors": [writer.error for writer in writers if writer.error],
    }


def main() -> int:
    """Kill, print, and say with the exit code whether nothing was lost."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("api", nargs="?", choices=APIS, default="hitask")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--most", type=float, default=1.0, help="seconds of load")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--fsync", action="store_true")
    parser.add_argument("--json", metavar="FILE", help="write the figures")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder, "worlds.db")
        options = ["--state", str(state), *(["--fsync"] if asked.fsync else [])]
        figures = run(state, asked, options)
    figures = {"seed": asked.seed, **figures}
    for name, figure in figures.items():
        print(f"{name:<20} {figure}")
    if asked.json:
        Path(asked.json).write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return 1 if figures["wrong"] or figures["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
