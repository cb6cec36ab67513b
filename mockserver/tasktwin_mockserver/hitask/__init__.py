"""The HiTask mock."""

from tasktwin_mockserver.api import collect
from tasktwin_mockserver.hitask import (
    accounts,
    archive,
    avatars,
    bulk,
    cast,
    contacts,
    copies,
    delta,
    errors,
    files,
    groups,
    history,
    items,
    preferences,
    sessions,
    shapes,
    tags,
    team,
    unread,
    users,
)
from tasktwin_mockserver.hitask.errors import NotFoundError, VersionTooLowError
from tasktwin_mockserver.hitask.universe import HiTaskWorld
from tasktwin_mockserver.world import Settings

OLDEST, NEWEST = 2, 7


class HiTask:
    """The API as the kernel sees it."""

    name = "hitask"
    operations = collect(
        sessions,
        users,
        avatars,
        preferences,
        items,
        files,
        delta,
        unread,
        history,
        archive,
        copies,
        bulk,
        tags,
        groups,
        team,
        contacts,
    )
    states = accounts.STATES.keys()
    download = staticmethod(files.download)
    cast = staticmethod(cast.describe)
    client = staticmethod(sessions.client)
    identify = staticmethod(sessions.identify)
    shape = staticmethod(shapes.shape)
    refuse = staticmethod(errors.refuse)
    fault = staticmethod(errors.fault)
    crash = staticmethod(errors.crash)

    def world(self, seed: int, settings: Settings) -> HiTaskWorld:
        """A world with its cast and nothing else."""
        return cast.seeded(HiTaskWorld(seed, settings))

    def admit(self, version: int | None) -> None:
        """Let in the versions that are served."""
        if version is not None and version < OLDEST:
            raise VersionTooLowError(OLDEST)
        if version is not None and version > NEWEST:
            raise NotFoundError(f"Version {version}")


API = HiTask()

__all__ = ["API"]
