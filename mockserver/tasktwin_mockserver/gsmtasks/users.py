"""Users: those with whom the caller works, and new ones.

Published at https://gsmtasks.com under Users.
"""

from collections.abc import Mapping
from typing import Any

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks.errors import FieldsError
from tasktwin_mockserver.gsmtasks.records import User
from tasktwin_mockserver.gsmtasks.shapes import Made
from tasktwin_mockserver.gsmtasks.sight import found, listed
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld
from tasktwin_mockserver.world import Write

TAKEN = "There is a user with this e-mail."
WRITTEN = ("first_name", "last_name", "email", "phone", "password")


@operation("listUsers")
def list_users(call: Call, world: GSMtasksWorld) -> list[User]:
    """Every user whom the caller sees."""
    return listed(call, world, world.users)


@operation("getUser")
def get_user(call: Call, world: GSMtasksWorld) -> User:
    """One user."""
    return found(call, world, world.users)


@operation("createUser")
def create_user(call: Call, world: GSMtasksWorld) -> Made:
    """Make a user, who has no password and, for now, no role anywhere."""
    sent = call.parameters
    if is_taken(world, sent["email"]):
        raise FieldsError({"email": [TAKEN]})
    return Made(new_user(world, call.write, sent, created_by=call.user.id))


def is_taken(world: GSMtasksWorld, email: str) -> bool:
    """Whether there is a user with that e-mail."""
    return world.users.first("email", email.lower()) is not None


def new_user(
    world: GSMtasksWorld,
    write: Write,
    sent: Mapping[str, Any],
    created_by: str | None = None,
) -> User:
    """Put a new user into the world, as it was sent."""
    words = {name: sent[name] for name in WRITTEN if name in sent}
    key = world.key(write.next("key"))
    stamps = world.stamps(write, User)
    user = User(**stamps, **words, token=key, created_by=created_by)
    return write.put(world.users, user)
