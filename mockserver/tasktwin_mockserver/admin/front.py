"""The door of `/__admin`: who may come in, and who answers."""

import hmac
from collections.abc import Iterator
from ipaddress import ip_address

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect

from tasktwin_mockserver.admin.asked import AdminError, Asked, Control
from tasktwin_mockserver.admin.controls import CONTROLS
from tasktwin_mockserver.api import Answer
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.routes import Pattern
from tasktwin_mockserver.sight import Ask
from tasktwin_mockserver.worlds import Worlds

ROOT = "/__admin"
REALM = "tasktwin"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
MOST_BYTES = 1024 * 1024
UNREAD = {
    "too_large": (413, f"the body is larger than {MOST_BYTES} bytes"),
    "media_type": (415, "the body is compressed; send it as it is"),
}


class Admin:
    """Answers below `/__admin`, for this machine's own clients, or those with a token.

    `hosts` are the names by which the server may be asked: a page in a browser that
    reaches it by another name, or from another origin, is turned away. With a `token`
    it is that which counts, and not the name. `ask` asks a world of the API itself.
    """

    def __init__(self, worlds: Worlds, ask: Ask, token: str | None = None) -> None:
        self.worlds = worlds
        self._ask = ask
        self.hosts = set(LOOPBACK)
        self._token = token
        self._paths = Map([*_rules()], redirect_defaults=False).bind("")

    def respond(self, request: Request) -> Answer:
        """Answer `request`; an error is a sentence, with the field at fault."""
        try:
            self._guard(request)
            request.read(MOST_BYTES)
            found, name = self._found(request)
            result = found.answer(Asked(request, self.worlds, self._ask, name))
        except AdminError as error:
            words = {"error": str(error), "field": error.field}
            said = {key: value for key, value in words.items() if value}
            return Answer(said, status=error.status, headers=error.headers)
        except Refusal as refusal:
            return _unread(refusal)
        return result if isinstance(result, Answer) else Answer(result)

    def _guard(self, request: Request) -> None:
        host = request.header("HOST") or ""
        if self._token is not None:
            if not self._is_open(request):
                self._hold_to_token(request, self._token)
        elif _name_of(host) not in self.hosts:
            raise AdminError(f"not served under the name {host!r}", "Host", 403)
        elif not is_here(request.environ.get("REMOTE_ADDR")):
            raise AdminError("other machines need a token, and this has none", "", 403)
        origin = request.header("ORIGIN")
        if origin is not None and origin.partition("://")[2] != host:
            raise AdminError(f"not served to pages from {origin!r}", "Origin", 403)

    def _is_open(self, request: Request) -> bool:
        """Whether it is for the page, which asks for the token itself."""
        try:
            return self._found(request)[0].open
        except AdminError:
            return False

    def _hold_to_token(self, request: Request, token: str) -> None:
        scheme, _, told = (request.header("AUTHORIZATION") or "").partition(" ")
        same = hmac.compare_digest(told.strip().encode(), token.encode())
        if scheme.lower() != "bearer" or not same:
            words = "the controls of this server need its token"
            wanted = (("WWW-Authenticate", f'Bearer realm="{REALM}"'),)
            raise AdminError(words, "Authorization", 401, wanted)

    def _found(self, request: Request) -> tuple[Control, str]:
        path = request.path.removeprefix(ROOT)
        try:
            found, values = self._paths.match(path, request.method)
        except (NotFound, RequestRedirect):
            raise AdminError(
                f"there is nothing at {request.path}", status=404
            ) from None
        except MethodNotAllowed as error:
            methods = sorted(error.valid_methods or ())
            words = f"{request.path} takes {' and '.join(methods)} only"
            allow = (("Allow", ", ".join(methods)),)
            raise AdminError(words, status=405, headers=allow) from None
        return found, values.get("name", "")


def _rules() -> Iterator[Pattern]:
    for one in CONTROLS:
        path = one.path.replace("{name}", "<name>")
        yield Pattern(path, methods=[one.method], endpoint=one, strict_slashes=False)


def _unread(refusal: Refusal) -> Answer:
    """The answer to a request whose body is not to be had."""
    status, words = UNREAD.get(refusal.kind, (400, "the request could not be read"))
    return Answer({"error": words}, status=status)


def is_here(address: str | None) -> bool:
    """Whether a client is on this machine, as far as the server knows its address."""
    if not address:
        return True
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return (getattr(known, "ipv4_mapped", None) or known).is_loopback


def _name_of(host: str) -> str:
    """The name in a Host header, without its port."""
    name, colon, port = host.rpartition(":")
    return name.lower() if colon and port.isdigit() else host.lower()
