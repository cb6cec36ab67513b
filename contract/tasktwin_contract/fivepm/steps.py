"""What tests of 5pm do again and again."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.fivepm.cast import entries
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import World
from tasktwin_contract.wire import File
from tasktwin_schemas import schema

NO_ID = 2**62
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
NOUNS = ("project", "task", "activity", "group", "user")
"""What can be added, changed and removed."""

FIELDS: Mapping[str, Mapping[str, Any]] = {
    noun: {
        name.partition("[")[2].rstrip("]"): rule
        for name, rule in schema("fivepm", f"{noun}-write")["properties"].items()
    }
    for noun in NOUNS
}
"""The rules of what can be written, by noun and attribute."""

NAMED = ("project", "task", "group")
"""What needs a name."""


def least(actor: Actor, noun: str, **fields: Any) -> dict[str, Any]:
    """`fields`, and what adding such a thing cannot do without.

    Raises `NotJudgedError` where that cannot be made.
    """
    if noun != "activity":
        name = "firstName" if noun == "user" else "name"
        return {name: "a name", **fields}
    if not {"taskId", "projectId"} & fields.keys():
        fields["taskId"] = actor.made("task")["id"]
    return {"type": "msg", **fields}


def new(actor: Actor, noun: str, /, **fields: Any) -> Object:
    """Something of that kind, to work on. Raises `NotJudgedError`."""
    made: Object = actor.made(noun, **least(actor, noun, **fields))
    return made


def added(actor: Actor, noun: str, /, **fields: Any) -> Object:
    """What add makes of `fields`, as it is answered by its id."""
    reply = actor.add(noun, **least(actor, noun, **fields)).expect(200)
    shown: Object = actor.shown(noun, reply["id"])
    return shown


def changed(actor: Actor, noun: str, number: object, /, **fields: Any) -> Object:
    """What update makes of something, as it is answered by its id."""
    actor.change(noun, number, **fields).expect(200)
    shown: Object = actor.shown(noun, number)
    return shown


def both_ways(actor: Actor, noun: str, /, **fields: Any) -> tuple[Object, Object]:
    """What was added with `fields`, and what was changed to have them."""
    return (
        added(actor, noun, **fields),
        changed(actor, noun, new(actor, noun)["id"], **fields),
    )


def refused_both_ways(
    actor: Actor, noun: str, refusal: int | None, /, **fields: Any
) -> None:
    """Demand that neither add nor update takes `fields`."""
    actor.add(noun, **least(actor, noun, **fields)).refused(refusal)
    actor.change(noun, new(actor, noun)["id"], **fields).refused(refusal)


def filled(world: World, noun: str) -> dict[str, Any]:
    """A value for every attribute, none of them the default, as it is answered.

    Raises `NotJudgedError` where what it names cannot be made.
    """
    return FILLED[noun](world)


def _common(world: World) -> dict[str, Any]:
    return {
        "name": "With everything",
        "description": "All of it.\nTwo lines.",
        "tags": "web,shop",
        "ownerId": world.user.number,
        "groupId": int(world.admin.made("group")["id"]),
        "startDate": "2026-03-09 08:00:00",
        "endDate": "2026-03-20 23:59:59",
        "priority": 3,
        "status": 20,
        "notifyProjectTeam": True,
        "notifyClient": True,
        "hidden": True,
        "flag": 2,
        "team": sorted((world.user.number, world.client.number)),
        "notifyUsers": [world.external.number],
    }


def _task(world: World) -> dict[str, Any]:
    project = world.admin.made("project")["id"]
    parent = world.admin.made("task", projectId=project)["id"]
    return {
        **_common(world),
        "projectId": int(project),
        "parentId": int(parent),
        "progress": 35,
        "notifyTaskTeam": True,
        "estimatedTime": 7.25,
    }


def _user(world: World) -> dict[str, Any]:
    return {
        "title": "Dr.",
        "email": world.address(),
        "firstName": "Ida",
        "lastName": "Jansen",
        "address": "1 Quay\nHarbour",
        "workPhone": "555-0100",
        "cellPhone": "555-0101",
        "company": "Saucer Ltd",
        "securityLevel": "150",
        "comment": "Likes cups.",
        "canViewProfiles": False,
        "avatar": "cup.png",
        "password": world.guid(),
    }


def _activity(world: World) -> dict[str, Any]:
    project = world.admin.made("project")["id"]
    return {
        "projectId": int(project),
        "taskId": int(world.admin.made("task", projectId=project)["id"]),
        "type": "msg",
        "text": "Half of them.",
        "progress": 40,
        "hoursDone": 2.5,
        "notifyProjectTeam": True,
        "notifyTaskTeam": True,
        "notifyClient": True,
        "notifyUsers": [world.user.number],
        "hideFromClients": True,
        "date": "2026-03-10 16:00:00",
    }


FILLED: Mapping[str, Callable[[World], dict[str, Any]]] = {
    "project": _common,
    "task": _task,
    "user": _user,
    "activity": _activity,
    "group": lambda world: {"name": "Shops"},
}

WHOLE = {
    "project": ("loadTeam",),
    "task": ("loadTeam",),
    "activity": ("withFiles", "withNames"),
    "group": (),
    "user": (),
    "file": (),
}
"""What a list has to be asked for to hold all of its objects."""


def everything(world: World) -> dict[str, Any]:
    """All that the admin is shown. Raises `NotJudgedError` where lists are refused."""
    admin = world.admin.using(form="json")
    return {
        noun: entries(admin.page(noun, **dict.fromkeys(words, True)).arranged())
        for noun, words in WHOLE.items()
    }


def posted(actor: Actor, /, **fields: Any) -> Object:
    """A message on a new task. Raises `NotJudgedError`."""
    return new(actor, "activity", **fields)


def a_file(data: bytes = b"Cups.", name: str = "cups.txt") -> File:
    """A file to attach."""
    return File(data, name, "text/plain")


def download(actor: Actor, number: object) -> Reply:
    """Call downloadFile."""
    return actor.call("activityDownloadFile", id=str(number))


def only(shown: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """What is shown of the attributes that were sent.

    A moment may have a T between date and time, which is for another clause to judge.
    """
    return {name: plain(shown[name]) for name in sent if name != "password"}


def plain(value: Any) -> Any:
    """A moment without a T, and anything else as it is."""
    is_moment = isinstance(value, str) and MOMENT.fullmatch(value)
    return value.replace("T", " ") if is_moment else value


def newcomer(world: World, level: int = 100, /, **fields: Any) -> Actor:
    """Somebody new with that level, signed in. Raises `NotJudgedError`."""
    password, email = world.guid(), world.address()
    sent = {"email": email, "password": password, "securityLevel": str(level)}
    made = world.admin.made("user", **sent, **fields)
    known = {"id": made["id"], "login": email, "email": email}
    facts = {**known, "password": password}
    return replace(world.nobody, facts=facts).signed_in()


def lasting(actor: Actor) -> Actor:
    """The same person without a session, which would end as the clock is turned."""
    return actor.using(session_by="password")
