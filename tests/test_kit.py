"""A world for the tests of a client: people, builders, controls, and no socket."""

import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from msgspec.structs import replace
from werkzeug.test import Client

from tasktwin_mockserver import App, MockServer
from tasktwin_mockserver.faults import FaultError
from tasktwin_mockserver.snapshots import SnapshotError
from tasktwin_mockserver.stub import PrepareError, Stub, VerificationError
from tasktwin_mockserver.worlds import Room

Broken = requests.exceptions.ChunkedEncodingError
GUID = "9769a9f9-726c-4ec8-a920-be16193c26a6"
SECONDS = 10


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, MockServer]]:
    """A running mock of each API."""
    with (
        MockServer("hitask") as one,
        MockServer("gsmtasks") as two,
        MockServer("fivepm") as three,
    ):
        yield {"hitask": one, "gsmtasks": two, "fivepm": three}


@pytest.fixture
def world(servers: dict[str, MockServer]) -> Iterator[Any]:
    """A world of HiTask."""
    stub = servers["hitask"].fresh()
    yield stub
    stub.close()


def create(world: Stub, session: requests.Session | None = None) -> requests.Response:
    """An item, made by a client."""
    return (session or requests).post(
        f"{world.url}/api/item",
        headers=world.owner.headers,
        json={"guid": GUID, "title": "Call back"},
        timeout=SECONDS,
    )


def test_a_world_is_fresh(servers: dict[str, MockServer]) -> None:
    """Two worlds of one server share nothing but its port; both begin alike."""
    with servers["hitask"].fresh() as one, servers["hitask"].fresh() as other:
        assert one.url != other.url
        assert one.owner.session_id == other.owner.session_id
        assert create(one).status_code == 200
        assert other.owner.call("listItems") == []
        assert other.requests.none()


def test_the_default_world(servers: dict[str, MockServer]) -> None:
    """A server has a world at its own address too, the same each time it is asked."""
    server = servers["hitask"]
    assert server.world.url == server.url
    assert server.world is server.world
    with server.world as world:
        assert world.owner.call("getUser")["login"] == "owner"
    assert server.world.owner.call("getUser")["login"] == "owner", "it stays"


def test_a_world_that_was_closed_is_gone(servers: dict[str, MockServer]) -> None:
    """Nobody is served there any more."""
    with servers["hitask"].fresh() as one:
        pass
    assert create(one).status_code == 404


def test_settings_of_a_world(servers: dict[str, MockServer]) -> None:
    """A world has the settings that it is asked for with, and those changed later."""
    server = servers["hitask"]
    with server.fresh(accounts={"owner": "terminated"}) as one:
        assert create(one).json()["response_status"] == 48
        one.configure(accounts={})
        assert create(one).status_code == 200
    with pytest.raises(ValueError, match="nobody called 'ownr'; near it: owner"):
        server.fresh(accounts={"ownr": "terminated"})
    with pytest.raises(ValueError, match="`most_items`"):
        server.fresh(most_items=1)


@pytest.mark.parametrize(
    ("api", "name", "operation"),
    [
        ("hitask", "owner", "getUser"),
        ("gsmtasks", "worker", "listTasks"),
        ("fivepm", "client", "authenticationGetAuthorizedUser"),
    ],
)
def test_people_are_signed_in(
    api: str, name: str, operation: str, servers: dict[str, MockServer]
) -> None:
    """Each person has credentials, and says who they are as the API wants it."""
    with servers[api].fresh() as stub:
        person = stub.person(name)
        assert person.password == f"{name}-password"
        assert person.headers or person.params
        path = stub_path(api, operation)
        answer = requests.get(
            f"{stub.url}{path}",
            headers=person.headers,
            params=person.params,
            timeout=SECONDS,
        )
        assert answer.status_code == 200, answer.text
        assert [one.actor for one in stub.requests(operation)] == [name]
        assert {*stub.people} >= {name}


def stub_path(api: str, operation: str) -> str:
    """Where that operation is served."""
    from tasktwin_schemas import operations

    known = operations(api)[operation]
    return f"{known.base}{known.path}"


def test_people_nobody_knows(world: Any) -> None:
    """A wrong name is answered with those that there are."""
    with pytest.raises(AttributeError, match=r"'ownr'.*owner, administrator, manager"):
        world.ownr  # noqa: B018
    with pytest.raises(AttributeError, match=r"'token'.*login, password"):
        world.owner.token  # noqa: B018
    with pytest.raises(AttributeError, match="'ownr'"):
        world.item(owner="ownr")
    with pytest.raises(AttributeError, match="'itm'; near it: item"):
        world.itm()


