"""That answers have all their keys, and what stands there that no other test reads."""

from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.events import add_below, comment, shared
from tasktwin_contract.hitask.examples import example
from tasktwin_contract.hitask.people import ask, establish, invited, people, waiting
from tasktwin_contract.hitask.steps import instant, update
from tasktwin_contract.target import Target, World
from tasktwin_schemas import schema

DELTA_ONLY = {"changed"}
# Keys of the schema that no example has, or that need not be there.
OPTIONAL = {"value"}
ACCOUNT = ("isOnline", "level", "pictureSource")
TEAM = ("businessId", "businessLevel")
NOBODY_S = ("login", "accountType", "emailConfirmed", "pictureHash", "isPremium")


def keys(name: str) -> set[str]:
    """What an object of that schema may have."""
    return set(schema("hitask", name)["properties"]) - DELTA_ONLY - OPTIONAL


def check_whole(name: str, rows: list[Any]) -> None:
    """Demand that there are some, and that none lacks a key of that schema."""
    assert rows, f"no {name} to look at"
    for row in rows:
        lacking = sorted(keys(name) - row.keys())
        assert not lacking, f"{name} without {lacking}: {row}"


@clause("HT-ANSWER-07")
def test_items_are_whole(target: Target) -> None:
    """An item has every key wherever it is answered, null or not."""
    with target.world() as world:
        owner = world.owner
        made = owner.call("createItem", guid=world.guid(), title="a").arranged()
        changed = update(owner, made.data, color=1).arranged()
        listed = owner.call("listItems").arranged().data
        since = owner.call("listItemsSince", timestamp=0).arranged().data
        delta = owner.call("getItemsDelta", delta=0).arranged().data
        check_whole("item", [made.data, changed.data, *listed, *since, *delta])


@clause("HT-ANSWER-07")
@pytest.mark.parametrize("name", ["listContacts", "listTeam"])
def test_contacts_are_whole(target: Target, name: str) -> None:
    """A contact has every key, also of who has no account."""
    with target.world() as world:
        invited(world.owner)
        waiting(world.owner)
        establish(world.owner, world.outsider)
        check_whole("contact", people(world.owner, name))


@clause("HT-ANSWER-07")
def test_all_else_is_whole(target: Target) -> None:
    """Accounts, sessions, comments, histories, tags and groups have every key."""
    with target.world() as world:
        owner, item = world.owner, world.owner.item(tags=["a"])
        made = comment(owner, item).arranged().data
        signed = world.nobody.call("authenticate", **example(world, "authenticate"))
        for actor in (owner, world.personal):
            check_whole("user", [actor.call("getUser").arranged().data])
        check_whole("session", [signed.arranged().data])
        check_whole("comment", [made])
        history = owner.call("getHistory", id=item["id"]).arranged().data
        check_whole("history", history)
        check_whole("tag", people(owner, "listTags"))
        check_whole("group", people(owner, "listGroups"))


@clause("HT-COMMENT-15")
@pytest.mark.parametrize("author", ["owner", "member"])
def test_what_a_comment_says(target: Target, author: str) -> None:
    """addComment answers the item, the author and the message of the comment."""
    with target.world() as world:
        actor, item = getattr(world, author), shared(world.owner, world.member)
        made = comment(actor, item, "just this").arranged().data
        expected = item["id"], actor.number, "just this"
        assert (made["itemId"], made["user_id"], made["message"]) == expected


def _known(world: World) -> dict[int, tuple[Any, bool]]:
    """Who is in the owner's list by id: the account, and whether of one team."""
    establish(world.owner, world.outsider)
    ask(world.personal, world.owner)
    fellows = {"member": True, "manager": True, "outsider": False, "personal": False}
    actors = {name: getattr(world, name) for name in fellows}
    return {
        one.number: (one.call("getUser").arranged().data, fellows[name])
        for name, one in actors.items()
    }


