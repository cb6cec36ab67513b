"""Projects.

Published at http://www.5pmweb.com under Project object and the operations below it.
"""

from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.fivepm import lookup
from tasktwin_mockserver.fivepm.access import STAFF, require_edit, require_level
from tasktwin_mockserver.fivepm.activity import remove_posts
from tasktwin_mockserver.fivepm.fields import closing, sent
from tasktwin_mockserver.fivepm.filters import listing
from tasktwin_mockserver.fivepm.moments import stamp_text
from tasktwin_mockserver.fivepm.records import Project
from tasktwin_mockserver.fivepm.shapes import Listing
from tasktwin_mockserver.fivepm.universe import Call, FivePmWorld


@operation("projectsAdd")
def projects_add(call: Call, world: FivePmWorld) -> Project:
    """Make a project."""
    require_level(call.user, STAFF)
    values = _values(call, world, None)
    now = stamp_text(call.write.stamp)
    made = {"owner_id": call.user.id, "created_at": now, "updated_at": now, **values}
    number = call.write.next("project")
    return call.write.put(world.projects, Project(id=number, **made))


@operation("projectsUpdate")
def projects_update(call: Call, world: FivePmWorld) -> Project:
    """Change what is sent of a project."""
    project = lookup.project(call, world, call.parameters["project[id]"])
    require_edit(call.user, project)
    values = _values(call, world, project)
    now = stamp_text(call.write.stamp)
    return call.write.put(world.projects, replace(project, updated_at=now, **values))


@operation("projectsRemove")
def projects_remove(call: Call, world: FivePmWorld) -> None:
    """Remove a project, its tasks, and what was posted to them."""
    project = lookup.project(call, world, call.parameters["id"])
    require_edit(call.user, project)
    tasks = world.tasks.where("project", project.id)
    remove_posts(call, world, world.activities.where("project", project.id))
    for task in tasks:
        remove_posts(call, world, world.activities.where("task", task.id))
    call.write.remove(world.tasks, *(task.id for task in tasks))
    call.write.remove(world.projects, project.id)


@operation("projectsGetById")
def projects_get_by_id(call: Call, world: FivePmWorld) -> Project:
    """A project."""
    return lookup.project(call, world, call.parameters["id"])


@operation("projectsGetAll")
def projects_get_all(call: Call, world: FivePmWorld) -> Listing:
    """Every project that the caller sees."""
    return listing(call, world, Project, world.projects.values())


@operation("projectsGetList")
def projects_get_list(call: Call, world: FivePmWorld) -> Listing:
    """Some of the projects that the caller sees."""
    return listing(call, world, Project, world.projects.values())


def _values(call: Call, world: FivePmWorld, before: Project | None) -> dict[str, Any]:
    values = sent(call, world, "project", Project)
    closing(call, before, values)
    return values