def test_items(world: Any) -> None:
    """An item is made by the API, for its people to see as they may."""
    who = {"colleague": 50}
    made = world.item("Paint the fence", owner="member", permissions=who)
    assert made["title"] == "Paint the fence"
    (seen,) = world.colleague.call("listItems")
    assert (seen["id"], seen["permission"]) == (made["id"], 50)
    group = world.group("Painters", "manager", world.colleague)
    shared = world.item(permissions={group["id"]: 40}, color=3)
    assert world.manager.call("listItems")[0]["id"] == shared["id"]
    assert world.comment(made, "Two coats", by="member")["message"] == "Two coats"
    assert world.tag(made["id"], "home", by="member")["name"] == "home"


def test_tasks_of_gsmtasks(servers: dict[str, MockServer]) -> None:
    """Tasks, clients and orders name each other by address, also given whole."""
    with servers["gsmtasks"].fresh() as stub:
        world: Any = stub
        client = world.client("Bakery")
        order = world.order(client=client)
        task = world.task(order=order, receiver=client, assignee="worker")
        assert (task["order"], task["receiver"]) == (order["url"], client["url"])
        assert [one["id"] for one in world.worker.call("listTasks")] == [task["id"]]
        assert world.moved(task, "accept", by="worker")["state"] == "accepted"
        assert world.task(by="stranger")["account"] == world.account_of("stranger")


def test_tasks_of_fivepm(servers: dict[str, MockServer]) -> None:
    """Projects, tasks and notes are made as JSON has them."""
    with servers["fivepm"].fresh() as stub:
        world: Any = stub
        group = world.group("Shops")
        project = world.project("user", team=["user", world.client], by="user")
        task = world.task("Photographs", project=project, groupId=group["id"])
        note = world.activity(task, "Done", by="colleague")
        assert project["name"] == "user"
        assert str(task["projectId"]) == str(project["id"])
        assert note["text"] == "Done"


@pytest.mark.parametrize(
    ("operation", "parameters", "words"),
    [
        ("createItm", {}, "there is no operation 'createItm'; near it: createItem"),
        ("createItem", {"titel": "x"}, "no parameter 'titel'; near it: title"),
        ("updateItemById", {"title": "x"}, "updateItemById needs 'guid'"),
        ("createItem", {"title": "x", "guid": "?"}, "was refused with 400: {"),
        ("uploadFile", {"guid": GUID, "file": b"x"}, "file of uploadFile is a file"),
    ],
)
def test_what_cannot_be_prepared(
    operation: str, parameters: dict[str, Any], words: str, world: Any
) -> None:
    """A call that is none, or is refused, is an error that says why."""
    with pytest.raises(PrepareError) as caught:
        world.owner.call(operation, **parameters)
    assert words in str(caught.value)


def test_what_prepares_is_no_request(world: Any) -> None:
    """It meets no fault script and no limit, and stands in no log."""
    world.configure(rate_limit=1, require_https=True)
    world.faults.script("*", [503])
    for _ in range(3):
        world.item()
    assert world.requests.none()
    assert list(world.faults.left) == ["*"]


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


def test_snapshots_and_forks(world: Any) -> None:
    """A world goes back, and a fork goes another way, builders and all."""
    world.item("first")
    name = world.snapshot("before")
    twin = world.fork()
    world.item("second")
    twin.item("third")
    assert titles(world) == {"first", "second"}
    assert titles(twin) == {"first", "third"}
    world.restore(name)
    assert titles(world) == {"first"}
    with pytest.raises(SnapshotError, match="'befor'; near it: before"):
        world.restore("befor")
    world.close()
    assert create(twin).status_code == 404


def titles(world: Any) -> set[str]:
    """The titles of the owner's items."""
    return {item["title"] for item in world.owner.call("listItems")}


def test_a_reset_of_the_world(world: Any) -> None:
    """It is as it was made, and can be used on."""
    world.configure(accounts={"owner": "terminated"})
    world.faults.script("*", [503])
    create(world)
    world.item(owner="member")
    world.reset()
    assert world.requests.none()
    world.verify()
    assert create(world).status_code == 200
    assert titles(world) == {"Call back"}


def test_people_who_are_refused(world: Any) -> None:
    """The error is that of the call, not of the attempt to sign in anew."""
    world.configure(accounts={"member": "terminated"})
    with pytest.raises(PrepareError, match=r"createItem was refused .*terminated"):
        world.item(owner="member")


