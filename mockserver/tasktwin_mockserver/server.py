"""The mock behind a socket: werkzeug's server, with connections that stay open."""

import re
import socket
import threading
from contextlib import suppress
from itertools import islice
from typing import Any
from wsgiref.types import WSGIEnvironment

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from tasktwin_mockserver.served import Served, have_reset

IDLE_SECONDS = 30.0
POLL_SECONDS = 0.05
DRAINED = 64 * 1024 * 1024
DRAIN_STEP = 1024 * 1024
MOST_LINE = 8192
MOST_TRAILERS = 100
CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")


class Counted:
    """A request's body that never reads past its end, into the next request."""

    def __init__(self, stream: Any, length: int) -> None:
        self._stream = stream
        self.left = length

    def read(self, size: int | None = -1) -> bytes:
        """At most `size` bytes of what is left of the body."""
        size = self.left if size is None or size < 0 else min(size, self.left)
        data: bytes = self._stream.read(size) if size else b""
        self.left = 0 if len(data) < size else self.left - len(data)
        return data


class Chunked:
    """The body of a request that is sent in chunks.

    werkzeug's own reader answers more bytes than there are where the client hangs up
    within a chunk, and CPython's `RawIOBase.read` then reads past its buffer.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left = 0
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes. Raises `OSError` where the chunks are malformed."""
        parts = []
        while size and not self._ended:
            if not self._left:
                self._next_chunk()
                continue
            wanted = self._left if size < 0 else min(size, self._left)
            data = self._stream.read(wanted)
            if len(data) < wanted:
                raise OSError("the client hung up within a chunk")
            parts.append(data)
            self._left -= wanted
            size -= wanted if size > 0 else 0
            if not self._left and self._line() != b"":
                raise OSError("no line ends the chunk")
        return b"".join(parts)

    def _next_chunk(self) -> None:
        digits = self._line().partition(b";")[0].strip()
        if not CHUNK_SIZE.fullmatch(digits):
            raise OSError("no size of a chunk")
        self._left = int(digits, 16)
        if not self._left:
            self._ended = True
            trailers = iter(self._line, b"")
            if len([*islice(trailers, MOST_TRAILERS)]) == MOST_TRAILERS:
                raise OSError("more trailers than anybody sends")

    def _line(self) -> bytes:
        line: bytes = self._stream.readline(MOST_LINE)
        if not line.endswith(b"\n"):
            raise OSError("the client hung up, or a line is too long")
        return line.rstrip(b"\r\n")


class KeepAliveHandler(WSGIRequestHandler):
    """Answers one request after the other on a connection."""

    server: "Connections"
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1

    def run_wsgi(self) -> None:
        """Have the application answer, and make sure that the body is behind us."""
        if self.server.ending:
            self.close_connection = True
            return
        length = self._length()
        if length is None:
            self.close_connection = True
            self.send_error(400, "Bad Content-Length or Transfer-Encoding")
            return
        try:
            environ: WSGIEnvironment = self.make_environ()
        except ValueError:
            self.close_connection = True
            self.send_error(400, "Bad address")
            return
        chunked = environ.get("wsgi.input_terminated")
        body = Chunked(self.rfile) if chunked else Counted(self.rfile, length)
        environ["wsgi.input"] = body
        data = b""
        try:
            for chunk in self.server.app(environ, self._start):
                data += chunk
        except ConnectionResetError:  # a script of the world's
            self._reset(data)
            return
        self._drain(environ["wsgi.input"])
        self._finish(data)

    def _reset(self, data: bytes) -> None:
        """Send what there is of an answer, and have the client see a RST after it."""
        self.close_connection = True
        if data:
            self._finish(data)
        have_reset(self.connection)
        self.server.abort(self.connection)

    def handle_expect_100(self) -> bool:
        """Give leave to send the body, at once."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: each world keeps its own log."""

    def log_error(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing of clients that hang up or speak no HTTP."""

    def _length(self) -> int | None:
        """The length of the body, 0 for a chunked one; None where none can be told."""
        encoding = self.headers.get("Transfer-Encoding")
        lengths = self.headers.get_all("Content-Length", ["0"])
        if encoding is not None:
            chunked = encoding.strip().lower() == "chunked"
            return 0 if chunked and "Content-Length" not in self.headers else None
        text = lengths[0].strip()
        whole = text.isascii() and text.isdigit() and len(text) < 19
        return int(text) if whole and set(lengths) == {lengths[0]} else None

    def _start(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Any:
        code, _, phrase = status.partition(" ")
        self.send_response(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)

    def _drain(self, stream: Any) -> None:
        """Read what the application left of the body, or give the connection up."""
        try:
            for _ in range(DRAINED // DRAIN_STEP):
                if not stream.read(DRAIN_STEP):
                    return
        except OSError:
            pass
        self.close_connection = True

    def _finish(self, data: bytes) -> None:
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()


class Connections(ThreadedWSGIServer):
    """A thread for each connection, all of which can be told to end."""

    def __init__(self, *args: Any, **words: Any) -> None:
        self._open: set[socket.socket] = set()
        self.ending = False
        super().__init__(*args, **words)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def abort(self, connection: socket.socket) -> None:
        """Close a connection without the farewell that TCP has for it."""
        self._open.discard(connection)
        connection.close()

    def end(self) -> None:
        """Take no more requests; the answers under way are sent."""
        self.ending = True
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)


class MockServer(Served):
    """The mock of one API at an address of this machine, a thread a connection.

        with MockServer("hitask") as server:
            requests.get(f"{server.url}/api/user", ...)

    Port 0 takes any free port; what `App` takes beside is handed on to it. Raises
    `OSError` where the address cannot be had, and `StateError` where the file `state`
    cannot, in which durable worlds are kept.
    """

    _server: Connections | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        server = self._server = Connections(
            self.host,
            self.port,
            self.app,
            handler=KeepAliveHandler,
            fd=self._socket.fileno(),
        )
        self._thread = threading.Thread(
            target=server.serve_forever, args=(POLL_SECONDS,), daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self.app.end()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server.end()
            self._thread.join()
        self._socket.close()
        self.app.close()
