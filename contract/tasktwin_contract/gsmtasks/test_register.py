"""Signing up: a new account, and the user who manages it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.gsmtasks.examples import registration
from tasktwin_contract.reply import Reply
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target, World

OF_ACCOUNT = ("name", "timezone", "country_code")
OF_USER = ("first_name", "last_name", "email", "phone")


def register(world: World, sent: dict[str, Any]) -> Reply:
    """Call register."""
    return world.nobody.call("register", **sent)


def newcomer(world: World, **user: Any) -> tuple[dict[str, Any], Reply, Actor]:
    """What was sent, what was answered, and who that made."""
    sent = registration(world, **user)
    answer = register(world, sent).expect(200, 201)
    return sent, answer, world.nobody.with_session(answer["token"])


def without(sent: dict[str, Any], part: str, name: str) -> dict[str, Any]:
    """A registration without one field."""
    kept = {key: value for key, value in sent[part].items() if key != name}
    return {**sent, part: kept}


@clause("GT-AUTH-18")
def test_what_is_answered(target: Target) -> None:
    """register answers account, user and token, with their fields."""
    with target.world() as world:
        _, answer, _ = newcomer(world)
        assert {"account", "user", "token"} <= set(answer.data)
        assert {"id", "url", *OF_ACCOUNT} <= set(answer["account"])
        assert {"id", "url", *OF_USER} <= set(answer["user"])


@clause("GT-AUTH-19")
@given(
    name=titles(40).filter(lambda text: text == text.strip()),
    first=titles(40).filter(lambda text: text == text.strip()),
    zone=st.sampled_from(["Europe/Tallinn", "America/St_Johns", "Etc/GMT-14", "UTC"]),
    country=st.sampled_from(["EE", "GB", ""]),
)
def test_what_is_kept(
    target: Target, name: str, first: str, zone: str, country: str
) -> None:
    """What was registered is as it was sent."""
    with target.world() as world:
        sent = registration(world, first_name=first)
        sent["account"] = {"name": name, "timezone": zone, "country_code": country}
        answer = register(world, sent).expect(200, 201)
        who = world.nobody.with_session(answer["token"])
        account = who.shown("account", answer["account"])
        user = who.shown("user", answer["user"])
        for known in (account, answer["account"]):
            assert {key: known[key] for key in OF_ACCOUNT} == sent["account"]
        wanted = {key: sent["user"][key] for key in OF_USER}
        for known in (user, answer["user"]):
            assert {key: known[key] for key in OF_USER} == wanted


@clause("GT-AUTH-20")
def test_the_token(target: Target) -> None:
    """The token that register answers is the one that authenticate answers."""
    with target.world() as world:
        sent, answer, _ = newcomer(world)
        words = {
            "username": sent["user"]["email"],
            "password": sent["user"]["password"],
        }
        session = world.nobody.call("authenticate", **words).expect(200)
        assert session["token"] == answer["token"]
        assert session["user"] == answer["user"]["url"]
        assert session["accounts"] == [answer["account"]["id"]]


@clause("GT-AUTH-21", "GT-ACCOUNT-02")
def test_the_new_account_is_listed(target: Target) -> None:
    """Who registers has access to the new account, and to no other."""
    with target.world() as world:
        _, answer, who = newcomer(world)
        assert list(who.listed("account")) == [answer["account"]["id"]]
        assert who.get("account", answer["account"]).expect(200)


@clause("GT-AUTH-22", "GT-AUTH-23")
def test_the_new_manager(target: Target) -> None:
    """Who registers is a manager of the new account, no worker, and alone in it."""
    with target.world() as world:
        _, answer, who = newcomer(world)
        number = answer["account"]["id"]
        managers = who.call("listManagers", id=number).expect(200).data
        assert [one["id"] for one in managers] == [answer["user"]["id"]]
        assert who.call("listWorkers", id=number).expect(200).data == []
        role = who.listed("role").only
        assert (role["is_manager"], role["is_worker"]) == (True, False)
        assert role["user"] == answer["user"]["url"]
        assert list(who.listed("user")) == [answer["user"]["id"]]


@clause("GT-AUTH-22")
def test_what_the_new_manager_may(target: Target) -> None:
    """Who registers makes what managers make."""
    with target.world() as world:
        _, answer, who = newcomer(world)
        task = who.made("task", account=answer["account"]["url"])
        assert list(who.listed("task")) == [task["id"]]


@clause("GT-AUTH-24")
def test_without_a_name(target: Target) -> None:
    """register without the account's name is refused with 400."""
    with target.world() as world:
        sent = registration(world)
        register(world, without(sent, "account", "name")).refused(400)
        register(world, {"user": sent["user"]}).refused(400)


