"""The calls that need a level on an item; a new guarded operation is one row."""

from collections.abc import Callable, Mapping
from typing import Any

from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.hitask.examples import OPERATIONS, PLAIN_TEXT
from tasktwin_contract.hitask.levels import (
    PLAIN,
    Entries,
    Fields,
    Guard,
    Ladder,
    entry,
)
from tasktwin_contract.hitask.steps import FIELDS
from tasktwin_contract.reply import Object

Prepare = Callable[[Ladder, Object], Fields]

CREATE_BELOW = 30  # on the parent; the document has levels on what is named only
PROJECT: Fields = {"category": 0}
DAILY: Fields = {"recurring": 1}
PUT_AWAY: Fields = {"title": "put away"}  # of its own, for others have to be there
TAGGED: Fields = {"title": "tagged"}  # the same, for a tag that is deleted is on it
COPIED: Fields = {"title": "put away, and copied"}


def _shared_further(ladder: Ladder, item: Object) -> Entries:
    """The item's list and an entry more."""
    listed = [entry(str(e["principal"]), e["level"]) for e in item["permissions"] or []]
    return [*listed, entry(ladder.other, 10)]


def elsewhere(ladder: Ladder, item: Object) -> Object:
    """A project on which the caller may do everything, to move the item to.

    It gives all whom the item lists access, so that nothing else is in the way.
    """
    listed = {str(e["principal"]): e["level"] for e in item["permissions"] or []}
    levels = {ladder.other.id: 10, **listed, ladder.caller.id: 100}
    shared = [entry(name, level) for name, level in levels.items()]
    made: Object = ladder.world.owner.item(category=0, permissions=shared)
    return made


NEW_VALUES: Mapping[str, Any] = {
    "title": "changed",
    "message": "changed",
    "category": 2,
    "short_name": lambda ladder, item: f"S{item['id']}"[-8:],
    "parent": lambda ladder, item: elsewhere(ladder, item)["id"],
    "parentGuid": lambda ladder, item: elsewhere(ladder, item)["guid"],
    "color": 3,
    "color_value": "#fc2f6a",
    "completed": True,
    "starred": True,
    "priority": 31010,
    "start_date": "2018-05-05T10:00:00.000+02:00",
    "end_date": "2018-05-12T10:00:00.000-03:30",
    "due_date": "2018-05-13T10:00:00.000-03:30",
    "is_all_day": True,
    "recurring": 2,
    "recurring_interval": 3,
    "recurring_end_date": "2019-05-12T00:00:00.000+00:00",
    "recurring_by": [{"type": "BYDAY", "values": "MO"}],
    "time_track": True,
    "time_est": 1.5,
    "time_spent": 0.25,
    "assignee": lambda ladder, item: ladder.world.owner.number,
    "assigneeId": lambda ladder, item: ladder.world.owner.number,
    "participants": lambda ladder, item: [ladder.world.owner.number],
    "tags": ["home", "work"],
    "location": {"longitude": 123.5, "latitude": -4.25, "address": "here"},
    "alerts": [{"timeType": 4, "time": 5}],
    "permissions": _shared_further,
    "contact": '["vcard", [["version", {}, "text", "4.0"]]]',
}
MOVING = dict.fromkeys(("parent", "parentGuid"), "HT-LEVEL-28")
BASES: Mapping[str, Fields] = {
    "contact": {"category": 7},
    "short_name": PROJECT,
    "recurring_interval": DAILY,
    "recurring_end_date": DAILY,
    "recurring_by": DAILY,
}


ALIASES: Mapping[str, str] = {
    **{n: row.get("x-tasktwin-alias-of", n) for n, row in FIELDS.items()},
    "parentGuid": "parent",
}


def new_value(name: str, ladder: Ladder, item: Object) -> Any:
    """Another value for a field of `item`. Raises `NotJudgedError` if there is none."""
    if name not in NEW_VALUES:
        raise NotJudgedError(f"the suite has no other value for the field {name}")
    value = NEW_VALUES[name]
    return value(ladder, item) if callable(value) else value


def changing(*names: str, operation: str = "updateItem") -> Guard:
    """The call that changes these fields of an item, its title sent unchanged."""

    def parameters(ladder: Ladder, item: Object) -> Fields:
        same = {"guid": item["guid"], "title": item["title"]}
        return {**same, **{name: new_value(name, ladder, item) for name in names}}

    main = tuple(ALIASES[name] for name in names)
    return Guard(
        operation=operation,
        level=max(FIELDS[name]["x-tasktwin-level"] for name in main),
        parameters=parameters,
        base={key: v for name in names for key, v in BASES.get(name, PLAIN).items()},
        changes=main,
        stated_by=_stated_by(names[0]),
    )


