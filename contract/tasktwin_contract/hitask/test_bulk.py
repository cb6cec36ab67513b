"""Several items deleted or archived at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.hitask.deltas import delta, listed
from tasktwin_contract.hitask.events import archive, entry, history, shared
from tasktwin_contract.hitask.levels import SEEING, every_way, ladder
from tasktwin_contract.hitask.steps import NO_ID
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import Target, World

NEEDED = {"deleteMultiple": 100, "archiveMultiple": 80}
MALFORMED = ("abc", "x-y", "#", "null", "NaN")
ODD = ("1.5", "1;2", "1 2", "0x10", "1e3", "true", "{}", "[[1]]", "9" * 30)
PLACES = (", {}", "{},", "{} ,,{}", ",")

both = pytest.mark.parametrize("name", NEEDED)


def numbers(*items: Object) -> list[int]:
    """Their ids."""
    return [item["id"] for item in items]


def parted(*items: Object) -> str:
    """The list that names them."""
    return ",".join(map(str, numbers(*items)))


def go(actor: Actor, name: str, *items: Object) -> Reply:
    """Have `items` deleted or archived at once."""
    return actor.call(name, id=parted(*items))


def is_kept(world: World, name: str, item: Object) -> None:
    """Demand that an item that has gone by `name` is where it should be."""
    reply = world.owner.call("restoreItem", id=item["id"])
    judge = reply.refused if name == "deleteMultiple" else reply.arranged
    judge()


def check_each_level(target: Target, name: str, way: str) -> None:
    """Of items with each level those with enough go, for everybody, and no other."""
    with ladder(target, way) as steps:
        made = {level: steps.item(level)["id"] for level in reversed(SEEING)}
        unseen = steps.item(0)["id"]
        items = [unseen, *made.values()]
        go(steps.caller, name, *(Object(id=number) for number in items)).expect(200)
        kept = {n for level, n in made.items() if level < NEEDED[name]}
        assert steps.caller.items().keys() & {*items} == kept
        assert steps.world.owner.items().keys() & {*items} == {unseen, *kept}


@clause("HT-BULK-01", "HT-BULK-03")
@every_way
def test_deleting_with_each_level(target: Target, way: str) -> None:
    """With 100 an item of the list is deleted, with less it is passed over."""
    check_each_level(target, "deleteMultiple", way)


@clause("HT-BULK-02", "HT-BULK-04")
@every_way
def test_archiving_with_each_level(target: Target, way: str) -> None:
    """With 80 or more an item of the list is archived, with less it is passed over."""
    check_each_level(target, "archiveMultiple", way)


def check_where_they_go(target: Target, name: str) -> None:
    """Each one of the list goes where a single one does, and no other goes."""
    with target.world() as world:
        items = [shared(world.owner, world.member) for _ in "abcd"]
        go(world.owner, name, *items[1:]).expect(200)
        assert list(world.owner.items()) == numbers(items[0])
        assert list(world.member.items()) == numbers(items[0])
        for item in items[1:]:
            is_kept(world, name, item)


@clause("HT-BULK-01")
def test_deleting_several(target: Target) -> None:
    """deleteMultiple deletes each item of its list for good, and no other."""
    check_where_they_go(target, "deleteMultiple")


@clause("HT-BULK-02")
def test_archiving_several(target: Target) -> None:
    """archiveMultiple puts each item of its list into the archive, and no other."""
    check_where_they_go(target, "archiveMultiple")


@clause("HT-BULK-01")
def test_deleting_one(target: Target) -> None:
    """A list may be of one."""
    with target.world() as world:
        item, other = world.owner.item(), world.owner.item()
        go(world.owner, "deleteMultiple", item).expect(200)
        assert list(world.owner.items()) == [other["id"]]


@clause("HT-BULK-03")
@pytest.mark.parametrize("who", ["member", "colleague", "outsider"])
def test_deleting_what_others_have(target: Target, who: str) -> None:
    """Another's item is passed over in silence, seen or not, wherever it stands."""
    with target.world() as world:
        actor = getattr(world, who)
        theirs = [shared(world.owner, world.member, level=80) for _ in "ab"]
        own = actor.item()
        go(actor, "deleteMultiple", theirs[0], own, theirs[1]).expect(200)
        assert world.owner.items().keys() >= {*numbers(*theirs)}
        assert own["id"] not in actor.items()


