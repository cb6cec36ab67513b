"""Limits of an account, and of how often a client may ask."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, resting_on
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.events import archive, archived, shared
from tasktwin_contract.hitask.refusals import everything
from tasktwin_contract.hitask.steps import create, milliseconds, update
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import Target, World

T = TypeVar("T")
MINUTE = 60
A_MOMENT = 0.02  # for what has to wait, and is not over
PATIENCE = 5.0  # for what has to be over at once


def copy(actor: Actor, item: Object) -> Reply:
    """Call restoreCopy."""
    return actor.call("restoreCopy", id=item["id"])


def full(world: World, most: int) -> Object:
    """An archived item of the owner, who has `most` others. Raises `NotJudgedError`."""
    item = archived(world.owner)
    for _ in range(most):
        world.owner.item()
    return item


@clause("HT-COPY-08", "HT-COPY-09")
@pytest.mark.parametrize("most", [1, 3])
def test_copying_at_the_limit(target: Target, most: int) -> None:
    """A copy at the limit is refused with 507 and code 20, and none is made."""
    with target.world(max_items=most) as world:
        item = full(world, most)
        before = world.owner.items()
        reply = copy(world.owner, item).expect(507)
        assert reply.code == 20, reply.summary
        assert world.owner.items() == before


@clause("HT-COPY-08")
def test_copying_up_to_the_limit(target: Target) -> None:
    """Up to the limit copies are made, and then no more."""
    with target.world(max_items=3) as world:
        first, second, third = (archived(world.owner) for _ in "abc")
        world.owner.item()
        copy(world.owner, first).expect(200)
        with resting_on("HT-COPY-17"):
            copy(world.owner, second).expect(200)
        copy(world.owner, third).expect(507)


@clause("HT-COPY-10")
def test_whose_limit_counts(target: Target) -> None:
    """A copy counts as an item of the caller's, whoever owns the archived one."""
    with target.world(max_items=2) as world:
        item = shared(world.owner, world.member, level=80)
        archive(world.owner, item)
        for _ in "ab":
            world.owner.item()
        copy(world.owner, item).expect(507)
        copy(world.member, item).expect(200)
        copy(world.member, item).expect(200)
        copy(world.member, item).expect(507)


@clause("HT-LIMIT-11")
def test_making_more_than_the_limit(target: Target) -> None:
    """createItem makes items beyond the limit of items of an account."""
    with target.world(max_items=1) as world:
        for _ in "abc":
            create(world.owner).expect(200)
        assert len(world.owner.items()) == 3


def ask(actor: Actor, times: int = 1, key: str | None = None) -> list[Reply]:
    """The replies to so many calls of getUser, with an API key or without."""
    return [actor.call("getUser", api_key=key) for _ in range(times)]


def turned_away(actor: Actor, key: str | None = None) -> Reply:
    """Demand that one request more is refused at the limit."""
    return ask(actor, 1, key)[0].refused(429, 67)


def let_in(actor: Actor, times: int = 1, key: str | None = None) -> None:
    """Demand that so many requests more are answered."""
    for reply in ask(actor, times, key):
        reply.expect(200)


@clause("HT-LIMIT-01")
@pytest.mark.parametrize("most", [1, 7])
def test_one_request_too_many(target: Target, most: int) -> None:
    """One request more in a minute than the limit is 429 and code 67, and the next."""
    with target.world(rate_limit=most) as world:
        let_in(world.owner, most)
        turned_away(world.owner)
        world.owner.call("listItems").refused(429, 67)


@clause("HT-LIMIT-02")
@pytest.mark.parametrize("gone", [0, 0.25, 59.5])
def test_when_to_come_again(target: Target, gone: float) -> None:
    """Retry-After says after how many whole seconds the client is let in again."""
    with target.world(rate_limit=2) as world:
        world.freeze()
        let_in(world.owner, 2)
        world.advance(gone)
        seconds = turned_away(world.owner).headers.get("retry-after", "")
        assert seconds.isdigit(), f"Retry-After: {seconds!r}"
        assert 0 <= int(seconds) - (MINUTE - gone) < 1
        world.advance(int(seconds) - 1)
        turned_away(world.owner)
        world.advance(1)
        let_in(world.owner, 2)


@clause("HT-LIMIT-03")
@given(
    most=st.integers(1, 3),
    start=st.integers(0, 59),
    waits=st.lists(st.integers(0, 70) | st.just(0), min_size=4, max_size=8),
)
@example(most=1, start=50, waits=[0, 60, 20, 0])
def test_the_minute(target: Target, most: int, start: int, waits: list[int]) -> None:
    """The minute begins with the first request, and the next one with one after it.

    It is not the clock's, whose second the first request comes in at `start`.
    """
    with target.world(rate_limit=most) as world:
        world.advance((start - world.freeze().second) % MINUTE)
        age, count, statuses, expected = 0, 0, [], []
        for seconds in waits:
            world.advance(seconds)
            age += seconds
            age, count = (age, count) if age < MINUTE and count else (0, 0)
            expected.append(429 if count == most else 200)
            count = min(count + 1, most)
            statuses += [reply.status for reply in ask(world.owner)]
        assert statuses == expected, f"after waits of {waits} with {most} a minute"


@clause("HT-LIMIT-04")
def test_what_counts_for_a_key(target: Target) -> None:
    """What is sent with a key counts for the key, and for nothing else."""
    with target.world(rate_limit=3) as world:
        full, read = world.api_key, world.keys["read"]
        world.owner.signed_in()
        let_in(world.owner, key=full)
        let_in(world.member, key=full)
        turned_away(world.outsider, key=full)
        let_in(world.outsider, key=read)
        let_in(world.owner, 3)
        turned_away(world.owner)


