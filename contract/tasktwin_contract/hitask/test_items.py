"""Making, changing, listing and deleting items."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.levels import unseen_by
from tasktwin_contract.hitask.steps import NO_ID, create, private, update
from tasktwin_contract.rows import certain
from tasktwin_contract.strategies import guids, titles
from tasktwin_contract.target import Target

FULL = {
    "title": "one",
    "message": "one",
    "color": 1,
    "priority": 10001,
    "is_all_day": True,
    "start_date": "2020-01-01T00:00:00.000+02:00",
    "end_date": "2020-01-01T10:00:00.000+02:00",
    "tags": ["one"],
    "location": {"longitude": 1, "latitude": 2, "address": "here"},
    "alerts": [{"timeType": 4, "time": 5, "sound": True}],
    "starred": True,
}


@clause("HT-ITEM-01")
def test_the_list_holds_all_and_nothing_else(target: Target) -> None:
    """The list holds every item that the caller made, and nobody else's."""
    with target.world() as world:
        mine = {world.owner.item(title=f"mine {n}")["id"] for n in range(3)}
        world.outsider.item(title="not mine")
        listed = world.owner.call("listItems").expect(200).data
        assert sorted(item["id"] for item in listed) == sorted(mine)


@clause("HT-ITEM-02")
@given(guid=guids(), title=titles())
def test_create_makes_an_item(target: Target, guid: str, title: str) -> None:
    """createItem with guid and title makes one item of that guid."""
    with target.world() as world:
        unused = world.guid(guid)
        world.owner.call("createItem", guid=unused, title=title).expect(200)
        listed = [item["guid"] for item in world.owner.items().values()]
        assert listed == [unused]


@clause("HT-ITEM-03")
def test_create_without_a_title(target: Target) -> None:
    """createItem without a title is refused, and nothing is made."""
    with target.world() as world:
        world.owner.call("createItem", guid=world.guid()).refused()
        assert world.owner.items() == {}


@clause("HT-ITEM-04")
@pytest.mark.parametrize("prefix", ["", certain("/v6"), "/v7"])
def test_create_without_a_guid(target: Target, prefix: str) -> None:
    """createItem without a guid is refused."""
    with target.world() as world:
        world.owner.using(prefix=prefix).call("createItem", title="a title").refused()


@clause("HT-ITEM-05")
@pytest.mark.parametrize(
    "fields", [{}, {"title": ""}, {"title": " \t\n "}, {"title": "\u2003"}]
)
def test_a_missing_or_blank_title(target: Target, fields: dict[str, str]) -> None:
    """A missing or blank title is refused with 400 and code 4."""
    with target.world() as world:
        guid = world.guid()
        world.owner.call("createItem", guid=guid, **fields).refused(400, 4)


@clause("HT-ITEM-05")
def test_a_blank_title_on_update(target: Target) -> None:
    """A blank title on update is refused with 400 and code 4."""
    with target.world() as world:
        update(world.owner, world.owner.item(), title="  ").refused(400, 4)


@clause("HT-ITEM-05")
def test_a_missing_guid(target: Target) -> None:
    """A missing guid is refused with 400 and code 4."""
    with target.world() as world:
        world.owner.call("createItem", title="a title").refused(400, 4)


@clause("HT-ITEM-06")
@pytest.mark.parametrize("prefix", ["/v2", "/v3", "/v4", "/v5"])
def test_old_versions_make_the_guid(target: Target, prefix: str) -> None:
    """Up to version 5 createItem makes a guid, another one each time."""
    with target.world() as world:
        owner = world.owner.using(prefix=prefix)
        made = [owner.call("createItem", title="a title").expect(200) for _ in "ab"]
        found = {item["guid"] for item in world.owner.items().values()}
        assert len(found) == len(made), "each item has a guid of its own"
        assert all(guid and len(guid) == len(world.guid()) for guid in found)


@clause("HT-ITEM-07")
@pytest.mark.parametrize("change", [str.lower, str.upper])
def test_a_guid_in_use(target: Target, change: type[str]) -> None:
    """A guid in use, by whomever and in whatever letter case, is refused."""
    with target.world() as world:
        guid = world.guid("abcdefab-cdef-4abc-8def-abcdefabcdef")
        world.owner.item(guid=guid)
        create(world.owner, guid=change(guid)).refused(400, 6)
        create(world.outsider, guid=change(guid)).refused(400, 6)


@clause("HT-ITEM-08")
@pytest.mark.parametrize(
    "guid",
    [
        "123abc",
        "123456abcdef",
        "{9769a9f9-726c-4ec8-a920-be16193c26a6}",
        "x" * 36,
        "17",
    ],
)
def test_a_guid_that_is_none(target: Target, guid: str) -> None:
    """A guid that is no UUID is refused with 400 and code 5."""
    with target.world() as world:
        create(world.owner, guid=guid).refused(400, 5)


