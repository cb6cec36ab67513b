"""Signing in and out, and whose session a request belongs to.

Published at https://hitask.com under Authentication, API Key, and User.
"""

from typing import Any

from tasktwin_mockserver import api
from tasktwin_mockserver.api import Answer, Caller, operation
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.hitask.errors import (
    InvalidApiKeyError,
    SessionNotFoundError,
    WrongLoginError,
)
from tasktwin_mockserver.hitask.records import Session, User
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.world import Write
from tasktwin_schemas import Operation

LIFETIME = 30 * 24 * 3600 * 1_000_000
COOKIE = "session_id"
TEAM_LEVEL = 200


def identify(
    world: HiTaskWorld, operation: Operation, request: Request, write: Write
) -> Caller[Any]:
    """Who asks: by session, or by API key where no session is needed yet."""
    if operation.secured:
        return _by_session(world, operation, request, write)
    if operation.public:
        return Caller(None)
    key = request.values.get("api_key") or request.header("AUTHORIZATION")
    if not isinstance(key, str) or key not in world.api_keys:
        raise InvalidApiKeyError
    return Caller(None)


@operation("authenticate")
def authenticate(call: api.Call[None], world: HiTaskWorld) -> Answer:
    """Open a session for the user of that login and password."""
    user = world.users.first("login", call.parameters["login"])
    if user is None or user.password != call.parameters["password"]:
        raise WrongLoginError("login or password")
    token = world.token("session", call.write.next("session"))
    call.write.put(world.sessions, Session(token, user.id, world.clock.now()))
    level = TEAM_LEVEL + user.membership if user.membership else user.level
    data = {
        "id": user.id,
        "level": level,
        "session_id": token,
        "login_id": user.login,
        "account_type": user.account_type,
        "email": user.email,
        "email_confirmed": user.email_confirmed,
        "picture_hash": user.picture_hash,
    }
    return Answer(data, cookies=((COOKIE, token),))


@operation("logout")
def logout(call: Call, world: HiTaskWorld) -> None:
    """End the session by which the caller came, and no other."""
    call.write.remove(world.sessions, call.caller.session)


def _by_session(
    world: HiTaskWorld, operation: Operation, request: Request, write: Write
) -> Caller[User]:
    token = (
        request.values.get("session_id")
        or request.header("X_HI_SESSION")
        or request.cookies.get(COOKIE)
    )
    if not token and "session" in operation.refusals:
        raise Refusal("missing", "session_id", operation.refusals["session"])
    session = world.sessions.get(token) if isinstance(token, str) else None
    now = world.clock.now()
    if session is None or now - session.used > LIFETIME:
        raise SessionNotFoundError
    if session.used != now:
        write.put(world.sessions, Session(session.id, session.user, now))
    return Caller(world.users[session.user], session.id)
