"""Histories of orders and tasks, against a plain dictionary."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, rule

from tasktwin_contract.clauses import clause
from tasktwin_contract.gsmtasks.states import named
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target

ENDS = st.sampled_from(["complete", "cancel", "fail"])


class Orders(WorldMachine):
    """Make orders and tasks, put tasks into orders by either side, and end them."""

    orders = Bundle("orders")
    tasks = Bundle("tasks")

    def settle(self) -> None:
        """Start with no orders."""
        self.manager = self.world.manager
        self.model: dict[str, list[str]] = {}
        self.all: dict[str, None] = {}
        self.ended: set[str] = set()

    @rule(target=tasks, order=st.none() | orders)
    def make_task(self, order: Object | None) -> Object:
        """Make a task, in an order or in none."""
        sent = {"order": order["url"] if order else None}
        hand = named(self.world.worker)
        made: Object = self.manager.made("task", assignee=hand, **sent)
        self.all[made["url"]] = None
        if order:
            self.model[order["url"]].append(made["url"])
        return made

    @rule(target=orders, chosen=st.lists(tasks, max_size=3))
    def make_order(self, chosen: list[Object]) -> Any:
        """Make an order of some tasks, unless one of them has to stay elsewhere."""
        sent = list(dict.fromkeys(task["url"] for task in chosen))
        if any(url in self.ended and self._order(url) for url in sent):
            self.manager.post("order", tasks=sent).refused(400)
            sent = []
        made: Object = self.manager.made("order", tasks=sent)
        self._take(sent)
        self.model[made["url"]] = sent
        return made

    @rule(order=orders, chosen=st.lists(tasks, max_size=3), keep=st.booleans())
    def give(self, order: Object, chosen: list[Object], keep: bool) -> None:
        """Give an order these tasks, with those that it has or without."""
        url = order["url"]
        sent = list(dict.fromkeys(task["url"] for task in chosen))
        if keep:
            sent = list(dict.fromkeys([*self.model[url], *sent]))
        lost = [one for one in self.model[url] if one not in sent]
        stolen = [one for one in sent if self._order(one) not in (None, url)]
        reply = self.manager.put("order", order, tasks=sent)
        if self.ended & {*lost, *stolen}:
            reply.refused(400)
            return
        assert reply.expect(200)["tasks"] == sent
        self._take(stolen)
        self.model[url] = sent

    @rule(task=tasks, order=st.none() | orders)
    def move(self, task: Object, order: Object | None) -> None:
        """Give a task another order, or none."""
        url, wanted = task["url"], order["url"] if order else None
        known = self._order(url)
        reply = self.manager.put("task", task, order=wanted)
        if url in self.ended and known not in (None, wanted):
            reply.refused(400)
            return
        reply.expect(200)
        if known != wanted:
            self._take([url])
            if wanted:
                self.model[wanted].append(url)

    @rule(task=tasks, action=ENDS)
    def end(self, task: Object, action: str) -> None:
        """Complete, cancel or fail a task, if its state allows it."""
        reply = self.manager.act(action, task)
        if reply.status == 200 and action != "fail":
            self.ended.add(task["url"])

    @invariant()
    def the_lists_are_the_model(self) -> None:
        """Each order lists what the history left, and tasks say the same."""
        listed = self.manager.listed("order").values()
        assert {one["url"]: one["tasks"] for one in listed} == self.model
        for task in self.manager.listed("task").values():
            assert task["order"] == self._order(task["url"])

    def _order(self, url: str) -> str | None:
        found = (order for order, tasks in self.model.items() if url in tasks)
        return next(found, None)

    def _take(self, urls: list[str]) -> None:
        for tasks in self.model.values():
            tasks[:] = [url for url in tasks if url not in urls]


@clause("GT-ORDER-17", "GT-ORDER-06", "GT-ORDER-08")
def test_histories_of_orders(target: Target) -> None:
    """After any history each order lists what a plain dictionary predicts."""
    play(Orders, target)
