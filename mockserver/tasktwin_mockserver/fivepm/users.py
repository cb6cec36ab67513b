"""Users, whom those of level 0 manage.

Published at http://www.5pmweb.com under User object and the operations below it.
"""

from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.fivepm import lookup
from tasktwin_mockserver.fivepm.access import require_level, sees_profile
from tasktwin_mockserver.fivepm.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
)
from tasktwin_mockserver.fivepm.fields import sent
from tasktwin_mockserver.fivepm.records import ADMIN, User
from tasktwin_mockserver.fivepm.shapes import Listing
from tasktwin_mockserver.fivepm.universe import Call, FivePmWorld
from tasktwin_mockserver.tables import AnyTable


@operation("usersAdd")
def users_add(call: Call, world: FivePmWorld) -> User:
    """Make a user."""
    require_level(call.user)
    made = User(id=call.write.next("user"), **sent(call, world, "user", User))
    _check(world, made)
    return call.write.put(world.users, made)


@operation("usersUpdate")
def users_update(call: Call, world: FivePmWorld) -> User:
    """Change what is sent of a user."""
    require_level(call.user)
    user = lookup.found(call, world, world.users, call.parameters["user[id]"])
    changed = replace(user, **sent(call, world, "user", User))
    _check(world, changed)
    if changed.security_level != ADMIN:
        _keep_one_admin(world, user)
    return call.write.put(world.users, changed)


@operation("usersRemove")
def users_remove(call: Call, world: FivePmWorld) -> None:
    """Remove a user, who keeps what is theirs, and is no longer on any team."""
    require_level(call.user)
    user = lookup.found(call, world, world.users, call.parameters["id"])
    _keep_one_admin(world, user)
    tables: tuple[AnyTable, ...] = (world.projects, world.tasks, world.activities)
    for table in tables:
        for record in table.where("people", user.id):
            call.write.put(table, replace(record, **_without(record, user.id)))
    sessions = world.sessions.where("user", user.id)
    call.write.remove(world.sessions, *(session.id for session in sessions))
    call.write.remove(world.users, user.id)


@operation("usersGetById")
def users_get_by_id(call: Call, world: FivePmWorld) -> User:
    """A user."""
    user = lookup.found(call, world, world.users, call.parameters["id"])
    return _shown(call, user)


@operation("usersGetByEmail")
def users_get_by_email(call: Call, world: FivePmWorld) -> User:
    """The user of that e-mail address, in whatever letter case."""
    user = world.users.first("email", call.parameters["email"].casefold())
    if user is None:
        raise NotFoundError("There is no user of that e-mail address.")
    return _shown(call, user)


@operation("usersGetAll")
def users_get_all(call: Call, world: FivePmWorld) -> Listing:
    """Every user whose profile the caller may see."""
    seen = [user for user in world.users.values() if sees_profile(call.user, user)]
    return Listing(User, seen, len(seen))


def _shown(call: Call, user: User) -> User:
    if not sees_profile(call.user, user):
        raise ForbiddenError("You may not view the profiles of others.")
    return user


def _check(world: FivePmWorld, user: User) -> None:
    if user.email is None:
        if user.first_name is None:
            raise InvalidError("A user has a firstName or an email.")
        return
    other = world.users.first("email", user.email.casefold())
    if other is not None and other.id != user.id:
        raise InvalidError("Another user has that email.")


def _keep_one_admin(world: FivePmWorld, user: User) -> None:
    """Refuse to lose the last user of level 0."""
    if world.users.where("level", ADMIN) == (user,):
        raise ForbiddenError("The last administrator stays.")


def _without(record: Any, user: int) -> dict[str, tuple[int, ...]]:
    """The people of a record without one of them."""
    return {
        name: tuple(one for one in getattr(record, name) if one != user)
        for name in ("team", "notify_users")
        if hasattr(record, name)
    }
