"""For each operation a call that has to succeed; a new operation needs one entry."""

from collections.abc import Callable, Mapping
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.hitask.pictures import picture
from tasktwin_contract.target import World
from tasktwin_contract.wire import File
from tasktwin_schemas import operations
from tasktwin_schemas.document import JSON

Parameters = dict[str, Any]

OPERATIONS = operations("hitask")
EVERY = list(OPERATIONS)
JSON_ANSWERED = [name for name in EVERY if OPERATIONS[name].media_type == JSON]
BELOW_API = [name for name in EVERY if OPERATIONS[name].base]
TAKING_TEXTS = [name for name in EVERY if not OPERATIONS[name].takes_files]
SECURED = [name for name in EVERY if OPERATIONS[name].secured]

PLAIN_TEXT = File(b"Paint the fence.", "fence.txt", "text/plain")


def caller(world: World, name: str) -> Actor:
    """Who makes the call: the owner, or nobody where no session is needed."""
    return world.owner if OPERATIONS[name].secured else world.nobody


def example(world: World, name: str) -> Parameters:
    """Parameters with which the operation succeeds, prepared in `world`.

    Raises `NotJudgedError` where the preparation fails, or there is no example.
    """
    if name not in EXAMPLES:
        raise NotJudgedError(f"the suite has no example of a call of {name}")
    return EXAMPLES[name](world)


def _credentials(world: World) -> Parameters:
    owner = world.owner
    key = world.api_key
    return {"login": owner.login, "password": owner.password, "api_key": key}


def _nothing(world: World) -> Parameters:
    return {}


def _item(world: World) -> Parameters:
    return {"guid": world.owner.item()["guid"]}


def _number(world: World) -> Parameters:
    return {"id": world.owner.item()["id"]}


def _numbers(world: World) -> Parameters:
    return {"id": [world.owner.item()["id"] for _ in "ab"]}


def _comment(world: World) -> Parameters:
    item = world.owner.item()["id"]
    made = world.owner.call("addComment", id=item, message="a comment").arranged()
    return {"id": made["id"], "itemId": item}


def _upload(world: World) -> Parameters:
    return {"guid": world.guid(), "file": PLAIN_TEXT}


def _file(world: World) -> Parameters:
    made = world.owner.call("uploadFile", **_upload(world)).arranged()
    return {"id": made["id"]}


def _avatar(world: World) -> Parameters:
    account = world.owner.call("getUser").arranged()
    return {"hash": account["pictureHash"], "size": 16}


def _archived(world: World) -> Parameters:
    item = world.owner.item()
    world.owner.call("archiveItem", id=item["id"]).arranged()
    return {"id": item["id"]}


def _tagged(world: World) -> Parameters:
    return {"item_id": world.owner.item()["id"], "name": "a tag"}


def _tag(world: World) -> Parameters:
    made = world.owner.call("addTag", **_tagged(world)).arranged()
    return {"id": made["id"]}


def _group(world: World) -> Parameters:
    made = world.owner.call("createGroup", name="a group").arranged()
    return {"id": made["id"]}


def _stranger(world: World) -> Parameters:
    return {"groupId": _group(world)["id"], "id": world.member.number}


def _member(world: World) -> Parameters:
    named = _stranger(world)
    world.owner.call("addGroupMember", **named).arranged()
    return named


def _address(world: World) -> Parameters:
    return {"email": world.address()}


def _invited(world: World) -> Parameters:
    named = _address(world)
    world.owner.call("inviteMember", **named).arranged()
    return named


def _invited_number(world: World) -> Parameters:
    return {"id": _listed(world, "listTeam", _invited(world)["email"])}


def _outsider(world: World) -> Parameters:
    return {"id": world.outsider.number}


def _asked(world: World) -> Parameters:
    world.outsider.call("addContact", id=world.owner.number).arranged()
    return {"id": _listed(world, "listContacts", world.outsider.email)}


def _contact(world: World) -> Parameters:
    named = {"id": world.personal.number}  # nobody whom another example names
    world.owner.call("addContact", **named).arranged()
    return named


