"""What HTTP itself refuses, and limits of the server's."""

from collections.abc import Iterator

import pytest

from tasktwin_contract.actors import FORM
from tasktwin_contract.clauses import clause
from tasktwin_contract.fivepm import raw
from tasktwin_contract.fivepm.cast import FORMS
from tasktwin_contract.fivepm.examples import (
    EVERY,
    OPERATIONS,
    READING,
    caller,
    example,
)
from tasktwin_contract.fivepm.steps import everything
from tasktwin_contract.protocol import (
    allowed,
    compressed,
    hold_head_to_get,
    hold_options_to,
)
from tasktwin_contract.target import Target, World
from tasktwin_contract.wire import Query
from tasktwin_schemas import openapi

BASE = "/api/v2/service"
NOWHERE = (
    "/get/nothing/getAll",
    "/get/projects/nothing",
    "/post/projects/nothing",
    "/get/projects",
    "/get",
    "",
    "/put/projects/add",
    "/get/projects/getall",
    "/get/projects/getAll/1",
)
MOST = 2000
MINUTE = 60
METHODS = {path: {*item} for path, item in openapi("fivepm")["paths"].items()}
OTHERS = [
    (path, method)
    for path in METHODS
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH")
    if method.lower() not in METHODS[path]
]
READ = [name for name in READING if OPERATIONS[name].method == "GET"]
NOT_UTF8 = (b"\xff", b"a\xc3", b"\xed\xa0\x80", b"\xc0\xaf")
KINDS = ("application/json", "text/plain", "application/xml", "", "nonsense")


def query_of(world: World) -> Query:
    """Session and form as they stand in a query."""
    return (("sessionId", world.admin.session_id), ("retType", "json"))


@clause("FP-CALL-14")
@pytest.mark.parametrize("path", NOWHERE)
@pytest.mark.parametrize("form", FORMS)
def test_unknown_paths(target: Target, path: str, form: str) -> None:
    """An unknown controller or action is refused with 404."""
    with target.world() as world:
        query = (("sessionId", world.admin.session_id), ("retType", form))
        for method in ("GET", "POST", "OPTIONS"):
            world.request(method, f"{BASE}{path}", query=query).refused(404)


@clause("FP-CALL-15")
@pytest.mark.parametrize(("path", "method"), OTHERS)
def test_other_methods(target: Target, path: str, method: str) -> None:
    """Another method on a known path is refused with 405, and Allow names the right."""
    with target.world() as world:
        reply = world.request(method, f"{BASE}{path}", query=query_of(world))
        named = {word.upper() for word in allowed(reply.refused(405))}
        wanted = {name.upper() for name in METHODS[path]}
        assert wanted <= named <= wanted | {"HEAD", "OPTIONS"}


@clause("FP-CALL-25")
@pytest.mark.parametrize("name", READ)
def test_head(target: Target, name: str) -> None:
    """HEAD is answered with the status and the headers of GET, and no body."""
    with target.world() as world:
        hold_head_to_get(caller(world, name), name, **example(world, name))


@clause("FP-CALL-26")
@pytest.mark.parametrize("path", METHODS)
def test_options(target: Target, path: str) -> None:
    """OPTIONS is answered with 204 and Allow, which names the served."""
    with target.world() as world:
        reply = world.request("OPTIONS", f"{BASE}{path}")
        hold_options_to(reply, {name.upper() for name in METHODS[path]})


@clause("FP-CALL-27")
def test_compressed_bodies(target: Target) -> None:
    """A compressed body is refused with 415, and nothing is made."""
    with target.world() as world:
        before = everything(world)
        words = {"project[name]": "a"}
        compressed(world.admin, "projectsAdd", **words).refused(415)
        assert everything(world) == before


@clause("FP-CALL-16")
@pytest.mark.parametrize("kind", KINDS)
def test_other_bodies(target: Target, kind: str) -> None:
    """A body that is neither a form nor multipart is refused with 415."""
    with target.world() as world:
        before = everything(world)
        for body in (b'{"project[name]": "a"}', b"project[name]=a"):
            raw.send(world.admin, "projectsAdd", kind=kind, body=body).refused(415)
        assert everything(world) == before


