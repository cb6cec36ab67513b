"""How a server is reached, and what it turns out to be."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tasktwin_contract.access import Access
from tasktwin_contract.failures import UnreachableError
from tasktwin_contract.ledger import usual_folder
from tasktwin_contract.wire import HttpTransport, Request, WsgiTransport

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from tasktwin_contract.live import LiveTarget
    from tasktwin_contract.target import Target


class CannotJudgeError(Exception):
    """The run could not start: what is missing or wrong, in one sentence."""


@dataclass(frozen=True)
class Connection:
    """A server's address and how to deal with it.

    `timeout` is in seconds for one request, `rate_limit` in requests a minute; `access`
    and `ledger` (a folder) count on a server that is not ours.
    """

    base_url: str
    timeout: float = 30.0
    ca_file: str | None = None
    insecure: bool = False
    access: str | None = None
    rate_limit: int | None = None
    ledger: str | None = None

    @property
    def transport(self) -> HttpTransport:
        """A way to the server."""
        trusted = self.ca_file or True
        verify = False if self.insecure else trusted
        return HttpTransport(self.base_url, self.timeout, verify)

    @property
    def address_in_clear(self) -> str:
        """The server's address over plain HTTP."""
        return f"http://{self.base_url.partition('://')[2]}"

    @property
    def in_clear(self) -> HttpTransport:
        """A way there over plain HTTP."""
        return HttpTransport(self.address_in_clear, self.timeout)

    @property
    def folder(self) -> Path:
        """Where ledgers are."""
        return Path(self.ledger) if self.ledger else usual_folder()

    def lends(self, api: str) -> bool:
        """Whether the server is ours, and so lends worlds of `api`.

        Raises `CannotJudgeError` where it cannot be reached or serves another API.
        """
        try:
            answer = self.transport.send(Request("GET", "/__admin/health"))
            served = json.loads(answer.body)["api"]
        except UnreachableError as error:
            raise CannotJudgeError(f"cannot reach {error}") from None
        except (ValueError, KeyError, TypeError):
            return False
        if served != api:
            raise CannotJudgeError(f"{self.base_url} serves {served}, not {api}")
        return True


def bundled(api: str, app: "WSGIApplication", seed: int) -> "Target":
    """The mock in this process."""
    from tasktwin_contract.target import Target

    return Target(api, WsgiTransport(app), None, seed)


def reach(api: str, connection: Connection, seed: int) -> "Target":
    """The server under test. Raises `CannotJudgeError`."""
    from tasktwin_contract.target import Target

    if connection.lends(api):
        return Target(api, connection.transport, connection.base_url, seed)
    return reach_live(api, connection, seed)


def reach_live(api: str, connection: Connection, seed: int) -> "LiveTarget":
    """A server that is not ours. Raises `CannotJudgeError`, `ConfigurationError`."""
    from tasktwin_contract import credentials
    from tasktwin_contract.live import LiveTarget

    if connection.access is None:
        raise CannotJudgeError(
            f"{connection.base_url} is no tasktwin server, so --access has to say what"
            " may be touched there: read, own or full"
        )
    try:
        known = credentials.load(api)
    except credentials.CredentialsError as error:
        raise CannotJudgeError(
            f"{connection.base_url} lends no actors, and {error}"
        ) from None
    access = Access.of(connection.access)
    return LiveTarget(api, connection, known, access, seed)
