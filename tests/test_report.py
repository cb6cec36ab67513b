"""What a run says while it goes on, at its end, and in a file."""

import io
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tasktwin_contract.catalogue import tests_of as marks
from tasktwin_contract.report.conclusion import again, conclusion, escaped
from tasktwin_contract.report.terminal import Terminal
from tasktwin_contract.runner import Options
from tasktwin_contract.verdicts import Finding, Outcome, Result
from tasktwin_schemas import clauses

PASS, FAIL, SKIP, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.SKIP, Outcome.ERROR
MUST, SHOULD, UNDOCUMENTED = "HT-PATH-01", "HT-PATH-02", "HT-PATH-03"
TEST = "hitask/test_paths.py::test_it"


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing in the environment that tells terminals apart."""
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def finding(clause: str, outcome: Outcome, message: str = "", **words: Any) -> Finding:
    """Make the word of one test."""
    return Finding(clause, outcome, TEST, message, **words)


def found(*findings: Finding, own: bool = True, **words: Any) -> Result:
    """Make the result of a run."""
    return Result(
        api="hitask",
        target="http://127.0.0.1:8080",
        own=own,
        seed=7,
        profile="quick",
        versions={"tasktwin": "0.1.0", "pytest": "9.0"},
        configuration={"ca_file": Path("ca.pem")},
        findings=list(findings),
        **words,
    )


def shown(
    result: Result,
    level: str = "must",
    complete: bool = False,
    options: Options | None = None,
    **words: Any,
) -> str:
    """Give the report as it stands in a log, or on a terminal if `words` say so."""
    file = io.StringIO()
    console = Console(file=file, width=80, **words)
    terminal = Terminal(options or Options("hitask"), level, complete, console)
    terminal.report(result)
    return file.getvalue()


def progress(outcomes: Iterable[Outcome], **words: Any) -> str:
    """Give what is said while tests with these outcomes run."""
    file = io.StringIO()
    tests = list(outcomes)
    console = Console(file=file, width=100, **words)
    with Terminal(Options("hitask"), console=console) as terminal:
        terminal.started(found(), len(tests))
        for outcome in tests:
            terminal.finished(TEST, [finding(MUST, outcome), finding(SHOULD, PASS)])
    return file.getvalue()


def area_row(text: str, area: str) -> list[str]:
    """Give the cells of an area's row."""
    rows = [line.split() for line in text.splitlines()]
    return next(row for row in rows if row[:1] == [area])[1:]


def test_the_progress_in_a_log_is_a_line_a_tenth() -> None:
    """A log gets one line at the start, and one after each tenth of the tests."""
    lines = progress([PASS] * 150 + [FAIL, SKIP, ERROR] + [PASS] * 60).splitlines()
    assert lines[0] == (
        "tasktwin 0.1.0 judges hitask: http://127.0.0.1:8080"
        " (213 tests, seed 7, profile quick)"
    )
    assert len(lines) == 11
    assert lines[1] == " 10 %  22 of 213 tests: 22 pass"
    last = "100 %  213 of 213 tests: 210 pass, 1 fail, 1 skip, 1 error"
    assert lines[-1] == last


@pytest.mark.parametrize("tests", [0, 1, 3, 9])
def test_a_few_tests_have_a_line_each(tests: int) -> None:
    """With fewer than ten tests no line is said twice."""
    lines = progress([PASS] * tests).splitlines()
    assert len(lines) == 1 + tests


def test_tests_that_nobody_announced_are_counted_in_silence() -> None:
    """A test that ends before the number of tests is known does no harm."""
    file = io.StringIO()
    terminal = Terminal(Options("hitask"), console=Console(file=file))
    terminal.finished(TEST, [])
    assert file.getvalue() == ""


def test_the_progress_on_a_terminal_is_a_bar() -> None:
    """A terminal shows counts that change in place, and gets its cursor back."""
    text = progress([PASS, FAIL], force_terminal=True)
    assert "1 pass, 1 fail" in text
    assert "2/2" in text
    assert " %" not in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")


def test_the_table_counts_by_area() -> None:
    """Each area has a row that adds up, and the last row is the sum."""
    text = shown(
        found(
            finding(MUST, PASS),
            finding(SHOULD, FAIL),
            finding(UNDOCUMENTED, SKIP),
            finding("HT-PATH-04", ERROR),
            finding("HT-DELTA-01", PASS),
        )
    )
    members = [c for c in clauses("hitask").values() if c.area == "path"]
    rest = len(members) - 4
    assert area_row(text, "path") == [str(len(members)), "1", "1", "1", "1", str(rest)]
    total = len(clauses("hitask"))
    assert area_row(text, "all") == [str(total), "2", "1", "1", "1", str(total - 5)]
    areas = {clause.area for clause in clauses("hitask").values()}
    assert all(area_row(text, area) for area in areas)


