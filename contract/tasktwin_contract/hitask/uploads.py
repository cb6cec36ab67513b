"""Files as tests upload and fetch them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.hitask.examples import PLAIN_TEXT
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import Target, World
from tasktwin_contract.wire import File

MEGABYTE = 1_000_000


def upload(actor: Actor, sent: File = PLAIN_TEXT, **fields: Any) -> Reply:
    """Call uploadFile with a guid of the world's own, and `fields`."""
    guid = actor.world.guid()
    return actor.call("uploadFile", **{"guid": guid, "file": sent, **fields})


def uploaded(actor: Actor, sent: File = PLAIN_TEXT, **fields: Any) -> Object:
    """The item of a file that was uploaded, as the list has it.

    Raises `NotJudgedError` where that fails.
    """
    made = upload(actor, sent, **fields).arranged()
    stored: Object = actor.items().get(made["id"], Object())
    return stored


def url_of(actor: Actor, item: Object) -> str:
    """Where the file of an item can be fetched. Raises `NotJudgedError`."""
    return str(actor.call("getFileUrl", id=item["id"]).arranged()["url"])


def fetched(actor: Actor, item: Object) -> bytes:
    """The bytes that the url of an item's file serves."""
    return actor.world.fetch(url_of(actor, item)).expect(200).body


def of_size(size: int) -> File:
    """A file of so many bytes."""
    return File(bytes(size), "zeros.bin")


@contextmanager
def with_quota(target: Target, megabytes: int) -> Iterator[World]:
    """A world in which a team's files may hold so much."""
    with target.world(max_storage=megabytes) as world:
        yield world
