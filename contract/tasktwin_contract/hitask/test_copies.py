"""Copies of items in the archive."""

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.failures import NotJudgedError, only
from tasktwin_contract.hitask.deltas import delta, differing, listed
from tasktwin_contract.hitask.events import (
    archive,
    archived,
    comment,
    entry,
    history,
    messages,
    modify,
    shared,
    unread,
)
from tasktwin_contract.hitask.examples import PLAIN_TEXT, filled
from tasktwin_contract.hitask.guards import COPIED, guarded
from tasktwin_contract.hitask.levels import (
    below,
    every_way,
    from_level,
    ladder,
    unseen_by,
)
from tasktwin_contract.hitask.steps import NO_ID, update
from tasktwin_contract.hitask.uploads import (
    MEGABYTE,
    fetched,
    of_size,
    uploaded,
    url_of,
    with_quota,
)
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import Target

# What a copy has of its own, apart from what is derived for each viewer.
OWN = {
    "id",
    "guid",
    "issue_id",
    "version",
    "user_id",
    "time_create",
    "time_last_update",
    "last_comment",
    "last_comment_id",
    "last_comment_user_id",
    "last_comment_create_datetime",
}

some_ways = pytest.mark.parametrize("way", ["an own entry", "the parent"])


def copy(actor: Actor, item: Object) -> Reply:
    """Call restoreCopy."""
    return actor.call("restoreCopy", id=item["id"])


def copied(actor: Actor, item: Object) -> Object:
    """A copy that was made, as its maker's list has it. Raises `NotJudgedError`."""
    before = {item["id"], *actor.items()}
    copy(actor, item).arranged()
    new = [one for number, one in actor.items().items() if number not in before]
    if len(new) != 1:
        raise NotJudgedError(f"restoreCopy puts {len(new)} new items into the list")
    made: Object = new[0]
    return made


def check_copied_by(target: Target, key: str) -> None:
    """Demand that this name has a copy of that item made, and of no other."""
    with target.world() as world:
        item, other = (archived(world.owner, title=title) for title in ("a", "b"))
        there = world.owner.item()
        world.owner.call("restoreCopy", **{key: item[key]}).expect(200)
        titles = {one["title"] for one in world.owner.items().values()}
        assert titles == {there["title"], item["title"]}, f"not of {other['title']}"


@clause("HT-COPY-01")
def test_copying_by_id(target: Target) -> None:
    """restoreCopy by id answers 200, and a copy of the item is in the list."""
    check_copied_by(target, "id")


@clause("HT-COPY-02")
def test_copying_by_guid(target: Target) -> None:
    """restoreCopy by guid answers 200, and a copy of the item is in the list."""
    check_copied_by(target, "guid")


@clause("HT-COPY-03", "HT-COPY-04")
def test_copying_nothing(target: Target) -> None:
    """A copy of what does not exist, or no more, is refused with 404 and code 1."""
    with target.world() as world:
        gone, _ = world.owner.item(), archived(world.owner)
        world.owner.call("deleteItem", guid=gone["guid"]).arranged()
        for named in ({"id": NO_ID}, {"guid": world.guid()}, {"id": gone["id"]}):
            world.owner.call("restoreCopy", **named).refused(404, 1)
        assert not world.owner.items()


@clause("HT-COPY-03")
@pytest.mark.parametrize("who", ["administrator", "colleague", "outsider", "personal"])
def test_copying_the_unseen(target: Target, who: str) -> None:
    """A copy of what the caller does not see is refused with 404; none is made."""
    with target.world() as world, unseen_by(who):
        item = shared(world.owner, world.member)
        archive(world.owner, item)
        actor = getattr(world, who)
        actor.call("restoreCopy", id=item["id"]).refused(404)
        actor.call("restoreCopy", guid=item["guid"]).refused(404)
        assert not actor.items()


