"""Eight writers at once, and one who follows them by deltas."""

import pytest

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.writers import Crowd, eager_threads
from tasktwin_contract.target import Target, World

WRITES = {"quick": 20, "default": 60, "thorough": 200}  # of each writer
PATIENCE = 120.0  # seconds


@pytest.fixture(scope="session")
def writes(request: pytest.FixtureRequest) -> int:
    """How often each writer writes."""
    return WRITES[request.config.getoption("tasktwin_profile")]


def crowd(world: World, writes: int) -> Crowd:
    """The crowd after its work."""
    found = Crowd(world)
    guids = [[world.guid() for _ in range(writes)] for _ in found.writers]
    with eager_threads():
        found.work(guids, PATIENCE)
    return found


@clause("HT-DELTA-32")
def test_a_copy_while_eight_write(target: Target, writes: int) -> None:
    """A copy kept by deltas while eight write at once is the list in the end."""
    with target.world() as world:
        missed = crowd(world, writes).missed()
        assert not missed, f"the copy is not the list: {'; '.join(missed[:5])}"


@clause("HT-DELTA-33")
def test_no_write_of_eight_is_lost(target: Target, writes: int) -> None:
    """Of the writes of eight at once, each answered with success, none is lost."""
    with target.world() as world:
        lost = crowd(world, writes).lost()
        assert not lost, f"writes are lost: {'; '.join(lost[:5])}"
