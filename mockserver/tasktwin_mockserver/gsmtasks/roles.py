"""Roles: what users are in accounts.

Published at https://gsmtasks.com under Account Roles.
"""

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks.errors import RequestFailedError
from tasktwin_mockserver.gsmtasks.forms import Form
from tasktwin_mockserver.gsmtasks.records import Account, Role, User
from tasktwin_mockserver.gsmtasks.shapes import Made
from tasktwin_mockserver.gsmtasks.sight import found, listed, require_manager
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld

NEITHER = "A role is that of a manager, of a worker, or both."


@operation("listRoles")
def list_roles(call: Call, world: GSMtasksWorld) -> list[Role]:
    """Every role in the caller's accounts."""
    return listed(call, world, world.roles)


@operation("getRole")
def get_role(call: Call, world: GSMtasksWorld) -> Role:
    """One role."""
    return found(call, world, world.roles)


@operation("createRole")
def create_role(call: Call, world: GSMtasksWorld) -> Made:
    """Give a user a role in an account."""
    form = Form(call, world)
    account, user = form.managed_account(), form.one("user", User)
    if user and any(r.user == user.id for r in world.roles.where("account", account)):
        form.wrong("user", "The user has a role in this account.")
    kinds = form.values("is_manager", "is_worker")
    if not any(kinds.values()):
        form.wrong("is_worker", NEITHER)
    form.hold()
    who = user.id if user else ""
    stamps = world.stamps(call.write, Role)
    role = Role(**stamps, account=account, user=who, **kinds)
    return Made(call.write.put(world.roles, role))


@operation("updateRole")
def update_role(call: Call, world: GSMtasksWorld) -> Role:
    """Change what a user is in an account."""
    role = found(call, world, world.roles)
    require_manager(call, world, role.account)
    form = Form(call, world, role.account)
    form.keep("account", Account, role.account)
    form.keep("user", User, role.user)
    changed = replace(role, **form.values("is_manager", "is_worker"))
    if not (changed.is_manager or changed.is_worker):
        form.wrong("is_worker", NEITHER)
    form.hold()
    if not changed.is_manager and _is_last_manager(world, role):
        raise RequestFailedError("An account has at least one manager.")
    return call.write.put(world.roles, replace(changed, updated_at=call.write.stamp))


def _is_last_manager(world: GSMtasksWorld, role: Role) -> bool:
    roles = world.roles.where("account", role.account)
    return [one.id for one in roles if one.is_manager] == [role.id]
