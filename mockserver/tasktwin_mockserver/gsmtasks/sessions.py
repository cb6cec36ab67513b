"""Signing up and in, and whose token a request carries.

Published at https://gsmtasks.com under Authentication, and Create Account.
"""

from typing import Any

from tasktwin_mockserver import api
from tasktwin_mockserver.api import Caller, operation
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.gsmtasks.errors import (
    BadRequestError,
    FieldsError,
    UnauthorizedError,
)
from tasktwin_mockserver.gsmtasks.links import address_of
from tasktwin_mockserver.gsmtasks.names import slug_of
from tasktwin_mockserver.gsmtasks.records import Account, Role, User
from tasktwin_mockserver.gsmtasks.route_optimizations import settle
from tasktwin_mockserver.gsmtasks.shapes import Registration
from tasktwin_mockserver.gsmtasks.universe import GSMtasksWorld
from tasktwin_mockserver.gsmtasks.users import TAKEN, is_taken, new_user
from tasktwin_mockserver.world import Write
from tasktwin_schemas import Operation, schema

SCHEME = "token"
DEFAULTS = {
    name: row["default"]
    for name, row in schema("gsmtasks", "register-write")["properties"]["account"][
        "properties"
    ].items()
    if "default" in row
}


def identify(
    world: GSMtasksWorld, operation: Operation, request: Request, write: Write
) -> Caller[Any]:
    """Who asks; what time has brought about in the meantime is there first."""
    settle(world)
    if operation.public:
        return Caller(None)
    user = _user(world, request)
    if user is None:
        raise UnauthorizedError
    return Caller(user)


def client(world: GSMtasksWorld, request: Request) -> str | None:
    """Who a request counts for: the user whose token it carries."""
    user = _user(world, request)
    return user.id if user else None


@operation("authenticate")
def authenticate(call: api.Call[None], world: GSMtasksWorld) -> dict[str, Any]:
    """The token of the user of that e-mail and password."""
    user = world.users.first("email", call.parameters["username"].lower())
    if user is None or user.password != call.parameters["password"]:
        raise BadRequestError("There is no user with this e-mail and this password.")
    accounts = [role.account for role in world.roles.where("user", user.id)]
    return {
        "token": user.token,
        "account": accounts[0] if accounts else None,
        "accounts": accounts,
        "user": address_of(call.address, user.noun, user.id),
    }


@operation("register")
def register(call: api.Call[None], world: GSMtasksWorld) -> Registration:
    """Make an account, and the user who manages it."""
    sent, write = call.parameters, call.write
    if is_taken(world, sent["user"]["email"]):
        raise FieldsError({"user": [TAKEN]})
    words = DEFAULTS | {
        name: sent["account"][name]
        for name in ("name", "timezone", "country_code")
        if name in sent["account"]
    }
    slug = slug_of(words["name"])
    account = Account(**world.stamps(write, Account), **words, slug=slug)
    write.put(world.accounts, account)
    user = new_user(world, write, sent["user"])
    role = world.stamps(write, Role) | {"account": account.id, "user": user.id}
    write.put(world.roles, Role(**role, is_manager=True, is_worker=False))
    return Registration(account, user)


def _user(world: GSMtasksWorld, request: Request) -> User | None:
    """The user of the token that `request` carries, if there is one."""
    scheme, _, key = (request.header("AUTHORIZATION") or "").strip().partition(" ")
    return world.users.first("token", key.strip()) if scheme.lower() == SCHEME else None
