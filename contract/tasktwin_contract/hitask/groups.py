"""Groups, as the tests of them make, find and change them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.hitask.steps import NO_ID
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import World

EVERYONE = 1
TEAM = ("owner", "administrator", "manager", "member", "colleague")
NOT_IN_THE_TEAM = ("outsider", "personal")
NO_GROUP = "nosuchgroup"
PATHS = {
    "without a slash": ("addGroupMember", "removeGroupMember"),
    "with a slash": ("addGroupMemberSlash", "removeGroupMemberSlash"),
}


def group_list(actor: Actor) -> list[Object]:
    """The groups that the list has for `actor`. Raises `NotJudgedError`."""
    listed = actor.call("listGroups").arranged().data
    if not isinstance(listed, list) or not all(isinstance(g, dict) for g in listed):
        raise NotJudgedError("listGroups answers no list of objects")
    return listed


def stored(actor: Actor, group: Object) -> Object | None:
    """`group` as the list has it now; None where it is not there."""
    found = [one for one in group_list(actor) if one["id"] == group["id"]]
    return found[0] if found else None


def named(actor: Actor, name: str) -> list[Object]:
    """The groups of that name that the list has."""
    return [group for group in group_list(actor) if group["name"] == name]


def make(actor: Actor, *members: Actor, **fields: Any) -> Object:
    """Make a group of `members`, as the list then has it. Raises `NotJudgedError`."""
    before = {group["id"] for group in group_list(actor)}
    name = fields.pop("name", "a group")
    actor.call("createGroup", name=name).arranged()
    made = [group for group in group_list(actor) if group["id"] not in before]
    if len(made) != 1:
        raise NotJudgedError(f"createGroup made {len(made)} groups")
    if fields:
        actor.call("updateGroup", id=made[0]["id"], name=name, **fields).arranged()
    for member in members:
        add(actor, made[0], member.number).arranged()
    changed = stored(actor, made[0]) if members or fields else None
    return changed or made[0]


def add(actor: Actor, group: Object, user: int) -> Reply:
    """Put somebody into a group, at the path that the server has."""
    return _at_either("addGroupMember", actor, group, user)


def remove(actor: Actor, group: Object, user: int) -> Reply:
    """Take somebody out of a group, at the path that the server has."""
    return _at_either("removeGroupMember", actor, group, user)


def _at_either(name: str, actor: Actor, group: Object, user: int) -> Reply:
    reply = actor.call(name, groupId=group["id"], id=user)
    if reply.status not in (404, 405):
        return reply
    return actor.call(f"{name}Slash", groupId=group["id"], id=user)


def members(actor: Actor, group: Object) -> list[int]:
    """The ids of the members of `group`, in order. Raises `NotJudgedError`."""
    found = stored(actor, group)
    if found is None:
        raise NotJudgedError("the list does not have the group")
    return sorted(found["members"] or [])


def numbers(*actors: Actor) -> list[int]:
    """The ids of these people, in order."""
    return sorted(actor.number for actor in actors)


def everyone(actor: Actor) -> Object:
    """The group of all members of the actor's team. Raises `NotJudgedError`."""
    found = [group for group in group_list(actor) if group["type"] == EVERYONE]
    if not found:
        raise NotJudgedError("the list has no group of type 1")
    return found[0]


@contextmanager
def put_back(actor: Actor, name: str, /, **parameters: Any) -> Iterator[None]:
    """Call this at the end, in case a server did what it has to refuse."""
    try:
        yield
    finally:
        actor.call(name, **parameters)


@dataclass(frozen=True)
class Prepared:
    """A group of the team with one member, and somebody who writes to it."""

    actor: Actor
    group: Object
    inside: int
    outside: int

    @classmethod
    def by(cls, world: World, who: str) -> "Prepared":
        """A group that the administrator made, for `who` to write to."""
        inside, outside = world.member, world.colleague
        group = make(world.administrator, inside)
        actor = getattr(world, who)
        return cls(actor, group, inside.number, outside.number)

    def at(self, group: Any) -> "Prepared":
        """The same writer, for the group of another id."""
        return replace(self, group=Object(id=group))

    def member(self, name: str, user: int) -> Reply:
        """Call what adds or removes a member."""
        return self.actor.call(name, groupId=self.group["id"], id=user)


Write = Callable[[Prepared], Reply]

WRITES: Mapping[str, Write] = {
    "createGroup": lambda a: a.actor.call("createGroup", name="written"),
    "updateGroup": lambda a: a.actor.call(
        "updateGroup", id=a.group["id"], name="written"
    ),
    "deleteGroup": lambda a: a.actor.call("deleteGroup", id=a.group["id"]),
    "addGroupMember": lambda a: a.member("addGroupMember", a.outside),
    "removeGroupMember": lambda a: a.member("removeGroupMember", a.inside),
    "addGroupMemberSlash": lambda a: a.member("addGroupMemberSlash", a.outside),
    "removeGroupMemberSlash": lambda a: a.member("removeGroupMemberSlash", a.inside),
}

NAMING = [name for name in WRITES if name != "createGroup"]

STRANGERS: Mapping[str, Callable[[World], int]] = {
    "nobody": lambda world: NO_ID,
    "of another team": lambda world: world.outsider.number,
    "of no team": lambda world: world.personal.number,
}
