"""Signing in and out, and who asks: by session, or by login and password.

Published at http://www.5pmweb.com under Authentication.
"""

from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver import api
from tasktwin_mockserver.api import Caller, operation
from tasktwin_mockserver.clock import MICROSECONDS
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.fivepm.errors import UnauthenticatedError
from tasktwin_mockserver.fivepm.records import Session, User
from tasktwin_mockserver.fivepm.shapes import SignedIn, SignedOut
from tasktwin_mockserver.fivepm.universe import Call, FivePmWorld
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.world import Write
from tasktwin_schemas import Operation

LIFETIME = 30 * 60 * MICROSECONDS


def identify(
    world: FivePmWorld, operation: Operation, request: Request, write: Write
) -> Caller[Any]:
    """Who asks; a session counts over login and password."""
    if operation.public:
        return Caller(None)
    values = request.values
    if values.get("sessionId"):
        return _by_session(world, values["sessionId"], write)
    return Caller(_by_password(world, values.get("login"), values.get("password")))


def client(world: FivePmWorld, request: Request) -> str | None:
    """Who a request counts for: a known session's user, or a known login's."""
    try:
        values = request.values
    except Refusal:  # what the body says cannot be read
        return None
    session = world.sessions.get(values.get("sessionId", ""))
    if session is not None:
        return str(session.user)
    user = _named(world, values.get("login"))
    return None if user is None else str(user.id)


@operation("authenticationSignIn")
def authentication_sign_in(call: api.Call[None], world: FivePmWorld) -> SignedIn:
    """Open a session for the user of that login and password."""
    sent = call.parameters
    user = _by_password(world, sent["login"], sent["password"])
    token = world.token("session", call.write.next("session"))
    call.write.put(world.sessions, Session(token, user.id, world.clock.now()))
    return SignedIn(token)


@operation("authenticationSignOut")
def authentication_sign_out(call: Call, world: FivePmWorld) -> SignedOut:
    """End the session by which the caller came, if it was one."""
    if call.caller.session is not None:
        call.write.remove(world.sessions, call.caller.session)
    return SignedOut(call.caller.session is not None)


@operation("authenticationGetAuthorizedUser")
def authentication_get_authorized_user(call: Call, world: FivePmWorld) -> User:
    """The caller."""
    return call.user


def _by_session(world: FivePmWorld, token: Any, write: Write) -> Caller[User]:
    session = world.sessions.get(token) if isinstance(token, str) else None
    now = world.clock.now()
    if session is None or now - session.used >= LIFETIME:
        raise UnauthenticatedError("There is no such session.")
    if session.used != now:
        write.put(world.sessions, replace(session, used=now))
    return Caller(world.users[session.user], session.id)


def _by_password(world: FivePmWorld, login: Any, password: Any) -> User:
    user = _named(world, login)
    if user is None or user.password is None or user.password != password:
        raise UnauthenticatedError("Login or password is wrong.")
    return user


def _named(world: FivePmWorld, login: Any) -> User | None:
    """The user of that e-mail address, in whatever letter case."""
    if not isinstance(login, str):
        return None
    return world.users.first("email", login.casefold())
