"""What operations return, and how it is answered."""

from dataclasses import dataclass
from http import HTTPStatus

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.gsmtasks.records import Account, Record, User
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld
from tasktwin_mockserver.gsmtasks.views import Data, View
from tasktwin_schemas import schema

REGISTERED = schema("gsmtasks", "registration")["properties"]


@dataclass(frozen=True, slots=True)
class Made:
    """A record that was made just now."""

    record: Record


@dataclass(frozen=True, slots=True)
class Registration:
    """An account that was made just now, and the user who made it."""

    account: Account
    user: User


def shape(call: Call, world: GSMtasksWorld, result: object) -> Answer:
    """Render what an operation returned."""
    view = View(call, world)
    match result:
        case Answer():
            return result
        case Made(record):
            return _created(view(record))
        case Registration(account, user):
            return _registered(view, account, user)
        case Record():
            return Answer(view(result))
        case list():
            return Answer([view(record) for record in result])
    return Answer(result)


def _created(data: Data, where: str | None = None) -> Answer:
    headers = (("Location", where or data["url"]),)
    return Answer(data, status=HTTPStatus.CREATED, headers=headers)


def _registered(view: View, account: Account, user: User) -> Answer:
    """The account and its user in short, and the user's token."""
    whole = {"account": view(account), "user": view(user)}
    short = {
        name: {field: data[field] for field in REGISTERED[name]["properties"]}
        for name, data in whole.items()
    }
    return _created({**short, "token": user.token}, whole["account"]["url"])