def test_the_table_of_a_choice_is_short() -> None:
    """Where clauses were chosen, areas in which nothing ran have no row."""
    result = found(finding(MUST, PASS))
    text = shown(result, options=Options("hitask", clauses=(MUST,)))
    assert area_row(text, "path")
    assert "delta" not in text


def test_a_failure_says_all_that_is_known() -> None:
    """A broken clause shows sentence, source, test, both sides, calls, a command."""
    calls = ("BASE=http://127.0.0.1:8080", 'curl "$BASE/api/user"')
    words = {"expected": "status 200", "actual": "status 500", "calls": calls}
    lines = shown(found(finding(MUST, FAIL, "it fell over", **words))).splitlines()
    start = lines.index(f"{MUST}  MUST")
    assert lines[start + 1 : start + 10] == [
        f"  {clauses('hitask')[MUST].text}",
        f"  source    {clauses('hitask')[MUST].source}",
        f"  test      {TEST}",
        "  found     it fell over",
        "  expected  status 200",
        "  actual    status 500",
        f"  again     tasktwin verify hitask --seed 7 --clause {MUST} --profile quick",
        "  calls",
        "    BASE=http://127.0.0.1:8080",
    ]
    assert lines[start + 10] == '    curl "$BASE/api/user"'


def test_what_the_sides_say_is_said_once() -> None:
    """A message that only puts both sides together is left out."""
    words = {"expected": "status 200", "actual": "500"}
    text = shown(found(finding(MUST, FAIL, "expected status 200, got 500", **words)))
    assert "found  " not in text
    assert "  expected  status 200\n  actual    500\n" in text


def test_each_broken_clause_is_shown_once() -> None:
    """Of several failures of a clause the one with the fewest calls is shown."""
    long = Finding(MUST, FAIL, "hitask/test_b.py::test_b", "long", calls=("a", "b"))
    text = shown(found(long, finding(MUST, FAIL, "short", calls=("a",))))
    assert text.count(f"{MUST}  MUST") == 1
    assert "found     short" in text
    assert "also      hitask/test_b.py::test_b" in text
    assert "long" not in text


def test_elsewhere_only_a_must_is_a_failure() -> None:
    """On a server not ours, a broken SHOULD is a warning, the rest a difference."""
    result = found(*(finding(c, FAIL) for c in (MUST, SHOULD, UNDOCUMENTED)), own=False)
    text = shown(result)
    order = ["Failures", MUST, "Warnings", SHOULD, "Observed differences", UNDOCUMENTED]
    places = [text.index(word) for word in order]
    assert places == sorted(places)
    strict = shown(result, "should")
    assert "Warnings" not in strict
    assert strict.index(SHOULD) < strict.index("Observed differences")
    ours = shown(found(*result.findings))
    assert "Warnings" not in ours
    assert "Observed differences" not in ours


def test_skips_and_errors_say_their_reasons() -> None:
    """Skips and errors are listed by reason, each clause with the test."""
    text = shown(
        found(
            finding(MUST, SKIP, "needs a second actor"),
            finding(SHOULD, SKIP, "needs a second actor"),
            finding(UNDOCUMENTED, ERROR, "KeyError: 'id'\nin line 3"),
            problems=["a worker broke"],
        )
    )
    assert text.count("needs a second actor") == 1
    assert f"    {MUST} in {TEST}\n    {SHOULD} in {TEST}\n" in text
    assert f"  KeyError: 'id'\n  in line 3\n    {UNDOCUMENTED} in {TEST}\n" in text
    assert "Problems\n  a worker broke\n" in text


def test_lines_are_never_broken() -> None:
    """A call that is wider than the log stays one line, so that it can be pasted."""
    call = "curl " + "x" * 300 + " y" * 100
    assert f"{call}\n" in shown(found(finding(MUST, FAIL, calls=(call,))))


def test_a_servers_words_stay_words() -> None:
    """Neither markup nor control characters of an answer reach the terminal."""
    wild = "[red]x[/red] [link=http://h]y[/] :smile: \x1b[2J\x07\r\u202e\ud800 é"
    result = found(
        finding(MUST, FAIL, wild, expected=f"no {wild}", actual=wild, calls=(wild,)),
        finding(SHOULD, SKIP, wild),
        finding(UNDOCUMENTED, ERROR, wild),
        problems=[wild],
    )
    safe = r"[red]x[/red] [link=http://h]y[/] :smile: \x1b[2J\x07\r\u202e\ud800 é"
    assert shown(result).count(safe) == 7
    assert escaped(wild) == safe