@clause("HT-BULK-04")
@pytest.mark.parametrize("who", ["member", "colleague", "outsider"])
def test_archiving_what_others_have(target: Target, who: str) -> None:
    """Another's item is passed over in silence, seen or not, wherever it stands."""
    with target.world() as world:
        actor = getattr(world, who)
        theirs = [shared(world.owner, world.member, level=70) for _ in "ab"]
        own = actor.item()
        go(actor, "archiveMultiple", theirs[0], own, theirs[1]).expect(200)
        assert world.owner.items().keys() >= {*numbers(*theirs)}
        assert own["id"] not in actor.items()
        actor.call("restoreItem", id=own["id"]).expect(200)


@clause("HT-BULK-05")
@both
def test_ids_of_nothing(target: Target, name: str) -> None:
    """Ids of nothing are passed over: 200, and the rest of the list goes."""
    with target.world() as world:
        gone, item, other = (world.owner.item() for _ in "abc")
        world.owner.call("deleteItem", guid=gone["guid"]).arranged()
        nothing = Object(id=NO_ID)
        go(world.owner, name, nothing, gone, item, nothing).expect(200)
        assert list(world.owner.items()) == [other["id"]]
        go(world.owner, name, gone, nothing).expect(200)


@clause("HT-BULK-06", "HT-BULK-08")
@both
def test_malformed_lists(target: Target, name: str) -> None:
    """A list with something that is no id is refused with 400, and changes nothing."""
    with target.world() as world:
        one, other = world.owner.item(), world.owner.item()
        before = world.owner.items()
        for element in MALFORMED:
            mixed = f"{one['id']},{element},{other['id']}"
            with judging("HT-BULK-06"):
                world.owner.call(name, id=element).refused(400)
                world.owner.call(name, id=mixed).refused(400)
            assert world.owner.items() == before


@clause("HT-BULK-07")
@both
def test_the_code_of_malformed_lists(target: Target, name: str) -> None:
    """A list with something that is no id is refused with code 5."""
    with target.world() as world:
        item = world.owner.item()
        for element in MALFORMED:
            sent = f"{item['id']},{element}"
            world.owner.call(name, id=sent).refused(code=5)


@clause("HT-BULK-19")
@both
def test_what_is_no_id_either(target: Target, name: str) -> None:
    """What a lenient reader might take for ids is 400 and code 5; nothing goes."""
    with target.world() as world:
        item = world.owner.item()
        for element in ODD:
            mixed = f"{item['id']},{element}"
            world.owner.call(name, id=element).refused(400, 5)
            world.owner.call(name, id=mixed).refused(400, 5)
        assert list(world.owner.items()) == [item["id"]]


@clause("HT-BULK-06", "HT-BULK-07")
@both
def test_no_list_in_json(target: Target, name: str) -> None:
    """In a JSON body, too, what is no list of ids is 400 and code 5."""
    with target.world() as world:
        owner, item = world.owner.using(via="json"), world.owner.item()
        for sent in (item["id"], {"id": item["id"]}, True):
            owner.call(name, id=sent).refused(400, 5)
        assert list(world.owner.items()) == [item["id"]]


@clause("HT-BULK-06", "HT-BULK-07")
@both
def test_lists_of_guids(target: Target, name: str) -> None:
    """A guid is no id: 400 and code 5."""
    with target.world() as world:
        item = world.owner.item()
        world.owner.call(name, id=item["guid"]).refused(400, 5)
        assert list(world.owner.items()) == [item["id"]]


