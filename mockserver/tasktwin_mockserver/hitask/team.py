"""The team of the caller: its account, its members, and who is invited.

Published at https://hitask.com under Team.
"""

from typing import Any

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask import members
from tasktwin_mockserver.hitask.access import ADMINISTRATOR, EVERYONE
from tasktwin_mockserver.hitask.errors import (
    AlreadyMemberError,
    NoLicenseError,
    NoTeamError,
    NotFoundError,
)
from tasktwin_mockserver.hitask.people import (
    FROM,
    INVITED,
    TO,
    Card,
    card,
    guest,
    invited_to,
    is_premium,
    subscription,
)
from tasktwin_mockserver.hitask.records import Team
from tasktwin_mockserver.hitask.rights import administered_team
from tasktwin_mockserver.hitask.storage import storage_used
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld

EXPIRES = "2036-10-17T00:00:00.000+00:00"
GIGABYTE = 1000


@operation("getBusiness")
def get_business(call: Call, world: HiTaskWorld) -> dict[str, Any]:
    """The team's account: its licences and its storage."""
    if call.user.team is None:
        raise NoTeamError
    team = world.teams[call.user.team]
    used, quota = storage_used(world, team.id), world.settings.max_storage
    return {
        "domainName": team.domain,
        "title": team.title,
        "licensesNumber": world.settings.max_members,
        "licensesUsed": members.licenses_used(world, team.id),
        "storageQuota": quota,
        "storageUsed": used,
        "storageQuotaFormatted": _formatted(quota),
        "storageUsedFormatted": _formatted(used),
        "expirationDate": EXPIRES,
        "emailInbox": team.inbox,
    }


@operation("getTeamOverview")
def get_team_overview(call: Call, world: HiTaskWorld) -> dict[str, Any]:
    """What clients start with; for a personal account nothing of a team."""
    user = call.user
    rows = [row.subscription for row in world.contacts.where("user", user.id)]
    team = None if user.team is None else world.teams[user.team]
    return {
        **_of_the_team(world, team),
        "level": user.membership,
        "canInvite": (user.membership or 0) >= ADMINISTRATOR,
        "inv_sent": rows.count(TO),
        "inv_get": rows.count(FROM),
        "emailConfirmed": user.email_confirmed,
        "isPremium": is_premium(user),
        "pictureHash": user.picture_hash,
    }


@operation("listTeam")
def list_team(call: Call, world: HiTaskWorld) -> list[Card]:
    """The caller, the other members, and those who are invited."""
    user = call.user
    fellows = world.users.where("team", user.team)
    there = [user, *(one for one in fellows if one.id != user.id)]
    found = [card(user, one, subscription(world, user, one)) for one in there]
    return found + [card(user, one, INVITED) for one in invited_to(world, user.team)]


@operation("inviteMember")
def invite_member(call: Call, world: HiTaskWorld) -> Card:
    """Invite somebody to the team."""
    team = administered_team(call)
    name = call.parameters.get("name") or ""
    person = guest(call, world, call.parameters["email"], name)
    members.invite(call, world, team, person)
    return card(call.user, person, INVITED)


@operation("removeMember")
def remove_member(call: Call, world: HiTaskWorld) -> None:
    """Take somebody out of the team, a member or one who is invited."""
    team = administered_team(call)
    members.remove(call, world, team, call.parameters["id"])


@operation("resendInvitation")
def resend_invitation(call: Call, world: HiTaskWorld) -> None:
    """Send an invitation again, which takes no other licence."""
    team, email = administered_team(call), call.parameters["email"]
    if members.is_member(world, team, email):
        raise AlreadyMemberError(email)
    if members.invitation_of(world, team, email) is None:
        raise NotFoundError("Invitation")
    if members.licenses_used(world, team) > world.settings.max_members:
        raise NoLicenseError


def everyone_of(world: HiTaskWorld, team: int) -> str:
    """The id of the group of all members, which every team has."""
    groups = world.groups.where("team", team)
    return next(group.id for group in groups if group.type == EVERYONE)


def _of_the_team(world: HiTaskWorld, team: Team | None) -> dict[str, Any]:
    return {
        "domainId": team and team.id,
        "domainName": team and team.domain,
        "title": team and team.title,
        "emailInbox": team and team.inbox,
        "everyoneGroupId": team and everyone_of(world, team.id),
        "expiration_date": team and EXPIRES,
        "license_count": team and world.settings.max_members,
        "license_usage": team and members.licenses_used(world, team.id),
    }


def _formatted(megabytes: int) -> str:
    if megabytes < GIGABYTE:
        return f"{megabytes}MB"
    return f"{megabytes / GIGABYTE:.2f}GB"
