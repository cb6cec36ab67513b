"""Users."""

from typing import Any

import pytest
from hypothesis import given

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.fivepm.cast import ACTORS
from tasktwin_contract.fivepm.steps import (
    FIELDS,
    added,
    changed,
    everything,
    filled,
    new,
    newcomer,
    only,
)
from tasktwin_contract.reply import Reply
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target, World
from tasktwin_schemas import schema

PAGE = {*schema("fivepm", "user")["properties"]}
KEPT = [name for name in FIELDS["user"] if name != "password"]


def sign_in(world: World, login: Any, password: Any) -> Reply:
    """Call signIn."""
    words = {"login": login, "password": password}
    return world.nobody.call("authenticationSignIn", **words)


def by_email(actor: Actor, email: str) -> Reply:
    """Call getByEmail."""
    return actor.call("usersGetByEmail", email=email)


@clause("FP-USER-01")
@pytest.mark.parametrize("who", ACTORS)
def test_what_a_user_has(target: Target, who: str) -> None:
    """A user has the attributes of the page, but for the password."""
    with target.world() as world:
        actor = getattr(world, who)
        for shown in (
            actor.call("authenticationGetAuthorizedUser").expect(200).data,
            world.admin.shown("user", actor.id),
            by_email(world.admin, actor.email).expect(200).data,
            world.admin.listed("user")[actor.id],
        ):
            assert shown.keys() - {"status"} <= PAGE
            assert {"id", "securityLevel", "canViewProfiles"} <= shown.keys()
            assert (shown["id"], shown["email"]) == (actor.id, actor.email)


@clause("FP-USER-02")
@pytest.mark.parametrize("name", KEPT)
def test_a_user_keeps_what_it_is_given(target: Target, name: str) -> None:
    """A user keeps each attribute that it was added with."""
    with target.world() as world:
        value = filled(world, "user")[name]
        assert added(world.admin, "user", **{name: value})[name] == value


@clause("FP-USER-02")
@given(name=titles(60))
def test_adding_a_user(target: Target, name: str) -> None:
    """What is added is found under the id that was answered, with everything."""
    with target.world() as world:
        fields = {**filled(world, "user"), "lastName": name}
        number = world.admin.add("user", **fields).expect(200)["id"]
        shown = world.admin.shown("user", number)
        wanted = {key: fields[key] for key in KEPT}
        assert only(shown, wanted) == wanted
        assert only(world.admin.listed("user")[number], wanted) == wanted


@clause("FP-USER-03")
@pytest.mark.parametrize(
    "fields",
    [{}, {"lastName": "Jansen"}, {"firstName": ""}, {"firstName": "", "email": ""}],
)
def test_users_without_a_name(target: Target, fields: dict[str, Any]) -> None:
    """With neither firstName nor e-mail address a user is refused with 400."""
    with target.world() as world:
        before = everything(world)
        world.admin.add("user", **fields).refused(400)
        assert everything(world) == before


@clause("FP-USER-03")
def test_users_with_one_of_both(target: Target) -> None:
    """A user is added with a firstName or an e-mail address."""
    with target.world() as world:
        email = world.address()
        named = world.admin.add("user", firstName="Ida").expect(200)
        assert (named["firstName"], named["email"]) == ("Ida", None)
        mailed = world.admin.add("user", email=email).expect(200)
        assert (mailed["firstName"], mailed["email"]) == (None, email)


@clause("FP-USER-04")
@pytest.mark.parametrize("way", [str, str.upper, str.title])
def test_addresses_are_nobody_elses(target: Target, way: Any) -> None:
    """An e-mail address that another user has is refused with 400."""
    with target.world() as world:
        email = world.address()
        new(world.admin, "user", email=email)
        other = new(world.admin, "user")["id"]
        before = everything(world)
        world.admin.add("user", email=way(email)).refused(400)
        world.admin.change("user", other, email=way(email)).refused(400)
        world.admin.add("user", email=way(world.user.email)).refused(400)
        assert everything(world) == before


