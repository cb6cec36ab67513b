"""The mock behind a socket: what tests start, and what `tasktwin serve` runs."""

import errno
import json
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from tasktwin_mockserver.admin import kit_version
from tasktwin_mockserver.app import App
from tasktwin_mockserver.clients import Clients
from tasktwin_mockserver.sockets import listening
from tasktwin_mockserver.world import Settings
from tasktwin_mockserver.worlds import DEFAULT

if TYPE_CHECKING:
    from tasktwin_mockserver.authority import Authority
    from tasktwin_mockserver.stub import Stub


class MockServer:
    """The mock of one API at an address of this machine.

        with MockServer("hitask") as server:
            requests.get(f"{server.url}/api/user", ...)

    Port 0 takes any free port. With `tls` it speaks HTTPS, by an authority of its own
    whose certificate stands in `ca_file`. What `App` takes beside is handed on to it:
    in the file `state` durable worlds are kept.

    Raises `OSError` where the address cannot be had, `UnicodeError` where it is none,
    `StateError` where that file cannot.
    """

    def __init__(
        self,
        api: str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 0,
        settings: Settings | None = None,
        tls: bool = False,
        **more: Any,
    ) -> None:
        with ExitStack() as undone:
            self._authority = _authority(host) if tls else None
            undone.callback(self._forget)
            self._socket = listening(host, port)
            undone.callback(self._socket.close)
            self.app = App(api, seed, settings, **more)
            undone.pop_all()
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self.app.admin.hosts.add(host.lower())
        self._clients: Clients | None = None
        self._turning = threading.Lock()

    @property
    def scheme(self) -> str:
        """Whether it speaks http or https."""
        return "http" if self._authority is None else "https"

    @property
    def url(self) -> str:
        """The address of the default world, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def ca_file(self) -> Path | None:
        """What a client has to trust, None where it speaks plain HTTP."""
        return None if self._authority is None else self._authority.file

    def describe(self) -> dict[str, Any]:
        """What a client has to know: the address, the process, the default world."""
        known = {
            "tasktwin": kit_version(),
            "api": self.app.api.name,
            "url": self.url,
            "pid": os.getpid(),
            "admin": f"{self.url}/__admin",
            "world": self.app.worlds.describe(DEFAULT, self.url),
        }
        return known | {"ca_file": str(self.ca_file)} if self.ca_file else known

    @contextmanager
    def ready_file(self, path: Path) -> Iterator[None]:
        """Have `path` hold `describe`, whole, once the block is left.

        What keeps it from being written is raised, as OSError or ValueError, before
        the block is entered.
        """
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        draft.write_text(json.dumps(self.describe(), indent=2) + "\n", encoding="utf-8")
        yield
        draft.replace(path)

    @cached_property
    def world(self) -> "Stub":
        """The default world, for the tests of a client."""
        return self._stub(DEFAULT)

    def fresh(self, seed: int | None = None, **settings: Any) -> "Stub":
        """A world of its own for one test: `with server.fresh() as hitask`.

        `settings` are fields of `Settings`; the others are as the server has them.
        Raises `ValueError` for what is none.
        """
        stub = self._stub(self.app.worlds.make(seed=seed))
        try:
            stub.configure(**settings)
        except BaseException:
            stub.close()
            raise
        return stub

    def _stub(self, name: str) -> "Stub":
        from tasktwin_mockserver.stub import stub_of

        return stub_of(self.app, name, self.url)

    def start(self) -> None:
        """Answer requests in a thread of its own. Raises `RuntimeError` the next time.

        A thread that cannot answer anybody says so here, mostly as `OSError`.
        """
        with self._turning:
            if self._clients is not None or self._socket.fileno() < 0:
                raise RuntimeError("a server starts once; make another one")
            origin = {
                "SCRIPT_NAME": "",
                "SERVER_NAME": self.host,
                "SERVER_PORT": str(self.port),
                "wsgi.url_scheme": self.scheme,
            }
            tls = None if self._authority is None else self._authority.context
            clients = Clients(self.app, self._socket, origin, tls)
            try:
                clients.begin()
            except BaseException:
                self._leave()
                raise
            self._clients = clients

    def stop(self) -> None:
        """Answer what has come in, and nobody any more; it may be called twice.

        Nobody waits for a clock any longer, and who makes no progress for half a second
        is dropped.
        """
        with self._turning:
            clients, self._clients = self._clients, None
            try:
                if clients is not None:
                    clients.end()
            finally:
                self._leave()

    def _leave(self) -> None:
        self.app.end()
        self._socket.close()
        self.app.close()
        self._forget()

    def _forget(self) -> None:
        if self._authority is not None:
            self._authority.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _authority(host: str) -> "Authority":
    """An authority; its library is installed for this alone, and loads when asked."""
    from tasktwin_mockserver.authority import Authority

    return Authority(host)
