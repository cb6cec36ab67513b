"""Groups of a team's members.

Published at https://hitask.com under Groups.
"""

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask.access import EVERYONE
from tasktwin_mockserver.hitask.changes import change
from tasktwin_mockserver.hitask.errors import (
    NotAllowedError,
    NoTeamError,
    NotFoundError,
)
from tasktwin_mockserver.hitask.records import Group
from tasktwin_mockserver.hitask.rights import administered_team
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld

PLAIN = 0
FIELDS = ("name", "code", "color")


@operation("listGroups")
def list_groups(call: Call, world: HiTaskWorld) -> list[Group]:
    """The groups of the caller's team, Everyone first."""
    team = call.user.team
    return [] if team is None else list(world.groups.where("team", team))


@operation("createGroup")
def create_group(call: Call, world: HiTaskWorld) -> Group:
    """Make a group without members."""
    team = administered_team(call)
    number = world.token("group", call.write.next("group"))
    name = call.parameters["name"]
    group = Group(number.replace("-", ""), team, name, None, None, PLAIN)
    return call.write.put(world.groups, group)


@operation("updateGroup")
def update_group(call: Call, world: HiTaskWorld) -> Group:
    """Change what is sent of a group."""
    group = _group(call, world, call.parameters["id"])
    sent = {name: call.parameters[name] for name in FIELDS if name in call.parameters}
    return call.write.put(world.groups, replace(group, **sent))


@operation("deleteGroup")
def delete_group(call: Call, world: HiTaskWorld) -> None:
    """Delete a group, and with it the entries that name it; its members stay."""
    group = _group(call, world, call.parameters["id"])
    for item in world.items.values():
        left = tuple(e for e in item.permissions if e.principal != group.id)
        if len(left) < len(item.permissions):
            changed = replace(item, permissions=left)
            change(call, world, item, changed, silent=True)
    call.write.remove(world.groups, group.id)


@operation("addGroupMember")
def add_group_member(call: Call, world: HiTaskWorld) -> None:
    """Put a member of the team into a group."""
    group = _group(call, world, call.parameters["groupId"])
    user = world.users.get(call.parameters["id"])
    if user is None or user.team != group.team:
        raise NotFoundError("User")
    if user.id not in group.members:
        joined = replace(group, members=(*group.members, user.id))
        call.write.put(world.groups, joined)


@operation("removeGroupMember")
def remove_group_member(call: Call, world: HiTaskWorld) -> None:
    """Take somebody out of a group."""
    group = _group(call, world, call.parameters["groupId"])
    number = call.parameters["id"]
    if number not in group.members:
        raise NotFoundError("User")
    left = tuple(member for member in group.members if member != number)
    call.write.put(world.groups, replace(group, members=left))


def _group(call: Call, world: HiTaskWorld, number: str) -> Group:
    """The group of that id, for a change by the caller."""
    group = world.groups.get(number)
    if call.user.team is None:
        raise NoTeamError
    if group is None or group.team != call.user.team:
        raise NotFoundError("Group")
    administered_team(call)
    if group.type == EVERYONE:
        raise NotAllowedError("Everyone")
    return group
