"""Servers that are not ours: no credential of theirs is shown."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from .judgement import repeated
from .live_server import Be, Judge, failing, verify

ODD = "p'a\"s s$w&o\\rd%41é"


def test_no_credential_is_shown(
    live: Any, be: Be, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No password, key, login or session is in what is printed or written."""
    users = live.world.users
    owner = next(user for user in users.values() if user.login == "owner")
    users.put(msgspec.structs.replace(owner, password=ODD, login="olive.owens"))
    be("owner", "member")
    monkeypatch.setenv("TASKTWIN_HITASK_OWNER_LOGIN", "olive.owens")
    monkeypatch.setenv("TASKTWIN_HITASK_OWNER_PASSWORD", ODD)
    live.faults.append(failing("DELETE", "/api/item/", "200 OK"))
    live.faults.append(failing("GET", "/api/user/logout", "400 Bad"))
    clauses = ["HT-ITEM-19", "HT-SESSION-01", "HT-SESSION-20", "HT-PARAM-18"]
    words = [word for name in clauses for word in ("--clause", name)]
    code, said = verify(live, "--access", "own", *words, "--report", "json=r.json")
    assert code == 1, said
    shown = said + (tmp_path / "r.json").read_text()
    shown += json.dumps(json.loads((tmp_path / "r.json").read_text()), indent=0)
    secrets = [ODD, "olive.owens", live.facts["api_keys"]["full"], "member-password"]
    secrets += [json.dumps(ODD), quote(ODD), "%27a%22"]
    secrets += [session.id for session in live.world.sessions.values()]
    assert [secret for secret in secrets if secret in shown] == []
    assert "$OWNER_SESSION" in shown


def test_the_shell_lines_work(live: Any, be: Be, judge: Judge) -> None:
    """The lines of a failure repeat it, credentials read from the environment."""
    be("owner")
    wrong = failing("PUT", "/api/item", "400 Bad Request")
    live.faults.append(wrong)
    (failure,) = judge("HT-ITEM-11").verdicts()["HT-ITEM-11"].failures
    done = repeated(failure.calls)
    assert '"response_status": 100' in done.stdout, done.stderr
    assert '"title":"prepared"' in done.stdout
