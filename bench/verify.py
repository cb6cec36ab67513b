"""Whole runs of `tasktwin verify`, seed after seed: exit codes, skips, seconds.

    python bench/verify.py [API] [--seeds 20] [--profile quick] [-n 0] [--serve]

With `--serve` the runs judge one `tasktwin serve`, over HTTP. Beside each run stands
how long as many processes take for plain work, just before and after it.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from pace import pace
from serving import served

from tasktwin_schemas import APIS


def run(api: str, seed: int, asked: Any, url: str | None) -> tuple[int, float, str]:
    """The exit code, the seconds and what was not a pass of one run."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        words = ["verify", api, "--seed", str(seed), "--profile", asked.profile]
        words += ["-n", asked.workers, "--report", f"json={report}"]
        words += ["--base-url", url] if url else []
        started = time.monotonic()
        done = subprocess.run(  # noqa: S603 (the kit itself)
            [sys.executable, "-m", "tasktwin_contract", *words],
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - started
        summary = json.loads(report.read_text("utf-8"))["summary"]
    return done.returncode, seconds, json.dumps(summary)


def main() -> int:
    """Run, print a line each, and say with the exit code whether all conformed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("api", nargs="?", default="hitask", choices=APIS)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="the seed to begin with")
    parser.add_argument("--profile", default="quick")
    parser.add_argument("-n", dest="workers", default="0", help="a number")
    parser.add_argument("--serve", action="store_true")
    asked = parser.parse_args()
    codes, times, ratios = [], [], []
    processes = max(1, int(asked.workers))
    before = pace(processes)
    with served(asked.api) if asked.serve else nullcontext({}) as ready:
        for seed in range(asked.first, asked.first + asked.seeds):
            code, seconds, summary = run(asked.api, seed, asked, ready.get("url"))
            after = pace(processes)
            plain, before = (before + after) / 2, after
            told = f"exit {code}, {seconds:.1f} s, plain work {plain:.2f} s, {summary}"
            print(f"seed {seed}: {told}", flush=True)
            codes.append(code)
            times.append(seconds)
            ratios.append(seconds / plain)
    median, most = statistics.median(times), max(times)
    print(f"exit codes {sorted(set(codes))}, median {median:.1f} s, most {most:.1f} s")
    print(f"{statistics.median(ratios):.1f} times as long as plain work, in the median")
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
