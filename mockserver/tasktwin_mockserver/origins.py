"""What is told to browsers before they let a page of another origin ask."""

from http import HTTPStatus

import msgspec

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.exchange import Request

SECONDS = "600"


def options(methods: list[str]) -> Answer:
    """The answer to OPTIONS where these methods are served."""
    allowed = ("Allow", ", ".join([*methods, "OPTIONS"]))
    return Answer(body=b"", status=HTTPStatus.NO_CONTENT, headers=(allowed,))


def preflight(request: Request) -> Answer | None:
    """Leave to ask, if it is that what `request` asks for."""
    origin = request.header("ORIGIN")
    method = request.header("ACCESS_CONTROL_REQUEST_METHOD")
    if request.method != "OPTIONS" or origin is None or method is None:
        return None
    headers = request.header("ACCESS_CONTROL_REQUEST_HEADERS")
    leave = (
        ("Access-Control-Allow-Methods", method),
        *([("Access-Control-Allow-Headers", headers)] if headers else []),
        ("Access-Control-Max-Age", SECONDS),
    )
    return Answer(
        body=b"", status=HTTPStatus.NO_CONTENT, headers=(*_shared(origin), *leave)
    )


def opened(answer: Answer, request: Request) -> Answer:
    """`answer` so that the page that asked may read all of it."""
    origin = request.header("ORIGIN")
    if origin is None:
        return answer
    names = ", ".join(name for name, _ in answer.headers)
    exposed = [("Access-Control-Expose-Headers", names)] if names else []
    return msgspec.structs.replace(
        answer, headers=(*answer.headers, *_shared(origin), *exposed)
    )


def _shared(origin: str) -> tuple[tuple[str, str], ...]:
    """Cookies are sent, too, for which a browser wants the very origin."""
    return (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Origin"),
    )
