"""Uploaded files, before and after they are attached to something.

Published at https://gsmtasks.com under File Uploads.
"""

import binascii
from base64 import b64decode
from hashlib import blake2b

from tasktwin_mockserver import downloads
from tasktwin_mockserver.api import Answer, Download, operation
from tasktwin_mockserver.exchange import Upload
from tasktwin_mockserver.gsmtasks.errors import FieldsError, NotFoundError
from tasktwin_mockserver.gsmtasks.records import FileUpload
from tasktwin_mockserver.gsmtasks.shapes import Made
from tasktwin_mockserver.gsmtasks.sight import found, listed
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld
from tasktwin_schemas import schema

WRITTEN = schema("gsmtasks", "file-upload-write")["properties"]["file"]["properties"]
LONGEST: int = WRITTEN["name"]["maxLength"]
FOLDERS = ("", ".", "..")
PICTURES = (b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
RIFF, WEBP = b"RIFF", b"WEBP"


@operation("listFileUploads")
def list_file_uploads(call: Call, world: GSMtasksWorld) -> list[FileUpload]:
    """Every uploaded file that the caller sees."""
    return listed(call, world, world.file_uploads)


@operation("getFileUpload")
def get_file_upload(call: Call, world: GSMtasksWorld) -> FileUpload:
    """One uploaded file."""
    return found(call, world, world.file_uploads)


@operation("createFileUpload")
def create_file_upload(call: Call, world: GSMtasksWorld) -> Made:
    """Keep a file, whichever way it was sent."""
    sent = call.parameters["file"]
    upload = sent if isinstance(sent, Upload) else _from_data_url(**_text_of(sent))
    name = _name(upload)
    digest = blake2b(upload.data, digest_size=16).digest()
    twin = world.file_uploads.first("digest", digest)
    row = FileUpload(
        **world.stamps(call.write, FileUpload),
        name=name,
        media_type=downloads.plain_media_type(upload.media_type),
        is_image=is_picture(upload.data),
        digest=digest,
        data=upload.data if twin is None else twin.data,
        created_by=call.user.id,
    )
    return Made(call.write.put(world.file_uploads, row))


@operation("downloadFile")
def download_file(call: Call, world: GSMtasksWorld) -> Answer:
    """The bytes of a file, for those who see it."""
    upload = found(call, world, world.file_uploads)
    if upload.name != call.parameters["name"]:
        raise NotFoundError
    return downloads.answer(Download(upload.name, upload.media_type, upload.data))


def is_picture(data: bytes) -> bool:
    """Whether bytes begin as a GIF, JPEG, PNG or WebP does."""
    return data.startswith(PICTURES) or (data[:4], data[8:12]) == (RIFF, WEBP)


def _from_data_url(name: str, contents: str) -> Upload:
    head, _, text = contents.partition(",")
    kind = head.removeprefix("data:").removesuffix(";base64")
    try:
        return Upload(name, kind, b64decode(text, validate=True))
    except (binascii.Error, ValueError):  # the latter for what is not ASCII
        raise FieldsError({"file": ["The contents are no Base64."]}) from None


def _text_of(sent: dict[str, str]) -> dict[str, str]:
    return {"name": sent["name"], "contents": sent["contents"]}


def _name(upload: Upload) -> str:
    """The name of a file, without the folders that it came from."""
    name = upload.name.replace("\\", "/").rpartition("/")[2]
    if name.strip() in FOLDERS:
        raise FieldsError({"file": ["The file has no name."]})
    if len(name) > LONGEST:
        raise FieldsError({"file": [f"The name is longer than {LONGEST}."]})
    return name
