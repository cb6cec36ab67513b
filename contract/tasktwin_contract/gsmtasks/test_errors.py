"""How what cannot be done is refused, whatever it is."""

from typing import Any

import pytest

from tasktwin_contract.actors import FORM, Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.gsmtasks.bodies import body
from tasktwin_contract.gsmtasks.examples import (
    BODIED,
    EVERY,
    OF_ONE,
    OPERATIONS,
    READING_ONE,
    SECURED,
    caller,
    example,
)
from tasktwin_contract.gsmtasks.laws import detailed, faults
from tasktwin_contract.gsmtasks.nouns import CREATED, NOUNS
from tasktwin_contract.gsmtasks.raw import JSON, NOWHERE, VARIABLE, in_path, send
from tasktwin_contract.gsmtasks.stock import everything, stocked
from tasktwin_contract.gsmtasks.wrong import FIELDS, wrong
from tasktwin_contract.protocol import (
    allowed,
    compressed,
    hold_head_to_get,
    hold_options_to,
)
from tasktwin_contract.reply import Reply
from tasktwin_contract.target import Target, World

# Each path with the methods that are served on it.
SERVED: dict[str, set[str]] = {}
for _one in OPERATIONS.values():
    SERVED.setdefault(f"{_one.base}{_one.path}", set()).add(_one.method)
METHODS = ("GET", "POST", "PUT", "PATCH")
READ = [name for name in EVERY if OPERATIONS[name].method == "GET"]
OTHERS = [(p, m) for p, known in SERVED.items() for m in METHODS if m not in known]
every_bodied = pytest.mark.parametrize("operation_id", BODIED)


def placed(world: World, name: str) -> dict[str, Any]:
    """What stands in an operation's path, of a record that is there."""
    words = example(world, name) if VARIABLE.search(OPERATIONS[name].path) else {}
    return {key: words[key] for key in in_path(name, "")}


def at(world: World, path: str) -> str:
    """A path with the id and the name of a record that is there."""
    names = VARIABLE.findall(path)
    if not names:
        return path
    known = next(
        name
        for name, one in OPERATIONS.items()
        if f"{one.base}{one.path}" == path and one.method in ("GET", "POST")
    )
    words = example(world, known)
    for name in names:
        path = path.replace(f"{{{name}}}", str(words[name]))
    return path


def ask(actor: Actor, method: str, path: str, body: bytes = b"") -> Reply:
    """Send a request that belongs to no operation, with the actor's token."""
    headers, _ = actor.carried
    typed = (*headers, ("Content-Type", JSON)) if body else headers
    return actor.world.request(method, path, headers=typed, body=body)


@clause("GT-ERROR-02", "GT-ERROR-04", "GT-ERROR-01")
@pytest.mark.parametrize("operation_id", SECURED)
@pytest.mark.parametrize("name", ["nobody", "manager"])
def test_refusals_are_objects(target: Target, operation_id: str, name: str) -> None:
    """The body of a refusal is an object that says what is wrong."""
    with target.world() as world:
        actor: Actor = getattr(world, name)
        place = in_path(operation_id, NOWHERE)
        headers: tuple[tuple[str, str], ...] = ()
        reply = send(actor, operation_id, place, kind=JSON, body=b"[", headers=headers)
        if reply.status < 300:
            assert not place
            return
        reply.refused()
        if not isinstance(reply.data, dict) or not reply.data:
            raise ClauseBrokenError("an object", reply.summary)
        assert set(OPERATIONS[operation_id].answers) | {405} >= {reply.status}


@clause("GT-ERROR-03", "GT-ERROR-06", "GT-ERROR-04")
@pytest.mark.parametrize("operation_id", sorted({name for name, _ in FIELDS}))
def test_all_faults_at_once(target: Target, operation_id: str) -> None:
    """A refusal for what is wrong with fields names all of them at once."""
    with target.world() as world:
        words = example(world, operation_id)
        fields = {
            f: wrong(operation_id, f) for name, f in FIELDS if name == operation_id
        }
        actor = caller(world, operation_id)
        reply = actor.call(operation_id, **{**words, **fields})
        with judging("GT-ERROR-04"):
            reply.refused()
        assert faults(reply) == set(fields)


