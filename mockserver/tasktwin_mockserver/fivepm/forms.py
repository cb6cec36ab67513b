"""The two forms of an answer: XML, unless JSON was asked for."""

from typing import Any
from urllib.parse import parse_qsl

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.fivepm.markup import document
from tasktwin_mockserver.refusal import Refusal

FORM = "retType"
JSON = "json"
MEDIA_TYPE = "application/xml; charset=utf-8"


def wants_json(request: Request) -> bool:
    """Whether `request` asks for JSON, however broken it is otherwise."""
    try:
        asked = request.values.get(FORM)
    except Refusal:
        asked = _in_query(request.environ.get("QUERY_STRING", ""))
    return asked == JSON


def _in_query(query: str) -> str | None:
    return dict(parse_qsl(query, errors="replace")).get(FORM)


def render(
    data: dict[str, Any],
    rule: dict[str, Any],
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (),
    *,
    as_json: bool,
) -> Answer:
    """`data`, which have the schema `rule`, as JSON or as XML."""
    if as_json:
        return Answer(data, status=status, headers=headers)
    body = document(data, rule)
    return Answer(body=body, status=status, headers=headers, media_type=MEDIA_TYPE)
