"""Avatars: which pictures are taken, and what is cut out of them."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tasktwin_contract.clauses import clause, resting_on
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.avatars import (
    UPLOADED,
    account,
    avatar,
    upload,
    uploaded,
)
from tasktwin_contract.hitask.pictures import (
    BLUE,
    FORMATS,
    GREEN,
    MOST_ALWAYS,
    MOST_EVER,
    QUARTERS,
    RED,
    at,
    corners,
    encoded,
    heavy,
    is_near,
    picture,
    quartered,
    shows,
    vast,
)
from tasktwin_contract.hitask.test_sessions import sign_in
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target
from tasktwin_contract.wire import File

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SIDE = 64
CROP: dict[str, int] = {"x": 8, "y": 16, "width": 32}
BLANK = Image.new("RGB", (48, 48))
FOREIGN = {
    "the name": replace(picture(), name="picture.bmp"),
    "a name of no picture": replace(picture(), name="picture.exe"),
    "the media type": replace(picture(), media_type="image/webp"),
    "a media type of no picture": replace(picture(), media_type="text/html"),
    "a BMP called PNG": replace(encoded(BLANK, "bmp"), name="a.png", media_type=""),
    "a TIFF called JPEG": replace(encoded(BLANK, "tiff"), name="a.jpg", media_type=""),
    "a WebP called GIF": replace(encoded(BLANK, "webp"), name="a.gif", media_type=""),
}
BROKEN = {
    **{
        f"half a {form}": replace(quartered(form), data=quartered(form).data[:-60])
        for form in FORMATS
    },
    "the start of a PNG": replace(picture(), data=picture().data[:8]),
    "a PNG's head alone": replace(picture(), data=picture().data[:33]),
    "nothing": replace(picture(), data=b""),
    "text": replace(picture(), data=b"No picture at all."),
    "zeros": replace(picture("gif"), data=bytes(200)),
}
OUTSIDE = {
    "right of it": {"x": 33, "y": 0, "width": 32},
    "below it": {"x": 0, "y": 33, "width": 32},
    "too wide": {"x": 0, "y": 0, "width": 65},
    "far away": {"x": 10**9, "y": 10**9, "width": 32},
    "not x": {"y": 16, "width": 32},
    "not y": {"x": 8, "width": 32},
    "not width": {"x": 8, "y": 16},
    "only x": {"x": 0},
}


@clause("HT-AVATAR-01")
@pytest.mark.parametrize("crop", [{}, CROP])
def test_what_an_upload_answers(target: Target, crop: dict[str, int]) -> None:
    """uploadAvatar answers an object whose hash is a UUID."""
    with target.world() as world:
        reply = upload(world.owner, quartered(), **crop).expect(200)
        assert UUID.fullmatch(str(reply["hash"]))


@clause("HT-AVATAR-02")
@pytest.mark.parametrize("who", ["owner", "member", "personal"])
def test_the_accounts_hash(target: Target, who: str) -> None:
    """After an upload the account's pictureHash is the hash that was answered."""
    with target.world() as world:
        actor = getattr(world, who)
        for form in ("png", "gif"):
            reply = upload(actor, picture(form)).expect(200)
            assert account(actor)["pictureHash"] == reply["hash"]


@clause("HT-AVATAR-03")
def test_the_accounts_source(target: Target) -> None:
    """After an upload the account's pictureSource is 100."""
    with target.world() as world:
        upload(world.owner).expect(200)
        assert account(world.owner)["pictureSource"] == UPLOADED


@clause("HT-AVATAR-04")
@pytest.mark.parametrize("ending", [*FORMATS, "jpg"])
def test_the_formats(target: Target, ending: str) -> None:
    """A GIF, JPEG or PNG is accepted, and shown."""
    sent = picture("jpeg" if ending == "jpg" else ending, colour=BLUE)
    with target.world() as world:
        upload(world.owner, replace(sent, name=f"me.{ending}")).expect(200)
        name = account(world.owner)["pictureHash"]
        shows(avatar(world.owner, name).expect(200), BLUE)


@clause("HT-AVATAR-04")
def test_the_size_that_is_always_taken(target: Target) -> None:
    """A picture of 1,000,000 bytes is accepted."""
    with target.world() as world:
        upload(world.owner, heavy(MOST_ALWAYS)).expect(200)


@clause("HT-AVATAR-05")
def test_a_size_that_is_never_taken(target: Target) -> None:
    """A picture of more than 1,048,576 bytes is refused with 400 and code 25."""
    with target.world() as world:
        upload(world.owner, heavy(MOST_EVER + 1)).refused(400, 25)


