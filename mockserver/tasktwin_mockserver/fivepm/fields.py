"""What a request sends of an object's attributes."""

from functools import cache
from typing import Any

from msgspec import structs

from tasktwin_mockserver.fivepm import lookup
from tasktwin_mockserver.fivepm.moments import moment
from tasktwin_mockserver.fivepm.records import DONE, Project, Task
from tasktwin_mockserver.fivepm.universe import Call, FivePmWorld

MOMENTS = ("start_date", "end_date", "date")
PEOPLE = ("team", "notify_users")


@cache
def _names(noun: str, kind: type) -> dict[str, str]:
    """The fields of a record by the parameters that write them."""
    rows = structs.fields(kind)
    return {f"{noun}[{row.encode_name}]": row.name for row in rows if row.name != "id"}


def sent(call: Call, world: FivePmWorld, noun: str, kind: type) -> dict[str, Any]:
    """The fields of a record that `call` sends, as the record has them.

    Raises where they name people, or a group, that there are not.
    """
    names = _names(noun, kind)
    values = {names[k]: v for k, v in call.parameters.items() if k in names}
    for name in MOMENTS:
        if values.get(name) is not None:
            values[name] = moment(name, values[name])
    for name in PEOPLE:
        if name in values:
            values[name] = lookup.people(world, values[name])
    if "owner_id" in values:
        lookup.people(world, (values["owner_id"],))
    if values.get("group_id") is not None:
        lookup.group(call, world, values["group_id"])
    return values


def closing(call: Call, before: Project | Task | None, values: dict[str, Any]) -> None:
    """Have `values`, which change `before`, say since when it is done."""
    if "status" not in values:
        return
    if values["status"] != DONE:
        values["closed"] = None
    elif before is None or before.status != DONE:
        values["closed"] = call.write.stamp
