"""The pytest plugin: options, the targets, and what each test found.

It is loaded in every project that has the kit installed, so it imports nothing heavy
before a test of a suite is collected.
"""

import gc
import random
import secrets
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from _pytest.runner import runtestprotocol

from tasktwin_contract.rows import CERTAIN, drawn

if TYPE_CHECKING:
    from tasktwin_contract.connection import Connection
    from tasktwin_contract.target import Target

# The stub kit's, which nobody needs who has the suite alone: in a module of its own.
pytest_plugins = ["tasktwin_contract.fixtures"]
HERE = Path(__file__).parent
SUITES = "tasktwin_contract."
FOUND = "tasktwin"


class Profile(NamedTuple):
    """How long a run looks at things.

    `examples` of each property, `steps` of each history, `cases` that are generated for
    an operation, `rows` of a table of tests, None for all.
    """

    examples: int
    steps: int
    cases: int
    rows: int | None = None


PROFILES = {
    "quick": Profile(4, 8, 2, 2),
    "default": Profile(34, 22, 8),
    "thorough": Profile(500, 60, 200),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--tasktwin-…`."""
    group = parser.getgroup("tasktwin", "contract suites of task-management APIs")
    group.addoption(
        "--tasktwin-base-url",
        metavar="URL",
        help="the server to judge; without it the bundled mock, in process",
    )
    group.addoption(
        "--tasktwin-profile",
        choices=list(PROFILES),
        default="default",
        help="how long properties are looked at",
    )
    group.addoption(
        "--tasktwin-rows",
        type=int,
        metavar="N",
        help="most rows of one table that are tested; the profile says it otherwise",
    )
    group.addoption("--tasktwin-seed", type=int, metavar="N", help="repeats a run")
    group.addoption("--tasktwin-timeout", type=float, default=30.0, metavar="SECONDS")
    group.addoption("--tasktwin-ca-file", metavar="FILE", help="authorities to trust")
    group.addoption("--tasktwin-insecure", action="store_true", help="trust anybody")
    group.addoption("--tasktwin-admin-token", metavar="TOKEN", help="of its controls")
    _add_live_options(group)
    group.addoption(
        "--tasktwin-clause",
        action="append",
        default=[],
        metavar="ID",
        help="run the tests of this clause only; may be repeated",
    )
    group.addoption(
        "--tasktwin-area",
        action="append",
        default=[],
        metavar="AREA",
        help="run the tests of this area's clauses only; may be repeated",
    )


def _add_live_options(group: pytest.OptionGroup) -> None:
    """Add the options for a server that is not ours."""
    group.addoption(
        "--tasktwin-access",
        choices=["read", "own", "full"],
        help="what may be touched on a server that is no tasktwin server",
    )
    group.addoption(
        "--tasktwin-rate-limit", type=int, metavar="N", help="requests a minute there"
    )
    group.addoption(
        "--tasktwin-ledger", metavar="FOLDER", help="where to write what is made there"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and settle on a seed, before a suite's conftest asks."""
    config.addinivalue_line(
        "markers", "tasktwin_clause(*ids): the clauses that the test judges"
    )
    config.addinivalue_line("markers", f"{CERTAIN}: the row is looked at by every run")
    if config.getoption("tasktwin_seed") is None:
        given = getattr(config, "workerinput", {}).get("tasktwin_seed")
        config.option.tasktwin_seed = (
            secrets.randbelow(2**31) if given is None else given
        )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give each worker of pytest-xdist the same seed."""
    node.workerinput["tasktwin_seed"] = node.config.getoption("tasktwin_seed")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the files of a suite that name none of the clauses asked for."""
    wanted = config.getoption("tasktwin_clause")
    if not wanted or config.getoption("tasktwin_area"):
        return None
    if collection_path.suffix != ".py" or HERE not in collection_path.parents:
        return None
    text = collection_path.read_text("utf-8")
    return None if any(name in text for name in wanted) else True


@pytest.hookimpl(wrapper=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> Generator[None, None, None]:
    """Make as many tests of a suite's table as the profile looks at."""
    yield
    most = _most_rows(metafunc.config)
    if most is None or not metafunc.module.__name__.startswith(SUITES):
        return
    # Rows that are left out here cost nothing; as tests, most of them would only be
    # made to be deselected. There is no other way to them.
    calls = metafunc._calls
    seed = metafunc.config.getoption("tasktwin_seed")
    tables = len([*metafunc.definition.iter_markers("parametrize")])
    calls[:] = drawn(
        calls,
        most,
        f"{seed}/{metafunc.definition.nodeid}",
        lambda call: [mark.name for mark in call.marks].count(CERTAIN) == tables,
    )


def _most_rows(config: pytest.Config) -> int | None:
    """How many rows of a table are tested; None is all."""
    if config.getoption("tasktwin_clause") or config.getoption("tasktwin_area"):
        return None
    given: int | None = config.getoption("tasktwin_rows")
    return given or PROFILES[config.getoption("tasktwin_profile")].rows


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Keep the tests of the clauses and areas asked for."""
    wanted = set(config.getoption("tasktwin_clause"))
    areas = set(config.getoption("tasktwin_area"))
    if not wanted and not areas:
        return
    kept = {
        item
        for item in items
        if any(name in wanted or _area(name) in areas for name in clauses_of(item))
    }
    if len(kept) < len(items):
        gone = [item for item in items if item not in kept]
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if item in kept]


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Run all tests, those of a suite with fewer collections of garbage."""
    if not any(_is_of_suite(item) for item in session.items):
        return (yield)
    with _rare_collections(to_the_end=_is_worker(session.config)):
        return (yield)


@contextmanager
def _rare_collections(*, to_the_end: bool) -> Iterator[None]:
    """Look for garbage less often, and not in what lives to the end of the run.

    A process that ends with the run need not look through all that once more.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not to_the_end:
            gc.unfreeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> object | None:
    """In a worker, report a test of a suite once, unless there is more to say.

    A worker sends all that it reports to the process that gathers it, which takes as
    long as a short test does.
    """
    if not _is_worker(item.config) or not _is_of_suite(item):
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


@pytest.fixture(scope="session")
def tasktwin_target(request: pytest.FixtureRequest) -> Callable[[str], "Target"]:
    """What makes the target of an API; each suite's `target` fixture calls it."""
    config = request.config
    seed: int = config.getoption("tasktwin_seed")

    def make(api: str) -> "Target":
        from tasktwin_contract.connection import CannotJudgeError, bundled, reach

        connection = connection_of(config)
        if connection is None:
            from tasktwin_mockserver import App

            target = bundled(api, App(api, seed), seed)
        else:
            target = reach(api, connection, seed)
        if not target.own and _is_worker(config):
            raise CannotJudgeError("tests of a live server share its accounts: no -n")
        config.stash.setdefault(TARGETS, []).append(target)
        return target

    return make


def connection_of(config: pytest.Config) -> "Connection | None":
    """The server to judge; None is the bundled mock."""
    from tasktwin_contract.connection import Connection

    base_url = config.getoption("tasktwin_base_url")
    if base_url is None:
        return None
    trust = ("timeout", "ca_file", "insecure", "admin_token")
    names = (*trust, "access", "rate_limit", "ledger")
    words = {name: config.getoption(f"tasktwin_{name}") for name in names}
    return Connection(base_url, **words)


@pytest.fixture(scope="session")
def cases(request: pytest.FixtureRequest) -> int:
    """How many generated requests an operation gets, allowed ones and others."""
    return PROFILES[request.config.getoption("tasktwin_profile")].cases


TARGETS: pytest.StashKey[list["Target"]] = pytest.StashKey()
LEFT: pytest.StashKey[list[str]] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test whose answers broke what always holds."""
    targets = item.config.stash.get(TARGETS, [])
    if not _is_of_suite(item):
        return (yield)
    random.seed(item.config.getoption("tasktwin_seed"))
    names = clauses_of(item)
    for target in targets:
        target.begin(names)
    try:
        result = yield
    except (AssertionError, ExceptionGroup) as error:
        _doubt(error, targets)
        raise
    except pytest.skip.Exception as end:
        if not getattr(end, "passes", False):
            raise
        result = None
    broken = [name for target in targets for name in target.broken]
    if broken:
        from tasktwin_contract.findings import AnswersBrokenError

        raise AnswersBrokenError(targets)
    return result


def _doubt(error: BaseException, targets: "list[Target]") -> None:
    """Raise `NotJudgedError` where a failure cannot be held against its target."""
    from tasktwin_contract.failures import NotJudgedError

    for target in targets:
        reason = target.doubt(error)
        if reason is not None:
            raise NotJudgedError(f"{reason}: {error}") from error


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put what the test found into its report, which also crosses processes."""
    report = yield
    judged = call.when == "call" or (call.when == "setup" and not report.passed)
    if judged and _is_of_suite(item):
        from tasktwin_contract.findings import findings_of

        targets = item.config.stash.get(TARGETS, [])
        found = findings_of(item.nodeid, clauses_of(item), call, report, targets)
        report.user_properties.append((FOUND, [one.as_data() for one in found]))
    if _is_of_suite(item):
        _redact(report, item.config.stash.get(TARGETS, []))
    return report


def _redact(report: pytest.TestReport, targets: "list[Target]") -> None:
    """Cut what only the user may know from all that pytest could show."""
    for target in (target for target in targets if target.discreet):
        if report.failed:
            report.longrepr = target.redacted(report.longreprtext)
        report.sections = [
            (name, target.redacted(text)) for name, text in report.sections
        ]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave each target as it was found."""
    targets = session.config.stash.get(TARGETS, [])
    left = [words for target in targets for words in target.end()]
    session.config.stash[LEFT] = left


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what could not be removed."""
    for words in config.stash.get(LEFT, []):
        terminalreporter.write_line(f"tasktwin: {words}", yellow=True)


def clauses_of(item: pytest.Item) -> tuple[str, ...]:
    """The clauses that a test is marked with."""
    marks = item.iter_markers("tasktwin_clause")
    return tuple(name for mark in marks for name in mark.args)


def _area(clause: str) -> str:
    return clause.split("-")[1].lower()


def _is_worker(config: pytest.Config) -> bool:
    """Whether this process is one of pytest-xdist's, which it ends after the tests."""
    return hasattr(config, "workerinput")


def _is_of_suite(item: pytest.Item) -> bool:
    module = getattr(item, "module", None)
    return module is not None and module.__name__.startswith(SUITES)


def load_profile(config: pytest.Config) -> None:
    """Have Hypothesis look as long as the profile says, and draw by the same seed.

    Each suite's conftest calls it, before the tests that it holds for are imported.
    """
    if config.getoption("dist", "no") != "no":
        return  # pytest-xdist: this process only hands the tests out
    if config.getoption("hypothesis_seed", None) is None:
        config.option.hypothesis_seed = config.getoption("tasktwin_seed")
    from hypothesis import HealthCheck, Phase, settings

    profile = PROFILES[config.getoption("tasktwin_profile")]
    settings.register_profile(
        "tasktwin",
        max_examples=profile.examples,
        stateful_step_count=profile.steps,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=[phase for phase in Phase if phase is not Phase.explain],
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("tasktwin")
