"""Uploading files, and the items that come of it."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.deltas import delta
from tasktwin_contract.hitask.examples import PLAIN_TEXT
from tasktwin_contract.hitask.guards import guarded
from tasktwin_contract.hitask.levels import below, every_way, from_level, ladder
from tasktwin_contract.hitask.steps import NO_ID, private
from tasktwin_contract.hitask.uploads import (
    MEGABYTE,
    fetched,
    of_size,
    upload,
    uploaded,
    with_quota,
)
from tasktwin_contract.hitask.values import LATIN
from tasktwin_contract.hitask.writes import entry, family, is_told, shared
from tasktwin_contract.target import Target, World
from tasktwin_contract.wire import File

CATEGORY = 5
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
LONGEST = 255
UNREAD = 2  # modified, or something was added below
# A backslash in quotes stands twice, or is taken for the sign that it may be.
FOLDERS = ("C:\\\\temp\\\\", "/etc/", "../../", "a/b\\\\", "./")
NAMES = st.text(LATIN + " ._-()é漢🗂", min_size=1, max_size=40).filter(str.strip)


def named(name: str) -> File:
    """A file of that name."""
    return replace(PLAIN_TEXT, name=name)


def refused_whole(world: World, status: int, code: int, **sent: Any) -> None:
    """Demand that an upload is refused, and that nothing is made."""
    before = world.owner.items()
    upload(world.owner, **sent).refused(status, code)
    assert world.owner.items() == before


@clause("HT-FILE-01")
@pytest.mark.parametrize("who", ["owner", "member", "personal"])
def test_the_item_of_a_file(target: Target, who: str) -> None:
    """uploadFile makes an item of category 5, and answers at least its id."""
    with target.world() as world:
        actor = getattr(world, who)
        before = actor.items()
        number = upload(actor).expect(200)["id"]
        assert number not in before
        items = actor.items()
        assert items.keys() == {*before, number}
        assert items[number]["category"] == CATEGORY


@clause("HT-FILE-02")
@pytest.mark.parametrize("depth", [0, 1])
def test_what_an_upload_answers(target: Target, depth: int) -> None:
    """uploadFile answers the whole item, as the list has it."""
    with target.world() as world:
        more = {"parent_id": world.owner.item()["id"]} if depth else {}
        reply = upload(world.owner, **more).expect(200)
        assert reply.data == world.owner.items()[reply["id"]]
        assert reply["user_id"] == world.owner.number
        assert reply["version"] == 1


@clause("HT-FILE-03")
def test_files_below_an_item(target: Target) -> None:
    """With parent_id the file's item stands below that item."""
    with target.world() as world:
        parent, other = world.owner.item(), world.owner.item(category=0)
        for above in (parent, other):
            number = upload(world.owner, parent_id=above["id"]).expect(200)["id"]
            assert world.owner.items()[number]["parent"] == above["id"]


@clause("HT-FILE-04")
def test_the_guid_of_a_file(target: Target) -> None:
    """With guid the file's item has that guid."""
    with target.world() as world:
        guid = world.guid()
        number = upload(world.owner, guid=guid).expect(200)["id"]
        assert world.owner.items()[number]["guid"] == guid


@clause("HT-FILE-05")
def test_nothing_but_a_file(target: Target) -> None:
    """Without guid and parent_id a file is uploaded all the same."""
    with target.world() as world:
        number = world.owner.call("uploadFile", file=PLAIN_TEXT).expect(200)["id"]
        assert world.owner.items()[number]["id"] == number


@clause("HT-FILE-06")
@pytest.mark.parametrize("more", [{}, {"parent_id": 0}])
def test_where_a_file_stands(target: Target, more: dict[str, int]) -> None:
    """Without guid the server makes a UUID, without parent_id it is at the root."""
    with target.world() as world:
        made = [
            world.owner.call("uploadFile", file=PLAIN_TEXT, **more).expect(200)["id"]
            for _ in "ab"
        ]
        items = world.owner.items()
        guids = {items[number]["guid"] for number in made}
        assert len(guids) == len(made)
        assert all(UUID.fullmatch(guid) for guid in guids)
        assert [items[number]["parent"] for number in made] == [0, 0]


@clause("HT-FILE-07")
@given(name=NAMES, folder=st.sampled_from(["", *FOLDERS]))
@example(name="fence.txt", folder=FOLDERS[0])
def test_the_title_of_a_file(target: Target, name: str, folder: str) -> None:
    """The title of the file's item is the file's name, without folders."""
    with target.world() as world:
        assert uploaded(world.owner, named(f"{folder}{name}"))["title"] == name


