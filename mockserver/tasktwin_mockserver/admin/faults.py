"""The fault scripts of a world, for the controls."""

from http import HTTPStatus
from typing import Any

import msgspec

from tasktwin_mockserver.admin.asked import Asked, control, named
from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.faults import ANY, FaultError


class MakeScript(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /__admin/faults`."""

    steps: list[Any]
    operation: str = ANY


@control("GET", "/faults")
def list_faults(asked: Asked) -> object:
    """The scripts of a world, oldest first, each with what is left of it."""
    return [script.plain() for script in asked.world.faults]


@control("POST", "/faults")
def script_faults(asked: Asked) -> object:
    """Have things go wrong with the next requests to an operation, or to any."""
    faults, body = asked.world.faults, asked.body(MakeScript)
    try:
        script = faults.script(body.operation, body.steps)
    except FaultError as error:
        raise named(error) from None
    return Answer(script.plain(), status=HTTPStatus.CREATED)


@control("DELETE", "/faults")
def clear_faults(asked: Asked) -> object:
    """Forget all scripts of a world."""
    asked.world.faults.clear()
    return {"cleared": True}
