"""A target that answers with hostile XML fails, and crashes nothing."""

import pytest

from tasktwin_contract.verdicts import Outcome
from tasktwin_mockserver.fivepm import forms
from tasktwin_mockserver.server import MockServer

from .judgement import judged

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
HOSTILE = {
    "a document type": b'<!DOCTYPE r [<!ENTITY a "aaaa">]><response>&a;</response>',
    "an entity from elsewhere": (
        b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><response>&a;</response>'
    ),
    "depth": b"<response>" * 2_000 + b"</response>" * 2_000,
    "no UTF-8": b'<response status="\xff\xfe"/>',
    "nothing": b"",
    "other things": b'<response><items count="x"><user>text</user></items></response>',
}
CLAUSES = ("FP-FORM-03", "FP-PROJECT-03", "FP-PROJECT-09")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers_are_failures(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Clauses are broken by an answer that nobody reads, and no test errs."""
    body = HEAD + HOSTILE[name]
    with MockServer("fivepm") as server:
        monkeypatch.setattr(forms, "document", lambda data, rule: body)
        result = judged(server.url, *CLAUSES, api="fivepm")
    assert result.exit_code() == 1
    outcomes = [finding.outcome for finding in result.findings]
    assert Outcome.FAIL in outcomes
    erring = {
        one.message.partition(":")[0]
        for one in result.findings
        if one.outcome is Outcome.ERROR
    }
    assert erring <= {"NotJudgedError"}, "nothing but what could not be prepared"
