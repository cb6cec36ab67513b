"""What a client asked of a world, and what it should have met there."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tasktwin_mockserver import MockServer
from tasktwin_mockserver.faults import FaultError
from tasktwin_mockserver.stub import VerificationError

from .stub_client import GUID, SECONDS, create


def test_requests(world: Any) -> None:
    """What clients asked is there by operation, typed, in its order."""
    assert world.requests.none("createItem")
    create(world)
    requests.get(f"{world.url}/api/itme", timeout=SECONDS)
    (made,) = world.requests("createItem", parameters={"title": "Call back"})
    assert (made.actor, made.status, made.parameters["guid"]) == ("owner", 200, GUID)
    assert world.requests.order == ["createItem", None]
    assert world.requests.count("createItem", actor="member") == 0
    assert world.requests.none("createItem", parameters={"title": "other"})
    assert [one.path for one in world.requests(unmatched=True)] == ["/api/itme"]
    assert world.requests[-1].status == 404
    assert (len(world.requests), len([*world.requests])) == (2, 2)
    world.requests.clear()
    assert world.requests.none()


def test_requests_to_no_operation(world: Any) -> None:
    """To count calls of what there is not, or of nobody, is an error, not zero."""
    with pytest.raises(LookupError, match="near it: createItem"):
        world.requests.count("creatItem")
    with pytest.raises(LookupError, match="nobody called 'membr'; near it: member"):
        world.requests.none(actor="membr")
    assert world.requests.none(actor=world.member)
    assert world.requests.none(actor="1008"), "somebody who is not of the cast"


def test_faults_are_explained(world: Any) -> None:
    """A script for no operation, or with no step, says what there is."""
    with pytest.raises(FaultError, match="near it: createItem"):
        world.faults.script("creatItem", [503])
    with pytest.raises(FaultError, match="the words are ok, reset, cut, malformed"):
        world.faults.script("createItem", ["rest"])


def told(server: MockServer, act: Callable[[Any], object]) -> str:
    """What is said at the end of a world to which that was done."""
    with pytest.raises(VerificationError) as caught, server.fresh() as world:
        act(world)
    return str(caught.value)


def test_unused_scripts(servers: dict[str, MockServer]) -> None:
    """What is left of a script is told at the end, those of forks too."""

    def fail_once(world: Any) -> None:
        world.faults.script("createItem", [503, 503, "reset"])
        create(world)

    words = "a fault script for createItem was not used up; left: 503, reset"
    assert words in told(servers["hitask"], fail_once)
    words = "any operation was not used up; left: 503"
    fork = told(servers["hitask"], lambda w: w.fork().faults.script("*", [503]))
    assert words in fork


def test_a_failure_is_not_hidden(servers: dict[str, MockServer]) -> None:
    """Of a test that fails nobody is told which scripts it did not use."""

    def fail(world: Any) -> None:
        world.faults.script("*", [503])
        raise KeyError

    with pytest.raises(KeyError), servers["hitask"].fresh() as world:
        fail(world)


def test_strict(servers: dict[str, MockServer]) -> None:
    """What a client sent outside the contract is told with its clauses, if asked."""

    def stray(world: Any) -> None:
        requests.get(f"{world.url}/api/user?colour=red", timeout=SECONDS)
        world.requests.clear()

    def stray_strictly(world: Any) -> None:
        world.strict()
        stray(world)

    with servers["hitask"].fresh() as world:
        stray(world)
    said = told(servers["hitask"], stray_strictly)
    assert "HT-PARAM-20 unknown-parameter:colour" in said
    assert "request 1, getUser, GET /api/user" in said
    assert "\n    HT-PARAM-20: " in said
