"""How a server is reached, and what it turns out to be."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tasktwin_contract.access import Access
from tasktwin_contract.failures import UnreachableError
from tasktwin_contract.ledger import usual_folder
from tasktwin_contract.wire import (
    IN_PROCESS,
    HttpTransport,
    Pairs,
    Request,
    Response,
    WsgiTransport,
)

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from tasktwin_contract.live import LiveTarget
    from tasktwin_contract.target import Target

OUR_REALM = 'Bearer realm="tasktwin"'
UNAUTHORIZED = 401


class CannotJudgeError(Exception):
    """The run could not start: what is missing or wrong, in one sentence."""


@dataclass(frozen=True)
class Connection:
    """A server's address and how to deal with it.

    `timeout` is in seconds for one request, `rate_limit` in requests a minute; `access`
    and `ledger` (a folder) count on a server that is not ours, `admin_token`, which is
    never shown, on one that is.
    """

    base_url: str
    timeout: float = 30.0
    ca_file: str | None = None
    insecure: bool = False
    access: str | None = None
    rate_limit: int | None = None
    ledger: str | None = None
    admin_token: str | None = field(default=None, repr=False)

    @property
    def controls(self) -> Pairs:
        """The headers that the controls of a server of ours want."""
        if self.admin_token is None:
            return ()
        return (("Authorization", f"Bearer {self.admin_token}"),)

    @property
    def transport(self) -> HttpTransport:
        """A way to the server."""
        trusted = self.ca_file or True
        verify = False if self.insecure else trusted
        return HttpTransport(self.base_url, self.timeout, verify)

    @property
    def curl(self) -> list[str]:
        """The shell line, if it needs one, that has curl trust whom this trusts."""
        if not self.is_secure:
            return []
        trusting = f"--cacert {quote(self.ca_file)}" if self.ca_file else ""
        words = "--insecure" if self.insecure else trusting
        return [f'curl() {{ command curl {words} "$@"; }}'] if words else []

    @property
    def is_secure(self) -> bool:
        """Whether the server is asked over HTTPS."""
        return urlsplit(self.base_url).scheme == "https"

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

        Raises `CannotJudgeError` where it cannot be reached, wants another token or
        serves another API.
        """
        asked = Request("GET", "/__admin/health", (), self.controls)
        try:
            answer = self.transport.send(asked)
            if answer.status == UNAUTHORIZED:
                self._tell_of_token(answer)
            served = json.loads(answer.body)["api"]
        except UnreachableError as error:
            raise CannotJudgeError(f"cannot reach {error}") from None
        except (ValueError, KeyError, TypeError):
            return False
        if served != api:
            raise CannotJudgeError(f"{self.base_url} serves {served}, not {api}")
        return True

    def _tell_of_token(self, answer: Response) -> None:
        """Raise `CannotJudgeError` where it is our own controls that refuse."""
        if answer.headers.get("www-authenticate") != OUR_REALM:
            return
        wrong = "--admin-token is not the token of the controls there"
        missing = "the controls there need a token: give it by --admin-token"
        told = missing if self.admin_token is None else wrong
        raise CannotJudgeError(f"{self.base_url} is a tasktwin server, but {told}")


IN_THIS_PROCESS = Connection(IN_PROCESS)  # nothing to be trusted, and no controls


def bundled(api: str, app: "WSGIApplication", seed: int) -> "Target":
    """The mock in this process."""
    from tasktwin_contract.target import Target

    return Target(api, WsgiTransport(app), None, seed)


def reach(api: str, connection: Connection, seed: int) -> "Target":
    """The server under test. Raises `CannotJudgeError`."""
    from tasktwin_contract.target import Target

    if connection.lends(api):
        return Target(api, connection.transport, connection.base_url, seed, connection)
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
