"""An answer as HTTP sends it."""

from http import HTTPStatus

import msgspec
from msgspec.structs import replace
from werkzeug.http import dump_cookie

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.mishaps import first_part

STATUS_LINES = {
    status.value: f"{status.value} {status.phrase}" for status in HTTPStatus
}
encode = msgspec.json.Encoder().encode


def encoded(answer: Answer) -> Answer:
    """`answer` with a body."""
    if answer.body is not None:
        return answer
    return replace(answer, body=encode(answer.data))


def status_line(status: int) -> str:
    """The status with its phrase; a script may ask for one that has none."""
    return STATUS_LINES.get(status) or f"{status} Unknown"


def rendered(request: Request, answer: Answer) -> tuple[list[tuple[str, str]], bytes]:
    """The headers that `answer`, which is encoded, is sent with, and its body.

    Where the connection is to break that is a part of it.
    """
    body = answer.body or b""
    headers = [
        *answer.headers,
        *(_cookie(name, value, request.prefix) for name, value in answer.cookies),
    ]
    if answer.status != HTTPStatus.NO_CONTENT:
        headers += [
            ("Content-Type", answer.media_type),
            ("Content-Length", str(len(body))),
        ]
    if request.method == "HEAD":
        return headers, b""
    return headers, first_part(body, answer.reset)


def _cookie(name: str, value: str, prefix: str) -> tuple[str, str]:
    text = dump_cookie(
        name, value, path=f"{prefix}/", httponly=True, samesite="Lax", max_size=0
    )
    return "Set-Cookie", text
