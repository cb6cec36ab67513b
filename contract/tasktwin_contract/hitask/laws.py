"""The laws of cursors and deltas, as predicates over what viewers were answered.

Each yields what is broken, as the clause that is broken, what it wants and what was
there; none of them asks the target for anything.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tasktwin_contract.checks import Violation
from tasktwin_contract.hitask.deltas import (
    DERIVED,
    STAMPS,
    Delta,
    Items,
    Listing,
    changed_between,
    differing,
    newest,
)
from tasktwin_contract.hitask.steps import milliseconds, unit
from tasktwin_contract.reply import Object

Found = Iterator[Violation]

CREATE, OWN, STAR, READ = "create", "own", "star", "read"
SHARE, RESTORE, REGROUP, NOTHING = "share", "restore", "regroup", "nothing"
UNCOMMENT = "uncomment"
UNTOLD = frozenset(  # what a delta keeps to itself breaks one of these
    f"HT-DELTA-{number}" for number in (17, 18, 27, 39, 40, 41, 42, 49, 50, 53, 54)
)
TOLD_APART = frozenset({"permissions", "alerts", "completed", "last_comment_id"})
STUB = {"changed": False}


@dataclass(frozen=True)
class Step:
    """One step of a history: what kind of write it was, by whom, on which item.

    `latest` is the greatest time_last_update before it, in milliseconds.
    """

    kind: str = NOTHING
    doer: str | None = None
    item: int | None = None
    latest: int = -1


@dataclass(frozen=True)
class View:
    """What one viewer got before a step and after it, and the delta between."""

    viewer: str
    step: Step
    before: Listing
    after: Listing
    delta: Delta

    @property
    def does(self) -> bool:
        """Whether it is this viewer who made the step."""
        return self.viewer == self.step.doer

    @property
    def moved(self) -> set[int]:
        """The ids of the listed items that the step added or gave another stamp."""
        before, after = self.before.items, self.after.items
        new = {n for n in after.keys() - before.keys() if self._is_new(after[n])}
        old = after.keys() & before.keys()
        return new | {n for n in old if _stamp(before[n]) != _stamp(after[n])}

    def _is_new(self, item: Object) -> bool:
        return _stamp(item) > self.step.latest


def laws(view: View, complete: bool) -> Found:
    """What `view` breaks; a delta that is not `complete` has no stubs."""
    yield from of_cursors(view)
    yield from of_progress(view)
    yield from of_the_changed(view)
    yield from of_the_whole(view.delta.changed, view.after.items)
    yield from of_versions(view)
    if complete:
        yield from of_the_others(view)


def of_cursors(view: View) -> Found:
    """How the cursors of a list and of a delta stand to each other and to stamps."""
    after, delta = view.after, view.delta
    if _is_older(after.cursor, after.items):
        yield _broken("HT-DELTA-03", "a cursor not older than its items", after.cursor)
    if _is_older(delta.cursor, delta.changed):
        yield _broken("HT-DELTA-13", "a cursor not older than its items", delta.cursor)
    if delta.cursor != after.cursor:
        wanted = f"the cursor of the list, {after.cursor}"
        yield _broken("HT-DELTA-16", wanted, delta.cursor)
    last = newest(after.items.values())
    if view.does and view.moved and delta.cursor != last:
        yield _broken("HT-DELTA-15", f"the stamp {last} as cursor", delta.cursor)


def of_progress(view: View) -> Found:
    """Cursors do not go back while nothing leaves the list."""
    if view.before.items.keys() - view.after.items.keys():
        return
    wanted = f"a cursor not before {view.before.cursor}"
    if view.after.cursor < view.before.cursor:
        yield _broken("HT-DELTA-06", wanted, view.after.cursor)
    if view.delta.cursor < view.before.cursor:
        yield _broken("HT-DELTA-34", wanted, view.delta.cursor)


def of_the_changed(view: View) -> Found:
    """A delta has as changed what the step changed for the viewer, and no more."""
    before, after = view.before.items, view.after.items
    due = changed_between(before, after)
    told = view.delta.changed.keys()
    for number in due - told:
        wanted = f"changed true on item {number} for the {view.viewer}"
        actual = _how(before.get(number), after[number])
        yield Violation(_clause_of_missing(view, number), wanted, actual)
    for number in told - due:
        clause = "HT-DELTA-20"
        if number in after:
            marked = view.step.kind in (STAR, READ) and not view.does
            clause = "HT-DELTA-48" if marked else "HT-DELTA-28"
        wanted = f"no change of item {number} for the {view.viewer}"
        yield _broken(clause, wanted, "changed true, though nothing differs")


def of_the_whole(told: Items, fresh: Items, clause: str = "HT-DELTA-17") -> Found:
    """Each item that is told whole is as the list has it."""
    for number in told.keys() & fresh.keys():
        names = differing(fresh[number], told[number])
        if names:
            wanted = {name: fresh[number][name] for name in sorted(names)}
            actual = {name: told[number][name] for name in sorted(names)}
            yield _broken(clause, f"item {number} whole, with {wanted}", actual)


def of_the_others(view: View) -> Found:
    """A delta names each item of the list once, what did not change as a stub."""
    delta, fresh = view.delta, view.after.items
    for row in delta.rows:
        if row["changed"] not in (True, False):
            yield _broken("HT-DELTA-43", "changed true or false", row["changed"])
        if row["changed"] is False and row != {**STUB, "id": row["id"]}:
            yield _broken("HT-DELTA-10", "an object of id and changed false", row)
    if len(delta.rows) != len(delta.named):
        wanted = f"{len(delta.named)} entries, one an item"
        yield _broken("HT-DELTA-19", wanted, len(delta.rows))
    if missing := fresh.keys() - delta.named:
        yield _broken("HT-DELTA-19", f"the listed items {_ids(missing)}", "no entry")
    if gone := delta.named - fresh.keys():
        wanted = f"no entry of {_ids(gone)}, which the list has not"
        clause = "HT-DELTA-52" if view.step.kind == REGROUP else "HT-DELTA-20"
        yield _broken(clause, wanted, "an entry")


def of_versions(view: View) -> Found:
    """Own fields move version and time_last_update, and nothing else does."""
    before, after = view.before.items, view.after.items
    for number in before.keys() & after.keys():
        names = differing(before[number], after[number])
        own = names - DERIVED - STAMPS
        if own and not _grows(before[number], after[number]):
            clause = "HT-DELTA-45" if own & TOLD_APART else "HT-FIELD-23"
            wanted = f"greater version and stamp with {sorted(own)}"
            yield _broken(clause, wanted, _stamps(after[number]))
        unseen = view.step.kind == UNCOMMENT and number == view.step.item
        if unseen and not _grows(before[number], after[number]):
            wanted = "greater version and stamp with a comment less"
            yield _broken("HT-DELTA-45", wanted, _stamps(after[number]))
        if names & STAMPS and not own and not unseen:
            wanted = f"version and stamp of item {number} as before, for nothing of"
            wanted += " its own changed"
            yield _broken("HT-DELTA-46", wanted, _stamps(after[number]))


def of_stamps(views: Collection[View]) -> Found:
    """What one step changes shares a stamp, which is greater than all before."""
    stamps = {
        _stamp(view.after.items[number]) for view in views for number in view.moved
    }
    latest = max(view.step.latest for view in views)
    if len(stamps) > 1:
        yield _broken("HT-DELTA-47", "one time_last_update", sorted(stamps))
    if stamps and min(stamps) <= latest:
        yield _broken("HT-DELTA-07", f"a stamp after {latest}", min(stamps))


def of_since(view: View, told: Listing) -> Found:
    """What listItemsSince has is the same as what a delta has as changed."""
    if _is_older(told.cursor, told.items):
        yield _broken("HT-DELTA-14", "a cursor not older than its items", told.cursor)
    if told.cursor != view.after.cursor:
        wanted = f"the cursor of the list, {view.after.cursor}"
        yield _broken("HT-DELTA-16", wanted, told.cursor)
    if missing := view.moved - told.items.keys():
        yield _broken("HT-DELTA-21", f"the items {_ids(missing)}", _ids(told.items))
    yield from of_the_whole(told.items, view.after.items, "HT-DELTA-21")
    yield from of_too_much(view, told.items)
    if any(row["changed"] is not None for row in told.items.values()):
        yield _broken("HT-DELTA-23", "changed absent or null", "changed")
    if "deprecation" not in told.reply.headers:
        yield _broken("HT-DELTA-24", "a Deprecation header", "none")


def of_too_much(view: View, told: Items) -> Found:
    """listItemsSince has nothing that did not change."""
    if told.keys() != view.delta.changed.keys():
        wanted = f"the changed items {_ids(view.delta.changed)} of the delta"
        yield _broken("HT-DELTA-55", wanted, _ids(told))


def of_a_copy(copy: Items, fresh: Items, own: str | None, clause: str) -> Found:
    """A copy equals the list: the clause `own` its own fields, `clause` all of it."""
    if copy.keys() != fresh.keys():
        clause = own or clause
        yield _broken(clause, f"a copy of {_ids(fresh)}", _ids(copy))
    for number in copy.keys() & fresh.keys():
        names = differing(copy[number], fresh[number])
        for name in sorted(names)[:1]:
            broken = own if own and names - DERIVED else clause
            wanted = f"{name} {fresh[number][name]!r} of item {number} in the copy"
            yield _broken(broken, wanted, copy[number][name])


def of_silence(fresh: Listing, quiet: Delta) -> Found:
    """A delta from a list's own cursor has nothing changed."""
    if not quiet.changed:
        return
    wanted, actual = "nothing changed", f"the items {_ids(quiet.changed)}"
    yield _broken("HT-DELTA-26", wanted, actual)
    for number, item in quiet.changed.items():
        if _stamp(item) // unit(fresh.cursor) != fresh.cursor:
            wanted = f"no change of item {number}, older than the cursor"
            yield _broken("HT-DELTA-25", wanted, "changed true")