@clause("HT-COPY-04")
@some_ways
def test_the_code_of_copying_the_unseen(target: Target, way: str) -> None:
    """A copy of what the caller does not see is refused with code 1."""
    with ladder(target, way) as steps:
        for attempt in steps.attempts(guarded("restoreCopy"), [0]):
            attempt.refused(code=1)


@clause("HT-COPY-05")
@every_way
def test_copying_from_80(target: Target, way: str) -> None:
    """Whoever has 80 or more on an archived item may restore a copy of it."""
    with ladder(target, way) as steps:
        levels = [*from_level(80)]
        for attempt in steps.attempts(guarded("restoreCopy"), levels, alone=True):
            attempt.accepted()
        titles = [item["title"] for item in steps.caller.items().values()]
        assert titles.count(COPIED["title"]) == len(levels)


@clause("HT-COPY-27", "HT-COPY-06", "HT-COPY-07")
@every_way
def test_copying_below_80(target: Target, way: str) -> None:
    """Whoever sees an archived item and has less than 80 is refused: 403, code 3."""
    with ladder(target, way) as steps:
        low = below(80, seeing=True)
        for attempt in steps.attempts(guarded("restoreCopy"), low):
            attempt.refused()
            with judging("HT-COPY-06"):
                attempt.refused(403)
            with judging("HT-COPY-07"):
                attempt.refused(code=3)


@clause("HT-COPY-11")
def test_the_numbers_of_a_copy(target: Target) -> None:
    """A copy has an id, a guid and an issue_id of its own, and version 1."""
    with target.world() as world:
        project = world.owner.item(category=0, short_name="PROJ")
        given = uploaded(world.owner, guid=None, parent_id=project["id"])
        item = world.owner.item(parent=project["id"])
        for title in ("changed", "again"):
            modify(world.owner, item, title=title)
        archive(world.owner, item)
        made = [given, item, copied(world.owner, item), copied(world.owner, item)]
        for name in ("id", "guid", "issue_id"):
            values = {one[name] for one in made}
            assert len(values) == 4, f"{name} of items and of copies: {values}"
        for one in made[2:]:
            assert one["version"] == 1
            assert one["issue_id"].startswith("PROJ-")


@clause("HT-COPY-12")
@pytest.mark.parametrize("who", ["owner", "member", "administrator"])
def test_whose_a_copy_is(target: Target, who: str) -> None:
    """A copy belongs to the caller, who may do everything with it."""
    with target.world() as world:
        actor = getattr(world, who)
        item = shared(world.owner, world.member, world.administrator, level=80)
        archive(world.owner, item)
        new = copied(actor, item)
        assert (new["user_id"], new["permission"]) == (actor.number, 100)
        assert {"principal": actor.id, "level": 100} in new["permissions"]
        actor.call("deleteItem", guid=new["guid"]).expect(200)


@clause("HT-COPY-13")
@pytest.mark.parametrize("who", ["owner", "colleague"])
def test_what_a_copy_has(target: Target, who: str) -> None:
    """A copy has the fields and the permissions of the item, but for a short_name."""
    with target.world() as world:
        people = {
            "assignee": world.member.number,
            "participants": [world.colleague.number],
            "permissions": [entry(world.member, 60), entry(world.colleague, 80)],
        }
        place = {"parent": 0, "parentGuid": None}
        fields = {**filled(world), **place, **people, "starred": False, "alerts": []}
        item = world.owner.item(**fields)
        old = world.owner.stored(item["guid"])
        archive(world.owner, item)
        actor = getattr(world, who)
        new = world.owner.stored(copied(actor, item)["guid"])
        assert differing(old, new) - OWN - {"unread"} <= {"short_name", "permissions"}
        assert new["short_name"] is None
        levels = {one["principal"]: one["level"] for one in old["permissions"]}
        kept = {one["principal"]: one["level"] for one in new["permissions"]}
        assert kept == levels | {actor.id: 100}


