"""The item as JSON: a head that differs from viewer to viewer, and the kept rest."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from tasktwin_mockserver.hitask.dates import stamp_text
from tasktwin_mockserver.hitask.labels import names_of
from tasktwin_mockserver.hitask.records import Event, Item, Mark, User
from tasktwin_mockserver.hitask.recurrence import instances_of

if TYPE_CHECKING:
    from tasktwin_mockserver.hitask.universe import HiTaskWorld

encode = msgspec.json.Encoder().encode

# Fields that HiTask's clients know and that always are null here.
UNUSED = dict.fromkeys(
    (
        "reminder_enabled",
        "reminder_time",
        "reminder_time_type",
        "publish_url",
        "previews",
    )
)
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


class Encodings:
    """The encoded own fields of the items of a world, kept while they stay the same."""

    def __init__(self, world: "HiTaskWorld") -> None:
        self._world = world
        self._kept: dict[int, tuple[Item, tuple[str, ...], bytes]] = {}

    def head(self, item: Item, viewer: User, mark: Mark | None) -> bytes:
        """What `viewer` gets of `item` beside its own fields, from comma to comma.

        The first one parts it from the item before.
        """
        access = self._world.access
        return _head(
            access.level(item, viewer),
            access.administers(item, viewer),
            len(access.levels(item)) > 1,
            mark is not None and mark.starred,
            mark.unread if mark else 0,
        )

    def rest(self, item: Item) -> bytes:
        """The own fields of `item`, from after the comma to the closing brace."""
        kept, tags = self._kept.get(item.id), names_of(self._world, item.tags)
        if item.instances:
            return encode(self._own_fields(item, tags))[1:]
        if kept is None or kept[0] is not item or kept[1] != tags:
            kept = item, tags, encode(self._own_fields(item, tags))[1:]
            self._kept[item.id] = kept
        return kept[2]

    def forget(self, item: int) -> None:
        """Drop what is kept of an item that has gone."""
        self._kept.pop(item, None)

    def _own_fields(self, item: Item, tags: tuple[str, ...]) -> dict[str, Any]:
        parent = self._world.items.get(item.parent)
        transition = item.transition_time
        return {
            **{name: getattr(item, name) for name in SAME_NAMES},
            "parentGuid": parent and parent.guid,
            "due_date": item.end_date,
            "participants": item.participants or None,
            "tags": tags or None,
            "alerts": item.alerts or None,
            "instances": instances_of(item, self._world.clock.now()) or None,
            "time_create": stamp_text(item.created),
            "time_last_update": stamp_text(item.updated),
            "last_transition_time": transition and stamp_text(transition),
            "last_transition_user": item.transition_user,
            **_comment(self._world.events.get(item.last_comment or 0)),
            **UNUSED,
        }


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
    return b",%b," % encode(data)[:-1]


def _comment(comment: Event | None) -> dict[str, Any]:
    return {
        "last_comment_id": comment and comment.id,
        "last_comment": comment and comment.value,
        "last_comment_user_id": comment and comment.user,
        "last_comment_create_datetime": comment and stamp_text(comment.time),
    }