@clause("FP-USER-04")
def test_addresses_of_ones_own(target: Target) -> None:
    """A user may be given the address that they have, and one that is free again."""
    with target.world() as world:
        email = world.address()
        one = new(world.admin, "user", email=email)["id"]
        same = changed(world.admin, "user", one, email=email.upper())
        assert same["email"] == email.upper()
        world.admin.change("user", one, email=world.address()).expect(200)
        world.admin.add("user", email=email).expect(200)


@clause("FP-USER-05")
def test_defaults(target: Target) -> None:
    """Without one sent, the securityLevel is 100, and canViewProfiles is true."""
    with target.world() as world:
        shown = added(world.admin, "user")
        assert (shown["securityLevel"], shown["canViewProfiles"]) == ("100", True)


@clause("FP-USER-06")
@pytest.mark.parametrize("who", ACTORS)
def test_finding_by_address(target: Target, who: str) -> None:
    """A user is found by the e-mail address."""
    with target.world() as world:
        actor = getattr(world, who)
        found = by_email(world.admin, actor.email).expect(200)
        assert found.data == world.admin.get("user", actor.id).data


@clause("FP-USER-06")
def test_finding_a_new_one_by_address(target: Target) -> None:
    """A new user is found by the address, and by that of before no more."""
    with target.world() as world:
        first, second = world.address(), world.address()
        number = new(world.admin, "user", email=first)["id"]
        assert by_email(world.admin, first).expect(200)["id"] == number
        world.admin.change("user", number, email=second).expect(200)
        assert by_email(world.admin, second).expect(200)["id"] == number
        by_email(world.admin, first).refused()


@clause("FP-USER-07")
@pytest.mark.parametrize("form", ["xml", "json"])
def test_no_answer_has_a_password(target: Target, form: str) -> None:
    """No answer has a password, by whatever name it is written."""
    with target.world() as world:
        admin, secret = world.admin.using(form=form), world.guid()
        email = world.address()
        words = {"email": email, "firstName": "Ida", "password": secret}
        number = admin.add("user", **words).expect(200)["id"]
        admin.change("user", number, **words).expect(200)
        admin.get("user", number).expect(200)
        admin.page("user").expect(200)
        by_email(admin, email).expect(200)
        admin.add("user", **words).refused()
        sign_in(world, email, f"{secret}x").refused()
        for reply in world.history:
            assert secret.encode() not in reply.body, reply.summary


@clause("FP-USER-08")
def test_who_can_sign_in(target: Target) -> None:
    """A user with address and password can sign in, and one without either cannot."""
    with target.world() as world:
        one, other, secret = world.address(), world.address(), world.guid()
        new(world.admin, "user", email=one, password=secret)
        new(world.admin, "user", email=other)
        new(world.admin, "user", password=secret)
        session = sign_in(world, one, secret).expect(200)["sessionId"]
        told = world.nobody.call("authenticationGetAuthorizedUser", sessionId=session)
        assert told.expect(200)["email"] == one
        for password in ("", secret, "None", "null"):
            sign_in(world, other, password).refused()
        for login in ("", "Ida", "None", "null"):
            sign_in(world, login, secret).refused()


@clause("FP-USER-09")
def test_another_password(target: Target) -> None:
    """A password that was changed is good at once, and the one before no more."""
    with target.world() as world:
        email, old, fresh = world.address(), world.guid(), world.guid()
        number = new(world.admin, "user", email=email, password=old)["id"]
        world.admin.change("user", number, password=fresh).expect(200)
        sign_in(world, email, fresh).expect(200)
        sign_in(world, email, old).refused()
        world.admin.change("user", number, lastName="Jansen").expect(200)
        sign_in(world, email, fresh).expect(200)


@clause("FP-USER-10")
def test_a_user_who_was_removed(target: Target) -> None:
    """A user who was removed is in no list and is not found."""
    with target.world() as world:
        email = world.address()
        gone = new(world.admin, "user", email=email)["id"]
        kept = new(world.admin, "user")["id"]
        world.admin.remove("user", gone).expect(200)
        world.admin.get("user", gone).refused()
        by_email(world.admin, email).refused()
        listed = world.admin.listed("user")
        assert gone not in listed
        assert kept in listed