def _stated_by(name: str) -> str | None:
    told: str | None = FIELDS[name].get("x-tasktwin-stated-by", MOVING.get(name))
    return told


def _by_id(ladder: Ladder, item: Object) -> Fields:
    return {"id": item["id"]}


def _by_guid(ladder: Ladder, item: Object) -> Fields:
    return {"guid": item["guid"]}


def _comment(ladder: Ladder, item: Object) -> Fields:
    comment = {"id": item["id"], "message": "the owner's"}
    made = ladder.world.owner.call("addComment", **comment).arranged()
    return {"id": made["id"], "itemId": item["id"]}


def _put_away(ladder: Ladder, item: Object) -> Fields:
    ladder.world.owner.call("archiveItem", id=item["id"]).arranged()
    return {"id": item["id"]}


def _child(ladder: Ladder, item: Object) -> Fields:
    return {"guid": ladder.world.guid(), "title": "below", "parent": item["id"]}


def _child_by_guid(ladder: Ladder, item: Object) -> Fields:
    guid = ladder.world.guid()
    return {"guid": guid, "title": "below", "parentGuid": item["guid"]}


def _message(ladder: Ladder, item: Object) -> Fields:
    return {"id": item["id"], "message": "a comment"}


def _file_below(ladder: Ladder, item: Object) -> Fields:
    guid = ladder.world.guid()
    return {"guid": guid, "file": PLAIN_TEXT, "parent_id": item["id"]}


def _file(ladder: Ladder, item: Object) -> Fields:
    """A file of the owner's, on which the caller has what they have on `item`."""
    owner, sent = ladder.world.owner, _file_below(ladder, item)
    return {"id": owner.call("uploadFile", **sent).arranged()["id"]}


def _new_tag(ladder: Ladder, item: Object) -> Fields:
    return {"item_id": item["id"], "name": f"new {item['id']}"}


def _tag(ladder: Ladder, item: Object) -> Fields:
    tag = {"item_id": item["id"], "name": f"tag {item['id']}"}
    return {"id": ladder.world.owner.call("addTag", **tag).arranged()["id"]}


# Every operation of the document with a level of its own has a row, and more; the last
# word is the clause that it can be called so, where no MUST says it.
PREPARED: tuple[tuple[str, Prepare, Fields] | tuple[str, Prepare, Fields, str], ...] = (
    ("getHistory", _by_id, PLAIN),
    ("markRead", _by_guid, PLAIN),
    ("addComment", _message, PLAIN),
    ("deleteComment", _comment, PLAIN),
    ("createItem", _child, PLAIN),
    ("createItem", _child_by_guid, PLAIN),
    ("uploadFile", _file_below, PLAIN),
    ("getFileUrl", _file, PLAIN),
    ("archiveItem", _by_id, PLAIN),
    ("archiveItem", _by_guid, PLAIN),
    ("restoreItem", _put_away, PUT_AWAY),
    ("addTag", _new_tag, PLAIN),
    (
        "updateTag",
        lambda ladder, item: {**_tag(ladder, item), "name": f"also {item['id']}"},
        TAGGED,
    ),
    ("deleteTag", _tag, TAGGED),
    ("restoreCopy", _put_away, COPIED),
    ("deleteItem", _by_guid, PLAIN),
    ("deleteItem", lambda ladder, item: {"guid": item["id"]}, PLAIN, "HT-ITEM-20"),
)
BY_OPERATION = tuple(
    Guard(name, OPERATIONS[name].level or CREATE_BELOW, how, base, (), *stated_by)
    for name, how, base, *stated_by in PREPARED
)
BY_FIELD = (
    *(changing(name) for name in FIELDS if name != "guid"),
    changing("message", operation="updateItemById"),
)
GUARDS = (*BY_OPERATION, *BY_FIELD)


def guarded(*operations: str) -> tuple[Guard, ...]:
    """The calls of these operations that need a level."""
    return tuple(guard for guard in GUARDS if guard.operation in operations)


def fields_of(level: int) -> tuple[Guard, ...]:
    """The changes of single fields that need `level`, by the document."""
    return tuple(guard for guard in BY_FIELD if guard.level == level)
