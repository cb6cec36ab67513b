"""Accounts, and who works in them.

Published at https://gsmtasks.com under Accounts.
"""

from collections.abc import Callable

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks.records import Account, Role, User
from tasktwin_mockserver.gsmtasks.sight import found, listed
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld


@operation("listAccounts")
def list_accounts(call: Call, world: GSMtasksWorld) -> list[Account]:
    """Every account in which the caller has a role."""
    return listed(call, world, world.accounts)


@operation("getAccount")
def get_account(call: Call, world: GSMtasksWorld) -> Account:
    """One account."""
    return found(call, world, world.accounts)


@operation("listWorkers")
def list_workers(call: Call, world: GSMtasksWorld) -> list[User]:
    """The workers of an account."""
    return _people(call, world, lambda role: role.is_worker)


@operation("listManagers")
def list_managers(call: Call, world: GSMtasksWorld) -> list[User]:
    """The managers of an account."""
    return _people(call, world, lambda role: role.is_manager)


def _people(
    call: Call, world: GSMtasksWorld, wanted: Callable[[Role], bool]
) -> list[User]:
    account = found(call, world, world.accounts)
    roles = world.roles.where("account", account.id)
    people = {role.user for role in roles if wanted(role)}
    rows = (user for user in world.users.values() if user.id in people)
    return listed(call, world, rows)
