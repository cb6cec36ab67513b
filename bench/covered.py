"""How many branches of the mock the suites alone go through, without the kit's tests.

    python bench/covered.py [--profile quick] [--rows 1000]

Counts the branches of each API's package, and those of the kernel that a request passes
in its world (it serves all three, so all three suites count). Prints what is left, by
its lines, and exits with 1 where less than 95 % are covered. Left may be what no
contract knows: a strict world, a full disk; the kit's own tests go there.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import tasktwin_contract
import tasktwin_mockserver
from tasktwin_schemas import APIS

SUITE = Path(tasktwin_contract.__file__).resolve().parent
MOCK = Path(tasktwin_mockserver.__file__).resolve().parent
PATH = (
    *("pipeline", "exchange", "parameters", "routes", "refusal", "api", "visit"),
    *("limits", "rendering"),
)
LEAST = 0.95
PLUGINS = ("-p", "tasktwin_contract.plugin", "-p", "_hypothesis_pytestplugin")


def measured(profile: str, rows: int) -> dict[str, Any]:
    """What coverage.py says of each file. Raises `SystemExit` where a suite fails."""
    with tempfile.TemporaryDirectory() as folder:
        data, report = f"--data-file={folder}/data", Path(folder, "report.json")
        for api in APIS:
            words = ["run", "-a", data, "--branch", "--rcfile=", "--source", str(MOCK)]
            words += ["-m", "pytest", "-c", str(SUITE / "suite.ini")]
            words += ["--rootdir", str(SUITE), *PLUGINS, "--tasktwin-seed=1"]
            words += [f"--tasktwin-profile={profile}", f"--tasktwin-rows={rows}"]
            if _coverage(*words, str(SUITE / api)):
                raise SystemExit(f"the suite of {api} fails, so it says nothing")
        _coverage("json", data, "--rcfile=", "-q", "-o", str(report))
        found: dict[str, Any] = json.loads(report.read_text("utf-8"))["files"]
    return {str(Path(name).resolve().relative_to(MOCK)): f for name, f in found.items()}


def _coverage(*words: str) -> int:
    return subprocess.run(  # noqa: S603 (a library of the kit's)
        [sys.executable, "-m", "coverage", *words],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.DEVNULL,
        check=False,
    ).returncode


def part_of(file: str) -> str | None:
    """What a file belongs to: an API, the kernel's way of a request, or neither."""
    path = Path(file)
    if path.parts[0] in APIS:
        return path.parts[0]
    return "kernel" if path.stem in PATH and len(path.parts) == 1 else None


def main() -> int:
    """Measure, and print what is left."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--profile", default="quick")
    parser.add_argument("--rows", type=int, default=1000, help="of each table")
    asked = parser.parse_args()
    gone, there = Counter[str](), Counter[str]()
    for name, found in sorted(measured(asked.profile, asked.rows).items()):
        part = part_of(name)
        if part is None:
            continue
        gone[part] += found["summary"]["covered_branches"]
        there[part] += found["summary"]["num_branches"]
        left = [f"{start}->{end}" for start, end in found["missing_branches"]]
        if left:
            print(name, *left)
    gone["all"], there["all"] = gone.total(), there.total()
    for part, number in there.items():
        print(f"{part:<10} {gone[part]} of {number}, {gone[part] / number:.1%}")
    return 0 if gone["all"] >= LEAST * there["all"] else 1


if __name__ == "__main__":
    sys.exit(main())
