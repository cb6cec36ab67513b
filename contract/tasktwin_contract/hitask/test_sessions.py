"""Signing in and out, and what a session opens."""

import re
from typing import Any

import pytest
from hypothesis import given

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.examples import OPERATIONS, SECURED, example
from tasktwin_contract.hitask.values import texts
from tasktwin_contract.reply import Reply
from tasktwin_contract.target import Target, World
from tasktwin_contract.wire import Pairs

DAY = 24 * 3600
LIFETIME = 30 * DAY
AGES = 10 * 365 * DAY  # longer than any session
LEVELS = {
    "owner": 300,
    "administrator": 210,
    "manager": 202,
    "member": 201,
    "colleague": 201,
}
TYPES = {"TEAM_BASIC", "TEAM_BUSINESS", "PERSONAL_FREE", "PERSONAL_PREMIUM"}
# Those whose own documents have no other refusal for this.
USUAL = [name for name in SECURED if "session" not in OPERATIONS[name].refusals]
WRONG_KEYS = ("no such key", "0", "00000000-0000-4000-8000-000000000000")
WRONG_CREDENTIALS = (
    {"password": "wrong"},
    {"password": "0"},
    {"login": "nobody-has-this-login"},
    {"login": "nobody-has-this-login", "password": "wrong"},
)


def sign_in(world: World, who: str = "owner", **changed: Any) -> Reply:
    """The reply to signing in as `who`, with other or fewer credentials."""
    person, key = world.people[who], world.api_key
    right = {"login": person["login"], "password": person["password"], "api_key": key}
    return world.nobody.call("authenticate", **{**right, **changed})


def cookies(reply: Reply) -> str:
    """What a browser sends back of the cookies that a reply set."""
    lines = re.split(r",\s*(?=[^;,\s]+=)", reply.headers.get("set-cookie", ""))
    return "; ".join(line.partition(";")[0].strip() for line in lines)


@clause("HT-SESSION-01")
@pytest.mark.parametrize("who", ["owner", "member", "outsider", "personal"])
def test_signing_in(target: Target, who: str) -> None:
    """Signing in with login, password and API key answers id, level and session_id."""
    with target.world() as world:
        reply = sign_in(world, who).expect(200)
        assert reply["id"] == getattr(world, who).number
        assert type(reply["level"]) is int
        assert isinstance(reply["session_id"], str)
        assert reply["session_id"]


@clause("HT-SESSION-02")
@pytest.mark.parametrize("who", ["owner", "member", "personal"])
def test_signing_in_tells_of_the_account(target: Target, who: str) -> None:
    """Signing in also answers login_id, account_type, e-mail and picture_hash."""
    with target.world() as world:
        actor = getattr(world, who)
        account = actor.call("getUser").arranged()
        reply = sign_in(world, who).expect(200)
        assert reply["login_id"] == actor.login
        assert reply["email"] == actor.email
        assert reply["account_type"] in TYPES
        assert reply["picture_hash"] == account["pictureHash"]
        assert reply["email_confirmed"] == account["emailConfirmed"]


@clause("HT-SESSION-03")
@pytest.mark.parametrize("who", LEVELS)
def test_the_level_of_a_teams_member(target: Target, who: str) -> None:
    """For a team's member the level at sign-in is 200 and the membership level."""
    with target.world() as world:
        assert sign_in(world, who).expect(200)["level"] == LEVELS[who]


@clause("HT-SESSION-03")
def test_the_level_of_a_personal_account(target: Target) -> None:
    """Without a team the level at sign-in is that of the account."""
    with target.world() as world:
        account = world.personal.call("getUser").arranged()
        assert sign_in(world, "personal").expect(200)["level"] == account["level"]


