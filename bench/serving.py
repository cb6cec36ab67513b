"""A mock in a process of its own, as `tasktwin serve` starts it."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

WAIT = 20.0  # seconds in which it has to be there


@contextmanager
def served(
    api: str, log: Path | None = None, packages: Path | None = None
) -> Iterator[dict[str, Any]]:
    """What its ready file says, which is nothing where it did not start.

    It logs to `log`; what is in the folder `packages` counts over what is installed.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        Path(log or os.devnull).open("w") as errors,
    ):
        ready = Path(folder, "ready.json")
        words = ["serve", api, "--port", "0", "--ready-file", str(ready)]
        more = {"PYTHONPATH": str(packages)} if packages else {}
        with subprocess.Popen(  # noqa: S603 (the kit itself)
            [sys.executable, "-m", "tasktwin_contract", *words],
            env={**os.environ, **more},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        ) as server:
            try:
                end = time.monotonic() + WAIT
                while not ready.exists() and time.monotonic() < end:
                    with suppress(subprocess.TimeoutExpired):
                        server.wait(0.05)
                yield json.loads(ready.read_text("utf-8")) if ready.exists() else {}
            finally:
                server.kill()