def _waiting(world: World) -> Parameters:
    named = _address(world)
    world.owner.call("inviteContact", **named).arranged()
    return {"id": _listed(world, "listContacts", named["email"])}


def _listed(world: World, name: str, email: str) -> int:
    """The id of who has that address in the owner's list."""
    for person in world.owner.call(name).arranged().data:
        if person["email"] == email:
            return int(person["id"])
    raise NotJudgedError(f"{name} does not have who was invited")


EXAMPLES: Mapping[str, Callable[[World], Parameters]] = {
    "authenticate": _credentials,
    "logout": _nothing,
    "getUser": _nothing,
    "updateUser": lambda world: {"firstname": "Mick"},
    "uploadAvatar": lambda world: {"picture": picture()},
    "deleteAvatar": _nothing,
    "getAvatar": _avatar,
    "getAvatarPng": _avatar,
    "uploadFile": _upload,
    "getFileUrl": _file,
    "listItems": _nothing,
    "createItem": lambda world: {"guid": world.guid(), "title": "made"},
    "updateItem": lambda world: {**_item(world), "title": "changed"},
    "updateItemById": lambda world: {**_item(world), "title": "changed"},
    "deleteItem": _item,
    "getPreferencesV6": _nothing,
    "getPreferences": _nothing,
    "setPreferences": lambda world: {"time_format": "24"},
    "listItemsSince": lambda world: {"timestamp": 0},
    "getItemsDelta": lambda world: {"delta": 0},
    "markRead": _item,
    "getHistory": _number,
    "addComment": lambda world: {**_number(world), "message": "a comment"},
    "deleteComment": _comment,
    "archiveItem": _number,
    "restoreItem": _archived,
    "restoreCopy": _archived,
    "deleteMultiple": _numbers,
    "archiveMultiple": _numbers,
    "listTags": _nothing,
    "addTag": _tagged,
    "updateTag": lambda world: {**_tag(world), "name": "another name"},
    "deleteTag": _tag,
    "listGroups": _nothing,
    "createGroup": lambda world: {"name": "a group"},
    "updateGroup": lambda world: {**_group(world), "name": "another name"},
    "deleteGroup": _group,
    "addGroupMember": _stranger,
    "addGroupMemberSlash": _stranger,
    "removeGroupMember": _member,
    "removeGroupMemberSlash": _member,
    "getBusiness": _nothing,
    "listTeam": _nothing,
    "inviteMember": _address,
    "removeMember": _invited_number,
    "resendInvitation": _invited,
    "getTeamOverview": _nothing,
    "listContacts": _nothing,
    "addContact": _outsider,
    "deleteContact": _contact,
    "searchContacts": lambda world: {"q": "example"},
    "inviteContact": _address,
    "approveContact": _asked,
    "addContactToBusiness": _waiting,
    "removeContactFromBusiness": _invited_number,
}


def filled(world: World) -> Parameters:
    """A value for every field of an item, none of them the default.

    Raises `NotJudgedError` where its parent cannot be made.
    """
    project = world.owner.item(category=0)
    return {
        "title": "A project with everything",
        "message": "Description",
        "category": 0,
        "short_name": "FULL",
        "parent": project["id"],
        "parentGuid": project["guid"],
        "color": 3,
        "color_value": "#fc2f6a",
        "completed": True,
        "starred": True,
        "priority": 21010,
        "start_date": "2018-05-05T23:59:59.999+02:00",
        "end_date": "2018-05-12T23:59:59.999-03:30",
        "due_date": "2018-05-12T23:59:59.999-03:30",
        "is_all_day": True,
        "recurring": 2,
        "recurring_interval": 3,
        "recurring_end_date": "2019-05-12T00:00:00.000+00:00",
        "recurring_by": [{"type": "BYDAY", "values": [1, 3]}],
        "time_track": True,
        "time_est": 1.5,
        "time_spent": 0.25,
        "assignee": world.owner.number,
        "participants": [world.owner.number],
        "tags": ["home", "work"],
        "location": {"longitude": 123.5, "latitude": -4.25, "address": "qwe"},
        "alerts": [{"timeType": 4, "time": 5, "sound": True}],
        "contact": '["vcard", [["version", {}, "text", "4.0"]]]',
    }
