"""A reply, and what a test may demand of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from functools import cached_property, lru_cache
from typing import Any, Self

from tasktwin_contract.clauses import rest
from tasktwin_contract.failures import ClauseBrokenError, NotJudgedError
from tasktwin_contract.wire import Request, Response
from tasktwin_contract.xmldata import typed
from tasktwin_contract.xmltree import Element, MarkupError, parse
from tasktwin_schemas import Operation, openapi, schema
from tasktwin_schemas.document import JSON

SHOWN = 400
FIRST_REFUSAL = 400


class Object(dict[str, Any]):
    """An object in which an absent key is the same as null."""

    def __missing__(self, key: str) -> None:
        return None


def _no_number(name: str) -> Any:
    """Refuse what Python would read as a number, and JSON has none for."""
    raise ValueError(name)


DECODE = json.JSONDecoder(object_pairs_hook=Object, parse_constant=_no_number).decode
UNREAD, NO_DATA = object(), object()
XML_TYPES = frozenset({"application/xml", "text/xml"})
DATA_TYPES = XML_TYPES | {JSON}
ANYTHING = "*/*"


@lru_cache(maxsize=64)
def _bare(kind: str) -> str:
    return kind.partition(";")[0].strip().lower()


@lru_cache(maxsize=64)
def _charset(kind: str) -> str:
    options = Message()
    options["content-type"] = kind
    return options.get_content_charset() or "utf-8"


@dataclass(frozen=True)
class Sent:
    """A request with what the suite knows of it: who sent it, for which operation.

    The answer to a `bare` one is no answer of the API's: it may be of any kind.
    """

    request: Request
    operation: Operation | None
    actor: str | None
    api: str
    bare: bool = False


class Reply:
    """What a target answered to one request.

    `media_type` is what it says that its body is, without options; `none` if nothing.
    """

    def __init__(self, sent: Sent, response: Response) -> None:
        self.sent = sent
        self.status = response.status
        self.headers = response.headers
        self.body = response.body
        self.media_type = _bare(response.headers.get("content-type", "none"))
        self._data: Any = UNREAD

    @property
    def charset(self) -> str:
        """The encoding that the answer says it has; UTF-8 if it says nothing."""
        return _charset(self.headers.get("content-type", ""))

    @property
    def data(self) -> Any:
        """What the body says, the same whether it is JSON or XML.

        XML has the types of the document's schema for this answer. Raises
        `ClauseBrokenError` where the body cannot be read.
        """
        if not self.is_data:
            form = "an XML" if self.is_xml else "a JSON"
            raise self.broken(f"{form} body")
        return self._data

    @property
    def is_data(self) -> bool:
        """Whether the body can be read: XML where it is said to be, or else JSON."""
        if self._data is UNREAD:
            self._data = self._from_xml() if self.is_xml else self._from_json()
        return self._data is not NO_DATA

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON, and not said to be XML."""
        return not self.is_xml and self.is_data

    @property
    def is_file(self) -> bool:
        """Whether it is what the document has for this status, and that is no data."""
        operation = self.sent.operation
        answer = operation.answers.get(self.status) if operation else None
        known = answer.media_types if answer else ()
        if ANYTHING in known:
            return True
        return self.media_type in known and self.media_type not in DATA_TYPES

    @property
    def is_xml(self) -> bool:
        """Whether the body is said to be XML."""
        return self.media_type in XML_TYPES

    @property
    def attributes(self) -> Mapping[str, str]:
        """Those of the root of an XML body. Raises `ClauseBrokenError`."""
        if isinstance(self.markup, MarkupError):
            raise self.broken("an XML body", f"{self.markup}: {self.summary}")
        return self.markup.attributes

    @cached_property
    def markup(self) -> Element | MarkupError:
        """The root of an XML body, or why it is none."""
        try:
            return parse(self.body)
        except MarkupError as error:
            return error

    def _from_json(self) -> Any:
        try:
            return DECODE(self.body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return NO_DATA

    def _from_xml(self) -> Any:
        operation = self.sent.operation
        answer = operation.answers.get(self.status) if operation else None
        rule = (answer.schema if answer else None) or {}
        if not rule and self.status >= FIRST_REFUSAL:
            rule = schema(self.sent.api, "error")
        root = self.markup
        return NO_DATA if isinstance(root, MarkupError) else typed(root, rule, Object)

    @property
    def code(self) -> Any:
        """The API's own code in the envelope; None where there is none."""
        key = openapi(self.sent.api)["x-tasktwin-envelope"].get("code")
        return self.data.get(key) if isinstance(self.data, dict) else None

    @property
    def cursor(self) -> int:
        """The cursor of a list. Raises `ClauseBrokenError` where there is none."""
        text = self.headers.get("x-cursor", "")
        if not (text.isascii() and text.isdigit()):
            raise self.broken("X-Cursor in decimal digits", repr(text))
        return int(text)

    @property
    def summary(self) -> str:
        """Status and body in a line."""
        text = self.shown()
        dots = "…" if len(text) > SHOWN else ""
        return f"{self.status} {text[:SHOWN]}{dots}".strip()

    def shown(self) -> str:
        """The start of the body as a reader may see it."""
        return self.body[: SHOWN + 1].decode(errors="backslashreplace")

    def broken(self, expected: str, actual: str = "") -> ClauseBrokenError:
        """What to raise where this is not as expected."""
        error = ClauseBrokenError(expected, actual or self.summary)
        operation = self.sent.operation
        rest(error, operation.stated_by if operation else None)
        return error

    def excused(self, status: int | None, code: int | None) -> bool:
        """Whether it may be instead of a refusal with this status and code."""
        return False

    def __getitem__(self, key: str) -> Any:
        if not isinstance(self.data, dict):
            raise self.broken("an object")
        return self.data[key]

    def expect(self, *statuses: int) -> Self:
        """Demand one of `statuses`."""
        if self.status not in statuses:
            wanted = " or ".join(map(str, statuses))
            raise self.broken(f"status {wanted}")
        return self

    def refused(self, status: int | None = None, code: int | None = None) -> Self:
        """Demand a refusal, and of this status and with this code where given."""
        if self.excused(status, code):
            return self
        if not 400 <= self.status < 500:
            raise self.broken("a refusal (status 4xx)")
        if status is not None and self.status != status:
            raise self.broken(f"status {status}")
        if code is not None and self.code != code:
            raise self.broken(f"code {code}")
        return self

    def arranged(self) -> Self:
        """Stop the test, blaming nobody, unless this preparation went well."""
        operation = self.sent.operation
        if self.status not in (operation.successes if operation else (200,)):
            name = operation.id if operation else self.sent.request.path
            raise NotJudgedError(f"to prepare it {name} was called: {self.summary}")
        return self
