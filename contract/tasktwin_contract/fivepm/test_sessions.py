"""Who a call comes from: sessions, and logins with passwords."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.fivepm import raw
from tasktwin_contract.fivepm.cast import ACTORS
from tasktwin_contract.fivepm.examples import SECURED, example
from tasktwin_contract.reply import Reply
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target, World

MINUTE = 60
LIFE = 30 * MINUTE
META = ("metainfoGetStatuses", "metainfoGetPriorities")
WRONG = {
    "password": {"password": "wrong"},
    "login": {"login": "nobody@example.com"},
    "empty password": {"password": ""},
    "empty login": {"login": ""},
}


def sign_in(world: World, **words: Any) -> Reply:
    """Call signIn as nobody; the admin's credentials unless others are given."""
    known = {"login": world.admin.login, "password": world.admin.password}
    return world.nobody.call("authenticationSignIn", **{**known, **words})


def who_is(actor: Actor, **words: Any) -> Reply:
    """Call getAuthorizedUser."""
    return actor.call("authenticationGetAuthorizedUser", **words)


def is_nobody(actor: Actor, status: int | None = None) -> None:
    """Demand that the actor's session is none."""
    who_is(actor).refused(status)


def by_password(actor: Actor, **facts: str) -> Actor:
    """The same person without a session, or with other facts."""
    return replace(actor, facts={**actor.facts, **facts}).using(session_by="password")


@clause("FP-AUTH-01", "FP-AUTH-03")
@pytest.mark.parametrize("who", ACTORS)
def test_signing_in(target: Target, who: str) -> None:
    """Signing in answers a sessionId, which authenticates a call."""
    with target.world() as world:
        actor = getattr(world, who)
        reply = sign_in(world, login=actor.login, password=actor.password).expect(200)
        session = reply["sessionId"]
        assert isinstance(session, str)
        assert session
        told = who_is(world.nobody, sessionId=session).expect(200)
        assert told["id"] == actor.id


@clause("FP-AUTH-02")
def test_signing_out(target: Target) -> None:
    """Signing out answers signOutState."""
    with target.world() as world:
        reply = world.admin.signed_in().call("authenticationSignOut").expect(200)
        assert reply["signOutState"] is not None


@clause("FP-AUTH-04")
@pytest.mark.parametrize("name", [*META, "authenticationGetAuthorizedUser"])
def test_login_and_password(target: Target, name: str) -> None:
    """Login and password authenticate a call without a session."""
    with target.world() as world:
        by_password(world.admin).call(name).expect(200)


@clause("FP-AUTH-05")
@pytest.mark.parametrize("name", SECURED)
def test_login_and_password_everywhere(target: Target, name: str) -> None:
    """Login and password authenticate every operation."""
    with target.world() as world:
        parameters = example(world, name)
        by_password(world.admin).call(name, **parameters).expect(200)


@clause("FP-AUTH-05")
@pytest.mark.parametrize("name", SECURED)
@pytest.mark.parametrize("fact", ["login", "password"])
def test_wrong_login_or_password_everywhere(
    target: Target, name: str, fact: str
) -> None:
    """No operation takes a wrong login or a wrong password."""
    with target.world() as world:
        parameters = example(world, name)
        wrong = by_password(world.admin, **{fact: "wrong@example.com"})
        wrong.call(name, **parameters).refused(401)


@clause("FP-AUTH-06", "FP-AUTH-07")
@pytest.mark.parametrize("name", SECURED)
def test_without_authentication(target: Target, name: str) -> None:
    """A call without authentication is refused with 401."""
    with target.world() as world:
        world.nobody.call(name, **example(world, name)).refused(401)


@clause("FP-AUTH-06")
@pytest.mark.parametrize("name", SECURED)
def test_an_unknown_session_everywhere(target: Target, name: str) -> None:
    """A call with a session that is none fails."""
    with target.world() as world:
        parameters = example(world, name)
        world.admin.with_session(world.guid()).call(name, **parameters).refused()


@clause("FP-AUTH-06", "FP-AUTH-07")
@pytest.mark.parametrize("fact", ["login", "password"])
def test_half_an_authentication(target: Target, fact: str) -> None:
    """A login without a password is none, and the other way round: 401."""
    with target.world() as world:
        half = {fact: getattr(world.admin, fact)}
        who_is(world.nobody, **half).refused(401)


