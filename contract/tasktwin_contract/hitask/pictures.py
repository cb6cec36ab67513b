"""Pictures to upload, each built once a process, and what served ones show."""

import zlib
from dataclasses import replace
from functools import cache
from io import BytesIO
from struct import pack

from PIL import Image

from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.reply import Reply
from tasktwin_contract.wire import File

Colour = tuple[int, int, int]

RED, GREEN, BLUE, WHITE = (220, 0, 0), (0, 200, 0), (0, 0, 220), (255, 255, 255)
FORMATS = {"gif": "image/gif", "jpeg": "image/jpeg", "png": "image/png"}
SIZES = (16, 20, 22, 24, 32, 40, 44, 48, 64, 80, 88, 96, 100, 128, 192, 200)
MOST_ALWAYS, MOST_EVER = 1_000_000, 1_048_576  # bytes: taken by every server, by none
SAME = 40  # how far apart two colours are that compression made of one
END_OF_PNG = 12  # bytes of its last chunk
QUARTERS = ((RED, GREEN), (BLUE, WHITE))


@cache
def picture(
    form: str = "png", size: tuple[int, int] = (48, 48), colour: Colour = RED
) -> File:
    """A picture of one colour, as it is sent."""
    return encoded(Image.new("RGB", size, colour), form)


@cache
def quartered(form: str = "png", size: tuple[int, int] = (64, 64)) -> File:
    """A picture of four colours: red and green above blue and white."""
    whole = Image.new("RGB", size)
    width, height = size[0] // 2, size[1] // 2
    for row, colours in enumerate(QUARTERS):
        for column, colour in enumerate(colours):
            whole.paste(
                Image.new("RGB", (width, height), colour), at(column, row, size)
            )
    return encoded(whole, form)


def at(column: int, row: int, size: tuple[int, int]) -> tuple[int, int]:
    """The upper left corner of a quarter of a picture of that size."""
    return column * (size[0] // 2), row * (size[1] // 2)


def encoded(image: Image.Image, form: str) -> File:
    """A picture in the format of that name, called after it."""
    written = BytesIO()
    image.save(written, form)
    return File(
        written.getvalue(), f"picture.{form}", FORMATS.get(form, f"image/{form}")
    )


@cache
def heavy(size: int) -> File:
    """A PNG of exactly so many bytes, most of them in a chunk that nobody reads."""
    light = picture()
    length = size - len(light.data) - END_OF_PNG
    chunk = b"prVt" + bytes(length)
    chunk = pack(">I", length) + chunk + pack(">I", zlib.crc32(chunk))
    data = light.data[:-END_OF_PNG] + chunk + light.data[-END_OF_PNG:]
    return replace(light, data=data)


@cache
def vast(width: int, height: int) -> File:
    """A PNG of few bytes and very many pixels."""
    return encoded(Image.new("1", (width, height)), "png")


def image(reply: Reply) -> Image.Image:
    """The picture in an answer. Raises `ClauseBrokenError` where there is none."""
    try:
        with Image.open(BytesIO(reply.body)) as found:
            found.load()
            return found
    except (OSError, SyntaxError, ValueError):
        raise ClauseBrokenError("a picture", reply.summary) from None


def shows(reply: Reply, colour: Colour) -> None:
    """Demand that a picture is of one colour all over."""
    for pixel in _colours(image(reply)):
        if not is_near(pixel, colour):
            raise ClauseBrokenError(f"nothing but {colour}", f"{pixel} among it")


def corners(reply: Reply) -> list[Colour]:
    """The colours near the corners of a picture, row by row."""
    found = image(reply)
    low, high = found.width // 8, found.width - found.width // 8 - 1
    return [_colour(found, x, y) for y in (low, high) for x in (low, high)]


def is_near(one: Colour, other: Colour) -> bool:
    """Whether two colours are the same but for what compression does to them."""
    return all(abs(a - b) <= SAME for a, b in zip(one, other, strict=True))


def _colours(found: Image.Image) -> list[Colour]:
    """Each colour that a picture has."""
    plain = found.convert("RGB")
    counted = plain.getcolors(plain.width * plain.height) or []
    return [(r, g, b) for _, (r, g, b) in counted]  # type: ignore[misc]


def _colour(found: Image.Image, x: int, y: int) -> Colour:
    return _colours(found.crop((x, y, x + 1, y + 1)))[0]
