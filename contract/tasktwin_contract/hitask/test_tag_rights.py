"""Whose tags are whose: who sees them, and who may put on, rename and delete them."""

from collections.abc import Callable

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.entries import entries
from tasktwin_contract.hitask.levels import entry, unseen_by
from tasktwin_contract.hitask.steps import update
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
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import Target

Write = Callable[[Actor, Object], Reply]

TOO_LOW, ENOUGH = (10, 50), (60, 100)  # the matrix of levels has them all
WRITES: dict[str, Write] = {
    "renaming": lambda actor, tag: rename(actor, tag, "changed"),
    "deleting": drop,
}
every_write = pytest.mark.parametrize("name", WRITES)


def shared(owner: Actor, other: Actor, level: int, *names: str) -> Object:
    """An item of `owner`'s with these tags, on which `other` has the level."""
    made: Object = owner.item(tags=[*names], permissions=[entry(other, level)])
    return made


@clause("HT-TAG-05")
@pytest.mark.parametrize("who", ["member", "administrator", "outsider", "personal"])
def test_tags_on_what_is_not_seen(target: Target, who: str) -> None:
    """addTag for an item that the caller does not see is 404 and code 1."""
    with target.world() as world, unseen_by(who):
        own = entries(world, manager=100)
        item = world.manager.item(tags=["home"], permissions=own)
        add(getattr(world, who), item, "home").refused(404, 1)
        add(getattr(world, who), item, "work").refused(404, 1)
        assert names_on(world.manager, item) == ["home"]


@clause("HT-TAG-06")
@pytest.mark.parametrize("level", TOO_LOW)
def test_tags_below_60(target: Target, level: int) -> None:
    """addTag by who sees the item and has less than 60 is 403 and code 3."""
    with target.world() as world:
        item = shared(world.owner, world.member, level, "home")
        add(world.member, item, "work").refused(403, 3)
        assert names_on(world.owner, item) == listed(world.owner) == ["home"]


@clause("HT-TAG-07")
@pytest.mark.parametrize("level", ENOUGH)
def test_tags_from_60(target: Target, level: int) -> None:
    """Whoever has 60 or more on an item puts a tag on it."""
    with target.world() as world:
        item = shared(world.owner, world.member, level, "home")
        add(world.member, item, "work").expect(200)
        assert names_on(world.owner, item) == ["home", "work"]
        retag(world.member, item, "garden")
        assert names_on(world.owner, item) == ["garden"]


@clause("HT-TAG-11")
@every_write
@pytest.mark.parametrize("level", TOO_LOW)
def test_writing_tags_below_60(target: Target, level: int, name: str) -> None:
    """Who sees a tag and may modify no item with it is refused with 403 and 3."""
    with target.world() as world:
        item = shared(world.owner, world.member, level, "home")
        WRITES[name](world.member, tag_of(world.member, "home")).refused(403, 3)
        assert names_on(world.owner, item) == listed(world.owner) == ["home"]


@clause("HT-TAG-24")
def test_tags_are_the_team_s(target: Target) -> None:
    """Members of a team who use the same name use the same tag."""
    with target.world() as world:
        world.owner.item(tags=["home", "work"])
        item = world.member.item()
        first = tagged(world.member, item, "home")
        assert tag_of(world.owner, "home")["id"] == first["id"]
        retag(world.colleague, world.colleague.item(), "work")
        second = tag_of(world.colleague, "work")
        assert tag_of(world.owner, "work")["id"] == second["id"] != first["id"]


@clause("HT-TAG-25")
def test_who_sees_tags(target: Target) -> None:
    """A tag is listed for whoever sees an item with it, and for nobody else."""
    with target.world() as world:
        world.manager.item(tags=["work", "home"])
        shared(world.manager, world.member, 10, "home")
        assert listed(world.manager) == ["home", "work"]
        assert listed(world.member) == ["home"]
        for who in ("owner", "administrator", "colleague", "outsider", "personal"):
            assert listed(getattr(world, who)) == [], f"the {who} sees tags"


@clause("HT-TAG-25")
def test_tags_are_seen_as_their_items_are(target: Target) -> None:
    """Who gains and loses an item, or what is above it, gains and loses its tags."""
    with target.world() as world:
        top = world.manager.item()
        world.manager.item(parent=top["id"], tags=["home"])
        for level, seen in ((10, ["home"]), (0, [])):
            rows = [entry(world.member, level)] if level else []
            update(world.manager, top, permissions=rows).arranged()
            assert listed(world.member) == seen


