"""Avatars: uploaded, taken away, and shown.

Published at https://hitask.com under User, Update User Avatar.
"""

from msgspec.structs import replace

from tasktwin_mockserver.api import Answer, operation
from tasktwin_mockserver.downloads import plain_media_type
from tasktwin_mockserver.exchange import Upload
from tasktwin_mockserver.hitask import images
from tasktwin_mockserver.hitask.errors import (
    CropError,
    InvalidDataError,
    NotFoundError,
    PictureTooSmallError,
    WrongFormatError,
)
from tasktwin_mockserver.hitask.records import Picture, User
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld
from tasktwin_schemas import operations

GENERATED, UPLOADED = 2, 100
RULES = operations("hitask")["uploadAvatar"].parameters["picture"].schema
LEAST_EDGE: int = RULES["x-tasktwin-least-edge"]
MOST_PIXELS: int = RULES["x-tasktwin-most-pixels"]
FORMATS = {kind: images.FORMATS[kind] for kind in RULES["x-tasktwin-media-types"]}
ENDINGS = ("gif", "jpeg", "jpg", "png")
CROP = ("x", "y", "width")
SAFE = (("X-Content-Type-Options", "nosniff"),)


@operation("uploadAvatar")
def upload_avatar(call: Call, world: HiTaskWorld) -> dict[str, str]:
    """Have the account shown with a picture, or a square of one."""
    upload = call.parameters["picture"]
    _check_format(upload)
    try:
        picture = images.decoded(upload.data, MOST_PIXELS)
    except images.UnreadableError:
        raise InvalidDataError("picture") from None
    square = _square(call, picture.size) or images.middle(picture)
    if min(square[2], *picture.size) < LEAST_EDGE:
        raise PictureTooSmallError(LEAST_EDGE)
    data = images.cut(picture, square)
    name = world.token("avatar", call.write.next("avatar"))
    user = _with_another(call, world, UPLOADED, name)
    call.write.put(world.pictures, Picture(user.picture_hash, user.id, data))
    return {"hash": user.picture_hash}


@operation("deleteAvatar")
def delete_avatar(call: Call, world: HiTaskWorld) -> User | None:
    """Have the account shown with its initials again."""
    name = initials_hash(world, call.user.id)
    user = _with_another(call, world, GENERATED, name)
    return user if call.parameters.get("returninfo") else None


@operation("getAvatar")
def get_avatar(call: Call, world: HiTaskWorld) -> Answer:
    """The avatar of that hash as a GIF."""
    return _avatar(call, world, "image/gif")


@operation("getAvatarPng")
def get_avatar_png(call: Call, world: HiTaskWorld) -> Answer:
    """The avatar of that hash as a PNG."""
    return _avatar(call, world, "image/png")


def initials_hash(world: HiTaskWorld, user: int) -> str:
    """The hash of the picture that is drawn for a user."""
    return world.token("picture", user)


def _avatar(call: Call, world: HiTaskWorld, kind: str) -> Answer:
    user = world.users.first("picture_hash", call.parameters["hash"])
    if user is None:
        raise NotFoundError("Avatar")
    picture = world.pictures.get(user.picture_hash)
    data = _initials(user) if picture is None else picture.data
    body = images.shown(data, call.parameters["size"], images.FORMATS[kind])
    return Answer(body=body, media_type=kind, headers=SAFE)


def _initials(user: User) -> bytes:
    letters = f"{user.first_name[:1]}{user.last_name[:1]}".upper()
    return images.drawn(letters, user.picture_hash.replace("-", ""))


def _with_another(call: Call, world: HiTaskWorld, source: int, name: str) -> User:
    """The caller with another picture; the one that they had is forgotten."""
    call.write.remove(world.pictures, call.user.picture_hash)
    user = replace(call.user, picture_source=source, picture_hash=name)
    return call.write.put(world.users, user)


def _check_format(upload: Upload) -> None:
    """Raise `WrongFormatError` if anything says that it is another kind of picture."""
    _, dot, ending = upload.name.rpartition(".")
    if dot and ending.lower() not in ENDINGS:
        raise WrongFormatError("picture (gif, jpeg, jpg or png expected)")
    if upload.media_type and plain_media_type(upload.media_type) not in FORMATS:
        raise WrongFormatError(f"picture ({', '.join(FORMATS)} expected)")
    if images.is_foreign(upload.data):
        raise WrongFormatError("picture")


def _square(call: Call, size: tuple[int, int]) -> images.Square | None:
    """The square to cut out of a picture of that size; None for none."""
    sent = [call.parameters[name] for name in CROP if name in call.parameters]
    if not sent:
        return None
    if len(sent) < len(CROP):
        raise CropError
    x, y, width = sent
    if x + width > size[0] or y + width > size[1]:
        raise CropError
    return x, y, width
