"""The GSMtasks mock."""

from tasktwin_mockserver.api import Download, collect
from tasktwin_mockserver.gsmtasks import (
    accounts,
    cast,
    clients,
    contact_addresses,
    documents,
    errors,
    file_uploads,
    orders,
    roles,
    route_optimizations,
    sessions,
    shapes,
    signatures,
    task_events,
    tasks,
    trackers,
    transitions,
    users,
)
from tasktwin_mockserver.gsmtasks.universe import GSMtasksWorld
from tasktwin_mockserver.world import Settings


class GSMtasks:
    """The API as the kernel sees it."""

    name = "gsmtasks"
    operations = collect(
        sessions,
        accounts,
        roles,
        users,
        clients,
        orders,
        tasks,
        transitions,
        task_events,
        contact_addresses,
        trackers,
        route_optimizations,
        file_uploads,
        documents,
        signatures,
    )
    states = ()
    cast = staticmethod(cast.describe)
    client = staticmethod(sessions.client)
    identify = staticmethod(sessions.identify)
    shape = staticmethod(shapes.shape)
    refuse = staticmethod(errors.refuse)
    fault = staticmethod(errors.fault)
    crash = staticmethod(errors.crash)

    def world(self, seed: int, settings: Settings) -> GSMtasksWorld:
        """A world with its cast and nothing else."""
        return cast.seeded(GSMtasksWorld(seed, settings))

    def admit(self, version: int | None) -> None:
        """Let everything in: there is one version."""

    def download(self, world: GSMtasksWorld, token: str) -> Download | None:
        """Nothing is open to whoever has its address; files need the user's token."""
        return None


API = GSMtasks()

__all__ = ["API"]