@clause("GT-AUTH-25")
def test_without_an_email(target: Target) -> None:
    """register without the user's e-mail is refused with 400."""
    with target.world() as world:
        sent = registration(world)
        register(world, without(sent, "user", "email")).refused(400)
        register(world, {"account": sent["account"]}).refused(400)


@clause("GT-AUTH-26")
@pytest.mark.parametrize("value", ["", None, "absent"])
def test_without_a_password(target: Target, value: str | None) -> None:
    """register without a password is refused with 400."""
    with target.world() as world:
        sent = registration(world, password=value)
        if value == "absent":
            sent = without(sent, "user", "password")
        register(world, sent).refused(400)


@clause("GT-AUTH-27")
@pytest.mark.parametrize("change", [str, str.upper, str.title])
@pytest.mark.parametrize("name", ["manager", "stranger"])
def test_an_email_that_is_taken(target: Target, change: Any, name: str) -> None:
    """register with the e-mail of another user is refused with 400 on user."""
    with target.world() as world:
        taken = change(getattr(world, name).email)
        reply = register(world, registration(world, email=taken)).refused(400)
        assert reply["user"] is not None, reply.summary


@clause("GT-AUTH-27")
def test_an_email_of_who_was_made(target: Target) -> None:
    """register with the e-mail of a user who was made is refused with 400 on user."""
    with target.world() as world:
        taken = world.manager.make("user")["email"]
        reply = register(world, registration(world, email=taken)).refused(400)
        assert reply["user"] is not None, reply.summary


@clause("GT-AUTH-28")
def test_what_is_not_said(target: Target) -> None:
    """Without timezone the new account has UTC, without country_code an empty one."""
    with target.world() as world:
        sent = registration(world)
        sent["account"] = {"name": "Plain"}
        answer = register(world, sent).expect(200, 201)
        who = world.nobody.with_session(answer["token"])
        account = who.shown("account", answer["account"])
        for known in (answer["account"], account):
            assert (known["timezone"], known["country_code"]) == ("UTC", "")


@clause("GT-AUTH-29")
@pytest.mark.parametrize(
    ("part", "name"), [("account", "name"), ("user", "password"), ("user", "phone")]
)
def test_a_refused_registration(target: Target, part: str, name: str) -> None:
    """A registration that is refused makes neither account nor user."""
    with target.world() as world:
        sent = registration(world)
        wrong = {**sent, part: {**sent[part], name: [7]}}
        register(world, wrong).refused(400)
        words = {
            "username": sent["user"]["email"],
            "password": sent["user"]["password"],
        }
        world.nobody.call("authenticate", **words).refused(400)
        register(world, sent).expect(200, 201)


@clause("GT-ACCOUNT-03")
@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Night Couriers", "night-couriers"),
        ("ONE", "one"),
        ("Fast and Far Ltd", "fast-and-far-ltd"),
        ("Route 66", "route-66"),
    ],
)
def test_slugs_of_accounts(target: Target, name: str, slug: str) -> None:
    """The slug is the name in lower case, its words joined by hyphens."""
    with target.world() as world:
        sent = registration(world)
        sent["account"] = {"name": name}
        answer = register(world, sent).expect(200, 201)
        who = world.nobody.with_session(answer["token"])
        assert who.shown("account", answer["account"])["slug"] == slug