def of_repeating(first: Delta, second: Delta) -> Found:
    """The same cursor gives the same delta."""
    for name in ("changed", "stubs", "cursor"):
        one, other = getattr(first, name), getattr(second, name)
        if one != other:
            yield _broken("HT-DELTA-35", f"the same {name} {_brief(one)}", other)


def of_the_beginning(fresh: Items, told: Items, clause: str) -> Found:
    """From 0 everything is told, whole."""
    if told.keys() != fresh.keys():
        yield _broken(clause, f"all the items {_ids(fresh)}", _ids(told))
    yield from of_the_whole(told, fresh, clause)


def of_the_future(told: Items, clause: str) -> Found:
    """From the future nothing is told."""
    if told:
        yield _broken(clause, "nothing changed", _ids(told))


def _clause_of_missing(view: View, number: int) -> str:
    """The clause by which a delta should have had the item as changed."""
    old, new = view.before.items.get(number), view.after.items[number]
    if old is None:
        return APPEARED.get(view.step.kind, _clause_of_share(view, number))
    names = differing(old, new)
    if names - DERIVED:
        return "HT-DELTA-17" if view.does else "HT-DELTA-27"
    if names <= {"starred", "unread"}:
        return "HT-DELTA-48" if view.does else "HT-DELTA-54"
    if names & {"permission", "adminPermission"}:
        regrouped = view.step.kind == REGROUP
        return "HT-DELTA-49" if regrouped else "HT-DELTA-50"
    return "HT-DELTA-53"


