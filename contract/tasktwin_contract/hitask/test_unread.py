"""What is unread, for whom, and how it is read."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.events import (
    add_below,
    archive,
    comment,
    differences,
    entry,
    history,
    modify,
    read,
    shared,
    unread,
)
from tasktwin_contract.hitask.steps import created, update
from tasktwin_contract.reply import Object
from tasktwin_contract.rows import certain, table
from tasktwin_contract.target import Target, World

READ, COMMENT, MODIFIED, NEW = range(4)
EVENTS: dict[str, tuple[Callable[[Actor, Object], object], int]] = {
    "modified": (modify, MODIFIED),
    "completed": (lambda doer, item: modify(doer, item, completed=True), MODIFIED),
    "an item below": (add_below, MODIFIED),
    "a comment": (lambda doer, item: comment(doer, item).arranged(), COMMENT),
}
MODIFYING = [name for name, (_, kind) in EVENTS.items() if kind == MODIFIED]
UPDATING = [name for name in MODIFYING if name != "an item below"]
ROLES: dict[str, Callable[[Actor], dict[str, Any]]] = {
    "assignee": lambda viewer: {"assignee": viewer.number},
    "participant": lambda viewer: {"participants": [viewer.number]},
    "last participant": lambda viewer: {
        "participants": [viewer.world.owner.number, viewer.number]
    },
}
EVERY_ROLE = ["creator", *ROLES]
MAIN_ROLES = ["creator", "assignee", "participant"]
DOERS = ["owner", "member", "colleague"]


def involved(world: World, role: str) -> Object:
    """An item that `member` has read, and with which they have to do in that way.

    Owner and colleague see it as well, and may do anything to it.
    """
    others = [entry(world.member, 60), entry(world.colleague, 100)]
    if role == "creator":
        entries = [entry(world.owner, 100), others[1]]
        item = world.member.item(permissions=entries)
    else:
        item = world.owner.item(permissions=others, **ROLES[role](world.member))
    read(world.member, item)
    made: Object = item
    return made


def happen(event: str, doer: Actor, item: Object) -> None:
    """Have the event happen. Raises `NotJudgedError`."""
    EVENTS[event][0](doer, item)


@clause("HT-UNREAD-01")
def test_the_values_of_unread(target: Target) -> None:
    """unread is null, 0, 1, 2 or 3, whatever happened."""
    with target.world() as world:
        people = [world.owner, world.member, world.colleague]
        item = shared(world.owner, *people[1:], assignee=world.member.number)
        for event in ("a comment", "modified", "an item below"):
            happen(event, world.colleague, item)
            read(world.member, item)
            happen("a comment", world.colleague, item)
            seen = [one["unread"] for who in people for one in who.items().values()]
            assert all(value in (None, 0, 1, 2, 3) for value in seen), seen
            assert not any(isinstance(value, bool) for value in seen), seen


@clause("HT-UNREAD-02")
@pytest.mark.parametrize("role", ROLES)
def test_what_is_new_is_3(target: Target, role: str) -> None:
    """A new item of somebody else's that is unread has unread 3."""
    with target.world() as world:
        item = shared(world.owner, world.member, **ROLES[role](world.member))
        assert unread(world.member, item) in (READ, NEW)


@clause("HT-UNREAD-03")
@pytest.mark.parametrize("role", table(MAIN_ROLES, "creator"))
@pytest.mark.parametrize("event", table(MODIFYING, "an item below"))
def test_what_was_modified_is_2(target: Target, role: str, event: str) -> None:
    """An item that was read and became unread by a modification has unread 2."""
    with target.world() as world:
        item = involved(world, role)
        happen(event, world.colleague, item)
        assert unread(world.member, item) in (READ, MODIFIED)


@clause("HT-UNREAD-04")
@pytest.mark.parametrize("role", MAIN_ROLES)
def test_what_was_commented_on_is_1(target: Target, role: str) -> None:
    """An item that was read and became unread by a comment has unread 1."""
    with target.world() as world:
        item = involved(world, role)
        happen("a comment", world.colleague, item)
        assert unread(world.member, item) in (READ, COMMENT)


@clause("HT-UNREAD-05")
@pytest.mark.parametrize("role", table(ROLES, "participant"))
@pytest.mark.parametrize("doer", [certain("owner"), "colleague"])
def test_new_items_are_unread(target: Target, role: str, doer: str) -> None:
    """A new item is unread for its assignee and its participants."""
    with target.world() as world:
        others = [getattr(world, name) for name in DOERS if name != doer]
        fields = ROLES[role](world.member)
        item = shared(getattr(world, doer), *others, **fields)
        assert unread(world.member, item), "a new item is unread"


