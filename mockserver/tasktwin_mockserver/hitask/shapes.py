"""How records look to the one who asked, as HiTask writes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.hitask.dates import stamp_text
from tasktwin_mockserver.hitask.records import Event, Group, Item, User
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld

DONE = {"response_status": 0}
encode = msgspec.json.Encoder().encode

# Fields that HiTask's clients know and that always are null here.
UNUSED = dict.fromkeys(
    (
        "reminder_enabled",
        "reminder_time",
        "reminder_time_type",
        "instances",
        "publish_url",
        "previews",
    )
)


@dataclass(frozen=True, slots=True)
class ItemList:
    """Items for the caller, `cursor` in milliseconds.

    With `unchanged`, the ids of the items that the caller already has, it is a delta.
    """

    items: Iterable[Item]
    cursor: int
    unchanged: Sequence[int] | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """Events of one item."""

    events: Iterable[Event]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that was just made."""

    event: Event


def shape(call: Call, world: HiTaskWorld, result: object) -> Answer:
    """Render what an operation returned."""
    if isinstance(result, Item):
        return Answer(body=_item(world, call.user, result))
    if isinstance(result, ItemList):
        return _list(call, world, result)
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
        case Comment(event):
            return _comment(event)
        case History(events):
            return [_event(world, event) for event in events]
        case [*parts]:
            return [_data(world, part) for part in parts]
    return result


def _list(call: Call, world: HiTaskWorld, result: ItemList) -> Answer:
    viewer = call.user
    bodies = [_item(world, viewer, item) for item in result.items]
    if result.unchanged is not None:
        bodies = [b'{"changed":true,' + body[1:] for body in bodies]
        bodies += [b'{"id":%d,"changed":false}' % number for number in result.unchanged]
    headers = (("X-Cursor", str(result.cursor)), *result.headers)
    return Answer(body=b"[%b]" % b",".join(bodies), headers=headers)


def _group(world: HiTaskWorld, group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "code": group.code,
        "color": group.color,
        "members": world.access.members(group),
        "type": group.type,
    }


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


def _item(world: HiTaskWorld, viewer: User, item: Item) -> bytes:
    """The encoded item: what differs from viewer to viewer, then the kept rest."""
    mark = world.marks.get((viewer.id, item.id))
    access = world.access
    head = _head(
        access.level(item, viewer),
        access.administers(item, viewer),
        len(access.levels(item)) > 1,
        mark is not None and mark.starred,
        mark.unread if mark else 0,
    )
    return b"%b,%b" % (head, _kept(world, item))


@lru_cache(maxsize=1000)
def _head(
    level: int, administers: bool, shared: bool, starred: bool, unread: int
) -> bytes:
    data = {
        "permission": level,
        "adminPermission": administers or None,
        "shared": shared,
        "starred": starred,
        "unread": unread or None,
    }
    return encode(data)[:-1]


def _kept(world: HiTaskWorld, item: Item) -> bytes:
    kept = world.encodings.get(item.id)
    if kept is None or kept[0] is not item:
        parent = world.items.get(item.parent)
        comment = world.events.get(item.last_comment or 0)
        kept = item, encode(_own_fields(item, parent, comment))[1:]
        world.encodings[item.id] = kept
    return kept[1]


# What an item has on the wire under the name that it has in its record.
SAME_NAMES = (
    "id",
    "guid",
    "user_id",
    "issue_id",
    "version",
    "title",
    "message",
    "category",
    "short_name",
    "completed",
    "color",
    "color_value",
    "priority",
    "parent",
    "recurring",
    "recurring_interval",
    "recurring_end_date",
    "recurring_by",
    "start_date",
    "end_date",
    "is_all_day",
    "time_track",
    "time_est",
    "time_spent",
    "assignee",
    "location",
    "permissions",
    "contact",
)


def _own_fields(
    item: Item, parent: Item | None, comment: Event | None
) -> dict[str, Any]:
    transition = item.transition_time
    return {
        **{name: getattr(item, name) for name in SAME_NAMES},
        "parentGuid": parent and parent.guid,
        "due_date": item.end_date,
        "participants": item.participants or None,
        "tags": item.tags or None,
        "alerts": item.alerts or None,
        "time_create": stamp_text(item.created),
        "time_last_update": stamp_text(item.updated),
        "last_transition_time": None if transition is None else stamp_text(transition),
        "last_transition_user": item.transition_user,
        "last_comment_id": item.last_comment,
        "last_comment": comment and comment.value,
        "last_comment_user_id": comment and comment.user,
        "last_comment_create_datetime": comment and stamp_text(comment.time),
        **UNUSED,
    }
