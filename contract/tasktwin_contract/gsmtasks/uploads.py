"""Files to upload."""

from io import BytesIO
from typing import Any

from PIL import Image

from tasktwin_contract.actors import Actor
from tasktwin_contract.gsmtasks.bodies import file_in_json
from tasktwin_contract.reply import Object
from tasktwin_contract.wire import File

GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00"
KINDS = {"gif": "image/gif", "jpeg": "image/jpeg", "png": "image/png"}
WAYS = ("json", "multipart")


def upload(
    actor: Actor,
    way: str,
    data: bytes,
    name: str = "load.txt",
    media_type: str = "text/plain",
    **more: Any,
) -> Object:
    """Upload a file in JSON, or as a part of a multipart form."""
    file: Any = file_in_json(data, name, media_type)
    if way == "multipart":
        file = File(data, name, media_type)
    made: Object = actor.made("file_upload", file=file, **more)
    return made


def picture(form: str) -> bytes:
    """A small picture in the format of that name."""
    written = BytesIO()
    Image.new("RGB", (8, 8), (200, 10, 10)).save(written, form)
    return written.getvalue()
