"""Histories of tags: what items, lists and copies say of them."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, invariant, rule

from tasktwin_contract.actors import Actor
from tasktwin_contract.checks import Violation
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.deltas import (
    Copy,
    changed_between,
    comparable,
    delta,
    listed,
)
from tasktwin_contract.hitask.levels import entry
from tasktwin_contract.hitask.steps import update
from tasktwin_contract.hitask.tagging import add, drop, rename, retag, tag_list
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target

words = st.sampled_from(["home", "work", "\u0442\u0435\u0433"])
numbers = st.integers(0, 99)


class Tags(WorldMachine):
    """Items with tags that one person writes, and another sees some of."""

    items = Bundle("items")

    def settle(self) -> None:
        """Start with an item that both see, to make others below it."""
        self.owner, self.viewer = self.world.owner, self.world.member
        entries = [entry(self.viewer, 10)]
        self.shared = self.owner.item(tags=["home", "work"], permissions=entries)
        self.copies = [(one, Copy(listed(one))) for one in (self.owner, self.viewer)]
        self.steps = 0

    @rule(target=items, names=st.sets(words, max_size=2), below=st.booleans())
    def make(self, names: set[str], below: bool) -> Object:
        """Make an item with tags, which both see or only its owner does."""
        parent = self.shared["id"] if below else 0
        made: Object = self.owner.item(tags=sorted(names), parent=parent)
        return made

    @rule(item=items, names=st.sets(words, max_size=2))
    def write(self, item: Object, names: set[str]) -> None:
        """Give an item other tags."""
        retag(self.owner, item, *sorted(names))

    @rule(item=items, name=words)
    def put_on(self, item: Object, name: str) -> None:
        """Put a tag on an item."""
        add(self.owner, item, name).arranged()

    @rule(n=numbers, name=words)
    def rename(self, n: int, name: str) -> None:
        """Rename a tag, unless the name is in use."""
        for tag in self.some_tag(n):
            rename(self.owner, tag, name)

    @rule(n=numbers)
    def drop(self, n: int) -> None:
        """Delete a tag."""
        for tag in self.some_tag(n):
            drop(self.owner, tag).arranged()

    @rule(item=consumes(items))
    def delete(self, item: Object) -> None:
        """Delete an item, with what it carries."""
        self.owner.call("deleteItem", guid=item["guid"]).arranged()

    @rule(item=items, name=words)
    def put_away(self, item: Object, name: str) -> None:
        """Archive an item, rename a tag meanwhile, and bring the item back."""
        self.owner.call("archiveItem", id=item["id"]).arranged()
        self.rename(item["id"], name)
        self.owner.call("restoreItem", id=item["id"]).arranged()

    @rule(shown=st.booleans())
    def share(self, shown: bool) -> None:
        """Share the item that is above others, or do so no more."""
        entries = [entry(self.viewer, 10)] if shown else []
        update(self.owner, self.shared, permissions=entries).arranged()

    @invariant()
    def all_agree(self) -> None:
        """The items, the list of tags and the copy of one of them say the same."""
        self.steps += 1
        actor, copy = self.copies[self.steps % 2]
        now = listed(actor)
        self.hold_names(actor, list(now.items.values()))
        copy.apply(delta(actor, copy.cursor))
        wrong = changed_between(copy.items, now.items)
        for number in wrong | (copy.items.keys() - now.items.keys()):
            due, kept = now.items.get(number), copy.items.get(number)
            self.note("HT-TAG-38", f"{_shown(due)} in the copy", _shown(kept))

    def hold_names(self, actor: Actor, items: list[Object]) -> None:
        """Note the names on items that are not those of one tag in the list."""
        known = [str(tag["name"]) for tag in tag_list(actor)]
        for item in items:
            for name in item["tags"] or []:
                if known.count(name) != 1:
                    wanted = f"one tag {name!r} for the {actor.name}"
                    self.note("HT-TAG-19", wanted, str(sorted(known)))

    def some_tag(self, n: int) -> list[Object]:
        """One of the tags that there are, or none."""
        tags = tag_list(self.owner)
        return [tags[n % len(tags)]] if tags else []

    def note(self, broken: str, expected: str, actual: str) -> None:
        """Keep what is broken."""
        self.target.note(Violation(broken, expected, actual), self.world)


def _shown(item: Object | None) -> Any:
    return "nothing" if item is None else str(comparable(item))[:300]


@clause("HT-TAG-19", "HT-TAG-38")
def test_tags_agree_after_any_history(target: Target) -> None:
    """Names on items are those of the list, and copies kept by deltas have them."""
    play(Tags, target)