def test_sessions_are_ready_late() -> None:
    """However long a server runs, the people of a new world have just signed in."""
    now = [0.0]
    app = App("fivepm", room=Room(timer=lambda: now[0]))
    used = []
    for now[0] in (1.0, 2000.0):
        made: Any = app.worlds.get(app.worlds.make())
        used.append(min(session.used for session in made.sessions.values()))
    assert used[0] < used[1]


def test_the_clock(world: Any) -> None:
    """It stands, is set, is turned, and goes on."""
    stood = world.clock.freeze("2030-01-01T00:00:00Z")
    assert (stood, world.clock.is_frozen) == (datetime(2030, 1, 1, tzinfo=UTC), True)
    assert world.item()["time_create"].startswith("2030-01-01T00:00:00")
    assert world.clock.advance(90, days=1).isoformat() == "2030-01-02T00:01:30+00:00"
    assert world.clock.set(stood, frozen=False) >= stood
    assert not world.clock.is_frozen
    assert world.clock.freeze() == world.clock.now
    assert world.clock.run() >= stood
    assert create(world).status_code == 401, "the session has ended"
    owner = world.sign_in("owner")
    assert owner.session_id != world.owner.session_id
    user = requests.get(f"{world.url}/api/user", headers=owner.headers, timeout=SECONDS)
    assert user.status_code == 200
    with pytest.raises(ValueError, match="Z or an offset"):
        world.clock.set("2030-01-01")
    with pytest.raises(ValueError, match="1970 to 9999"):
        world.clock.advance(days=-365 * 99)


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


def test_by_requests_without_a_socket(world: Any) -> None:
    """A session of requests comes to the same world, and signs in by cookie too."""
    session = world.requests_session()
    assert create(world, session).json()["title"] == "Call back"
    assert create(world).status_code >= 400, "the same guid, by socket"
    words = {**login(world), "api_key": world.api_key}
    signed = session.get(f"{world.url}/api/user/authenticate", params=words)
    assert signed.json()["login_id"] == "member"
    assert session.get(f"{world.url}/api/user").json()["login"] == "member"
    words = {"headers": world.owner.headers}
    elsewhere = session.get("https://hitask.example/api/user", **words)
    assert elsewhere.json()["login"] == "owner"
    assert world.requests.order == [
        "createItem",
        "createItem",
        "authenticate",
        "getUser",
        "getUser",
    ]


OF_THE_CONNECTION = {"connection", "date", "server"}


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("GET", "/api/user", {}),
        ("HEAD", "/api/user", {}),
        ("OPTIONS", "/api/item", {}),
        ("GET", "/api/v7/item?x=%C3%BC&x=2", {}),
        ("GET", "/api/itme", {}),
        ("GET", "/", {}),
        ("GET", "/api/user/authenticate?login=owner&password=wrong", {}),
        ("POST", "/api/item", {"json": {"guid": GUID, "title": "Ünë"}}),
        ("POST", "/api/item", {"data": {"guid": GUID, "title": "Ünë"}}),
        ("POST", "/api/item", {"data": b"{", "headers": {"Content-Type": "a/b"}}),
        ("PUT", "/api/item", {"data": iter([b"guid=1", b"&title=2"])}),
        ("DELETE", "/api/item/%2e%2e", {}),
        ("PROPFIND", "/api/item", {}),
    ],
)
def test_the_same_by_socket_and_in_process(
    method: str, path: str, words: dict[str, Any], servers: dict[str, MockServer]
) -> None:
    """An answer is the same, and so is what the log has of the request."""
    answers, logs = [], []
    words = {**words, "headers": {"Accept": "*/*", **words.get("headers", {})}}
    data = words.pop("data", None)
    sent = b"".join(data) if hasattr(data, "__next__") else data
    with servers["hitask"].fresh() as world:
        world.clock.freeze("2026-11-21T12:00:00Z")
        before = world.snapshot()
        for session in (requests.Session(), world.requests_session()):
            world.restore(before)
            world.requests.clear()
            session.headers.update(world.sign_in("owner").headers)
            body = iter([sent]) if hasattr(data, "__next__") else data
            answer = session.request(
                method, world.url + path, timeout=SECONDS, data=body, **words
            )
            kept = {
                name.lower(): value
                for name, value in answer.headers.items()
                if name.lower() not in OF_THE_CONNECTION
            }
            answers.append((answer.status_code, answer.reason, kept, answer.content))
            logs.append([replace(one, number=0) for one in world.requests])
            session.close()
    assert answers[0] == answers[1]
    assert logs[0] == logs[1]
    assert len(logs[0]) == 1


