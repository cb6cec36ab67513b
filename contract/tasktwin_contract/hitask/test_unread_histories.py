"""What is unread after histories of several people, against a few lines of rule."""

from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, rule

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.events import comment, entry
from tasktwin_contract.hitask.steps import update
from tasktwin_contract.hitask.test_unread import COMMENT, MODIFIED, NEW, READ
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target

NAMES = ("owner", "member", "colleague")
names = st.sampled_from(NAMES)
nobody_or_names = st.none() | names
sets_of_names = st.sets(names)


@dataclass
class Known:
    """An item as the rule sees it: who has to do with it, and how unread it is."""

    item: Object
    creator: str
    assignee: str | None
    participants: set[str]
    title: str
    unread: dict[str, int] = field(default_factory=dict)

    def tell(self, doer: str, kind: int) -> None:
        """Have it be unread by those who have to do with it, but not by the doer."""
        told = {self.creator, self.assignee, *self.participants} - {None, doer}
        for name in told:
            self.unread[str(name)] = max(kind, self.unread.get(str(name), READ))


class Readers(WorldMachine):
    """Three people, each of whom may do anything to each other's items."""

    items = Bundle("items")

    def settle(self) -> None:
        """Start with no items."""
        self.known: dict[int, Known] = {}

    def actor(self, name: str) -> Actor:
        """The one of that name."""
        actor: Actor = getattr(self.world, name)
        return actor

    @initialize(target=items, doer=names, assignee=names)
    def first(self, doer: str, assignee: str) -> int:
        """There is an item that somebody else may be assigned to."""
        return self._made(doer, None, assignee, set())

    @rule(
        target=items,
        doer=names,
        assignee=nobody_or_names,
        participants=sets_of_names,
    )
    def create(self, doer: str, assignee: str | None, participants: set[str]) -> int:
        """Make an item at the root."""
        return self._made(doer, None, assignee, participants)

    @rule(target=items, doer=names, parent=items, assignee=nobody_or_names)
    def create_below(self, doer: str, parent: int, assignee: str | None) -> int:
        """Make an item below another one, which is told of it."""
        made = self._made(doer, parent, assignee, set())
        self.known[parent].tell(doer, MODIFIED)
        return made

    @rule(doer=names, item=items, title=st.sampled_from("abc"))
    def retitle(self, doer: str, item: int, title: str) -> None:
        """Send a title, perhaps the one that the item has."""
        known = self.known[item]
        update(self.actor(doer), known.item, title=title).expect(200)
        if known.title != title:
            known.title = title
            known.tell(doer, MODIFIED)

    @rule(
        doer=names,
        item=items,
        assignee=nobody_or_names,
        participants=sets_of_names,
    )
    def assign(
        self, doer: str, item: int, assignee: str | None, participants: set[str]
    ) -> None:
        """Have others have to do with an item; those who leave are not told."""
        known = self.known[item]
        sent = self._people(assignee, participants)
        update(self.actor(doer), known.item, title=known.title, **sent).expect(200)
        before = known.assignee, known.participants
        known.assignee, known.participants = assignee, participants
        if before != (assignee, participants):
            known.tell(doer, MODIFIED)

    @rule(doer=names, item=items)
    def comment(self, doer: str, item: int) -> None:
        """Comment on an item."""
        known = self.known[item]
        comment(self.actor(doer), known.item).expect(200)
        known.tell(doer, COMMENT)

    @rule(doer=names, item=items)
    def read(self, doer: str, item: int) -> None:
        """Mark an item read."""
        known = self.known[item]
        self.actor(doer).call("markRead", guid=known.item["guid"]).expect(200)
        known.unread[doer] = READ

    @rule(doer=names, item=items, starred=st.booleans())
    def star(self, doer: str, item: int, starred: bool) -> None:
        """Star an item, or take the star off, which nobody is told of."""
        known = self.known[item]
        sent = {"title": known.title, "starred": starred}
        update(self.actor(doer), known.item, **sent).expect(200)

    @invariant()
    def unread_is_as_the_rule_says(self) -> None:
        """Everybody's list has every item as unread as the rule says."""
        for name in NAMES:
            listed = self.actor(name).items()
            shown = {n: listed[n]["unread"] or READ for n in self.known}
            told = {n: k.unread.get(name, READ) for n, k in self.known.items()}
            assert shown == told, f"unread for {name}"

    def _made(
        self, doer: str, parent: int | None, assignee: str | None, others: set[str]
    ) -> int:
        entries = [entry(self.actor(name), 100) for name in NAMES]
        place = {"permissions": entries} if parent is None else {"parent": parent}
        sent = {**place, **self._people(assignee, others)}
        item = self.actor(doer).item(title="a", **sent)
        known = Known(item, doer, assignee, others, "a")
        known.tell(doer, NEW)
        number: int = item["id"]
        self.known[number] = known
        return number

    def _people(self, assignee: str | None, others: set[str]) -> dict[str, object]:
        return {
            "assignee": self.actor(assignee).number if assignee else 0,
            "participants": [self.actor(name).number for name in sorted(others)],
        }


@clause("HT-UNREAD-11")
def test_histories_of_readers(target: Target) -> None:
    """Any history leaves everybody's items as unread as the rule predicts."""
    play(Readers, target)
