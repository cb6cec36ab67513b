"""Carries requests to a live server: at the pace asked for, and again where told to."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event

from tasktwin_contract.failures import (
    ClauseBrokenError,
    NotJudgedError,
    UnreachableError,
)
from tasktwin_contract.reply import Reply, Sent
from tasktwin_contract.rules import Rules
from tasktwin_contract.wire import Response, Transport

TRIES = 3
PAUSE = 0.5  # before another try, and twice as long before the next
MOST_PATIENCE = 120.0
AFTER_A_CURSOR = 0.005
DOUBTFUL = frozenset({502, 503, 504})
REFUSAL = 400


class Pace:
    """At most so many requests a minute, evenly spread; None is as many as go."""

    def __init__(
        self,
        rate: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        self._gap = 60 / rate if rate else 0.0
        self._clock = clock
        self._wait = wait or Event().wait
        self._next = clock()
        self._settled = clock()

    def keep(self, writes: bool) -> None:
        """Wait until the next request may go out."""
        due = max(self._next, self._settled if writes else 0.0)
        self.rest(due - self._clock())
        self._next = self._clock() + self._gap

    def rest(self, seconds: float) -> None:
        """Wait."""
        if seconds > 0:
            self._wait(seconds)

    def read_a_cursor(self) -> None:
        """Keep the next write apart from what was read just now."""
        self._settled = self._clock() + AFTER_A_CURSOR


class Courier:
    """Sends requests, each of them up to three times.

    An answer that tells of limits, or of what stands before the server, says nothing of
    the server: it is asked for again, and what stays so could not be judged.
    """

    def __init__(self, transport: Transport, rules: Rules, pace: Pace) -> None:
        self._transport = transport
        self._rules = rules
        self._pace = pace
        self._gone = False

    def carry(self, sent: Sent) -> Response:
        """The answer to a request. Raises `NotJudgedError`."""
        writes = sent.operation is None or sent.operation.effect != "read"
        tries = 1 if self._gone else TRIES
        obstacles: list[str] = []
        doubtful, wait = False, 0.0
        for attempt in range(tries):
            self._pace.rest(wait)
            wait = PAUSE * 2**attempt
            try:
                response = self._send(sent, writes)
            except UnreachableError as error:
                self._gone = doubtful = True
                obstacles.append(str(error))
                continue
            limit = self._limit(sent, response)
            if limit is None:
                if writes and doubtful and response.status >= REFUSAL:
                    raise NotJudgedError(_twice(sent, obstacles, response))
                return response
            obstacles.append(limit)
            doubtful = doubtful or response.status in DOUBTFUL
            asked = retry_after(response)
            wait = wait if asked is None else asked
        raise NotJudgedError(f"{_name(sent)}: {obstacles[-1]}, {tries} times")

    def _send(self, sent: Sent, writes: bool) -> Response:
        self._pace.keep(writes)
        response = self._transport.send(sent.request)
        self._gone = False
        if self._rules.cursor in response.headers:
            self._pace.read_a_cursor()
        return response

    def _limit(self, sent: Sent, response: Response) -> str | None:
        """What an answer says of limits, in words."""
        if response.status in self._rules.limits:
            return f"the server answers {response.status}"
        code = _code(sent, response) if response.status >= REFUSAL else None
        if code in self._rules.limit_codes:
            return f"the server answers {response.status} with code {code}"
        return None


def retry_after(response: Response) -> float | None:
    """For how long the server asks to be left alone, if it does.

    Raises `NotJudgedError` where that is longer than anybody waits.
    """
    text = response.headers.get("retry-after", "").strip()
    seconds = float(text) if text.isascii() and text.isdigit() else _until(text)
    if seconds is not None and seconds > MOST_PATIENCE:
        raise NotJudgedError(f"the server asks to wait for {seconds:.0f} s")
    return seconds


def _until(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _code(sent: Sent, response: Response) -> int | None:
    try:
        code = Reply(sent, response).code
    except ClauseBrokenError:
        return None
    return code if isinstance(code, int) else None


def _twice(sent: Sent, obstacles: list[str], response: Response) -> str:
    return (
        f"{_name(sent)} may have been carried out twice: {obstacles[-1]},"
        f" and then {response.status}"
    )


def _name(sent: Sent) -> str:
    return sent.operation.id if sent.operation else sent.request.method
