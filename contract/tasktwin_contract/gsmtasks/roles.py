"""Roles in the manager's account."""

from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.gsmtasks.stock import (
    number,
)
from tasktwin_contract.reply import Object
from tasktwin_contract.target import World


def role_of(world: World, person: Actor) -> Any:
    """Somebody's role in the manager's account."""
    user, account = person.user, world.manager.account
    return next(
        one
        for one in world.manager.all("role")
        if (one["user"], one["account"]) == (user, account)
    )


def people(actor: Actor, flag: str, account: str) -> dict[str, Object]:
    """The workers or managers of an account, by their addresses."""
    reply = actor.call(f"list{flag}s", id=number(account)).expect(200)
    return {one["url"]: one for one in reply.data}
