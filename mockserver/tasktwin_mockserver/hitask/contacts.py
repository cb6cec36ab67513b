"""The people whom a user knows, and how they come to know each other.

Published at https://hitask.com under Contact.
"""

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask import members
from tasktwin_mockserver.hitask.errors import (
    ContactExistsError,
    InvalidDataError,
    NotAllowedError,
    NotFoundError,
    OneOfMandatoryError,
    SelfContactError,
)
from tasktwin_mockserver.hitask.people import (
    FELLOW,
    FROM,
    SELF,
    TO,
    Card,
    Person,
    card,
    cards,
    contacts_of,
    guest,
    person_of,
    subscription,
)
from tasktwin_mockserver.hitask.records import Contact, User
from tasktwin_mockserver.hitask.rights import BOTH, administered_team
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld


@operation("listContacts")
def list_contacts(call: Call, world: HiTaskWorld) -> list[Card]:
    """Everybody whom the caller knows, and with `includeSelf` the caller."""
    itself: list[Person] = [call.user] if call.parameters.get("includeSelf") else []
    return cards(world, call.user, itself + contacts_of(world, call.user))


@operation("searchContacts")
def search_contacts(call: Call, world: HiTaskWorld) -> list[Card]:
    """Contacts by a part of name or e-mail, others by their whole e-mail only."""
    words = " ".join(call.parameters["q"].lower().split())
    found = [one for one in contacts_of(world, call.user) if _is_named(one, words)]
    known = {call.user.id, *(one.id for one in found)}
    strangers = world.users.where("email", words)
    found += [user for user in strangers if user.id not in known]
    return cards(world, call.user, found)


@operation("addContact")
def add_contact(call: Call, world: HiTaskWorld) -> Card:
    """Ask a user to become a contact."""
    return _ask(call, world, _named(call, world))


@operation("inviteContact")
def invite_contact(call: Call, world: HiTaskWorld) -> Card:
    """Ask whoever has that address, who need not have an account yet."""
    return _ask(call, world, guest(call, world, call.parameters["email"]))


@operation("approveContact")
def approve_contact(call: Call, world: HiTaskWorld) -> None:
    """Become a contact of somebody who has asked."""
    number = call.parameters["id"]
    person = _person(call, world, number)
    shown = subscription(world, call.user, person)
    if shown in (BOTH, FELLOW):
        raise ContactExistsError
    if shown != FROM:
        raise NotFoundError("Contact")
    _relate(call, world, number, BOTH, BOTH)


@operation("deleteContact")
def delete_contact(call: Call, world: HiTaskWorld) -> None:
    """End being contacts, on both sides."""
    number = call.parameters["id"]
    person = _person(call, world, number)
    shown = subscription(world, call.user, person)
    if shown == FELLOW:
        raise NotAllowedError("Deleting a member of the team")
    if (call.user.id, number) not in world.contacts:
        raise NotFoundError("Contact")
    both = ((call.user.id, number), (number, call.user.id))
    call.write.remove(world.contacts, *both)


@operation("addContactToBusiness")
def add_contact_to_business(call: Call, world: HiTaskWorld) -> None:
    """Make an established contact a member of the team; invite any other."""
    team = administered_team(call)
    person = _person(call, world, call.parameters["id"])
    if subscription(world, call.user, person) is None:
        raise NotFoundError("Contact")
    row = world.contacts.get((call.user.id, person.id))
    if isinstance(person, User) and row is not None and row.subscription == BOTH:
        members.join(call, world, team, person)
    else:
        members.invite(call, world, team, person)


@operation("removeContactFromBusiness")
def remove_contact_from_business(call: Call, world: HiTaskWorld) -> None:
    """Take a member of the team, or somebody who is invited, out of it."""
    team = administered_team(call)
    members.remove(call, world, team, call.parameters["id"])


def _ask(call: Call, world: HiTaskWorld, person: Person) -> Card:
    known = subscription(world, call.user, person)
    if known == SELF:
        raise SelfContactError
    if known is not None:
        raise ContactExistsError
    _relate(call, world, person.id, TO, FROM)
    return card(call.user, person, TO)


def _relate(call: Call, world: HiTaskWorld, number: int, here: str, there: str) -> None:
    """Make the caller and another one contacts, as each of them sees the other."""
    call.write.put(world.contacts, Contact(call.user.id, number, here))
    if number in world.users:
        call.write.put(world.contacts, Contact(number, call.user.id, there))


def _person(call: Call, world: HiTaskWorld, number: int) -> Person:
    person = person_of(world, number)
    if person is None:
        raise NotFoundError("Contact")
    return person


def _named(call: Call, world: HiTaskWorld) -> User:
    """The user whom `id`, `email` and `login` name, of which one has to be sent."""
    sent = call.parameters
    found = []
    if "id" in sent:
        found.append(world.users.get(sent["id"]))
    if "email" in sent:
        found.append(world.users.first("email", sent["email"].lower()))
    if "login" in sent:
        found.append(world.users.first("login", sent["login"]))
    if not found:
        raise OneOfMandatoryError("id, email, login")
    user = found[0]
    if user is None or None in found:
        raise NotFoundError("User")
    if any(one is not user for one in found):
        raise InvalidDataError("id", "(of another user than email or login)")
    return user


def _is_named(person: Person, words: str) -> bool:
    name = f"{person.first_name} {person.last_name}".lower()
    return words in name or words in person.email.lower()