@clause("GT-ERROR-06")
@pytest.mark.parametrize("noun", [noun for noun in CREATED if noun != "file_upload"])
def test_all_that_is_missing(target: Target, noun: str) -> None:
    """A refusal names all fields that are missing and all that are wrong."""
    with target.world() as world:
        operation = OPERATIONS[NOUNS[noun].create]
        needed = {n for n, p in operation.parameters.items() if p.required}
        reply = world.manager.bare(noun)
        found = faults(reply)
        assert needed <= found, reply.summary


UNPARSED = (
    b"{",
    b"{'a': 1}",
    b'{"a": NaN}',
    b'{"a": -Infinity}',
    b'{"a": 1} {}',
    b'{"a": "\\ud800"}',
    b'{"\\udc00": 1}',
    b'{"a": "\xff"}',
    b"\x00",
    b"rubbish",
    b'{"a": 1,}',
)


@clause("GT-ERROR-07")
@every_bodied
def test_what_does_not_parse(target: Target, operation_id: str) -> None:
    """A JSON body that does not parse is refused with 400 and a detail."""
    with target.world() as world:
        place = placed(world, operation_id)
        actor = caller(world, operation_id)
        for sent in UNPARSED:
            reply = send(actor, operation_id, place, kind=JSON, body=sent)
            detailed(reply.refused(400))


@clause("GT-ERROR-08")
@every_bodied
def test_what_is_no_object(target: Target, operation_id: str) -> None:
    """A JSON body that is no object is refused with 400 and a detail."""
    with target.world() as world:
        place = placed(world, operation_id)
        actor = caller(world, operation_id)
        for sent in (b"[]", b"7", b'"text"', b"true", b"[{}]", b"null"):
            reply = send(actor, operation_id, place, kind=JSON, body=sent)
            detailed(reply.refused(400))


@clause("GT-ERROR-09")
@pytest.mark.parametrize("noun", ["task", "client", "file_upload"])
@pytest.mark.parametrize("kind", ["text/plain", "application/xml", FORM, "rubbish"])
def test_other_media_types(target: Target, noun: str, kind: str) -> None:
    """A body of a media type that is not taken is refused with 415 and a detail."""
    with target.world() as world:
        before = everything(world.manager)
        name = NOUNS[noun].create
        reply = send(world.manager, name, kind=kind, body=b'{"name": "x"}')
        detailed(reply.refused(415))
        assert everything(world.manager) == before


@clause("GT-ERROR-10")
@pytest.mark.parametrize("noun", ["task", "file_upload"])
@pytest.mark.parametrize("most", [2000, 5000])
def test_bodies_that_are_too_great(target: Target, noun: str, most: int) -> None:
    """A body over the server's limit is refused with 413 and a detail."""
    with target.world(max_body=most) as world:
        words = example(world, NOUNS[noun].create)
        world.manager.bare(noun, **words).expect(200, 201)
        reply = world.manager.bare(noun, **words, filling="x" * most)
        detailed(reply.refused(413))
        exact = most - len(b'{"filling": ""}')
        sent = b'{"filling": "%b"}' % (b"x" * exact)
        name = NOUNS[noun].create
        send(world.manager, name, kind=JSON, body=sent).refused(400)
        send(world.manager, name, kind=JSON, body=sent + b" ").refused(413)


@clause("GT-ERROR-11")
@pytest.mark.parametrize(("path", "method"), OTHERS)
def test_other_methods(target: Target, path: str, method: str) -> None:
    """Another method on a known path is refused with 405 and the methods served."""
    with target.world() as world:
        reply = ask(world.manager, method, at(world, path), b"{}").refused(405)
        named = allowed(reply)
        assert SERVED[path] <= named, f"Allow: {named}"
        assert not named & (set(METHODS) - SERVED[path]), f"Allow: {named}"


