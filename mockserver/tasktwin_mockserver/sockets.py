"""What a server asks of the sockets of this machine."""

import os
import socket
import struct
from typing import Protocol

BACKLOG = 1024


class Lingering(Protocol):
    """A socket, or what asyncio shows of one."""

    def setsockopt(self, level: int, name: int, value: bytes, /) -> None: ...


def listening(host: str, port: int) -> socket.socket:
    """A socket at which clients can queue. Raises `OSError` where none can be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def have_reset(connection: Lingering) -> None:
    """Have closing `connection` send a RST, and not the farewell that TCP has."""
    linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
