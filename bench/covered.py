"""How many branches of the mock the suite alone goes through, without the kit's tests.

    python bench/covered.py [API] [--profile quick] [--rows 1000]

Counts the branches of the API's package, and those of the kernel that a request passes.
Prints each file that has some left, with their lines, and exits with 1 where less than
95 % are covered.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import tasktwin_contract
import tasktwin_mockserver
from tasktwin_schemas import APIS

SUITE = Path(tasktwin_contract.__file__).parent
MOCK = Path(tasktwin_mockserver.__file__).parent
PATH = (  # of a request, through the kernel
    "pipeline exchange parameters routes refusal api visit world tables clock limits"
)
LEAST = 0.95
PLUGINS = ("-p", "tasktwin_contract.plugin", "-p", "_hypothesis_pytestplugin")


def measured(api: str, profile: str, rows: int) -> dict[str, Any]:
    """What coverage.py says of each file. Raises `SystemExit` where the suite fails."""
    files = [MOCK / api / "*", *(MOCK / f"{name}.py" for name in PATH.split())]
    with tempfile.TemporaryDirectory() as folder:
        data, report = f"--data-file={folder}/data", Path(folder, "report.json")
        words = ["run", data, "--branch", "--rcfile=", "--source", str(MOCK), "-m"]
        words += ["pytest", "-c", str(SUITE / "suite.ini"), "--rootdir", str(SUITE)]
        words += [*PLUGINS, f"--tasktwin-profile={profile}", "--tasktwin-seed=1"]
        if _coverage(*words, f"--tasktwin-rows={rows}", str(SUITE / api)):
            raise SystemExit("the suite fails, so what it covers says nothing")
        included = f"--include={','.join(map(str, files))}"
        _coverage("json", data, "--rcfile=", included, "-q", "-o", str(report))
        found: dict[str, Any] = json.loads(report.read_text("utf-8"))["files"]
    return found


def _coverage(*words: str) -> int:
    return subprocess.run(  # noqa: S603 (a library of the kit's)
        [sys.executable, "-m", "coverage", *words],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.DEVNULL,
        check=False,
    ).returncode


def main() -> int:
    """Measure, and print what is left."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("api", nargs="?", default="hitask", choices=APIS)
    parser.add_argument("--profile", default="quick")
    parser.add_argument("--rows", type=int, default=1000, help="of each table")
    asked = parser.parse_args()
    gone, there = 0, 0
    for name, found in measured(asked.api, asked.profile, asked.rows).items():
        summary = found["summary"]
        gone += summary["covered_branches"]
        there += summary["num_branches"]
        left = [f"{start}->{end}" for start, end in found["missing_branches"]]
        if left:
            print(Path(name).resolve().relative_to(MOCK.resolve()), *left)
    print(f"{gone} of {there} branches, {gone / there:.1%}")
    return 0 if gone >= LEAST * there else 1


if __name__ == "__main__":
    sys.exit(main())