@clause("FP-USER-11")
@pytest.mark.parametrize("noun", ["project", "task"])
def test_what_a_user_leaves(target: Target, noun: str) -> None:
    """Whoever was removed is on no team; what they own and posted stays theirs."""
    with target.world() as world:
        who = newcomer(world)
        others = [world.user.number]
        team = sorted([who.number, *others])
        thing = new(who, noun, team=team, notifyUsers=team)
        note = who.made("activity", **{f"{noun}Id": thing["id"]}, notifyUsers=team)
        world.admin.remove("user", who.id).expect(200)
        shown = world.admin.shown(noun, thing["id"])
        assert (shown["team"], shown["notifyUsers"]) == (others, others)
        assert shown["ownerId"] == who.number
        assert world.admin.listed(noun, loadTeam=1)[thing["id"]]["team"] == others
        posted = world.admin.shown("activity", note["id"])
        assert (posted["ownerId"], posted["notifyUsers"]) == (who.number, others)
        assert not world.admin.listed(noun, assignedTo=who.number)


@clause("FP-USER-12")
def test_sessions_of_who_was_removed(target: Target) -> None:
    """The sessions of a user who was removed are none any more."""
    with target.world() as world:
        who = newcomer(world)
        again = who.signed_in()
        world.admin.remove("user", who.id).expect(200)
        for actor in (who, again, who.using(session_by="password")):
            actor.call("authenticationGetAuthorizedUser").refused()
        sign_in(world, who.login, who.password).refused()


@clause("FP-USER-13")
@pytest.mark.parametrize("level", ["100", "150", "200"])
def test_the_last_admin(target: Target, level: str) -> None:
    """The last user of level 0 can neither be removed nor given another level: 403."""
    with target.world() as world:
        admin, other = world.admin, newcomer(world, 0)
        admin.change("user", other.id, securityLevel=level).expect(200)
        before = everything(world)
        admin.remove("user", admin.id).refused(403)
        admin.change("user", admin.id, securityLevel=level).refused(403)
        assert everything(world) == before
        admin.change("user", admin.id, securityLevel="0").expect(200)


@clause("FP-USER-13")
def test_one_of_two_admins(target: Target) -> None:
    """One of two users of level 0 may be removed; then the other is the last."""
    with target.world() as world:
        other = newcomer(world, 0)
        other.remove("user", other.id).expect(200)
        world.admin.remove("user", world.admin.id).refused(403)
        another = newcomer(world, 0)
        another.change("user", world.admin.id, securityLevel="100").expect(200)
        another.remove("user", another.id).refused(403)


@clause("FP-USER-14")
@pytest.mark.parametrize(
    ("has", "clears"),
    [
        (("email",), ("email",)),
        (("firstName",), ("firstName",)),
        (("email", "firstName"), ("email", "firstName")),
    ],
)
def test_clearing_both(
    target: Target, has: tuple[str, ...], clears: tuple[str, ...]
) -> None:
    """Neither may be cleared where the user would have neither: 400."""
    with target.world() as world:
        known = {"email": world.address(), "firstName": "Ida"}
        fields = {name: known[name] for name in has}
        number = world.admin.add("user", **fields).arranged()["id"]
        world.admin.change("user", number, **dict.fromkeys(clears, "")).refused(400)
        assert only(world.admin.shown("user", number), fields) == fields


@clause("FP-USER-14")
@pytest.mark.parametrize("name", ["email", "firstName"])
def test_clearing_one(target: Target, name: str) -> None:
    """One of both may be cleared where the other stays."""
    with target.world() as world:
        fields = {"email": world.address(), "firstName": "Ida"}
        number = world.admin.add("user", **fields).arranged()["id"]
        assert changed(world.admin, "user", number, **{name: ""})[name] is None


@clause("FP-USER-15")
@pytest.mark.parametrize("who", ACTORS)
def test_users_by_id(target: Target, who: str) -> None:
    """A user is answered under users, not under tasks, by the id."""
    with target.world() as world:
        actor = getattr(world, who)
        assert world.admin.shown("user", actor.id)["email"] == actor.email
        world.admin.get("task", actor.id).refused()
