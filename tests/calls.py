"""Calls of operations as the suite sends them, of one's own things and of others'."""

from typing import Any

from tasktwin_contract.actors import BODIES, Actor
from tasktwin_contract.reply import Sent
from tasktwin_contract.rules import rules_of
from tasktwin_schemas import operations

RULES = rules_of("hitask")
OPERATIONS = operations("hitask")
OWN = "11111111-1111-4111-8111-111111111111"
ALIEN = "99999999-9999-4999-8999-999999999999"
PLACES = ("query", *BODIES)


class Desk:
    """What an actor needs of a world to write a request."""

    api, prefix = "hitask", ""


def request(name: str, via: str = "query", /, **parameters: Any) -> Sent:
    """A call of an operation as the suite would send it."""
    operation = OPERATIONS[name]
    actor = Actor(Desk(), "owner", {}, via=via)  # type: ignore[arg-type]
    return Sent(actor.request(operation, parameters), operation, "owner", "hitask")
