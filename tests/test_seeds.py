"""A seed repeats all that a run draws, also for those who call pytest themselves."""

import os
import subprocess
import sys
from pathlib import Path

import tasktwin_contract

SUITE = Path(tasktwin_contract.__file__).parent
TESTS = SUITE / "hitask" / "test_histories.py"
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
    words = ["-c", SUITE / "suite.ini", "--rootdir", SUITE, TESTS]
    words += ["--tasktwin-profile=quick", f"--tasktwin-seed={seed}"]
    plugins = ["-p", "tasktwin_contract.plugin", "-p", "_hypothesis_pytestplugin"]
    done = subprocess.run(
        [sys.executable, "-c", PLAY, *map(str, words), *plugins],
        env={
            **os.environ,
            "PYTHONHASHSEED": hash_seed,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def test_a_seed_repeats_histories() -> None:
    """The same histories again with the same seed, others with another."""
    first = played(1, "1")
    assert first.count("createItem") > 5
    assert first == played(1, "2")
    assert first != played(2, "1")
