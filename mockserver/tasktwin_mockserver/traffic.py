"""The log of a world's requests."""

import threading
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from tasktwin_mockserver.exchange import Upload
from tasktwin_mockserver.faults import Step
from tasktwin_mockserver.violations import MOST_NAME, MOST_SHOWN, Violation

KEPT = 10_000
MOST_BYTES = 64 * 1024 * 1024
MOST_STRAYS = 100
MARK = "…"  # stands where a secret was
SECRETS = frozenset(
    {"password", "session_id", "sessionid", "api_key", "token", "authorization"}
)
# The headers that are logged, by their WSGI names; of some only that they were there.
HEADERS = {
    "CONTENT_TYPE": "Content-Type",
    "HTTP_ACCEPT": "Accept",
    "HTTP_ACCEPT_ENCODING": "Accept-Encoding",
    "HTTP_ACCEPT_LANGUAGE": "Accept-Language",
    "HTTP_CONTENT_ENCODING": "Content-Encoding",
    "HTTP_IF_MODIFIED_SINCE": "If-Modified-Since",
    "HTTP_IF_NONE_MATCH": "If-None-Match",
    "HTTP_ORIGIN": "Origin",
    "HTTP_USER_AGENT": "User-Agent",
}
HIDDEN = {"HTTP_AUTHORIZATION": "Authorization", "HTTP_COOKIE": "Cookie"}
LOGGED = (*HEADERS.items(), *HIDDEN.items())
NOTHING: Mapping[str, Any] = {}
HOLDING = (Upload, list)  # what may be a file, or hold one


class Exchange(msgspec.Struct, frozen=True, gc=False):
    """One request and how it was answered; `at` in microseconds since the epoch.

    `operation` is None for a path that no operation serves, `actor` whose session it
    came by: a name of the cast, else the user's id. `parameters` are what the operation
    got, typed, or what was sent where they were refused before. `size` is that of the
    answer's body, `fault` the step of a script that was used for it, `violations` what
    the contract does not have, `error` the traceback of what went wrong inside the mock
    itself. `sent` is how many bytes were sent, and `number` counts the requests of the
    world. Secrets are cut.
    """

    at: int
    method: str
    path: str
    query: str
    operation: str | None
    status: int
    error: str | None = None
    actor: str | None = None
    parameters: Mapping[str, Any] = NOTHING
    headers: Mapping[str, str] = NOTHING
    size: int = 0
    fault: Step | None = None
    violations: tuple[Violation, ...] = ()
    sent: int = 0
    number: int = 0


