"""What happened to an item, and its comments.

Published at https://hitask.com under Item, History.
"""

from typing import Any

import msgspec
from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask.errors import NotFoundError
from tasktwin_mockserver.hitask.records import Event, Item
from tasktwin_mockserver.hitask.rights import (
    NEEDED,
    permitted_item,
    require,
    visible_item,
)
from tasktwin_mockserver.hitask.shapes import Comment, History
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld
from tasktwin_mockserver.hitask.unread import Unread, tell
from tasktwin_schemas import schema

COMMENT = "comment"
FIELDS = schema("hitask", "item-write")["properties"]
KINDS = {"integer": "INTEGER", "boolean": "BOOLEAN"}


@operation("getHistory")
def get_history(call: Call, world: HiTaskWorld) -> History:
    """Every event of an item, newest last."""
    item = permitted_item(call, world, "getHistory", str(call.parameters["id"]))
    return History(world.events.where("item", item.id))


@operation("addComment")
def add_comment(call: Call, world: HiTaskWorld) -> Comment:
    """Comment on an item, which is told to those who have to do with it."""
    item = permitted_item(call, world, "addComment", str(call.parameters["id"]))
    comment = record(call, world, item, COMMENT, "STRING", call.parameters["message"])
    _keep_last(call, world, item, comment.id)
    tell(call, world, item, Unread.COMMENT)
    return Comment(comment)


@operation("deleteComment")
def delete_comment(call: Call, world: HiTaskWorld) -> None:
    """Delete a comment, as its author or with every right on its item."""
    comment = world.events.get(call.parameters["id"])
    if comment is None or comment.name != COMMENT:
        raise NotFoundError("Comment")
    item = visible_item(call, world, str(comment.item))
    if call.parameters.get("itemId", item.id) != item.id:
        raise NotFoundError("Comment")
    if comment.user != call.user.id:
        require(call, world, item, NEEDED["deleteComment"])
    call.write.remove(world.events, comment.id)
    record(call, world, item, "comment_deleted", "INTEGER", str(comment.id))
    left = [
        event.id
        for event in world.events.where("item", item.id)
        if event.name == COMMENT and event.id != comment.id
    ]
    _keep_last(call, world, item, left[-1] if left else None)


def record(
    call: Call,
    world: HiTaskWorld,
    item: Item,
    name: str,
    kind: str = "VOID",
    value: str | None = None,
) -> Event:
    """Add an event to the history of `item`."""
    number = call.write.next("event")
    event = Event(number, item.id, call.user.id, call.write.stamp, name, kind, value)
    return call.write.put(world.events, event)


def record_change(
    call: Call, world: HiTaskWorld, item: Item, name: str, old: Any, new: Any
) -> None:
    """Add what a change of the field `name` is to the history of `item`."""
    if name == "permissions":
        known = {entry.principal for entry in old}
        added = [entry.principal for entry in new if entry.principal not in known]
        for principal in added:
            record(call, world, item, "shared_with", "STRING", principal)
        if added and len(new) == len(old) + len(added):
            return
    if name == "tags":
        tags = (call.write.get(world.tags, tag) for tag in new)
        new = [tag.name for tag in tags if tag is not None]
    if new is None:
        record(call, world, item, name)
        return
    text = new if isinstance(new, str) else msgspec.json.encode(new).decode()
    record(call, world, item, name, _kind(name), text)


def _kind(name: str) -> str:
    if name == "archived":
        return "BOOLEAN"
    rule = FIELDS[name]
    if rule.get("format") == "date-time":
        return "DATE"
    kinds = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    return KINDS.get(kinds[0], "STRING")


def _keep_last(call: Call, world: HiTaskWorld, item: Item, comment: int | None) -> None:
    """Comments are own fields of an item: a change of them is one of it."""
    changed = replace(
        item,
        last_comment=comment,
        version=item.version + 1,
        updated=call.write.stamp,
    )
    call.write.put(world.items, changed)
