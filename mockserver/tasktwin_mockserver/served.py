"""A mock at an address of this machine, whatever serves it there."""

import errno
import json
import os
import socket
import struct
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from tasktwin_mockserver.admin import kit_version
from tasktwin_mockserver.pipeline import App
from tasktwin_mockserver.world import Settings
from tasktwin_mockserver.worlds import DEFAULT

if TYPE_CHECKING:
    from tasktwin_mockserver.stub import Stub

BACKLOG = 1024


class Lingering(Protocol):
    """A socket, or what asyncio shows of one."""

    def setsockopt(self, level: int, name: int, value: bytes, /) -> None: ...


class Served(ABC):
    """The mock of one API at an address; port 0 takes any free port.

    What `App` takes beside is handed on to it: in the file `state` durable worlds are
    kept. Raises `OSError` where the address
    cannot be had, `StateError` where that file cannot.
    """

    scheme = "http"

    def __init__(
        self,
        api: str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 0,
        settings: Settings | None = None,
        **more: Any,
    ) -> None:
        self._socket = _listen(host, port)
        try:
            self.app = App(api, seed, settings, **more)
        except BaseException:
            self._socket.close()
            raise
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self.app.admin.hosts.add(host.lower())

    @property
    def url(self) -> str:
        """The address of the default world, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    def describe(self) -> dict[str, Any]:
        """What a client has to know: the address, the process, the default world."""
        return {
            "tasktwin": kit_version(),
            "api": self.app.api.name,
            "url": self.url,
            "pid": os.getpid(),
            "admin": f"{self.url}/__admin",
            "world": self.app.worlds.describe(DEFAULT, self.url),
        }

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

    @abstractmethod
    def start(self) -> None:
        """Answer requests in a thread of its own."""

    @abstractmethod
    def stop(self) -> None:
        """Stop listening, and take no more requests on open connections."""

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


def have_reset(connection: Lingering) -> None:
    """Have closing `connection` send a RST, and not the farewell that TCP has."""
    linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