@clause("FP-CALL-16")
@pytest.mark.parametrize("kind", [f"{FORM}; charset=utf-8", FORM.upper()])
def test_forms_by_other_words(target: Target, kind: str) -> None:
    """A form is one in whatever letter case, and whatever parameters its type has."""
    with target.world() as world:
        body = b"project[name]=a"
        raw.send(world.admin, "projectsAdd", kind=kind, body=body).expect(200)


@clause("FP-CALL-17")
@pytest.mark.parametrize("place", raw.PLACES[1:])
def test_bodies_over_the_limit(target: Target, place: str) -> None:
    """A body over the server's limit is refused with 413."""
    with target.world(max_body=MOST) as world:
        big = (("project[name]", "a"), ("project[description]", "b" * MOST))
        raw.send(world.admin, "projectsAdd", **raw.written(place, big)).refused(413)
        small = (("project[name]", "a"), ("project[description]", "b" * (MOST // 2)))
        made = raw.send(world.admin, "projectsAdd", **raw.written(place, small))
        held = [item["id"] for item in everything(world)["project"]]
        assert held == [made.expect(200)["id"]]


def _bad_parts(data: bytes) -> Iterator[dict[str, object]]:
    """A name that is not UTF-8, in each place."""
    plain = (("project[name]", "NAME"),)
    yield {"query": (("project[name]", data),)}
    form = raw.written("form", plain)
    escaped = b"".join(b"%%%02X" % byte for byte in data)
    yield {**form, "body": form["body"].replace(b"NAME", escaped)}
    several = raw.written("multipart", plain)
    yield {**several, "body": several["body"].replace(b"NAME", data)}


@clause("FP-CALL-18")
@pytest.mark.parametrize("data", NOT_UTF8)
def test_what_is_not_utf8(target: Target, data: bytes) -> None:
    """Parameters that are not UTF-8 are refused with 400."""
    with target.world() as world:
        before = everything(world)
        for parts in _bad_parts(data):
            raw.send(world.admin, "projectsAdd", **parts).refused(400)  # type: ignore[arg-type]
        assert everything(world) == before


@clause("FP-CALL-22")
def test_plain_http(target: Target) -> None:
    """A call over plain HTTP fails."""
    target.in_clear("metainfoGetStatuses").refused()


@clause("FP-CALL-24")
def test_the_status_over_plain_http(target: Target) -> None:
    """Over plain HTTP a call is refused with 403."""
    with target.world(require_https=True) as world:
        world.admin.call("metainfoGetStatuses").refused(403)


@clause("FP-CALL-22")
@pytest.mark.parametrize("name", EVERY)
def test_plain_http_everywhere(target: Target, name: str) -> None:
    """Over plain HTTP no operation is served."""
    with target.world() as world:
        parameters = example(world, name)
        with target.copy(world, require_https=True) as strict:
            caller(strict, name).call(name, **parameters).refused()


@clause("FP-CALL-23")
@pytest.mark.parametrize("most", [1, 5])
def test_one_request_too_many(target: Target, most: int) -> None:
    """One request too many is refused with 429 and Retry-After."""
    with target.world(rate_limit=most) as world:
        world.freeze()
        for _ in range(most):
            world.admin.call("metainfoGetStatuses").expect(200)
        reply = world.admin.call("metainfoGetStatuses").refused(429)
        seconds = reply.headers.get("retry-after", "")
        assert seconds.isdigit(), f"Retry-After: {seconds!r}"
        world.advance(int(seconds))
        world.admin.call("metainfoGetStatuses").expect(200)


@clause("FP-CALL-23")
@pytest.mark.parametrize("form", FORMS)
def test_the_form_at_the_limit(target: Target, form: str) -> None:
    """What is refused at the limit changes nothing, and comes in the form asked for."""
    with target.world(rate_limit=2) as world:
        world.freeze()
        admin = world.admin.using(form=form)
        for _ in "ab":
            admin.call("metainfoGetStatuses").expect(200)
        told = admin.add("project", name="too many").refused(429)
        assert (told["status"], told["code"]) == ("fail", 429)
        world.advance(MINUTE)
        assert not admin.listed("project")