@clause("HT-CONTACT-44")
def test_what_contacts_say_of_accounts(target: Target) -> None:
    """Contacts say what accounts do; of teams only to those who are in them."""
    with target.world() as world:
        known = _known(world)
        listed = {one["id"]: one for one in people(world.owner, "listContacts")}
        for number, (account, fellow) in known.items():
            person = listed[number]
            assert person["isOnline"] is True
            for name in ACCOUNT:
                assert person[name] == account[name], f"{name} of {account['login']}"
            for name in TEAM:
                expected = account[name] if fellow else None
                assert person[name] == expected, f"{name} of {account['login']}"


@clause("HT-CONTACT-44")
@pytest.mark.parametrize("name", ["listContacts", "listTeam"])
def test_what_is_said_of_guests(target: Target, name: str) -> None:
    """Of who has no account isOnline is false, and the rest is null."""
    with target.world() as world:
        guest = invited(world.owner)["id"]
        listed = {one["id"]: one for one in people(world.owner, name)}
        assert listed[guest]["isOnline"] is False
        rest = {*ACCOUNT, *TEAM, *NOBODY_S} - {"isOnline"}
        told = {one: listed[guest][one] for one in rest}
        assert told == dict.fromkeys(rest), f"of who has no account: {told}"


@clause("HT-CONTACT-45")
@pytest.mark.parametrize("name", ["listContacts", "listTeam"])
def test_whole_names(target: Target, name: str) -> None:
    """Name and fullName are the first and the last name."""
    with target.world() as world:
        invited(world.owner, name="Ana Cruz")
        invited(world.owner, name="Ana")
        for person in people(world.owner, name):
            parts = person["firstName"], person["lastName"]
            whole = " ".join(part for part in parts if part)
            assert (person["name"], person["fullName"]) == (whole, whole)


@clause("HT-TEAM-48")
def test_whose_account_is_premium(target: Target) -> None:
    """isPremium is true of a team's accounts, false of free personal ones."""
    with target.world() as world:
        establish(world.personal, world.owner)
        pairs = {"owner": True, "member": True, "personal": False}
        for name, paid in pairs.items():
            actor = getattr(world, name)
            assert actor.call("getTeamOverview").arranged()["isPremium"] is paid, name
        listed = {one["id"]: one for one in people(world.owner, "listContacts")}
        for name in ("member", "personal"):
            shown = listed[getattr(world, name).number]["isPremium"]
            assert shown is pairs[name], name


@clause("HT-TEAM-49")
def test_names_of_the_invited_stay(target: Target) -> None:
    """Who is invited under a name keeps it; who had none gets it."""
    with target.world() as world:
        named, other = world.address(), waiting(world.owner)["email"]
        world.owner.call("inviteMember", email=named, name="Ana Cruz").arranged()
        again = {"email": named, "name": "Somebody Else"}
        world.outsider.call("inviteMember", **again).expect(200)
        world.owner.call("inviteMember", email=other, name="Mick Gold").expect(200)
        shown = {one["email"]: one["name"] for one in people(world.owner, "listTeam")}
        there = {
            one["email"]: one["name"] for one in people(world.outsider, "listTeam")
        }
        assert (shown[named], shown[other]) == ("Ana Cruz", "Mick Gold")
        assert there[named] == "Ana Cruz"


@clause("HT-ITEM-30")
def test_the_order_of_lists(target: Target) -> None:
    """Items come in the order in which they were made, however they are seen."""
    with target.world() as world:
        owner, member = world.owner, world.member
        made = [owner.item() for _ in range(3)]
        add_below(member, member.item())
        entries = [{"principal": member.id, "level": 10}]
        for number, item in enumerate(reversed(made), 3):
            check_order(member, number - 1)
            update(owner, item, permissions=entries).arranged()
            check_order(member, number)


def check_order(actor: Actor, count: int) -> None:
    """Demand that each list of items has so many, the oldest first."""
    for name, sent in (
        ("listItems", {}),
        ("listItemsSince", {"timestamp": 0}),
        ("getItemsDelta", {"delta": 0}),
    ):
        listed = actor.call(name, **sent).arranged().data
        times = [instant(item["time_create"]) for item in listed]
        numbers = [item["id"] for item in listed]
        assert numbers == sorted(numbers), f"{name}: {numbers} made at {times}"
        assert len(numbers) == count
