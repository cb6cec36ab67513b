"""A mock at work, started by `tasktwin serve` or by its own module."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from click.testing import Result as Done

from tasktwin_contract.cli import main
from tasktwin_mockserver import serving as serving_of_mock

SUITE = ("tasktwin_contract", "serve", "hitask")
MOCK = ("tasktwin_mockserver", "hitask")
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


def start(*arguments: str) -> subprocess.Popen[str]:
    """Run a module as a command, its output piped."""
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


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


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a mock at a free port, and give it with what it says when it is ready."""
    with start(*arguments, "--port", "0") as process:
        assert process.stdout is not None
        watchdog = threading.Timer(SECONDS, process.kill)
        watchdog.start()
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        watchdog.cancel()
        try:
            yield process, "".join(lines)
        finally:
            process.kill()


def wait_for(path: Path) -> None:
    """Return once `path` is there; it comes last, when all has been said."""
    last = time.monotonic() + SECONDS
    while not path.exists():
        assert time.monotonic() < last, f"{path} never came"


def test_the_ready_file_comes_last(tmp_path: Path) -> None:
    """Who finds the ready file finds all that the mock says, too."""
    ready, log = tmp_path / "ready.json", tmp_path / "log"
    words = [sys.executable, "-m", *SUITE, "--port", "0", "--ready-file", str(ready)]
    with log.open("wb") as out, subprocess.Popen(words, stdout=out) as process:
        wait_for(ready)
        said = log.read_text(encoding="utf-8")
        process.kill()
    assert said.endswith("Ctrl-C stops it.\n")


@pytest.mark.parametrize("command", [SUITE, MOCK], ids=" ".join)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_mock_serves_until_it_is_told_to_stop(
    command: tuple[str, ...], number: signal.Signals
) -> None:
    """A signal ends the server with 0 and without a word."""
    with serving(*command) as (process, said):
        assert "serves hitask at http://127.0.0.1:" in said
        process.send_signal(number)
        out, err = process.communicate(timeout=SECONDS)
        assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize("command", [SUITE, MOCK], ids=" ".join)
def test_a_mock_says_what_a_client_must_know(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    """What is printed is what the ready file holds, and the example works."""
    ready = tmp_path / "ready.json"
    with serving(*command, "--seed", "5", "--ready-file", str(ready)) as (_, said):
        wait_for(ready)
        facts = json.loads(ready.read_text(encoding="utf-8"))
        world = facts["world"]
        assert world["seed"] == 5
        assert facts["url"] in said
        assert facts["admin"] in said
        assert world["api_keys"]["full"] in said
        rows = [line.split() for line in said.splitlines()]
        for name, actor in world["actors"].items():
            words = (
                actor["id"],
                actor["login"],
                actor["password"],
                actor["session_id"],
            )
            assert [name, *words] in rows
        example = next(line for line in said.splitlines() if line.startswith("curl "))
        assert (
            answer_to(example)["login"] == next(iter(world["actors"].values()))["login"]
        )


def answer_to(example: str) -> dict[str, Any]:
    """Do what a line of curl does."""
    curl, flag, header, url = shlex.split(example)
    assert (curl, flag) == ("curl", "-H")
    name, _, value = header.partition(": ")
    request = urllib.request.Request(url, headers={name: value})  # noqa: S310 (ours)
    with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
        data: dict[str, Any] = json.load(response)
    return data


def test_the_greatest_body_can_be_set() -> None:
    """A body over `--max-body` is refused."""
    with serving(*SUITE, "--max-body", "10") as (_, said):
        example = next(line for line in said.splitlines() if line.startswith("curl "))
        *_, header, url = shlex.split(example)
        name, _, value = header.partition(": ")
        request = urllib.request.Request(  # noqa: S310 (ours)
            url, data=b"a=" + b"x" * 20, headers={name: value}, method="POST"
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=SECONDS)  # noqa: S310
        assert refused.value.code == 413
        refused.value.close()


@pytest.mark.parametrize(
    ("options", "status"),
    [(("--rate-limit", "1"), 429), (("--require-https",), 403)],
    ids=str,
)
@pytest.mark.parametrize("command", [SUITE, MOCK], ids=" ".join)
def test_limits_can_be_set(
    command: tuple[str, ...], options: tuple[str, ...], status: int
) -> None:
    """The second request of a client past its limit, or any in clear, is refused."""
    with serving(*command, *options) as (_, said):
        example = next(line for line in said.splitlines() if line.startswith("curl "))
        with suppress(urllib.error.HTTPError):
            answer_to(example)
        with pytest.raises(urllib.error.HTTPError) as refused:
            answer_to(example)
        assert refused.value.code == status
        refused.value.close()


@pytest.mark.parametrize("command", [SUITE, MOCK], ids=" ".join)
def test_https(command: tuple[str, ...], tmp_path: Path) -> None:
    """What is printed and written lets curl trust the mock, and ends with it."""
    ready = tmp_path / "ready.json"
    options = ("--tls", "--require-https", "--ready-file", str(ready))
    with serving(*command, *options) as (process, said):
        wait_for(ready)
        facts = json.loads(ready.read_text(encoding="utf-8"))
        file = Path(facts["ca_file"])
        assert f"ca file  {file}\n" in said
        assert "PRIVATE" not in "".join(p.read_text() for p in file.parent.iterdir())
        line = next(line for line in said.splitlines() if line.startswith("curl "))
        assert f" --cacert {file} " in line
        for host in ("127.0.0.1", "localhost"):
            words = shlex.split(line.replace("//127.0.0.1", f"//{host}"))
            done = subprocess.run(
                [*words, "--silent", "--http1.1"],
                capture_output=True,
                check=True,
                timeout=SECONDS,
            )
            assert json.loads(done.stdout)["login"] == "owner"
        plain = shlex.split(line.replace(f" --cacert {file} ", " "))
        refused = subprocess.run(
            plain, capture_output=True, check=False, timeout=SECONDS
        )
        assert refused.returncode == 60
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=SECONDS) == ("", "")
    assert not file.parent.exists()