@clause("HT-SESSION-04")
@pytest.mark.parametrize("name", SECURED)
def test_the_cookie_opens_everything(target: Target, name: str) -> None:
    """Signing in sets a cookie that opens every operation by itself."""
    with target.world() as world:
        parameters = example(world, name)
        cookie = cookies(sign_in(world).expect(200))
        headers = (("Cookie", cookie),)
        raw.send(world.nobody, name, parameters, headers=headers).expect(200)


@clause("HT-SESSION-05")
def test_the_cookie_is_a_careful_one(target: Target) -> None:
    """The cookie is called session_id, is HttpOnly and SameSite=Lax."""
    with target.world() as world:
        reply = sign_in(world).expect(200)
        parts = reply.headers.get("set-cookie", "").split(";")
        marks = {part.strip().lower() for part in parts[1:]}
        assert parts[0] == f"session_id={reply['session_id']}"
        assert {"httponly", "samesite=lax"} <= marks


@clause("HT-SESSION-06")
@pytest.mark.parametrize("name", SECURED)
def test_the_header_opens_everything(target: Target, name: str) -> None:
    """The header x-hi-session with the session opens every operation."""
    with target.world() as world:
        parameters = example(world, name)
        headers = (("x-hi-session", world.owner.signed_in().session_id),)
        raw.send(world.nobody, name, parameters, headers=headers).expect(200)


@clause("HT-SESSION-07")
def test_logging_out_by_parameter(target: Target) -> None:
    """Logging out takes the session as the parameter session_id."""
    with target.world() as world:
        session = world.owner.signed_in().session_id
        world.nobody.call("logout", session_id=session).expect(200)


@clause("HT-SESSION-08")
@pytest.mark.parametrize("name", [name for name in SECURED if name != "logout"])
def test_the_parameter_opens_everything(target: Target, name: str) -> None:
    """Every operation takes the session as the parameter session_id."""
    with target.world() as world:
        parameters = example(world, name)
        session = world.owner.signed_in().session_id
        world.nobody.call(name, **parameters, session_id=session).expect(200)


@clause("HT-SESSION-09")
@pytest.mark.parametrize("place", raw.PLACES)
def test_the_parameter_decides(target: Target, place: str) -> None:
    """Of several sessions sent, the parameter decides over header and cookie."""
    with target.world() as world:
        owner, parameter = world.owner.using(via=place), world.member.session_id
        cookie = _cookie(world.outsider)
        sent = {"session_id": parameter}
        both = raw.send(owner, "getUser", sent, headers=cookie).expect(200)
        one = raw.send(world.nobody, "getUser", sent, headers=cookie).expect(200)
        assert (both["id"], one["id"]) == (world.member.number, world.member.number)


@clause("HT-SESSION-09")
def test_the_header_decides_over_the_cookie(target: Target) -> None:
    """Of a session in the header and one in the cookie the header decides."""
    with target.world() as world:
        reply = raw.send(world.owner, "getUser", headers=_cookie(world.member))
        assert reply.expect(200)["id"] == world.owner.number


@clause("HT-SESSION-09")
def test_what_decides_and_is_unknown(target: Target) -> None:
    """A session that decides and is unknown is refused, whatever else is sent."""
    with target.world() as world:
        unknown, cookie = world.guid(), _cookie(world.owner)
        stranger = world.owner.with_session(unknown)
        world.owner.call("getUser", session_id=unknown).refused()
        raw.send(stranger, "getUser", headers=cookie).refused()
        sent = {"session_id": unknown}
        raw.send(world.nobody, "getUser", sent, headers=cookie).refused()


def _cookie(actor: Actor) -> Pairs:
    return (("Cookie", f"session_id={actor.session_id}"),)


@clause("HT-SESSION-10")
@pytest.mark.parametrize("key", WRONG_KEYS)
def test_a_wrong_api_key(target: Target, key: str) -> None:
    """Signing in with a wrong API key is refused with 401."""
    with target.world() as world:
        sign_in(world, api_key=key).refused(401)