@clause("HT-FILE-07", "HT-FILE-08")
def test_names_that_are_too_long(target: Target) -> None:
    """A name of 255 characters is kept, a longer one refused with 400 and code 25."""
    with target.world() as world:
        name, folder = "é" * LONGEST, "folder/" * 50
        for sent in (name, f"{folder}{name}"):
            number = upload(world.owner, named(sent)).expect(200)["id"]
            assert world.owner.items()[number]["title"] == name
        upload(world.owner, named(f"{name}é")).refused(400, 25)


@clause("HT-FILE-08")
@pytest.mark.parametrize("name", ["", " ", "\u3000", "folder/", "folder/ "])
def test_blank_names(target: Target, name: str) -> None:
    """A file whose name is blank is refused with 400 and code 4."""
    with target.world() as world:
        refused_whole(world, 400, 4, sent=named(name))


@clause("HT-FILE-09")
@pytest.mark.parametrize("place", raw.PLACES)
def test_no_file(target: Target, place: str) -> None:
    """Without a file it is 400 and code 4, with a text in its place code 5."""
    with target.world() as world:
        owner = world.owner.using(via=place)
        owner.call("uploadFile", guid=world.guid()).refused(400, 4)
        owner.call("uploadFile", guid=world.guid(), file="a text").refused(400, 5)
        owner.call("uploadFile", guid=world.guid(), files=PLAIN_TEXT).refused(400, 4)


@clause("HT-FILE-10")
def test_guids_in_use(target: Target) -> None:
    """A guid in use is refused with 400 and code 6, whoever's item has it."""
    with target.world() as world:
        for item in (private(world.member), world.owner.item(), uploaded(world.owner)):
            refused_whole(world, 400, 6, guid=item["guid"])


@clause("HT-FILE-10")
@pytest.mark.parametrize("guid", ["123abc", "9769a9f9-726c-4ec8-a920-be16193c26", "é"])
def test_guids_that_are_none(target: Target, guid: str) -> None:
    """A guid that is no UUID is refused with 400 and code 5."""
    with target.world() as world:
        refused_whole(world, 400, 5, guid=guid)


@clause("HT-FILE-11")
def test_parents_that_are_not_seen(target: Target) -> None:
    """A parent that is not there, or not visible, is refused with 404 and code 1."""
    with target.world() as world:
        gone, away = world.owner.item(), world.owner.item()
        world.owner.call("deleteItem", guid=gone["guid"]).arranged()
        world.owner.call("archiveItem", id=away["id"]).arranged()
        hidden = [private(world.member), private(world.outsider), gone, away]
        for number in (NO_ID, *(item["id"] for item in hidden)):
            refused_whole(world, 404, 1, parent_id=number)


@clause("HT-FILE-18")
@every_way
def test_files_from_30(target: Target, way: str) -> None:
    """Whoever has 30 or more on an item may upload a file below it."""
    with ladder(target, way) as steps:
        attempts = steps.attempts(guarded("uploadFile"), from_level(30))
        for attempt in attempts:
            attempt.accepted()
        items = steps.caller.items().values()
        parents = {item["guid"]: item["parent"] for item in items}
        for attempt in attempts:
            assert parents.get(attempt.parameters["guid"]) == attempt.item["id"]


@clause("HT-FILE-19")
@every_way
def test_files_below_30(target: Target, way: str) -> None:
    """Whoever has less than 30 on an item is refused uploading a file below it."""
    with ladder(target, way) as steps:
        for attempt in steps.attempts(guarded("uploadFile"), below(30)):
            attempt.refused()


@clause("HT-FILE-32")
def test_files_take_the_session_as_a_parameter(target: Target) -> None:
    """uploadFile takes the session as the parameter session_id."""
    with target.world() as world:
        owner = world.owner.using(session_by="parameter")
        number = upload(owner).expect(200)["id"]
        assert number in world.owner.items()


@clause("HT-FILE-24")
@pytest.mark.parametrize("level", [30, 60])
def test_who_may_do_what_with_a_file(target: Target, level: int) -> None:
    """A file takes the permissions of what it is uploaded below."""
    with target.world() as world:
        parent = shared(world.owner, member=level, colleague=20)
        file = uploaded(world.owner, parent_id=parent["id"])
        assert world.member.items()[file["id"]]["permission"] == level
        assert world.colleague.items()[file["id"]]["permission"] == 20
        assert file["id"] not in world.manager.items()


