"""The stub kit: for each API a fixture of its name, a fresh world for each test.

    def test_my_client(hitask):
        client = MyClient(hitask.url, session=hitask.owner.session_id)

It is loaded with the plugin, so the mock is imported only where a world is asked for.
"""

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING

import pytest

from tasktwin_schemas import APIS

if TYPE_CHECKING:
    from tasktwin_mockserver import MockServer
    from tasktwin_mockserver.stub import Stub

PASSED: pytest.StashKey[bool] = pytest.StashKey()


@pytest.fixture(scope="session")
def tasktwin_server() -> "Iterator[Callable[[str], MockServer]]":
    """What answers the server of an API, at a free port; it lives for the session."""
    from tasktwin_mockserver import MockServer

    running: dict[str, MockServer] = {}

    def server(api: str) -> MockServer:
        if api not in running:
            running[api] = MockServer(api)
            running[api].start()
        return running[api]

    yield server
    for one in running.values():
        one.stop()


def _world_of(api: str) -> object:
    def world(
        request: pytest.FixtureRequest,
        tasktwin_server: "Callable[[str], MockServer]",
    ) -> "Iterator[Stub]":
        stub = tasktwin_server(api).fresh()
        try:
            yield stub
            _verify(stub, passed=request.node.stash.get(PASSED, False))
        finally:
            stub.close()

    world.__doc__ = f"A fresh world of {api}: its people, faults, clock and requests."
    return pytest.fixture(name=api)(world)


globals().update({f"{api}_world": _world_of(api) for api in APIS})


def _verify(stub: "Stub", *, passed: bool) -> None:
    """Fail the test; a script that one which failed left over says nothing new."""
    from tasktwin_mockserver.stub import VerificationError

    try:
        stub.verify(scripts=passed)
    except VerificationError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether the test itself has passed."""
    if call.when == "call":
        item.stash[PASSED] = call.excinfo is None
    return (yield)
