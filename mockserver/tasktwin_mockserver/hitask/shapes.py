"""How records look to the one who asked, as HiTask writes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.hitask.access import level_of
from tasktwin_mockserver.hitask.dates import stamp_text
from tasktwin_mockserver.hitask.records import Call, HiTaskWorld, Item, Mark, User

MILLISECOND = 1000
DONE = {"response_status": 0}
encode = msgspec.json.Encoder().encode

# Fields that HiTask's clients know and that always are null here.
UNUSED = dict.fromkeys(
    (
        "reminder_enabled",
        "reminder_time",
        "reminder_time_type",
        "last_comment_id",
        "last_comment",
        "last_comment_user_id",
        "last_comment_create_datetime",
        "instances",
        "publish_url",
        "previews",
    )
)


@dataclass(frozen=True, slots=True)
class ItemList:
    """Items for the caller; `cursor` is the stamp up to which they are told."""

    items: Iterable[Item]
    cursor: int


def shape(call: Call, world: HiTaskWorld, result: object) -> Answer:
    """Render what an operation returned."""
    if isinstance(result, Answer):
        return result
    if isinstance(result, Item):
        return Answer(body=_item(world, call.user, result))
    if isinstance(result, ItemList):
        bodies = [_item(world, call.user, item) for item in result.items]
        cursor = str(result.cursor // MILLISECOND)
        return Answer(body=b"[%b]" % b",".join(bodies), headers=(("X-Cursor", cursor),))
    if isinstance(result, User):
        return Answer(_user(result))
    return Answer(DONE if result is None else result)


def stamp_for(world: HiTaskWorld, viewer: User, item: Item) -> int:
    """When what `viewer` gets of `item` last changed."""
    mark = world.marks.get((viewer.id, item.id))
    return max(item.updated, mark.stamp) if mark else item.updated


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
    return b"%b,%b" % (_head(item, viewer, mark), _kept(world, item))


def _head(item: Item, viewer: User, mark: Mark | None) -> bytes:
    starred = b"true" if mark and mark.starred else b"false"
    words = b'{"permission":%d,"starred":%b,"shared":false,"unread":null'
    return words % (level_of(item, viewer), starred)


def _kept(world: HiTaskWorld, item: Item) -> bytes:
    kept = world.encodings.get(item.id)
    if kept is None or kept[0] is not item:
        parent = world.items.get(item.parent)
        kept = item, encode(_own_fields(item, parent))[1:]
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


def _own_fields(item: Item, parent: Item | None) -> dict[str, Any]:
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
        **UNUSED,
    }
