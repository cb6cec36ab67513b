"""The people with whom every HiTask world starts, the same for every seed.

Only ids that nobody types (keys, picture hashes, sessions) depend on the seed. None of
this is a secret: the worlds are ours.
"""

from typing import Any

from tasktwin_mockserver.hitask.access import EVERYONE
from tasktwin_mockserver.hitask.avatars import initials_hash
from tasktwin_mockserver.hitask.records import (
    ApiKey,
    Group,
    Preference,
    Session,
    Team,
    User,
)
from tasktwin_mockserver.hitask.universe import HiTaskWorld

MEMBER, MANAGER, ADMINISTRATOR, OWNER = 1, 2, 10, 100
TEAM = 500
OTHER_TEAM = 501
TEAMS = {TEAM: "Example Team", OTHER_TEAM: "Other Team"}
# As texts, in which {me} stands for the user's id.
PREFERENCES = {
    "time_zone": "Europe/Paris",
    "time_format": "24",
    "first_day_of_week": "1",
    "default_sharing_permission_auto": '[{"principal":{me},"level":100}]',
    "default_new_item_sharing_permission": "[]",
    "default_sharing_permission_last": '[{"level":100,"principal":"{me}"}]',
}
FIRST_ITEM = 3_000_000
FIRST_TAG = 380_000
FIRST_GUEST = 2_000_000

# name: id, first name, last name, team, membership
PEOPLE: dict[str, tuple[int, str, str, int | None, int | None]] = {
    "owner": (1001, "Olive", "Owens", TEAM, OWNER),
    "administrator": (1002, "Adam", "Archer", TEAM, ADMINISTRATOR),
    "manager": (1003, "Mona", "Marsh", TEAM, MANAGER),
    "member": (1004, "Max", "Mason", TEAM, MEMBER),
    "colleague": (1005, "Cleo", "Carter", TEAM, MEMBER),
    "outsider": (1006, "Otto", "Olsen", OTHER_TEAM, OWNER),
    "personal": (1007, "Pia", "Perez", None, None),
}


def seeded(world: HiTaskWorld) -> HiTaskWorld:
    """`world` with its cast, each of whom has a session."""
    for number, title in TEAMS.items():
        domain = title.lower().replace(" ", "-")
        inbox = world.token("inbox", number).replace("-", "")
        world.teams.put(Team(number, title, domain, f"{inbox}@example.com"))
        everyone = world.token("everyone", number).replace("-", "")
        group = Group(everyone, number, "Everyone", "EVERYONE", "#FFFFFF", EVERYONE)
        world.groups.put(group)
    world.api_keys.put(ApiKey(world.token("api-key", 1), "full"))
    world.api_keys.put(ApiKey(world.token("api-key", 2), "read", writes=False))
    for name, person in PEOPLE.items():
        user = _user(world, name, *person)
        world.users.put(user)
        for key, value in PREFERENCES.items():
            text = value.replace("{me}", str(user.id))
            world.preferences.put(Preference(user.id, key, text))
        session = world.token("cast-session", user.id)
        world.sessions.put(Session(session, user.id, world.clock.now()))
    world.counters |= {"item": FIRST_ITEM, "tag": FIRST_TAG, "guest": FIRST_GUEST}
    return world


def describe(world: HiTaskWorld) -> dict[str, Any]:
    """The keys and the people of `world`, with what it takes to be them."""
    return {
        "api_keys": {key.name: key.value for key in world.api_keys.values()},
        "actors": {name: _actor(world, name) for name in PEOPLE},
    }


def _user(
    world: HiTaskWorld,
    name: str,
    number: int,
    first: str,
    last: str,
    team: int | None,
    membership: int | None,
) -> User:
    email = f"{name}@example.com"
    return User(
        id=number,
        login=name,
        password=f"{name}-password",
        first_name=first,
        last_name=last,
        email=email,
        email_confirmed=email,
        level=200 if team else 0,
        account_type="TEAM_BUSINESS" if team else "PERSONAL_FREE",
        picture_source=2,
        picture_hash=initials_hash(world, number),
        team=team,
        membership=membership,
    )


def _actor(world: HiTaskWorld, name: str) -> dict[str, str]:
    user = world.users[PEOPLE[name][0]]
    return {
        "id": str(user.id),
        "login": user.login,
        "password": user.password,
        "email": user.email,
        "session_id": world.token("cast-session", user.id),
    }
