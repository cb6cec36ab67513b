"""Accounts, the roles in them, and users."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, rule

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.gsmtasks.cast import TEAM
from tasktwin_contract.gsmtasks.laws import has_fields, names
from tasktwin_contract.gsmtasks.roles import people, role_of
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.target import Target

FLAGS = [(True, False), (False, True), (True, True)]


@clause("GT-ACCOUNT-01", "GT-ACCOUNT-04")
@pytest.mark.parametrize("name", [*TEAM, "stranger"])
def test_fields_of_accounts(target: Target, name: str) -> None:
    """An account has every field of its table; task_duration is HH:MM:SS."""
    with target.world() as world:
        actor = getattr(world, name)
        for account in actor.listed("account").values():
            has_fields("account", account)
            has_fields("account", actor.shown("account", account))
            hours, minutes, seconds = account["task_duration"].split(":")
            assert (len(hours), len(minutes), len(seconds)) == (2, 2, 2)
            assert max(int(minutes), int(seconds)) < 60


@clause("GT-ACCOUNT-02")
@pytest.mark.parametrize("name", [*TEAM, "stranger"])
def test_whose_accounts_are_listed(target: Target, name: str) -> None:
    """listAccounts answers the accounts to which the caller has access."""
    with target.world() as world:
        actor = getattr(world, name)
        user = actor.user
        mine = {r["account"] for r in actor.all("role") if r["user"] == user}
        assert {one["url"] for one in actor.listed("account").values()} == mine
        assert len(mine) == (2 if name == "both" else 1)


@clause("GT-ACCOUNT-05", "GT-ACCOUNT-06")
@pytest.mark.parametrize("flag", ["Worker", "Manager"])
@pytest.mark.parametrize("name", [*TEAM, "stranger"])
def test_people_of_accounts(target: Target, flag: str, name: str) -> None:
    """workers and managers are where those of such roles are."""
    with target.world() as world:
        actor = getattr(world, name)
        roles = actor.all("role")
        for account in actor.listed("account").values():
            held = [r for r in roles if r["account"] == account["url"]]
            wanted = {r["user"] for r in held if r[f"is_{flag.lower()}"]}
            assert set(people(actor, flag, account["url"])) == wanted
            at = account[f"{flag.lower()}s"].partition("/api/")[2]
            headers, _ = actor.carried
            with judging("GT-ACCOUNT-05"):
                reply = world.request("GET", f"/api/{at}", headers=headers).expect(200)
                assert {one["url"] for one in reply.data} == wanted


@clause("GT-ACCOUNT-06")
def test_who_is_in_which_list(target: Target) -> None:
    """Who is both is in both lists, workers and managers alone are in one."""
    with target.world() as world:
        account = world.manager.account
        workers = {p["email"] for p in people(world.worker, "Worker", account).values()}
        managers = {p["email"] for p in people(world.both, "Manager", account).values()}
        assert workers == {
            world.worker.email,
            world.second_worker.email,
            world.both.email,
        }
        assert managers == {world.manager.email, world.both.email}


@clause("GT-ACCOUNT-07", "GT-ACCOUNT-08")
@pytest.mark.parametrize("name", [*TEAM, "stranger"])
def test_fields_of_roles(target: Target, name: str) -> None:
    """A role has every field of its table, and is that of a manager or a worker."""
    with target.world() as world:
        actor = getattr(world, name)
        for role in actor.listed("role").values():
            for one in (role, actor.shown("role", role)):
                has_fields("role", one)
                assert one["is_manager"] or one["is_worker"]


@clause("GT-ACCOUNT-08", "GT-ACCOUNT-10")
@pytest.mark.parametrize(("is_manager", "is_worker"), FLAGS)
def test_giving_a_role(target: Target, is_manager: bool, is_worker: bool) -> None:
    """createRole gives the user the role, and lists the user in the account."""
    with target.world() as world:
        manager = world.manager
        user = manager.make("user")
        flags = {"is_manager": is_manager, "is_worker": is_worker}
        role = manager.made("role", user=user["url"], **flags)
        assert role["user"] == user["url"]
        assert role["account"] == manager.account
        assert {name: role[name] for name in flags} == flags
        assert manager.listed("role")[role["id"]] == role
        account = manager.account
        assert (user["url"] in people(manager, "Worker", account)) == is_worker
        assert (user["url"] in people(manager, "Manager", account)) == is_manager


@clause("GT-ACCOUNT-09")
@pytest.mark.parametrize(("is_manager", "is_worker"), FLAGS)
def test_neither(target: Target, is_manager: bool, is_worker: bool) -> None:
    """A role that would be neither is refused with 400, on POST and on PUT."""
    neither = {"is_manager": False, "is_worker": False}
    with target.world() as world:
        manager = world.manager
        user = manager.make("user")["url"]
        before = manager.listed("role")
        manager.post("role", user=user, **neither).refused(400)
        assert manager.listed("role") == before
        flags = {"is_manager": is_manager, "is_worker": is_worker}
        role = manager.make("role", user=user, **flags)
        manager.put("role", role, **neither).refused(400)
        for flag in [name for name, value in flags.items() if value]:
            other = next(name for name in flags if name != flag)
            if not flags[other]:
                manager.put("role", role, **{flag: False}).refused(400)
        assert manager.shown("role", role) == role


@clause("GT-ACCOUNT-11")
@pytest.mark.parametrize("before", FLAGS)
@pytest.mark.parametrize("after", FLAGS)
def test_changing_a_role(
    target: Target, before: tuple[bool, bool], after: tuple[bool, bool]
) -> None:
    """updateRole sets is_manager and is_worker."""
    with target.world() as world:
        one, other = (
            dict(zip(("is_manager", "is_worker"), flags, strict=True))
            for flags in (before, after)
        )
        role = world.manager.make("role", **one)
        answer = world.manager.changed("role", role, **other)
        found = world.manager.shown("role", role)
        for shown in (answer, found):
            assert (shown["is_manager"], shown["is_worker"]) == after


@clause("GT-ACCOUNT-12")
@pytest.mark.parametrize("name", ["worker", "second_worker"])
def test_who_gives_roles(target: Target, name: str) -> None:
    """Roles are made and changed by managers: workers are refused with 403."""
    with target.world() as world:
        actor, account = getattr(world, name), world.manager.account
        before = world.manager.listed("role")
        user = actor.make("user")["url"]
        actor.post("role", account=account, user=user).refused(403)
        actor.put("role", role_of(world, actor), is_manager=True).refused(403)
        actor.put("role", role_of(world, world.both), is_manager=False).refused(403)
        assert world.manager.listed("role") == before


@clause("GT-ACCOUNT-12")
def test_a_manager_who_works_gives_roles(target: Target) -> None:
    """Roles are made and changed by managers who are workers too."""
    with target.world() as world:
        role = world.both.made("role", account=world.manager.account)
        world.both.changed("role", role, is_manager=True)
        assert world.manager.shown("role", role)["is_manager"] is True


@clause("GT-ACCOUNT-13")
@pytest.mark.parametrize("name", ["manager", "both"])
def test_the_last_manager_stays(target: Target, name: str) -> None:
    """An update that would leave no manager is refused with 402."""
    with target.world() as world:
        last = getattr(world, name)
        first = world.both if name == "manager" else world.manager
        worker = {"is_manager": False, "is_worker": True}
        last.changed("role", role_of(world, first), **worker)
        role = role_of(world, last)
        last.put("role", role, **worker).refused(402)
        assert last.shown("role", role) == role
        last.made("role", is_manager=True)
        last.changed("role", role, **worker)


@clause("GT-ACCOUNT-13")
def test_the_only_manager_stays(target: Target) -> None:
    """A manager of another account does not make up for the last of this one."""
    with target.world() as world:
        actor = world.stranger
        role = actor.listed("role").only
        words = {"is_manager": False, "is_worker": True}
        actor.put("role", role, **words).refused(402)
        assert actor.shown("role", role) == role
        actor.changed("role", role, is_worker=not role["is_worker"])


@clause("GT-ACCOUNT-14")
@pytest.mark.parametrize(("is_manager", "is_worker"), FLAGS)
@pytest.mark.parametrize("name", TEAM)
def test_a_second_role(
    target: Target, is_manager: bool, is_worker: bool, name: str
) -> None:
    """A second role for a user in an account is refused with 400 on user."""
    with target.world() as world:
        before = world.manager.listed("role")
        flags = {"is_manager": is_manager, "is_worker": is_worker}
        user = getattr(world, name).user
        names(world.manager.post("role", user=user, **flags), "user")
        assert world.manager.listed("role") == before


@clause("GT-ACCOUNT-15")
def test_the_user_of_a_role_stays(target: Target) -> None:
    """The user of a role never changes: another one is 400 on user."""
    with target.world() as world:
        role = world.manager.make("role")
        for user in (world.worker.user, world.manager.make("user")["url"]):
            names(world.manager.put("role", role, user=user), "user")
        assert world.manager.shown("role", role) == role
        world.manager.changed("role", role, user=role["user"])


class Roles(WorldMachine):
    """Give and change roles, by managers of one account."""

    users = Bundle("users")

    def settle(self) -> None:
        """Start with the roles that there are."""
        self.manager = self.world.manager
        self.account, self.me = self.manager.account, self.manager.user
        self.roles = {
            role["user"]: role
            for role in self.manager.all("role")
            if role["account"] == self.account
        }

    @rule(target=users)
    def make(self) -> str:
        """Make a user."""
        url: str = self.manager.made("user")["url"]
        return url

    @rule(user=users, flags=st.sampled_from([*FLAGS, (False, False)]))
    def give(self, user: str, flags: tuple[bool, bool]) -> None:
        """Give a role, if the user has none and the role is one."""
        words = dict(zip(("is_manager", "is_worker"), flags, strict=True))
        reply = self.manager.post("role", user=user, **words)
        if user in self.roles or not any(flags):
            reply.refused(400)
        else:
            self.roles[user] = reply.expect(200, 201).data

    @rule(data=st.data(), flags=st.sampled_from([*FLAGS, (False, False)]))
    def change(self, data: Any, flags: tuple[bool, bool]) -> None:
        """Change a role, but that of who asks."""
        user = data.draw(st.sampled_from([u for u in self.roles if u != self.me]))
        words = dict(zip(("is_manager", "is_worker"), flags, strict=True))
        reply = self.manager.put("role", self.roles[user], **words)
        if any(flags):
            self.roles[user] = reply.expect(200).data
        else:
            reply.refused(400)

    @invariant()
    def the_list_is_the_model(self) -> None:
        """The roles are what the history left."""
        listed = self.manager.listed("role")
        assert listed == {one["id"]: one for one in self.roles.values()}

    @rule()
    def look(self) -> None:
        """The lists of people are what the history left."""
        for flag in ("Worker", "Manager"):
            wanted = {u for u, r in self.roles.items() if r[f"is_{flag.lower()}"]}
            assert set(people(self.manager, flag, self.account)) == wanted


@clause("GT-ACCOUNT-06", "GT-ACCOUNT-08")
def test_histories_of_roles(target: Target) -> None:
    """Whatever roles are given, the lists hold those who have them."""
    play(Roles, target)
