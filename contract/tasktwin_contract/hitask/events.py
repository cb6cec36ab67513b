"""What happens to an item, and what is seen of it: history, comments, unread."""

from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import ClauseBrokenError, NotJudgedError
from tasktwin_contract.hitask.steps import update
from tasktwin_contract.reply import Object, Reply

COMMENT = "comment"
UNKNOWN_GUID = "00000000-0000-4000-8000-000000000000"


def entry(actor: Actor, level: int) -> dict[str, Any]:
    """What gives `actor` that level on an item."""
    return {"principal": actor.id, "level": level}


def shared(owner: Actor, *others: Actor, level: int = 60, **fields: Any) -> Object:
    """An item of `owner` on which `others` have `level`. Raises `NotJudgedError`."""
    made: Object = owner.item(
        permissions=[entry(one, level) for one in others], **fields
    )
    return made


def history(actor: Actor, item: Object) -> list[Object]:
    """The entries of the item's history, as `actor` gets them."""
    reply = actor.call("getHistory", id=item["id"]).expect(200)
    entries = reply.data
    if not isinstance(entries, list) or not all(isinstance(e, Object) for e in entries):
        raise ClauseBrokenError("a list of objects", reply.summary)
    return entries


def comment(actor: Actor, item: Object, message: str = "a comment") -> Reply:
    """Call addComment."""
    return actor.call("addComment", id=item["id"], message=message)


def commented(actor: Actor, item: Object, message: str = "a comment") -> int:
    """The id of a comment of `actor`. Raises `NotJudgedError`."""
    made = comment(actor, item, message).arranged()["id"]
    if not isinstance(made, int):
        raise NotJudgedError(f"addComment answers the id {made!r}")
    return made


def messages(actor: Actor, item: Object) -> list[Any]:
    """The messages of the item's comments, as they stand in its history."""
    entries = history(actor, item)
    return [one["value"] for one in entries if one["property_name"] == COMMENT]


def unread(actor: Actor, item: Object) -> Any:
    """The item's unread for `actor`, null as 0. Raises `NotJudgedError`."""
    listed = actor.items()
    if item["id"] not in listed:
        raise NotJudgedError(f"{actor} does not see the item {item['id']}")
    return listed[item["id"]]["unread"] or 0


def read(actor: Actor, item: Object) -> None:
    """Have the item be read by `actor`. Raises `NotJudgedError`."""
    actor.call("markRead", guid=item["guid"]).arranged()
    if unread(actor, item):
        raise NotJudgedError("markRead leaves the item unread")


def modify(actor: Actor, item: Object, **fields: Any) -> None:
    """Change the item. Raises `NotJudgedError`."""
    update(actor, item, **fields or {"message": "modified"}).arranged()


def add_below(actor: Actor, item: Object, **fields: Any) -> None:
    """Make an item below the item. Raises `NotJudgedError`."""
    actor.item(parent=item["id"], **fields)


def archive(actor: Actor, item: Object) -> None:
    """Put the item into the archive. Raises `NotJudgedError`."""
    actor.call("archiveItem", id=item["id"]).arranged()


def archived(actor: Actor, **fields: Any) -> Object:
    """An item of `actor` as it was before it went into the archive."""
    item = actor.item(**fields)
    archive(actor, item)
    made: Object = item
    return made


def differences(before: Object, after: Object) -> set[str]:
    """The fields in which the two differ; absent is the same as null."""
    return {key for key in {*before, *after} if before[key] != after[key]}
