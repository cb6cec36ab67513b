"""Servers that are not ours: what has to be said before anything is asked."""

import os
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tasktwin_contract.cli import main

from .live_server import Be, verify


def test_access_has_to_be_given(live: Any, be: Be) -> None:
    """A server that is not ours is refused, in a sentence, unless access is given."""
    be("owner")
    code, said = verify(live, "--clause", "HT-ITEM-01")
    assert code == 2
    assert said.count("\n") == 1
    assert "--access" in said
    assert live.calls == []


def test_somebody_has_to_be_configured(live: Any, be: Be) -> None:
    """Without an actor, an API key, or half of an actor's credentials, nothing runs."""
    code, said = verify(live, "--access", "own")
    assert (code, live.calls) == (2, [])
    assert "TASKTWIN_HITASK_OWNER_LOGIN" in said
    be("member")
    os.environ["TASKTWIN_HITASK_API_KEY"] = ""
    assert "TASKTWIN_HITASK_API_KEY" in verify(live, "--access", "own")[1]
    be("member")
    os.environ["TASKTWIN_HITASK_MEMBER_PASSWORD"] = ""
    code, said = verify(live, "--access", "own")
    assert (code, live.calls) == (2, [])
    assert "the actor member lacks TASKTWIN_HITASK_MEMBER_PASSWORD" in said


def test_a_wrong_password_is_told_at_once(live: Any, be: Be) -> None:
    """Credentials that do not sign in are exit 2, and are not shown."""
    be("owner")
    os.environ["TASKTWIN_HITASK_OWNER_PASSWORD"] = "hush-hush"
    code, said = verify(live, "--access", "own", "--clause", "HT-ITEM-01")
    assert code == 2
    assert "authenticate was called: 403" in said
    assert "hush-hush" not in said


def test_the_file_may_hold_all(live: Any, tmp_path: Path) -> None:
    """Address, access, key and people may stand in tasktwin.toml, by `${NAME}` too."""
    facts = live.facts
    os.environ["MAX"] = facts["actors"]["member"]["password"]
    (tmp_path / "tasktwin.toml").write_text(
        f'[hitask]\nbase-url = "{live.url}"\naccess = "own"\n'
        f'api-key = "{facts["api_keys"]["full"]}"\n'
        '[hitask.actors.member]\nlogin = "member"\npassword = "${MAX}"\n'
    )
    words = ["verify", "hitask", "--profile", "quick", "--clause", "HT-ITEM-19"]
    done = CliRunner().invoke(main, words, prog_name="tasktwin")
    assert done.exit_code == 0, done.output
    del os.environ["MAX"]
    done = CliRunner().invoke(main, words, prog_name="tasktwin")
    assert done.exit_code == 2
    assert "hitask.actors.member.password reads the environment's 'MAX'" in done.output