@clause("HT-AVATAR-06")
@pytest.mark.parametrize("why", [*FOREIGN, *BROKEN])
def test_what_is_no_picture(target: Target, why: str) -> None:
    """What is no GIF, JPEG or PNG is refused with 400 and code 5, 6 or 32."""
    told = "HT-AVATAR-07" if why in FOREIGN and "called" not in why else None
    with target.world() as world, resting_on(told):
        reply = upload(world.owner, {**FOREIGN, **BROKEN}[why]).refused(400)
        assert reply.code in (5, 6, 32)


@clause("HT-AVATAR-07")
@pytest.mark.parametrize("what", table(FOREIGN, "the media type"))
def test_other_formats(target: Target, what: str) -> None:
    """Another format by name, media type or content is refused with 400 and code 5."""
    with target.world() as world:
        upload(world.owner, FOREIGN[what]).refused(400, 5)


@clause("HT-AVATAR-08")
@pytest.mark.parametrize("what", BROKEN)
def test_broken_pictures(target: Target, what: str) -> None:
    """What cannot be decoded, or is no picture at all, is refused with 400 and 6."""
    with target.world() as world:
        upload(world.owner, BROKEN[what]).refused(400, 6)


@clause("HT-AVATAR-08")
@given(form=st.sampled_from([*FORMATS]), data=st.binary(max_size=60))
def test_what_only_begins_as_a_picture(target: Target, form: str, data: bytes) -> None:
    """Whatever follows the first bytes of a picture, if it is none it is 400 and 6."""
    with target.world() as world:
        start = picture(form).data[:12]
        upload(world.owner, replace(picture(form), data=start + data)).refused(400, 6)


@clause("HT-AVATAR-09")
@pytest.mark.parametrize("crop", table(OUTSIDE, "below it", "not width"))
def test_no_square_of_the_picture(target: Target, crop: str) -> None:
    """A crop that is incomplete, or not wholly inside, is refused with 400 and 34."""
    with target.world() as world:
        upload(world.owner, quartered(), **OUTSIDE[crop]).refused(400, 34)


@clause("HT-AVATAR-10")
@pytest.mark.parametrize("name", CROP)
@pytest.mark.parametrize("value", ["left", "1.5", -1, "", "9" * 30])
def test_crops_that_are_no_numbers(target: Target, name: str, value: Any) -> None:
    """Crop parameters that are no whole numbers, or negative, are 400 and 34."""
    with target.world() as world:
        upload(world.owner, quartered(), **{**CROP, name: value}).refused(400, 34)


@clause("HT-AVATAR-10")
def test_a_crop_of_no_width(target: Target) -> None:
    """Crop parameters of no width are refused with 400 and code 34."""
    with target.world() as world:
        upload(world.owner, quartered(), x=0, y=0, width=0).refused(400, 34)


@clause("HT-AVATAR-11")
@pytest.mark.parametrize("place", raw.PLACES)
def test_no_picture(target: Target, place: str) -> None:
    """An upload without a picture, or with a text for one, is 400 and code 32."""
    with target.world() as world:
        owner = world.owner.using(via=place)
        owner.call("uploadAvatar", **CROP).refused(400, 32)
        owner.call("uploadAvatar", picture="a text").refused(400, 32)
        owner.call("uploadAvatar", photo=picture()).refused(400, 32)


@clause("HT-AVATAR-12")
@pytest.mark.parametrize("size", [(15, 48), (48, 15), (15, 15), (1, 1)])
def test_short_edges(target: Target, size: tuple[int, int]) -> None:
    """A picture with an edge of less than 16 pixels is refused with 400 and 88."""
    with target.world() as world:
        upload(world.owner, picture(size=size)).refused(400, 88)


@clause("HT-AVATAR-12")
def test_short_edges_of_parts(target: Target) -> None:
    """A part with edges of less than 16 pixels is 400 and 88, one of 16 is taken."""
    with target.world() as world:
        upload(world.owner, picture(), x=0, y=0, width=15).refused(400, 88)
        upload(world.owner, picture(), x=32, y=32, width=16).expect(200)
        upload(world.owner, picture(size=(16, 16))).expect(200)


