"""Comments on items."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.events import (
    comment,
    commented,
    entry,
    history,
    messages,
    modify,
    shared,
)
from tasktwin_contract.hitask.steps import NO_ID, instant
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.rows import certain
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target

LAST = (
    "last_comment_id",
    "last_comment",
    "last_comment_user_id",
    "last_comment_create_datetime",
)


def delete(actor: Actor, number: Any, item: Object | None = None) -> Reply:
    """Call deleteComment, with itemId where `item` is given."""
    named = {} if item is None else {"itemId": item["id"]}
    return actor.call("deleteComment", id=number, **named)


def last(actor: Actor, item: Object) -> list[Any]:
    """The item's last comment, its moment as an instant."""
    stored = actor.stored(item["guid"])
    *facts, moment = (stored[name] for name in LAST)
    return [*facts, instant(moment)]


@clause("HT-COMMENT-01")
@given(written=st.lists(titles(60), min_size=1, max_size=3))
def test_comments_are_kept(target: Target, written: list[str]) -> None:
    """Comments stand in the history unchanged, for everyone who sees the item."""
    with target.world() as world:
        item = shared(world.owner, world.member, level=10)
        for message in written:
            comment(world.owner, item, message).expect(200)
        for actor in (world.owner, world.member):
            assert sorted(messages(actor, item)) == sorted(written)


@clause("HT-COMMENT-01")
@pytest.mark.parametrize(
    "message",
    [
        "0",
        "null",
        certain(" with spaces "),
        "two\nlines\n",
        "<b>bold</b> &amp; 'quoted' \"text\" %20 + \\n",
        "e\u0301 \u00e9 \ufb01 \U0001f5c2",
        "a" * 10_000,
        "\U0001f5c2" * 10_000,
    ],
)
def test_odd_comments_are_kept(target: Target, message: str) -> None:
    """A comment comes back unchanged, whatever is in it and up to 10,000 long."""
    with target.world() as world:
        item = shared(world.owner, world.member, level=20)
        comment(world.member, item, message).expect(200)
        assert messages(world.owner, item) == [message]


@clause("HT-COMMENT-01")
def test_comments_of_their_item(target: Target) -> None:
    """A comment stands in the history of its own item only."""
    with target.world() as world:
        item, other = world.owner.item(), world.owner.item()
        child = world.owner.item(parent=item["id"])
        comment(world.owner, item, "mine").expect(200)
        found = [messages(world.owner, one) for one in (item, other, child)]
        assert found == [["mine"], [], []]


@clause("HT-COMMENT-02")
def test_what_commenting_answers(target: Target) -> None:
    """addComment answers the id that deletes the comment, and when it was made."""
    with target.world() as world:
        item = world.owner.item()
        made = comment(world.owner, item).expect(200)
        assert type(made["id"]) is int, made.summary
        assert instant(made["time_create"]) is not None, made.summary
        delete(world.owner, made["id"], item).expect(200)
        assert messages(world.owner, item) == []


@clause("HT-COMMENT-03")
@given(message=titles(60))
def test_the_last_comment(target: Target, message: str) -> None:
    """The item's last_comment fields are those of the comment, for everyone."""
    with target.world() as world:
        item = shared(world.owner, world.member, level=20)
        comment(world.owner, item, "before").arranged()
        made = comment(world.member, item, message).expect(200)
        facts = [made["id"], message, world.member.number, instant(made["time_create"])]
        assert last(world.owner, item) == facts
        assert last(world.member, item) == facts


@clause("HT-COMMENT-03")
def test_the_last_comment_of_two(target: Target) -> None:
    """With each comment the last_comment fields become the newer comment's."""
    with target.world() as world:
        item, other = world.owner.item(), world.owner.item()
        for message in ("one", "two", "three"):
            made = comment(world.owner, item, message).expect(200)
            assert last(world.owner, item)[:2] == [made["id"], message]
        assert last(world.owner, other) == [None] * len(LAST)


