"""What GSMtasks refuses, and how a refusal looks.

    GSMtasksError
    ├── BadRequestError      400   with a sentence
    ├── FieldsError          400   with sentences for each field
    ├── UnauthorizedError    401   and the challenge
    ├── RequestFailedError   402   nothing wrong with the request, but not now
    ├── ForbiddenError       403   seen, and not allowed
    ├── NotFoundError        404   not there, or not seen
    └── KernelError          what the kernel refuses, with the status of its kind

The statuses are published under Errors at https://gsmtasks.com; sentences are ours.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.refusal import Refusal

Headers = tuple[tuple[str, str], ...]


class GSMtasksError(Exception):
    """A refusal; its argument is the sentence that it tells."""

    status = 400
    headers: Headers = ()

    @property
    def body(self) -> dict[str, Any]:
        """The sentence, as the vendor's framework wraps it."""
        return {"detail": str(self)}


class BadRequestError(GSMtasksError):
    """The request as a whole makes no sense."""


class FieldsError(GSMtasksError):
    """Fields are wrong: each with what is wrong with it."""

    def __init__(self, faults: Mapping[str, list[str]]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults

    @property
    def body(self) -> dict[str, Any]:
        """The fields by their names."""
        return dict(self.faults)


class UnauthorizedError(GSMtasksError):
    """Nobody is known by what the request says of who asks."""

    status = 401
    headers = (("WWW-Authenticate", "Token"),)

    def __init__(self) -> None:
        super().__init__("A known token is needed.")


class RequestFailedError(GSMtasksError):
    """The request is right, and cannot be done as things are."""

    status = 402


class ForbiddenError(GSMtasksError):
    """The caller sees the thing, and may not do this with it."""

    status = 403

    def __init__(self) -> None:
        super().__init__("Only a manager of the account may do this.")


class NotFoundError(GSMtasksError):
    """There is no such thing, or the caller does not see it."""

    status = 404

    def __init__(self) -> None:
        super().__init__("There is nothing here.")


class KernelError(GSMtasksError):
    """A refusal whose status is known only when it happens."""

    def __init__(self, status: int, words: str, headers: Headers = ()) -> None:
        super().__init__(words)
        self.status = status
        self.headers = headers


KERNEL = {
    "path": 404,
    "method": 405,
    "body": 400,
    "object": 400,
    "format": 400,
    "media_type": 415,
    "too_large": 413,
    "insecure": 403,
    "rate": 429,
}
WORDS = {
    "path": "There is nothing here.",
    "method": "This method is not served here.",
    "body": "The body is no JSON.",
    "object": "The body is no JSON object.",
    "format": "The request cannot be read.",
    "media_type": "A body of this media type is not taken here.",
    "too_large": "The body is too large.",
    "insecure": "Only HTTPS is served.",
    "rate": "There are too many requests; wait a little.",
}
FAILED = "Something went wrong in the mock itself."
LONGEST = 200
# What a status usually comes with.
FAULTS = {
    KERNEL[kind]: WORDS[kind] for kind in ("path", "method", "media_type", "rate")
}
FAULTS |= {413: WORDS["too_large"], 500: FAILED}
WHOLE = ("body", "query or form")
"""What the kernel calls the parts of a request that are no fields."""


def refuse(problem: Exception, request: Request) -> Answer | None:
    """The body of a refusal; None for what is none."""
    if isinstance(problem, Refusal):
        problem = _from_kernel(problem)
    if not isinstance(problem, GSMtasksError):
        return None
    return Answer(problem.body, status=problem.status, headers=problem.headers)


def crash(request: Request) -> Answer:
    """The body of an error in the mock itself."""
    return Answer(
        {"detail": FAILED},
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
    )


def fault(status: int, code: int | None, request: Request) -> Answer:
    """The body of a refusal that a script asks for; the API has no codes."""
    headers = UnauthorizedError.headers if status == UnauthorizedError.status else ()
    return Answer(
        {"detail": FAULTS.get(status, "A script asks for this.")},
        status=status,
        headers=headers,
    )


def _from_kernel(refusal: Refusal) -> GSMtasksError:
    is_field = refusal.kind not in KERNEL or refusal.kind == "format"
    if is_field and refusal.parameter not in WHOLE:
        return FieldsError({one.parameter: [_words(one)] for one in refusal.faults})
    return KernelError(KERNEL[refusal.kind], WORDS[refusal.kind], _headers(refusal))


def _headers(refusal: Refusal) -> Headers:
    allowed = refusal.details.get("allowed")
    if isinstance(allowed, list):
        return (("Allow", ", ".join(allowed)),)
    if "retry_after" in refusal.details:
        return (("Retry-After", str(refusal.details["retry_after"])),)
    return ()


def _words(refusal: Refusal) -> str:
    """What is wrong with one field."""
    details = refusal.details
    if refusal.kind == "missing" and "where" not in details:
        return "This is required."
    wrong = details.get("wrong") or details.get("expected") or "another value expected"
    words = f"{details.get('where', '')} {wrong}".strip()
    return words if len(words) <= LONGEST else f"{words[:LONGEST]} …"
