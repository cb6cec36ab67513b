"""Files: uploaded as items, and fetched.

Published at https://hitask.com under Item, Upload file.
"""

import dataclasses
from hashlib import blake2b

from msgspec import structs

from tasktwin_mockserver.api import Download, operation
from tasktwin_mockserver.downloads import address, plain_media_type
from tasktwin_mockserver.exchange import Upload
from tasktwin_mockserver.hitask.errors import (
    ExceededSizeError,
    MissingError,
    NotFoundError,
)
from tasktwin_mockserver.hitask.items import create_item
from tasktwin_mockserver.hitask.records import ROOT, File, Item
from tasktwin_mockserver.hitask.rights import permitted_item
from tasktwin_mockserver.hitask.storage import has_room
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld
from tasktwin_schemas import schema

CATEGORY = 5
LONGEST: int = schema("hitask", "item-write")["properties"]["title"]["maxLength"]


@operation("uploadFile")
def upload_file(call: Call, world: HiTaskWorld) -> Item:
    """Keep a file, and make an item of it that the caller owns."""
    upload = call.parameters["file"]
    name = _name(upload)
    _check_room(call, world, upload.data)
    asked = {
        "title": name,
        "category": CATEGORY,
        "parent": call.parameters.get("parent_id", ROOT),
        "guid": call.parameters.get("guid"),
    }
    sent = {key: value for key, value in asked.items() if value is not None}
    item = create_item(dataclasses.replace(call, parameters=sent), world)
    call.write.put(world.files, _file(world, item, upload))
    return item


@operation("getFileUrl")
def get_file_url(call: Call, world: HiTaskWorld) -> dict[str, str]:
    """Where a file can be fetched, by whoever is told."""
    item = permitted_item(call, world, "getFileUrl", str(call.parameters["id"]))
    file = world.files.get(item.id)
    if file is None:
        raise NotFoundError("File")
    return {
        "content_type": file.media_type,
        "mime_type": file.media_type,
        "url": address(call.address, file.token, file.name),
    }


def download(world: HiTaskWorld, token: str) -> Download | None:
    """The file of that token, unless its item is in the archive."""
    file = world.files.first("token", token)
    if file is None or world.items[file.item].archived is not None:
        return None
    return Download(file.name, file.media_type, file.data)


def copy_file(call: Call, world: HiTaskWorld, item: Item, copy: Item) -> None:
    """Give `copy` the bytes of `item`, where that is a file."""
    file = world.files.get(item.id)
    if file is not None:
        _check_room(call, world, file.data)
        token = world.token("file", copy.id)
        call.write.put(world.files, structs.replace(file, item=copy.id, token=token))


def _check_room(call: Call, world: HiTaskWorld, data: bytes) -> None:
    if not has_room(world, call.user, len(data)):
        raise ExceededSizeError("storage", f"{world.settings.max_storage} MB")


def _name(upload: Upload) -> str:
    """The name of a file without folders, which is its item's title."""
    name = upload.name.replace("\\", "/").rpartition("/")[2]
    if not name.strip():
        raise MissingError("the name of the file")
    if len(name) > LONGEST:
        raise ExceededSizeError("the name of the file", LONGEST)
    return name


def _file(world: HiTaskWorld, item: Item, upload: Upload) -> File:
    """The record of an upload; the bytes are those of a file that has the same."""
    digest = blake2b(upload.data).digest()
    twin = world.files.first("digest", digest)
    return File(
        item=item.id,
        token=world.token("file", item.id),
        name=item.title,
        media_type=plain_media_type(upload.media_type),
        digest=digest,
        data=upload.data if twin is None else twin.data,
    )
