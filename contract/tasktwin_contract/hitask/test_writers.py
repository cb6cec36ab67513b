"""Eight writers at once, and a copy that is kept by deltas while they write."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.steps import create, update
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target, World

WRITERS = ("owner", "administrator", "manager", "member") * 2
SECONDS = 120


@pytest.fixture
def writes(cases: int) -> int:
    """How many items each of the writers makes."""
    return 2 * cases


def write(actor: Actor, reader: Actor, guids: list[str]) -> list[tuple[int, str]]:
    """Make an item of each guid, shared with `reader`, and change it once.

    Answers the id and the last title of each.
    """
    shared = [{"principal": reader.id, "level": 10}]
    done = []
    for guid in guids:
        made = create(actor, guid=guid, permissions=shared).expect(200)
        update(actor, Object(made.data), title=f"last {guid}").expect(200)
        done.append((int(made["id"]), f"last {guid}"))
    return done


def at_once(
    world: World, reader: Actor, number: int, meanwhile: Callable[[], object]
) -> dict[int, str]:
    """Have eight threads write, and `meanwhile` done until they are ready.

    Answers the titles that they were told are kept, by id.
    """
    work = [
        (getattr(world, name), [world.guid() for _ in range(number)])
        for name in WRITERS
    ]
    with ThreadPoolExecutor(len(work)) as pool:
        running = [pool.submit(write, actor, reader, guids) for actor, guids in work]
        while not all(one.done() for one in running):
            meanwhile()
        return dict(row for one in running for row in one.result(SECONDS))


@clause("HT-DELTA-33")
def test_no_write_is_lost(target: Target, writes: int) -> None:
    """What eight writers were told is written stands in the list."""
    with target.world() as world:
        reader = world.colleague
        kept = at_once(world, reader, writes, lambda: reader.call("listItems"))
        listed = reader.items()
        assert {number: listed[number]["title"] for number in kept} == kept


@clause("HT-DELTA-32")
def test_a_copy_among_eight_writers(target: Target, writes: int) -> None:
    """A copy that is kept by deltas is the list when the writers are done."""
    with target.world() as world:
        reader = world.colleague
        copy: dict[int, Any] = {}
        cursor = 0

        def follow() -> None:
            nonlocal cursor
            reply = reader.call("getItemsDelta", delta=cursor).expect(200)
            present = {row["id"]: row for row in reply.data}
            for number in copy.keys() - present.keys():
                del copy[number]
            copy.update({n: row for n, row in present.items() if row["changed"]})
            cursor = reply.cursor

        at_once(world, reader, writes, follow)
        follow()
        shown = {n: {**row, "changed": None} for n, row in copy.items()}
        listed = reader.items()
        fresh = {n: {**item, "changed": None} for n, item in listed.items()}
        assert shown == fresh
