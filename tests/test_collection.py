"""The tests of a suite are found alike by every process that looks for them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import tasktwin_contract
from tasktwin_schemas import APIS

SUITE = Path(tasktwin_contract.__file__).parent
# The suite's settings shut off the plugin that would print this.
LIST = """
import sys
import pytest

class Names:
    def pytest_collection_finish(self, session):
        print(*(item.nodeid for item in session.items), sep="\\n")

sys.exit(pytest.main(sys.argv[1:], plugins=[Names()]))
"""
WORDS = ("--collect-only", "--tasktwin-profile=quick", "--tasktwin-seed=1")


def names(api: str, hash_seed: str) -> str:
    """The tests that a process with that seed for its sets finds, in their order."""
    words = ["-c", SUITE / "suite.ini", "--rootdir", SUITE, SUITE / api, *WORDS]
    plugins = ["-p", "tasktwin_contract.plugin", "-p", "_hypothesis_pytestplugin"]
    done = subprocess.run(
        [sys.executable, "-c", LIST, *map(str, words), *plugins],
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


@pytest.mark.parametrize("api", APIS)
def test_the_order_is_the_same(api: str) -> None:
    """Workers could not share the tests if each saw them in an order of its own."""
    first = names(api, "1")
    assert first.count("\n") > 100
    assert first == names(api, "2")
