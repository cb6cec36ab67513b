"""Tags, as the tests of them list, put on, rename and look for them."""

from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.hitask.steps import update
from tasktwin_contract.reply import Object, Reply


def tag_list(actor: Actor) -> list[Object]:
    """The tags that the list has for `actor`. Raises `NotJudgedError`."""
    listed = actor.call("listTags").arranged().data
    if not isinstance(listed, list) or not all(isinstance(t, dict) for t in listed):
        raise NotJudgedError("listTags answers no list of objects")
    return listed


def listed(actor: Actor) -> list[str]:
    """The names of the tags that the list has for `actor`, in order."""
    return sorted(str(tag["name"]) for tag in tag_list(actor))


def called(actor: Actor, name: str) -> list[Object]:
    """The tags of that name that the list has for `actor`."""
    return [tag for tag in tag_list(actor) if tag["name"] == name]


def tag_of(actor: Actor, name: str) -> Object:
    """The one tag of that name. Raises `NotJudgedError` where there is not just one."""
    found = called(actor, name)
    if len(found) != 1:
        raise NotJudgedError(f"the list has {len(found)} tags called {name!r}")
    return found[0]


def add(actor: Actor, item: Object, name: Any) -> Reply:
    """Call addTag."""
    return actor.call("addTag", item_id=item["id"], name=name)


def tagged(actor: Actor, item: Object, name: str) -> Object:
    """The tag of that name, put on an item. Raises `NotJudgedError`."""
    return Object(add(actor, item, name).arranged().data)


def rename(actor: Actor, tag: Object, name: Any) -> Reply:
    """Call updateTag."""
    return actor.call("updateTag", id=tag["id"], name=name)


def drop(actor: Actor, tag: Object) -> Reply:
    """Call deleteTag."""
    return actor.call("deleteTag", id=tag["id"])


def retag(actor: Actor, item: Object, *names: str) -> None:
    """Have an item carry just the tags of these names. Raises `NotJudgedError`."""
    update(actor, item, tags=list(names)).arranged()


def names_on(actor: Actor, item: Object) -> list[str]:
    """The names of the tags of an item, in order, as the actor's list has them."""
    return sorted(map(str, actor.items()[item["id"]]["tags"] or []))
