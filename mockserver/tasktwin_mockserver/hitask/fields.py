"""The fields of an item: from parameters to a record, and what a record must keep."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver.hitask.access import Level
from tasktwin_mockserver.hitask.alerts import kept_alerts
from tasktwin_mockserver.hitask.dates import date_text
from tasktwin_mockserver.hitask.errors import (
    InvalidDataError,
    NotFoundError,
    RecurringIntervalError,
    ShortNameUsedError,
)
from tasktwin_mockserver.hitask.labels import linked
from tasktwin_mockserver.hitask.records import ROOT, Item, User
from tasktwin_mockserver.hitask.recurrence import with_instance
from tasktwin_mockserver.hitask.rights import require, visible_item
from tasktwin_mockserver.hitask.sharing import inherited_entries, sent_entries
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld
from tasktwin_schemas import schema

PROJECT = 0
INSTANCE = "instance_date_time"
WRITABLE = schema("hitask", "item-write")["properties"]
BOUNDS = WRITABLE["recurring_interval"]["x-tasktwin-bounds"]
FIELDS = WRITABLE.keys() & set(Item.__struct_fields__) - {"guid", "version"}
LEVELS: dict[str, int] = {
    name: row["x-tasktwin-level"]
    for name, row in WRITABLE.items()
    if "x-tasktwin-level" in row
}
LEVELS["instances"] = LEVELS["completed"]  # one of them is completed alone
DEFAULTS: dict[str, Any] = {
    name: WRITABLE[name].get("default") for name in FIELDS
} | dict.fromkeys(("participants", "tags", "alerts"), ())


def new_item(call: Call, world: HiTaskWorld, guid: str) -> Item:
    """The item that the parameters describe; its `issue_id` is yet to come."""
    stamp = call.write.stamp
    given = {
        "guid": guid,
        "id": call.write.next("item"),
        "user_id": call.user.id,
        "created": stamp,
        "updated": stamp,
    }
    sent = _fields(call, world, None)
    parent = world.items.get(sent.get("parent", ROOT))
    if parent is not None:
        require(call, world, parent, Level.ADD)
    if "permissions" not in sent:
        sent["permissions"] = inherited_entries(parent, call.user.id)
    return Item(**{**DEFAULTS, **given, **sent}, version=1, issue_id="")


def changed_fields(call: Call, world: HiTaskWorld, item: Item) -> dict[str, Any]:
    """The fields that the parameters would give another value than `item` has."""
    fields = _fields(call, world, item)
    if INSTANCE in call.parameters:
        text = date_text(call.parameters[INSTANCE], world, call.user)
        completed = fields.pop("completed", None)
        if completed is not None:
            after, moment = replace(item, **fields), datetime.fromisoformat(text)
            fields["instances"] = with_instance(after, moment, completed)
    return {name: new for name, new in fields.items() if new != getattr(item, name)}


def needed_level(changes: Iterable[str], star: bool) -> int:
    """The highest level that one of the changes needs."""
    levels = [LEVELS[name] for name in changes]
    return max((*levels, *([LEVELS["starred"]] if star else [])), default=Level.NONE)


def issue_id(world: HiTaskWorld, item: Item, number: int) -> str:
    """The issue's number, behind the short name of the nearest project above."""
    above = world.items.get(item.parent)
    while above is not None:
        if above.short_name:
            return f"{above.short_name}-{number}"
        above = world.items.get(above.parent)
    return str(number)


def check(world: HiTaskWorld, old: Item | None, new: Item) -> None:
    """Hold `new` against the rules between fields and between items."""
    _check_short_name(world, world.users[new.user_id], new)
    _check_place(world, old, new)
    _check_recurrence(new)


def _fields(call: Call, world: HiTaskWorld, item: Item | None) -> dict[str, Any]:
    """What the parameters say of the item's own fields."""
    sent = {
        name: _plain(call, world, value)
        for name, value in call.parameters.items()
        if name in FIELDS
    }
    for name in ("participants", "tags"):
        if name in sent:
            sent[name] = tuple(dict.fromkeys(sent[name] or ()))
    owner = world.users[item.user_id] if item else call.user
    if "tags" in sent:
        old = item.tags if item else ()
        sent["tags"] = linked(world, call.write, owner, old, sent["tags"])
    if "alerts" in sent:
        sent["alerts"] = kept_alerts(call, world, item, sent["alerts"] or [])
    if "permissions" in sent:
        entries = item.permissions if item else ()
        rows = sent["permissions"]
        sent["permissions"] = sent_entries(call, world, owner, entries, rows)
    if "parentGuid" in call.parameters or "parent" in sent:
        sent["parent"] = _parent(call, world)
    return sent


def _plain(call: Call, world: HiTaskWorld, value: Any) -> Any:
    return date_text(value, world, call.user) if isinstance(value, datetime) else value


def _parent(call: Call, world: HiTaskWorld) -> int:
    """The id of the parent that `parent` and `parentGuid` name, `ROOT` for none."""
    named = []
    if "parent" in call.parameters:
        named.append(str(call.parameters["parent"]))
    if "parentGuid" in call.parameters:
        named.append(call.parameters["parentGuid"] or str(ROOT))
    found = {_visible_parent(call, world, name) for name in named}
    if len(found) > 1:
        raise InvalidDataError("parentGuid", "(of another item than parent)")
    return found.pop()


def _visible_parent(call: Call, world: HiTaskWorld, name: str) -> int:
    if name == str(ROOT):
        return ROOT
    try:
        return visible_item(call, world, name).id
    except NotFoundError:
        raise NotFoundError("Parent item") from None


def _check_short_name(world: HiTaskWorld, user: User, item: Item) -> None:
    if item.short_name is None:
        return
    if item.category != PROJECT:
        raise InvalidDataError("short_name", "(projects only)")
    for other in world.items.where("short_name", item.short_name.lower()):
        owner = world.users[other.user_id]
        same_team = owner.id == user.id or (owner.team and owner.team == user.team)
        if other.id != item.id and same_team:
            raise ShortNameUsedError


def _check_place(world: HiTaskWorld, old: Item | None, new: Item) -> None:
    """No item below itself, and no project below anything but a project."""
    parent = world.items.get(new.parent)
    if parent and new.category == PROJECT and parent.category != PROJECT:
        raise InvalidDataError("parent", "(a project stands below projects only)")
    if old is None:
        return
    if new.category != PROJECT:
        for child in world.children(old):
            if child.category == PROJECT:
                raise InvalidDataError("category", "(there are projects below)")
    above = parent
    while above is not None:
        if above.id == new.id:
            raise InvalidDataError("parent", "(it is the item or below it)")
        above = world.items.get(above.parent)


def _check_recurrence(item: Item) -> None:
    bounds = [BOUNDS[key] for key in BOUNDS if key == str(item.recurring)]
    least, most = bounds[0] if bounds else (1, max(BOUNDS[key][1] for key in "1234"))
    if not least <= item.recurring_interval <= most:
        raise RecurringIntervalError(least, most)
