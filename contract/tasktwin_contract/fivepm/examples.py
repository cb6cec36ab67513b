"""For each operation a call that has to succeed; a new operation needs one entry."""

from collections.abc import Callable, Mapping
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.fivepm.cast import parts
from tasktwin_contract.target import World
from tasktwin_contract.wire import File
from tasktwin_schemas import operations

Parameters = dict[str, Any]

OPERATIONS = operations("fivepm")
EVERY = list(OPERATIONS)
SECURED = [name for name in EVERY if OPERATIONS[name].secured]
ALIASES = [name for name in EVERY if OPERATIONS[name].alias_of]
XML = [name for name in EVERY if OPERATIONS[name].media_type == "application/xml"]
POSTED = [name for name in XML if OPERATIONS[name].method == "POST"]
READING = [name for name in EVERY if OPERATIONS[name].effect == "read"]

NOTE = File(b"Cups & saucers.", "note.txt", "text/plain")


def caller(world: World, name: str) -> Actor:
    """Who makes the call: the admin, or nobody where no session is needed."""
    return world.admin if OPERATIONS[name].secured else world.nobody


def example(world: World, name: str) -> Parameters:
    """Parameters with which the operation succeeds, prepared in `world`.

    Raises `NotJudgedError` where the preparation fails, or there is no example.
    """
    name = OPERATIONS[name].alias_of or name
    if name not in EXAMPLES:
        raise NotJudgedError(f"the suite has no example of a call of {name}")
    return EXAMPLES[name](world.admin)


def _nothing(admin: Actor) -> Parameters:
    return {}


def _credentials(admin: Actor) -> Parameters:
    return {"login": admin.login, "password": admin.password}


def _id(noun: str) -> Callable[[Actor], Parameters]:
    return lambda admin: {"id": prepared(admin, noun)}


def _change(noun: str, field: str, value: str) -> Callable[[Actor], Parameters]:
    def changed(admin: Actor) -> Parameters:
        return {f"{noun}[id]": prepared(admin, noun), f"{noun}[{field}]": value}

    return changed


def prepared(admin: Actor, noun: str) -> str:
    """The id of something new. Raises `NotJudgedError`."""
    fields: Parameters = {}
    if noun == "activity":
        fields["taskId"] = admin.made("task")["id"]
    if noun == "user":
        fields["email"] = admin.world.address()
    number: str = admin.made(noun, **fields)["id"]
    return number


def _activity(admin: Actor) -> Parameters:
    task = admin.made("task")["id"]
    return {"activity[taskId]": task, "activity[type]": "msg", "activity[text]": "Hi"}


def _attachment(admin: Actor) -> Parameters:
    return {"activityId": prepared(admin, "activity"), **parts(NOTE)}


def _file(admin: Actor) -> Parameters:
    return {"id": admin.attached(prepared(admin, "activity"), NOTE)[0]["id"]}


def _files_of_a_project(admin: Actor) -> Parameters:
    project = admin.made("project")["id"]
    activity = admin.made("activity", projectId=project)["id"]
    admin.attached(activity, NOTE)
    return {"filter[projectId]": project}


def _group_change(admin: Actor) -> Parameters:
    return {"group[id]": prepared(admin, "group"), "projectsgroups[name]": "Shops"}


EXAMPLES: Mapping[str, Callable[[Actor], Parameters]] = {
    "authenticationSignIn": _credentials,
    "authenticationSignOut": _nothing,
    "authenticationGetAuthorizedUser": _nothing,
    "metainfoGetStatuses": _nothing,
    "metainfoGetPriorities": _nothing,
    "projectsAdd": lambda admin: {"project[name]": "Relaunch"},
    "projectsUpdate": _change("project", "name", "Another"),
    "projectsRemove": _id("project"),
    "projectsGetById": _id("project"),
    "projectsGetAll": _nothing,
    "projectsGetList": _nothing,
    "tasksAdd": lambda admin: {"task[name]": "Photograph the cups"},
    "tasksUpdate": _change("task", "name", "Another"),
    "tasksRemove": _id("task"),
    "tasksGetById": _id("task"),
    "tasksGetList": _nothing,
    "usersAdd": lambda admin: {"user[firstName]": "Ida"},
    "usersUpdate": _change("user", "lastName", "Jansen"),
    "usersRemove": _id("user"),
    "usersGetById": lambda admin: {"id": admin.id},
    "usersGetByEmail": lambda admin: {"email": admin.email},
    "usersGetAll": _nothing,
    "activityAdd": _activity,
    "activityUpdate": _change("activity", "text", "Another"),
    "activityRemove": _id("activity"),
    "activityGetById": _id("activity"),
    "activityGetList": _nothing,
    "activityAttachFiles": _attachment,
    "activityGetFilesList": _files_of_a_project,
    "activityRemoveFile": _file,
    "activityDownloadFile": _file,
    "projectsgroupsAdd": lambda admin: {"group[name]": "Shops"},
    "projectsgroupsUpdate": _group_change,
    "projectsgroupsRemove": _id("group"),
    "projectsgroupsGetById": _id("group"),
    "projectsgroupsGetAll": _nothing,
}
