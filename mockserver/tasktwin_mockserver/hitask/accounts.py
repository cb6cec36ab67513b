"""Accounts that are not in order, and so may do nothing."""

from collections.abc import Mapping

from tasktwin_mockserver.hitask.cast import PEOPLE
from tasktwin_mockserver.hitask.errors import (
    AccountExpiredError,
    AccountTerminatedError,
    HiTaskError,
    TeamTerminatedError,
)
from tasktwin_mockserver.hitask.records import User
from tasktwin_mockserver.hitask.universe import HiTaskWorld

OF_THE_TEAM = "team_terminated"
STATES: Mapping[str, type[HiTaskError]] = {
    "terminated": AccountTerminatedError,
    "expired": AccountExpiredError,
    OF_THE_TEAM: TeamTerminatedError,
}
SITE = "hitask.com"  # where a message may tell to go


def require_order(world: HiTaskWorld, user: User) -> None:
    """Raise what the settings of the world say of the account of `user`.

    The end of somebody's team is the end of it for everybody in it.
    """
    for name, state in world.settings.accounts.items():
        named = world.users[PEOPLE[name][0]]
        team = user.team if state == OF_THE_TEAM else None
        if named.id == user.id or (team is not None and named.team == team):
            raise STATES[state](SITE)
