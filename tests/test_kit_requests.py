"""What a client asked of a world, and what it should have met there."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tasktwin_mockserver import MockServer, traffic
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


@pytest.mark.parametrize(
    ("api", "operation", "name", "words"),
    [
        ("hitask", "createItem", "titel", "createItem has no parameter 'titel'; near"),
        ("hitask", "createItem", "due_date", "gets 'due_date' as 'end_date'"),
        ("hitask", "createItem", "api_key", "createItem has no parameter 'api_key'"),
        ("hitask", "getUser", "title", "getUser has no parameter 'title'"),
        ("hitask", None, "titel", "no operation has a parameter 'titel'; near it: tit"),
        ("gsmtasks", "listTasks", "stat", "near it: state"),
        ("gsmtasks", None, "colour", "no operation has a parameter 'colour'"),
        ("fivepm", "activityAttachFiles", "files[n][name]", "as 'files'"),
        ("fivepm", None, "projectsgroups[id]", "'projectsgroups[id]' as 'group[id]'"),
        ("fivepm", None, "task[nam]", "near it: task[name]"),
    ],
)
def test_requests_with_parameters_that_there_are_not(
    api: str, operation: str, name: str, words: str, servers: dict[str, MockServer]
) -> None:
    """To count by a parameter that the log cannot have is an error, not zero."""
    with servers[api].fresh() as world:
        for ask in (world.requests, world.requests.count, world.requests.none):
            with pytest.raises(LookupError) as caught:
                ask(operation, parameters={name: 1})
            assert words in str(caught.value)


def test_requests_with_parameters_of_all_kinds(servers: dict[str, MockServer]) -> None:
    """Whatever an operation gets can be asked for: in its path, files, free names."""
    with servers["hitask"].fresh() as stub:
        world: Any = stub
        headers, url = world.owner.headers, f"{world.url}/api"
        session = world.requests_session()
        number = world.item()["id"]
        item = {"guid": GUID, "due_date": "2030-01-01T00:00:00Z"}
        session.put(f"{url}/item/{number}", json=item, headers=headers)
        session.post(f"{url}/user/preferences", json={"mine": "1"}, headers=headers)
        ask = world.requests.count
        assert ask("updateItemById", parameters={"guid": str(number)}) == 1
        assert ask("setPreferences", parameters={"mine": "1"}) == 1
        assert ask(parameters={"guid": str(number)}) == 1
        (sent,) = world.requests("updateItemById")
        assert "end_date" in sent.parameters
    with servers["fivepm"].fresh() as world:
        assert world.requests.none("activityAttachFiles", parameters={"files": []})


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


def stray(world: Any, colour: str = "red") -> None:
    """Send what the contract does not have."""
    url, headers = f"{world.url}/api/user?colour={colour}", world.owner.headers
    requests.get(url, headers=headers, timeout=SECONDS)


def strictly(*acts: Callable[[Any], object]) -> Callable[[Any], None]:
    """What does all that in a world that is strict."""

    def act(world: Any) -> None:
        world.strict()
        for one in acts:
            one(world)

    return act


def look(world: Any, times: int = 5) -> None:
    """Send what the contract has, so often."""
    session = world.requests_session()
    for _ in range(times):
        session.get(f"{world.url}/api/user", headers=world.owner.headers)


def test_strays_that_the_log_has_lost(
    servers: dict[str, MockServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many requests come after it, what was sent amiss is told at the end."""
    monkeypatch.setattr(traffic, "KEPT", 3)
    said = told(servers["hitask"], strictly(stray, look, stray))
    assert "unknown-parameter:colour (request 1, getUser, GET /api/user)" in said
    assert "unknown-parameter:colour (request 7, getUser, GET /api/user)" in said
    assert said.count("HT-PARAM-20: ") == 2


def test_strays_before_a_reset(servers: dict[str, MockServer]) -> None:
    """A reset does not make up for them, but for those that were told already."""

    def tell(world: Any) -> None:
        with pytest.raises(VerificationError, match="request 1, "):
            world.verify()
        world.reset()
        stray(world)

    reset: Callable[[Any], object] = lambda world: world.reset()  # noqa: E731
    assert "request 1, getUser" in told(servers["hitask"], strictly(stray, reset))
    said = told(servers["hitask"], strictly(stray, tell, reset))
    assert "request 1, " not in said
    assert "request 2, getUser" in said
    with servers["hitask"].fresh() as world:
        stray(world)
        world.reset()
        world.strict()


def test_strays_in_a_fork(servers: dict[str, MockServer]) -> None:
    """A fork of a strict world is strict, and its strays are told with its name."""
    names = []

    def fork(world: Any) -> None:
        twin = world.fork().fork()
        names.append(twin.name)
        stray(twin, "blue")

    said = told(servers["hitask"], strictly(stray, fork))
    assert said.startswith("hitask: outside the contract: ")
    assert f"fork {names[0]}: outside the contract: " in said
    assert said.count("HT-PARAM-20: ") == 2
    with servers["hitask"].fresh() as world:
        fork(world)


def test_a_log_that_has_lost_requests(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is said of requests that the log no longer holds, but that it is so."""
    monkeypatch.setattr(traffic, "KEPT", 3)
    look(world, 3)
    assert world.requests.count("getUser") == 3
    create(world)
    look(world, 2)
    for ask in (
        lambda: world.requests.count("getUser"),
        lambda: world.requests.none("createItem"),
        lambda: world.requests.order,
        lambda: world.requests[0],
        lambda: [*world.requests],
    ):
        with pytest.raises(LookupError, match=r"up to number 3; .*requests\.clear\(\)"):
            ask()
    assert ", the latest: " in repr(world.requests)
    world.requests.clear()
    look(world, 3)
    assert world.requests.count("getUser") == 3
    look(world, 1)
    with pytest.raises(LookupError):
        world.requests.count("getUser")
    world.reset()
    look(world, 3)
    assert world.requests.order == ["getUser"] * 3