@clause("HT-SESSION-11")
@pytest.mark.parametrize("key", WRONG_KEYS)
def test_the_code_of_a_wrong_api_key(target: Target, key: str) -> None:
    """Signing in with a wrong API key is refused with code 8."""
    with target.world() as world:
        assert sign_in(world, api_key=key).refused().code == 8


@clause("HT-SESSION-12")
def test_no_api_key(target: Target) -> None:
    """Signing in without an API key is refused with 401 and code 8."""
    with target.world() as world:
        sign_in(world, api_key=None).refused(401, 8)


@clause("HT-SESSION-13")
@pytest.mark.parametrize("missing", [["login"], ["password"], ["login", "password"]])
def test_half_of_the_credentials(target: Target, missing: list[str]) -> None:
    """Signing in without login or without password is refused with 400 and code 4."""
    with target.world() as world:
        nothing: dict[str, Any] = dict.fromkeys(missing)
        sign_in(world, **nothing).refused(400, 4)


@clause("HT-SESSION-14")
@pytest.mark.parametrize("wrong", WRONG_CREDENTIALS)
def test_wrong_credentials(target: Target, wrong: dict[str, str]) -> None:
    """Signing in with a wrong password or an unknown login is refused."""
    with target.world() as world:
        sign_in(world, **wrong).refused()


@clause("HT-SESSION-14")
@given(password=texts(40).map("zz{}".format))
def test_any_other_password(target: Target, password: str) -> None:
    """Signing in with whatever other password is refused."""
    with target.world() as world:
        sign_in(world, password=password).refused()


@clause("HT-SESSION-14")
def test_the_password_of_somebody_else(target: Target) -> None:
    """Signing in with another user's password is refused."""
    with target.world() as world:
        sign_in(world, password=world.member.password).refused()


@clause("HT-SESSION-15")
@pytest.mark.parametrize("wrong", WRONG_CREDENTIALS)
def test_the_status_of_wrong_credentials(target: Target, wrong: dict[str, str]) -> None:
    """Signing in with a wrong password or an unknown login is refused with 403."""
    with target.world() as world:
        sign_in(world, **wrong).refused(403)


@clause("HT-SESSION-16")
@pytest.mark.parametrize("wrong", WRONG_CREDENTIALS)
def test_the_code_of_wrong_credentials(target: Target, wrong: dict[str, str]) -> None:
    """Signing in with a wrong password or an unknown login is refused with code 6."""
    with target.world() as world:
        assert sign_in(world, **wrong).refused().code == 6


@clause("HT-SESSION-17")
def test_a_session_lives_from_its_last_use(target: Target) -> None:
    """A session lives 30 days after its last use."""
    with target.world() as world:
        world.freeze()
        guest = world.owner.signed_in()
        for _ in range(3):
            world.advance(LIFETIME - 1)
            guest.call("getUser").expect(200)
        world.advance(LIFETIME + 1)
        guest.call("getUser").refused()


@clause("HT-SESSION-17")
def test_a_session_that_is_never_used(target: Target) -> None:
    """A session that is not used lives 30 days from the signing in."""
    with target.world() as world:
        world.freeze()
        guest = world.owner.signed_in()
        world.advance(LIFETIME - 1)
        world.owner.signed_in().call("getUser").expect(200)
        world.advance(2)
        guest.call("getUser").refused()


@clause("HT-SESSION-18")
@pytest.mark.parametrize("name", SECURED)
def test_without_a_session(target: Target, name: str) -> None:
    """Without a session every operation but signing in is refused."""
    with target.world() as world:
        world.nobody.call(name, **example(world, name)).refused()


@clause("HT-SESSION-19")
@pytest.mark.parametrize("name", USUAL)
def test_the_refusal_without_a_session(target: Target, name: str) -> None:
    """A missing session is refused with 401 and code 7."""
    with target.world() as world:
        world.nobody.call(name, **example(world, name)).refused(401, 7)


