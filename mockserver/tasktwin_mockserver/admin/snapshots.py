"""The snapshots of a world, for the controls."""

from http import HTTPStatus

import msgspec

from tasktwin_mockserver.admin.asked import AdminError, Asked, control
from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.snapshots import SnapshotError


class TakeSnapshot(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /__admin/snapshots`."""

    name: str | None = None


@control("GET", "/snapshots")
def list_snapshots(asked: Asked) -> object:
    """The snapshots of a world, oldest first."""
    return [{"name": name} for name in asked.world.snapshots.names()]


@control("POST", "/snapshots")
def take_snapshot(asked: Asked) -> object:
    """Keep a world as it is now; one that had the name before is forgotten."""
    snapshots = asked.world.snapshots
    body = asked.body(TakeSnapshot) if asked.request.body else TakeSnapshot()
    try:
        name = snapshots.take(body.name)
    except SnapshotError as error:
        raise AdminError(str(error), "name") from None
    return Answer({"name": name}, status=HTTPStatus.CREATED)


@control("POST", "/snapshots/{name}/restore")
def restore_snapshot(asked: Asked) -> object:
    """Have a world be as it was, as often as needed."""
    snapshots = asked.world.snapshots
    try:
        snapshots.restore(asked.name)
    except SnapshotError as error:
        raise AdminError(str(error), "name", HTTPStatus.NOT_FOUND) from None
    return {"restored": asked.name}


@control("DELETE", "/snapshots/{name}")
def drop_snapshot(asked: Asked) -> object:
    """Forget a snapshot."""
    snapshots = asked.world.snapshots
    try:
        snapshots.drop(asked.name)
    except SnapshotError as error:
        raise AdminError(str(error), "name", HTTPStatus.NOT_FOUND) from None
    return {"dropped": asked.name}