@clause("HT-ITEM-09")
def test_what_the_server_decides(target: Target) -> None:
    """user_id, permission, id, version and time fields of the body are ignored."""
    with target.world() as world:
        before = world.owner.item()
        made = create(
            world.owner,
            user_id=world.outsider.number,
            permission=10,
            id=before["id"],
            version=7,
            time_create="2001-01-01T00:00:00.000+00:00",
            time_last_update="2001-01-01T00:00:00.000+00:00",
        ).expect(200)
        assert made["user_id"] == world.owner.number
        assert made["permission"] == 100
        assert made["id"] != before["id"]
        assert made["version"] == before["version"]
        assert not str(made["time_create"]).startswith("2001")
        assert not str(made["time_last_update"]).startswith("2001")
        assert set(world.owner.items()) == {before["id"], made["id"]}


@clause("HT-ITEM-10")
@given(title=titles(), starred=st.booleans())
def test_create_answers_the_item(target: Target, title: str, starred: bool) -> None:
    """What createItem answers is what the list then holds."""
    with target.world() as world:
        made = create(world.owner, title=title, starred=starred).expect(200)
        assert world.owner.items() == {made["id"]: made.data}


@clause("HT-ITEM-11")
def test_update_by_guid(target: Target) -> None:
    """updateItem by guid changes that item, and no other."""
    with target.world() as world:
        item, other = world.owner.item(), world.owner.item()
        world.owner.call("updateItem", guid=item["guid"], title="new").expect(200)
        assert world.owner.stored(item["guid"])["title"] == "new"
        assert world.owner.stored(other["guid"])["title"] == other["title"]


@clause("HT-ITEM-12")
def test_update_by_id(target: Target) -> None:
    """updateItem by id changes that item, and no other."""
    with target.world() as world:
        item, other = world.owner.item(), world.owner.item()
        world.owner.call("updateItem", id=item["id"], title="new").expect(200)
        assert world.owner.stored(item["guid"])["title"] == "new"
        assert world.owner.stored(other["guid"])["title"] == other["title"]


@clause("HT-ITEM-13")
@pytest.mark.parametrize("key", ["id", "guid"])
def test_update_by_path(target: Target, key: str) -> None:
    """updateItem takes the item's id or guid in the path."""
    with target.world() as world:
        item = world.owner.item()
        world.owner.call("updateItemById", guid=item[key], title="new").expect(200)
        assert world.owner.stored(item["guid"])["title"] == "new"


@clause("HT-ITEM-14")
def test_update_of_nothing(target: Target) -> None:
    """updateItem with neither guid nor id is refused with 400 and code 104."""
    with target.world() as world:
        world.owner.item()
        world.owner.call("updateItem", title="new").refused(400, 104)


@clause("HT-ITEM-15")
def test_update_without_a_title(target: Target) -> None:
    """updateItem without a title leaves the title as it was."""
    with target.world() as world:
        item = world.owner.item(title="kept")
        changed = world.owner.call("updateItem", guid=item["guid"], color=3)
        changed.expect(200)
        stored = world.owner.stored(item["guid"])
        assert (stored["title"], stored["color"]) == ("kept", 3)


@clause("HT-ITEM-16")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "another"),
        ("message", "another"),
        ("color", 2),
        ("priority", 30001),
        ("is_all_day", False),
        ("end_date", "2020-01-02T00:00:00.000+02:00"),
        ("tags", ["another"]),
        ("location", {"longitude": 1.5, "latitude": 2.5, "address": "there"}),
        ("alerts", []),
        ("starred", False),
    ],
)
def test_update_leaves_the_rest(target: Target, name: str, value: object) -> None:
    """updateItem changes what is sent, and besides only version and time."""
    moving = {"version", "time_last_update"} | (
        {"due_date"} if name == "end_date" else set()
    )
    with target.world() as world:
        before = world.owner.item(**FULL)
        world.owner.call("updateItem", guid=before["guid"], **{name: value}).expect(200)
        after = world.owner.stored(before["guid"])
        changed = {key for key in before if before[key] != after[key]}
        assert name in changed
        assert changed - moving == {name}


@clause("HT-ITEM-17")
@given(title=titles(), starred=st.booleans())
def test_update_answers_the_item(target: Target, title: str, starred: bool) -> None:
    """What updateItem answers is what the list then holds."""
    with target.world() as world:
        item = world.owner.item()
        changed = update(world.owner, item, title=title, starred=starred).expect(200)
        assert world.owner.items() == {item["id"]: changed.data}


