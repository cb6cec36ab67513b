"""A world by httpx, without a socket."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tasktwin_mockserver import MockServer

httpx: Any = pytest.importorskip("httpx", reason="httpx is not installed")

ITEM = {"guid": "9769a9f9-726c-4ec8-a920-be16193c26a6", "title": "Call back"}


@pytest.fixture
def world() -> Iterator[Any]:
    """A world of HiTask; nobody listens at its address."""
    server = MockServer("hitask")
    with server.fresh() as stub:
        yield stub
    server.stop()


def client(world: Any, **words: Any) -> Any:
    """The owner's client."""
    transport = world.httpx_transport()
    headers = world.owner.headers
    base = f"{world.url}/api"
    return httpx.Client(transport=transport, base_url=base, headers=headers, **words)


def test_a_client(world: Any) -> None:
    """What it sends arrives, and is answered."""
    with client(world) as session:
        assert session.post("/item", json=ITEM).json()["title"] == "Call back"
        assert session.get("/item").json()[0]["guid"] == ITEM["guid"]
    assert world.requests.order == ["createItem", "listItems"]


def test_an_asynchronous_client(world: Any) -> None:
    """It works alike, with many requests at once."""

    async def ask() -> list[Any]:
        transport = world.httpx_transport()
        words = {"base_url": world.url, "headers": world.owner.headers}
        async with httpx.AsyncClient(transport=transport, **words) as session:
            asked = [session.get("/api/user") for _ in range(5)]
            return await asyncio.gather(*asked)

    answers = asyncio.run(ask())
    assert [one.json()["login"] for one in answers] == ["owner"] * 5
    assert world.requests.count("getUser") == 5


def test_a_reset(world: Any) -> None:
    """It is the error of httpx, before the answer and within it."""
    world.faults.script("getUser", ["reset", {"reset": 20}, 503])
    with client(world) as session:
        for _ in range(2):
            with pytest.raises(httpx.ReadError):
                session.get("/user")
        assert session.get("/user").status_code == 503


def test_a_reset_of_an_asynchronous_client(world: Any) -> None:
    """It is the same error."""

    async def ask() -> None:
        transport = world.httpx_transport()
        async with httpx.AsyncClient(transport=transport) as session:
            await session.get(f"{world.url}/api/user", headers=world.owner.headers)

    for step in ("reset", {"reset": 20}):
        world.faults.script("getUser", [step])
        with pytest.raises(httpx.ReadError):
            asyncio.run(ask())


def test_a_timeout(world: Any) -> None:
    """Who does not wait long enough gets the error of httpx."""
    world.clock.freeze()
    world.faults.script("getUser", [{"delay": 60}])
    with client(world, timeout=0.01) as session, pytest.raises(httpx.ReadTimeout):
        session.get("/user")
