"""Acts of archiving and restoring in any order, against a few lines of rule."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, multiple, rule

from tasktwin_contract.clauses import clause
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.reply import Reply
from tasktwin_contract.target import Target


class Archive(WorldMachine):
    """One user's items, which go into the archive and come back in any order."""

    items = Bundle("items")

    def settle(self) -> None:
        """Start with no items."""
        self.owner = self.world.owner
        self.parents: dict[int, int] = {}
        self.guids: dict[int, str] = {}
        self.acts: dict[int, int] = {}
        self.count = 0

    @initialize(target=items)
    def first(self) -> Any:
        """There is an item with one below it, and one below that, and so on."""
        made = [self._made(0)]
        for _ in range(3):
            made.append(self._made(made[-1]))
        return multiple(*made)

    @rule(target=items, parent=items)
    def create(self, parent: int) -> int:
        """Make an item below another, at the root if that is archived."""
        return self._made(0 if parent in self.acts else parent)

    @rule(item=items, by=st.sampled_from(["id", "guid"]))
    def archive(self, item: int, by: str) -> None:
        """Archive an item with what is below, or what is archived once more."""
        reply = self._call("archiveItem", item, by)
        if item in self.acts:
            reply.refused(404)
            return
        reply.expect(200)
        self.count += 1
        self.acts = dict.fromkeys(self._with_below(item), self.count) | self.acts

    @rule(item=items, by=st.sampled_from(["id", "guid"]))
    def restore(self, item: int, by: str) -> None:
        """Bring an item back with what went with it, or what is there already."""
        reply = self._call("restoreItem", item, by)
        if item not in self.acts:
            reply.refused(404)
            return
        reply.expect(200)
        if self.parents[item] in self.acts:
            self.parents[item] = 0
        act = self.acts[item]
        for one in self._with_below(item):
            if self.acts.get(one) == act:
                del self.acts[one]

    @invariant()
    def the_list_is_what_the_acts_leave(self) -> None:
        """The list holds what is not archived, each item at its place."""
        listed = {number: one["parent"] for number, one in self.owner.items().items()}
        known = self.parents.items()
        assert listed == {one: top for one, top in known if one not in self.acts}

    def _call(self, name: str, item: int, by: str) -> Reply:
        names = {"id": item, "guid": self.guids[item]}
        return self.owner.call(name, **{by: names[by]})

    def _made(self, parent: int) -> int:
        item = self.owner.item(parent=parent)
        number: int = item["id"]
        self.parents[number] = parent
        self.guids[number] = item["guid"]
        return number

    def _with_below(self, item: int) -> set[int]:
        below = {one for one, parent in self.parents.items() if parent == item}
        return {item}.union(*map(self._with_below, below))


class Crowd(Archive):
    """The same, several at once and with copies of what is away."""

    @rule(picked=st.lists(Archive.items, min_size=1, max_size=4))
    def archive_several(self, picked: list[int]) -> None:
        """Archive several in one act, those passed over that are archived."""
        parted = ",".join(map(str, picked))
        self.owner.call("archiveMultiple", id=parted).expect(200)
        going = [self._with_below(one) for one in picked if one not in self.acts]
        self.count += 1
        self.acts = dict.fromkeys(set().union(*going), self.count) | self.acts

    @rule(target=Archive.items, item=Archive.items, by=st.sampled_from(["id", "guid"]))
    def copy(self, item: int, by: str) -> Any:
        """Make a copy of what is away, at its place; of nothing else there is any."""
        reply = self._call("restoreCopy", item, by)
        if item not in self.acts:
            reply.refused(404)
            return multiple()
        parent, number = self.parents[item], reply.expect(200)["id"]
        self.parents[number] = 0 if parent in self.acts else parent
        self.guids[number] = reply["guid"]
        return number


@clause("HT-ARCHIVE-10", "HT-ARCHIVE-11", "HT-ARCHIVE-12")
def test_histories_of_an_archive(target: Target) -> None:
    """Acts of archiving and restoring in any order leave what a dictionary predicts."""
    play(Archive, target)


@clause("HT-BULK-02", "HT-BULK-17", "HT-COPY-17", "HT-COPY-18")
def test_histories_with_copies(target: Target) -> None:
    """Several at once, and copies of them, leave what a dictionary predicts."""
    play(Crowd, target)
