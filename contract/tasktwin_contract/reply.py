"""A reply, and what a test may demand of it."""

import json
from dataclasses import dataclass
from typing import Any, Self

from tasktwin_contract.failures import ClauseBrokenError, NotJudgedError
from tasktwin_contract.wire import Request, Response
from tasktwin_schemas import Operation, openapi

SHOWN = 400


class Object(dict[str, Any]):
    """A JSON object in which an absent key is the same as null."""

    def __missing__(self, key: str) -> None:
        return None


DECODE = json.JSONDecoder(object_pairs_hook=Object).decode
UNREAD, NO_JSON = object(), object()


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
    """What a target answered to one request."""

    def __init__(self, sent: Sent, response: Response) -> None:
        self.sent = sent
        self.status = response.status
        self.headers = response.headers
        self.body = response.body
        self._data: Any = UNREAD

    @property
    def data(self) -> Any:
        """The JSON of the body. Raises `ClauseBrokenError` where it is none."""
        if not self.is_json:
            raise ClauseBrokenError("a JSON body", self.summary)
        return self._data

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON."""
        if self._data is UNREAD:
            try:
                self._data = DECODE(self.body.decode("utf-8-sig"))
            except (ValueError, RecursionError):
                self._data = NO_JSON
        return self._data is not NO_JSON

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
            raise ClauseBrokenError("X-Cursor in decimal digits", repr(text))
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

    def excused(self, status: int | None, code: int | None) -> bool:
        """Whether it may be instead of a refusal with this status and code."""
        return False

    def __getitem__(self, key: str) -> Any:
        if not isinstance(self.data, dict):
            raise ClauseBrokenError("a JSON object", self.summary)
        return self.data[key]

    def expect(self, *statuses: int) -> Self:
        """Demand one of `statuses`."""
        if self.status not in statuses:
            wanted = " or ".join(map(str, statuses))
            raise ClauseBrokenError(f"status {wanted}", self.summary)
        return self

    def refused(self, status: int | None = None, code: int | None = None) -> Self:
        """Demand a refusal, and of this status and with this code where given."""
        if self.excused(status, code):
            return self
        if not 400 <= self.status < 500:
            raise ClauseBrokenError("a refusal (status 4xx)", self.summary)
        if status is not None and self.status != status:
            raise ClauseBrokenError(f"status {status}", self.summary)
        if code is not None and self.code != code:
            raise ClauseBrokenError(f"code {code}", self.summary)
        return self

    def arranged(self) -> Self:
        """Stop the test, blaming nobody, unless this preparation went well."""
        operation = self.sent.operation
        if self.status not in (operation.successes if operation else (200,)):
            name = operation.id if operation else self.sent.request.path
            raise NotJudgedError(f"to prepare it {name} was called: {self.summary}")
        return self
