"""Runs the suite's tests against one mutant after another.

Everything is collected once. Each mutant then gets a process of its own, forked from
the one that has collected, which has not loaded the mock: what it imports is a copy
with the bug in it. One that runs away, as a bug in a loop can, is ended.
"""

import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest
from bugs import MOCK, ROOT, Mutant

from tasktwin_contract.plugin import FOUND, clauses_of
from tasktwin_contract.verdicts import Outcome

RUNS = ROOT / "bench" / "mutants.json"
SUITE = ROOT / "contract" / "tasktwin_contract"
SECONDS, BYTES = 120, 512 * 1024**2  # what one mutant may take
ALL = 10**6  # rows of one table
FEW = 20  # mutants for which to look what runs their lines takes longer than it saves
HOPELESS = 25  # tests that cannot judge, and none that can: the mock does not start
UNRUN = "no test runs it"
ONCE = ""  # in the place of a test: what is done once for all of them
PLUGINS = ("tasktwin_contract.plugin", "_hypothesis_pytestplugin")
HEAVY = (
    "hypothesis.stateful",
    "schemathesis",
    "jsonschema",
    "requests",
    "werkzeug.routing",
    "msgspec",
    "PIL.Image",
    "dateutil.rrule",
)

Items = list[pytest.Item]
Lines = dict[str, dict[int, list[str]]]
"""The tests that run a line, or `ONCE`, by file of the mock and line."""


@dataclass
class Finding:
    """What the suite said of a mutant.

    `broken` are the clauses that failed, `red` the tests in which they did.
    """

    mutant: str
    kind: str
    clause: str | None
    change: str = ""
    broken: list[str] = field(default_factory=list)
    red: list[str] = field(default_factory=list)
    problem: str = ""
    tests: int = 0
    seconds: float = 0.0

    @property
    def found(self) -> bool:
        """Whether a clause failed."""
        return bool(self.broken)

    @property
    def stopped(self) -> bool:
        """Whether nothing could be judged: the mock does not start, or never ends."""
        return not self.found and self.problem not in ("", UNRUN)

    @property
    def right(self) -> bool:
        """Whether it was the clause that it was written against, if any."""
        return self.found and self.clause in (None, *self.broken)


