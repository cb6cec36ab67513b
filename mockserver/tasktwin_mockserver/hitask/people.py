"""What people are to each other, and how one looks to another.

Published at https://hitask.com under Contact.
"""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver.hitask.records import Guest, User
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld

SELF, FELLOW, INVITED = "SELF", "BIS", "BIS_WAIT"
TO, FROM = "TO", "FROM"
FREE = "PERSONAL_FREE"
NO_ACCOUNT = {
    "login": None,
    "accountType": None,
    "emailConfirmed": None,
    "level": None,
    "isOnline": False,
    "isPremium": None,
    "pictureHash": None,
    "pictureSource": None,
    "businessId": None,
    "businessLevel": None,
    "emailInbox": None,
}
Person = User | Guest
Card = dict[str, Any]


def person_of(world: HiTaskWorld, number: int) -> Person | None:
    """The user, or the guest, of that id."""
    return world.users.get(number) or world.guests.get(number)


def guest(call: Call, world: HiTaskWorld, email: str, name: str = "") -> Person:
    """Who has that address: a user, or a guest, made where there is none yet."""
    user = world.users.first("email", email.lower())
    if user is not None:
        return user
    known = world.guests.first("email", email.lower())
    if known is None:
        known = Guest(call.write.next("guest"), email, "", "")
    if not known.first_name:
        first, _, last = " ".join(name.split()).partition(" ")
        known = replace(known, first_name=first, last_name=last)
    return call.write.put(world.guests, known)


def invited_to(world: HiTaskWorld, team: int | None) -> Iterator[Person]:
    """Who is invited to a team, in the order in which they were."""
    for row in world.invitations.where("team", team):
        yield _known(world, row.person)


def subscription(world: HiTaskWorld, user: User, person: Person) -> str | None:
    """What `person` is to `user`; None for a stranger."""
    if person.id == user.id:
        return SELF
    if isinstance(person, User) and user.team is not None and person.team == user.team:
        return FELLOW
    row = world.contacts.get((user.id, person.id))
    if row is not None:
        return row.subscription
    return INVITED if (user.team, person.id) in world.invitations else None


def contacts_of(world: HiTaskWorld, user: User) -> list[Person]:
    """Fellow members, contacts and those who are invited to the team, each once."""
    fellows = world.users.where("team", user.team)
    rows = world.contacts.where("user", user.id)
    people = [_known(world, row.person) for row in rows]
    found = (*fellows, *people, *invited_to(world, user.team))
    by_id = {one.id: one for one in found if one.id != user.id}
    return list(by_id.values())


def cards(world: HiTaskWorld, user: User, people: list[Person]) -> list[Card]:
    """How these people look to `user`."""
    return [card(user, one, subscription(world, user, one)) for one in people]


def card(user: User, person: Person, shown: str | None) -> Card:
    """How `person`, whose subscription is `shown`, looks to `user`."""
    name = f"{person.first_name} {person.last_name}".strip()
    return {
        **NO_ACCOUNT,
        "id": person.id,
        "email": person.email,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "name": name,
        "fullName": name,
        "subscription": shown,
        **(_account(person, shown) if isinstance(person, User) else {}),
    }


def is_premium(user: User) -> bool:
    """Whether the account is one that is paid for."""
    return user.account_type != FREE


def _known(world: HiTaskWorld, number: int) -> Person:
    """The same of an id that a record has: nobody of whom there is one goes."""
    return world.users.get(number) or world.guests[number]


def _account(user: User, shown: str | None) -> Card:
    fellow = shown in (SELF, FELLOW)
    return {
        "login": user.login,
        "accountType": user.account_type,
        "emailConfirmed": user.email_confirmed,
        "level": user.level,
        "isOnline": True,
        "isPremium": is_premium(user),
        "pictureHash": user.picture_hash,
        "pictureSource": user.picture_source,
        "businessId": user.team if fellow else None,
        "businessLevel": user.membership if fellow else None,
    }
