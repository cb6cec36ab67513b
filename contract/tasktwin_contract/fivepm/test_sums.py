"""What progress notes make of a task: its hours, its progress and its status."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, invariant, precondition, rule

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.fivepm.steps import changed, new
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.target import Target

DONE, OPEN = 30, 10
HOURS = st.none() | st.integers(0, 400).map(lambda quarter: quarter / 4)
PROGRESS = st.none() | st.integers(0, 100) | st.just(100)
STATUSES = st.sampled_from((10, 20, 30))
OTHERS = ("msg", "file", "googledocs", "ss_boards", "ff_boards")
TASKS = ("one", "other")


def latest(notes: dict[str, dict[str, Any]]) -> str | None:
    """The id of the newest note that reports a progress."""
    told = [number for number, note in notes.items() if note["progress"] is not None]
    return told[-1] if told else None


class Reports(WorldMachine):
    """Progress notes and others on two tasks, against a plain sum."""

    notes = Bundle("notes")

    def settle(self) -> None:
        """Start with two tasks, one of them in a project."""
        self.admin = self.world.admin
        project = self.admin.made("project")["id"]
        self.tasks = {
            "one": self.admin.made("task", projectId=project)["id"],
            "other": self.admin.made("task")["id"],
        }
        self.written = dict.fromkeys(TASKS, 0)
        self.status = dict.fromkeys(TASKS, OPEN)
        self.reports: dict[str, dict[str, dict[str, Any]]] = {t: {} for t in TASKS}

    @rule(target=notes, task=st.sampled_from(TASKS), hours=HOURS, progress=PROGRESS)
    def report(self, task: str, hours: float | None, progress: int | None) -> Any:
        """Post a progress note."""
        words = {"taskId": self.tasks[task], "hoursDone": hours, "progress": progress}
        made = self.admin.add("activity", type="progress", **words).expect(200)
        self.reports[task][made["id"]] = {"hours": hours, "progress": progress}
        if progress == 100:
            self.status[task] = DONE
        return task, made["id"]

    @rule(task=st.sampled_from(TASKS), hours=HOURS, progress=PROGRESS)
    def talk(self, task: str, hours: float | None, progress: int | None) -> None:
        """Post a message with hours and progress, which moves nothing."""
        words = {"taskId": self.tasks[task], "hoursDone": hours, "progress": progress}
        self.admin.add("activity", type="msg", **words).expect(200)

    @rule(note=notes, hours=HOURS)
    def correct_hours(self, note: tuple[str, str], hours: float | None) -> None:
        """Give a note other hours, or none."""
        task, number = note
        sent = "" if hours is None else hours
        self.admin.change("activity", number, hoursDone=sent).expect(200)
        self._correct(task, number, hours=hours)

    @rule(note=notes, progress=PROGRESS)
    def correct_progress(self, note: tuple[str, str], progress: int | None) -> None:
        """Give a note another progress, or none."""
        task, number = note
        sent = "" if progress is None else progress
        self.admin.change("activity", number, progress=sent).expect(200)
        self._correct(task, number, progress=progress)

    def _correct(self, task: str, number: str, **words: float | None) -> None:
        """Have a note say that; where it is new, and 100 the newest, the task closes.

        A note that is sent as it stands reports nothing.
        """
        reports = self.reports[task]
        before = reports[number]
        reports[number] = {**before, **words}
        is_whole = reports[number]["progress"] == 100
        if reports[number] != before and is_whole and latest(reports) == number:
            self.status[task] = DONE

    @rule(note=consumes(notes))
    def take_back(self, note: tuple[str, str]) -> None:
        """Remove a note."""
        task, number = note
        self.admin.remove("activity", number).expect(200)
        del self.reports[task][number]

    @rule(task=st.sampled_from(TASKS), status=STATUSES)
    def decide(self, task: str, status: int) -> None:
        """Give a task a status by hand."""
        self.admin.change("task", self.tasks[task], status=status).expect(200)
        self.status[task] = status

    @rule(task=st.sampled_from(TASKS), progress=st.integers(0, 99))
    def write(self, task: str, progress: int) -> None:
        """Give a task a progress by hand, which shows where none was reported."""
        self.admin.change("task", self.tasks[task], progress=progress).expect(200)
        self.written[task] = progress

    @precondition(lambda self: any(self.reports.values()))
    @rule()
    def move_on(self) -> None:
        """Let time pass."""
        self.world.advance(1)

    @invariant()
    def tasks_are_the_sums(self) -> None:
        """Hours are the sum, progress is the newest, the status what it became."""
        for task, number in self.tasks.items():
            shown = self.admin.shown("task", number)
            reports = self.reports[task]
            hours = sum(note["hours"] or 0 for note in reports.values())
            newest = latest(reports)
            told = self.written[task] if newest is None else reports[newest]["progress"]
            found = (shown["hoursDone"], shown["progress"], shown["status"])
            assert found == (hours, told, self.status[task])


@clause("FP-TASK-19", "FP-TASK-20", "FP-TASK-22", "FP-TASK-23", "FP-ACTIVITY-20")
def test_histories_of_reports(target: Target) -> None:
    """After any history hours are the sum, and progress that of the newest report."""
    play(Reports, target)


@clause("FP-TASK-18", "FP-TASK-19")
@given(hours=st.lists(st.integers(0, 4000), max_size=5))
def test_hours_are_summed(target: Target, hours: list[int]) -> None:
    """hoursDone is the sum of those of the task's progress activities."""
    with target.world() as world:
        task, other = (new(world.admin, "task")["id"] for _ in "ab")
        for quarter in hours:
            words = {"type": "progress", "hoursDone": quarter / 4}
            world.admin.made("activity", taskId=task, **words)
        with judging("FP-TASK-18" if hours else "FP-TASK-19"):
            assert world.admin.shown("task", task)["hoursDone"] == sum(hours) / 4
        assert world.admin.shown("task", other)["hoursDone"] == 0
        assert world.admin.listed("task")[task]["hoursDone"] == sum(hours) / 4


