"""The pytest plugin: options, the targets, and what each test found.

It is loaded in every project that has the kit installed, so it imports nothing heavy
before a test of a suite is collected.
"""

import random
import secrets
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tasktwin_contract.target import Target

SUITES = "tasktwin_contract."
FOUND = "tasktwin"
PROFILES = {"quick": (10, 15, 5), "default": (50, 30, 25), "thorough": (500, 60, 200)}


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
    group.addoption("--tasktwin-seed", type=int, metavar="N", help="repeats a run")
    group.addoption("--tasktwin-timeout", type=float, default=30.0, metavar="SECONDS")
    group.addoption("--tasktwin-ca-file", metavar="FILE", help="authorities to trust")
    group.addoption("--tasktwin-insecure", action="store_true", help="trust anybody")
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


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and settle on a seed."""
    config.addinivalue_line(
        "markers", "tasktwin_clause(*ids): the clauses that the test judges"
    )
    if config.getoption("tasktwin_seed") is None:
        given = getattr(config, "workerinput", {}).get("tasktwin_seed")
        config.option.tasktwin_seed = (
            secrets.randbelow(2**31) if given is None else given
        )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give each worker of pytest-xdist the same seed."""
    node.workerinput["tasktwin_seed"] = node.config.getoption("tasktwin_seed")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Keep the tests of the clauses and areas that are asked for."""
    wanted = set(config.getoption("tasktwin_clause"))
    areas = set(config.getoption("tasktwin_area"))
    if not wanted and not areas:
        return
    kept = [
        item
        for item in items
        if any(name in wanted or _area(name) in areas for name in clauses_of(item))
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(scope="session")
def tasktwin_target(request: pytest.FixtureRequest) -> Callable[[str], "Target"]:
    """What makes the target of an API; each suite's `target` fixture calls it."""
    from tasktwin_contract.target import Target
    from tasktwin_contract.wire import HttpTransport, Transport, WsgiTransport

    config = request.config
    seed: int = config.getoption("tasktwin_seed")

    def make(api: str) -> Target:
        base_url = config.getoption("tasktwin_base_url")
        transport: Transport
        if base_url is None:
            from tasktwin_mockserver import App

            transport = WsgiTransport(App(api, seed))
        else:
            trusted = config.getoption("tasktwin_ca_file") or True
            verify = False if config.getoption("tasktwin_insecure") else trusted
            timeout = config.getoption("tasktwin_timeout")
            transport = HttpTransport(base_url, timeout, verify)
        target = Target(api, transport, base_url, seed)
        config.stash.setdefault(TARGETS, []).append(target)
        return target

    return make


@pytest.fixture(scope="session")
def cases(request: pytest.FixtureRequest) -> int:
    """How many generated requests an operation gets, allowed ones and others."""
    return PROFILES[request.config.getoption("tasktwin_profile")][2]


TARGETS: pytest.StashKey[list["Target"]] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test whose answers broke what always holds."""
    targets = item.config.stash.get(TARGETS, [])
    if not _is_of_suite(item):
        return (yield)
    random.seed(item.config.getoption("tasktwin_seed"))
    for target in targets:
        target.begin()
    result = yield
    broken = [name for target in targets for name in target.broken]
    if broken:
        from tasktwin_contract.findings import AnswersBrokenError

        raise AnswersBrokenError(targets)
    return result


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
    return report


def clauses_of(item: pytest.Item) -> tuple[str, ...]:
    """The clauses that a test is marked with."""
    marks = item.iter_markers("tasktwin_clause")
    return tuple(name for mark in marks for name in mark.args)


def _area(clause: str) -> str:
    return clause.split("-")[1].lower()


def _is_of_suite(item: pytest.Item) -> bool:
    module = getattr(item, "module", None)
    return module is not None and module.__name__.startswith(SUITES)


def load_profile(config: pytest.Config) -> None:
    """Have Hypothesis look as long as the profile says.

    Each suite's conftest calls it, before the tests that it holds for are imported.
    """
    from hypothesis import HealthCheck, Phase, settings

    examples, steps, _ = PROFILES[config.getoption("tasktwin_profile")]
    settings.register_profile(
        "tasktwin",
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=[phase for phase in Phase if phase is not Phase.explain],
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("tasktwin")
