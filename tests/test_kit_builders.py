"""People of a world, and what is made for them without a request."""

from typing import Any

import pytest
import requests

from tasktwin_mockserver import MockServer
from tasktwin_mockserver.stub import PrepareError

from .stub_client import GUID, SECONDS


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


def test_people_who_are_refused(world: Any) -> None:
    """The error is that of the call, not of the attempt to sign in anew."""
    world.configure(accounts={"member": "terminated"})
    with pytest.raises(PrepareError, match=r"createItem was refused .*terminated"):
        world.item(owner="member")
