"""Signing in and out, and whose session a request belongs to.

Published at https://hitask.com under Authentication, API Key, and User.
"""

from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver import api
from tasktwin_mockserver.api import Answer, Caller, operation
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.hitask.accounts import require_order
from tasktwin_mockserver.hitask.errors import (
    InvalidApiKeyError,
    ReadOnlyKeyError,
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
SIGN_OUT = "logout"
TEAM_LEVEL = 200


def identify(
    world: HiTaskWorld, operation: Operation, request: Request, write: Write
) -> Caller[Any]:
    """Who asks: by session, or by API key where no session is needed yet."""
    if operation.secured:
        return _by_session(world, operation, request, write)
    if operation.public:
        return Caller(None)
    key = _key(request)
    if not isinstance(key, str) or key not in world.api_keys:
        raise InvalidApiKeyError
    return Caller(None, key=key)


def client(world: HiTaskWorld, request: Request) -> str | None:
    """Who a request counts for: a known API key, or else a known session."""
    try:
        key, token = _key(request), _token(request)
    except Refusal:  # what the body says cannot be read
        return None
    if isinstance(key, str) and key in world.api_keys:
        return key
    return token if isinstance(token, str) and token in world.sessions else None


@operation("authenticate")
def authenticate(call: api.Call[None], world: HiTaskWorld) -> Answer:
    """Open a session for the user of that login and password."""
    user = world.users.first("login", call.parameters["login"])
    if user is None or user.password != call.parameters["password"]:
        raise WrongLoginError("login or password")
    require_order(world, user)
    token = world.token("session", call.write.next("session"))
    writes = world.api_keys[call.caller.key].writes
    call.write.put(world.sessions, Session(token, user.id, world.clock.now(), writes))
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


@operation(SIGN_OUT)
def logout(call: Call, world: HiTaskWorld) -> None:
    """End the session by which the caller came, and no other."""
    call.write.remove(world.sessions, call.caller.session)


def _by_session(
    world: HiTaskWorld, operation: Operation, request: Request, write: Write
) -> Caller[User]:
    token = _token(request)
    if not token and "session" in operation.refusals:
        raise Refusal("missing", "session_id", operation.refusals["session"])
    session = world.sessions.get(token) if isinstance(token, str) else None
    now = world.clock.now()
    if session is None or now - session.used > LIFETIME:
        raise SessionNotFoundError
    user = world.users[session.user]
    require_order(world, user)
    if not session.writes and operation.effect != "read" and operation.id != SIGN_OUT:
        raise ReadOnlyKeyError
    if session.used != now:
        write.put(world.sessions, replace(session, used=now))
    return Caller(user, session.id)


def _key(request: Request) -> Any:
    return request.values.get("api_key") or request.header("AUTHORIZATION")


def _token(request: Request) -> Any:
    return (
        request.values.get("session_id")
        or request.header("X_HI_SESSION")
        or request.cookies.get(COOKIE)
    )
