"""The mock behind a socket, for many clients at once: what `tasktwin serve` runs."""

import asyncio
import threading
from contextlib import suppress
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.types import WSGIEnvironment

from tasktwin_mockserver.connection import Connection
from tasktwin_mockserver.served import BACKLOG, Served

if TYPE_CHECKING:
    from tasktwin_mockserver.authority import Authority

IDLE_SECONDS = 30.0
SWEEP_SECONDS = 5.0
STUCK_SECONDS = 0.5
GRACE_SECONDS = 5.0
TICK_SECONDS = 0.02
# In so many turns the event loop makes a connection of what was accepted before.
ACCEPTING = 5


class FastServer(Served):
    """The mock of one API at an address of this machine, one event loop for all.

    With `tls` it speaks HTTPS, by an authority of its own whose certificate stands in
    `ca_file`. Raises `OSError` where the address cannot be had, `UnicodeError` where it
    is none.
    """

    def __init__(
        self,
        api: str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool = False,
        **words: Any,
    ) -> None:
        self._authority = _authority(host) if tls else None
        self.scheme = "https" if tls else "http"
        try:
            super().__init__(api, host=host, port=port, **words)
        except BaseException:
            self._forget()
            raise
        self.connections: set[Connection] = set()
        self.ending = False
        self._date = (0, "")
        self._thread: threading.Thread | None = None

    @property
    def ca_file(self) -> Path | None:
        """What a client has to trust, None where it speaks plain HTTP."""
        return None if self._authority is None else self._authority.file

    def describe(self) -> dict[str, Any]:
        known = super().describe()
        return known | {"ca_file": str(self.ca_file)} if self.ca_file else known

    def start(self) -> None:
        listening = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listening)), daemon=True
        )
        self._thread.start()
        listening.wait()

    def stop(self) -> None:
        """Answer what has come in; drop who makes no progress for half a second."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)
            thread.join()
        self.app.end()
        self._socket.close()
        self.app.close()
        self._forget()

    def _forget(self) -> None:
        if self._authority is not None:
            self._authority.close()

    # What connections ask.

    def environ(self, transport: asyncio.Transport) -> WSGIEnvironment:
        """What the requests of one connection have in common."""
        return {
            "SCRIPT_NAME": "",
            "SERVER_NAME": self.host,
            "SERVER_PORT": str(self.port),
            "REMOTE_ADDR": transport.get_extra_info("peername", ("",))[0],
            "wsgi.url_scheme": self.scheme,
        }

    def date(self) -> str:
        """The time, as HTTP writes it."""
        now = int(self._loop.time())
        if now != self._date[0]:
            self._date = now, formatdate(usegmt=True)
        return self._date[1]

    # What runs in the thread.

    async def _serve(self, listening: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        listener = await self._loop.create_server(
            lambda: Connection(self),
            sock=self._socket,
            backlog=BACKLOG,
            **self._tls(),
        )
        sweeper = self._loop.create_task(self._sweep())
        listening.set()
        await self._stopped.wait()
        self.ending = True
        self.app.end()
        sweeper.cancel()
        await self._close(listener)
        await self._end()

    def _tls(self) -> dict[str, Any]:
        if self._authority is None:
            return {}
        return {
            "ssl": self._authority.context,
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

    async def _close(self, listener: asyncio.Server) -> None:
        """Accept no more; asyncio would lose what it has just accepted."""
        with suppress(NotImplementedError):
            self._loop.remove_reader(self._socket)
        for _ in range(ACCEPTING):
            await asyncio.sleep(0)
        listener.close()

    async def _end(self) -> None:
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


def _authority(host: str) -> "Authority":
    """An authority; its library is installed for this alone, and loads when asked."""
    from tasktwin_mockserver.authority import Authority

    return Authority(host)
