"""Avatars as tests upload them and look at them."""

from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.hitask.pictures import picture
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.wire import File

UPLOADED, GENERATED = 100, 2
AVATARS = {"gif": "getAvatar", "png": "getAvatarPng"}


def account(actor: Actor) -> Object:
    """What getUser answers to `actor`. Raises `NotJudgedError`."""
    return Object(actor.call("getUser").arranged().data)


def upload(actor: Actor, sent: File | None = None, **crop: Any) -> Reply:
    """Call uploadAvatar with a picture, or a plain one."""
    return actor.call("uploadAvatar", picture=sent or picture(), **crop)


def uploaded(actor: Actor, sent: File | None = None, **crop: Any) -> str:
    """The hash of a picture that `actor` has from now on."""
    upload(actor, sent, **crop).arranged()
    return str(account(actor)["pictureHash"])


def avatar(actor: Actor, name: str, size: object = 64, form: str = "gif") -> Reply:
    """Ask for the picture of that hash, as anybody can."""
    call = actor.world.nobody.call
    return call(AVATARS[form], hash=name, size=size)