@clause("HT-COPY-14")
def test_the_alerts_of_a_copy(target: Target) -> None:
    """The alerts of a copy are its own, with other ids; both can be changed."""
    with target.world() as world:
        sent = [{"timeType": 4, "time": 5, "sound": True}, {"timeType": 2, "time": 1.5}]
        item = world.owner.item(alerts=sent)
        archive(world.owner, item)
        new = copied(world.owner, item)
        ids = [{alert["id"] for alert in one["alerts"]} for one in (item, new)]
        assert len(ids[0] | ids[1]) == 4, f"ids of the alerts: {ids}"
        told = [{**alert, "id": 0} for alert in new["alerts"]]
        assert told == [{**alert, "id": 0} for alert in item["alerts"]]
        update(world.owner, new, alerts=[new["alerts"][0]]).expect(200)


@clause("HT-COPY-15")
@pytest.mark.parametrize("together", [True, False])
def test_what_is_below_is_not_copied(target: Target, together: bool) -> None:
    """What was below the archived item is not copied, whenever it was archived."""
    with target.world() as world:
        top = world.owner.item(category=0)
        child = world.owner.item(parent=top["id"])
        for item in [child, top][together:]:
            archive(world.owner, item)
        new = copied(world.owner, top)
        assert list(world.owner.items()) == [new["id"]]


@clause("HT-COPY-16")
@pytest.mark.parametrize("who", ["owner", "member"])
def test_the_history_of_a_copy(target: Target, who: str) -> None:
    """A copy has no comments, and its history begins with its making."""
    with target.world() as world:
        item = shared(world.owner, world.member, level=80)
        comment(world.owner, item, "of the old one").arranged()
        archive(world.owner, item)
        actor = getattr(world, who)
        new = copied(actor, item)
        made = only(history(actor, new))
        assert (made["property_name"], made["user_id"]) == ("created", actor.number)
        assert new["last_comment"] is None
        comment(actor, new, "of the new one").expect(200)
        assert messages(actor, new) == ["of the new one"]


@clause("HT-COPY-17")
def test_the_archived_one_stays(target: Target) -> None:
    """The archived item stays as it was, to be restored or copied again."""
    with target.world() as world:
        item = world.owner.item(category=0, short_name="STAYS")
        child = world.owner.item(parent=item["id"])
        comment(world.owner, item, "stays").arranged()
        before = world.owner.stored(item["guid"])
        archive(world.owner, item)
        copies = {copy(world.owner, item).arranged()["id"]}
        assert world.owner.items().keys() == copies
        copies.add(copy(world.owner, item).expect(200)["id"])
        world.owner.call("restoreItem", id=item["id"]).expect(200)
        assert world.owner.items().keys() == {item["id"], child["id"], *copies}
        after = world.owner.stored(item["guid"])
        assert differing(before, after) == {"version", "time_last_update"}
        assert after["version"] == before["version"] + 2
        assert messages(world.owner, item) == ["stays"]


@clause("HT-COPY-18")
@pytest.mark.parametrize(("level", "takes"), [(10, False), (20, False), (30, True)])
def test_where_a_copy_stands(target: Target, level: int, takes: bool) -> None:
    """A copy stands below a parent that takes it from the caller, or at the root."""
    with target.world() as world:
        top = shared(world.owner, world.member, level=level, category=0)
        item = world.owner.item(parent=top["id"], permissions=[entry(world.member, 80)])
        archive(world.owner, item)
        assert copied(world.member, item)["parent"] == takes * top["id"]
        assert copied(world.owner, item)["parent"] == top["id"]


@clause("HT-COPY-18")
def test_where_a_parent_is_archived(target: Target) -> None:
    """Where the parent is archived itself a copy stands at the root."""
    with target.world() as world:
        top = world.owner.item(category=0)
        item = world.owner.item(parent=top["id"])
        archive(world.owner, top)
        new = copied(world.owner, item)
        assert (new["parent"], new["parentGuid"]) == (0, None)


