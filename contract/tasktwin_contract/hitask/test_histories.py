"""Histories of items, against a plain dictionary."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, invariant, multiple, rule

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.steps import create, milliseconds, update
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.reply import Object
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target


class Items(WorldMachine):
    """Create, update, complete, move and delete, by one user."""

    items = Bundle("items")

    def settle(self) -> None:
        """Start with no items."""
        self.owner = self.world.owner
        self.model: dict[int, dict[str, Any]] = {}
        self.seen: set[int] = set()
        self.before: dict[int, Object] = {}
        self.written: set[int] = set()
        self.cursor = 0
        self.left = False

    @rule(target=items, title=titles(20), color=st.integers(0, 7))
    def create(self, title: str, color: int) -> int:
        """Make an item at the root."""
        return self._created(title=title, color=color, parent=0)

    @rule(target=items, parent=items, title=titles(20))
    def create_below(self, parent: int, title: str) -> Any:
        """Make an item below another, if that is still there."""
        if parent not in self.model:
            return multiple()
        return self._created(title=title, color=0, parent=parent)

    @rule(item=items, title=titles(20), color=st.integers(0, 7))
    def change(self, item: int, title: str, color: int) -> None:
        """Give an item another title and colour."""
        self._update(item, title=title, color=color)

    @rule(item=items, completed=st.booleans(), cascade=st.booleans())
    def complete(self, item: int, completed: bool, cascade: bool) -> None:
        """Complete an item, or take it back, with what is below or without."""
        if self._update(item, cascade=cascade, completed=completed):
            below = self._below(item) if completed and cascade else set()
            for other in below:
                if not self.model[other]["completed"]:
                    self.model[other]["completed"] = True
                    self._count(other)

    @rule(item=items, parent=items)
    def move(self, item: int, parent: int) -> None:
        """Put an item below another; never below itself."""
        if parent in self.model and parent not in self._below(item) | {item}:
            self._update(item, parent=parent)
        elif parent in self.model and item in self.model:
            stored = Object(self.model[item])
            update(self.owner, stored, parent=parent).refused()

    @rule(item=items)
    def move_up(self, item: int) -> None:
        """Put an item back to the root."""
        self._update(item, parent=0)

    @rule(item=consumes(items))
    def delete(self, item: int) -> None:
        """Delete an item with all that is below, or once more what has gone."""
        known = self.model.get(item)
        if known is None:
            self.owner.call("deleteItem", guid=item).refused()
            return
        self.owner.call("deleteItem", guid=known["guid"]).expect(200)
        for gone in self._below(item) | {item}:
            del self.model[gone]
            self.left = True

    @invariant()
    def the_list_is_the_model(self) -> None:
        """The list holds what the history left, and nothing was touched besides."""
        reply = self.owner.call("listItems").expect(200)
        listed = {item["id"]: item for item in reply.data}
        assert listed.keys() == self.model.keys()
        for number, facts in self.model.items():
            shown = {key: listed[number][key] for key in facts}
            assert {**shown, "completed": bool(shown["completed"])} == facts
        for number in listed.keys() & self.before.keys() - self.written:
            assert listed[number] == self.before[number], "untouched items stay"
        for number in listed.keys() & self.before.keys() & self.written:
            old, new = (i[number]["time_last_update"] for i in (self.before, listed))
            assert milliseconds(old) < milliseconds(new)
        assert reply.cursor >= self.cursor or self.left
        self.before, self.written = listed, set()
        self.cursor, self.left = reply.cursor, False

    def _created(self, **facts: Any) -> int:
        guid = self.world.guid()
        made = create(self.owner, guid=guid, **facts).expect(200)
        number: int = made["id"]
        assert number not in self.seen, "ids are never reused"
        self.seen.add(number)
        self.model[number] = {**facts, "guid": guid, "completed": False, "version": 1}
        return number

    def _update(self, item: int, cascade: bool | None = None, **facts: Any) -> bool:
        """Update an item; False where it has gone."""
        known = self.model.get(item)
        if known is None:
            self.owner.call("updateItem", id=item, **facts).refused()
            return False
        sent = facts if cascade is None else {**facts, "cascade": cascade}
        self.owner.call("updateItem", id=item, **sent).expect(200)
        if any(known[key] != value for key, value in facts.items()):
            self._count(item)
        known.update(facts)
        return True

    def _count(self, item: int) -> None:
        self.model[item]["version"] += 1
        self.written.add(item)

    def _below(self, item: int) -> set[int]:
        found = {
            number for number, facts in self.model.items() if facts["parent"] == item
        }
        return found.union(*(self._below(number) for number in found))


@clause("HT-ITEM-28")
def test_histories_of_items(target: Target) -> None:
    """Any history of one user's items leaves the list that a dictionary predicts."""
    play(Items, target)
