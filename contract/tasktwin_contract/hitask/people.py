"""People of a team, invited people and contacts, as the tests of them need them."""

from collections.abc import Iterable
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import World

TEAM = ("owner", "administrator", "manager", "member", "colleague")
RANKS = ("owner", "administrator")
PLAIN = ("manager", "member")
NO_TEAM_MEMBERS = ("outsider", "personal")
EVERYONE = 1
WRONG_ADDRESSES = (
    "nobody",
    "nobody@",
    "@example.com",
    "nobody@example",
    "no body@example.com",
    "nobody@@example.com",
    "nobody@.example.com",
    "<nobody>@example.com",
)


def people(actor: Actor, name: str, **parameters: Any) -> list[Object]:
    """Who is in a list of `actor`'s. Raises `NotJudgedError` where there is none."""
    listed = actor.call(name, **parameters).arranged().data
    if not isinstance(listed, list) or not all(isinstance(p, dict) for p in listed):
        raise NotJudgedError(f"{name} answers no list of objects")
    return listed


def team_of(actor: Actor) -> dict[int, Object]:
    """Who is in the list of the actor's team, by id."""
    return {person["id"]: person for person in people(actor, "listTeam")}


def contacts_of(actor: Actor) -> dict[int, Object]:
    """Who is in the actor's list of contacts, by id."""
    return {person["id"]: person for person in people(actor, "listContacts")}


def subscription(actor: Actor, other: int | Actor) -> str | None:
    """What somebody is to `actor`; None where the list does not have them."""
    number = other if isinstance(other, int) else other.number
    found = contacts_of(actor).get(number)
    return None if found is None else str(found["subscription"])


def of_address(listed: Iterable[Object], email: str) -> list[Object]:
    """Those in a list who have that address."""
    return [
        person
        for person in listed
        if str(person["email"] or "").lower() == email.lower()
    ]


def arranged_one(found: list[Object]) -> Object:
    """The one who was found. Raises `NotJudgedError` where there are not one."""
    if len(found) != 1:
        raise NotJudgedError(f"there should be one of them: {found}")
    return found[0]


def invited(actor: Actor, **fields: Any) -> Object:
    """Somebody new whom `actor` invited to the team, as its list has them."""
    email = fields.setdefault("email", actor.world.address())
    actor.call("inviteMember", **fields).arranged()
    return arranged_one(of_address(people(actor, "listTeam"), email))


def waiting(actor: Actor) -> Object:
    """Somebody new whom `actor` invited as a contact, as the list has them."""
    email = actor.world.address()
    actor.call("inviteContact", email=email).arranged()
    return arranged_one(of_address(people(actor, "listContacts"), email))


def remove(actor: Actor, other: Actor) -> Reply:
    """Have `actor` take somebody out of the team."""
    return actor.call("removeMember", id=other.number)


def ask(actor: Actor, other: Actor) -> None:
    """Have `actor` ask somebody to become a contact."""
    actor.call("addContact", id=other.number).arranged()


def establish(actor: Actor, other: Actor) -> None:
    """Make two people contacts."""
    ask(actor, other)
    other.call("approveContact", id=actor.number).arranged()


def enlist(world: World) -> Actor:
    """Who had a personal account, as a member of the team."""
    establish(world.owner, world.personal)
    world.owner.call("addContactToBusiness", id=world.personal.number).arranged()
    return world.personal


def licenses(actor: Actor) -> int:
    """How many licences the actor's team uses."""
    return int(actor.call("getBusiness").arranged()["licensesUsed"])


def everyone(actor: Actor) -> Object:
    """The group of all members of the actor's team. Raises `NotJudgedError`."""
    groups = people(actor, "listGroups")
    return arranged_one([group for group in groups if group["type"] == EVERYONE])