@clause("HT-FILE-24")
def test_files_at_the_root_are_private(target: Target) -> None:
    """At the root a file is its owner's alone."""
    with target.world() as world:
        file = uploaded(world.member)
        assert file["permissions"] == [entry(world.member.id, 100)]
        assert file["id"] not in world.owner.items()


@clause("HT-FILE-25")
def test_files_are_told_in_deltas(target: Target) -> None:
    """An uploaded file is changed true and whole for everybody who sees it."""
    with target.world() as world:
        parent = shared(world.owner, member=30, colleague=10)
        people = (world.owner, world.member, world.colleague)
        cursors = [one.call("listItems").cursor for one in people]
        file = uploaded(world.member, parent_id=parent["id"])
        for viewer, cursor in zip(people, cursors, strict=True):
            is_told(viewer, cursor, file)
        assert file["id"] not in delta(world.manager, 0).changed


@clause("HT-FILE-26")
def test_refused_uploads(target: Target) -> None:
    """A refused upload makes nothing, and nobody is told of any change."""
    with target.world() as world:
        parent, _ = family(world.owner, member=20)
        before = [one.items() for one in (world.owner, world.member)]
        upload(world.member, parent_id=parent["id"]).refused()
        upload(world.owner, parent_id=parent["id"], guid=parent["guid"]).refused()
        upload(world.owner, named(" "), parent_id=parent["id"]).refused()
        assert [one.items() for one in (world.owner, world.member)] == before


@clause("HT-FILE-30")
@pytest.mark.parametrize("role", ["creator", "assignee", "participant"])
def test_who_finds_an_upload_unread(target: Target, role: str) -> None:
    """To those who have to do with an item it is unread when others upload below."""
    with target.world() as world:
        tied: dict[str, dict[str, Any]] = {
            "creator": {},
            "assignee": {"assignee": world.colleague.number},
            "participant": {"participants": [world.colleague.number]},
        }
        viewer = world.owner if role == "creator" else world.colleague
        people = (world.member, world.colleague)
        rows = [entry(world.owner.id, 100), *(entry(one.id, 50) for one in people)]
        item = world.owner.item(permissions=rows, **tied[role])
        viewer.call("markRead", guid=item["guid"]).arranged()
        upload(world.member, parent_id=item["id"]).expect(200)
        assert viewer.items()[item["id"]]["unread"] == UNREAD


@clause("HT-FILE-27")
def test_more_than_the_quota(target: Target) -> None:
    """An upload by which a team exceeds its quota is refused with 400 and code 25."""
    with with_quota(target, 1) as world:
        refused_whole(world, 400, 25, sent=of_size(MEGABYTE + 1))
        uploaded(world.member, of_size(MEGABYTE - 1))
        refused_whole(world, 400, 25, sent=of_size(2))
        upload(world.owner, of_size(1)).expect(200)
        refused_whole(world, 400, 25, sent=of_size(1))


@clause("HT-FILE-27")
def test_no_quota_at_all(target: Target) -> None:
    """Where there is no room only a file of no bytes is taken."""
    with with_quota(target, 0) as world:
        upload(world.personal, of_size(1)).refused(400, 25)
        upload(world.personal, of_size(0)).expect(200)


@clause("HT-FILE-28")
def test_each_teams_quota(target: Target) -> None:
    """Of a quota all can be used, by each team and person without one apart."""
    with with_quota(target, 1) as world:
        for actor in (world.owner, world.outsider, world.personal):
            upload(actor, of_size(MEGABYTE)).expect(200)
        for actor in (world.member, world.outsider, world.personal):
            upload(actor, of_size(1)).refused(400, 25)


@clause("HT-FILE-28")
def test_what_counts_of_a_quota(target: Target) -> None:
    """What is archived counts, what is deleted counts no longer."""
    with with_quota(target, 1) as world:
        parent = world.owner.item()
        file = uploaded(world.owner, of_size(MEGABYTE), parent_id=parent["id"])
        world.owner.call("archiveItem", id=file["id"]).arranged()
        upload(world.owner, of_size(1)).refused(400, 25)
        world.owner.call("restoreItem", id=file["id"]).arranged()
        world.owner.call("deleteItem", guid=parent["guid"]).arranged()
        half = of_size(MEGABYTE // 2)
        for _ in "ab":
            upload(world.owner, half).expect(200)
        upload(world.owner, of_size(1)).refused(400, 25)
        assert len(fetched(world.owner, world.owner.stored(_last(world)))) == len(
            half.data
        )


def _last(world: World) -> str:
    return str(max(world.owner.items().values(), key=lambda item: item["id"])["guid"])
