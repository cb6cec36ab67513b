"""Runs the suite of an API against a target, and gathers what it finds."""

import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from tasktwin_contract.connection import CannotJudgeError, Connection, reach
from tasktwin_contract.verdicts import Finding, Result

if TYPE_CHECKING:
    import pytest

LIBRARIES = (
    "tasktwin",
    "pytest",
    "hypothesis",
    "schemathesis",
    "jsonschema",
    "requests",
)
MOST_WORKERS = 4
HERE = Path(__file__).parent
COLLECTOR = "tasktwin-collector"
PLUGINS = ("tasktwin_contract.plugin", "_hypothesis_pytestplugin")


@dataclass(frozen=True)
class Options:
    """What a run is asked for; None means that the runner chooses.

    `base_url` None is the bundled mock in process. `workers` is what pytest-xdist's
    `-n` takes, `timeout` seconds for one request. `access`, `rate_limit` (requests a
    minute) and `ledger` (a folder) are for servers that are not ours, `admin_token` for
    one of ours, whose controls want it.
    """

    api: str
    base_url: str | None = None
    profile: str = "default"
    seed: int | None = None
    clauses: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    workers: str | None = None
    timeout: float = 30.0
    ca_file: str | None = None
    insecure: bool = False
    access: str | None = None
    rate_limit: int | None = None
    ledger: str | None = None
    admin_token: str | None = field(default=None, repr=False)

    @property
    def connection(self) -> Connection | None:
        """How the server is reached; None is the bundled mock."""
        if self.base_url is None:
            return None
        return Connection(
            base_url=self.base_url,
            timeout=self.timeout,
            ca_file=self.ca_file,
            insecure=self.insecure,
            access=self.access,
            rate_limit=self.rate_limit,
            ledger=self.ledger,
            admin_token=self.admin_token,
        )

    @property
    def processes(self) -> str:
        """What pytest-xdist's `-n` gets: of itself a whole run uses several."""
        if self.workers is not None:
            return self.workers
        whole = not self.clauses and not self.areas
        return str(min(os.cpu_count() or 1, MOST_WORKERS)) if whole else "0"

    @property
    def parallel(self) -> bool:
        """Whether workers of pytest-xdist run the tests."""
        return self.processes not in ("0", "1")


class Listener(Protocol):
    """Is told how a run goes."""

    def started(self, result: Result, tests: int) -> None:
        """`tests` tests are about to run; `result` knows target, seed and versions."""

    def finished(self, test: str, findings: list[Finding]) -> None:
        """One test has ended with these findings."""


class Collector:
    """A pytest plugin that turns reports into a result."""

    def __init__(self, result: Result, listener: Listener) -> None:
        self.result = result
        self.listener = listener
        self.interrupted = False
        self._seen: set[str] = set()
        self._announced = False

    def pytest_collection_finish(self, session: "pytest.Session") -> None:
        """Tell how many tests there are, where this process collects them."""
        if session.items:
            self._announce(len(session.items))

    def pytest_collectreport(self, report: "pytest.CollectReport") -> None:
        """Note a module of the suite that does not load."""
        if report.failed:
            self._problem(f"{report.nodeid} could not be loaded: {report.longreprtext}")

    def pytest_runtest_logreport(self, report: "pytest.TestReport") -> None:
        """Take in what a test found."""
        from tasktwin_contract.plugin import FOUND

        for name, value in report.user_properties:
            if name == FOUND and report.nodeid not in self._seen:
                self._seen.add(report.nodeid)
                found = [Finding.from_data(data) for data in value]  # type: ignore[attr-defined]
                self.result.findings += found
                self.result.tests += 1
                self.listener.finished(report.nodeid, found)
        if report.when == "teardown" and report.failed:
            self._problem(f"after {report.nodeid}: {report.longreprtext}")

    def pytest_unconfigure(self, config: "pytest.Config") -> None:
        """Note what could not be removed from a live server."""
        from tasktwin_contract.plugin import LEFT

        for words in config.stash.get(LEFT, []):
            self._problem(words)

    def pytest_internalerror(self, excrepr: object) -> None:
        """Note that pytest itself broke."""
        self._problem(f"the suite broke: {excrepr}")

    def pytest_keyboard_interrupt(
        self, excinfo: "pytest.ExceptionInfo[BaseException]"
    ) -> None:
        """Remember that somebody wants to stop, which pytest keeps to itself."""
        self.interrupted = excinfo.type is KeyboardInterrupt

    def _announce(self, tests: int) -> None:
        if not self._announced:
            self._announced = True
            self.listener.started(self.result, tests)

    def _problem(self, text: str) -> None:
        if text not in self.result.problems:
            self.result.problems.append(text)


