"""The people with whom every 5pm world starts, the same for every seed.

Only sessions depend on the seed. None of this is a secret: the worlds are ours.
"""

from typing import Any

from tasktwin_mockserver.fivepm.records import (
    ADMIN,
    CLIENT,
    EXTERNAL,
    USER,
    Level,
    Session,
    User,
)
from tasktwin_mockserver.fivepm.universe import FivePmWorld

# Numbers of one kind of thing that are those of no other, so that none passes for one.
FIRST = {"project": 1000, "task": 20000, "activity": 300000, "file": 4000000}
FIRST_GROUP = 10
FIRST_USER = 200

# name: id, first name, last name, level
PEOPLE: dict[str, tuple[int, str, str, Level]] = {
    "admin": (101, "Ada", "Archer", ADMIN),
    "user": (102, "Udo", "Ullman", USER),
    "colleague": (103, "Cleo", "Carter", USER),
    "external": (104, "Ella", "Evans", EXTERNAL),
    "client": (105, "Carl", "Clausen", CLIENT),
}


def seeded(world: FivePmWorld) -> FivePmWorld:
    """`world` with its cast, each of whom has a session."""
    for name, (number, first, last, level) in PEOPLE.items():
        user = User(
            id=number,
            email=f"{name}@example.com",
            password=f"{name}-password",
            first_name=first,
            last_name=last,
            security_level=level,
            can_view_profiles=level != CLIENT,
        )
        world.users.put(user)
        session = world.token("cast-session", number)
        world.sessions.put(Session(session, number, world.clock.now()))
    world.counters |= {**FIRST, "group": FIRST_GROUP, "user": FIRST_USER}
    return world


def describe(world: FivePmWorld) -> dict[str, Any]:
    """The people of `world`, with what it takes to be them."""
    return {"api_keys": {}, "actors": {name: _actor(world, name) for name in PEOPLE}}


def _actor(world: FivePmWorld, name: str) -> dict[str, str]:
    number = PEOPLE[name][0]
    email = f"{name}@example.com"
    return {
        "id": str(number),
        "login": email,
        "password": f"{name}-password",
        "email": email,
        "session_id": world.token("cast-session", number),
    }