@clause("FP-TASK-19")
def test_hours_follow_the_notes(target: Target) -> None:
    """hoursDone follows notes that are changed and removed, 0 without one."""
    with target.world() as world:
        admin, task = world.admin, new(world.admin, "task")["id"]
        words = {"taskId": task, "type": "progress"}
        one, two = (admin.made("activity", hoursDone=h, **words) for h in (1.5, 2.25))
        assert admin.shown("task", task)["hoursDone"] == 3.75
        admin.change("activity", one["id"], hoursDone=4).expect(200)
        assert admin.shown("task", task)["hoursDone"] == 6.25
        admin.change("activity", one["id"], type="msg").expect(200)
        assert admin.shown("task", task)["hoursDone"] == 2.25
        admin.remove("activity", two["id"]).expect(200)
        assert admin.shown("task", task)["hoursDone"] == 0


@clause("FP-TASK-20")
def test_progress_is_the_newest(target: Target) -> None:
    """progress is that of the newest progress activity that reports one."""
    with target.world() as world:
        admin, task = world.admin, new(world.admin, "task", progress=5)["id"]
        words = {"taskId": task, "type": "progress"}
        notes = [admin.made("activity", progress=p, **words)["id"] for p in (80, 20)]
        admin.made("activity", hoursDone=1, **words)
        assert admin.shown("task", task)["progress"] == 20
        assert changed(admin, "task", task, progress=55)["progress"] == 20
        admin.change("activity", notes[0], progress=90).expect(200)
        assert admin.shown("task", task)["progress"] == 20
        admin.remove("activity", notes[1]).expect(200)
        assert admin.shown("task", task)["progress"] == 90
        admin.remove("activity", notes[0]).expect(200)
        assert admin.shown("task", task)["progress"] == 55


@clause("FP-TASK-21", "FP-TASK-22")
@pytest.mark.parametrize("status", [10, 20, 30])
def test_a_progress_of_100(target: Target, status: int) -> None:
    """A progress of 100, where it is the newest, sets the task's status to 30."""
    with target.world() as world:
        admin, task = world.admin, new(world.admin, "task", status=status)["id"]
        words = {"taskId": task, "type": "progress"}
        note = admin.made("activity", progress=99, **words)["id"]
        assert admin.shown("task", task)["status"] == status
        admin.made("activity", progress=100, **words)
        assert admin.shown("task", task)["status"] == DONE
        admin.change("task", task, status=status).expect(200)
        admin.change("activity", note, progress=100).expect(200)
        assert admin.shown("task", task)["status"] == status


@clause("FP-TASK-22")
def test_a_note_that_becomes_100(target: Target) -> None:
    """A progress that is changed to 100 closes the task where it is the newest."""
    with target.world() as world:
        admin, task = world.admin, new(world.admin, "task")["id"]
        words = {"taskId": task, "type": "progress"}
        note = admin.made("activity", progress=10, **words)["id"]
        admin.change("activity", note, progress=100).expect(200)
        assert admin.shown("task", task)["status"] == DONE


@clause("FP-TASK-23")
@given(progress=st.integers(0, 99), status=STATUSES)
def test_less_than_100(target: Target, progress: int, status: int) -> None:
    """A progress of less than 100 leaves the status, and so does removing it."""
    with target.world() as world:
        admin, task = world.admin, new(world.admin, "task", status=status)["id"]
        words = {"taskId": task, "type": "progress"}
        note = admin.made("activity", progress=progress, **words)["id"]
        assert admin.shown("task", task)["status"] == status
        admin.change("activity", note, progress=99 - progress).expect(200)
        assert admin.shown("task", task)["status"] == status
        admin.remove("activity", note).expect(200)
        assert admin.shown("task", task)["status"] == status


@clause("FP-TASK-23")
def test_taking_back_what_closed(target: Target) -> None:
    """Taking back the progress of 100, or reporting less, opens nothing again."""
    with target.world() as world:
        admin, task = world.admin, new(world.admin, "task")["id"]
        words = {"taskId": task, "type": "progress"}
        note = admin.made("activity", progress=100, **words)["id"]
        admin.made("activity", progress=50, **words)
        assert admin.shown("task", task)["status"] == DONE
        admin.remove("activity", note).expect(200)
        assert admin.shown("task", task)["status"] == DONE


@clause("FP-ACTIVITY-20")
@pytest.mark.parametrize(
    "kind", ["msg", "file", "googledocs", "ss_boards", "ff_boards"]
)
def test_other_activities_move_nothing(target: Target, kind: str) -> None:
    """Hours and progress of an activity that is no progress move nothing."""
    with target.world() as world:
        before = new(world.admin, "task", progress=5)
        words = {"taskId": before["id"], "hoursDone": 8, "progress": 100}
        note = world.admin.made("activity", type=kind, **words)
        assert (note["hoursDone"], note["progress"]) == (8, 100)
        shown = world.admin.shown("task", before["id"])
        for name in ("hoursDone", "progress", "status"):
            assert shown[name] == before[name]