class Traffic:
    """The latest exchanges of a world, oldest first.

    There are at most 10,000 of them, and 64 MiB of what they were sent. `strays`, which
    sent what the contract does not have, are known longer: the first 100 of those that
    there was no room for, with `keeps_strays` of those too that were cleared.
    """

    def __init__(self) -> None:
        self.keeps_strays = False
        self._kept: deque[Exchange] = deque()
        self._weight = 0
        self._added = 0
        self._cleared = 0
        self._strays: list[Exchange] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self.find())

    def add(self, exchange: Exchange) -> None:
        """Log `exchange`; the oldest ones go where there is no room."""
        with self._lock:
            self._kept.append(exchange)
            self._added += 1
            self._weight += exchange.sent
            while len(self._kept) > KEPT or self._weight > MOST_BYTES:
                gone = self._kept.popleft()
                self._weight -= gone.sent
                if gone.violations:
                    self._outlive(gone, self._first - 1)

    def find(
        self,
        operation: str | None = None,
        *,
        path: str | None = None,
        status: int | None = None,
        actor: str | None = None,
        since: int = 0,
        unmatched: bool = False,
        violations: bool = False,
    ) -> list[Exchange]:
        """The exchanges that are all that is asked for, oldest first.

        `since` leaves out those up to that number; `unmatched` are those that were
        refused because no operation serves them, `violations` those that sent what the
        contract does not have.
        """
        wanted = {
            name: value
            for name, value in (
                ("operation", operation),
                ("path", path),
                ("status", status),
                ("actor", actor),
            )
            if value is not None
        }
        return [
            _told(exchange, number)
            for number, exchange in self._numbered()
            if number > since
            and not (unmatched and (exchange.operation or exchange.status < 400))
            and (exchange.violations or not violations)
            and all(getattr(exchange, name) == wanted[name] for name in wanted)
        ]

    def count(self, operation: str | None = None, **asked: Any) -> int:
        """How many exchanges `find` would find."""
        return len(self.find(operation, **asked))

    @property
    def last(self) -> int:
        """The number of the latest exchange, 0 before the first."""
        return self._added

    @property
    def lost(self) -> int:
        """The number of the latest exchange that there was no room for.

        It is 0 where there is none since the log was cleared.
        """
        with self._lock:
            gone = self._first - 1
            return gone if gone > self._cleared else 0

    def strays(self) -> list[Exchange]:
        """Those that sent what the contract does not have, oldest first.

        Of those that are not in the log any more little is known but that.
        """
        found = self.find(violations=True)
        with self._lock:
            gone = tuple(self._strays)
        return list({one.number: one for one in (*gone, *found)}.values())

    def forgive(self, number: int) -> None:
        """Forget the strays up to that number, but for those in the log."""
        with self._lock:
            self._strays = [one for one in self._strays if one.number > number]

    def clear(self) -> None:
        """Forget all exchanges; the next one is counted on."""
        with self._lock:
            if not self.keeps_strays:
                self._strays.clear()
            for number, exchange in enumerate(self._kept, self._first):
                if self.keeps_strays and exchange.violations:
                    self._outlive(exchange, number)
            self._kept.clear()
            self._weight = 0
            self._cleared = self._added

    def _outlive(self, stray: Exchange, number: int) -> None:
        """Have `stray` be known after it is gone from the log."""
        if len(self._strays) < MOST_STRAYS:
            self._strays.append(_short(stray, number))

    def _numbered(self) -> Iterator[tuple[int, Exchange]]:
        with self._lock:
            kept, first = tuple(self._kept), self._first
        return enumerate(kept, first)

    @property
    def _first(self) -> int:
        """The number of the oldest exchange, or of the next one."""
        return self._added - len(self._kept) + 1


def headers_of(environ: Mapping[str, Any]) -> Mapping[str, str]:
    """The headers of a request that are logged."""
    told = {}
    for key, name in LOGGED:
        value = environ.get(key)
        if value:
            told[name] = MARK if key in HIDDEN else value
    return told or NOTHING


def without_secrets(query: str) -> str:
    """`query` with the values of secrets cut out, in brackets too: `user[password]`."""
    if not query:
        return query
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    return urlencode([(key, MARK if _is_secret(key) else v) for key, v in pairs])


def without_files(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """`parameters` with what is known of a file in its place."""
    if not any(isinstance(value, HOLDING) for value in parameters.values()):
        return parameters or NOTHING
    return {name: _without_files(value) for name, value in parameters.items()}


def _told(exchange: Exchange, number: int) -> Exchange:
    """`exchange` as it may be shown."""
    return msgspec.structs.replace(
        exchange,
        number=number,
        query=without_secrets(exchange.query),
        parameters=_cut(exchange.parameters),
    )


def _short(stray: Exchange, number: int) -> Exchange:
    """What is known of a stray that is gone from the log: whence and how it strayed."""
    violations = tuple(
        msgspec.structs.replace(one, name=one.name[:MOST_NAME])
        for one in stray.violations[:MOST_SHOWN]
    )
    return Exchange(
        at=stray.at,
        method=stray.method,
        path=stray.path,
        query="",
        operation=stray.operation,
        status=stray.status,
        actor=stray.actor,
        violations=violations,
        number=number,
    )


def _cut(value: Any) -> Any:
    """`value` without secrets, however deep they are."""
    if isinstance(value, Mapping):
        return {k: MARK if _is_secret(k) else _cut(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_cut(one) for one in value]
    return value


def _without_files(value: Any) -> Any:
    if isinstance(value, Upload):
        return _described(value)
    if isinstance(value, dict):
        return {name: _without_files(part) for name, part in value.items()}
    return (
        [_without_files(part) for part in value] if isinstance(value, list) else value
    )


def _described(upload: Upload) -> dict[str, Any]:
    kind, size = upload.media_type, len(upload.data)
    return {"name": upload.name, "media_type": kind, "size": size}


def _is_secret(name: str) -> bool:
    return name.lower().rpartition("[")[2].removesuffix("]") in SECRETS
