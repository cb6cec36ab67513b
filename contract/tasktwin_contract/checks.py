"""What holds for every answer, whatever was asked.

Each check is a predicate over one reply; the clause that a failed one breaks stands in
the API's document, under `x-tasktwin-checks` or, for shapes, `x-tasktwin-clause`.
"""

import re
from codecs import lookup
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

import jsonschema
import jsonschema_rs

from tasktwin_contract.forms import asked_types
from tasktwin_contract.reply import DATA_TYPES, Reply
from tasktwin_contract.xmltree import DocumentTypeError, MarkupError
from tasktwin_schemas import errors, openapi, schema
from tasktwin_schemas.document import JSON

ALWAYS_KNOWN = frozenset({405, 408, 411, 413, 414, 415, 416, 417, 429, 431})
BODILESS = frozenset({"HEAD", "OPTIONS"})
OUR_FAULT = frozenset({500, 501, 502, 504})
# A refusal may name the field, with a list of what is wrong with it.
KEY_OF_SECRET = re.compile(rb'"password"\s*:(?!\s*\[)|<password[\s/>]')


@dataclass(frozen=True)
class Violation:
    """A check that failed on one reply."""

    clause: str
    expected: str
    actual: str


Findings = Iterator[tuple[str, str, str]]
"""Name of the check, what it wants, what was there."""


def violations(reply: Reply, secrets: Iterable[str] = ()) -> Iterator[Violation]:
    """What `reply` breaks, which may hold none of these `secrets`.

    A bare one is somebody's file, and may hold anything.
    """
    clauses = openapi(reply.sent.api)["x-tasktwin-checks"]
    checks = (no_server_error,) if reply.sent.bare else CHECKS
    found = [part for check in checks for part in check(reply)]
    if not reply.sent.bare and not reply.is_file:
        found += no_secret(reply, secrets)
    for name, expected, actual in found:
        yield Violation(clauses.get(name, name), expected, actual)


def no_server_error(reply: Reply) -> Findings:
    """Nothing that a client sends makes the server fail."""
    if reply.status in OUR_FAULT:
        yield "server_error", "no status 500, 501, 502 or 504", reply.summary


def known_status(reply: Reply) -> Findings:
    """The status is one that the operation, the whole API or HTTP itself has."""
    operation = reply.sent.operation
    if operation is None or reply.status in ALWAYS_KNOWN | OUR_FAULT:
        return
    everywhere = openapi(reply.sent.api).get("x-tasktwin-statuses", ())
    if reply.status not in operation.answers and reply.status not in everywhere:
        known = ", ".join(map(str, operation.answers))
        yield "status", f"one of the statuses {known}", reply.summary


def known_media_type(reply: Reply) -> Findings:
    """An answer is in the form that was asked for, says so, and can be read."""
    operation, method = reply.sent.operation, reply.sent.request.method
    if operation is None and (reply.status != HTTPStatus.OK or method in BODILESS):
        return
    wanted = asked_types(reply)
    if DATA_TYPES.isdisjoint(wanted):  # a file, which may be of any type
        return
    if reply.is_xml and reply.media_type in wanted:
        yield from _broken_markup(reply)
    elif reply.media_type not in wanted or _is_broken_json(reply):
        shown = f"{reply.media_type}: {reply.summary}"
        yield _form_of(reply), " or ".join(wanted), shown
    if reply.media_type in DATA_TYPES and not _is_charset(reply.charset):
        yield "media_type", "a charset that there is", repr(reply.charset)


def _form_of(reply: Reply) -> str:
    """What is broken by an answer in another form than was asked for."""
    rules = openapi(reply.sent.api)["x-tasktwin-checks"]
    refused = reply.status >= HTTPStatus.BAD_REQUEST and reply.media_type in DATA_TYPES
    return "refusal_type" if refused and "refusal_type" in rules else "media_type"


@cache
def _is_charset(name: str) -> bool:
    try:
        # Python is not strict with what stands around a name.
        return name[-1].isalnum() and bool(lookup(name))
    except LookupError:
        return False


def _is_broken_json(reply: Reply) -> bool:
    return reply.media_type == JSON and not reply.is_data


def _broken_markup(reply: Reply) -> Findings:
    """What keeps an XML body from being read."""
    flaw = reply.markup
    if isinstance(flaw, DocumentTypeError):
        yield "document_type", "XML without a document type", f"{flaw}"
    elif isinstance(flaw, MarkupError):
        yield "well_formed", "well-formed XML", f"{flaw}: {reply.summary}"


def documented_shape(reply: Reply) -> Findings:
    """The body of a known status has its schema, and the headers theirs."""
    operation = reply.sent.operation
    answer = operation.answers.get(reply.status) if operation else None
    if answer is None:
        return
    if answer.schema is not None and not reply.is_file and reply.is_data:
        yield from _broken_parts(answer.schema, reply.data)
    for name, rule in answer.headers.items():
        value = reply.headers.get(name.lower())
        if "x-tasktwin-clause" in rule:
            where = f"header {name}"
            yield from _broken_parts(rule, value, where)