@clause("GT-ERROR-12")
@pytest.mark.parametrize("path", SERVED)
def test_nothing_is_deleted(target: Target, path: str) -> None:
    """DELETE is served nowhere: it is refused with 405, and nothing goes."""
    with target.world() as world:
        where = at(world, path)
        before = {noun: set(world.manager.listed(noun)) for noun in NOUNS}
        reply = ask(world.manager, "DELETE", where).refused(405)
        assert "DELETE" not in reply.headers.get("allow", "")
        assert {noun: set(world.manager.listed(noun)) for noun in NOUNS} == before


@clause("GT-ERROR-13")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/",
        "/api/tasks/",
        "/api/tasks/nothing/",
        "/api/tasks/task/",
        "/api/tasks/tasks//",
        "/api/tasks/tasks/{id}/rubbish/",
        "/api/tasks/tasks/{id}/accept/again/",
        "/api/tasks/orders/{id}/tasks/",
        "/api/v1/tasks/tasks/",
    ],
)
def test_unknown_paths(target: Target, path: str) -> None:
    """An unknown path is refused with 404 and a detail."""
    with target.world() as world:
        task = world.manager.make("task")
        where = path.replace("{id}", task["id"])
        for method in ("GET", "POST", "OPTIONS"):
            detailed(ask(world.manager, method, where).refused(404))


@clause("GT-ERROR-14")
@pytest.mark.parametrize("operation_id", [n for n in EVERY if n != "downloadFile"])
def test_paths_without_the_slash(target: Target, operation_id: str) -> None:
    """A path without the slash at its end is refused with 404."""
    with target.world() as world:
        operation = OPERATIONS[operation_id]
        place = placed(world, operation_id)
        path = f"{operation.base}{operation.path}".format(**place)
        body = b"" if operation.method == "GET" else b"{}"
        ask(world.manager, operation.method, path[:-1], body).refused(404)


@clause("GT-ERROR-15")
@pytest.mark.parametrize("operation_id", OF_ONE)
def test_what_is_not_there(target: Target, operation_id: str) -> None:
    """A record that is not there is refused with 404."""
    with target.world() as world:
        words = {**example(world, operation_id), "id": world.guid()}
        caller(world, operation_id).call(operation_id, **words).refused(404)


@clause("GT-ERROR-15")
@pytest.mark.parametrize("noun", CREATED)
def test_records_of_another_kind(target: Target, noun: str) -> None:
    """The id of a record of another kind is no id of this kind: 404."""
    with target.world() as world:
        stock = stocked(world.manager)
        for other in set(stock) - {noun}:
            world.manager.get(noun, stock[other]).refused(404)


@clause("GT-ERROR-16")
@pytest.mark.parametrize("operation_id", OF_ONE)
def test_ids_that_are_no_uuids(target: Target, operation_id: str) -> None:
    """An id in a path that is no UUID is refused with 404."""
    with target.world() as world:
        words = example(world, operation_id)
        known = words["id"]
        for number in ("7", "x", "not-a-uuid", known[:-1], f"{known}0", f" {known}"):
            actor = caller(world, operation_id)
            actor.call(operation_id, **{**words, "id": number}).refused(404)


@clause("GT-ERROR-17")
@pytest.mark.parametrize(
    "operation_id", [n for n in OF_ONE if OPERATIONS[n].secured and n != "getUser"]
)
def test_unseen_and_not_there_alike(target: Target, operation_id: str) -> None:
    """What is not there and what is not seen are refused in the same words."""
    with target.world() as world:
        words = example(world, operation_id)
        unseen = world.stranger.call(operation_id, **words).refused(404)
        words["id"] = world.guid()
        nowhere = world.stranger.call(operation_id, **words).refused(404)
        assert unseen.body == nowhere.body