@clause("HT-BULK-09")
@both
def test_no_list(target: Target, name: str) -> None:
    """Without id both are refused with 400 and code 4, also where a guid is sent."""
    with target.world() as world:
        item = world.owner.item()
        world.owner.call(name).refused(400, 4)
        world.owner.call(name, guid=item["guid"]).refused(400, 4)
        assert list(world.owner.items()) == [item["id"]]


@clause("HT-BULK-10")
@both
def test_empty_elements(target: Target, name: str) -> None:
    """An empty element is refused with 400 and code 5, and nothing goes."""
    with target.world() as world:
        item = world.owner.item()
        for place in PLACES:
            sent = place.format(item["id"], item["id"])
            world.owner.call(name, id=sent).refused(400, 5)
        assert list(world.owner.items()) == [item["id"]]


@clause("HT-BULK-12")
@both
def test_what_is_listed_twice(target: Target, name: str) -> None:
    """What stands in a list twice goes, and the list is taken."""
    with target.world() as world:
        item, other = world.owner.item(), world.owner.item()
        go(world.owner, name, item, item, item).expect(200)
        assert list(world.owner.items()) == [other["id"]]


@clause("HT-BULK-12")
def test_what_is_archived_once(target: Target) -> None:
    """What stands in a list twice is archived once, and its history says it once."""
    with target.world() as world:
        once, twice = world.owner.item(), world.owner.item()
        go(world.owner, "archiveMultiple", twice, once, twice).expect(200)
        for item in (once, twice):
            world.owner.call("restoreItem", id=item["id"]).arranged()
        assert len({item["version"] for item in world.owner.items().values()}) == 1
        assert len(history(world.owner, once)) == len(history(world.owner, twice))


def family(actor: Actor) -> list[Object]:
    """A project, an item in it and one below that."""
    top = actor.item(category=0)
    middle = actor.item(parent=top["id"])
    return [top, middle, actor.item(parent=middle["id"])]


@clause("HT-BULK-13")
@both
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (2, 0)])
def test_what_goes_with_its_parent(
    target: Target, name: str, order: tuple[int, ...]
) -> None:
    """What goes with something above it in the list is done, in whatever order."""
    with target.world() as world:
        items, alone = family(world.owner), family(world.owner)
        go(world.owner, name, *(items[n] for n in order)).expect(200)
        assert list(world.owner.items()) == numbers(*alone)


@clause("HT-BULK-13", "HT-BULK-17")
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_what_is_archived_with_its_parent(
    target: Target, order: tuple[int, ...]
) -> None:
    """What is archived with something above it in the list comes back with that."""
    with target.world() as world:
        items, alone = family(world.owner), family(world.owner)
        go(world.owner, "archiveMultiple", *(items[n] for n in order)).expect(200)
        go(world.owner, "archiveMultiple", alone[0]).expect(200)
        world.owner.call("restoreItem", id=items[0]["id"]).expect(200)
        back = world.owner.items()
        assert sorted(back) == numbers(*items)
        versions = {item["version"] for item in back.values()}
        assert versions == {3}, "archived once and restored once"
        names = [[e["property_name"] for e in history(world.owner, i)] for i in items]
        assert names == [names[0]] * 3, f"what the histories say: {names}"


@clause("HT-BULK-14")
@both
def test_what_both_answer(target: Target, name: str) -> None:
    """Both answer an object whose response_status is 0, also where nothing goes."""
    with target.world() as world:
        for item in (world.owner.item(), Object(id=NO_ID)):
            reply = go(world.owner, name, item).expect(200)
            assert reply["response_status"] == 0


@clause("HT-BULK-15")
@both
def test_what_is_below(target: Target, name: str) -> None:
    """With an item all that is below it goes, also what somebody else owns."""
    with target.world() as world:
        everything = [entry(world.member, 100), entry(world.colleague, 60)]
        top = world.owner.item(category=0, permissions=everything)
        below = [one.item(parent=top["id"]) for one in (world.owner, world.colleague)]
        world.colleague.item(parent=below[1]["id"])
        other = shared(world.owner, world.member, world.colleague)
        go(world.member, name, top).expect(200)
        for viewer in (world.owner, world.member, world.colleague):
            assert list(viewer.items()) == [other["id"]]