@clause("HT-COPY-19")
@pytest.mark.parametrize("who", ["owner", "member"])
def test_what_copying_answers(target: Target, who: str) -> None:
    """restoreCopy answers the copy, as the caller's list has it."""
    with target.world() as world:
        item = shared(world.owner, world.member, level=80, message="whole")
        archive(world.owner, item)
        actor = getattr(world, who)
        reply = copy(actor, item).expect(200)
        assert reply.data == actor.stored(reply["guid"])


@clause("HT-COPY-20")
def test_the_names_of_what_is_copied(target: Target) -> None:
    """Neither id nor guid is 400 and code 104, those of different items 400 and 6."""
    with target.world() as world:
        one, other = archived(world.owner), archived(world.owner)
        owner = world.owner
        owner.call("restoreCopy").refused(400, 104)
        owner.call("restoreCopy", id=one["id"], guid=other["guid"]).refused(400, 6)
        assert not owner.items()
        owner.call("restoreCopy", id=one["id"], guid=one["guid"]).expect(200)


@clause("HT-COPY-21")
def test_copying_what_is_there(target: Target) -> None:
    """A copy of what is not archived, or no longer, is refused with 404 and code 1."""
    with target.world() as world:
        item = world.owner.item()
        copy(world.owner, item).refused(404, 1)
        archive(world.owner, item)
        world.owner.call("restoreItem", id=item["id"]).arranged()
        copy(world.owner, item).refused(404, 1)
        assert list(world.owner.items()) == [item["id"]]


@clause("HT-COPY-22")
@pytest.mark.parametrize("who", ["owner", "member"])
def test_what_deltas_tell_of_a_copy(target: Target, who: str) -> None:
    """A copy comes whole and changed to everybody who sees it, and to nobody else."""
    with target.world() as world:
        people = [world.owner, world.member, world.colleague]
        item = shared(*people, level=80)
        archive(world.owner, item)
        cursors = [listed(one).cursor for one in [*people, world.manager]]
        new = copied(getattr(world, who), item)["id"]
        for viewer, cursor in zip(people, cursors, strict=False):
            told = delta(viewer, cursor)
            assert told.changed == {new: listed(viewer).items[new]}
            assert told.named == {new}
        assert not delta(world.manager, cursors[-1]).named


@clause("HT-COPY-23")
def test_what_is_new_of_a_copy(target: Target) -> None:
    """A copy is new to assignee and participants, and starred by nobody."""
    with target.world() as world:
        people = {
            "assignee": world.colleague.number,
            "participants": [world.manager.number],
        }
        item = shared(world.owner, world.member, level=80, starred=True, **people)
        for one in (world.member, world.colleague):
            modify(one, item, starred=True)
        archive(world.owner, item)
        new = copied(world.member, item)
        seen = {
            one.name: unread(one, new)
            for one in (world.owner, world.member, world.colleague, world.manager)
        }
        assert seen == {"owner": 0, "member": 0, "colleague": 3, "manager": 3}
        for one in (world.owner, world.member, world.colleague):
            assert not one.stored(new["guid"])["starred"]


@clause("HT-COPY-24")
def test_copies_of_files(target: Target) -> None:
    """A copy of a file has the same bytes, at an address of its own."""
    with target.world() as world:
        file = uploaded(world.owner)
        archive(world.owner, file)
        new = copied(world.owner, file)
        assert fetched(world.owner, new) == PLAIN_TEXT.data
        world.owner.call("restoreItem", id=file["id"]).arranged()
        assert url_of(world.owner, new) != url_of(world.owner, file)
        world.owner.call("deleteItem", guid=file["guid"]).arranged()
        assert fetched(world.owner, new) == PLAIN_TEXT.data


@clause("HT-COPY-25")
def test_copies_take_up_storage(target: Target) -> None:
    """A copy of a file takes up storage too, and is not made over the quota."""
    with with_quota(target, 1) as world:
        file = uploaded(world.owner, of_size(MEGABYTE // 2))
        archive(world.owner, file)
        copy(world.owner, file).expect(200)
        copy(world.owner, file).refused(400, 25)
        assert len(world.owner.items()) == 1