APPEARED: Mapping[str, str] = {
    CREATE: "HT-DELTA-18",
    RESTORE: "HT-DELTA-40",
    REGROUP: "HT-DELTA-41",
}


def _clause_of_share(view: View, number: int) -> str:
    return "HT-DELTA-39" if number == view.step.item else "HT-DELTA-42"


def _is_older(cursor: int, items: Items) -> bool:
    return cursor < newest(items.values()) // unit(cursor)


def _stamp(item: Object) -> int:
    return milliseconds(item["time_last_update"])


def _grows(old: Object, new: Object) -> bool:
    older, newer = (_stamps(item) for item in (old, new))
    return all(a < b for a, b in zip(older, newer, strict=True))


def _stamps(item: Object) -> tuple[int, int]:
    return int(item["version"] or 0), _stamp(item)


def _how(old: Object | None, new: Object) -> str:
    if old is None:
        return "it has become visible, and is not told of"
    names = sorted(differing(old, new))
    parts = (f"{name} went from {old[name]!r} to {new[name]!r}" for name in names)
    return f"none, though {', '.join(parts)}"


def _broken(clause: str, expected: str, actual: Any) -> Violation:
    return Violation(clause, expected, _brief(actual))


def _brief(value: Any) -> str:
    return str(value)[:300]


def _ids(numbers: Collection[int]) -> str:
    return ", ".join(map(str, sorted(numbers))) or "none"
