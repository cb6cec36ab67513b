"""What httpx tells of an answer is the same by socket and without one."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tasktwin_mockserver import MockServer

httpx: Any = pytest.importorskip("httpx", reason="httpx is not installed")

WAYS = ("iter_raw", "iter_bytes", "iter_text", "iter_lines")
STEPS = ("ok", "cut", "malformed", {"status": 503, "reset": 20}, {"reset": 20}, "reset")


class Note:
    """What becomes known of one answer."""

    def __init__(self) -> None:
        self._answer: Any = None
        self._begun: tuple[int, bool] | None = None
        self._error: type[Exception] | None = None
        self.pieces: list[Any] = []

    def begin(self, answer: Any) -> None:
        """Have `answer` be the one; what it is like now is told too."""
        self._answer = answer
        self._begun = answer.num_bytes_downloaded, answer.is_closed

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Note the error of httpx where there is one."""
        try:
            yield
        except httpx.HTTPError as error:
            self._error = type(error)

    @property
    def facts(self) -> dict[str, Any]:
        """All of it, once nobody reads any more."""
        answer, pieces = self._answer, self.pieces
        if answer is None:
            return {"error": self._error}
        return {
            "error": self._error,
            "status": (answer.status_code, answer.reason_phrase, answer.http_version),
            "said": {"http_version", "reason_phrase"} <= answer.extensions.keys(),
            "elapsed": answer.elapsed.total_seconds() >= 0,
            "downloaded": (self._begun, answer.num_bytes_downloaded),
            "over": (answer.is_closed, answer.is_stream_consumed),
            "read": type(pieces[0])().join(pieces) if pieces else None,
        }


def ask(transport: Any, request: Any, way: str) -> Note:
    """Send a request, and read the answer that way; `read` is all at once."""
    note = Note()
    with httpx.Client(transport=transport) as session, note.failing():
        if way == "read":
            note.begin(session.send(request))
            return note
        answer = session.send(request, stream=True)
        note.begin(answer)
        try:
            note.pieces.extend(getattr(answer, way)())
        finally:
            answer.close()
    return note


async def ask_later(transport: Any, request: Any, way: str) -> Note:
    """Do as `ask` does, with an asynchronous client."""
    note = Note()
    async with httpx.AsyncClient(transport=transport) as session:
        with note.failing():
            if way == "read":
                note.begin(await session.send(request))
                return note
            answer = await session.send(request, stream=True)
            note.begin(answer)
            try:
                async for piece in getattr(answer, f"a{way}")():
                    note.pieces.append(piece)
            finally:
                await answer.aclose()
    return note


def all_facts(world: Any, request: Any, way: str, *steps: Any) -> list[dict[str, Any]]:
    """What becomes known by socket and without one, with either client."""
    notes = []
    for transport in (None, world.httpx_transport()):
        world.faults.script("getUser", steps)
        notes.append(ask(transport, request, way))
        world.faults.script("getUser", steps)
        notes.append(asyncio.run(ask_later(transport, request, way)))
    return [note.facts for note in notes]


@pytest.mark.parametrize("step", STEPS, ids=str)
@pytest.mark.parametrize("way", ["read", *WAYS])
def test_an_answer_without_a_socket(world: Any, way: str, step: Any) -> None:
    """Times, counts, pieces and errors of an answer are those of one by socket."""
    request = httpx.Request("GET", f"{world.url}/api/user", headers=world.owner.headers)
    first, *others = all_facts(world, request, way, step)
    assert others == [first] * 3


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PATCH"])
def test_other_methods_without_a_socket(world: Any, method: str) -> None:
    """As much is known and read of their answers as by socket."""
    request = httpx.Request(method, f"{world.url}/api/user")
    first, *others = all_facts(world, request, "iter_raw", "ok")
    assert others == [first] * 3
    world.faults.clear()


def test_a_large_answer(servers: dict[str, MockServer]) -> None:
    """It comes in pieces, and nobody has to read all of them."""
    with servers["hitask"].fresh() as stub:
        world: Any = stub
        for _ in range(40):
            world.item(message="x" * 9000)
        words = {"headers": world.owner.headers}
        with (
            httpx.Client(transport=world.httpx_transport()) as session,
            session.stream("GET", f"{world.url}/api/item", **words) as answer,
        ):
            piece = next(answer.iter_raw())
            assert len(piece) == answer.num_bytes_downloaded < 100_000
        assert answer.is_closed
