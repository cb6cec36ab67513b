"""All clients of a server at once, in one event loop."""

import asyncio
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from email.utils import formatdate
from typing import Any
from wsgiref.types import WSGIEnvironment

from tasktwin_mockserver.app import App
from tasktwin_mockserver.connection import Connection
from tasktwin_mockserver.sockets import BACKLOG

if sys.platform == "win32":
    from asyncio import ProactorEventLoop as EventLoop
else:
    from asyncio import SelectorEventLoop as EventLoop

IDLE_SECONDS = 30.0
SWEEP_SECONDS = 5.0
STUCK_SECONDS = 0.5
GRACE_SECONDS = 5.0
TICK_SECONDS = 0.02
# In so many turns the event loop makes a connection of what was accepted before.
ACCEPTING = 5


class Loop(EventLoop):
    """Python's own event loop, by real time.

    The process is that of a client's tests, which may have asyncio make other loops,
    and time stand still.
    """

    def time(self, clock: Callable[[], float] = time.monotonic) -> float:
        return clock()


class Clients:
    """Answers whoever connects to `listener`, in a thread of its own.

    `origin` is what the environ of each request says of the server; with `tls` clients
    speak HTTPS.
    """

    def __init__(
        self,
        app: App,
        listener: socket.socket,
        origin: WSGIEnvironment,
        tls: ssl.SSLContext | None,
    ) -> None:
        self.app = app
        self.connections: set[Connection] = set()
        self.ending = False
        self._listener = listener
        self._origin = origin
        self._tls = tls
        self._date = (0, "")
        self._begun: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        """Return once clients are answered. Raises what keeps them from that."""
        self._thread.start()
        self._begun.result()

    def end(self) -> None:
        """Answer what has come in; drop who makes no progress for half a second."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    # What connections ask.

    def environ(self, transport: asyncio.Transport) -> WSGIEnvironment:
        """What the requests of one connection have in common."""
        address = transport.get_extra_info("peername", ("",))[0]
        return {**self._origin, "REMOTE_ADDR": address}

    def date(self) -> str:
        """The time, as HTTP writes it."""
        now = int(self._loop.time())
        if now != self._date[0]:
            self._date = now, formatdate(usegmt=True)
        return self._date[1]

    # What runs in the thread.

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=Loop) as runner:
                runner.run(self._serve())
        except BaseException as error:
            if self._begun.done():
                raise
            self._begun.set_exception(error)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        accepting = await self._loop.create_server(
            lambda: Connection(self),
            sock=self._listener,
            backlog=BACKLOG,
            **self._security(),
        )
        sweeper = self._loop.create_task(self._sweep())
        self._begun.set_result(None)
        await self._stopped.wait()
        self.ending = True
        self.app.end()
        sweeper.cancel()
        await self._close(accepting)
        await self._finish()

    def _security(self) -> dict[str, Any]:
        if self._tls is None:
            return {}
        return {
            "ssl": self._tls,
            "ssl_handshake_timeout": IDLE_SECONDS,
            "ssl_shutdown_timeout": STUCK_SECONDS,
        }

    async def _sweep(self) -> None:
        """Drop who has neither sent nor taken anything for long."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            now = self._loop.time()
            for connection in tuple(self.connections):
                stuck = connection.stuck_for(now) > IDLE_SECONDS
                if stuck and not connection.is_resting:
                    connection.abort()

    async def _close(self, accepting: asyncio.Server) -> None:
        """Accept no more; asyncio would lose what it has just accepted."""
        with suppress(NotImplementedError):
            self._loop.remove_reader(self._listener)
        for _ in range(ACCEPTING):
            await asyncio.sleep(0)
        accepting.close()

    async def _finish(self) -> None:
        """Have all connections end, those without progress by force."""
        for connection in tuple(self.connections):
            connection.stuck_for(self._loop.time())
            connection.end()
        latest = self._loop.time() + GRACE_SECONDS
        while self.connections:
            now = self._loop.time()
            for connection in tuple(self.connections):
                if connection.stuck_for(now) > STUCK_SECONDS or now > latest:
                    connection.abort()
            await asyncio.sleep(TICK_SECONDS)
