"""What HiTask refuses, and how a refusal looks.

    HiTaskError
    ├── NotFoundError             404/1   not there, or not visible
    ├── NoPermissionsError        403/3   visible, and not allowed
    ├── MissingError              400/4
    ├── WrongFormatError          400/5
    ├── InvalidDataError          400/6
    ├── SessionNotFoundError      401/7
    ├── InvalidApiKeyError        401/8
    ├── VersionTooLowError        400/9
    ├── StaleObjectError          400/10
    ├── NoLicenseError            400/12
    ├── SelfContactError          400/14
    ├── ContactExistsError        400/15
    ├── AlreadyMemberError        412/16
    ├── LoginTakenError           400/21
    ├── EmailRegisteredError      400/22
    ├── ParticipantError          400/24
    ├── NotAllowedError           403/17
    ├── NoTeamError               403/33
    ├── ExceededSizeError         400/25
    ├── CropError                 400/34
    ├── RecurringIntervalError    400/47
    ├── AccountTerminatedError    403/48
    ├── ReadOnlyKeyError          403/54
    ├── AccountExpiredError       403/69
    ├── TeamTerminatedError       403/72
    ├── ParentNotSharedError      400/73
    ├── ParentEntryError          400/74
    ├── AssigneeAccessError       400/75
    ├── OwnerPermissionError      400/76
    ├── DowngradeError            400/77
    ├── RemovedAssigneeError      400/78
    ├── AlreadyInvitedError       412/79
    ├── ShortNameUsedError        400/80
    ├── PictureTooSmallError      400/88
    ├── WrongPreferencesError     400/102
    ├── OneOfMandatoryError       400/104
    ├── ItemLimitError            507/20
    └── PublishedError            what the kernel refuses, with its code of the contract

https://hitask.com publishes the codes and the templates of their messages; they stand
in the contract's `errors.json`.
"""

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.refusal import Refusal
from tasktwin_schemas import errors

PUBLISHED = errors("hitask")
INTERNAL = 100
BAD_REQUEST, NOT_FOUND = 400, 404


