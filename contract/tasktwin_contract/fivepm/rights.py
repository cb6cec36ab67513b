"""Who sees and who changes what: an oracle."""

from dataclasses import dataclass, field

from tasktwin_contract.fivepm.cast import LEVELS

ADMIN, USER, EXTERNAL, CLIENT = 0, 100, 150, 200


@dataclass
class Work:
    """A project, or a task, which may be in a project; people by their names."""

    owner: str
    team: frozenset[str] = frozenset()
    hidden: bool = False
    project: str | None = None


@dataclass
class Note:
    """An activity on a project or a task."""

    owner: str
    noun: str
    on: str
    hidden: bool = False


@dataclass
class Company:
    """All that there is, by its id, and the level of everybody."""

    projects: dict[str, Work] = field(default_factory=dict)
    tasks: dict[str, Work] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=lambda: dict(LEVELS))

    def all(self, noun: str) -> dict[str, Work]:
        """The projects, or the tasks."""
        return self.projects if noun == "project" else self.tasks

    def sees(self, who: str, noun: str, number: str) -> bool:
        """Whether somebody sees a project, a task or an activity."""
        if noun == "activity":
            return self._sees_note(who, self.notes[number])
        if self.levels[who] == ADMIN:
            return True
        work = self.all(noun)[number]
        if noun == "project":
            return self._sees_project(who, work)
        return self._sees_task(who, work)

    def _sees_project(self, who: str, project: Work) -> bool:
        if who in project.team:
            return True
        mine = who == project.owner or not project.hidden
        return self.levels[who] == USER and mine

    def _sees_task(self, who: str, task: Work) -> bool:
        project = self.projects[task.project] if task.project else None
        if who in task.team or (project and who in project.team):
            return True
        if self.levels[who] != USER:
            return False
        there = project is None or self._sees_project(who, project)
        return who == task.owner or (there and not task.hidden)

    def _sees_note(self, who: str, note: Note) -> bool:
        kept = note.hidden and self.levels[who] == CLIENT
        return self.sees(who, note.noun, note.on) and not kept

    def changes(self, who: str, noun: str, number: str) -> bool:
        """Whether somebody who sees a thing may change it."""
        if self.levels[who] == ADMIN:
            return True
        if noun == "activity":
            return who == self.notes[number].owner
        work = self.all(noun)[number]
        mine = who == work.owner or who in work.team
        return self.levels[who] in (USER, EXTERNAL) and mine

    def seen(self, who: str, noun: str) -> list[str]:
        """The ids of what somebody sees."""
        things = self.notes if noun == "activity" else self.all(noun)
        return [number for number in things if self.sees(who, noun, number)]

    def status(self, who: str, noun: str, number: str) -> int:
        """The status of the answer to somebody who changes or removes a thing."""
        if not self.sees(who, noun, number):
            return 404
        return 200 if self.changes(who, noun, number) else 403

    def remove(self, noun: str, number: str) -> None:
        """Take a thing out, with all that is on it."""
        if noun == "activity":
            del self.notes[number]
            return
        del self.all(noun)[number]
        gone = [
            n
            for n, note in self.notes.items()
            if (note.noun, note.on) == (noun, number)
        ]
        for note in gone:
            del self.notes[note]
        for task in [n for n, work in self.tasks.items() if work.project == number]:
            self.remove("task", task)
