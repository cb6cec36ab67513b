"""Histories of tasks that several users move, against the table."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, rule

from tasktwin_contract.clauses import clause
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.gsmtasks.bodies import file_in_json
from tasktwin_contract.gsmtasks.histories import history, is_called, linked
from tasktwin_contract.gsmtasks.states import (
    ACTIONS,
    AFTER,
    MANAGERS,
    TABLE,
    WORKERS,
    given,
    named,
    succeeding,
)
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target

RANKED = ("manager", "both")
HANDS = ("worker", "second_worker", "both")
PEOPLE = ("manager", "worker", "second_worker", "both", "stranger")
COUNTED = ("events", "documents", "signatures")
anybody = st.sampled_from(PEOPLE)
hands = st.sampled_from(HANDS)
ranked = st.sampled_from(RANKED)


class Tasks(WorldMachine):
    """Make, move, hand over and change tasks, by managers, workers and who is both."""

    tasks = Bundle("tasks")

    def settle(self) -> None:
        """Start with no tasks, and a file to attach."""
        self.model: dict[str, dict[str, Any]] = {}
        self.touched: tuple[str, str] | None = None
        world = self.world
        self.users = {name: getattr(world, name).user for name in PEOPLE}
        made = world.manager.make("file_upload", file=file_in_json())
        self.file = made["url"]

    @rule(target=tasks, maker=ranked, hand=st.none() | hands)
    def create(self, maker: str, hand: str | None) -> Object:
        """Make a task, for somebody or for nobody."""
        sent = {"assignee": named(self._actor(hand))} if hand else {}
        task: Object = self._actor(maker).made("task", **sent)
        names = ["create", *(["assign"] if hand else [])]
        state = "assigned" if hand else "unassigned"
        self.model[task["id"]] = {"state": state, "hand": hand, "events": names}
        self._check(task, task["id"], maker)
        return task

    @rule(task=tasks, who=anybody, action=st.sampled_from(ACTIONS), hand=hands)
    def move(self, task: Object, who: str, action: str, hand: str) -> None:
        """Try a transition, whoever asks."""
        known, actor = self.model[task["id"]], self._actor(who)
        reply = actor.act(action, task, **given(action, self._actor(hand)))
        legal = action in TABLE[known["state"]]
        if not self._sees(who, known):
            reply.refused(404)
        elif action in MANAGERS and who not in RANKED:
            reply.refused(403 if legal else None)
        elif not legal:
            reply.refused(402)
        else:
            self._moved(known, action, hand)
            assert reply.expect(200)["state"] == known["state"]
        self.touched = (task["id"], who)

    @rule(task=tasks, who=ranked, hand=st.none() | hands)
    def hand_over(self, task: Object, who: str, hand: str | None) -> None:
        """Give a task another assignee by an update, or none."""
        known = self.model[task["id"]]
        action = "assign" if hand else "unassign"
        sent = named(self._actor(hand)) if hand else None
        reply = self._actor(who).put("task", task, assignee=sent)
        if known["hand"] == hand:
            reply.expect(200)
        elif action not in TABLE[known["state"]]:
            assert reply.refused(400)["assignee"] is not None
        else:
            reply.expect(200)
            self._moved(known, action, hand or "")
        self.touched = (task["id"], who)

    @rule(task=tasks, noun=st.sampled_from(["document", "signature"]))
    def attach(self, task: Object, noun: str) -> None:
        """Attach the file to a task."""
        shown = {"visible_to_worker": True} if noun == "document" else {}
        named_so = {"task": task["url"], "file_upload": self.file}
        self.world.manager.made(noun, **named_so, **shown)
        self.touched = (task["id"], "manager")

    @rule(task=tasks)
    def hide(self, task: Object) -> None:
        """Attach what workers do not see."""
        named_so = {"task": task["url"], "file_upload": self.file}
        self.world.manager.made("document", **named_so, visible_to_worker=False)
        self.touched = (task["id"], "worker")

    @rule(task=tasks, who=anybody)
    def look(self, task: Object, who: str) -> None:
        """Have another one look at a task, and try all that can be done with it."""
        known = self.model[task["id"]]
        self.touched = (task["id"], who)
        if self._sees(who, known):
            found = succeeding(self.target, self.world, who, task)
            wanted = self._possible(who, known)
            if found != wanted:
                words = f"{sorted(wanted)} to succeed for {who}"
                raise ClauseBrokenError(words, str(sorted(found)))

    @invariant()
    def the_table_is_kept(self) -> None:
        """Every task is where the table says, and what was touched is whole."""
        listed = self.world.manager.listed("task")
        for number, known in self.model.items():
            shown, whose = listed[number], known["hand"]
            assert shown["state"] == known["state"]
            assert shown["assignee"] == (self.users[whose] if whose else None)
        if self.touched is not None:
            number, who = self.touched
            self._check(listed[number], number, who)
            self.touched = None

    def _check(self, task: Object, number: str, who: str) -> None:
        """Demand that actions, events and counts of a task are true for somebody."""
        known = self.model[number]
        if not self._sees(who, known):
            self._actor(who).get("task", task).refused(404)
            return
        shown = self._actor(who).shown("task", task)
        assert set(shown["actions"]) == self._possible(who, known), f"for {who}"
        events = history(self._actor(who), task)
        linked(events, known["state"])
        assert len(events) == len(known["events"])
        for event, name in zip(events, known["events"], strict=True):
            assert is_called(event, name)
        for name in COUNTED:
            number_of = len(self._actor(who).of_task(name.capitalize(), task))
            assert shown["counts"][name] in (None, number_of), f"counts.{name}"

    def _possible(self, who: str, known: dict[str, Any]) -> set[str]:
        mine = ACTIONS if who in RANKED else WORKERS
        return {action for action in TABLE[known["state"]] if action in mine}

    def _moved(self, known: dict[str, Any], action: str, hand: str) -> None:
        known["state"] = AFTER[action]
        known["events"].append(action)
        if action == "assign":
            known["hand"] = hand
        if known["state"] == "unassigned":
            known["hand"] = None

    def _sees(self, who: str, known: dict[str, Any]) -> bool:
        return who in RANKED or (who != "stranger" and known["hand"] == who)

    def _actor(self, name: str) -> Any:
        return getattr(self.world, name)


@clause("GT-STATE-31", "GT-STATE-04", "GT-EVENT-10", "GT-TASK-34")
def test_histories_of_tasks(target: Target) -> None:
    """After any history of transitions each task is where the table predicts."""
    play(Tasks, target)
