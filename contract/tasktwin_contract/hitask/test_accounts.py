"""Accounts that are not in order, and API keys that are for reading alone."""

from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.examples import EVERY, OPERATIONS, SECURED, example
from tasktwin_contract.hitask.raw import in_path
from tasktwin_contract.hitask.refusals import everything
from tasktwin_contract.hitask.steps import create
from tasktwin_contract.reply import Reply
from tasktwin_contract.target import Target, World

TEAM = ("owner", "administrator", "manager", "member", "colleague")
CODES = {"terminated": 48, "team_terminated": 72, "expired": 69}
SIGNING = ("authenticate", "logout")
WRITING = [name for name in EVERY if OPERATIONS[name].effect != "read"]
READING = [name for name in EVERY if OPERATIONS[name].effect == "read"]

every_state = pytest.mark.parametrize("state", CODES)


def sign_in(world: World, who: str, **changed: Any) -> Reply:
    """The reply to signing in as `who`."""
    person, key = world.people[who], world.api_key
    right = {"login": person["login"], "password": person["password"], "api_key": key}
    return world.nobody.call("authenticate", **{**right, **changed})


def reader(world: World, who: str = "owner") -> Actor:
    """Somebody who signed in with the read-only key. Raises `NotJudgedError`."""
    signed = sign_in(world, who, api_key=world.keys["read"]).arranged()
    person: Actor = getattr(world, who)
    return person.with_session(signed["session_id"])


def check_every_operation(target: Target, state: str, who: str) -> None:
    """Demand that somebody whose account is in `state` is refused everything."""
    with target.world(accounts={who: state}) as world:
        actor = getattr(world, who)
        for name in SECURED:
            parameters = example(world, name)
            actor.call(name, **parameters).refused(403, CODES[state])


@clause("HT-ACCOUNT-01")
@pytest.mark.parametrize("who", ["member", "personal"])
def test_terminated_accounts(target: Target, who: str) -> None:
    """Whose account was terminated is refused every operation: 403 and code 48."""
    check_every_operation(target, "terminated", who)


@clause("HT-ACCOUNT-02")
def test_terminated_teams(target: Target) -> None:
    """Whose team was terminated is refused every operation: 403 and code 72."""
    with target.world(accounts={"member": "team_terminated"}) as world:
        for actor in (getattr(world, who) for who in TEAM):
            for name in SECURED:
                actor.call(name, **in_path(name, "1")).refused(403, 72)


@clause("HT-ACCOUNT-03")
@pytest.mark.parametrize("who", ["member", "personal"])
def test_expired_subscriptions(target: Target, who: str) -> None:
    """Whose subscription has expired is refused every operation: 403 and code 69."""
    check_every_operation(target, "expired", who)


@clause("HT-ACCOUNT-04")
@every_state
def test_signing_in_to_such_an_account(target: Target, state: str) -> None:
    """Signing in is refused alike, but only with the right password."""
    with target.world(accounts={"member": state}) as world:
        sign_in(world, "member").refused(403, CODES[state])
        sign_in(world, "member", password="wrong").refused(403, 6)
        sign_in(world, "member", api_key="wrong").refused(401, 8)


@clause("HT-ACCOUNT-05")
@every_state
def test_who_else_is_concerned(target: Target, state: str) -> None:
    """An account that is not in order concerns nobody outside its team."""
    with target.world(accounts={"member": state}) as world:
        for actor in (world.outsider, world.personal):
            create(actor).expect(200)
            sign_in(world, str(actor.name)).expect(200)


@clause("HT-ACCOUNT-05")
@pytest.mark.parametrize("state", ["terminated", "expired"])
def test_whom_an_account_concerns(target: Target, state: str) -> None:
    """An account that is not in order concerns nobody else in its team either."""
    with target.world(accounts={"member": state}) as world:
        for actor in (world.owner, world.colleague):
            create(actor).expect(200)
            sign_in(world, str(actor.name)).expect(200)


@clause("HT-ACCOUNT-06")
def test_writes_by_a_reader(target: Target) -> None:
    """With a read-only key every write is 403 and code 54, and nothing changes."""
    with target.world() as world:
        actor = reader(world)
        calls = {n: example(world, n) for n in WRITING if n not in SIGNING}
        before = everything(world)
        for name, parameters in calls.items():
            actor.call(name, **parameters).refused(403, 54)
        assert everything(world) == before


@clause("HT-ACCOUNT-07")
@pytest.mark.parametrize("who", ["owner", "personal"])
def test_what_a_reader_may_do(target: Target, who: str) -> None:
    """With a read-only key one may read, and sign out."""
    with target.world() as world:
        getattr(world, who).item()
        actor = reader(world, who)
        assert len(actor.items()) == 1
        actor.call("getUser").expect(200)
        actor.call("logout").expect(200)
        actor.call("getUser").refused(401)


@clause("HT-ACCOUNT-07")
def test_every_reading(target: Target) -> None:
    """With a read-only key everything that only reads is answered."""
    with target.world() as world:
        actor = reader(world)
        for name in READING:
            actor.call(name, **example(world, name)).expect(200)


@clause("HT-ACCOUNT-08")
def test_which_key_decides(target: Target) -> None:
    """The key of the sign-in decides, whatever key a request has."""
    with target.world() as world:
        key, read = world.api_key, world.keys["read"]
        actor = reader(world)
        create(actor, api_key=key).refused(403, 54)
        full = world.owner.signed_in()
        create(full).expect(200)
        create(full, api_key=read).expect(200)
        assert len(actor.items()) == 2
        create(actor).refused(403, 54)