@clause("HT-ITEM-18")
def test_a_stale_version(target: Target) -> None:
    """A version older than the item's is refused with 400 and code 10."""
    with target.world() as world:
        item = world.owner.item()
        changed = update(world.owner, item, title="second").arranged()
        update(world.owner, item, version=item["version"]).refused(400, 10)
        update(world.owner, item, version=changed["version"]).expect(200)


@clause("HT-ITEM-19")
def test_delete_by_guid(target: Target) -> None:
    """deleteItem by guid takes the item, and no other, from the list."""
    with target.world() as world:
        item, other = world.owner.item(), world.owner.item()
        world.owner.call("deleteItem", guid=item["guid"]).expect(200)
        assert list(world.owner.items()) == [other["id"]]


@clause("HT-ITEM-20")
def test_delete_by_id(target: Target) -> None:
    """deleteItem by id takes the item, and no other, from the list."""
    with target.world() as world:
        item, other = world.owner.item(), world.owner.item()
        world.owner.call("deleteItem", guid=item["id"]).expect(200)
        assert list(world.owner.items()) == [other["id"]]


@clause("HT-ITEM-21")
def test_delete_twice(target: Target) -> None:
    """Deleting what has been deleted is refused with 404."""
    with target.world() as world:
        item = world.owner.item()
        world.owner.call("deleteItem", guid=item["guid"]).arranged()
        world.owner.call("deleteItem", guid=item["guid"]).refused(404)


@clause("HT-ITEM-22")
@pytest.mark.parametrize("extra", [{}, {"cascade": True}, {"cascade": False}])
def test_delete_takes_what_is_below(target: Target, extra: dict[str, bool]) -> None:
    """With an item its children and theirs are deleted, and nothing beside them."""
    with target.world() as world:
        owner = world.owner
        top, beside = owner.item(category=0), owner.item()
        child = owner.item(parent=top["id"])
        grandchild = owner.item(parent=child["id"])
        owner.item(parent=grandchild["id"])
        owner.call("deleteItem", guid=top["guid"], **extra).expect(200)
        assert list(owner.items()) == [beside["id"]]
        owner.call("deleteItem", guid=grandchild["guid"]).refused(404)


@clause("HT-ITEM-23")
@pytest.mark.parametrize("name", ["administrator", "colleague", "outsider", "personal"])
def test_delete_unseen(target: Target, name: str) -> None:
    """Deleting what the caller does not see is refused with 404, and it stays."""
    with target.world() as world, unseen_by(name):
        item = private(world.owner)
        other = getattr(world, name)
        other.call("deleteItem", guid=item["guid"]).refused(404)
        assert list(world.owner.items()) == [item["id"]]


@clause("HT-ITEM-24")
def test_update_unseen(target: Target) -> None:
    """Changing what the caller does not see, or what is not there, is 404."""
    with target.world() as world:
        item = private(world.owner)
        update(world.colleague, item, title="changed").refused(404)
        world.owner.call("updateItem", guid=world.guid(), title="new").refused(404)
        world.owner.call("updateItem", id=NO_ID, title="new").refused(404)
        assert world.owner.stored(item["guid"]) == item


@clause("HT-ITEM-25")
def test_the_code_of_unseen_items(target: Target) -> None:
    """What the caller does not see, or what is not there, is refused with code 1."""
    with target.world() as world:
        item = private(world.owner)
        update(world.outsider, item, title="changed").refused(code=1)
        world.outsider.call("deleteItem", guid=item["guid"]).refused(code=1)
        world.owner.call("updateItem", id=NO_ID, title="new").refused(code=1)
        world.owner.call("deleteItem", guid=world.guid()).refused(code=1)


@clause("HT-ITEM-26")
@pytest.mark.parametrize(
    "name", ["administrator", "manager", "colleague", "outsider", "personal"]
)
def test_private_items_are_private(target: Target, name: str) -> None:
    """An item that is not shared is in nobody else's list."""
    with target.world() as world, unseen_by(name):
        private(world.owner)
        private(world.owner, category=0)
        assert getattr(world, name).items() == {}


@clause("HT-ITEM-27")
def test_guid_and_id_of_two_items(target: Target) -> None:
    """A guid and an id that name different items are refused with 400 and code 6."""
    with target.world() as world:
        one, other = world.owner.item(), world.owner.item()
        update(world.owner, one, id=other["id"]).refused(400, 6)
        update(world.owner, one, id=one["id"], color=1).expect(200)


@clause("HT-ITEM-29")
def test_ids_are_never_reused(target: Target) -> None:
    """The id of a deleted item is not given to a new one."""
    with target.world() as world:
        seen = set()
        for _ in range(4):
            item = world.owner.item()
            assert item["id"] not in seen, "this id was another item's"
            seen.add(item["id"])
            world.owner.call("deleteItem", guid=item["guid"]).arranged()
