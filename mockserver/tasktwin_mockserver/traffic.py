"""The log of a world's requests."""

from collections import deque
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

import msgspec

KEPT = 10_000
SECRETS = frozenset(
    {"password", "session_id", "sessionid", "api_key", "token", "authorization"}
)


class Exchange(msgspec.Struct, frozen=True):
    """One request and how it was answered; `at` in microseconds since the epoch.

    `operation` is None for a path that no operation serves, `error` the traceback of
    what went wrong inside the mock itself. Secrets are cut from `query`.
    """

    at: int
    method: str
    path: str
    query: str
    operation: str | None
    status: int
    error: str | None = None


class Traffic:
    """The latest exchanges of a world, oldest first."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=KEPT)

    def __len__(self) -> int:
        return len(self._exchanges)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(tuple(self._exchanges))

    def add(self, exchange: Exchange) -> None:
        """Log `exchange`; the oldest one goes when there are too many."""
        self._exchanges.append(exchange)


def without_secrets(query: str) -> str:
    """`query` with the values of secrets cut out, in brackets too: `user[password]`."""
    if not query:
        return query
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    return urlencode([(key, "…" if _is_secret(key) else v) for key, v in pairs])


def _is_secret(name: str) -> bool:
    return name.lower().rpartition("[")[2].removesuffix("]") in SECRETS
