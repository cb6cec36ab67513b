"""The 5pm mock."""

from collections.abc import Collection
from typing import Any

from tasktwin_mockserver.api import Caller, collect
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.fivepm import (
    activity,
    authentication,
    cast,
    errors,
    files,
    filters,
    metainfo,
    projects,
    projectsgroups,
    shapes,
    tasks,
    users,
)
from tasktwin_mockserver.fivepm.universe import FivePmWorld
from tasktwin_mockserver.world import Settings, Write
from tasktwin_schemas import Operation


class FivePm:
    """The API as the kernel sees it."""

    name = "fivepm"
    operations = collect(
        authentication,
        metainfo,
        projects,
        tasks,
        users,
        activity,
        files,
        projectsgroups,
    )
    states: Collection[str] = ()
    download = staticmethod(files.download)
    cast = staticmethod(cast.describe)
    client = staticmethod(authentication.client)
    shape = staticmethod(shapes.shape)
    refuse = staticmethod(errors.refuse)
    fault = staticmethod(errors.fault)
    crash = staticmethod(errors.crash)

    def world(self, seed: int, settings: Settings) -> FivePmWorld:
        """A world with its cast and nothing else."""
        return cast.seeded(FivePmWorld(seed, settings))

    def admit(self, version: int | None) -> None:
        """Let in whatever comes: there is one version."""

    def identify(
        self, world: FivePmWorld, operation: Operation, request: Request, write: Write
    ) -> Caller[Any]:
        """Who asks, and by filters that there are."""
        caller = authentication.identify(world, operation, request, write)
        filters.refuse_unknown(operation, request.values)
        return caller


API = FivePm()

__all__ = ["API"]
