"""A tasktwin server whose controls need a token, before the suite."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result as Done

from tasktwin_contract.cli import main
from tasktwin_mockserver.server import MockServer

TOKEN = "s3cret-t0ken"
CLAUSE = "HT-ITEM-19"  # what deleteItem does


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[MockServer]:
    """A server with a token, and an empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    with MockServer("hitask", admin_token=TOKEN) as server:
        yield server


def verify(server: MockServer, *words: str) -> Done:
    """Judge `server` by one clause."""
    asked = ["verify", "hitask", "--base-url", server.url, "--clause", CLAUSE, *words]
    return CliRunner().invoke(main, asked)


def test_with_the_token_it_is_judged(
    server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token opens the controls, from the command line or the environment."""
    done = verify(server, "--admin-token", TOKEN)
    assert (done.exit_code, TOKEN in done.output) == (0, False), done.output
    monkeypatch.setenv("TASKTWIN_VERIFY_ADMIN_TOKEN", TOKEN)
    assert verify(server).exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "the controls there need a token: give it by --admin-token"),
        (
            ("--admin-token", "another"),
            "--admin-token is not the token of the controls",
        ),
    ],
)
def test_without_it_a_sentence_says_so(
    server: MockServer, words: tuple[str, ...], told: str
) -> None:
    """A missing token, or a wrong one, is no server that is not ours."""
    done = verify(server, *words)
    assert done.exit_code == 2
    assert told in done.output.replace("\n", " ")
    assert "another" not in done.output


def test_the_token_is_shown_nowhere(
    server: MockServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither the terminal nor a report has it, and the shell lines a variable."""
    operations = {**server.app.api.operations, "deleteItem": lambda call, world: 1 / 0}
    monkeypatch.setattr(server.app.api, "operations", operations)
    paths = {name: tmp_path / f"report.{name}" for name in ("json", "junit")}
    reports = [
        w for name, path in paths.items() for w in ("--report", f"{name}={path}")
    ]
    done = verify(server, "--admin-token", TOKEN, *reports)
    texts = [done.output, *(path.read_text("utf-8") for path in paths.values())]
    assert done.exit_code == 1
    assert not any(TOKEN in text for text in texts)
    assert 'Authorization: Bearer $TASKTWIN_VERIFY_ADMIN_TOKEN"' in done.output
    assert '--admin-token "$TASKTWIN_VERIFY_ADMIN_TOKEN"' in done.output.replace(
        "\n", " "
    )
    shown = json.loads(texts[1])["configuration"]
    assert shown["admin_token"] == "(given)"


@pytest.mark.parametrize("command", ["verify", "serve"])
def test_help_shows_no_token(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What a configuration file says of it is no default to be shown."""
    monkeypatch.chdir(tmp_path)
    settings = f'[{command}]\nadmin-token = "{TOKEN}"\n'
    Path("tasktwin.toml").write_text(settings, "utf-8")
    done = CliRunner().invoke(main, [command, "--help"])
    assert (done.exit_code, TOKEN in done.output) == (0, False)