class HiTaskError(Exception):
    """A refusal; its arguments fill the published template of its code."""

    status = 400
    code = INTERNAL

    def __init__(
        self, *words: object, headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(*words)
        self.headers = headers

    @property
    def message(self) -> str:
        """The published template, filled; what no word is given for stays empty."""
        template = PUBLISHED[self.code].template
        places = template.count("%")
        words = (*self.args, *[""] * places)[:places]
        return (template % words).strip()


class NotFoundError(HiTaskError):
    """There is no such thing, or the caller does not see it."""

    status = 404
    code = 1


class NoPermissionsError(HiTaskError):
    """The caller sees the thing, and may not do this with it."""

    status = 403
    code = 3


class MissingError(HiTaskError):
    """Something that has to be there is not."""

    code = 4


class WrongFormatError(HiTaskError):
    """What was sent is of another format than it has to be."""

    code = 5


class InvalidDataError(HiTaskError):
    """A parameter can be read, and makes no sense here."""

    code = 6


class SessionNotFoundError(HiTaskError):
    """There is no session, it has ended, or it has expired."""

    status = 401
    code = 7


class InvalidApiKeyError(HiTaskError):
    """The API key is missing or unknown."""

    status = 401
    code = 8


class WrongLoginError(InvalidDataError):
    """There is no user of that login with that password."""

    status = 403


class VersionTooLowError(HiTaskError):
    """The API never had that version, or has it no more."""

    code = 9


class StaleObjectError(HiTaskError):
    """The caller holds an older version of the object."""

    code = 10


class NoLicenseError(HiTaskError):
    """The team has as many members and invited people as it may have."""

    code = 12


class SelfContactError(HiTaskError):
    """Nobody is their own contact."""

    code = 14


class ContactExistsError(HiTaskError):
    """The caller knows that person already."""

    code = 15


class AlreadyMemberError(HiTaskError):
    """That person is a member of a team."""

    status = 412
    code = 16


class LoginTakenError(HiTaskError):
    """Another user has that login."""

    code = 21


class EmailRegisteredError(HiTaskError):
    """Another user has that e-mail."""

    code = 22


class ParticipantError(HiTaskError):
    """There is no such user to take part."""

    code = 24


class ExceededSizeError(HiTaskError):
    """There is more of something than there may be."""

    code = 25


class CropError(HiTaskError):
    """What is to be cut out of a picture is no square in it."""

    code = 34


class RecurringIntervalError(HiTaskError):
    """The interval is out of the bounds of its kind of recurrence."""

    code = 47


class AccountTerminatedError(HiTaskError):
    """The caller's account was closed."""

    status = 403
    code = 48


class ReadOnlyKeyError(HiTaskError):
    """The API key by which the caller signed in is for reading alone."""

    status = 403
    code = 54


class AccountExpiredError(HiTaskError):
    """The subscription of the caller's account has run out."""

    status = 403
    code = 69


class TeamTerminatedError(HiTaskError):
    """The caller's team was closed."""

    status = 403
    code = 72


class NotAllowedError(HiTaskError):
    """Nobody may do this with that thing."""

    status = 403
    code = 17


class NoTeamError(HiTaskError):
    """The caller belongs to no team."""

    status = 403
    code = 33


class ParentNotSharedError(HiTaskError):
    """A principal is added whom the parent gives no access."""

    code = 73


class ParentEntryError(HiTaskError):
    """An entry goes that the parent has."""

    code = 74


class AssigneeAccessError(HiTaskError):
    """Somebody is to work on an item whose parent gives them no access."""

    code = 75


class OwnerPermissionError(HiTaskError):
    """The owner's entry must keep its level."""

    code = 76


class DowngradeError(HiTaskError):
    """An entry is lower than what the parent gives its principal."""

    code = 77


class RemovedAssigneeError(HiTaskError):
    """The assignee, or a participant, would lose all access."""

    code = 78


class AlreadyInvitedError(HiTaskError):
    """That person is invited to the team."""

    status = 412
    code = 79


class ShortNameUsedError(HiTaskError):
    """Another project of the team has that short name."""

    code = 80


class PictureTooSmallError(HiTaskError):
    """An edge of the picture, or of what is cut out of it, is too short."""

    code = 88


class WrongPreferencesError(HiTaskError):
    """What was sent is no dictionary of preferences."""

    code = 102


class OneOfMandatoryError(HiTaskError):
    """None of some parameters was sent, and one has to be."""

    code = 104


class ItemLimitError(HiTaskError):
    """The account has as many items as it may have."""

    status = 507
    code = 20


class PublishedError(HiTaskError):
    """A refusal whose status and code are known only when it happens."""

    def __init__(
        self,
        status: int,
        code: int,
        *words: object,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(*words, headers=headers)
        self.status = status
        self.code = code


KERNEL = {
    "path": (404, 1),
    "method": (405, 17),
    "body": (400, 46),
    "object": (400, 46),
    "media_type": (415, 5),
    "too_large": (413, 25),
    "format": (400, 5),
    "insecure": (403, 17),
    "rate": (429, 67),
}
USUAL = (InvalidDataError, SessionNotFoundError, NoPermissionsError, NotFoundError)
# The code that a status usually comes with.
FAULTS = dict(KERNEL[kind] for kind in ("method", "media_type", "too_large", "rate"))
FAULTS |= {error.status: error.code for error in (*USUAL, ItemLimitError)}


def refuse(problem: Exception, request: Request) -> Answer | None:
    """The envelope of a refusal; None for what is none."""
    if isinstance(problem, Refusal):
        problem = _from_kernel(problem)
    if not isinstance(problem, HiTaskError):
        return None
    return _envelope(problem)


def crash(request: Request) -> Answer:
    """The envelope of an error in the mock itself."""
    return _envelope(PublishedError(500, INTERNAL))


def fault(status: int, code: int | None, request: Request) -> Answer:
    """The envelope of a refusal that a script asks for."""
    usual = FAULTS.get(status, INTERNAL)
    return _envelope(PublishedError(status, usual if code is None else code))


def _envelope(error: HiTaskError) -> Answer:
    data = {"error_message": error.message, "response_status": error.code}
    return Answer(data, status=error.status, headers=error.headers)


def _from_kernel(refusal: Refusal) -> HiTaskError:
    allowed = refusal.details.get("allowed")
    headers = (("Allow", ", ".join(allowed)),) if isinstance(allowed, list) else ()
    if "retry_after" in refusal.details:
        headers = (("Retry-After", str(refusal.details["retry_after"])),)
    if refusal.code is None:
        status, code = KERNEL[refusal.kind]
    else:
        status = NOT_FOUND if refusal.code == NotFoundError.code else BAD_REQUEST
        code = refusal.code
    return PublishedError(status, code, *_words(refusal), headers=headers)


def _words(refusal: Refusal) -> tuple[object, ...]:
    """What fills the templates: the parameter, and what is wrong with it."""
    details = refusal.details
    name = f"{refusal.parameter}{details.get('where', '')}"
    if "limit" in details and refusal.kind in ("length", "too_large"):
        return name, details["limit"]
    wrong = details.get("wrong") or details.get("expected")
    if wrong and refusal.kind == "format":
        return (f"{name} ({wrong})",)
    return name, f"({wrong})" if wrong else ""
