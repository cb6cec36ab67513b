"""What the server keeps of an item's changes: versions, times, marks, issue ids."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, resting_on
from tasktwin_contract.hitask.events import commented
from tasktwin_contract.hitask.steps import create, created, instant, updated
from tasktwin_contract.target import Target


@clause("HT-FIELD-23")
@given(colors=st.lists(st.integers(1, 7), min_size=1, max_size=5))
def test_versions_grow(target: Target, colors: list[int]) -> None:
    """version is positive and grows with each change."""
    with target.world() as world:
        item = world.owner.item(color=0)
        for color in colors:
            before = world.owner.stored(item["guid"])
            after = updated(world.owner, before, color=(before["color"] + color) % 8)
            assert 0 < (before["version"] or 0) < (after["version"] or 0)


@clause("HT-FIELD-24")
def test_versions_count(target: Target) -> None:
    """version is 1 at first, and 1 more after each change."""
    with target.world() as world:
        item = created(world.owner, color=0)
        versions = [item["version"]]
        versions += [updated(world.owner, item, color=n)["version"] for n in (1, 2, 3)]
        assert versions == [1, 2, 3, 4]


@clause("HT-FIELD-24")
def test_versions_count_comments_too(target: Target) -> None:
    """version is 1 more after a comment, after its end, in and out of the archive."""
    with target.world() as world:
        owner, item = world.owner, created(world.owner)
        number = commented(owner, item)
        versions = [item["version"], owner.stored(item["guid"])["version"]]
        owner.call("deleteComment", id=number).arranged()
        versions.append(owner.stored(item["guid"])["version"])
        owner.call("archiveItem", id=item["id"]).arranged()
        owner.call("restoreItem", id=item["id"]).arranged()
        versions.append(owner.stored(item["guid"])["version"])
        assert versions == [1, 2, 3, 5]


@clause("HT-FIELD-24")
@pytest.mark.parametrize(
    "fields", [{}, {"color": 0}, {"tags": ["a", "b"]}, {"parent": 0}, {"message": ""}]
)
def test_no_change_is_none(target: Target, fields: dict[str, Any]) -> None:
    """A request that changes nothing moves neither version nor time_last_update."""
    with target.world() as world:
        item = created(world.owner, tags=["a", "b"])
        assert updated(world.owner, item, **fields) == item


@clause("HT-FIELD-34")
def test_starring(target: Target) -> None:
    """starred marks the item, and the mark can be taken back."""
    with target.world() as world:
        item = created(world.owner, starred=True)
        assert item["starred"]
        assert not updated(world.owner, item, starred=False)["starred"]
        assert updated(world.owner, item, starred=True)["starred"]


@clause("HT-FIELD-35")
def test_starring_is_no_own_change(target: Target) -> None:
    """Starring moves neither version nor time_last_update."""
    with target.world() as world:
        item = created(world.owner)
        starred = updated(world.owner, item, starred=True)
        assert starred == {**item, "starred": True}


@clause("HT-FIELD-38")
def test_completing(target: Target) -> None:
    """completed is kept, and can be taken back."""
    with target.world() as world:
        item = created(world.owner)
        assert not item["completed"]
        assert updated(world.owner, item, completed=True)["completed"]
        assert not updated(world.owner, item, completed=False)["completed"]
        assert created(world.owner, completed=True)["completed"]


@clause("HT-FIELD-48")
def test_times_of_an_item(target: Target) -> None:
    """time_create stays, time_last_update moves forward with a change."""
    with target.world() as world:
        before = created(world.owner)
        after = updated(world.owner, before, color=5)
        assert instant(after["time_create"]) == instant(before["time_create"])
        old, new = (instant(item["time_last_update"]) for item in (before, after))
        assert old is not None
        assert new is not None
        in_seconds = not old.microsecond and not new.microsecond
        with resting_on("HT-DATE-01" if in_seconds else None):
            assert old < new


@clause("HT-FIELD-51")
def test_transitions(target: Target) -> None:
    """last_transition_time and last_transition_user follow changes of completed."""
    with target.world() as world:
        item = created(world.owner)
        assert (item["last_transition_time"], item["last_transition_user"]) == (
            None,
        ) * 2
        done = updated(world.owner, item, completed=True)
        assert done["last_transition_user"] == world.owner.number
        assert done["last_transition_time"] == done["time_last_update"]
        later = updated(world.owner, item, color=3)
        assert later["last_transition_time"] == done["last_transition_time"]


@clause("HT-FIELD-22")
def test_issue_ids(target: Target) -> None:
    """issue_id is unique, never used again, and fixed when the item is made."""
    with target.world() as world:
        items = [create(world.owner).arranged() for _ in range(3)]
        world.owner.call("deleteItem", guid=items[-1]["guid"]).arranged()
        items += [create(world.outsider).arranged(), create(world.owner).arranged()]
        numbers = [item["issue_id"] for item in items]
        assert len(set(numbers)) == len(numbers)
        project = world.owner.item(category=0, short_name="ABC")
        moved = updated(world.owner, items[0].data, parent=project["id"], color=1)
        assert moved["issue_id"] == items[0]["issue_id"]
