"""A seed repeats all that a run draws, also for those who call pytest themselves."""

from .suite_process import printed

PLAY = """
import sys
import pytest
from tasktwin_contract.target import World

sent, send = [], World.send

def noted(world, request):
    operation = request.operation and request.operation.id
    sent.append((operation, request.request.query, request.request.body))
    return send(world, request)

World.send = noted
code = pytest.main(sys.argv[1:])
print(*sent, sep="\\n")
sys.exit(code)
"""


def played(seed: int, hash_seed: str) -> str:
    """What the histories of a run with that seed send, in its order."""
    words = "--tasktwin-profile=quick", f"--tasktwin-seed={seed}"
    return printed(PLAY, "hitask/test_histories.py", hash_seed, *words)


def test_a_seed_repeats_histories() -> None:
    """The same histories again with the same seed, others with another."""
    first = played(1, "1")
    assert first.count("createItem") > 5
    assert first == played(1, "2")
    assert first != played(2, "1")
