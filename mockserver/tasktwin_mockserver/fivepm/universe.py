"""A world of 5pm: its tables, and what stands in them together."""

from math import fsum
from typing import TypeAlias

from tasktwin_mockserver import api, world
from tasktwin_mockserver.fivepm.records import (
    PROGRESS,
    Activity,
    File,
    Group,
    Project,
    Session,
    Task,
    User,
)
from tasktwin_mockserver.tables import Each, Table


class FivePmWorld(world.World):
    """A world of 5pm."""

    def build(self) -> None:
        """Make the empty tables."""
        self._build_people()
        self._build_work()
        self._build_posts()

    def _build_people(self) -> None:
        self.users: Table[int, User] = self._table(
            "users",
            Table(
                lambda user: user.id,
                email=lambda user: user.email and user.email.casefold(),
                level=lambda user: user.security_level,
            ),
        )
        self.sessions: Table[str, Session] = self._table(
            "sessions", Table(lambda row: row.id, user=lambda row: row.user)
        )

    def _build_work(self) -> None:
        self.groups: Table[int, Group] = self._table(
            "groups", Table(lambda row: row.id)
        )
        self.projects: Table[int, Project] = self._table(
            "projects",
            Table(
                lambda project: project.id,
                group=lambda project: project.group_id,
                people=Each(_people),
            ),
        )
        self.tasks: Table[int, Task] = self._table(
            "tasks",
            Table(
                lambda task: task.id,
                project=lambda task: task.project_id,
                parent=lambda task: task.parent_id,
                group=lambda task: task.group_id,
                people=Each(_people),
            ),
        )

    def _build_posts(self) -> None:
        self.activities: Table[int, Activity] = self._table(
            "activities",
            Table(
                lambda activity: activity.id,
                task=lambda activity: activity.task_id,
                project=lambda activity: activity.project_id,
                people=Each(lambda activity: activity.notify_users),
            ),
        )
        self.files: Table[int, File] = self._table(
            "files", Table(lambda file: file.id, activity=lambda file: file.activity_id)
        )

    def project_of(self, work: Task | Activity) -> Project | None:
        """The project of a task, or of the task or project of an activity."""
        if isinstance(work, Activity) and work.task_id is not None:
            work = self.tasks[work.task_id]
        return None if work.project_id is None else self.projects[work.project_id]

    def posted_to(self, activity: Activity) -> Project | Task:
        """The task, or else the project, that an activity was posted to."""
        if activity.task_id is not None:
            return self.tasks[activity.task_id]
        assert activity.project_id is not None  # noqa: S101 (one of the two is there)
        return self.projects[activity.project_id]

    def below(self, task: Task) -> list[Task]:
        """Everything below `task`, parents before their children."""
        found = list(self.tasks.where("parent", task.id))
        for one in found:
            found.extend(self.tasks.where("parent", one.id))
        return found

    def hours_of(self, task: Task) -> float:
        """The hours that were reported for `task`."""
        posted = self.activities.where("task", task.id)
        return fsum(one.hours_done or 0 for one in posted if one.type == PROGRESS)

    def progress_of(self, task: Task) -> int:
        """The progress of `task`: what was reported last, or else what it says."""
        newest = self.newest_report(task.id)
        return task.progress if newest is None else newest.progress or 0

    def newest_report(self, task: int) -> Activity | None:
        """The activity that reported the progress of that task last."""
        posted = self.activities.where("task", task)
        return max(
            (one for one in posted if one.reports), key=lambda one: one.id, default=None
        )


Call: TypeAlias = api.Call[User]


def _people(work: Project | Task) -> tuple[int, ...]:
    """Everybody who is on the team of `work`, or notified of it."""
    return tuple({*work.team, *work.notify_users})
