"""The clock of a world, for the controls."""

from datetime import datetime
from typing import Any

import msgspec

from tasktwin_mockserver.admin.asked import AdminError, Asked, control
from tasktwin_mockserver.clock import Clock, microseconds, shifted, text


class SetClock(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `PUT /__admin/clock`."""

    now: datetime | None = None
    frozen: bool = True


class Advance(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /__admin/clock/advance`."""

    seconds: float


@control("GET", "/clock")
def show_clock(asked: Asked) -> object:
    """What the clock of a world shows."""
    return _shown(asked.world.clock)


@control("PUT", "/clock")
def set_clock(asked: Asked) -> object:
    """Set the clock of a world, or freeze it as it stands, or let it run."""
    world, body = asked.world, asked.body(SetClock)
    with world.lock:
        try:
            now = world.clock.now() if body.now is None else microseconds(body.now)
        except ValueError as error:
            raise AdminError(str(error), "now") from None
        world.clock = world.clock.set(now, frozen=body.frozen)
    return _shown(world.clock)


@control("POST", "/clock/advance")
def advance_clock(asked: Asked) -> object:
    """Turn the clock of a world by some seconds."""
    world, body = asked.world, asked.body(Advance)
    with world.lock:
        try:
            world.clock = shifted(world.clock, body.seconds)
        except ValueError as error:
            raise AdminError(str(error), "seconds") from None
    return _shown(world.clock)


def _shown(clock: Clock) -> dict[str, Any]:
    return {"now": text(clock.now()), "frozen": clock.frozen is not None}
