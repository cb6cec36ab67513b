"""The people with whom every GSMtasks world starts.

Two of an account's people do not see all of it, one has another account beside it, and
a stranger has one of their own. Ids and tokens depend on the seed alone. None of this
is a secret: the worlds are ours.
"""

from typing import Any

from tasktwin_mockserver.gsmtasks import places
from tasktwin_mockserver.gsmtasks.links import BASE
from tasktwin_mockserver.gsmtasks.names import slug_of
from tasktwin_mockserver.gsmtasks.records import Account, Role, User
from tasktwin_mockserver.gsmtasks.universe import GSMtasksWorld
from tasktwin_mockserver.world import Write

# name: where it is
ACCOUNTS = {
    "Example Couriers": "1 Example Street, London",
    "Other Couriers": "2 Example Street, Tallinn",
    "Side Business": "3 Example Street, Paris",
}
COURIERS, OTHERS, SIDE = ACCOUNTS

# name: first name, last name, and for each account whether manager, whether worker
PEOPLE: dict[str, tuple[str, str, dict[str, tuple[bool, bool]]]] = {
    "manager": ("Mona", "Marsh", {COURIERS: (True, False)}),
    "worker": ("Will", "Walker", {COURIERS: (False, True)}),
    "second_worker": ("Wanda", "West", {COURIERS: (False, True)}),
    "both": ("Bo", "Baker", {COURIERS: (True, True), SIDE: (True, True)}),
    "stranger": ("Stan", "Stone", {OTHERS: (True, True)}),
}


def seeded(world: GSMtasksWorld) -> GSMtasksWorld:
    """`world` with its accounts, and the people who work in them."""
    write = Write(world)
    accounts = {}
    for name, where in ACCOUNTS.items():
        account = Account(
            **world.stamps(write, Account),
            name=name,
            slug=slug_of(name),
            timezone="Europe/London",
            country_code="GB",
            address=places.address({"raw_address": where}),
        )
        accounts[name] = write.put(world.accounts, account).id
    for name, (first, last, roles) in PEOPLE.items():
        user = write.put(world.users, _user(world, write, name, first, last))
        for account_name, (is_manager, is_worker) in roles.items():
            role = Role(
                **world.stamps(write, Role),
                account=accounts[account_name],
                user=user.id,
                is_manager=is_manager,
                is_worker=is_worker,
            )
            write.put(world.roles, role)
    world.commit(write)
    return world


def describe(world: GSMtasksWorld) -> dict[str, Any]:
    """The people of `world`, with what it takes to be them."""
    return {"actors": {name: _actor(world, name) for name in PEOPLE}}


def _user(world: GSMtasksWorld, write: Write, name: str, first: str, last: str) -> User:
    return User(
        **world.stamps(write, User),
        first_name=first,
        last_name=last,
        email=_email(name),
        token=world.key(write.next("key")),
        password=f"{name}-password",
    )


def _actor(world: GSMtasksWorld, name: str) -> dict[str, str]:
    user = world.users.first("email", _email(name))
    if user is None:
        raise LookupError(f"{name} is not in this world")
    return {
        "id": user.id,
        "login": user.email,
        "password": f"{name}-password",
        "email": user.email,
        "token": user.token,
        "account": world.roles.where("user", user.id)[0].account,
        "path": f"{BASE}/{user.noun}/{user.id}/",
    }


def _email(name: str) -> str:
    return f"{name}@example.com"
