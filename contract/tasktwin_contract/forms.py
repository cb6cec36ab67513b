"""The form in which an answer has to come: what its request asked for."""

from collections.abc import Iterator
from functools import cache
from urllib.parse import parse_qsl

from tasktwin_contract.reply import Reply
from tasktwin_contract.wire import Request
from tasktwin_schemas import Operation, operations
from tasktwin_schemas.document import JSON, Answer, Parameter

FORM = "application/x-www-form-urlencoded"


def asked_types(reply: Reply) -> tuple[str, ...]:
    """The media types of which the answer may be one.

    Of several that the document has, it is the one that a parameter asked for, where
    the operation has such a parameter and it can be told what was sent.
    """
    operation = reply.sent.operation
    if operation is None:
        return (JSON,)
    answer = operation.answers.get(reply.status) or _refusal(operation)
    known = answer.media_types if answer and answer.media_types else (JSON,)
    if len(known) == 1:
        return known
    parameter = _chooser(reply.sent.api, operation.id)
    asked = _chosen(reply.sent.request, parameter) if parameter else None
    return (asked,) if asked in known else known


def _refusal(operation: Operation) -> Answer | None:
    """A refusal of the operation, whose form all others have as well."""
    refusals = (one for status, one in operation.answers.items() if status >= 400)
    return next(refusals, None)


@cache
def _chooser(api: str, operation_id: str) -> Parameter | None:
    """The parameter that asks for a form, if there is one."""
    parameters = operations(api)[operation_id].parameters.values()
    return next((one for one in parameters if one.forms), None)


def _chosen(request: Request, parameter: Parameter) -> str | None:
    """The media type that a request asks for; None where nobody can tell."""
    if parameter.name.encode() in request.body and not _is_form(request):
        return None
    usual = str(parameter.schema.get("default"))
    value = (usual, *_pairs(request, parameter.name))[-1]
    return parameter.forms.get(value, parameter.forms.get(usual))


def _pairs(request: Request, name: str) -> Iterator[str]:
    """What a request says of a parameter; a form comes after the query."""
    for key, value in request.query:
        if key == name:
            text = value if isinstance(value, str) else value.decode(errors="replace")
            yield text
    if name.encode() in request.body and _is_form(request):
        body = request.body.decode(errors="replace")
        yield from (
            v for key, v in parse_qsl(body, keep_blank_values=True) if key == name
        )


def _is_form(request: Request) -> bool:
    kinds = (value for key, value in request.headers if key.lower() == "content-type")
    return any(value.partition(";")[0].strip().lower() == FORM for value in kinds)
