"""What the messages of refusals name."""

from collections.abc import Callable
from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.entries import below, entries, group, project
from tasktwin_contract.hitask.steps import create, update
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target, World

Made = Callable[[World, Object], Reply]


def _made(**fields: Any) -> Made:
    return lambda world, _: create(world.owner, **fields)


def _json(**fields: Any) -> Made:
    return lambda world, _: create(world.owner.using(via="json"), **fields)


# The code, and what its message names.
WORDS: dict[str, tuple[Made, int, list[str]]] = {
    "a title too long": (_made(title="a" * 257), 25, ["for title is 255"]),
    "a message too long": (_made(message="a" * 10_001), 25, ["for message is 10000"]),
    "no title": (_made(title=None), 4, ["title"]),
    "no guid": (_made(guid=None), 4, ["guid"]),
    "a wrong type": (_made(priority="high"), 5, ["priority"]),
    "a wrong date": (_made(end_date="soon"), 5, ["end_date"]),
    "a wrong color": (_made(color=99), 6, ["color"]),
    "a wrong location": (_json(location={"latitude": 91}), 6, ["location", "latitude"]),
    "a wrong interval": (_made(recurring=3, recurring_interval=12), 47, ["1", "11"]),
    "a wrong short name": (_made(short_name="A"), 6, ["short_name"]),
    "a guid in use": (
        lambda world, item: create(world.owner, guid=item["guid"]),
        6,
        ["guid"],
    ),
    "an old version": (
        lambda world, item: update(world.owner, item, version=1),
        10,
        ["T", "+00:00"],
    ),
    "a member": (
        lambda world, _: world.owner.call("inviteMember", email=world.member.email),
        16,
        ["member@"],
    ),
    "neither guid nor id": (
        lambda world, _: world.owner.call("updateItem", title="a"),
        104,
        ["guid", "id"],
    ),
    "no short version": (
        lambda world, _: world.owner.using(prefix="/v1").call("getUser"),
        9,
        ["2"],
    ),
}


@clause("HT-ERROR-08")
@pytest.mark.parametrize("why", table(WORDS, "a title too long"))
def test_what_messages_name(target: Target, why: str) -> None:
    """A message names the parameter, and its limit where it has one."""
    with target.world() as world:
        item = world.owner.item()
        update(world.owner, item, message="changed once").arranged()
        make, code, words = WORDS[why]
        check_message(make(world, item), code, words)


def check_message(reply: Reply, code: int, words: list[str]) -> None:
    """Demand a refusal of that code whose message has these words."""
    message = str(reply.refused(None, code)["error_message"])
    lacking = [word for word in words if word not in message]
    assert not lacking, f"{lacking} not in {message!r}"


def _lists(world: World) -> tuple[Object, Object, Actor]:
    """A project and what is below it, both shared with the member."""
    top = project(world, member=50)
    return top, below(top, world.owner, member=50), world.owner


@clause("HT-ERROR-08")
@pytest.mark.parametrize(
    ("sent", "code", "words"),
    [
        ({"colleague": 50, "member": 50}, 73, ["colleague"]),
        ({"member": 20}, 77, ["member", "'20'", "'50'"]),
        ({}, 74, ["member", "removed"]),
        ({"member": 50, "owner": 70}, 76, ["owner"]),
    ],
)
def test_what_messages_of_sharing_name(
    target: Target, sent: dict[str, int], code: int, words: list[str]
) -> None:
    """A message on sharing names the principal, the levels and what is done."""
    with target.world() as world:
        top, child, owner = _lists(world)
        reply = update(owner, child, permissions=entries(world, **sent))
        parent = [str(top["title"])] if code == 74 else []
        check_message(reply, code, [*words, *parent])


@clause("HT-ERROR-08")
@pytest.mark.parametrize("role", ["assignee", "participant"])
def test_what_messages_on_people_name(target: Target, role: str) -> None:
    """A message on assignees and participants names them, the role and the project."""
    with target.world() as world:
        top, child, owner = _lists(world)
        number = world.colleague.number
        roles: dict[str, Any] = {"assignee": number, "participants": [number]}
        field = "assignee" if role == "assignee" else "participants"
        named = {field: roles[field]}
        reply = update(owner, child, **named)
        check_message(reply, 75, ["colleague", f" be {role} ", str(top["title"])])
        item = owner.item(**named)
        taken = update(owner, item, permissions=[])
        check_message(taken, 78, ["colleague"])


@clause("HT-ERROR-08")
def test_what_messages_on_groups_name(target: Target) -> None:
    """A message on a group has its name."""
    with target.world() as world:
        _, child, owner = _lists(world)
        number = group(world, "colleague")
        names = {
            one["id"]: one["name"] for one in owner.call("listGroups").arranged().data
        }
        sent = [*entries(world, member=50), {"principal": number, "level": 10}]
        reply = update(owner, child, permissions=sent)
        check_message(reply, 73, [names[number]])


@clause("HT-ERROR-08")
def test_where_messages_lead(target: Target) -> None:
    """The message of an expired account says where it is renewed."""
    with target.world(accounts={"member": "expired"}) as world:
        reply = world.member.call("listItems")
        check_message(reply, 69, ["http://hitask.com "])
