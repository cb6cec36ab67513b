"""The clean mock raises no failure, whatever the seed, the order and the way to it.

    python bench/clean.py [API] [--runs 50] [--result FILE]

Run i has the seed i. By turns the tests come in the order of the files and in one that
the seed draws, run in one process and in several, and ask the mock in process and over
a socket. Exit code 0 means that every test of every run passed.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import nullcontext
from itertools import product
from pathlib import Path

from serving import served

import tasktwin_contract
from tasktwin_schemas import APIS

HERE = Path(__file__).parent
SUITE = Path(tasktwin_contract.__file__).parent
PLUGINS = ("tasktwin_contract.plugin", "_hypothesis_pytestplugin", "xdist.plugin")
WAYS = tuple(product((False, True), repeat=3))  # drawn order, workers, socket


def run(api: str, seed: int, drawn: bool, workers: bool, url: str | None) -> int:
    """The exit code of one run of the suite."""
    words = [sys.executable, "-m", "pytest", "-c", SUITE / "suite.ini"]
    words += ["--rootdir", SUITE, SUITE / api, "--tasktwin-profile=quick"]
    words.append(f"--tasktwin-seed={seed}")
    plugins = (*PLUGINS, *(["shuffled"] if drawn else []))
    words += [word for plugin in plugins for word in ("-p", plugin)]
    words += ["-n", "auto"] if workers else []
    words += [f"--tasktwin-base-url={url}"] if url else []
    paths = [str(HERE), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(  # noqa: S603 (the kit itself)
        [str(word) for word in words],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        check=False,
    )
    return done.returncode


def main() -> int:
    """Run, print a line each, and write all of them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("api", nargs="?", default="hitask", choices=APIS)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--result", type=Path)
    asked = parser.parse_args()
    result = asked.result or HERE / f"clean-{asked.api}.json"
    rows = []
    for seed in range(asked.runs):
        drawn, workers, socket = WAYS[seed % len(WAYS)]
        started = time.monotonic()
        with served(asked.api) if socket else nullcontext({}) as ready:
            code = run(asked.api, seed, drawn, workers, ready.get("url"))
        ways = {"drawn_order": drawn, "workers": workers, "socket": socket}
        seconds = round(time.monotonic() - started, 1)
        rows.append({"seed": seed, **ways, "exit": code, "seconds": seconds})
        print(json.dumps(rows[-1]), flush=True)
        result.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    return max(row["exit"] for row in rows)


if __name__ == "__main__":
    sys.exit(main())