@clause("HT-COMMENT-04")
@pytest.mark.parametrize(
    "sent",
    [
        {"message": None},
        {"message": ""},
        {"message": " \t\n "},
        {"message": "\u2003"},
        {"id": None},
        {"id": None, "message": None},
    ],
)
def test_what_is_missing(target: Target, sent: dict[str, Any]) -> None:
    """A comment without item or message is refused with 400 and code 4."""
    with target.world() as world:
        item = world.owner.item()
        named = {"id": item["id"], "message": "a comment", **sent}
        world.owner.call("addComment", **named).refused(400, 4)
        assert messages(world.owner, item) == []


@clause("HT-COMMENT-05")
@pytest.mark.parametrize("letter", ["a", "\u00e9", "\U0001f5c2"])
def test_comments_too_long(target: Target, letter: str) -> None:
    """A comment over 10,000 code points is refused with 400 and code 25."""
    with target.world() as world:
        comment(world.owner, world.owner.item(), letter * 10_001).refused(400, 25)


@clause("HT-COMMENT-06")
@pytest.mark.parametrize("gone", range(3))
def test_deleting(target: Target, gone: int) -> None:
    """deleteComment takes that comment out of the history, and no other."""
    with target.world() as world:
        written = ["one", "two", "three"]
        item = shared(world.owner, world.member, level=10)
        made = [commented(world.owner, item, message) for message in written]
        delete(world.owner, made[gone], item).expect(200)
        left = {message for message in written if message != written[gone]}
        for actor in (world.owner, world.member):
            assert set(messages(actor, item)) == left


@clause("HT-COMMENT-07")
@pytest.mark.parametrize("level", [certain(10), 20, 40, 80])
def test_authors_delete(target: Target, level: int) -> None:
    """The author may delete their comment, whatever level they have by now."""
    with target.world() as world:
        item = shared(world.owner, world.member, level=20)
        number = commented(world.member, item)
        modify(world.owner, item, permissions=[entry(world.member, level)])
        delete(world.member, number, item).expect(200)
        assert messages(world.owner, item) == []


@clause("HT-COMMENT-08")
@pytest.mark.parametrize("name", ["owner", "colleague", "administrator"])
def test_those_with_everything_delete(target: Target, name: str) -> None:
    """Whoever has 100 on the item may delete a comment of somebody else's."""
    with target.world() as world:
        levels = {"member": 20, "colleague": 100, "administrator": 10}
        entries = [entry(getattr(world, one), level) for one, level in levels.items()]
        item = world.owner.item(permissions=entries)
        number = commented(world.member, item)
        delete(getattr(world, name), number, item).expect(200)
        assert messages(world.member, item) == []


@clause("HT-COMMENT-09")
@pytest.mark.parametrize("level", [10, 20, 60, 80])
@pytest.mark.parametrize("author", ["owner", "colleague"])
def test_others_do_not_delete(target: Target, level: int, author: str) -> None:
    """Anybody else is refused deleting with 403 and code 3, and it stays."""
    with target.world() as world:
        entries = [entry(world.member, level), entry(world.colleague, 20)]
        item = world.owner.item(permissions=entries)
        number = commented(getattr(world, author), item, "stays")
        delete(world.member, number, item).refused(403, 3)
        delete(world.member, number).refused(403, 3)
        assert messages(world.owner, item) == ["stays"]


@clause("HT-COMMENT-10")
def test_the_last_comment_after_deleting(target: Target) -> None:
    """The last_comment fields become those of the comment before, then null."""
    with target.world() as world:
        item = shared(world.owner, world.member, level=20)
        authors = [world.owner, world.member, world.owner, world.member]
        made, facts = [], [[None] * len(LAST)]
        for number, author in enumerate(authors):
            made.append(commented(author, item, f"comment {number}"))
            facts.append(last(world.owner, item))
        delete(world.owner, made.pop(1), item).expect(200)
        assert last(world.owner, item) == facts.pop(), "an earlier one is deleted"
        del facts[2]
        for number in reversed(made):
            delete(world.owner, number, item).expect(200)
            assert last(world.member, item) == facts.pop()


