"""Where options come from: the command line, the environment, a file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result as Done

from tasktwin_contract import runner
from tasktwin_contract.cli import main, tables
from tasktwin_contract.connection import CannotJudgeError
from tasktwin_contract.runner import Listener, Options
from tasktwin_contract.verdicts import Result
from tasktwin_schemas import APIS

Verify = Callable[..., Options]
COMMANDS = ("clauses", "cleanup", "serve", "verify")


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, with nothing of ours in the environment."""
    for name in list(os.environ):
        if name.startswith("TASKTWIN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def verify(monkeypatch: pytest.MonkeyPatch) -> Verify:
    """Give what `tasktwin verify hitask …` asks of the runner, which runs nothing."""
    asked: list[Options] = []

    def run(options: Options, listener: Listener) -> Result:
        asked.append(options)
        raise CannotJudgeError("nothing is run here")

    monkeypatch.setattr(runner, "run", run)

    def command(*arguments: str) -> Options:
        asked.clear()
        done = invoke("verify", "hitask", *arguments)
        assert done.stderr == "Error: nothing is run here\n"
        return asked[0]

    return command


def invoke(*arguments: str) -> Done:
    """Run the command in this process."""
    return CliRunner().invoke(main, arguments, prog_name="tasktwin")


def refusal(*arguments: str) -> str:
    """Give the sentence with which the command refuses, at exit 2."""
    done = invoke(*arguments)
    assert done.exit_code == 2, done.output
    return done.stderr.splitlines()[-1]


def write(text: str, path: str = "tasktwin.toml") -> Path:
    """Write a file into the working directory."""
    file = Path.cwd() / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_without_anything_the_defaults_count(verify: Verify) -> None:
    """Where nothing is configured the bundled mock is judged, with drawn seed."""
    assert verify() == Options(api="hitask")


def test_every_option_is_a_key_of_the_file(verify: Verify) -> None:
    """The table of a command holds its options by the names they have there."""
    write(
        """
        [hitask]
        base-url = "https://staging.example.com/"
        access = "own"
        [verify]
        rate-limit = 60
        ledger = "ledger"
        profile = "quick"
        seed = 7
        clause = ["HT-PATH-01", "ht-path-02"]
        area = ["Delta"]
        level = "should"
        report = []
        workers = 2
        timeout = 5
        insecure = true
        complete = true
        """
    )
    assert verify() == Options(
        api="hitask",
        base_url="https://staging.example.com",
        profile="quick",
        seed=7,
        clauses=("HT-PATH-01", "HT-PATH-02"),
        areas=("delta",),
        workers="2",
        timeout=5.0,
        insecure=True,
        access="own",
        rate_limit=60,
        ledger=str(Path.cwd() / "ledger"),
    )


def test_every_option_of_every_command_is_known_to_the_file() -> None:
    """No option of a command lacks its key, and the APIs have theirs."""
    known = tables()
    for name, command in main.commands.items():
        options = {p.name for p in command.params if p.param_type_name == "option"}
        assert {option.name for option in known[name].values()} == options
        assert all("_" not in key for key in known[name])
    assert set(known["hitask"]) == {"access", "base-url"}


def test_every_option_is_a_variable(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An option is read from `TASKTWIN_`, the command's and its own name."""
    monkeypatch.setenv("TASKTWIN_VERIFY_PROFILE", "thorough")
    monkeypatch.setenv("TASKTWIN_VERIFY_SEED", "11")
    monkeypatch.setenv("TASKTWIN_VERIFY_CLAUSE", "HT-PATH-01 HT-PATH-02")
    monkeypatch.setenv("TASKTWIN_VERIFY_INSECURE", "true")
    monkeypatch.setenv("TASKTWIN_HITASK_BASE_URL", "http://one.example.com")
    assert verify() == Options(
        api="hitask",
        base_url="http://one.example.com",
        profile="thorough",
        seed=11,
        clauses=("HT-PATH-01", "HT-PATH-02"),
        insecure=True,
    )


def test_the_nearer_source_counts(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line counts over the environment, and that over the file."""
    write('[verify]\nprofile = "quick"\nseed = 1\ntimeout = 1')
    monkeypatch.setenv("TASKTWIN_VERIFY_PROFILE", "default")
    monkeypatch.setenv("TASKTWIN_VERIFY_SEED", "2")
    asked = verify("--profile", "thorough")
    assert (asked.profile, asked.seed, asked.timeout) == ("thorough", 2, 1.0)


def test_an_address_of_the_api_counts_over_one_for_all(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the address, the API's own word counts over that for every API."""
    write(
        '[verify]\nbase-url = "http://d.example.com"\n'
        '[hitask]\nbase-url = "http://c.example.com"'
    )
    assert verify().base_url == "http://c.example.com"
    monkeypatch.setenv("TASKTWIN_VERIFY_BASE_URL", "http://b.example.com")
    assert verify().base_url == "http://b.example.com"
    monkeypatch.setenv("TASKTWIN_HITASK_BASE_URL", "http://a.example.com")
    assert verify().base_url == "http://a.example.com"
    given = "http://given.example.com"
    assert verify("--base-url", given).base_url == given


def test_an_empty_variable_is_none(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable that is set to nothing says nothing."""
    monkeypatch.setenv("TASKTWIN_HITASK_BASE_URL", "")
    monkeypatch.setenv("TASKTWIN_VERIFY_PROFILE", "")
    assert verify() == Options(api="hitask")


def test_the_file_is_found_upwards(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest file from the working directory upwards is read, and it alone."""
    write('[verify]\nprofile = "quick"\nseed = 1')
    write("[verify]\nseed = 2", "a/tasktwin.toml")
    folder = write("", "a/b/c/empty").parent
    monkeypatch.chdir(folder)
    asked = verify()
    assert (asked.seed, asked.profile) == (2, "default")


def test_pyproject_may_hold_the_tables(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pyproject.toml counts if it has our table; tasktwin.toml counts before it."""
    write("[tool.tasktwin.verify]\nseed = 1", "pyproject.toml")
    write("[tool.other]\nx = 1", "a/pyproject.toml")
    monkeypatch.chdir(Path.cwd() / "a")
    assert verify().seed == 1
    write("[verify]\nseed = 2", "../tasktwin.toml")
    assert verify().seed == 2


def test_paths_of_the_file_start_at_its_folder(
    verify: Verify, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A path in the file means the same wherever the command is run."""
    write('[verify]\nca-file = "ca.pem"\nreport = ["json=out.json"]')
    write("", "ca.pem")
    monkeypatch.chdir(write("", "a/empty").parent)
    assert verify().ca_file == str(tmp_path / "ca.pem")
    write('[verify]\nreport = ["json=none/out.json"]', "../tasktwin.toml")
    missing = str(tmp_path / "none" / "out.json")
    assert missing in refusal("verify", "hitask")


def test_the_file_reads_the_environment(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`${NAME}` in a value stands for the variable's value, in lists too."""
    write(
        '[hitask]\nbase-url = "https://${HOST}/${PREFIX}"\n'
        '[verify]\nseed = "${SEED}"\nclause = ["HT-PATH-${NUMBER}"]'
    )
    for name, value in {
        "HOST": "h",
        "PREFIX": "p",
        "SEED": "5",
        "NUMBER": "03",
    }.items():
        monkeypatch.setenv(name, value)
    asked = verify()
    assert asked.base_url == "https://h/p"
    assert asked.seed == 5
    assert asked.clauses == ("HT-PATH-03",)


def test_a_variable_that_is_not_set_is_missed_where_it_is_needed(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unset `${NAME}` is an error, unless the value is not looked at."""
    file = write('[hitask]\nbase-url = "${TWIN_HOST}"')
    monkeypatch.delenv("TWIN_HOST", raising=False)
    said = refusal("verify", "hitask")
    assert said == (
        f"Error: {file}: hitask.base-url reads the environment's 'TWIN_HOST',"
        " which is not set."
    )
    assert verify("--base-url", "http://h").base_url == "http://h"
    assert invoke("clauses", "hitask").exit_code == 0


def test_what_a_variable_holds_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong address is refused without being repeated: it may hold a secret."""
    write('[hitask]\nbase-url = "${TWIN_HOST}"')
    monkeypatch.setenv("TWIN_HOST", "https://me:hush@example.com")
    done = invoke("verify", "hitask")
    assert done.exit_code == 2
    assert "hitask.base-url is wrong: An address holds no credentials." in done.stderr
    assert "hush" not in done.output


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("[verfy]\nseed = 1", "verfy", "is not known; the nearest is verify"),
        ("[zzz]", "zzz", f"known: {', '.join(sorted((*COMMANDS, *APIS)))}"),
        ("seed = 1", "seed", "is not known"),
        ("verify = 1", "verify", "must be a table"),
        ("[verify]\nprofil = 'quick'", "verify.profil", "the nearest is profile"),
        ("[verify]\nbase_url = 'http://h'", "verify.base_url", "nearest is base-url"),
        ("[verify]\napi = 'hitask'", "verify.api", "is not known"),
        ("[verify]\nhelp = true", "verify.help", "is not known"),
        ("[hitask]\ntoken = 'x'", "hitask.token", "known: access, base-url"),
        ("[hitask]\naccess = 'all'", "hitask.access", "'all' is not one of"),
        ("[hitask]\napi-key = 7", "hitask.api-key", "must be a text"),
        ("[hitask]\nactors = 7", "hitask.actors", "must be a table"),
        ("[hitask.actors]\nmembr = {}", "hitask.actors.membr", "nearest is member"),
        ("[hitask.actors]\nowner = 'x'", "hitask.actors.owner", "must be a table"),
        ("[hitask.actors.owner]\nlogn = 'x'", "hitask.actors.owner.logn", "is login"),
        (
            "[hitask.actors.owner]\nlogin = 7",
            "hitask.actors.owner.login",
            "must be a text",
        ),
        ("[verify]\nprofile = 3", "verify.profile", "must be a text"),
        ("[verify]\nprofile = 'slow'", "verify.profile", "'slow' is not one of"),
        ("[verify]\nclause = 'HT-PATH-01'", "verify.clause", "must be a list"),
        ("[verify]\nclause = [1]", "verify.clause", "each entry a text"),
        ("[verify]\ninsecure = 'yes'", "verify.insecure", "must be true or false"),
        ("[verify]\ninsecure = 1", "verify.insecure", "must be true or false"),
        ("[verify]\ntimeout = true", "verify.timeout", "must be a number"),
        ("[verify]\ntimeout = nan", "verify.timeout", "is not a finite number"),
        ("[verify]\nworkers = true", "verify.workers", "a whole number or a text"),
        ("[verify]\nworkers = 'all'", "verify.workers", "'all' is not a number"),
        ("[verify]\nreport = ['xml=a']", "verify.report", "is not one of: json=FILE"),
        ("[serve]\nport = true", "serve.port", "must be a whole number"),
        ("[serve]\nport = 80.0", "serve.port", "must be a whole number"),
        ("[serve]\nport = '80'", "serve.port", "must be a whole number"),
        ("[serve]\nport = 65536", "serve.port", "is not in the range"),
        ("[serve]\nport = {a = 1}", "serve.port", "must be a whole number"),
    ],
)
def test_what_the_file_may_not_hold_is_named(text: str, key: str, words: str) -> None:
    """An unknown name or a wrong type is one sentence with file and key, at exit 2."""
    file = write(text)
    done = invoke("clauses", "hitask")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"Error: {file}: {key} ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_key_of_pyproject_is_named_in_full() -> None:
    """In a pyproject.toml the key is named from the top."""
    file = write("[tool.tasktwin.verify]\nseeds = 1", "pyproject.toml")
    said = refusal("clauses", "hitask")
    assert said.startswith(f"Error: {file}: tool.tasktwin.verify.seeds is not known")
    write("[tool]\ntasktwin = 1", "pyproject.toml")
    assert "tool.tasktwin must be a table" in refusal("clauses", "hitask")


@pytest.mark.parametrize("content", [b"[verify", b"[verify]\nprofile = '\xff'"])
@pytest.mark.parametrize("name", ["tasktwin.toml", "pyproject.toml"])
def test_a_file_that_is_no_toml_is_named(name: str, content: bytes) -> None:
    """A file that cannot be parsed is an error, and never passed over in silence."""
    file = Path.cwd() / name
    file.write_bytes(content)
    said = refusal("clauses", "hitask")
    assert said.startswith(f"Error: {file} is not valid TOML: ")


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error says which variable its value came from."""
    monkeypatch.setenv("TASKTWIN_VERIFY_PROFILE", "slow")
    assert "'--profile' (from TASKTWIN_VERIFY_PROFILE)" in refusal("verify", "hitask")
    monkeypatch.setenv("TASKTWIN_VERIFY_PROFILE", "quick")
    monkeypatch.setenv("TASKTWIN_VERIFY_BASE_URL", "http://h")
    monkeypatch.setenv("TASKTWIN_HITASK_BASE_URL", "h")
    assert "'--base-url' (from TASKTWIN_HITASK_BASE_URL)" in refusal("verify", "hitask")
    assert "(from" not in refusal("verify", "hitask", "--base-url", "h")


def test_the_names_of_the_kit_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable TASKTWIN_VERSION, which images have, means nothing to the command."""
    monkeypatch.setenv("TASKTWIN_VERSION", "1.2.3")
    assert invoke("clauses", "hitask").exit_code == 0


def test_a_folder_that_is_gone_has_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A working directory that was removed is no reason to fail."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert invoke("clauses", "hitask").exit_code == 0
    monkeypatch.chdir(tmp_path)
