"""Where the operations are served, and what is served nowhere."""

import re

import pytest

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.examples import (
    BELOW_API,
    EVERY,
    OPERATIONS,
    caller,
    example,
)
from tasktwin_contract.protocol import allowed, hold_head_to_get, hold_options_to
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target
from tasktwin_schemas import openapi
from tasktwin_schemas.document import METHODS

VERSIONS = ("/v2", "/v3", "/v4", "/v5", "/v6", "/v7")
# A path with servers of its own is one of a version, and another path's below that.
PATHS = {
    path: item
    for path, item in openapi("hitask")["paths"].items()
    if "servers" not in item
}
VARIABLE = re.compile(r"\{\w+\}")
VERSIONED = [name for name in EVERY if OPERATIONS[name].versioned]
READ = [
    name
    for name in EVERY
    if (OPERATIONS[name].method, OPERATIONS[name].effect) == ("GET", "read")
]
COMMON = {"GET", "POST", "PUT", "DELETE", "PATCH"}


@clause("HT-PATH-01")
@pytest.mark.parametrize("name", BELOW_API)
def test_operations_stand_below_api(target: Target, name: str) -> None:
    """Every operation is served below /api."""
    with target.world() as world:
        caller(world, name).call(name, **example(world, name)).expect(200)


@clause("HT-PATH-02")
@pytest.mark.parametrize("name", VERSIONED)
def test_operations_stand_below_each_version(target: Target, name: str) -> None:
    """Every operation is also served below /api/v2 to /api/v7."""
    for version in VERSIONS:
        with target.world() as world:
            who = caller(world, name).using(prefix=version)
            who.call(name, **example(world, name)).expect(200)


@clause("HT-PATH-02")
@pytest.mark.parametrize("version", VERSIONS)
def test_versions_share_one_state(target: Target, version: str) -> None:
    """What is made below a version is there without one, and the other way round."""
    with target.world() as world:
        versioned = world.owner.using(prefix=version)
        made = [world.owner.item()["guid"], versioned.item()["guid"]]
        plain, prefixed = world.owner.items(), versioned.items()
        assert {item["guid"] for item in plain.values()} == {*made}
        assert prefixed == plain


@clause("HT-PATH-03")
@pytest.mark.parametrize("version", ["/v0", "/v1"])
def test_versions_too_old(target: Target, version: str) -> None:
    """A version below 2 is refused with 400 and code 9."""
    with target.world() as world:
        session = (("x-hi-session", world.owner.session_id),)
        there = f"/api{version}/user"
        world.request("GET", there, headers=session).refused(400, 9)


@clause("HT-PATH-04")
@pytest.mark.parametrize("version", ["/v8", "/v10", "/v27", "/v1000"])
def test_versions_too_new(target: Target, version: str) -> None:
    """A version above 7 is not found: 404 and code 1."""
    with target.world() as world:
        session = (("x-hi-session", world.owner.session_id),)
        there = f"/api{version}/user"
        world.request("GET", there, headers=session).refused(404, 1)


@clause("HT-PATH-05")
@pytest.mark.parametrize(
    "path",
    [
        "/api/nothing",
        "/api/v7/nothing",
        "/api/user/no/thing",
        "/user",
        "/api",
        "/apiuser",
        certain("/api//user"),
        "/api/v7//user",
    ],
)
def test_unknown_paths(target: Target, path: str) -> None:
    """An unknown path is not found: 404 and code 1."""
    with target.world() as world:
        session = (("x-hi-session", world.owner.session_id),)
        for method in sorted(COMMON | {"OPTIONS"}):
            world.request(method, path, headers=session).refused(404, 1)


@clause("HT-PATH-06")
@pytest.mark.parametrize("path", PATHS)
def test_other_methods(target: Target, path: str) -> None:
    """Another method is refused with 405, code 17 and Allow, which names the served."""
    with target.world() as world:
        session = (("x-hi-session", world.owner.session_id),)
        there = VARIABLE.sub(world.guid(), path)
        served = served_at(there)
        for method in sorted(COMMON - served):
            reply = world.request(method, f"/api{there}", headers=session)
            named = allowed(reply.refused(405, 17))
            assert named & COMMON == served & COMMON, f"Allow names {named}"


@clause("HT-PATH-07")
@pytest.mark.parametrize("name", READ)
def test_head(target: Target, name: str) -> None:
    """HEAD is answered with the status and the headers of GET, and no body."""
    with target.world() as world:
        world.freeze()
        hold_head_to_get(caller(world, name), name, **example(world, name))


@clause("HT-PATH-08")
@pytest.mark.parametrize("path", PATHS)
def test_options(target: Target, path: str) -> None:
    """OPTIONS is answered with 204 and Allow, which names the served."""
    with target.world() as world:
        there = VARIABLE.sub(world.guid(), path)
        reply = world.request("OPTIONS", f"/api{there}")
        hold_options_to(reply, served_at(there))


def served_at(path: str) -> set[str]:
    """The methods of every path of the document that is, or can be, `path`."""
    return {
        method.upper()
        for known, item in PATHS.items()
        for method in METHODS
        if method in item and re.fullmatch(VARIABLE.sub("[^/]+", known), path)
    }
