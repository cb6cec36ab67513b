"""Groups of projects, which those of level 0 manage.

Published at http://www.5pmweb.com under Create a Group and what follows.
"""

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.fivepm import lookup
from tasktwin_mockserver.fivepm.access import require_level, sees
from tasktwin_mockserver.fivepm.fields import sent
from tasktwin_mockserver.fivepm.records import Group
from tasktwin_mockserver.fivepm.shapes import Listing
from tasktwin_mockserver.fivepm.universe import Call, FivePmWorld
from tasktwin_mockserver.tables import AnyTable


@operation("projectsgroupsAdd")
def projectsgroups_add(call: Call, world: FivePmWorld) -> Group:
    """Make a group."""
    require_level(call.user)
    made = Group(id=call.write.next("group"), **sent(call, world, "group", Group))
    return call.write.put(world.groups, made)


@operation("projectsgroupsUpdate")
def projectsgroups_update(call: Call, world: FivePmWorld) -> Group:
    """Give a group another name."""
    group = lookup.group(call, world, call.parameters["group[id]"])
    require_level(call.user)
    changed = replace(group, **sent(call, world, "group", Group))
    return call.write.put(world.groups, changed)


@operation("projectsgroupsRemove")
def projectsgroups_remove(call: Call, world: FivePmWorld) -> None:
    """Remove a group; its projects and tasks are in none from then on."""
    group = lookup.group(call, world, call.parameters["id"])
    require_level(call.user)
    tables: tuple[AnyTable, ...] = (world.projects, world.tasks)
    for table in tables:
        for work in table.where("group", group.id):
            call.write.put(table, replace(work, group_id=None))
    call.write.remove(world.groups, group.id)


@operation("projectsgroupsGetById")
def projectsgroups_get_by_id(call: Call, world: FivePmWorld) -> Group:
    """A group."""
    return lookup.group(call, world, call.parameters["id"])


@operation("projectsgroupsGetAll")
def projectsgroups_get_all(call: Call, world: FivePmWorld) -> Listing:
    """Every group that the caller sees."""
    seen = [one for one in world.groups.values() if sees(world, call.user, one)]
    return Listing(Group, seen, len(seen))