@clause("HT-BULK-16")
@both
def test_what_deltas_tell(target: Target, name: str) -> None:
    """What has gone is in nobody's delta, and what was passed over has not changed."""
    with target.world() as world:
        people = [world.owner, world.member, world.colleague]
        items = [shared(*people, level=level) for level in (100, 100, 80, 70, 60)]
        first, _, third, *others = numbers(*items)
        kept = {"archiveMultiple": {first, *others}}
        kept["deleteMultiple"] = {first, third, *others}
        cursors = [listed(one).cursor for one in people]
        go(world.member, name, *items[1:]).expect(200)
        for viewer, cursor in zip(people, cursors, strict=True):
            told = delta(viewer, cursor)
            assert not told.changed, f"changed for {viewer.name}"
            assert told.stubs == listed(viewer).items.keys() == kept[name]


@clause("HT-BULK-17")
def test_restoring_one_of_several(target: Target) -> None:
    """What was archived with others comes back by itself, with what was below it."""
    with target.world() as world:
        first, second = family(world.owner), family(world.owner)
        go(world.owner, "archiveMultiple", first[0], second[1]).expect(200)
        assert list(world.owner.items()) == [second[0]["id"]]
        world.owner.call("restoreItem", id=second[1]["id"]).expect(200)
        assert sorted(world.owner.items()) == numbers(*second)
        world.owner.call("restoreItem", id=first[0]["id"]).expect(200)
        assert sorted(world.owner.items()) == numbers(*first, *second)


@clause("HT-BULK-18")
@both
def test_what_is_archived(target: Target, name: str) -> None:
    """What is archived is passed over: it is restored with what went with it."""
    with target.world() as world:
        items, other = family(world.owner), world.owner.item()
        archive(world.owner, items[0])
        go(world.owner, name, *items, other).expect(200)
        assert not world.owner.items()
        world.owner.call("restoreItem", id=items[0]["id"]).expect(200)
        back = world.owner.items()
        assert sorted(back) == numbers(*items)
        assert {item["version"] for item in back.values()} == {3}


@st.composite
def forests(draw: st.DrawFn) -> list[int | None]:
    """For each of some items the number of its parent, an earlier one, or None."""
    size = draw(st.integers(1, 6))
    return [draw(_places(number)) for number in range(size)]


def _places(number: int) -> SearchStrategy[int | None]:
    return st.sampled_from([None, *range(number)])


BLANKS = st.sampled_from(["", " ", "  ", "\t"])
PICKS = st.lists(st.tuples(st.integers(-2, 5), BLANKS, BLANKS), min_size=1, max_size=6)


@clause("HT-BULK-11", "HT-BULK-12", "HT-BULK-13")
@given(
    name=st.sampled_from([*NEEDED]),
    forest=forests(),
    picks=PICKS,
    via=st.sampled_from(["form", "json", "query"]),
)
def test_any_list(
    target: Target, name: str, forest: list[int | None], picks: Any, via: str
) -> None:
    """Of any list, blanks and all, goes what it names with what is below, no more."""
    with target.world() as world:
        made: list[Object] = []
        for parent in forest:
            below = {} if parent is None else {"parent": made[parent]["id"]}
            made.append(world.owner.item(**below))
        known = dict(enumerate(numbers(*made)))
        sent = ",".join(f"{a}{known.get(n, NO_ID)}{b}" for n, a, b in picks)
        world.owner.using(via=via).call(name, id=sent).expect(200)
        gone = {n for n, _, _ in picks} & known.keys()
        for number, parent in enumerate(forest):
            gone |= {number} if parent in gone else set()
        kept = [number for n, number in known.items() if n not in gone]
        assert list(world.owner.items()) == kept
