"""Requests as they come in, and an operation that reads them."""

from werkzeug.test import EnvironBuilder

from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.parameters import ParameterReader
from tasktwin_schemas import operations

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
UPDATE = ParameterReader(operations("hitask")["updateItem"])


def request_of(query: str = "", kind: str | None = None, body: bytes = b"") -> Request:
    """A request with that query and that body."""
    builder = EnvironBuilder(query_string=query, data=body, content_type=kind)
    request = Request(builder.get_environ())
    request.read(10**6)
    return request