@clause("HT-LIMIT-04")
def test_what_counts_for_a_key_in_the_header(target: Target) -> None:
    """A key in the header Authorization counts as one in the parameter does."""
    with target.world(rate_limit=2) as world:
        session = ("x-hi-session", world.owner.session_id)
        key = ("Authorization", world.api_key)
        let_in(world.member, key=world.api_key)
        world.request("GET", "/api/user", headers=(session, key)).expect(200)
        world.request("GET", "/api/user", headers=(session, key)).refused(429, 67)
        turned_away(world.member, key=world.api_key)


@clause("HT-LIMIT-05")
def test_what_counts_for_a_session(target: Target) -> None:
    """What is sent without a key counts for its session, not for the user's others."""
    with target.world(rate_limit=2) as world:
        other = world.owner.signed_in()
        let_in(world.owner, 1)
        let_in(world.owner.using(session_by="cookie"), 1)
        turned_away(world.owner.using(session_by="parameter"))
        let_in(other, 2)
        let_in(world.member, 2)
        turned_away(other)


@clause("HT-LIMIT-06")
def test_what_counts_for_an_address(target: Target) -> None:
    """What has neither a known key nor a known session counts for its address."""
    with target.world(rate_limit=3) as world:
        ask(world.nobody)[0].refused(401)
        ask(world.owner.with_session(world.guid()))[0].refused(401)
        ask(world.nobody, key=world.guid())[0].refused(401)
        turned_away(world.owner.with_session(world.guid()))
        turned_away(world.nobody)
        let_in(world.owner, 3)


@clause("HT-LIMIT-12")
def test_what_bodies_that_cannot_be_read_count_for(target: Target) -> None:
    """What has a body that cannot be read counts for its address."""
    with target.world(rate_limit=2) as world:
        for _ in "ab":
            raw.send(world.owner, "createItem", kind=raw.JSON, body=b"{").refused(
                400, 46
            )
        turned_away(world.nobody)
        let_in(world.owner, 2)


@clause("HT-LIMIT-07")
def test_refused_requests_count(target: Target) -> None:
    """Requests that are refused count as well."""
    with target.world(rate_limit=3) as world:
        create(world.owner, title="").refused()
        update(world.owner, Object(guid=world.guid(), title="none")).refused()
        let_in(world.owner)
        turned_away(world.owner)


@clause("HT-LIMIT-08")
def test_what_is_refused_at_the_limit(target: Target) -> None:
    """A request that is refused at the limit changes nothing."""
    with target.world(rate_limit=4) as world:
        world.freeze()
        item = world.owner.item()
        let_in(world.owner, 3)
        create(world.owner).refused(429)
        update(world.owner, item, title="changed").refused(429)
        world.owner.call("deleteItem", guid=item["guid"]).refused(429)
        world.owner.call("updateUser", firstname="Changed").refused(429)
        world.advance(MINUTE)
        everybody = everything(world)
        account, items = everybody["owner"]
        assert account["firstName"] != "Changed"
        assert items == {item["id"]: item}


@contextmanager
def queue(target: Target, most: int) -> Iterator[tuple[World, ThreadPoolExecutor]]:
    """A world whose clock stands still and whose limit delays, and who can wait there.

    The world goes first, so that nobody waits in it for ever.
    """
    settings = {"rate_limit": most, "rate_limit_mode": "delay"}
    with ThreadPoolExecutor(4) as pool, target.world(**settings) as world:
        world.freeze()
        yield world, pool


def at_once(pool: ThreadPoolExecutor, call: Callable[..., T], *words: Any) -> T:
    """What `call` gives. Raises `ClauseBrokenError` where it waits for something."""
    pending = pool.submit(call, *words)
    return answer_of(pending)


def answer_of(pending: Future[T]) -> T:
    """What comes of a call that has to be over. Raises `ClauseBrokenError`."""
    if not wait([pending], PATIENCE).done:
        raise ClauseBrokenError("an answer at once", "none")
    return pending.result()


@clause("HT-LIMIT-09")
def test_delayed_requests(target: Target) -> None:
    """A request past the limit is answered when the minute is over, as if then come."""
    with queue(target, 2) as (world, pool):
        began = world.freeze()
        let_in(world.owner, 2)
        late = pool.submit(create, world.owner)
        assert not wait([late], A_MOMENT).done, "it is not delayed"
        at_once(pool, world.advance, MINUTE - 1)
        assert not wait([late], A_MOMENT).done, "the minute is not over"
        at_once(pool, world.advance, 1)
        made = answer_of(late).expect(200)
        seconds = milliseconds(made["time_create"]) / 1000
        assert seconds >= int(began.timestamp()) + MINUTE
        assert list(world.owner.items()) == [made["id"]]


@clause("HT-LIMIT-09")
def test_the_order_of_the_delayed(target: Target) -> None:
    """Of many that wait each minute lets in as many as the limit says."""
    with queue(target, 1) as (world, pool):
        let_in(world.owner)
        late = [pool.submit(create, world.owner) for _ in range(3)]
        for over in range(1, 4):
            at_once(pool, world.advance, MINUTE)
            wait(late, PATIENCE, "FIRST_COMPLETED")
            late = [one for one in late if not one.done()]
            assert len(late) == 3 - over


@clause("HT-LIMIT-10")
def test_who_is_held_up(target: Target) -> None:
    """A delayed request holds up nobody else's."""
    with queue(target, 1) as (world, pool):
        let_in(world.owner)
        late = pool.submit(create, world.owner)
        assert not wait([late], A_MOMENT).done, "it is not delayed"
        at_once(pool, create, world.member).expect(200)
        at_once(pool, create, world.outsider).expect(200)
        assert not late.done(), "it is not delayed"