@clause("HT-UNREAD-05")
def test_new_items_below_others_are_unread(target: Target) -> None:
    """A new item below another one is unread for its own assignee."""
    with target.world() as world:
        top = shared(world.owner, world.member)
        item = world.owner.item(parent=top["id"], assignee=world.member.number)
        assert unread(world.member, item), "a new item is unread"
        assert not unread(world.member, top), "the one above is not theirs"


@clause("HT-UNREAD-06")
@pytest.mark.parametrize("role", table(EVERY_ROLE, "creator"))
@pytest.mark.parametrize("event", table(UPDATING, "modified"))
def test_modified_items_are_unread(target: Target, role: str, event: str) -> None:
    """A modified item is unread for its creator, assignee and participants."""
    with target.world() as world:
        item = involved(world, role)
        happen(event, world.colleague, item)
        assert unread(world.member, item), f"unread after: {event}"


@clause("HT-UNREAD-07")
@pytest.mark.parametrize("role", EVERY_ROLE)
def test_items_with_new_ones_below_are_unread(target: Target, role: str) -> None:
    """An item with a new one below is unread for those who have to do with it."""
    with target.world() as world:
        item = involved(world, role)
        happen("an item below", world.colleague, item)
        assert unread(world.member, item), "unread after an item was made below"


@clause("HT-UNREAD-08")
@pytest.mark.parametrize("role", table(EVERY_ROLE, "assignee"))
def test_commented_items_are_unread(target: Target, role: str) -> None:
    """A commented item is unread for its creator, assignee and participants."""
    with target.world() as world:
        item = involved(world, role)
        happen("a comment", world.colleague, item)
        assert unread(world.member, item), "unread after a comment"


@clause("HT-UNREAD-09")
@pytest.mark.parametrize("role", MAIN_ROLES)
@pytest.mark.parametrize("event", EVENTS)
def test_doers_have_read_it(target: Target, role: str, event: str) -> None:
    """What a viewer does themself makes nothing unread for them."""
    with target.world() as world:
        item = involved(world, role)
        happen(event, world.member, item)
        assert unread(world.member, item) == READ


@clause("HT-UNREAD-09")
@pytest.mark.parametrize("role", ROLES)
def test_makers_have_read_it(target: Target, role: str) -> None:
    """What a viewer makes is read for them, be they assignee or participant too."""
    with target.world() as world:
        item = created(world.member, **ROLES[role](world.member))
        assert unread(world.member, item) == READ


@clause("HT-UNREAD-10")
@pytest.mark.parametrize("name", ["member", "administrator"])
@pytest.mark.parametrize("event", EVENTS)
def test_onlookers_have_read_it(target: Target, name: str, event: str) -> None:
    """Nothing is unread for who is neither creator, assignee nor participant."""
    with target.world() as world:
        onlooker = getattr(world, name)
        entries = [entry(onlooker, 80), entry(world.colleague, 100)]
        fields = ROLES["assignee"](world.colleague)
        item = world.owner.item(permissions=entries, **fields)
        assert unread(onlooker, item) == READ
        happen(event, world.colleague, item)
        assert unread(onlooker, item) == READ
        happen(event, world.owner, involved(world, "assignee"))
        assert unread(onlooker, item) == READ


@clause("HT-UNREAD-11")
@given(events=st.lists(st.sampled_from(list(EVENTS)), min_size=1, max_size=5))
def test_no_event_lowers_unread(target: Target, events: list[str]) -> None:
    """Of several reasons the highest is kept, in whatever order they come."""
    with target.world() as world:
        item = involved(world, "creator")
        for number, event in enumerate(events, 1):
            update(world.owner, item, message=f"message {number}").arranged()
            happen(event, world.colleague, item)
        update(world.member, item, starred=True).arranged()
        assert unread(world.member, item) == MODIFIED
        new = shared(world.owner, world.member, **ROLES["assignee"](world.member))
        for event in events:
            happen(event, world.owner, new)
        assert unread(world.member, new) == NEW


@clause("HT-UNREAD-12")
@pytest.mark.parametrize("event", table(EVENTS, "a comment"))
def test_reading(target: Target, event: str) -> None:
    """After markRead the item is read, whatever it was unread for."""
    with target.world() as world:
        item = involved(world, "participant")
        happen(event, world.owner, item)
        world.member.call("markRead", guid=item["guid"]).expect(200)
        assert unread(world.member, item) == READ