@clause("HT-TAG-26")
@every_write
@pytest.mark.parametrize("who", ["member", "administrator", "outsider", "personal"])
def test_writing_tags_that_are_not_seen(target: Target, who: str, name: str) -> None:
    """A tag that is on no item that the caller sees is 404 and code 1."""
    with target.world() as world:
        actor = getattr(world, who)
        actor.item(tags=["other"])
        tag = tagged(world.manager, world.manager.item(), "home")
        WRITES[name](actor, tag).refused(404, 1)
        assert tag_list(world.manager) == [tag]


@clause("HT-TAG-27")
@every_write
@pytest.mark.parametrize("level", [0, 50])
def test_one_item_is_enough_to_refuse(target: Target, level: int, name: str) -> None:
    """Writing a tag needs 60 on every item with it, seen or not: else 403 and 3."""
    with target.world() as world:
        shared(world.owner, world.member, 100, "home")
        entries = [entry(world.member, level)] if level else []
        other = world.owner.item(tags=["home"], permissions=entries)
        last = shared(world.owner, world.member, 60, "home")
        WRITES[name](world.member, tag_of(world.member, "home")).refused(403, 3)
        for item in (other, last):
            assert names_on(world.owner, item) == ["home"]


@clause("HT-TAG-27")
@every_write
def test_an_archived_item_is_enough_to_refuse(target: Target, name: str) -> None:
    """Items in the archive count as well."""
    with target.world() as world:
        shared(world.owner, world.member, 100, "home")
        away = shared(world.owner, world.member, 50, "home")
        world.owner.call("archiveItem", id=away["id"]).arranged()
        WRITES[name](world.member, tag_of(world.member, "home")).refused(403, 3)
        WRITES[name](world.owner, tag_of(world.owner, "home")).expect(200)


@clause("HT-TAG-28")
@every_write
def test_60_on_every_item_is_enough(target: Target, name: str) -> None:
    """Whoever has 60 on every item with a tag renames and deletes it."""
    with target.world() as world:
        items = [
            shared(world.owner, world.member, level, "home", "work") for level in ENOUGH
        ]
        world.owner.item(tags=["work"])
        WRITES[name](world.member, tag_of(world.member, "home")).expect(200)
        left = {"renaming": ["changed", "work"], "deleting": ["work"]}[name]
        for item in items:
            assert names_on(world.owner, item) == left


@clause("HT-TAG-29")
@pytest.mark.parametrize("seen", [True, False])
def test_names_in_use(target: Target, seen: bool) -> None:
    """updateTag to the name of another tag is 400 and code 6, seen or not."""
    with target.world() as world:
        other = world.member if seen else world.colleague
        other.item(tags=["work"])
        item = world.member.item()
        tag = tagged(world.member, item, "home")
        rename(world.member, tag, "work").refused(400, 6)
        assert names_on(world.member, item) == ["home"]
        assert tag_of(other, "work")["id"] != tag["id"]


@clause("HT-TAG-29")
def test_names_that_are_free_again(target: Target) -> None:
    """The name that a tag had before it was renamed is free, and its new one is not."""
    with target.world() as world:
        item = world.owner.item()
        first, second = (tagged(world.owner, item, name) for name in ("a", "b"))
        rename(world.owner, first, "c").arranged()
        rename(world.owner, second, "c").refused(400, 6)
        rename(world.owner, second, "a").expect(200)
        assert names_on(world.owner, item) == ["a", "c"]


@clause("HT-TAG-30")
def test_names_that_exist(target: Target) -> None:
    """addTag with the name of a tag that exists puts that tag on and answers it."""
    with target.world() as world:
        tag = tagged(world.owner, world.owner.item(), "home")
        item, other = world.owner.item(tags=["work"]), world.member.item()
        assert add(world.owner, item, "home").expect(200)["id"] == tag["id"]
        assert add(world.member, other, "home").expect(200)["id"] == tag["id"]
        assert names_on(world.owner, item) == ["home", "work"]
        assert names_on(world.member, other) == ["home"]
        assert len(tag_list(world.owner)) == 2


@clause("HT-TAG-40")
@pytest.mark.parametrize("who", ["outsider", "personal"])
def test_others_have_tags_of_their_own(target: Target, who: str) -> None:
    """Teams, and people without one, share no tags, and no names are taken."""
    with target.world() as world:
        other = getattr(world, who)
        mine, item = world.owner.item(), other.item()
        tag = tagged(world.owner, mine, "home")
        theirs = tagged(other, item, "home")
        assert theirs["id"] != tag["id"]
        tagged(world.owner, mine, "work")
        rename(other, theirs, "work").expect(200)
        assert listed(world.owner) == names_on(world.owner, mine) == ["home", "work"]
        assert names_on(other, item) == ["work"]
        drop(world.owner, tag).expect(200)
        assert called(other, "work") == [{**theirs, "name": "work"}]
