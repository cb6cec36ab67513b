"""One client's connection: requests in, their answers out, in the same order."""

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import Protocol, cast
from wsgiref.types import WSGIEnvironment

from httptools import (
    HttpParserCallbackError,
    HttpParserError,
    HttpParserUpgrade,
    HttpRequestParser,
)

from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.app import App
from tasktwin_mockserver.awaiting import awaited
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.message import HeadError, Message
from tasktwin_mockserver.rendering import rendered, status_line
from tasktwin_mockserver.sockets import have_reset
from tasktwin_mockserver.waits import Steps, Wait

MOST_HEAD = 64 * 1024
MOST_HEADERS = 100
MOST_WAITING = 100
DRAINED = 64 * 1024 * 1024
# So many answers to one client come before the others have their turn.
AT_ONCE = 20
LINGER_SECONDS = 1.0
TICK_SECONDS = 0.02
logger = logging.getLogger("tasktwin")
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Hub(Protocol):
    """What a connection has to know of the server that it belongs to."""

    app: App
    connections: "set[Connection]"
    ending: bool

    def environ(self, transport: asyncio.Transport) -> WSGIEnvironment: ...

    def date(self) -> str: ...


class Connection(asyncio.Protocol):
    """Reads requests, has the application answer them, and writes the answers.

    Requests are answered at once, in the order in which they came; only for one that
    has to wait there is a task, so that nobody waits for another.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._parser = HttpRequestParser(self)
        self._message: Message | None = None
        self._resumed: Message | None = None
        self._leave_due = False
        self._waiting: deque[Message | HeadError] = deque()
        self._task: asyncio.Task[None] | None = None
        self._stalled = False
        self._last = False
        self._half_closed = self._breaking = False
        self._later: asyncio.Handle | None = None
        self._received = self._answered = self._turn = 0

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._environ = self._hub.environ(self._transport)
        self._seen = self._progress(), self._loop.time()
        self._hub.connections.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._hub.connections.discard(self)
        self._waiting.clear()
        self._last = True

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        self._turn = self._answered
        while data and not self._last:
            data = self._feed(data)

    def eof_received(self) -> bool:
        """Whether the connection stays open, for answers that are still due."""
        self._half_closed = True
        message = self._message
        if message is not None and message.environ and not self._last:
            self._cut_off(message)
        self._last = True
        # TLS knows no half of a connection.
        return self.is_waiting and self._transport.can_write_eof()

    def pause_writing(self) -> None:
        self._stalled = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._stalled = False
        self._proceed()

    # What the parser calls.

    def on_message_begin(self) -> None:
        self._message = Message()

    def on_url(self, part: bytes) -> None:
        message = self._being_read
        message.target += part
        if len(message.target) > MOST_HEAD:
            raise HeadError(414)

    def on_header(self, name: bytes, value: bytes | None) -> None:
        message = self._being_read
        message.add_header(name, value or b"")
        if len(message.headers) > MOST_HEADERS or message.head > MOST_HEAD:
            raise HeadError(431)

    def on_headers_complete(self) -> None:
        if self._resumed is not None:
            self._message, self._resumed = self._resumed, None
            return
        message, parser = self._being_read, self._parser
        message.method = parser.get_method().decode()
        message.keep_alive = parser.should_keep_alive()
        try:
            message.head_is_in(self._environ, parser.get_http_version())
        except ValueError:
            raise HeadError(400) from None
        if message.has_body:
            message.limit = self._hub.app.most_body(message.environ)
            self._welcome(message)

    def on_body(self, part: bytes) -> None:
        message = self._being_read
        message.add(part)
        if message.size > max(message.limit, DRAINED):
            self._give_up(message)

    def on_message_complete(self) -> None:
        message = self._being_read
        if message.has_body and self._parser.should_upgrade():
            return  # it has no body yet: that is what the parser leaves to others
        self._message = None
        if not self._last:
            self._last = not message.keep_alive
            self._take(message)

    # How requests get in.

    @property
    def _being_read(self) -> Message:
        if self._message is None:
            raise HeadError(400)
        return self._message

    def _feed(self, data: bytes) -> bytes:
        """Parse `data`, and answer what is left for another parser."""
        begun = self._message
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as upgrade:
            self._stay()
            return data[upgrade.args[0] :]
        except HttpParserError as error:
            self._malformed(error)
        else:
            if begun is not None and begun is self._message:
                self._limit_head(begun, len(data))
        return b""

    def _stay(self) -> None:
        """Read on as before, for nobody speaks what the client offers to go on with."""
        self._parser = HttpRequestParser(self)
        self._resumed = self._message
        if self._resumed is not None:
            self._parser.feed_data(self._resumed.framing)

    def _limit_head(self, message: Message, more: int) -> None:
        """Refuse a head of which `more` has come, and no end."""
        message.head += more
        if not message.environ and message.head > MOST_HEAD and not self._last:
            self._refuse(HeadError(431))

    def _malformed(self, error: HttpParserError) -> None:
        message, cause = self._message, error.__context__
        if self._last:
            return
        if isinstance(error, HttpParserCallbackError) and isinstance(cause, HeadError):
            self._refuse(cause)
        elif message is not None and message.environ:
            self._cut_off(message)
        else:
            self._refuse(HeadError(400))

    def _refuse(self, error: HeadError) -> None:
        self._last = True
        self._take(error)

    def _cut_off(self, message: Message) -> None:
        message.broken = True
        self._give_up(message)

    def _give_up(self, message: Message) -> None:
        """Answer `message` although it has not come to its end, and no more."""
        if not self._last:
            self._last = True
            self._take(message)

    def _welcome(self, message: Message) -> None:
        """Give leave to send the body, or answer at once where it is not wanted."""
        wanted = message.announced <= message.limit
        if not wanted and (message.waits or message.announced > DRAINED):
            self._give_up(message)
        else:
            self._leave_due = message.waits
            self._give_leave()

    def _give_leave(self) -> None:
        """Have the client send its body, once all that came before is answered."""
        if self._leave_due and not self.is_waiting:
            self._leave_due = False
            self._transport.write(CONTINUE)

    # How answers get out.

    @property
    def is_waiting(self) -> bool:
        """Whether the client waits for an answer to something that has come in."""
        return bool(self._waiting or self._task or self._breaking)

    @property
    def is_resting(self) -> bool:
        """Whether a request has to wait for something else than its client."""
        return self._task is not None

    def _take(self, message: Message | HeadError) -> None:
        self._waiting.append(message)
        if len(self._waiting) > MOST_WAITING:
            self._transport.pause_reading()
        self._proceed()

    def _proceed(self) -> None:
        """Answer whatever can be answered now."""
        if self._breaking:
            return
        while self._waiting and self._task is None and not self._stalled:
            if self._answered - self._turn >= AT_ONCE:
                self._later = self._later or self._loop.call_soon(self._next_turn)
                return
            message = self._waiting.popleft()
            if isinstance(message, HeadError):
                self._write_plainly(message.status)
            else:
                self._answer(message)
        if self._waiting or self._task is not None or self._stalled:
            return
        if self._last or (self._hub.ending and self._message is None):
            self._hang_up()
        else:
            self._give_leave()
            self._transport.resume_reading()

    def _next_turn(self) -> None:
        """Go on, now that others had their turn."""
        self._later, self._turn = None, self._answered
        self._proceed()

    def _answer(self, message: Message) -> None:
        request = message.request()
        steps = self._hub.app.steps(request)
        pause = self._step(request, steps)
        if pause is not None:
            self._task = self._loop.create_task(self._wait(request, steps, pause))

    async def _wait(self, request: Request, steps: Steps, first: Wait) -> None:
        pause: Wait | None = first
        while pause is not None:
            pause = self._step(request, steps, await awaited(pause))
        self._task = None
        self._proceed()

    def _step(
        self, request: Request, steps: Steps, go_on: bool | None = None
    ) -> Wait | None:
        """The next pause, None once something is answered."""
        try:
            return self._step_or_send(request, steps, go_on)
        except BaseException:  # a thread that ended would answer nobody any more
            logger.exception("%s %s failed", request.method, request.path)
            self._last = True
            self._write_plainly(500)
        return None

    def _step_or_send(
        self, request: Request, steps: Steps, go_on: bool | None
    ) -> Wait | None:
        try:
            # What is sent first to a generator is None.
            return steps.send(cast(bool, go_on))
        except StopIteration as end:
            answer: Answer = end.value
        headers, body = rendered(request, answer)
        if answer.reset is None:
            self._write(answer.status, headers, body)
        else:
            self._break_off(answer.status, headers, body)
        return None

    def _write_plainly(self, status: int) -> None:
        """Answer with what the status says, for the API is not asked."""
        body = f"{status_line(status)}\n".encode()
        kind = ("Content-Type", "text/plain")
        self._write(status, [kind, ("Content-Length", str(len(body)))], body)

    def _write(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self._answered += 1
        self._last |= self._hub.ending and not self._waiting
        going_on = self._waiting or not self._last
        lines = [
            f"HTTP/1.1 {status_line(status)}",
            "Server: tasktwin",
            f"Date: {self._hub.date()}",
            f"Connection: {'keep-alive' if going_on else 'close'}",
            *[f"{name}: {value}" for name, value in headers],
            "\r\n",
        ]
        self._transport.write("\r\n".join(lines).encode("latin-1") + body)

    # How it ends.

    def _break_off(
        self, status: int, headers: list[tuple[str, str]], part: bytes
    ) -> None:
        """Send a part of an answer, if there is one, and then a RST."""
        self._last = self._breaking = True
        self._waiting.clear()
        if part:
            self._write(status, headers, part)
        self._reset()

    def _reset(self) -> None:
        """Send a RST, once all is sent that comes before it."""
        if self._transport.get_write_buffer_size():
            self._loop.call_later(TICK_SECONDS, self._reset)
            return
        if not self._transport.is_closing():
            have_reset(self._transport.get_extra_info("socket"))
        self.abort()

    def _hang_up(self) -> None:
        """Close, as soon as the client may have read what was written."""
        # Where this process was forked, closing alone would say nothing to the client.
        with suppress(OSError):
            if self._transport.can_write_eof():
                self._transport.write_eof()
        if self._half_closed or self._message is None:
            self._close()
            return
        # Closed at once, a connection that the client still writes to would be reset,
        # and the answer lost.
        self._loop.call_later(LINGER_SECONDS, self._close)

    def _close(self) -> None:
        # A transport of TLS that is closed twice forgets how to be asked or aborted.
        if not self._transport.is_closing():
            self._transport.close()

    def end(self) -> None:
        """Answer what has come in, wholly or in part, and no more."""
        if not self.is_waiting and self._message is None:
            self._hang_up()

    def abort(self) -> None:
        """Drop the connection, whatever is due on it."""
        self._transport.abort()

    def stuck_for(self, now: float) -> float:
        """For how long nothing has come or gone, in seconds, as far as was looked."""
        progress, since = self._seen
        if progress != self._progress():
            since = now
        self._seen = self._progress(), since
        return now - since

    def _progress(self) -> tuple[int, int, int]:
        return (
            self._received,
            self._answered,
            self._transport.get_write_buffer_size(),
        )
