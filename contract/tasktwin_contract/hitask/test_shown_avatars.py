"""Avatars as they are served, whoever's they are, and when they are taken away."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, resting_on
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.avatars import (
    AVATARS,
    GENERATED,
    account,
    avatar,
    upload,
    uploaded,
)
from tasktwin_contract.hitask.pictures import (
    BLUE,
    GREEN,
    RED,
    SIZES,
    image,
    picture,
    shows,
)
from tasktwin_contract.hitask.values import LATIN, any_case
from tasktwin_contract.target import Target

OTHER_SIZES = (0, 1, 15, 17, 36, 199, 201, 256, 1000, 10**30, -16, "x", "16.0", "016 ")
PEOPLE = ("owner", "administrator", "member", "outsider", "personal")
PICTURE = ("pictureHash", "pictureSource")


@clause("HT-AVATAR-21")
def test_the_sizes(target: Target) -> None:
    """An avatar is a GIF in each of the 16 sizes, a square of that many pixels."""
    with target.world() as world:
        name = uploaded(world.owner, picture(size=(100, 40)))
        for size in SIZES:
            reply = avatar(world.owner, name, size, "gif").expect(200)
            found = image(reply)
            assert (found.format, found.size) == ("GIF", (size, size))
            shows(reply, RED)


@clause("HT-AVATAR-21")
def test_the_sizes_of_small_pictures(target: Target) -> None:
    """A picture that is smaller than a size is served in it as well."""
    with target.world() as world:
        name = uploaded(world.owner, picture(size=(16, 16)))
        assert image(avatar(world.owner, name, 200, "gif")).size == (200, 200)


@clause("HT-AVATAR-22")
def test_the_sizes_as_png(target: Target) -> None:
    """An avatar is served as a PNG in the same sizes."""
    with target.world() as world:
        name = uploaded(world.owner, picture("jpeg", colour=BLUE))
        for size in SIZES:
            reply = avatar(world.owner, name, size, "png").expect(200)
            found = image(reply)
            assert (found.format, found.size) == ("PNG", (size, size))
            shows(reply, BLUE)


@clause("HT-AVATAR-23")
@pytest.mark.parametrize("form", AVATARS)
@pytest.mark.parametrize("size", OTHER_SIZES)
def test_other_sizes(target: Target, size: Any, form: str) -> None:
    """An avatar of any other size is refused with 404 and code 1."""
    with target.world() as world:
        name = account(world.owner)["pictureHash"]
        avatar(world.owner, name, size, form).refused(404, 1)


@clause("HT-AVATAR-24")
@given(name=st.text(LATIN + "-._ é", min_size=1, max_size=40).filter(str.strip))
def test_hashes_of_nobody(target: Target, name: str) -> None:
    """A hash that is no account's is refused with 404 and code 1."""
    with target.world() as world:
        for form in AVATARS:
            avatar(world.owner, name, form=form).refused(404, 1)
            avatar(world.owner, world.guid(), form=form).refused(404, 1)


@clause("HT-AVATAR-24")
def test_hashes_that_have_been(target: Target) -> None:
    """A hash that is no longer an account's is refused with 404 and code 1."""
    with target.world() as world:
        first, second = uploaded(world.owner), uploaded(world.owner)
        avatar(world.owner, first).refused(404, 1)
        world.owner.call("deleteAvatar").arranged()
        avatar(world.owner, second).refused(404, 1)


@clause("HT-AVATAR-25")
@pytest.mark.parametrize("form", AVATARS)
def test_no_session_is_needed(target: Target, form: str) -> None:
    """An avatar is served without a session, and without an API key."""
    with target.world() as world:
        named = {"hash": uploaded(world.owner), "size": 32}
        unknown = (("x-hi-session", world.guid()),)
        for headers in ((), unknown):
            raw.send(world.nobody, AVATARS[form], named, headers=headers).expect(200)


