"""Who sees what, and who may change it."""

from tasktwin_mockserver.fivepm.errors import ForbiddenError
from tasktwin_mockserver.fivepm.records import (
    ADMIN,
    CLIENT,
    EXTERNAL,
    USER,
    Activity,
    File,
    Group,
    Project,
    Task,
    User,
)
from tasktwin_mockserver.fivepm.universe import FivePmWorld

STAFF = frozenset({ADMIN, USER})
EDITORS = frozenset({USER, EXTERNAL})


def sees(world: FivePmWorld, user: User, thing: object) -> bool:
    """Whether `user` may know of `thing`."""
    if user.security_level == ADMIN:
        return True
    if isinstance(thing, Project):
        return _sees_project(user, thing)
    if isinstance(thing, Task):
        return _sees_task(world, user, thing)
    if isinstance(thing, Activity):
        hidden = thing.hide_from_clients and user.security_level == CLIENT
        return not hidden and sees(world, user, world.posted_to(thing))
    if isinstance(thing, File):
        return sees(world, user, world.activities[thing.activity_id])
    return not isinstance(thing, Group) or _sees_group(world, user, thing)


def edits(user: User, work: Project | Task) -> bool:
    """Whether `user`, who sees it, may change a project or a task."""
    if user.security_level in EDITORS:
        return work.owner_id == user.id or user.id in work.team
    return user.security_level == ADMIN


def sees_profile(viewer: User, user: User) -> bool:
    """Whether `viewer` may see the profile of `user`."""
    level = viewer.security_level
    return level == ADMIN or viewer.id == user.id or viewer.can_view_profiles


def require_level(user: User, levels: frozenset[str] = frozenset({ADMIN})) -> None:
    """Refuse whoever is of none of `levels`."""
    if user.security_level not in levels:
        raise ForbiddenError("Your security level does not allow this.")


def require_edit(user: User, work: Project | Task) -> None:
    """Refuse whoever may not change `work`."""
    if not edits(user, work):
        raise ForbiddenError(f"You may not change the {noun_of(work)} {work.id}.")


def require_owner(user: User, activity: Activity) -> None:
    """Refuse whoever may not change `activity`."""
    if user.security_level != ADMIN and activity.owner_id != user.id:
        raise ForbiddenError(f"You may not change the activity {activity.id}.")


def noun_of(thing: object) -> str:
    """What `thing` is called."""
    return type(thing).__name__.lower()


def _sees_project(user: User, project: Project) -> bool:
    if user.id in project.team:
        return True
    return user.security_level == USER and (
        not project.hidden or project.owner_id == user.id
    )


def _sees_task(world: FivePmWorld, user: User, task: Task) -> bool:
    project = world.project_of(task)
    if user.id in task.team or (project is not None and user.id in project.team):
        return True
    if user.security_level != USER:
        return False
    if task.owner_id == user.id:
        return True
    return not task.hidden and (project is None or _sees_project(user, project))


def _sees_group(world: FivePmWorld, user: User, group: Group) -> bool:
    if user.security_level in STAFF:
        return True
    projects = world.projects.where("group", group.id)
    return any(_sees_project(user, project) for project in projects)
