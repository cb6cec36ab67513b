"""Tags: what they look like, and how they are put on, renamed and deleted."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, resting_on
from tasktwin_contract.hitask.steps import NO_ID, create, created, update
from tasktwin_contract.hitask.tagging import (
    add,
    called,
    drop,
    listed,
    names_on,
    rename,
    retag,
    tag_list,
    tag_of,
    tagged,
)
from tasktwin_contract.hitask.writes import entry
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.rows import certain
from tasktwin_contract.strategies import VISIBLE
from tasktwin_contract.target import Target, World

BLANK = ["", "  ", " \t\n", "\u2003"]
TWINS = [("work", "Work"), ("a b", "ab"), ("caf\u00e9", "cafe\u0301"), ("\u2160", "I")]
texts = st.text(VISIBLE, min_size=1, max_size=12)
names = texts.map(lambda name: name.replace(",", ";"))


def writes_of(name: str) -> dict[str, Callable[[World, Object], Reply]]:
    """The ways in which an item, with no tag yet, gets the tag `name`."""
    return {
        "addTag": lambda world, item: add(world.owner, item, name),
        "createItem": lambda world, item: create(world.owner, tags=[name]),
        "updateItem": lambda world, item: update(world.owner, item, tags=[name]),
    }


WAYS = writes_of("home")


@clause("HT-TAG-01")
def test_the_shape_of_tags(target: Target) -> None:
    """Each tag has an id, a name and shared, of their types."""
    with target.world() as world:
        item = world.owner.item(tags=["home", "work"])
        tag = add(world.owner, item, "third").expect(200).data
        renamed = rename(world.owner, tag, "fourth").expect(200).data
        shown = [tag, renamed, *world.owner.call("listTags").expect(200).data]
        assert len(shown) == 5, f"the tags are {shown}"
        for one in shown:
            assert type(one["id"]) is int, f"id is {one['id']!r}"
            assert type(one["name"]) is str, f"name is {one['name']!r}"
            assert type(one["shared"]) is bool, f"shared is {one['shared']!r}"


@clause("HT-TAG-02")
@pytest.mark.parametrize("name", ["a", "home", "two words", "x" * 100])
def test_a_tag_is_answered(target: Target, name: str) -> None:
    """addTag answers the tag, with an id, the name that was sent, and shared."""
    with target.world() as world:
        tag = add(world.owner, world.owner.item(), name).expect(200)
        assert tag["name"] == name
        assert tag["id"] in {one["id"] for one in tag_list(world.owner)}


@clause("HT-TAG-03")
@pytest.mark.parametrize("via", ["form", "json", "query"])
def test_a_tag_without_a_name(target: Target, via: str) -> None:
    """addTag without a name is refused with 400 and code 4."""
    with target.world() as world:
        item = world.owner.item()
        owner = world.owner.using(via=via)
        owner.call("addTag", item_id=item["id"]).refused(400, 4)


@clause("HT-TAG-04")
@pytest.mark.parametrize("more", [{}, {"id": 1}, {"itemId": 1}])
def test_a_tag_without_an_item(target: Target, more: dict[str, Any]) -> None:
    """addTag without the id of an item is refused with 400 and code 4."""
    with target.world() as world:
        world.owner.call("addTag", name="home", **more).refused(400, 4)


@clause("HT-TAG-05")
def test_a_tag_on_nothing(target: Target) -> None:
    """addTag for an item that is not there is refused with 404 and code 1."""
    with target.world() as world:
        gone = world.owner.item()
        world.owner.call("deleteItem", guid=gone["guid"]).arranged()
        for number in (NO_ID, gone["id"]):
            add(world.owner, Object(id=number), "home").refused(404, 1)


@clause("HT-TAG-08")
def test_a_tag_is_renamed(target: Target) -> None:
    """updateTag answers the tag with its id and new name, as the list then has it."""
    with target.world() as world:
        item = world.owner.item()
        tag, other = (tagged(world.owner, item, name) for name in ("home", "work"))
        renamed = rename(world.owner, tag, "garden").expect(200)
        assert (renamed["id"], renamed["name"]) == (tag["id"], "garden")
        by_id = {one["id"]: one["name"] for one in tag_list(world.owner)}
        assert by_id == {tag["id"]: "garden", other["id"]: "work"}


@clause("HT-TAG-09")
@pytest.mark.parametrize("via", ["form", "json", "query"])
def test_no_new_name(target: Target, via: str) -> None:
    """updateTag without a name is refused with 400 and code 4."""
    with target.world() as world:
        tag = tagged(world.owner, world.owner.item(), "home")
        owner = world.owner.using(via=via)
        owner.call("updateTag", id=tag["id"]).refused(400, 4)
        assert tag_list(world.owner) == [tag]


@clause("HT-TAG-10")
def test_no_such_tag(target: Target) -> None:
    """updateTag and deleteTag of a tag that is not there are 404 and code 1."""
    with target.world() as world:
        item = world.owner.item(tags=["work"])
        gone = tagged(world.owner, item, "home")
        drop(world.owner, gone).arranged()
        for tag in (gone, Object(id=NO_ID)):
            rename(world.owner, tag, "garden").refused(404, 1)
            drop(world.owner, tag).refused(404, 1)


@clause("HT-TAG-12")
def test_a_tag_is_deleted(target: Target) -> None:
    """deleteTag is answered with 200, and the list has the other tags only."""
    with target.world() as world:
        item = world.owner.item()
        tag, other = (tagged(world.owner, item, name) for name in ("home", "work"))
        drop(world.owner, tag).expect(200)
        assert tag_list(world.owner) == [other]


@clause("HT-TAG-13")
def test_what_deleting_a_tag_answers(target: Target) -> None:
    """deleteTag answers an object whose response_status is 0."""
    with target.world() as world:
        tag = tagged(world.owner, world.owner.item(), "home")
        assert drop(world.owner, tag).expect(200)["response_status"] == 0


@clause("HT-TAG-14")
@pytest.mark.parametrize("way", ["header", "cookie", "parameter"])
def test_the_list_of_tags_without_a_session(target: Target, way: str) -> None:
    """listTags without a session by any way is refused with 400 and code 4."""
    with target.world() as world:
        world.nobody.using(session_by=way).call("listTags").refused(400, 4)


@clause("HT-TAG-15")
@pytest.mark.parametrize("via", ["query", "form"])
def test_tags_take_the_session_as_a_parameter(target: Target, via: str) -> None:
    """The operations on tags take the session as the parameter session_id."""
    asked = "HT-PARAM-01" if via == "query" else None
    with target.world() as world, resting_on(asked):
        owner = world.owner.using(session_by="parameter", via=via)
        tag = add(owner, world.owner.item(), "home").expect(200).data
        rename(owner, tag, "garden").expect(200)
        assert called(owner, "garden")
        drop(owner, tag).expect(200)


@clause("HT-TAG-16")
def test_tags_of_shared_items_are_shared(target: Target) -> None:
    """shared is true where an item with the tag is shared, and else false."""
    with target.world() as world:
        owner = world.owner
        item = owner.item(tags=["alone", "both"])
        assert {tag["shared"] for tag in tag_list(owner)} == {False}
        other = owner.item(tags=["both"], permissions=[entry(world.member.id, 20)])
        assert tag_of(owner, "alone")["shared"] is False
        assert tag_of(owner, "both")["shared"] is True
        assert tag_of(world.member, "both")["shared"] is True
        assert add(owner, other, "new").expect(200)["shared"] is True
        assert add(owner, item, "own").expect(200)["shared"] is False
        renamed = rename(owner, tag_of(owner, "both"), "two").expect(200)
        assert renamed["shared"] is True


@clause("HT-TAG-16")
def test_tags_are_shared_as_long_as_an_item_is(target: Target) -> None:
    """shared follows what happens to the items that carry the tag."""
    with target.world() as world:
        item = world.owner.item(tags=["home"])
        for rows in ([entry(world.member.id, 20)], []):
            update(world.owner, item, permissions=rows).arranged()
            assert tag_of(world.owner, "home")["shared"] is bool(rows)


@clause("HT-TAG-17")
def test_ids_of_tags(target: Target) -> None:
    """No two tags have the same id, and renaming changes none."""
    with target.world() as world:
        items = [who.item() for who in (world.owner, world.outsider, world.personal)]
        made = [
            tagged(who, item, name)["id"]
            for name in ("home", "work")
            for who, item in zip(
                (world.owner, world.outsider, world.personal), items, strict=True
            )
        ]
        own = made[::3]
        assert len(set(own)) == 2, f"the ids are {own}"
        with resting_on("HT-TAG-40"):
            assert len(set(made)) == 6, f"the ids are {made}"
        rename(world.owner, Object(id=made[0]), "garden").arranged()
        with resting_on("HT-TAG-25"):
            assert {tag["id"] for tag in tag_list(world.owner)} == {*own}


@clause("HT-TAG-18")
@pytest.mark.parametrize("way", WAYS)
def test_a_tag_is_on_the_item_and_in_the_list(target: Target, way: str) -> None:
    """A tag that is put on an item is among its tags and in the list of tags."""
    with target.world() as world:
        prepared = world.owner.item()
        WAYS[way](world, prepared).expect(200)
        item = max(world.owner.items().values(), key=lambda one: one["id"])
        assert item["tags"] == ["home"]
        assert listed(world.owner) == ["home"]


@clause("HT-TAG-18")
def test_tags_are_put_on_beside_others(target: Target) -> None:
    """A further tag leaves those that the item has."""
    with target.world() as world:
        item = world.owner.item(tags=["b", "c"])
        add(world.owner, item, "a").expect(200)
        assert names_on(world.owner, item) == ["a", "b", "c"]
        assert listed(world.owner) == ["a", "b", "c"]


@clause("HT-TAG-20")
@given(first=names, second=names)
def test_names_of_tags_are_kept(target: Target, first: str, second: str) -> None:
    """The name of a tag may be any text, and comes back unchanged."""
    with target.world() as world:
        item = world.owner.item()
        tag = add(world.owner, item, first).expect(200).data
        assert tag["name"] == first
        assert listed(world.owner) == names_on(world.owner, item) == [first]
        assert rename(world.owner, tag, second).expect(200)["name"] == second
        assert listed(world.owner) == names_on(world.owner, item) == [second]


@clause("HT-TAG-21")
@pytest.mark.parametrize("name", BLANK)
def test_blank_names_of_tags(target: Target, name: str) -> None:
    """A name that is blank is refused with 400 and code 4."""
    _refuses(target, name, 4)


@clause("HT-TAG-22")
@pytest.mark.parametrize("name", [",", "a,b", "home,", ",home"])
def test_commas_in_names_of_tags(target: Target, name: str) -> None:
    """A name with a comma is refused with 400 and code 6."""
    _refuses(target, name, 6)


@clause("HT-TAG-23")
@pytest.mark.parametrize("letter", ["a", "\N{CARD INDEX DIVIDERS}"])
def test_long_names_of_tags(target: Target, letter: str) -> None:
    """A name of more than 255 code points is refused with 400 and code 25."""
    _refuses(target, letter * 256, 25)
    with target.world() as world:
        tag = tagged(world.owner, world.owner.item(), letter * 255)
        assert tag["name"] == letter * 255


def _refuses(target: Target, name: str, code: int) -> None:
    with target.world() as world:
        item = world.owner.item()
        tag = tagged(world.owner, item, "home")
        add(world.owner, item, name).refused(400, code)
        rename(world.owner, tag, name).refused(400, code)
        assert names_on(world.owner, item) == listed(world.owner) == ["home"]


@clause("HT-TAG-31")
def test_what_is_so_already(target: Target) -> None:
    """A tag that the item has, and the name that the tag has, change nothing."""
    with target.world() as world:
        item = world.owner.item(tags=["work", "home"])
        before, tag = world.owner.items(), tag_of(world.owner, "home")
        cursor = world.owner.call("listItems").cursor
        assert add(world.owner, item, "home").expect(200).data == tag
        assert rename(world.owner, tag, "home").expect(200).data == tag
        assert world.owner.items() == before
        assert world.owner.call("listItems").cursor == cursor


@clause("HT-TAG-32")
@pytest.mark.parametrize(
    "how",
    [
        lambda owner, item: retag(owner, item, "other"),
        retag,
        certain(
            lambda owner, item: owner.call("deleteItem", guid=item["guid"]).arranged()
        ),
    ],
    ids=["replaced", "emptied", "deleted"],
)
def test_tags_go_with_their_last_item(
    target: Target, how: Callable[..., object]
) -> None:
    """When the last item that carries a tag drops it, the tag has gone."""
    with target.world() as world:
        owner = world.owner
        first, last = owner.item(tags=["home"]), owner.item(tags=["home"])
        tag = tag_of(owner, "home")
        how(owner, first)
        assert tag_of(owner, "home") == tag, "an item still carries it"
        how(owner, last)
        assert called(owner, "home") == []
        rename(owner, tag, "garden").refused(404, 1)
        assert tagged(owner, owner.item(), "home")["id"] != tag["id"]


@clause("HT-TAG-32")
def test_tags_go_with_what_is_below(target: Target) -> None:
    """Tags of what is deleted with an item above it go as well."""
    with target.world() as world:
        top = world.owner.item(tags=["top"])
        world.owner.item(parent=top["id"], tags=["below", "top"])
        world.owner.item(tags=["beside"])
        world.owner.call("deleteItem", guid=top["guid"]).arranged()
        assert listed(world.owner) == ["beside"]


@clause("HT-TAG-39")
def test_tags_of_what_is_archived(target: Target) -> None:
    """An item in the archive keeps its tags, which no list has for it meanwhile."""
    with target.world() as world:
        owner = world.owner
        item, other = owner.item(tags=["home", "work"]), owner.item(tags=["work"])
        home, work = (tag_of(owner, name) for name in ("home", "work"))
        owner.call("archiveItem", id=item["id"]).arranged()
        assert tag_list(owner) == [work]
        rename(owner, home, "garden").refused(404, 1)
        rename(owner, work, "office").expect(200)
        owner.call("restoreItem", id=item["id"]).arranged()
        assert names_on(owner, item) == ["home", "office"]
        assert names_on(owner, other) == ["office"]
        assert tag_of(owner, "home") == home


@clause("HT-TAG-41")
@pytest.mark.parametrize(("one", "other"), TWINS)
def test_names_of_tags_that_look_alike(target: Target, one: str, other: str) -> None:
    """Names that differ in case, in blanks or in their Unicode form are different."""
    with target.world() as world:
        first, second = (
            tagged(world.owner, world.owner.item(), n) for n in (one, other)
        )
        assert first["id"] != second["id"]
        both = created(world.owner, tags=[one, other])
        assert both["tags"] == [one, other]
        assert listed(world.owner) == sorted([one, other])