def login(world: Any) -> dict[str, str]:
    """What the member signs in with."""
    return {"login": world.member.login, "password": world.member.password}


def test_bodies_of_requests(world: Any) -> None:
    """Forms, files and streams arrive as they do by socket."""
    session = world.requests_session()
    words = {"headers": world.owner.headers, "data": {"guid": GUID}}
    sent = session.post(
        f"{world.url}/api/file/upload", files={"file": ("a.txt", b"text")}, **words
    )
    assert sent.status_code == 200, sent.text
    file = world.requests[-1].parameters["file"]
    assert file == {"name": "a.txt", "media_type": "", "size": 4}
    kind = {"Content-Type": "application/json", **world.owner.headers}
    streamed = session.post(
        f"{world.url}/api/item",
        data=iter([b'{"guid": "', world.token().encode(), b'", "title": "one"}']),
        headers=kind,
    )
    assert streamed.json()["title"] == "one"


@pytest.mark.parametrize("way", ["socket", "process"])
def test_a_reset_is_the_librarys_own_error(way: str, world: Any) -> None:
    """By socket and in process a client sees what it sees of a broken connection."""
    session = requests.Session() if way == "socket" else world.requests_session()
    world.faults.script("createItem", ["reset", {"reset": 20}, 503])
    with session, pytest.raises(requests.ConnectionError, match="ConnectionResetError"):
        create(world, session)
    with session, pytest.raises(Broken, match="ConnectionResetError"):
        create(world, session)
    with session:
        assert create(world, session).status_code == 503
    world.verify()


def test_a_timeout_in_process(world: Any) -> None:
    """Who does not wait long enough gets the library's error; the request is done."""
    world.clock.freeze()
    world.faults.script("createItem", [{"delay": 60}])
    with pytest.raises(requests.ReadTimeout):
        world.requests_session().post(
            f"{world.url}/api/item",
            headers=world.owner.headers,
            json={"guid": GUID, "title": "late"},
            timeout=(5, 0.01),
        )
    assert world.requests.none()
    world.clock.advance(60)
    until(lambda: world.requests.count("createItem") == 1)


def until(met: Any) -> None:
    """Wait until that is so."""
    waiting = threading.Event()
    for _ in range(1000):
        if met():
            return
        waiting.wait(0.01)
    raise AssertionError("it is not so")


@pytest.mark.parametrize("way", ["socket", "process"])
def test_a_delay_holds_nobody_up(way: str, world: Any) -> None:
    """While one call waits by a clock that stands still, others are answered."""
    world.clock.freeze()
    world.faults.script("createItem", [{"delay": 60}])
    answers: list[requests.Response] = []
    session = requests.Session() if way == "socket" else world.requests_session()
    late = threading.Thread(target=lambda: answers.append(create(world, session)))
    late.start()
    until(lambda: not world.faults.left)
    user = session.get(
        f"{world.url}/api/user", headers=world.member.headers, timeout=SECONDS
    )
    assert user.status_code == 200
    assert not answers
    world.clock.advance(60)
    late.join(SECONDS)
    assert [one.status_code for one in answers] == [200]
    session.close()


def test_the_plain_wsgi_application(world: Any) -> None:
    """The world stands at the root and at its prefix, with cookies for both."""
    client = Client(world.wsgi)
    words = {**login(world), "api_key": world.api_key}
    signed = client.get("/api/user/authenticate", query_string=words)
    assert signed.status_code == 200
    assert client.get("/api/user").get_json()["login"] == "member"
    assert client.get(f"/~{world.name}/api/user").status_code == 200
    assert client.get("/~default/api/user").status_code == 404
    assert world.requests.count("getUser") == 2


def test_the_wsgi_application_of_the_default_world(
    servers: dict[str, MockServer],
) -> None:
    """It has no prefix."""
    world = servers["hitask"].world
    answer = Client(world.wsgi).get("/api/user", headers=world.owner.headers)
    assert answer.status_code == 200


def test_a_library_that_is_not_there(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names what to install."""
    for name, module in (
        ("requests", "requests_session"),
        ("httpx", "httpx_transport"),
    ):
        monkeypatch.setitem(sys.modules, name, None)
        where = f"tasktwin_mockserver.stub.{module}"
        monkeypatch.delitem(sys.modules, where, raising=False)
    with pytest.raises(ImportError, match="pip install requests"):
        world.requests_session()
    with pytest.raises(ImportError, match="pip install httpx"):
        world.httpx_transport()