@clause("HT-UNREAD-12")
@pytest.mark.parametrize("role", ROLES)
def test_reading_what_is_new(target: Target, role: str) -> None:
    """After markRead a new item is read, and another one is as unread as before."""
    with target.world() as world:
        fields = ROLES[role](world.member)
        item, other = (shared(world.owner, world.member, **fields) for _ in "ab")
        before = unread(world.member, other)
        world.member.call("markRead", guid=item["guid"]).expect(200)
        assert unread(world.member, item) == READ
        assert unread(world.member, other) == before


@clause("HT-UNREAD-13")
@pytest.mark.parametrize("reader", DOERS)
def test_reading_for_oneself(target: Target, reader: str) -> None:
    """markRead leaves the item as unread as it was for every other viewer."""
    with target.world() as world:
        people = {name: getattr(world, name) for name in DOERS}
        ids = [one.number for one in people.values()]
        item = world.owner.item(participants=ids)
        for one in people.values():
            comment(one, item).arranged()
        before = {name: unread(one, item) for name, one in people.items()}
        people[reader].call("markRead", guid=item["guid"]).expect(200)
        after = {name: unread(one, item) for name, one in people.items()}
        assert after == {**before, reader: READ}


@clause("HT-UNREAD-14")
@pytest.mark.parametrize("level", [10, 20, 30, 40, 50, 60, 70, 80, 100])
def test_who_may_read(target: Target, level: int) -> None:
    """Whoever has 10 or more on an item may mark it read."""
    with target.world() as world:
        item = shared(world.owner, world.member, level=level)
        world.member.call("markRead", guid=item["guid"]).expect(200)


@clause("HT-UNREAD-15")
def test_reading_by_id(target: Target) -> None:
    """markRead also takes the item's id."""
    with target.world() as world:
        item = involved(world, "assignee")
        modify(world.owner, item)
        world.member.call("markRead", guid=item["id"]).expect(200)
        assert unread(world.member, item) == READ


@clause("HT-UNREAD-16")
def test_what_reading_answers(target: Target) -> None:
    """markRead answers an object whose response_status is 0."""
    with target.world() as world:
        item = shared(world.owner, world.member, **ROLES["assignee"](world.member))
        for _ in range(2):
            reply = world.member.call("markRead", guid=item["guid"]).expect(200)
            assert reply["response_status"] == 0


@clause("HT-UNREAD-17")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("sees", [True, False])
def test_joining(target: Target, role: str, sees: bool) -> None:
    """Whoever becomes assignee or participant of an item has it unread with 2."""
    with target.world() as world:
        item = shared(world.owner, *[world.member] * sees)
        modify(world.owner, item, **ROLES[role](world.member))
        assert unread(world.member, item) == MODIFIED


@clause("HT-COPY-26")
@pytest.mark.parametrize("role", MAIN_ROLES)
def test_a_copy_below(target: Target, role: str) -> None:
    """An item below which a copy is made is unread, but for who made it."""
    with target.world() as world:
        item = involved(world, role)
        child = world.colleague.item(parent=item["id"])
        archive(world.colleague, child)
        for one in (world.owner, world.member):
            read(one, item)
        world.colleague.call("restoreCopy", id=child["id"]).expect(200)
        assert unread(world.member, item) == MODIFIED
        assert unread(world.colleague, item) == READ


@clause("HT-UNREAD-19")
@pytest.mark.parametrize("name", ["owner", certain("member"), "colleague"])
def test_reading_again(target: Target, name: str) -> None:
    """Marking read what is read is accepted, and changes nothing for anybody."""
    with target.world() as world:
        fields = ROLES["assignee"](world.member)
        item = shared(world.owner, world.member, world.colleague, **fields)
        reader = getattr(world, name)
        read(reader, item)
        viewers = [getattr(world, one) for one in DOERS]
        before = [seen(viewer, item) for viewer in viewers]
        reader.call("markRead", guid=item["guid"]).expect(200)
        for viewer, old in zip(viewers, before, strict=True):
            assert differences(old, seen(viewer, item)) == set(), viewer.name


def seen(viewer: Actor, item: Object) -> Object:
    """All that `viewer` sees of the item, and the cursor of their list."""
    cursor = viewer.call("listItems").arranged().cursor
    stored, entries = viewer.stored(item["guid"]), history(viewer, item)
    return Object(**stored, history=entries, cursor=cursor)