@clause("GT-ERROR-18")
@pytest.mark.parametrize("operation_id", sorted({name for name, _ in FIELDS}))
def test_refusals_change_nothing(target: Target, operation_id: str) -> None:
    """A refused request changes nothing: every list is as it was."""
    with target.world() as world:
        words = example(world, operation_id)
        before = everything(world.manager)
        actor = caller(world, operation_id)
        for field in [field for name, field in FIELDS if name == operation_id]:
            sent = {**words, field: wrong(operation_id, field)}
            actor.call(operation_id, **sent).refused(400)
        if OPERATIONS[operation_id].secured:
            world.nobody.call(operation_id, **words).refused(401)
        if "id" in words:
            world.stranger.call(operation_id, **words).refused(404)
        assert everything(world.manager) == before


@clause("GT-ERROR-22")
@pytest.mark.parametrize("operation_id", SECURED)
@pytest.mark.parametrize("number", [NOWHERE, "rubbish"])
def test_who_asks_comes_first(target: Target, operation_id: str, number: str) -> None:
    """Without a token it is 401, whatever is wrong with fields and record."""
    faulty = {f: wrong(operation_id, f) for name, f in FIELDS if name == operation_id}
    with target.world() as world:
        place = in_path(operation_id, number)
        world.nobody.call(operation_id, **place).refused(401)
        world.nobody.call(operation_id, **{**faulty, **place}).refused(401)


@clause("GT-ERROR-22")
@pytest.mark.parametrize("noun", CREATED)
def test_who_asks_comes_before_the_record(target: Target, noun: str) -> None:
    """Without a token it is 401, though the record is there, and the fields right."""
    with target.world() as world:
        record = world.manager.make(noun)
        sent = body(world.manager, noun, {})
        world.nobody.get(noun, record).refused(401)
        world.nobody.bare(noun, **sent).refused(401)


@clause("GT-ERROR-05")
@pytest.mark.parametrize("operation_id", READING_ONE)
def test_odd_ids(target: Target, operation_id: str) -> None:
    """Nothing that stands in a path makes the server fail."""
    with target.world() as world:
        for number in ("%", "\x00", "💥", "a" * 3000, "..", "{}"):
            place = {**in_path(operation_id, "x"), "id": number}
            world.manager.call(operation_id, **place).refused()


@clause("GT-ERROR-05")
@pytest.mark.parametrize("operation_id", SECURED)
def test_deep_bodies(target: Target, operation_id: str) -> None:
    """No body makes the server fail, however deep."""
    with target.world() as world:
        place = placed(world, operation_id)
        deep = b'{"metafields": ' + b"[" * 5000 + b"]" * 5000 + b"}"
        reply = send(world.manager, operation_id, place, kind=JSON, body=deep)
        assert reply.status < 500, reply.summary


@clause("GT-ERROR-23")
@pytest.mark.parametrize("name", READ)
def test_head(target: Target, name: str) -> None:
    """HEAD is answered with the status and the headers of GET, and no body."""
    with target.world() as world:
        hold_head_to_get(caller(world, name), name, **example(world, name))


@clause("GT-ERROR-24")
@pytest.mark.parametrize("path", SERVED)
def test_options(target: Target, path: str) -> None:
    """OPTIONS is answered with 204 and the methods served."""
    with target.world() as world:
        reply = world.request("OPTIONS", at(world, path))
        hold_options_to(reply, SERVED[path])


@clause("GT-ERROR-25")
def test_compressed_bodies(target: Target) -> None:
    """A compressed body is refused with 415 and a detail, and nothing is made."""
    with target.world() as world:
        before = everything(world.manager)
        words = body(world.manager, "client", {})
        reply = compressed(world.manager, NOUNS["client"].create, **words)
        detailed(reply.refused(415))
        assert everything(world.manager) == before