@clause("HT-COMMENT-11")
def test_comments_that_are_not_there(target: Target) -> None:
    """A comment that does not exist, or no longer, is refused with 404 and code 1."""
    with target.world() as world:
        item = world.owner.item()
        delete(world.owner, NO_ID, item).refused(404, 1)
        delete(world.owner, NO_ID).refused(404, 1)
        number = commented(world.owner, item)
        delete(world.owner, number, item).arranged()
        delete(world.owner, number, item).refused(404, 1)
        delete(world.owner, number).refused(404, 1)


@clause("HT-COMMENT-11")
def test_comments_of_another_item(target: Target) -> None:
    """A comment that is not one of the item named is refused, and stays."""
    with target.world() as world:
        item, other = world.owner.item(), world.owner.item()
        unseen = world.outsider.item()
        number = commented(world.owner, item, "stays")
        delete(world.owner, number, other).refused(404, 1)
        delete(world.owner, number, unseen).refused(404, 1)
        assert messages(world.owner, item) == ["stays"]


@clause("HT-COMMENT-11")
def test_entries_that_are_no_comments(target: Target) -> None:
    """Another entry of the history is no comment: 404 and code 1, and it stays."""
    with target.world() as world:
        item = world.owner.item()
        modify(world.owner, item, title="changed")
        before = history(world.owner, item)
        for one in before:
            delete(world.owner, one["id"], item).refused(404, 1)
        assert history(world.owner, item) == before


@clause("HT-COMMENT-12")
def test_deleting_nothing(target: Target) -> None:
    """deleteComment without an id is refused with 400 and code 4."""
    with target.world() as world:
        item = world.owner.item()
        commented(world.owner, item, "stays")
        delete(world.owner, None, item).refused(400, 4)
        delete(world.owner, None).refused(400, 4)
        assert messages(world.owner, item) == ["stays"]


@clause("HT-COMMENT-12")
def test_deleting_without_the_item(target: Target) -> None:
    """deleteComment does without itemId."""
    with target.world() as world:
        item = world.owner.item()
        delete(world.owner, commented(world.owner, item)).expect(200)
        assert messages(world.owner, item) == []


@clause("HT-COMMENT-13")
def test_what_deleting_answers(target: Target) -> None:
    """deleteComment answers an object whose response_status is 0."""
    with target.world() as world:
        item = world.owner.item()
        reply = delete(world.owner, commented(world.owner, item), item).expect(200)
        assert reply["response_status"] == 0


@clause("HT-COMMENT-14")
@given(steps=st.lists(st.tuples(st.integers(0, 1), st.booleans()), max_size=6))
def test_ids_of_comments(target: Target, steps: list[tuple[int, bool]]) -> None:
    """The id of a comment is never given to another one, deleted or not."""
    with target.world() as world:
        items = [world.owner.item(), world.owner.item()]
        seen = set()
        for which, gone in [(0, True), (0, False), *steps]:
            number = commented(world.owner, items[which])
            assert number not in seen, "this id was another comment's"
            seen.add(number)
            if gone:
                delete(world.owner, number, items[which]).arranged()


@clause("HT-HISTORY-12")
@pytest.mark.parametrize("gone", [0, 1, 2])
def test_entries_beside_a_deleted_comment(target: Target, gone: int) -> None:
    """The other entries stay as they are, with their ids, when a comment goes."""
    with target.world() as world:
        item = world.owner.item()
        made = [commented(world.owner, item, f"comment {n}") for n in range(3)]
        before = history(world.owner, item)
        stay = [one for one in before if one["value"] != f"comment {gone}"]
        delete(world.owner, made[gone], item).arranged()
        assert history(world.owner, item)[: len(stay)] == stay