class Harness:
    """A pytest plugin that runs the collected tests in forks, mutant by mutant.

    With clauses that are the `surest`, all of their tests run beside the mutant's own.
    """

    def __init__(
        self,
        mutants: list[Mutant],
        jobs: int,
        tell: Callable[[Finding], None],
        surest: Collection[str] = (),
    ) -> None:
        self.mutants, self.jobs, self.tell = mutants, jobs, tell
        self.surest = surest
        self.lines: Lines = {}
        self.tests: dict[str, Items] = {}

    def pytest_collection(self) -> None:
        """Have failures not shortened: whether there is one is all that counts."""
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        parent = settings.get_profile("tasktwin")
        settings.register_profile("tasktwin-mutants", parent, phases=phases)
        settings.load_profile("tasktwin-mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge every mutant."""
        made = sum(mutant.mechanical for mutant in self.mutants)
        self.prepare(session.items, made > FEW)
        for finding in self._judged(session.items):
            self.tell(finding)
        return True

    def prepare(self, items: Items, measured: bool = True) -> None:
        """Load what every fork needs, and find out which test runs which line."""
        assert MOCK.name not in sys.modules, "the mock is loaded before its mutants"
        for name in HEAVY:
            __import__(name)
        if measured:
            self.lines = _measured(items)

    def _judged(self, items: Items) -> Iterator[Finding]:
        waiting, running = self.mutants[::-1], dict[int, tuple[Mutant, Path]]()
        while waiting or running:
            while waiting and len(running) < self.jobs:
                mutant = waiting.pop()
                answer = Path(tempfile.mkstemp(prefix="tasktwin-finding-")[1])
                work = Judgement(mutant, self._chosen(mutant, items))
                number = forked(lambda w=work, a=answer: w.write(a))  # type: ignore[misc]
                running[number] = mutant, answer
            number, _ = os.wait()
            mutant, answer = running.pop(number)
            text = answer.read_text("utf-8")
            answer.unlink()
            words = json.loads(text) if text else {"problem": "died or ran away"}
            yield Finding(mutant.id, mutant.kind, mutant.clause, mutant.change, **words)

    def _tests_of(self, items: Items) -> dict[str, Items]:
        """The tests of each clause, looked for once."""
        if not self.tests:
            for item in items:
                for name in clauses_of(item):
                    self.tests.setdefault(name, []).append(item)
        return self.tests

    def _chosen(self, mutant: Mutant, items: Items) -> list[Items]:
        """The tests to run, one lot after another until one of them finds it."""
        if self.surest:
            tests = self._tests_of(items)
            names = (*self.surest, mutant.clause or "")
            named = {item for name in names for item in tests.get(name, ())}
            return [[item for item in items if item in named]]
        if mutant.clause is not None:
            own = self._tests_of(items).get(mutant.clause, [])
            known = set(own)
            return [own, [item for item in items if item not in known]]
        reached = self._reaching(mutant)
        chosen = [i for i in items if reached == {ONCE} or i.nodeid in reached]
        random.Random(mutant.id).shuffle(chosen)
        return [chosen]

    def _reaching(self, mutant: Mutant) -> set[str]:
        """The tests that run a mechanical mutant's line, or `ONCE` for any test."""
        if mutant.line is None or not self.lines:
            return {ONCE}
        return {*self.lines.get(mutant.file, {}).get(mutant.line, ())}


@dataclass
class Judgement:
    """The tests of one mutant, run in this process; it is a fork's work.

    The first lot runs to its end, for all of its tests are to be heard where a person
    wrote the mutant; of all others the first test that fails is the last.
    """

    mutant: Mutant
    lots: list[Items]
    broken: dict[str, None] = field(default_factory=dict)
    red: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tests: int = 0
    unjudged: int = 0

    def write(self, answer: Path) -> None:
        """Run the tests, and write what they found."""
        started = time.monotonic()
        signal.alarm(SECONDS)
        resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
        with tempfile.TemporaryDirectory(prefix="tasktwin-mutant-") as folder:
            shutil.copytree(MOCK, Path(folder, MOCK.name))
            Path(folder, MOCK.name, self.mutant.file).write_text(
                self.mutant.text, "utf-8"
            )
            sys.path.insert(0, folder)
            self._run()
        words = {
            "broken": list(self.broken),
            "red": self.red,
            "problem": " ".join(self.problems)[:300] or self._silence,
            "tests": self.tests,
            "seconds": time.monotonic() - started,
        }
        answer.write_text(json.dumps(words), "utf-8")

    @property
    def _silence(self) -> str:
        return "" if self.tests else UNRUN

    def _run(self) -> None:
        for number, lot in enumerate(self.lots):
            whole = number == 0 and not self.mutant.mechanical
            for item, report in run(lot):
                self.tests += 1
                self._hear(item, report)
                if (self.broken and not whole) or self._is_hopeless:
                    return
            if self.broken:
                return

    def _hear(self, item: pytest.Item, report: pytest.TestReport) -> None:
        properties: dict[str, Any] = dict(report.user_properties)
        rows: list[Any] = properties.get(FOUND, [])
        failed = [row["clause"] for row in rows if row["outcome"] == Outcome.FAIL]
        self.broken.update(dict.fromkeys(failed))
        self.red += [item.nodeid] if failed else []
        errors = [row["message"] for row in rows if row["outcome"] == Outcome.ERROR]
        self.problems += errors
        self.unjudged += bool(errors)

    @property
    def _is_hopeless(self) -> bool:
        """Whether none of quite some tests could judge anything."""
        return self.unjudged == self.tests >= HOPELESS


def run(items: Items) -> Iterator[tuple[pytest.Item, pytest.TestReport]]:
    """Run tests, and answer the report of each."""
    for item, after in _in_turn(items):
        reports = _reports(item, after)
        yield item, next(r for r in reports if r.when == "call" or not r.passed)


def forked(work: Callable[[], None]) -> int:
    """Have a child do `work` without a word; its number."""
    sys.stdout.flush()
    number = os.fork()
    if number:
        return number
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        work()
        status = 0
    finally:
        os._exit(status)


def collect(
    api: str, harness: Harness, profile: str, seed: int, rows: int | None = None
) -> None:
    """Collect a suite, `rows` of each table or all, and have `harness` run it."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    arguments = ["-c", SUITE / "suite.ini", "--rootdir", SUITE, SUITE / api]
    arguments += [f"--tasktwin-profile={profile}", f"--tasktwin-seed={seed}"]
    arguments.append(f"--tasktwin-rows={rows or ALL}")
    for plugin in PLUGINS:
        arguments += ["-p", plugin]
    code = pytest.main([str(word) for word in arguments], plugins=[harness])
    if code != pytest.ExitCode.OK:
        raise SystemExit(f"the suite could not be collected: {code!r}")


def _measured(items: Items) -> Lines:
    """Which tests run which line of the mock, by a run of all in a child."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "coverage")
        number = forked(lambda: _measure(items, file))
        _, status = os.waitpid(number, 0)
        if status:
            raise SystemExit("the run that looks which tests run which line failed")
        return _lines(file)


def _measure(items: Items, file: Path) -> None:
    import coverage

    measure = coverage.Coverage(
        data_file=str(file), config_file=False, source=[str(MOCK)]
    )
    sys.path.insert(0, str(MOCK.parent))
    measure.start()
    _reports(items[0], items[0])
    caches = _caches()
    for item, after in _in_turn(items):
        for cache in caches:
            cache.cache_clear()
        measure.switch_context(item.nodeid)
        _reports(item, after)
    measure.stop()
    measure.save()


def _caches() -> list[Any]:
    """The mock's functions that keep answers, by which a test may not run a line."""
    modules = [m for name, m in sys.modules.items() if name.startswith(MOCK.name)]
    values = (value for module in modules for value in vars(module).values())
    return [value for value in values if hasattr(value, "cache_clear")]


def _in_turn(items: Items) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Each test with the one that follows it."""
    yield from zip(items, (*items[1:], None), strict=True) if items else ()


def _reports(item: pytest.Item, after: pytest.Item | None) -> list[pytest.TestReport]:
    """What a run of one test reports; `after` is the next one."""
    from _pytest.runner import runtestprotocol

    return runtestprotocol(item, log=False, nextitem=after)


def _lines(file: Path) -> Lines:
    import coverage

    data = coverage.CoverageData(str(file))
    data.read()
    lines: Lines = defaultdict(dict)
    for name in data.measured_files():
        short = Path(name).relative_to(MOCK).as_posix()
        lines[short] = data.contexts_by_lineno(name)
    return lines


def recorded(run: str, told: Mapping[str, Any]) -> None:
    """Keep what a run came to, for the page on the suite's strength."""
    known = json.loads(RUNS.read_text("utf-8")) if RUNS.exists() else {}
    write(RUNS, {**known, run: told})


def write(file: Path, told: Mapping[str, Any]) -> None:
    """Have `file` hold that, sorted by its keys."""
    file.write_text(f"{json.dumps(dict(sorted(told.items())), indent=2)}\n", "utf-8")


def kept(file: Path | None) -> list[dict[str, Any]]:
    """What a run has left in `file`, be it one that was broken off."""
    if file is None or not file.exists():
        return []
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def keep(file: Path | None, row: Any) -> None:
    """Add a dataclass to `file`, as a line of JSON."""
    if file is not None:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(f"{json.dumps(asdict(row))}\n")
