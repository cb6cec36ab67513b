"""Pictures as bytes: taken in, cut out, drawn, and shown in any size.

Pillow is loaded with the first of them, for who asks for none need not wait for it.
"""

from functools import lru_cache
from io import BytesIO
from struct import error as StructError  # noqa: N812 (it is a class)
from typing import TYPE_CHECKING
from zlib import error as ZlibError  # noqa: N812 (likewise)

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = {"image/gif": "GIF", "image/jpeg": "JPEG", "image/png": "PNG"}
# What other pictures begin with: BMP, TIFF, icons, Photoshop's, JPEG 2000's.
FOREIGN = (b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0", b"8BPS", b"\0\0\0\x0cjP", b"<svg")
RIFF, WEBP = b"RIFF", b"WEBP"
LARGEST = 200  # more pixels than that nobody is shown
# Whatever Pillow raises for what is broken, warnings that are turned to errors too.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    EOFError,
    RuntimeError,
    MemoryError,
    StructError,
    ZlibError,
    Warning,
)
Square = tuple[int, int, int]
"""Left edge, upper edge and width, in pixels."""


class UnreadableError(ValueError):
    """The bytes are no picture that can be decoded."""


def is_foreign(data: bytes) -> bool:
    """Whether the bytes begin as a picture of another format does."""
    return data.startswith(FOREIGN) or (data[:4], data[8:12]) == (RIFF, WEBP)


def decoded(data: bytes, most_pixels: int) -> "Image":
    """The picture, its first frame. Raises `UnreadableError`.

    One of more than `most_pixels` pixels is never unpacked: few bytes may stand for
    more of them than memory holds.
    """
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=[*FORMATS.values()]) as picture:
            if picture.width * picture.height > most_pixels:
                raise UnreadableError
            return picture.convert("RGBA")
    except (*BROKEN, Image.DecompressionBombError):
        raise UnreadableError from None


def middle(picture: "Image") -> Square:
    """The largest square in the middle of a picture."""
    width = min(picture.size)
    return (picture.width - width) // 2, (picture.height - width) // 2, width


def cut(picture: "Image", square: Square) -> bytes:
    """A square of a picture as a PNG, no larger than it is ever shown."""
    x, y, width = square
    part = picture.crop((x, y, x + width, y + width))
    part.thumbnail((LARGEST, LARGEST))
    return _encoded(part, "PNG")


@lru_cache(maxsize=256)
def shown(data: bytes, size: int, name: str) -> bytes:
    """The PNG `data` in that size, in pixels, and the format of that name."""
    from PIL import Image

    with Image.open(BytesIO(data), formats=["PNG"]) as picture:
        return _encoded(picture.resize((size, size)), name)


@lru_cache(maxsize=64)
def drawn(initials: str, seed: str) -> bytes:
    """A PNG with initials on a background whose colour follows from `seed`."""
    from PIL import Image, ImageDraw, ImageFont

    red, green, blue = (64 + byte // 2 for byte in bytes.fromhex(seed)[:3])
    picture = Image.new("RGBA", (LARGEST, LARGEST), (red, green, blue, 255))
    font = ImageFont.load_default(LARGEST // 2)
    middle_of_it = (LARGEST // 2, LARGEST // 2)
    pen = ImageDraw.Draw(picture)
    pen.text(middle_of_it, initials, fill="white", font=font, anchor="mm")
    return _encoded(picture, "PNG")


def _encoded(picture: "Image", name: str) -> bytes:
    written = BytesIO()
    picture.save(written, name)
    return written.getvalue()
