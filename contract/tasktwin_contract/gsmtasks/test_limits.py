"""How often a user may ask."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.target import Target


def ask(actor: Actor, times: int) -> list[int]:
    """The statuses of so many lists of tasks."""
    return [actor.call("listTasks").status for _ in range(times)]


@clause("GT-ERROR-19")
@pytest.mark.parametrize("most", [1, 2, 7])
def test_one_request_too_many(target: Target, most: int) -> None:
    """More requests than the limit allows are refused with 429."""
    with target.world(rate_limit=most) as world:
        assert ask(world.manager, most + 2) == [200] * most + [429] * 2
        world.manager.call("createTask").refused(429)
        world.manager.call("getTask", id=world.guid()).refused(429)


@clause("GT-ERROR-20")
@given(gone=st.integers(0, 59), most=st.integers(1, 3))
@example(gone=0, most=1)
def test_when_to_come_again(target: Target, gone: int, most: int) -> None:
    """Retry-After says after how many seconds the next request is served."""
    with target.world(rate_limit=most) as world:
        world.freeze()
        ask(world.manager, most)
        world.advance(gone)
        reply = world.manager.call("listTasks").refused(429)
        seconds = reply.headers.get("retry-after", "")
        if not seconds.isdigit() or int(seconds) < 1:
            raise ClauseBrokenError("Retry-After in seconds", repr(seconds))
        world.advance(int(seconds))
        assert ask(world.manager, 1) == [200]


@clause("GT-ERROR-21")
@pytest.mark.parametrize("name", ["worker", "both", "stranger"])
def test_each_user_alone(target: Target, name: str) -> None:
    """Each user's requests are counted alone."""
    with target.world(rate_limit=2) as world:
        assert ask(world.manager, 3) == [200, 200, 429]
        actor = getattr(world, name)
        assert ask(actor, 3) == [200, 200, 429]
        assert ask(world.second_worker, 1) == [200]


@clause("GT-ERROR-19")
def test_no_limit_of_itself(target: Target) -> None:
    """Where no limit was asked for there is none."""
    with target.world() as world:
        assert set(ask(world.manager, 150)) == {200}
