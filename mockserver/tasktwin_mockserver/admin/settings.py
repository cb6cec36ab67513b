"""The settings of a world, for the controls."""

from typing import Any

import msgspec

from tasktwin_mockserver.admin.asked import AdminError, Asked, control, explained, named
from tasktwin_mockserver.world import Settings
from tasktwin_mockserver.worlds import WorldError


@control("GET", "/settings")
def show_settings(asked: Asked) -> object:
    """The settings of a world."""
    return asked.world.settings


@control("PATCH", "/settings")
def change_settings(asked: Asked) -> object:
    """Change some settings of a world; the others stay."""
    world, changes = asked.world, asked.body(dict[str, Any])
    with world.lock:
        kept = msgspec.to_builtins(world.settings)
        try:
            settings = msgspec.convert({**kept, **changes}, Settings)
            asked.worlds.configure(world, settings)
        except msgspec.ValidationError as error:
            raise explained(error) from None
        except WorldError as error:
            wrong = named(error)
            field = (wrong.field or "").removeprefix("settings.")
            raise AdminError(str(wrong), field) from None
    return world.settings
