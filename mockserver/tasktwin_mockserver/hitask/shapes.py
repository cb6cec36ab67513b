"""How records look to the one who asked, as HiTask writes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.hitask.dates import stamp_text
from tasktwin_mockserver.hitask.labels import seen_with
from tasktwin_mockserver.hitask.records import Event, Group, Item, User
from tasktwin_mockserver.hitask.shelves import Row
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld

DONE = {"response_status": 0}
HEAD_AND_REST, STUB = attrgetter("head", "rest"), attrgetter("stub")


@dataclass(frozen=True, slots=True)
class ItemList:
    """Items for the caller, `cursor` in milliseconds.

    With `unchanged`, the items that the caller already has, it is a delta.
    """

    items: Iterable[Row]
    cursor: int
    unchanged: Iterable[Row] | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """Events of one item."""

    events: Iterable[Event]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that was just made."""

    event: Event


@dataclass(frozen=True, slots=True)
class SeenTag:
    """A tag, by its id, as `viewer` sees it."""

    tag: int
    viewer: User


def shape(call: Call, world: HiTaskWorld, result: object) -> Answer:
    """Render what an operation returned."""
    if isinstance(result, Item):
        mark = world.marks.get((call.user.id, result.id))
        head = world.encodings.head(result, call.user, mark)
        return Answer(body=head[1:] + world.encodings.rest(result))
    if isinstance(result, ItemList):
        return _list(result)
    if isinstance(result, Answer):
        return result
    return Answer(_data(world, result))


def _data(world: HiTaskWorld, result: object) -> Any:
    match result:
        case None:
            return DONE
        case User():
            return _user(result)
        case Group():
            return _group(world, result)
        case SeenTag(tag, viewer):
            return _tag(world, tag, viewer)
        case Comment(event):
            return _comment(event)
        case History(events):
            return [_event(world, event) for event in events]
        case [*parts]:
            return [_data(world, part) for part in parts]
    return result


def _list(result: ItemList) -> Answer:
    parts = [*chain.from_iterable(map(HEAD_AND_REST, result.items))]
    if result.unchanged is not None:
        parts[::2] = [b',{"changed":true,' + head[2:] for head in parts[::2]]
        parts += map(STUB, result.unchanged)
    parts[:1] = [b"[", *(part[1:] for part in parts[:1])]  # no comma before the first
    parts.append(b"]")
    headers = (("X-Cursor", str(result.cursor)), *result.headers)
    return Answer(body=b"".join(parts), headers=headers)


def _group(world: HiTaskWorld, group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "code": group.code,
        "color": group.color,
        "members": world.access.members(group),
        "type": group.type,
    }


def _tag(world: HiTaskWorld, tag: int, viewer: User) -> dict[str, Any]:
    items = seen_with(world, tag, viewer)
    shared = any(len(world.access.levels(item)) > 1 for item in items)
    return {"id": tag, "name": world.tags[tag].name, "shared": shared}


def _comment(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "itemId": event.item,
        "user_id": event.user,
        "message": event.value,
        "time_create": stamp_text(event.time),
    }


def _event(world: HiTaskWorld, event: Event) -> dict[str, Any]:
    user = world.users[event.user]
    value = {} if event.value is None else {"value": event.value}
    return {
        "id": event.id,
        "user_id": event.user,
        "user_name": f"{user.first_name} {user.last_name}",
        "time": stamp_text(event.time),
        "property_name": event.name,
        "property_type": event.type,
        **value,
    }


def _user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "login": user.login,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "email": user.email,
        "emailConfirmed": user.email_confirmed,
        "accountType": user.account_type,
        "level": user.level,
        "isOnline": True,
        "businessId": user.team,
        "businessLevel": user.membership,
        "pictureSource": user.picture_source,
        "pictureHash": user.picture_hash,
    }