@clause("HT-AVATAR-32")
@pytest.mark.parametrize("form", AVATARS)
def test_avatars_are_what_they_say(target: Target, form: str) -> None:
    """An avatar is served with nosniff."""
    with target.world() as world:
        named = {"hash": uploaded(world.owner), "size": 32}
        headers = world.nobody.call(AVATARS[form], **named).expect(200).headers
        assert headers.get("x-content-type-options") == "nosniff"


@clause("HT-AVATAR-26")
def test_avatars_that_nobody_uploaded(target: Target) -> None:
    """An avatar that nobody uploaded is served, and each account has its own."""
    with target.world() as world:
        actors = [getattr(world, who) for who in PEOPLE]
        names = [account(actor)["pictureHash"] for actor in actors]
        served = [avatar(world.owner, name, 48).expect(200) for name in names]
        assert {image(reply).size for reply in served} == {(48, 48)}
        assert len({reply.body for reply in served}) == len(PEOPLE)


@clause("HT-AVATAR-26")
def test_the_avatar_after_a_deletion(target: Target) -> None:
    """After deleteAvatar there is an avatar, and not the one that was deleted."""
    with target.world() as world:
        old = avatar(world.owner, uploaded(world.owner)).arranged()
        world.owner.call("deleteAvatar").arranged()
        name = account(world.owner)["pictureHash"]
        assert avatar(world.owner, name).expect(200).body != old.body


@clause("HT-AVATAR-27")
def test_nobody_elses_picture(target: Target) -> None:
    """Uploading and deleting changes nothing else, and nobody else's account."""
    with target.world() as world:
        others = [world.member, world.outsider, world.personal]
        name = uploaded(world.member, picture(colour=GREEN))
        before, theirs = account(world.owner), [account(one) for one in others]
        upload(world.owner).expect(200)
        changed = account(world.owner)
        assert {**changed, **{key: before[key] for key in PICTURE}} == before
        world.owner.call("deleteAvatar").expect(200)
        changed = account(world.owner)
        assert {**changed, **{key: before[key] for key in PICTURE}} == before
        assert [account(one) for one in others] == theirs
        shows(avatar(world.member, name).expect(200), GREEN)


@clause("HT-AVATAR-17")
@pytest.mark.parametrize("sent", [True, "true", "1"])
def test_deleting_answers_the_account(target: Target, sent: Any) -> None:
    """deleteAvatar with returninfo=true answers the account as it is then."""
    with target.world() as world:
        upload(world.owner).arranged()
        with resting_on("HT-PARAM-09" if sent == "1" else None):
            reply = world.owner.call("deleteAvatar", returninfo=sent).expect(200)
            assert reply.data == account(world.owner)


@clause("HT-AVATAR-18")
@given(name=any_case("returninfo"))
def test_returninfo_in_any_letter_case(target: Target, name: str) -> None:
    """returninfo is understood in any letter case."""
    with target.world() as world:
        reply = world.owner.call("deleteAvatar", **{name: True})
        assert reply.expect(200)["login"] == world.owner.login


@clause("HT-AVATAR-19")
@pytest.mark.parametrize("more", [{}, {"returninfo": False}, {"returninfo": "0"}])
def test_what_deleting_answers(target: Target, more: dict[str, Any]) -> None:
    """Without returninfo deleteAvatar answers an object whose response_status is 0."""
    with target.world() as world:
        upload(world.owner).arranged()
        reply = world.owner.call("deleteAvatar", **more).expect(200)
        assert reply.data == {"response_status": 0}


@clause("HT-AVATAR-20")
def test_the_account_after_a_deletion(target: Target) -> None:
    """After deleteAvatar source and hash are those of the picture before any."""
    with target.world() as world:
        before = account(world.owner)
        assert before["pictureSource"] == GENERATED
        uploaded(world.owner)
        uploaded(world.owner)
        world.owner.call("deleteAvatar").expect(200)
        assert account(world.owner) == before


@clause("HT-AVATAR-30")
def test_nothing_to_delete(target: Target) -> None:
    """deleteAvatar without an uploaded avatar succeeds, and changes nothing."""
    with target.world() as world:
        before = account(world.owner)
        world.owner.call("deleteAvatar").expect(200)
        assert account(world.owner) == before
