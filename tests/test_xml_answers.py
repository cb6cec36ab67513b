"""What the suite makes of answers in XML: data, or a broken clause, never a crash."""

import pytest

from tasktwin_contract.checks import violations
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.reply import Reply, Sent
from tasktwin_contract.wire import Pairs, Request, Response
from tasktwin_schemas import operations

XML, JSON = "application/xml; charset=utf-8", "application/json"
OK = '<response status="ok"><items count="1" total="1">{}</items></response>'
GROUP = OK.format("<group><id>7</id><name>&lt;b&gt;</name></group>")
NO = '<response status="fail"><error>No.</error><code>{}</code></response>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "b">]><response status="ok">&a;</response>'
GROUPS = "projectsgroupsGetAll"


def answered(
    body: str | bytes,
    kind: str = XML,
    *,
    status: int = 200,
    name: str = GROUPS,
    query: Pairs = (),
    form: Pairs = (),
) -> Reply:
    """A reply to an operation, called with these parameters."""
    operation = operations("fivepm")[name]
    headers = (("Content-Type", "application/x-www-form-urlencoded"),) if form else ()
    sent = "&".join(f"{key}={value}" for key, value in form).encode()
    request = Request(operation.method, operation.path, query, headers, sent)
    response = Response(
        status,
        {"content-type": kind},
        body if isinstance(body, bytes) else body.encode(),
    )
    return Reply(Sent(request, operation, "admin", "fivepm"), response)


def broken(reply: Reply) -> set[str]:
    """The clauses that the checks of every answer find broken."""
    return {violation.clause for violation in violations(reply)}


def test_an_xml_answer_is_data() -> None:
    """A test sees what JSON would have said, and breaks no clause."""
    reply = answered(GROUP)
    assert reply["items"] == [{"id": "7", "name": "<b>"}]
    assert (reply["count"], reply.attributes) == (1, {"status": "ok"})
    assert broken(reply) == set()


@pytest.mark.parametrize("kind", [XML, JSON])
@pytest.mark.parametrize(
    ("charset", "right"),
    [("utf-8", True), ('"UTF-8"', True), ("utf-8-", False), ("", True)],
)
def test_a_charset_has_to_be_one(kind: str, charset: str, right: bool) -> None:
    """An answer that names an encoding names one that there is."""
    name = f"{kind.partition(';')[0]}; charset={charset}"
    query = (("retType", "json"),) if kind == JSON else ()
    body = '{"list": [], "count": 0, "total": 0, "items": []}'
    reply = answered(body if query else GROUP, name, query=query)
    assert ("FP-FORM-01" in broken(reply)) is not right


def test_an_absent_key_is_null_in_xml_too() -> None:
    """An object from XML has null for what is not there, as one from JSON."""
    assert answered(GROUP).data["items"][0]["nothing"] is None


@pytest.mark.parametrize("status", [400, 404, 405, 413])
def test_a_refusal_in_xml_is_data(status: int) -> None:
    """A refusal is read by the envelope's schema, one that HTTP gives too."""
    reply = answered(NO.format(status), status=status)
    assert reply.code == status
    assert reply.refused(status)["error"] == "No."
    assert broken(reply) == set()


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        ("", "FP-FORM-02"),
        ("hello", "FP-FORM-02"),
        ("<response>", "FP-FORM-02"),
        (GROUP[:-5], "FP-FORM-02"),
        (GROUP.encode("utf-16"), "FP-FORM-02"),
        (b"<response>\xff</response>", "FP-FORM-02"),
        ("<a>" * 10_000, "FP-FORM-02"),
        (LAUGHS, "FP-FORM-03"),
        ('<!DOCTYPE r SYSTEM "http://localhost:1/"><r/>', "FP-FORM-03"),
    ],
)
def test_what_cannot_be_read_is_a_broken_clause(body: str | bytes, clause: str) -> None:
    """It is a clause broken by the target; what asks for the data says so too."""
    reply = answered(body)
    assert clause in broken(reply)
    assert not reply.is_data
    with pytest.raises(ClauseBrokenError, match="an XML body"):
        reply["items"]
    with pytest.raises(ClauseBrokenError, match="an XML body"):
        assert reply.attributes


@pytest.mark.parametrize(
    ("inside", "clause"),
    [
        ("<group><id>x</id><name>a</name></group>", "FP-VALUE-01"),
        ("<group><id>7</id></group>", "FP-GROUP-01"),
        ("<group>7</group>", "FP-GROUP-01"),
        ("<project><id>7</id><name>a</name></project>", "FP-GROUP-01"),
        ("words", "FP-LIST-01"),
    ],
)
def test_wrong_shapes_break_their_clauses(inside: str, clause: str) -> None:
    """The schema holds for XML as it does for JSON."""
    assert broken(answered(OK.format(inside))) == {clause}


def test_a_refusal_with_200() -> None:
    """An envelope in XML with status 200 is no success."""
    assert "FP-ERROR-05" in broken(answered(NO.format(404)))


@pytest.mark.parametrize("name", ["password", "password nil='1'"])
def test_a_password_in_xml(name: str) -> None:
    """A password in an element is one that came back."""
    tag = name.partition(" ")[0]
    group = f"<group><id>7</id><name>a</name><{name}>x</{tag}></group>"
    assert broken(answered(OK.format(group))) == {"FP-USER-07"}


ASKED: list[tuple[Pairs, Pairs, str]] = [
    ((), (), XML),
    ((("retType", "xml"),), (), XML),
    ((("retType", "json"),), (), JSON),
    ((("retType", "json"), ("retType", "xml")), (), XML),
    ((), (("retType", "json"),), JSON),
    ((("retType", "json"),), (("retType", "xml"),), XML),
    ((("retType", "JSON"),), (), XML),
]


@pytest.mark.parametrize(("query", "form", "kind"), ASKED)
def test_the_form_that_was_asked_for(query: Pairs, form: Pairs, kind: str) -> None:
    """An answer is in the form that its request asked for; another breaks a clause."""
    bodies = {
        XML: NO.format(400),
        JSON: '{"status": "fail", "error": "No.", "code": 400}',
    }
    for given, body in bodies.items():
        reply = answered(
            body, given, status=400, name="projectsAdd", query=query, form=form
        )
        assert broken(reply) == (set() if given == kind else {"FP-FORM-16"})
        done = answered(body, given, name="projectsAdd", query=query, form=form)
        assert ("FP-FORM-01" in broken(done)) is (given != kind)


def test_files_hold_anything() -> None:
    """The bytes of a file are nobody's data, even where they look like some."""
    for body in (b'{"error": 1, "password": 1}', b"\xff<!DOCTYPE x>", b""):
        reply = answered(body, "application/octet-stream", name="activityDownloadFile")
        reply.headers = {**reply.headers, "content-disposition": "attachment; x"}
        assert broken(reply) == set()
        reply.headers = {"content-type": "application/octet-stream"}
        assert broken(reply) == {"FP-FILE-10"}
