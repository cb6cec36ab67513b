"""What a run comes to, in words."""

import shlex
from collections.abc import Iterable, Iterator

from tasktwin_contract.catalogue import tests_of
from tasktwin_contract.curl import TOKEN_VARIABLE
from tasktwin_contract.runner import Options
from tasktwin_contract.verdicts import Finding, Outcome, Result, Verdict, count

FAILURE = "failure"
MOST_NAMED = 10
MOST_TESTS = 3


def again(
    options: Options, result: Result, finding: Finding, level: str = "must"
) -> str:
    """The command that runs the test of `finding` again, as it ran in this run.

    A check of every answer may find its clause broken in the test of another one,
    which is then the one to name.
    """
    words = ["tasktwin", "verify", result.api, "--seed", str(result.seed)]
    words += ["--clause", _own_clause(result.api, finding)]
    given = {
        "--base-url": options.base_url,
        "--ca-file": options.ca_file,
        "--access": options.access,
        "--rate-limit": options.rate_limit,
        "--ledger": options.ledger,
    }
    for name, value in given.items():
        words += [] if value is None else [name, str(value)]
    words += ["--insecure"] * options.insecure
    words += [] if result.profile == "default" else ["--profile", result.profile]
    words += [] if level == "must" else ["--level", level]
    token = f' --admin-token "${TOKEN_VARIABLE}"' if options.admin_token else ""
    return shlex.join(words) + token


def conclusion(result: Result, level: str = "must", complete: bool = False) -> str:
    """The result of a run in one line."""
    verdicts = list(result.verdicts().values())
    outcomes = count(verdicts)
    judged = outcomes.get(Outcome.PASS, 0) + outcomes.get(Outcome.FAIL, 0)
    untested = sum(verdict.clause.not_tested is not None for verdict in verdicts)
    parts = [_outcome(result, level, complete)]
    parts += [
        counted(len(members), noun)
        for noun, members in parted(result, level)
        if noun != FAILURE
    ]
    parts.append(f"{judged} of {counted(len(verdicts), 'clause')} judged")
    parts.append(f"{untested} not tested by design")
    parts.append(f"seed {result.seed}, profile {result.profile}")
    return "; ".join(parts)


def _outcome(result: Result, level: str, complete: bool) -> str:
    code = result.exit_code(level, complete)
    skipped = [v for v in result.verdicts().values() if v.outcome is Outcome.SKIP]
    if code == 1:
        broken = result.broken(level)
        names = _named(broken)
        return f"does not conform: {counted(len(broken), 'clause')} broken ({names})"
    if code == 2:
        return f"could not be judged: {', '.join(_obstacles(result, skipped))}"
    if result.partial:
        return f"conforms, partially: {counted(len(skipped), 'clause')} skipped"
    return "conforms"


def _obstacles(result: Result, skipped: list[Verdict]) -> Iterator[str]:
    """Why the run could not judge."""
    verdicts = result.verdicts().values()
    errors = [verdict for verdict in verdicts if verdict.outcome is Outcome.ERROR]
    if result.problems:
        yield counted(len(result.problems), "problem")
    if errors:
        yield f"{counted(len(errors), 'clause')} in error ({_named(errors)})"
    if skipped:
        yield f"{counted(len(skipped), 'clause')} skipped"
    if not any(v.outcome in (Outcome.PASS, Outcome.FAIL) for v in verdicts):
        yield "no clause was judged"


def parted(result: Result, level: str) -> Iterator[tuple[str, list[Verdict]]]:
    """The failed verdicts: those that count, warnings, and what is only different."""
    broken = result.broken(level)
    names = {verdict.clause.id for verdict in broken}
    rest = [
        verdict
        for verdict in result.verdicts().values()
        if verdict.outcome is Outcome.FAIL and verdict.clause.id not in names
    ]
    should = [verdict for verdict in rest if verdict.clause.level == "SHOULD"]
    other = [verdict for verdict in rest if verdict.clause.level != "SHOULD"]
    parts = {FAILURE: broken, "warning": should, "observed difference": other}
    yield from ((noun, members) for noun, members in parts.items() if members)


def _own_clause(api: str, finding: Finding) -> str:
    test = finding.test.partition("[")[0]
    marks = [clause for clause, tests in tests_of(api).items() if test in tests]
    return finding.clause if finding.clause in marks or not marks else marks[0]


def _named(verdicts: list[Verdict]) -> str:
    names = [verdict.clause.id for verdict in verdicts[:MOST_NAMED]]
    more = len(verdicts) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def counted(number: int, noun: str) -> str:
    """`1 clause`, `2 clauses`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def some_tests(findings: Iterable[Finding]) -> str:
    """The first few tests of these findings."""
    tests = sorted({finding.test for finding in findings})
    more = len(tests) - MOST_TESTS
    return ", ".join(tests[:MOST_TESTS]) + (f" and {more} more" if more > 0 else "")


def escaped(text: str) -> str:
    """`text` with every character that does not print, but for new lines, escaped."""
    return "".join(
        c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode()
        for c in text
    )
