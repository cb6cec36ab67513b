"""Who belongs to a team, who is invited to it, and what they lose who leave it."""

from msgspec.structs import replace

from tasktwin_mockserver.hitask.changes import change
from tasktwin_mockserver.hitask.errors import (
    AlreadyInvitedError,
    AlreadyMemberError,
    NoLicenseError,
    NotAllowedError,
    NotFoundError,
)
from tasktwin_mockserver.hitask.people import Person, invited_to, person_of
from tasktwin_mockserver.hitask.records import NOBODY, Invitation, Item, User
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld

MEMBER, OWNER = 1, 100
TEAM_ACCOUNT = {"level": 200, "account_type": "TEAM_BUSINESS"}
PERSONAL_ACCOUNT = {"level": 0, "account_type": "PERSONAL_FREE"}


def licenses_used(world: HiTaskWorld, team: int) -> int:
    """How many licences the members and the invited of a team take."""
    members = world.users.where("team", team)
    return len(members) + len(world.invitations.where("team", team))


def is_member(world: HiTaskWorld, team: int, email: str) -> bool:
    """Whether a member of the team has that address."""
    found = world.users.where("email", email.lower())
    return any(user.team == team for user in found)


def invitation_of(world: HiTaskWorld, team: int, email: str) -> Person | None:
    """Who is invited to the team under that address."""
    for person in invited_to(world, team):
        if person.email.lower() == email.lower():
            return person
    return None


def invite(call: Call, world: HiTaskWorld, team: int, person: Person) -> None:
    """Invite somebody to a team, which takes a licence."""
    if isinstance(person, User) and person.team is not None:
        raise AlreadyMemberError(person.email)
    if invitation_of(world, team, person.email) is not None:
        raise AlreadyInvitedError(person.email)
    _check_license(world, team)
    call.write.put(world.invitations, Invitation(team, person.id))


def join(call: Call, world: HiTaskWorld, team: int, user: User) -> None:
    """Make somebody a plain member of a team; who was invited has a licence already."""
    if user.team is not None:
        raise AlreadyMemberError(user.email)
    if (team, user.id) not in world.invitations:
        _check_license(world, team)
    call.write.remove(world.invitations, (team, user.id))
    member = replace(user, team=team, membership=MEMBER, **TEAM_ACCOUNT)
    call.write.put(world.users, member)


def remove(call: Call, world: HiTaskWorld, team: int, number: int) -> None:
    """Take a member, or somebody who is invited, out of a team."""
    if (team, number) in world.invitations:
        call.write.remove(world.invitations, (team, number))
        return
    person = person_of(world, number)
    if not isinstance(person, User) or person.team != team:
        raise NotFoundError("User")
    if person.membership == OWNER:
        raise NotAllowedError("The owner")
    _leave(call, world, team, person)


def _leave(call: Call, world: HiTaskWorld, team: int, user: User) -> None:
    """Take from `user` what the team gave them; their own items stay as they are."""
    for group in world.groups.where("team", team):
        left = tuple(member for member in group.members if member != user.id)
        if left != group.members:
            call.write.put(world.groups, replace(group, members=left))
    for item in world.items.values():
        if item.user_id != user.id and world.users[item.user_id].team == team:
            parted = _without(item, user.id)
            if parted != item:
                change(call, world, item, parted, silent=True)
    personal = replace(user, team=None, membership=None, **PERSONAL_ACCOUNT)
    call.write.put(world.users, personal)


def _without(item: Item, user: int) -> Item:
    """`item` without somebody in its list and among those who work on it."""
    own = str(user)
    return replace(
        item,
        permissions=tuple(e for e in item.permissions if e.principal != own),
        assignee=NOBODY if item.assignee == user else item.assignee,
        participants=tuple(one for one in item.participants if one != user),
    )


def _check_license(world: HiTaskWorld, team: int) -> None:
    if licenses_used(world, team) >= world.settings.max_members:
        raise NoLicenseError
