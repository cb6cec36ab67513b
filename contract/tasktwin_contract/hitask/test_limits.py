"""Limits of an account, and of how often a client may ask."""

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.events import archive, archived, shared
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import Target, World


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
        item = full(world, 1)
        copy(world.owner, item).expect(200)
        copy(world.owner, item).expect(200)
        copy(world.owner, item).expect(507)
        assert len(world.owner.items()) == 3


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
