"""Python that calls pytest on a suite, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import tasktwin_contract

SUITE = Path(tasktwin_contract.__file__).parent
PLUGINS = ("-p", "tasktwin_contract.plugin", "-p", "_hypothesis_pytestplugin")


def printed(code: str, tests: str, hash_seed: str, *words: str) -> str:
    """What `code` prints that is given pytest's words for `tests` of the suites.

    `hash_seed` is for the order of sets. Raises `CalledProcessError`.
    """
    place = ["-c", SUITE / "suite.ini", "--rootdir", SUITE, SUITE / tests]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, place), *words, *PLUGINS],
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
