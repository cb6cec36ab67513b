"""What 5pm refuses, and how a refusal looks.

    FivePmError
    ├── InvalidError             400   a parameter is missing, or is none
    ├── UnauthenticatedError     401   nobody is known to ask
    ├── ForbiddenError           403   there, and not allowed
    ├── NotFoundError            404   not there, or not to be seen
    └── KernelError              what the kernel refuses

http://www.5pmweb.com publishes that the codes are those of HTTP.
"""

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.fivepm.forms import render, wants_json
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.violations import OutsideError
from tasktwin_schemas import schema

ENVELOPE = schema("fivepm", "error")


class FivePmError(Exception):
    """A refusal; its argument says in words what was wrong."""

    status = 400
    headers: tuple[tuple[str, str], ...] = ()


class InvalidError(FivePmError):
    """A parameter is missing, or has a value that it may not have."""


class UnauthenticatedError(FivePmError):
    """The request does not say who asks, or says it wrongly."""

    status = 401


class ForbiddenError(FivePmError):
    """The caller sees it, and may not do this to it."""

    status = 403


class NotFoundError(FivePmError):
    """It is not there, or the caller may not know that it is."""

    status = 404


class KernelError(FivePmError):
    """What the kernel refuses, before an operation is reached."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(_sentence(refusal))
        self.status = STATUSES.get(refusal.kind, 400)
        details = refusal.details
        if isinstance(details.get("allowed"), list):
            allowed = details["allowed"]
            self.headers = (("Allow", ", ".join(map(str, allowed))),)  # type: ignore[call-overload]
        if "retry_after" in details:
            self.headers = (("Retry-After", str(details["retry_after"])),)


STATUSES = {
    "path": 404,
    "method": 405,
    "media_type": 415,
    "too_large": 413,
    "insecure": 403,
    "rate": 429,
}
SENTENCES = {
    "path": "There is no such controller or action.",
    "method": "This is not served by that method.",
    "media_type": "Parameters come in the query or in a form.",
    "too_large": "The request is too large.",
    "insecure": "Plain HTTP is not served.",
    "rate": "There were too many requests.",
}
FAILED = "The mock failed."
# What a status usually comes with.
FAULTS = {STATUSES[kind]: SENTENCES[kind] for kind in STATUSES if kind != "insecure"}
FAULTS |= {500: FAILED}


def refuse(problem: Exception, request: Request) -> Answer | None:
    """The envelope of a refusal; None for what is none."""
    if isinstance(problem, Refusal):
        problem = KernelError(problem)
    if not isinstance(problem, FivePmError):
        return None
    return _envelope(request, problem.status, str(problem), problem.headers)


def crash(request: Request) -> Answer:
    """The envelope of an error in the mock itself."""
    return _envelope(request, 500, FAILED)


def fault(status: int, code: int | None, request: Request) -> Answer:
    """The envelope of a refusal that a script asks for; its code is the status."""
    return _envelope(request, status, FAULTS.get(status, "A script asks for this."))


def _envelope(
    request: Request,
    status: int,
    words: str,
    headers: tuple[tuple[str, str], ...] = (),
) -> Answer:
    data = {"status": "fail", "error": words, "code": status}
    return render(data, ENVELOPE, status, headers, as_json=wants_json(request))


def _sentence(refusal: Refusal) -> str:
    if refusal.kind in SENTENCES:
        return SENTENCES[refusal.kind]
    if isinstance(refusal, OutsideError):
        return f"The request is {refusal.details['expected']}."
    if refusal.kind == "missing":
        return f"{refusal.parameter} is missing."
    return f"{refusal.parameter or 'The request'} is not as it should be."