@clause("HT-AVATAR-13")
@given(
    form=st.sampled_from([*FORMATS]),
    column=st.sampled_from([0, 1]),
    row=st.sampled_from([0, 1]),
    data=st.data(),
)
def test_the_square_that_is_shown(
    target: Target, form: str, column: int, row: int, data: st.DataObject
) -> None:
    """With x, y and width the avatar is that square of the picture."""
    width = data.draw(st.sampled_from([16, 20, 24, 32]))
    left, top = at(column, row, (SIDE, SIDE))
    shift = SIDE // 2 - width
    crop = {
        "x": left + data.draw(st.integers(0, shift)),
        "y": top + data.draw(st.integers(0, shift)),
        "width": width,
    }
    with target.world() as world:
        name = uploaded(world.owner, quartered(form), **crop)
        found = corners(avatar(world.owner, name).expect(200))
        assert all(is_near(one, QUARTERS[row][column]) for one in found), found


@clause("HT-AVATAR-13")
def test_a_square_across_the_middle(target: Target) -> None:
    """The square that is shown is as wide as asked for, and no wider."""
    with target.world() as world:
        name = uploaded(world.owner, quartered(), x=16, y=0, width=32)
        found = corners(avatar(world.owner, name).expect(200))
        wanted = [RED, GREEN, RED, GREEN]
        assert all(map(is_near, found, wanted)), found


@clause("HT-AVATAR-14")
@pytest.mark.parametrize("size", [(64, 64), (128, 64), (64, 128)])
def test_the_middle_is_shown(target: Target, size: tuple[int, int]) -> None:
    """Without crop parameters the avatar is the largest square in the middle."""
    with target.world() as world:
        name = uploaded(world.owner, quartered(size=size))
        found = corners(avatar(world.owner, name).expect(200))
        wanted = [colour for row in QUARTERS for colour in row]
        assert all(map(is_near, found, wanted)), found


@clause("HT-AVATAR-14")
def test_the_edges_are_not_shown(target: Target) -> None:
    """What is beside the square in the middle is not shown."""
    wide = Image.new("RGB", (96, 32), GREEN)
    wide.paste(Image.new("RGB", (32, 32), RED), (32, 0))
    with target.world() as world:
        name = uploaded(world.owner, encoded(wide, "png"))
        shows(avatar(world.owner, name, 32).expect(200), RED)


@clause("HT-AVATAR-15")
def test_very_many_pixels(target: Target) -> None:
    """A picture of more than 16,777,216 pixels is refused with 400 and code 6."""
    with target.world() as world:
        upload(world.owner, vast(4097, 4097)).refused(400, 6)
        upload(world.owner, vast(4096, 4096)).expect(200)


@clause("HT-AVATAR-16")
@pytest.mark.parametrize(
    ("sent", "crop"),
    [
        (BROKEN["half a png"], {}),
        (FOREIGN["the name"], {}),
        (quartered(), OUTSIDE["too wide"]),
        (picture(size=(15, 15)), {}),
    ],
    ids=["broken", "foreign", "outside", "small"],
)
def test_a_refused_upload(target: Target, sent: File, crop: dict[str, int]) -> None:
    """A refused upload leaves the account and its avatar as they were."""
    with target.world() as world:
        name = uploaded(world.owner, picture(colour=GREEN))
        before = account(world.owner)
        upload(world.owner, sent, **crop).refused()
        assert account(world.owner) == before
        shows(avatar(world.owner, name).expect(200), GREEN)


@clause("HT-AVATAR-28")
def test_the_hash_at_sign_in(target: Target) -> None:
    """Signing in answers the present pictureHash as picture_hash."""
    with target.world() as world:
        name = uploaded(world.owner)
        assert sign_in(world).expect(200)["picture_hash"] == name
        world.owner.call("deleteAvatar").arranged()
        now = account(world.owner)["pictureHash"]
        assert sign_in(world).expect(200)["picture_hash"] == now


@clause("HT-AVATAR-29")
def test_hashes_are_new(target: Target) -> None:
    """Each upload has a hash of its own, also of the same picture."""
    with target.world() as world:
        names = [uploaded(one) for one in (world.owner, world.owner, world.member)]
        assert len({*names}) == len(names)


@clause("HT-AVATAR-31")
@pytest.mark.parametrize("form", FORMATS)
def test_what_says_little_of_itself(target: Target, form: str) -> None:
    """Without an ending, or without a media type, a picture goes by what it holds."""
    sent = picture(form)
    with target.world() as world:
        upload(world.owner, replace(sent, name="blob")).expect(200)
        upload(world.owner, replace(sent, media_type="")).expect(200)
        upload(world.owner, replace(sent, name="A.B.C.PNG")).expect(200)
        named = "IMAGE/PNG; charset=none"
        upload(world.owner, replace(sent, media_type=named)).expect(200)
