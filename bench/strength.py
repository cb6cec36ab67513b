"""What the semantic tests add: the same bugs, put before plain Schemathesis.

    python bench/strength.py [API] [--sample 40] [--seed 1] [--seconds N]

Each of a sample of the mutants, of all kinds, is judged twice: by `tasktwin verify`,
profile quick, and by `schemathesis run` with the same document and somebody's session,
for as many seconds as the suite takes on the clean mock; in one thread, since of two
one broke in some runs, which counts as a bug found. Three of its checks are left out,
for they find fault with the clean mock: that what the schema allows is taken, what it
does not allow refused, and what needs nobody signed in still answered. What else it
says of the clean mock in some runs is its baseline, so that only what is new counts; a
few more runs on clean copies, the kind `none`, show what is new by chance. A run that
does not end counts as a bug found: nobody takes it for a pass. Prints both scores by
kind and writes every row to `bench/strength-API.json`.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BASELINES, CLEAN = 2, 2  # runs on the clean mock
BLIND = ("positive_data_acceptance", "negative_data_rejection", "ignored_auth")
PATIENCE = 6  # times as long as a run on the clean mock takes
SIGN_OUT = "(?i)logout|signOut"  # operations after which everything is refused
NONE = "none"
sys.path.insert(0, str(HERE.parent / "tests" / "mutants"))

from bugs import MOCK, Mutant, written  # noqa: E402
from serving import served  # noqa: E402

from tasktwin_schemas import APIS, openapi  # noqa: E402
from tasktwin_schemas.document import credentials, openapi_path  # noqa: E402


class Contest:
    """The two, and how long each of them may take."""

    def __init__(self, api: str, seed: int, folder: Path) -> None:
        self.api, self.seed, self.folder = api, str(seed), folder
        self.baseline = folder / "baseline"
        self.seconds = 0

    def prepare(self, seconds: int | None) -> None:
        """Time the suite on the clean mock, and have Schemathesis write its baseline.

        Raises `SystemExit` where the suite finds anything there.
        """
        started = time.monotonic()
        if self.suite(self.copy(None)):
            raise SystemExit("the suite finds something in the clean mock")
        self.seconds = seconds or round(time.monotonic() - started)
        for _ in range(BASELINES):
            self.schemathesis(self.copy(None), "--baseline-update")

    def row(self, mutant: Mutant | None) -> dict[str, Any]:
        """The kind of a mutant, and by which of the two it was found."""
        packages = self.copy(mutant)
        found = {
            "suite": self.suite(packages),
            "schemathesis": self.schemathesis(packages),
        }
        shutil.rmtree(packages)
        name, kind = (mutant.id, mutant.kind) if mutant else ("clean", NONE)
        return {"mutant": name, "kind": kind, "seconds": self.seconds} | found

    def copy(self, mutant: Mutant | None) -> Path:
        """A folder with the mock that has the bug, or none."""
        packages = Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copytree(MOCK, packages / MOCK.name)
        if mutant is not None:
            (packages / MOCK.name / mutant.file).write_text(mutant.text, "utf-8")
        return packages

    def suite(self, packages: Path) -> bool:
        """Whether the suite finds a broken clause."""
        words = ["verify", self.api, "--profile", "quick", "--seed", self.seed]
        return self._fails(packages, "tasktwin_contract", *words, "-n", "2")

    def schemathesis(self, packages: Path, *more: str) -> bool:
        """Whether Schemathesis finds a failure that is not in its baseline."""
        with served(self.api, packages=packages) as ready:
            if not ready:
                return True
            actor = next(iter(ready["world"]["actors"].values()))
            way, url = credentials(self.api)[0], f"{ready['url']}{_base(self.api)}"
            words = ["run", str(openapi_path(self.api)), "--url", url]
            words += ["-H", f"{way.name}: {way.prefix}{actor[way.fact]}"]
            words += ["--baseline", str(self.baseline), "--seed", self.seed]
            words += ["--max-time", str(self.seconds), *more]
            words += ["--exclude-checks", ",".join(BLIND)]
            words += ["--exclude-operation-id-regex", SIGN_OUT]
            return self._fails(packages, "schemathesis.cli", *words)

    def _fails(self, packages: Path, module: str, *words: str) -> bool:
        """Whether a command says so, or does not end."""
        process = subprocess.Popen(  # noqa: S603 (the kit, and a library of its own)
            [sys.executable, "-m", module, *words],
            env={**os.environ, "PYTHONPATH": str(packages)},
            cwd=packages,  # Schemathesis leaves a folder where it runs
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return process.wait(PATIENCE * self.seconds or None) == 1
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # its workers too
            process.wait()
            return True


def _base(api: str) -> str:
    url: str = openapi(api)["servers"][0]["url"]
    return url.removesuffix("{version}")


def table(rows: list[dict[str, Any]]) -> str:
    """Both scores by kind."""
    lines = [f"{'kind':<12} {'mutants':>7} {'suite':>6} {'schemathesis':>13}"]
    kinds = Counter(row["kind"] for row in rows)
    clean = kinds.pop(NONE, 0)
    every = [*sorted(kinds.items()), ("all", kinds.total()), (NONE, clean)]
    for kind, number in every:
        bugs = [row for row in rows if row["kind"] != NONE]
        those = bugs if kind == "all" else [r for r in rows if r["kind"] == kind]
        found, plain = (sum(r[n] for r in those) for n in ("suite", "schemathesis"))
        lines.append(f"{kind:<12} {number:>7} {found:>6} {plain:>13}")
    return "\n".join(lines)


def spread(mutants: list[Mutant], seed: int) -> list[Mutant]:
    """All in an order that the seed draws, but first one of each kind."""
    drawn = random.Random(seed).sample(mutants, len(mutants))
    first = {mutant.kind: mutant for mutant in reversed(drawn)}
    rest = [mutant for mutant in drawn if mutant is not first[mutant.kind]]
    return [*first.values(), *rest]


def main() -> int:
    """Compare, print, and write the rows."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("api", nargs="?", default="hitask", choices=APIS)
    parser.add_argument("--sample", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, help="for Schemathesis")
    parser.add_argument("--result", type=Path)
    asked = parser.parse_args()
    result = asked.result or HERE / f"strength-{asked.api}.json"
    mutants = spread(written(asked.api), asked.seed)[: asked.sample]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        contest = Contest(asked.api, asked.seed, Path(folder))
        contest.prepare(asked.seconds)
        for mutant in [*[None] * CLEAN, *mutants]:
            rows.append(contest.row(mutant))
            print(json.dumps(rows[-1]), flush=True)
            result.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
