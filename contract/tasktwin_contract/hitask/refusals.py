"""Requests that have to be refused, and all that a refusal may not touch."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.examples import example
from tasktwin_contract.hitask.steps import NO_ID, create, update
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import Target, World

Refusal = Callable[[World, Object], Reply]
"""Makes the request, in a world in which the owner has this item."""


def prepared(world: World) -> Object:
    """The owner's item, changed once, for refusals. Raises `NotJudgedError`."""
    item = world.owner.item()
    update(world.owner, item, message="changed once").arranged()
    made: Object = world.owner.stored(item["guid"])
    return made


def _short_name_taken(world: World, item: Object) -> Reply:
    world.owner.item(category=0, short_name="TAKEN")
    return create(world.owner, category=0, short_name="TAKEN")


def refused(target: Target, names: Iterable[str]) -> Iterator[Reply]:
    """The refusals among the replies to these requests of `REFUSALS`.

    That each one is refused is for other tests to hold. Raises `NotJudgedError` if
    none is.
    """
    count = 0
    for name in names:
        with target.world() as world:
            reply = REFUSALS[name](world, prepared(world))
            if reply.status != 200:
                count += 1
                yield reply
    if not count:
        raise NotJudgedError("nothing is refused, so no refusal could be looked at")


def everything(world: World) -> dict[str, Any]:
    """All that anybody of `world` can see. Raises `NotJudgedError`."""
    actors = [getattr(world, name) for name in world.people]
    return {
        actor.name: (actor.call("getUser").arranged().data, actor.items())
        for actor in actors
    }


def _sign_in(world: World, **changed: Any) -> Reply:
    return world.nobody.call(
        "authenticate", **{**example(world, "authenticate"), **changed}
    )


def _broken(world: World, name: str, body: str, **path: str) -> Reply:
    return raw.send(world.owner, name, path, kind=raw.JSON, body=body.encode())


ALERT = {"timeType": 4, "time": 5}

# Documented as refused: each is a MUST of its own.
PUBLISHED: Mapping[str, Refusal] = {
    "no session": lambda world, item: world.nobody.call("listItems"),
    "a wrong API key": lambda world, item: _sign_in(world, api_key="no such key"),
    "a wrong password": lambda world, item: _sign_in(world, password="wrong"),
    "no title": lambda world, item: create(world.owner, title=None),
    "an item of no name": lambda world, item: world.owner.call("updateItem", title="a"),
    "a short name in use": _short_name_taken,
    "an alert of no type": lambda world, item: create(
        world.owner, alerts=[{"time": 5}]
    ),
    "an item that is not there": lambda world, item: world.owner.call(
        "deleteItem", guid=world.guid()
    ),
    "another's item": lambda world, item: world.outsider.call(
        "deleteItem", guid=item["guid"]
    ),
}

# Writes that would change something, were it not for what is wrong with them.
WRITES: Mapping[str, Refusal] = {
    "create: no title": lambda world, item: create(world.owner, title=None),
    "create: a guid in use": lambda world, item: create(
        world.owner, guid=item["guid"], title="other"
    ),
    "create: an unknown parent": lambda world, item: create(world.owner, parent=NO_ID),
    "create: a wrong alert": lambda world, item: create(
        world.owner, alerts=[ALERT, {"timeType": 9}]
    ),
    "create: an interval out of bounds": lambda world, item: create(
        world.owner, recurring=3, recurring_interval=12
    ),
    "create: an unknown participant": lambda world, item: create(
        world.owner, participants=[NO_ID]
    ),
    "create: a cut body": lambda world, item: _broken(
        world, "createItem", f'{{"guid": "{world.guid()}", "title": "a"'
    ),
    "create: no session": lambda world, item: create(world.nobody),
    "update: a wrong color": lambda world, item: update(
        world.owner, item, message="refused", starred=True, color=99
    ),
    "update: a title too long": lambda world, item: update(
        world.owner, item, title="a" * 300, message="refused"
    ),
    "update: a wrong alert": lambda world, item: update(
        world.owner, item, message="refused", alerts=[{"timeType": 9}]
    ),
    "update: an alert of no item": lambda world, item: update(
        world.owner, item, message="refused", alerts=[{**ALERT, "id": NO_ID}]
    ),
    "update: below itself": lambda world, item: update(
        world.owner, item, message="refused", starred=True, parent=item["id"]
    ),
    "update: an older version": lambda world, item: update(
        world.owner, item, message="refused", version=1
    ),
    "update: completing with a wrong interval": lambda world, item: update(
        world.owner, item, completed=True, cascade=True, recurring_interval=99
    ),
    "update: another's item": lambda world, item: update(
        world.outsider, item, message="refused"
    ),
    "update: a cut body": lambda world, item: _broken(
        world, "updateItemById", '{"message": "refused"', guid=item["guid"]
    ),
    "delete: another's item": lambda world, item: world.outsider.call(
        "deleteItem", guid=item["guid"]
    ),
    "delete: no session": lambda world, item: world.nobody.call(
        "deleteItem", guid=item["guid"]
    ),
    "user: a login in use": lambda world, item: world.owner.call(
        "updateUser", firstname="Refused", loginId=world.member.login
    ),
    "user: an e-mail in use": lambda world, item: world.owner.call(
        "updateUser", firstname="Refused", loginId="refused", email=world.member.email
    ),
    "user: no e-mail": lambda world, item: world.owner.call(
        "updateUser", firstname="Refused", email="refused"
    ),
    "user: no name": lambda world, item: world.owner.call(
        "updateUser", loginId="refused", lastname="<>"
    ),
}

OTHERS: Mapping[str, Refusal] = {
    "an unknown session": lambda world, item: world.owner.with_session(
        world.guid()
    ).call("getUser"),
    "no password": lambda world, item: _sign_in(world, password=None),
    "a wrong type": lambda world, item: create(world.owner, priority="high"),
    "another media type": lambda world, item: raw.send(
        world.owner, "createItem", kind="text/plain", body=b"title"
    ),
    "an unknown participant": lambda world, item: create(
        world.owner, participants=[NO_ID]
    ),
    "the owner lowered": lambda world, item: create(
        world.owner, permissions=[{"principal": world.owner.id, "level": 10}]
    ),
}

KINDS: Mapping[str, Refusal] = {**PUBLISHED, **OTHERS}
REFUSALS: Mapping[str, Refusal] = {**KINDS, **WRITES}