@clause("FP-AUTH-08", "FP-AUTH-09")
@pytest.mark.parametrize("words", WRONG.values(), ids=[*WRONG])
def test_wrong_credentials(target: Target, words: dict[str, str]) -> None:
    """A wrong password or an unknown login is refused."""
    with target.world() as world, judging("FP-AUTH-08"):
        sign_in(world, **words).refused()
        who_is(by_password(world.admin, **words)).refused()


@clause("FP-AUTH-09")
@pytest.mark.parametrize("words", [WRONG["password"], WRONG["login"]])
def test_how_wrong_credentials_are_refused(
    target: Target, words: dict[str, str]
) -> None:
    """A wrong password or an unknown login is refused with 401."""
    with target.world() as world:
        sign_in(world, **words).refused(401)
        who_is(by_password(world.admin, **words)).refused(401)


@clause("FP-AUTH-08", "FP-AUTH-09")
@given(session=st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_an_unknown_session(target: Target, session: str) -> None:
    """An unknown session is refused with 401."""
    with target.world() as world:
        with judging("FP-AUTH-08"):
            is_nobody(world.admin.with_session(session))
        is_nobody(world.admin.with_session(session), 401)


@clause("FP-AUTH-08", "FP-AUTH-09")
def test_somebody_elses_password(target: Target) -> None:
    """A password is good for its own user only."""
    with target.world() as world:
        words = {"login": world.admin.login, "password": world.user.password}
        sign_in(world, **words).refused(401)
        who_is(by_password(world.admin, **words)).refused(401)


@clause("FP-AUTH-10")
def test_the_session_decides(target: Target) -> None:
    """Where a call has both, the session decides."""
    with target.world() as world:
        right = {"login": world.user.login, "password": world.user.password}
        wrong = {**right, "password": "wrong"}
        stranger = world.admin.with_session(world.guid())
        is_nobody(stranger, 401)
        who_is(stranger, **right).refused(401)
        assert who_is(world.admin, **right).expect(200)["id"] == world.admin.id
        assert who_is(world.admin, **wrong).expect(200)["id"] == world.admin.id


@clause("FP-AUTH-11")
@pytest.mark.parametrize("name", ["login", "password"])
def test_signing_in_with_half(target: Target, name: str) -> None:
    """Signing in without login or password is refused with 400."""
    with target.world() as world:
        sign_in(world, **{name: None}).refused(400)


@clause("FP-AUTH-12")
@pytest.mark.parametrize("way", [str.upper, str.title, str.swapcase])
def test_letter_case(target: Target, way: Any) -> None:
    """A login is compared regardless of letter case, a password to the letter."""
    with target.world() as world:
        login, password = world.admin.login, world.admin.password
        sign_in(world, login=way(login)).expect(200)
        who_is(by_password(world.admin, login=way(login))).expect(200)
        sign_in(world, password=way(password)).refused(401)
        sign_in(world, password=f"{password} ").refused(401)
        sign_in(world, password=password[:-1]).refused(401)


@clause("FP-AUTH-13")
@pytest.mark.parametrize("who", ACTORS)
def test_who_is_authorized(target: Target, who: str) -> None:
    """The authorized user is the one whose session or password was sent."""
    with target.world() as world:
        actor = getattr(world, who)
        for way in (actor, by_password(actor)):
            told = who_is(way).expect(200)
            assert (told["id"], told["email"]) == (actor.id, actor.email)


@clause("FP-AUTH-14")
@pytest.mark.parametrize("name", ["authenticationGetAuthorizedUser", *META])
def test_a_session_that_was_signed_out(target: Target, name: str) -> None:
    """A session that was signed out is none any more."""
    with target.world() as world:
        actor = world.admin.signed_in()
        actor.call(name).expect(200)
        actor.call("authenticationSignOut").expect(200)
        actor.call(name).refused()


@clause("FP-AUTH-14")
def test_signing_out_twice(target: Target) -> None:
    """A session that was signed out cannot be signed out again."""
    with target.world() as world:
        actor = world.admin.signed_in()
        actor.call("authenticationSignOut").expect(200)
        actor.call("authenticationSignOut").refused()


@clause("FP-AUTH-15")
def test_other_sessions_stay(target: Target) -> None:
    """Signing out ends the session by which the call came and no other one."""
    with target.world() as world:
        one, two, other = (
            world.admin.signed_in(),
            world.admin.signed_in(),
            world.user.signed_in(),
        )
        two.call("authenticationSignOut").expect(200)
        is_nobody(two)
        for actor in (one, other, world.admin):
            who_is(actor).expect(200)


@clause("FP-AUTH-15")
def test_signing_out_by_both(target: Target) -> None:
    """Beside a session, login and password say nothing about which one ends."""
    with target.world() as world:
        mine, other = world.admin.signed_in(), world.user.signed_in()
        words = {"login": world.user.login, "password": world.user.password}
        mine.call("authenticationSignOut", **words).expect(200)
        is_nobody(mine)
        who_is(other).expect(200)


@clause("FP-AUTH-16")
def test_what_signing_out_says(target: Target) -> None:
    """signOutState is true where a session has ended, and false without one."""
    with target.world() as world:
        actor = world.admin.signed_in()
        state = actor.call("authenticationSignOut").expect(200)["signOutState"]
        assert state is True
        other = by_password(world.admin).call("authenticationSignOut").expect(200)
        assert other["signOutState"] is False
        who_is(world.admin).expect(200)


@clause("FP-AUTH-17")
def test_two_sessions(target: Target) -> None:
    """Two sessions of one user differ, and both are good at once."""
    with target.world() as world:
        actors = [world.admin.signed_in() for _ in range(3)]
        assert len({actor.session_id for actor in actors}) == len(actors)
        for actor in actors:
            assert who_is(actor).expect(200)["id"] == world.admin.id


@clause("FP-AUTH-18")
@pytest.mark.parametrize("beyond", [certain(1), 60, 100_000])
def test_sessions_end(target: Target, beyond: int) -> None:
    """A session ends 30 minutes after its last use."""
    with target.world() as world:
        world.freeze()
        used, unused = world.admin.signed_in(), world.admin.signed_in()
        world.advance(LIFE - 1)
        who_is(used).expect(200)
        world.advance(1 + beyond)
        is_nobody(unused)
        world.advance(LIFE)
        is_nobody(used)


@clause("FP-AUTH-19")
@given(waits=st.lists(st.integers(1, LIFE - 1), min_size=2, max_size=6))
def test_uses_prolong_a_session(target: Target, waits: list[int]) -> None:
    """Each use of a session lets it live 30 minutes more."""
    with target.world() as world:
        world.freeze()
        actor = world.admin.signed_in()
        for index, seconds in enumerate(waits):
            world.advance(seconds)
            actor.call(META[index % len(META)]).expect(200)
        world.advance(LIFE + 1)
        is_nobody(actor)


@clause("FP-AUTH-19")
def test_writing_prolongs_a_session(target: Target) -> None:
    """Writing is a use of a session too."""
    with target.world() as world:
        world.freeze()
        actor = world.admin.signed_in()
        for _ in range(3):
            world.advance(LIFE - 1)
            actor.add("project", name="a name").expect(200)


@clause("FP-AUTH-20")
@pytest.mark.parametrize("place", raw.PLACES)
@pytest.mark.parametrize("way", [None, "password"])
def test_credentials_in_a_form(target: Target, place: str, way: str | None) -> None:
    """A sessionId or a password may also stand in the form of a POST."""
    with target.world() as world:
        actor = world.user.using(via=place, session_by=way)
        made = actor.add("project", name="a name").expect(200)
        assert made["ownerId"] == world.user.number


@clause("FP-AUTH-20")
@pytest.mark.parametrize("place", raw.PLACES[1:])
def test_wrong_credentials_in_a_form(target: Target, place: str) -> None:
    """A wrong sessionId or password in a form authenticates nobody."""
    with target.world() as world:
        wrong = world.user.with_session(world.guid()).using(via=place)
        wrong.add("project", name="a name").refused(401)
        other = by_password(world.user, password="wrong").using(via=place)
        other.add("project", name="a name").refused(401)
