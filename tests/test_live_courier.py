"""Requests reach a server at its pace, and again where they may."""

from collections.abc import Iterator
from typing import Any

import pytest

from tasktwin_contract.courier import MOST_PATIENCE, Courier, Pace, retry_after
from tasktwin_contract.failures import NotJudgedError, UnreachableError
from tasktwin_contract.wire import Request, Response

from .calls import OWN, RULES, request


class Clock:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.now += seconds


class Script:
    """A transport that answers what it was told, or does not."""

    def __init__(self, *answers: Any) -> None:
        self.answers: Iterator[Any] = iter(answers)

    def send(self, request: Request) -> Response:
        """The next answer."""
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        status, headers = answer
        return Response(status, headers, b'{"response_status": 0}')


def carry(clock: Clock, name: str, *answers: Any, rate: int | None = None) -> int:
    """The status that comes of these answers, in the end."""
    courier = Courier(Script(*answers), RULES, Pace(rate, clock, clock.wait))
    return courier.carry(request(name, guid=OWN)).status


def test_the_pace_is_kept() -> None:
    """With --rate-limit requests are evenly spread over the minute."""
    clock = Clock()
    pace = Pace(60, clock, clock.wait)
    for _ in range(4):
        pace.keep(writes=False)
    assert clock.now == pytest.approx(103.0)


def test_a_write_keeps_away_from_a_cursor() -> None:
    """Between a read that yields a cursor and the next write 5 ms pass."""
    clock = Clock()
    answers = [(200, {"x-cursor": "1"}), (200, {}), (200, {})]
    courier = Courier(Script(*answers), RULES, Pace(None, clock, clock.wait))
    courier.carry(request("listItems"))
    courier.carry(request("listItems"))
    assert clock.waits == []
    courier.carry(request("createItem"))
    assert clock.waits == [pytest.approx(0.005)]


def test_a_server_is_left_alone_as_long_as_it_asks() -> None:
    """Retry-After is waited for, in seconds or as a date."""
    clock = Clock()
    busy = (429, {"retry-after": "7"})
    assert carry(clock, "createItem", busy, busy, (400, {})) == 400
    assert clock.waits == [7.0, 7.0]
    past = Response(429, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, b"")
    assert retry_after(past) == 0
    assert retry_after(Response(429, {"retry-after": "soon"}, b"")) is None
    late = Response(429, {"retry-after": str(int(MOST_PATIENCE) + 1)}, b"")
    with pytest.raises(NotJudgedError, match="asks to wait"):
        retry_after(late)


def test_what_may_have_been_done_twice_is_not_judged() -> None:
    """A refusal of a write that may have been carried out before says nothing."""
    clock, lost = Clock(), UnreachableError("reset")
    assert carry(clock, "createItem", lost, (200, {})) == 200
    assert carry(clock, "getUser", (503, {}), (400, {})) == 400
    firsts: list[Any] = [lost, (502, {}), (503, {})]
    for first in firsts:
        with pytest.raises(NotJudgedError, match="carried out twice"):
            carry(clock, "deleteItem", first, (404, {}))