@clause("HT-SESSION-19")
@pytest.mark.parametrize("way", ["header", "cookie", "parameter"])
@pytest.mark.parametrize("name", ["getUser", "listItems"])
def test_an_unknown_session(target: Target, name: str, way: str) -> None:
    """An unknown session is refused with 401 and code 7, however it is sent."""
    with target.world() as world:
        stranger = world.owner.with_session(world.guid()).using(session_by=way)
        stranger.call(name).refused(401, 7)


@clause("HT-SESSION-19")
@given(session=texts(40).map("zz{}".format))
def test_any_other_session(target: Target, session: str) -> None:
    """Whatever else is sent as a session is refused with 401 and code 7."""
    with target.world() as world:
        world.nobody.call("getUser", session_id=session).refused(401, 7)


@clause("HT-SESSION-19")
def test_the_refusal_of_a_session_that_ended(target: Target) -> None:
    """A session that has ended is refused with 401 and code 7."""
    with target.world() as world:
        ended = world.owner.signed_in()
        ended.call("logout").arranged()
        ended.call("getUser").refused(401, 7)


@clause("HT-SESSION-19")
def test_the_refusal_of_a_session_that_expired(target: Target) -> None:
    """A session that has expired is refused with 401 and code 7, if it ended or not."""
    with target.world() as world:
        world.freeze()
        ended, expired = world.owner.signed_in(), world.owner.signed_in()
        ended.call("logout").arranged()
        world.advance(AGES)
        ended.call("getUser").refused(401, 7)
        expired.call("getUser").refused(401, 7)


@clause("HT-SESSION-20")
def test_logging_out(target: Target) -> None:
    """Logging out ends that session."""
    with target.world() as world:
        guest = world.owner.signed_in()
        guest.call("logout").expect(200)
        guest.call("getUser").refused()


@clause("HT-SESSION-21")
def test_logging_out_of_one_of_many(target: Target) -> None:
    """Logging out leaves the user's other sessions, and everybody else's, alone."""
    with target.world() as world:
        gone, stays = world.owner.signed_in(), world.owner.signed_in()
        gone.call("logout").arranged()
        stays.call("getUser").expect(200)
        world.owner.call("getUser").expect(200)
        world.member.call("getUser").expect(200)


@clause("HT-SESSION-22")
@pytest.mark.parametrize("place", raw.PLACES)
def test_the_api_key_in_a_header(target: Target, place: str) -> None:
    """The API key may come in the header Authorization instead of the parameter."""
    with target.world() as world:
        owner, nobody = world.owner, world.nobody.using(via=place)
        sent = {"login": owner.login, "password": owner.password}
        headers = (("Authorization", world.api_key),)
        raw.send(nobody, "authenticate", sent, headers=headers).expect(200)


@clause("HT-SESSION-22")
def test_a_wrong_api_key_in_a_header(target: Target) -> None:
    """A wrong API key in the header Authorization signs nobody in."""
    with target.world() as world:
        owner = world.owner
        sent = {"login": owner.login, "password": owner.password}
        headers = (("Authorization", "no such key"),)
        raw.send(world.nobody, "authenticate", sent, headers=headers).refused()


@clause("HT-SESSION-23")
@pytest.mark.parametrize("name", SECURED)
def test_a_session_that_has_ended(target: Target, name: str) -> None:
    """A session that has ended is refused, by every operation."""
    with target.world() as world:
        parameters = example(world, name)
        guest = world.owner.signed_in()
        guest.call("logout").arranged()
        guest.call(name, **parameters).refused()


@clause("HT-SESSION-24")
@pytest.mark.parametrize("way", ["header", "cookie", "parameter"])
def test_a_session_that_has_expired(target: Target, way: str) -> None:
    """An expired session is refused, however it is sent."""
    with target.world() as world:
        world.freeze()
        guest = world.owner.signed_in().using(session_by=way)
        world.advance(AGES)
        guest.call("getUser").refused()