def test_a_log_of_few_characters_gets_what_it_takes(tmp_path: Path) -> None:
    """Characters that the output's encoding has not are shown escaped."""
    path = tmp_path / "log"
    with path.open("w", encoding="ascii") as file:
        terminal = Terminal(Options("hitask"), console=Console(file=file, width=80))
        terminal.report(found(finding(MUST, FAIL, "é → 😀")))
    assert r"found     \xe9 \u2192 \U0001f600" in path.read_text(encoding="ascii")


def test_colour_is_for_terminals() -> None:
    """A log holds no escape sequence."""
    result = found(finding(MUST, FAIL), finding(SHOULD, PASS))
    assert "\x1b" not in shown(result)
    assert "\x1b[" in shown(result, force_terminal=True, color_system="standard")


@pytest.mark.parametrize(
    ("findings", "words", "said"),
    [
        ([(MUST, PASS)], {}, "conforms; "),
        ([(MUST, PASS), (SHOULD, SKIP)], {}, "conforms, partially: 1 clause skipped; "),
        (
            [(MUST, FAIL), (SHOULD, FAIL)],
            {},
            f"does not conform: 2 clauses broken ({MUST}, {SHOULD}); ",
        ),
        (
            [(MUST, PASS), (SHOULD, FAIL), (UNDOCUMENTED, FAIL)],
            {"own": False},
            "conforms; 1 warning; 1 observed difference; ",
        ),
        ([], {}, "could not be judged: no clause was judged; "),
        (
            [(MUST, SKIP)],
            {},
            "could not be judged: 1 clause skipped, no clause was judged; ",
        ),
        (
            [(MUST, PASS), (SHOULD, ERROR)],
            {"problems": ["x", "y"]},
            f"could not be judged: 2 problems, 1 clause in error ({SHOULD}); ",
        ),
    ],
)
def test_the_last_line_says_the_result(
    findings: list[tuple[str, Outcome]], words: dict[str, Any], said: str
) -> None:
    """The conclusion is in words, with what it rests on and what repeats it."""
    result = found(*(finding(clause, outcome) for clause, outcome in findings), **words)
    line = conclusion(result)
    judged = sum(outcome in (PASS, FAIL) for _, outcome in findings)
    assert line.startswith(said)
    total = len(clauses("hitask"))
    untested = sum(c.not_tested is not None for c in clauses("hitask").values())
    assert line.endswith(
        f"; {judged} of {total} clauses judged; {untested} not tested by design;"
        " seed 7, profile quick"
    )
    assert shown(result).endswith(f"{line}\n")


def test_complete_does_not_let_a_skip_pass() -> None:
    """Where everything was to be judged, a skip is the reason why it was not."""
    result = found(finding(MUST, PASS), finding(SHOULD, SKIP))
    line = conclusion(result, complete=True)
    assert line.startswith("could not be judged: 1 clause skipped; ")


def test_many_broken_clauses_are_named_in_part() -> None:
    """The last line names ten clauses, and says how many more there are."""
    names = list(clauses("hitask"))[:13]
    line = conclusion(found(*(finding(name, FAIL) for name in names)))
    assert f"13 clauses broken ({', '.join(names[:10])} and 3 more)" in line


def test_the_command_repeats_the_run() -> None:
    """What was given for the run is given again, quoted for a shell."""
    options = Options(
        "hitask", base_url="https://h/a b", ca_file="my ca.pem", insecure=True
    )
    command = again(options, found(), finding(MUST, FAIL), "should")
    assert shlex.split(command) == [
        "tasktwin",
        "verify",
        "hitask",
        *("--seed", "7", "--clause", MUST, "--base-url", "https://h/a b"),
        *("--ca-file", "my ca.pem", "--insecure"),
        *("--profile", "quick", "--level", "should"),
    ]


def test_the_command_names_a_clause_of_the_test() -> None:
    """What a check finds in another clause's test is found again by that clause."""
    mine, other = "HT-ANSWER-05", "HT-PATH-04"
    test = marks("hitask")[other][0]
    command = again(Options("hitask"), found(), Finding(mine, FAIL, f"{test}[x]"))
    named = command.split()[command.split().index("--clause") + 1]
    assert test in marks("hitask")[named]
    own = Finding(other, FAIL, f"{test}[x]")
    assert f"--clause {other}" in again(Options("hitask"), found(), own)


def test_only_a_few_more_tests_are_named() -> None:
    """Of the tests that failed as well, three are named and the others counted."""
    more = [Finding(MUST, FAIL, f"hitask/test_b.py::test_{n}") for n in range(7)]
    text = shown(found(finding(MUST, FAIL), *more))
    line = next(line for line in text.splitlines() if line.startswith("  also"))
    assert line.count("::") == 3
    assert line.endswith(" and 4 more")