def test_https_needs_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library for certificates, what to install is one sentence."""
    monkeypatch.setattr(serving_of_mock, "CERTIFICATES", "tasktwin_none")
    done = invoke("serve", "hitask", "--tls")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "Error: To serve HTTPS, install the library for certificates (tasktwin_none"
        " missing): pip install 'tasktwin[tls]'\n"
    )


@pytest.mark.parametrize("command", [SUITE, MOCK], ids=" ".join)
def test_pages_of_other_origins(command: tuple[str, ...]) -> None:
    """With `--cors` a page is told that it may read what it is answered."""
    with serving(*command, "--cors") as (_, said):
        example = next(line for line in said.splitlines() if line.startswith("curl "))
        words = [*shlex.split(example), "-s", "-i", "-H", "Origin: http://a.test"]
        done = subprocess.run(words, capture_output=True, check=True, timeout=SECONDS)
    assert b"\r\nAccess-Control-Allow-Origin: http://a.test\r\n" in done.stdout


@pytest.mark.parametrize("command", [SUITE, MOCK], ids=" ".join)
def test_a_port_in_use_is_a_sentence(command: tuple[str, ...]) -> None:
    """A port that another process has is exit 2 and one sentence."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = finish(*command, "--port", str(port))
    assert (code, out) == (2, "")
    assert err == (
        f"Error: Port {port} of 127.0.0.1 is in use;"
        " choose another with --port, or 0 for any free one.\n"
    )


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--host", "192.0.2.1", "'192.0.2.1' is not an address of this machine"),
        ("--host", "", "The host is empty"),
        ("--host", "a..b", "The host 'a..b' is not known"),
        ("--host", "0.0.0.0", "Others can reach 0.0.0.0: give a token"),  # noqa: S104
        ("--admin-token", "", "The admin token is not plain text without blanks"),
        ("--ready-file", "none/ready.json", "'none/ready.json' cannot be written"),
        ("--ready-file", "", "that is no file's name"),
    ],
)
@pytest.mark.parametrize("command", [SUITE, MOCK], ids=" ".join)
def test_a_mock_that_cannot_start_says_why(
    command: tuple[str, ...], option: str, value: str, words: str
) -> None:
    """What keeps a mock from serving is one sentence on stderr, at exit 2."""
    code, out, err = finish(*command, "--port", "0", option, value)
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            socket.gaierror(-2, "Name unknown"),
            "The host 'h' is not known: Name unknown.",
        ),
        (OSError(13, "Permission denied"), "at port 80 of h: Permission denied."),
    ],
)
def test_the_systems_reason_is_passed_on(
    error: OSError, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the system says against an address is part of the sentence."""

    def refuse(*arguments: object, **words: object) -> None:
        raise error

    monkeypatch.setattr(serving_of_mock, "MockServer", refuse)
    done = invoke("serve", "hitask", "--host", "h", "--port", "80")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.endswith(f"{words}\n")


def test_the_signals_are_given_back() -> None:
    """After a refusal, SIGINT and SIGTERM do again what they did before."""
    kept = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]
    assert invoke("serve", "hitask", "--host", "").exit_code == 2
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == kept


def test_the_commands_have_the_same_options_for_the_mock() -> None:
    """The mock's own command takes what `serve` takes."""
    from tasktwin_mockserver.__main__ import main as mock

    serve = main.commands["serve"]
    assert [(p.name, p.opts, p.default) for p in mock.params] == [
        (p.name, p.opts, p.default) for p in serve.params
    ]
