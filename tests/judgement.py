"""What the suite says of a server."""

import subprocess
from collections.abc import Iterable
from typing import Any

from tasktwin_contract.runner import Options, run
from tasktwin_contract.verdicts import Finding, Result


class Silent:
    """A listener that says nothing."""

    def started(self, result: Result, tests: int) -> None:
        """Say nothing."""

    def finished(self, test: str, findings: list[Finding]) -> None:
        """Say nothing."""


def judged(url: str | None, *clauses: str, api: str = "hitask", **more: Any) -> Result:
    """What the suite says of a server by a few clauses, and tells nobody meanwhile."""
    options = Options(
        api=api, base_url=url, profile="quick", seed=1, clauses=clauses, **more
    )
    return run(options, Silent())


def repeated(calls: Iterable[str]) -> subprocess.CompletedProcess[str]:
    """What comes of the shell lines that show a failure."""
    return subprocess.run(
        ["/bin/bash", "-c", "\n".join(calls)],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
