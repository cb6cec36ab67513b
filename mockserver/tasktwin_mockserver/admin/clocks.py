"""The clock of a world, for the controls."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from tasktwin_mockserver.admin.asked import AdminError, Asked, control
from tasktwin_mockserver.clock import LATEST, MICROSECONDS, Clock, text


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
    if body.now is not None and body.now.tzinfo is None:
        raise AdminError("a time needs Z or an offset", "now")
    with world.lock:
        now = world.clock.now() if body.now is None else _microseconds(body.now)
        world.clock = world.clock.set(now, frozen=body.frozen)
    return _shown(world.clock)


@control("POST", "/clock/advance")
def advance_clock(asked: Asked) -> object:
    """Turn the clock of a world by some seconds."""
    world, body = asked.world, asked.body(Advance)
    step = body.seconds * MICROSECONDS
    with world.lock:
        if not 0 <= world.clock.now() + step < LATEST:
            raise AdminError("the clock goes from 1970 to 9999", "seconds")
        world.clock = world.clock.advance(round(step))
    return _shown(world.clock)


def _microseconds(moment: datetime) -> int:
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    microseconds = since.days * 86_400 * MICROSECONDS
    microseconds += since.seconds * MICROSECONDS + since.microseconds
    if not 0 <= microseconds < LATEST:
        raise AdminError("the clock goes from 1970 to 9999", "now")
    return microseconds


def _shown(clock: Clock) -> dict[str, Any]:
    return {"now": text(clock.now()), "frozen": clock.frozen is not None}
