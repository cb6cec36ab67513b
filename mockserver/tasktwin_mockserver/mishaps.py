"""What a step of a fault script does to a request and to its answer."""

from collections.abc import Generator, Iterator
from http import HTTPStatus

from msgspec.structs import replace

from tasktwin_mockserver.api import Answer, Api
from tasktwin_mockserver.clock import MICROSECONDS
from tasktwin_mockserver.faults import Step
from tasktwin_mockserver.visit import Visit
from tasktwin_mockserver.waits import Pause, until


def met(visit: Visit, api: Api) -> Generator[Pause, bool, Answer | None]:
    """Wait as long as the step of `visit` says; the refusal that it has ready."""
    step = visit.step
    if step is None:
        return None
    if step.delay:
        world = visit.world
        yield from until(world.clock.now() + round(step.delay * MICROSECONDS), world)
    if step.status is None:
        return None
    answer = api.fault(step.status, step.code, visit.request)
    if step.retry_after is None:
        return answer
    later = ("Retry-After", str(step.retry_after))
    return replace(answer, headers=(*answer.headers, later))


def spoilt(answer: Answer, step: Step | None) -> Answer:
    """`answer`, which is encoded, as it arrives."""
    if step is None:
        return answer
    if answer.status == HTTPStatus.NO_CONTENT:
        return replace(answer, reset=step.reset)
    return replace(answer, body=step.spoil(answer.body or b""), reset=step.reset)


def first_part(body: bytes, reset: int | None) -> bytes:
    """What is sent of `body`: never its last byte, where the connection is to break."""
    if reset is None or not body:
        return body
    return body[: min(reset, len(body) - 1)]


def broken_off(part: bytes) -> Iterator[bytes]:
    """`part` of an answer; then the connection breaks."""
    if part:
        yield part
    raise ConnectionResetError("a fault script resets the connection")
