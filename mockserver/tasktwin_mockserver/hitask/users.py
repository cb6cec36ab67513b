"""The caller's account.

Published at https://hitask.com under User.
"""

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask.errors import EmailRegisteredError, LoginTakenError
from tasktwin_mockserver.hitask.records import User
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld

FIELDS = {
    "firstname": "first_name",
    "lastname": "last_name",
    "email": "email",
    "loginId": "login",
}


@operation("getUser")
def get_user(call: Call, world: HiTaskWorld) -> User:
    """The caller's account."""
    return call.user


@operation("updateUser")
def update_user(call: Call, world: HiTaskWorld) -> User | None:
    """Change the account; a new e-mail has yet to be confirmed."""
    changes = {
        FIELDS[name]: call.parameters[name]
        for name in FIELDS.keys() & call.parameters.keys()
    }
    user = replace(call.user, **changes)
    if _taken(world.users.where("login", user.login), user):
        raise LoginTakenError
    if _taken(world.users.where("email", user.email.lower()), user):
        raise EmailRegisteredError
    call.write.put(world.users, user)
    return user if call.parameters.get("returnInfo") else None


def _taken(users: tuple[User, ...], user: User) -> bool:
    return any(other.id != user.id for other in users)
