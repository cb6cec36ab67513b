"""For each operation a call that has to succeed; a new operation needs one entry."""

from collections.abc import Callable, Mapping
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.gsmtasks.bodies import LEAST, body
from tasktwin_contract.gsmtasks.nouns import CREATED, NOUNS
from tasktwin_contract.gsmtasks.raw import VARIABLE
from tasktwin_contract.target import World
from tasktwin_schemas import operations
from tasktwin_schemas.document import JSON

Parameters = dict[str, Any]

OPERATIONS = operations("gsmtasks")
EVERY = list(OPERATIONS)
SECURED = [name for name in EVERY if OPERATIONS[name].secured]
JSON_ANSWERED = [name for name in EVERY if OPERATIONS[name].media_type == JSON]
BODIED = [name for name in EVERY if OPERATIONS[name].media_types]
CREATING = [*(NOUNS[noun].create for noun in CREATED), "register"]
OF_ONE = [name for name in EVERY if "{id}" in OPERATIONS[name].path]
READING_ONE = [n for n in OF_ONE if OPERATIONS[n].method == "GET"]
LISTS = [name for name in EVERY if name.startswith("list")]
LISTS_OF_ALL = [noun.list for noun in NOUNS.values()]
TRANSITIONS = (
    "assign",
    "accept",
    "transit",
    "activate",
    "complete",
    "fail",
    "cancel",
    "reject",
    "unassign",
)


def caller(world: World, name: str) -> Actor:
    """Who makes the call: the manager, or nobody where no token is needed."""
    return world.manager if OPERATIONS[name].secured else world.nobody


def example(world: World, name: str) -> Parameters:
    """Parameters with which the operation succeeds, prepared in `world`.

    Raises `NotJudgedError` where the preparation fails, or there is no example.
    """
    name = OPERATIONS[name].alias_of or name
    if name not in EXAMPLES:
        raise NotJudgedError(f"the suite has no example of a call of {name}")
    return EXAMPLES[name](world.manager)


def registration(world: World, /, **user: Any) -> Parameters:
    """What it takes to register, with the fields of `user` beside."""
    account = {"name": "Night Couriers", "timezone": "Europe/Tallinn"}
    person = {"first_name": "Ann", "last_name": "Lee", "password": world.guid()}
    return {
        "account": {**account, "country_code": "EE"},
        "user": {**person, "email": world.address(), "phone": "+3725550123", **user},
    }


def _nothing(actor: Actor) -> Parameters:
    return {}


def _credentials(actor: Actor) -> Parameters:
    return {"username": actor.email, "password": actor.password}


def _account(actor: Actor) -> Parameters:
    return {"id": actor.all("account")[0]["id"]}


def _some(noun: str, **fields: Any) -> Callable[[Actor], Parameters]:
    return lambda actor: {"id": actor.make(noun)["id"], **fields}


def _new(noun: str) -> Callable[[Actor], Parameters]:
    return lambda actor: body(actor, noun, {})


def _event(actor: Actor) -> Parameters:
    actor.make("task")
    return {"id": actor.all("event")[0]["id"]}


def _acting(action: str) -> Callable[[Actor], Parameters]:
    """A call of a transition, from the state in which all of them are allowed."""
    fields = {} if action != "assign" else {"assignee": True}

    def prepared(actor: Actor) -> Parameters:
        hand = {"email": actor.hand.email}
        task = actor.make("task", assignee=hand)
        return {"id": task["id"], **dict.fromkeys(fields, hand)}

    return prepared


def _public(actor: Actor) -> Parameters:
    """A tracker that is active whatever the time."""
    always = ("2000-01-01T00:00:00Z", "2099-12-31T00:00:00Z")
    window = dict(zip(("active_from", "active_until"), always, strict=True))
    tracker = actor.make("tracker", active_states=["unassigned"], **window)
    return {"id": tracker["id"]}


def _file(actor: Actor) -> Parameters:
    made = actor.make("file_upload")
    return {"id": made["id"], "name": str(made["file"]).rpartition("/")[2]}


READS = {NOUNS[noun].get: _some(noun) for noun in CREATED}
LISTING = {noun.list: _nothing for noun in NOUNS.values()}
CREATES = {NOUNS[noun].create: _new(noun) for noun in LEAST}
OF_TASK = {
    f"list{word}OfTask": _some("task") for word in ("Events", "Documents", "Signatures")
}

EXAMPLES: Mapping[str, Callable[[Actor], Parameters]] = {
    **READS,
    **LISTING,
    **CREATES,
    **OF_TASK,
    **{f"{action}Task": _acting(action) for action in TRANSITIONS},
    "authenticate": _credentials,
    "register": lambda actor: registration(actor.world),
    "getAccount": _account,
    "listWorkers": _account,
    "listManagers": _account,
    "updateRole": _some("role", is_manager=True),
    "updateClient": _some("client", name="Another shop"),
    "updateOrder": _some("order", reference="O-112"),
    "updateTask": _some("task", description="Ring twice."),
    "getTaskEvent": _event,
    "updateContactAddress": _some("contact_address", contact={"name": "Ann Lee"}),
    "updateTracker": _some("tracker", autozoom=False),
    "getPublicTracker": _public,
    "downloadFile": _file,
}
PLACED = [name for name in EVERY if VARIABLE.search(OPERATIONS[name].path)]