def refusals_are_refusals(reply: Reply) -> Findings:
    """A body that says that it is a refusal does not come with status 200.

    It says so by names, which is not to be told where users choose those.
    """
    if reply.status != 200 or reply.is_file or _has_free_names(reply):
        return
    if not isinstance(_read(reply), dict):
        return
    message = openapi(reply.sent.api)["x-tasktwin-envelope"]["message"]
    if reply.code or reply.data.get(message):
        yield "refused_with_200", "a status other than 200", reply.summary


def refusals_have_the_envelope(reply: Reply) -> Findings:
    """The body of a refusal is the envelope, whatever its status."""
    operation = reply.sent.operation
    if operation is None or reply.status < 400 or reply.status in OUR_FAULT:
        return
    if not reply.is_data:
        yield "envelope", "the error envelope", reply.summary
    elif reply.status not in operation.answers:
        yield from _broken_parts(schema(reply.sent.api, "error"), reply.data)


def published_refusal(reply: Reply) -> Findings:
    """A refusal has a published code, and its message."""
    if reply.status < 400 or not reply.is_data or not isinstance(reply.code, int):
        return
    known = errors(reply.sent.api)
    published = known.get(reply.code)
    if not known:  # the API has no codes of its own
        return
    if published is None:
        yield "code", "a published code", reply.summary
        return
    message = reply.data.get(openapi(reply.sent.api)["x-tasktwin-envelope"]["message"])
    if isinstance(message, str) and not _is_filled(published.template, message):
        yield "message", f"the template {published.template!r}, filled", repr(message)


def _read(reply: Reply) -> Any:
    """What the body says; None where it cannot be read."""
    return reply.data if reply.is_data else None


def no_password(reply: Reply) -> Findings:
    """No password comes back under its name, but where users choose the names."""
    if b"password" not in reply.body or reply.is_file or _has_free_names(reply):
        return
    if KEY_OF_SECRET.search(reply.body):
        yield "secret", "no password in the answer", reply.summary


def _has_free_names(reply: Reply) -> bool:
    operation = reply.sent.operation
    free = openapi(reply.sent.api).get("x-tasktwin-free-names", ())
    return operation is not None and operation.id in free


def no_secret(reply: Reply, secrets: Iterable[str]) -> Findings:
    """None of these is a whole text of the answer."""
    for secret in secrets:
        text = secret.encode()
        if text in reply.body and (
            b'"%b"' % text in reply.body or b">%b<" % text in reply.body
        ):
            yield "secret", "no password in the answer", reply.summary
            return


CHECKS: tuple[Callable[[Reply], Findings], ...] = (
    no_server_error,
    known_status,
    known_media_type,
    documented_shape,
    refusals_are_refusals,
    refusals_have_the_envelope,
    published_refusal,
    no_password,
)


def _broken_parts(rule: dict[str, Any], value: Any, where: str = "answer") -> Findings:
    """Each clause that `value` breaks by not having the shape `rule`."""
    if _fast(id(rule), rule).is_valid(value):
        return
    seen = set()
    found = jsonschema.Draft202012Validator(rule).iter_errors(value)
    for error in (leaf for whole in found for leaf in _leaves(whole)):
        clause = _clause_of(rule, list(error.absolute_schema_path))
        if clause not in seen:
            seen.add(clause)
            place = "".join(f"[{step!r}]" for step in error.absolute_path)
            yield clause, f"{where}{place} as documented", error.message[:400]


def _leaves(error: jsonschema.ValidationError) -> Iterator[jsonschema.ValidationError]:
    """The errors of the alternative that comes nearest, where there are several."""
    branches: dict[Any, list[jsonschema.ValidationError]] = {}
    for part in error.context or ():
        branches.setdefault(part.schema_path[0], []).append(part)
    if not branches:
        yield error
        return
    for part in min(branches.values(), key=len):
        yield from _leaves(part)


_VALIDATORS: dict[int, Any] = {}


def _fast(key: int, rule: dict[str, Any]) -> Any:
    """A quick yes for `rule`, which lives as long as the process."""
    if key not in _VALIDATORS:
        _VALIDATORS[key] = jsonschema_rs.validator_for(
            rule | {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        )
    return _VALIDATORS[key]


def _clause_of(rule: Any, path: list[Any]) -> str:
    """The clause named nearest to the end of a schema path."""
    clause: str = rule.get("x-tasktwin-clause", "media_type")
    for step in path:
        rule = rule[step]
        if isinstance(rule, dict):
            clause = rule.get("x-tasktwin-clause", clause)
    return clause


def _is_filled(template: str, message: str) -> bool:
    """Whether `message` is `template` with something in its places."""
    if "%" in template and message == template:
        return False
    return _filled(template).fullmatch(message) is not None


@cache
def _filled(template: str) -> re.Pattern[str]:
    parts = re.split(r"%[sd]", template)
    return re.compile(
        ".*".join(map(re.escape, parts)).replace(r"\ .*", r"(\ .*)?"), re.DOTALL
    )