class ParallelCollector(Collector):
    """The same, where workers of pytest-xdist collect and run the tests."""

    def pytest_xdist_node_collection_finished(
        self, node: object, ids: list[str]
    ) -> None:
        """Tell how many tests there are."""
        self._announce(len(ids))

    def pytest_testnodedown(self, node: object, error: object) -> None:
        """Note a worker that died."""
        if error:
            self._problem(f"a worker of the suite broke: {error}")


def run(options: Options, listener: Listener) -> Result:
    """Run the suite. Raises `CannotJudgeError` where it cannot start."""
    import pytest

    seed = secrets.randbelow(2**31) if options.seed is None else options.seed
    own = _is_ours(options, seed)
    if not own:
        options = _one_by_one(options)
    result = Result(
        api=options.api,
        target=_target(options, own),
        own=own,
        seed=seed,
        profile=options.profile,
        versions=_versions(),
        configuration=_configuration(options),
    )
    started = time.monotonic()
    with _environment():
        kind = ParallelCollector if options.parallel else Collector
        collector = kind(result, listener)
        code = pytest.main(_arguments(options, seed), plugins=[collector])
    if collector.interrupted:
        raise KeyboardInterrupt
    result.seconds = time.monotonic() - started
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        reason = pytest.ExitCode(code).name.lower().replace("_", " ")
        result.problems.append(f"the suite did not run to its end: {reason}")
    return result


def _arguments(options: Options, seed: int) -> list[str]:
    given: dict[str, Any] = {
        "-c": HERE / "suite.ini",
        "--rootdir": HERE,
        "--tasktwin-seed": seed,
        "--tasktwin-profile": options.profile,
        "--tasktwin-base-url": options.base_url,
        "--tasktwin-timeout": options.timeout,
        "--tasktwin-ca-file": options.ca_file,
        "--tasktwin-access": options.access,
        "--tasktwin-rate-limit": options.rate_limit,
        "--tasktwin-ledger": options.ledger,
        "--tasktwin-admin-token": options.admin_token,
        "-n": options.processes if options.parallel else None,
    }
    arguments = [str(HERE / options.api)]
    for plugin in (*PLUGINS, *(["xdist.plugin"] if options.parallel else [])):
        arguments += ["-p", plugin]
    for name, value in given.items():
        if value is not None:
            arguments += [name, str(value)] if len(name) == 2 else [f"{name}={value}"]
    arguments += [f"--tasktwin-clause={name}" for name in options.clauses]
    arguments += [f"--tasktwin-area={name}" for name in options.areas]
    return arguments + (["--tasktwin-insecure"] if options.insecure else [])


@contextmanager
def _environment() -> Iterator[None]:
    """Keep the user's own pytest settings and plugins out of the run."""
    before = {k: v for k, v in os.environ.items() if k.startswith("PYTEST_")}
    for name in before:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update(before)


def _is_ours(options: Options, seed: int) -> bool:
    """Whether the target is a mock of ours; one that is not has let everybody in.

    Raises `CannotJudgeError`.
    """
    if options.connection is None:
        return True
    target = reach(options.api, options.connection, seed)
    target.check()
    return target.own


def _one_by_one(options: Options) -> Options:
    """Judge a live server in one process: all tests share its accounts."""
    if options.workers not in (None, "0", "1"):
        raise CannotJudgeError(
            f"{options.base_url} is no tasktwin server, so all tests share its accounts"
            " and run one by one: leave out --workers"
        )
    return replace(options, workers="0")


def _target(options: Options, own: bool) -> str:
    if options.base_url is None:
        return "the bundled mock, in process"
    return options.base_url if own else f"{options.base_url}, access {options.access}"


def _versions() -> Mapping[str, str]:
    return {name: version(name) for name in LIBRARIES if _installed(name)}


def _installed(name: str) -> bool:
    from importlib.metadata import PackageNotFoundError

    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _configuration(options: Options) -> Mapping[str, Any]:
    """The options as a report may show them; credentials among them are cut."""
    shown = dict(vars(options))
    if options.admin_token is not None:
        shown["admin_token"] = "(given)"
    if options.base_url and "@" in urlsplit(options.base_url).netloc:
        shown["base_url"] = "(with credentials)"
    return shown
