"""Files and pictures of accounts on a server that is not ours."""

from typing import Any

import pytest
import requests

from tasktwin_contract.hitask.pictures import picture
from tasktwin_contract.verdicts import Outcome, Result

from .live_server import EVERYBODY, Be, Judge, Left


def outcomes(result: Result, *clauses: str) -> set[Outcome | None]:
    """What became of these clauses."""
    return {result.verdicts()[name].outcome for name in clauses}


def test_files_are_marked_and_removed(
    live: Any, be: Be, judge: Judge, left: Left
) -> None:
    """Files are uploaded under marked names, fetched, and nothing is left of them."""
    be(*EVERYBODY)
    before = live.snapshot()
    names: set[str] = set()

    def look(environ: Any) -> None:
        names.update(file.name for file in live.world.files.values())

    live.faults.append(look)
    clauses = ("HT-FILE-01", "HT-FILE-03", "HT-FILE-05", "HT-FILE-13", "HT-FILE-25")
    result = judge(*clauses)
    assert outcomes(result, *clauses) == {Outcome.PASS}, result.findings
    assert {name[:9] for name in names} == {"tasktwin "}
    assert live.snapshot() == before
    assert left() == []


def test_pictures_of_accounts_are_put_back(live: Any, be: Be, judge: Judge) -> None:
    """With access full pictures are uploaded, and what was drawn before is back."""
    be(*EVERYBODY)
    before = live.snapshot()
    clauses = ("HT-AVATAR-01", "HT-AVATAR-13", "HT-AVATAR-17", "HT-AVATAR-21")
    result = judge(*clauses, access="full")
    assert outcomes(result, *clauses) == {Outcome.PASS}, result.findings
    assert live.snapshot() == before


@pytest.mark.parametrize("access", ["own", "full"])
def test_an_uploaded_picture_is_never_replaced(
    access: str, live: Any, be: Be, judge: Judge
) -> None:
    """A picture that somebody uploaded could not be put back, and so is left alone."""
    be("owner")
    headers = {"x-hi-session": live.facts["actors"]["owner"]["session_id"]}
    sent = picture()
    requests.post(
        f"{live.url}/api/user/picture",
        headers=headers,
        files={"picture": (sent.name, sent.data, sent.media_type)},
        timeout=30,
    ).raise_for_status()
    before = live.snapshot()
    clauses = ("HT-AVATAR-01", "HT-AVATAR-19", "HT-AVATAR-30")
    result = judge(*clauses, access=access)
    assert outcomes(result, *clauses) == {Outcome.SKIP}, result.findings
    assert live.snapshot() == before


def test_nobody_else_is_asked_for_a_file(live: Any, be: Be, judge: Judge) -> None:
    """A url that leads to another host is not followed, and the clause not judged."""
    be("owner")

    def elsewhere(environ: Any) -> Any:
        if environ["PATH_INFO"] != "/api/file/url":
            return None
        body = b'{"content_type": "a/b", "mime_type": "a/b", "url": "http://h.test/a"}'
        return "200 OK", {"Content-Type": "application/json"}, body

    live.faults.append(elsewhere)
    result = judge("HT-FILE-12", "HT-FILE-13")
    assert outcomes(result, "HT-FILE-13") == {Outcome.SKIP}, result.findings
