"""The `tasktwin` command."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result as Done

from tasktwin_contract import cli, runner
from tasktwin_contract.cli import main
from tasktwin_contract.connection import CannotJudgeError
from tasktwin_contract.options import FORMATS
from tasktwin_contract.report import draft
from tasktwin_contract.runner import Listener, Options
from tasktwin_contract.verdicts import Finding, Outcome, Result
from tasktwin_schemas import clauses

MUST, SHOULD = "HT-PATH-01", "HT-PATH-02"
LIBRARIES = ("hypothesis", "jsonschema", "pytest", "requests", "schemathesis", "xdist")
SECONDS = 60


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, with nothing of ours in the environment."""
    for name in list(os.environ):
        if name.startswith("TASKTWIN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))


def invoke(*arguments: str) -> Done:
    """Run the command in this process."""
    return CliRunner().invoke(main, arguments, prog_name="tasktwin")


def finish(*arguments: str) -> tuple[int, str, str]:
    """Run a module as a command to its end: exit code, stdout, stderr."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        timeout=SECONDS,
    )
    return done.returncode, done.stdout, done.stderr


def stub(
    monkeypatch: pytest.MonkeyPatch, *outcomes: tuple[str, Outcome], own: bool = True
) -> list[Options]:
    """Let a run find these outcomes, and note what it was asked for."""
    asked: list[Options] = []

    def run(options: Options, listener: Listener) -> Result:
        asked.append(options)
        result = Result("hitask", "the target", own, 7, "quick", {}, {})
        listener.started(result, len(outcomes))
        for clause, outcome in outcomes:
            findings = [Finding(clause, outcome, "hitask/test_paths.py::test_it")]
            result.findings += findings
            listener.finished("hitask/test_paths.py::test_it", findings)
        return result

    monkeypatch.setattr(runner, "run", run)
    return asked


@pytest.mark.parametrize(
    "arguments",
    [
        ("serve", "nothing"),
        ("serve",),
        ("serve", "hitask", "--port", "65536"),
        ("serve", "hitask", "--port", "http"),
        ("serve", "hitask", "--seed", "x"),
        ("serve", "hitask", "--max-body", "0"),
        ("serve", "hitask", "--rate-limit", "0"),
        ("serve", "hitask", "--rate-limit-mode", "later"),
        ("serve", "hitask", "--max-worlds", "-1"),
        ("serve", "hitask", "--forget-worlds", "0"),
        ("serve", "hitask", "--ready-file", "."),
        ("verify", "nothing"),
        ("verify", "hitask", "--profile", "slow"),
        ("verify", "hitask", "--level", "may"),
        ("verify", "hitask", "--seed", "x"),
        ("verify", "hitask", "-n", "-1"),
        ("verify", "hitask", "-n", "many"),
        ("verify", "hitask", "--timeout", "0"),
        ("verify", "hitask", "--timeout", "inf"),
        ("verify", "hitask", "--ca-file", "none.pem"),
        ("verify", "hitask", "--report", "report.json"),
        ("verify", "hitask", "--report", "json="),
        ("verify", "hitask", "--report", "html=report.html"),
        ("verify", "hitask", "--report", "json=."),
        ("clauses", "hitask", "--format", "xml"),
        ("nothing",),
        ("--nothing",),
    ],
)
def test_a_misunderstanding_is_exit_2(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A usage error has the usual form, and nothing is run."""
    asked = stub(monkeypatch)
    done = invoke(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Usage: tasktwin" in done.stderr
    assert "\nError: " in done.stderr
    assert asked == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "a host"),
        ("example.com", "a host"),
        ("ftp://example.com", "a host"),
        ("https://", "a host"),
        ("http://example.com:99999", "a host"),
        ("http://[::1", "a host"),
        ("http://exa mple.com", "no blanks"),
        ("http://example.com/\n", "no blanks"),
        ("https://me:hush@example.com", "no credentials"),
        ("https://hush@example.com", "no credentials"),
        ("http://example.com?hush", "no query"),
        ("http://example.com/#hush", "no query"),
        ("http://example.com/api", "leaves out /api"),
        ("http://example.com/x/api/v7/", "leaves out /api"),
    ],
)
def test_an_address_has_its_form(
    address: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is no `scheme://host[/prefix]` is refused, without repeating it."""
    asked = stub(monkeypatch)
    done = invoke("verify", "hitask", "--base-url", address)
    assert done.exit_code == 2
    assert "Invalid value for '--base-url'" in done.stderr
    assert words in done.stderr
    assert "hush" not in done.output
    assert asked == []


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://example.com/", "https://example.com"),
        ("https://example.com/a/~w1//", "https://example.com/a/~w1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_loses_its_last_slash(
    address: str, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address is taken with or without a slash at its end."""
    asked = stub(monkeypatch, (MUST, Outcome.PASS))
    assert invoke("verify", "hitask", "--base-url", address).exit_code == 0
    assert asked[0].base_url == taken


@pytest.mark.parametrize(
    ("outcomes", "own", "arguments", "code"),
    [
        ([(MUST, Outcome.PASS)], True, (), 0),
        ([(MUST, Outcome.FAIL)], True, (), 1),
        ([(MUST, Outcome.PASS), (SHOULD, Outcome.FAIL)], False, (), 0),
        ([(MUST, Outcome.PASS), (SHOULD, Outcome.FAIL)], False, ("--level=should",), 1),
        ([(MUST, Outcome.PASS), (SHOULD, Outcome.SKIP)], True, (), 0),
        ([(MUST, Outcome.PASS), (SHOULD, Outcome.SKIP)], True, ("--complete",), 2),
        ([(MUST, Outcome.ERROR)], True, (), 2),
        ([], True, (), 2),
    ],
)
def test_the_exit_code_is_the_result(
    outcomes: list[tuple[str, Outcome]],
    own: bool,
    arguments: tuple[str, ...],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The command exits with 0, 1 or 2, and says in its last line what that means."""
    stub(monkeypatch, *outcomes, own=own)
    done = invoke("verify", "hitask", *arguments)
    words = {0: "conforms", 1: "does not conform", 2: "could not be judged"}
    assert done.exit_code == code
    assert done.stdout.splitlines()[-1].startswith(words[code])
    assert done.stderr == ""


def test_a_run_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target out of reach is one sentence at exit 2, its control characters shown."""

    def run(options: Options, listener: Listener) -> Result:
        raise CannotJudgeError("cannot reach http://h: \x1b[2J")

    monkeypatch.setattr(runner, "run", run)
    done = invoke("verify", "hitask")
    assert done.exit_code == 2
    assert done.output == "Error: cannot reach http://h: \\x1b[2J\n"


def test_a_run_may_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a run quietly, with the code that shells know."""

    def run(options: Options, listener: Listener) -> Result:
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run", run)
    done = invoke("verify", "hitask")
    assert (done.exit_code, done.output) == (130, "")


@pytest.mark.parametrize("missing", LIBRARIES)
def test_without_its_libraries_verify_says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the base install alone the refusal is one sentence, at exit 2."""
    asked = stub(monkeypatch)

    def find(name: str) -> object:
        return None if name == missing else find_spec(name)

    monkeypatch.setattr(cli, "find_spec", find)
    done = invoke("verify", "hitask")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "pip install 'tasktwin[verify]'" in done.stderr
    assert f"({missing} missing)" in done.stderr
    assert done.stderr.count("\n") == 1
    assert asked == []


@pytest.mark.parametrize(
    ("option", "name", "words"),
    [
        (
            "--clause",
            "HT-PATH-1",
            "There is no clause 'HT-PATH-1'; near it: HT-PATH-01",
        ),
        ("--clause", "nonsense", "`tasktwin clauses hitask` lists them"),
        ("--area", "itme", "There is no area 'itme'; near it: item"),
        ("--area", "qqq", "there is access, "),
    ],
)
def test_what_the_catalogue_has_not_is_refused(
    option: str, name: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown clause or area is refused with those that are near it."""
    asked = stub(monkeypatch)
    done = invoke("verify", "hitask", option, name)
    assert done.exit_code == 2
    assert words in done.stderr
    assert asked == []


def test_clauses_and_areas_may_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Options that repeat add up, in whatever letters they are written."""
    asked = stub(monkeypatch, (MUST, Outcome.PASS))
    words = ("--clause", MUST, "--clause", SHOULD.lower(), "--area", "Delta", "-n", "2")
    assert invoke("verify", "hitask", *words).exit_code == 0
    assert asked[0].clauses == (MUST, SHOULD)
    assert asked[0].areas == ("delta",)
    assert asked[0].workers == "2"


def test_a_report_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`--report json=FILE` writes what the run found, and where it failed too."""
    stub(monkeypatch, (MUST, Outcome.FAIL))
    path = tmp_path / "report.json"
    assert invoke("verify", "hitask", "--report", f"json={path}").exit_code == 1
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["result"] == "does not conform"


def test_every_format_has_its_report(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each format that the option takes is written, several in one run too."""
    stub(monkeypatch, (MUST, Outcome.PASS))
    words = [word for form in FORMATS for word in ("--report", f"{form}={form}.txt")]
    assert invoke("verify", "hitask", *words).exit_code == 0
    starts = {form: (tmp_path / f"{form}.txt").read_text()[:5] for form in FORMATS}
    assert starts == {"json": '{\n  "', "junit": "<?xml"}
    assert len(list(tmp_path.iterdir())) == len(FORMATS)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("path", ["none/report.json", os.devnull])
def test_a_report_that_cannot_be_written_stops_the_run(
    path: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report's file is looked at before anything is run."""
    asked = stub(monkeypatch)
    done = invoke("verify", "hitask", "--report", f"{form}={path}")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"Error: The report {path!r} cannot be written: ")
    assert done.stderr.count("\n") == 1
    assert asked == []


@pytest.mark.parametrize(("outcome", "code"), [(Outcome.PASS, 2), (Outcome.FAIL, 1)])
def test_a_report_that_is_lost_at_the_end_is_told(
    outcome: Outcome, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk after the run hides neither the result nor itself."""
    stub(monkeypatch, (MUST, outcome))

    def write(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(draft, "write", write)
    done = invoke("verify", "hitask", "--report", "json=report.json")
    assert done.exit_code == code
    assert "conform" in done.stdout.splitlines()[-1]
    assert done.stderr == (
        "Error: The report 'report.json' cannot be written: No space left on device.\n"
    )


def test_the_clauses_are_listed() -> None:
    """The catalogue as text names every clause, and keeps to the terminal's width."""
    code, out, err = finish("tasktwin_contract", "clauses", "hitask")
    assert (code, err) == (0, "")
    for clause in clauses("hitask").values():
        assert f"{clause.id}  {clause.level}\n" in out


def test_the_clauses_are_listed_for_programs() -> None:
    """The catalogue as JSON names every clause."""
    code, out, err = finish(
        "tasktwin_contract", "clauses", "hitask", "--format", "json"
    )
    assert (code, err) == (0, "")
    assert [row["id"] for row in json.loads(out)["clauses"]] == list(clauses("hitask"))


@pytest.mark.parametrize("arguments", [(), ("clauses", "hitask")])
def test_the_command_loads_light(arguments: tuple[str, ...]) -> None:
    """Neither the command nor its catalogue loads what the suite or the mock needs."""
    code = (
        "import sys, tasktwin_contract.cli as cli\n"
        f"if {arguments!r}: cli.main({arguments!r}, standalone_mode=False)\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        timeout=SECONDS,
    )
    loaded = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert "tasktwin_contract" in loaded
    assert loaded & {*LIBRARIES, "werkzeug", "tasktwin_mockserver"} == set()


@pytest.mark.parametrize("module", ["tasktwin_contract", "tasktwin_mockserver"])
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_at_hand(module: str, flag: str) -> None:
    """Both modules show their help, at exit 0."""
    code, out, err = finish(module, flag)
    assert (code, err) == (0, "")
    assert out.startswith("Usage: ")


def test_the_version_is_shown() -> None:
    """`--version` names the kit and its version."""
    done = invoke("--version")
    assert done.exit_code == 0
    assert done.stdout.startswith("tasktwin 0")
