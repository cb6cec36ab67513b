"""A target that answers with hostile XML fails, and crashes nothing."""

import pytest

from tasktwin_contract.runner import Options, run
from tasktwin_contract.verdicts import Outcome, Result
from tasktwin_mockserver.fivepm import forms
from tasktwin_mockserver.server import MockServer

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


class Silent:
    """A listener that says nothing."""

    def started(self, result: Result, tests: int) -> None:
        """Say nothing."""

    def finished(self, test: str, findings: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers_are_failures(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Clauses are broken by an answer that nobody reads, and no test errs."""
    body = HEAD + HOSTILE[name]
    with MockServer("fivepm") as server:
        url = server.url
        monkeypatch.setattr(forms, "document", lambda data, rule: body)
        options = Options("fivepm", url, profile="quick", seed=1, clauses=CLAUSES)
        result = run(options, Silent())
    assert result.exit_code() == 1
    outcomes = [finding.outcome for finding in result.findings]
    assert Outcome.FAIL in outcomes
    erring = {
        one.message.partition(":")[0]
        for one in result.findings
        if one.outcome is Outcome.ERROR
    }
    assert erring <= {"NotJudgedError"}, "nothing but what could not be prepared"
