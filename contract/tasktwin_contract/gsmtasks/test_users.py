"""Users: who they are, and who is made."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.gsmtasks.cast import TEAM
from tasktwin_contract.gsmtasks.laws import has_fields, names
from tasktwin_contract.gsmtasks.nouns import EVERY, NOUNS
from tasktwin_contract.gsmtasks.stock import follow
from tasktwin_contract.gsmtasks.values import texts
from tasktwin_contract.target import Target, World


@clause("GT-ACCOUNT-16")
@pytest.mark.parametrize("name", [*TEAM, "stranger"])
def test_fields_of_users(target: Target, name: str) -> None:
    """A user has every field of the table."""
    with target.world() as world:
        actor = getattr(world, name)
        for user in actor.listed("user").values():
            has_fields("user", user)
            has_fields("user", actor.shown("user", user))


@clause("GT-ACCOUNT-17", "GT-ACCOUNT-19")
@given(first=texts, last=texts, phone=st.from_regex(r"\+[0-9]{5,12}", fullmatch=True))
def test_names_of_users(target: Target, first: str, last: str, phone: str) -> None:
    """A new user has what was sent, and is displayed by both names."""
    with target.world() as world:
        sent = {"first_name": first, "last_name": last, "phone": phone}
        sent["email"] = world.address()
        made = world.manager.made("user", **sent)
        for user in (made, world.manager.shown("user", made)):
            assert {name: user[name] for name in sent} == sent
            assert user["display_name"] == f"{first} {last}"


@clause("GT-ACCOUNT-18")
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"first_name": "Ann"}, "Ann"),
        ({"last_name": "Lee"}, "Lee"),
        ({"first_name": "", "last_name": "Lee"}, "Lee"),
        ({"first_name": "Ann", "last_name": ""}, "Ann"),
        ({}, None),
    ],
)
def test_users_of_one_name(
    target: Target, sent: dict[str, str], shown: str | None
) -> None:
    """display_name is the one of the two names that is not empty, or the e-mail."""
    with target.world() as world:
        made = world.manager.made("user", **sent)
        assert made["display_name"] == (shown or made["email"])


@clause("GT-ACCOUNT-20")
@pytest.mark.parametrize("change", [str, str.upper, str.title, str.swapcase])
@pytest.mark.parametrize("name", ["manager", "stranger"])
def test_an_email_that_is_taken(target: Target, change: Any, name: str) -> None:
    """A new user with the e-mail of another one is refused with 400 on email."""
    with target.world() as world:
        email = change(getattr(world, name).email)
        names(world.manager.post("user", email=email), "email")
        made = world.manager.make("user")
        names(world.stranger.post("user", email=change(made["email"])), "email")


@clause("GT-ACCOUNT-21")
@pytest.mark.parametrize(
    "email", ["", "ann", "ann@", "@example.com", "a b@example.com", "a@b@c", "a@ b"]
)
def test_what_is_no_email(target: Target, email: str) -> None:
    """A text that is no e-mail is refused with 400 on email."""
    with target.world() as world:
        names(world.manager.post("user", email=email), "email")


@clause("GT-ACCOUNT-22")
@pytest.mark.parametrize("password", ["", "password", "None", " "])
def test_who_was_made_has_no_password(target: Target, password: str) -> None:
    """A user who was made by createUser cannot sign in."""
    with target.world() as world:
        made = world.manager.made("user", password=password)
        words = {"username": made["email"], "password": password}
        world.nobody.call("authenticate", **words).refused(400)


def everybody(world: World) -> list[Actor]:
    """All who have a token."""
    return [getattr(world, name) for name in (*TEAM, "stranger")]


@clause("GT-ACCESS-16")
@pytest.mark.parametrize("noun", EVERY)
def test_the_users_that_records_name_are_listed(target: Target, noun: str) -> None:
    """Users who stand in a record are listed to who sees the record."""
    with target.world() as world:
        world.manager.make("task", assignee={"email": world.worker.email})
        for actor in everybody(world):
            users = {user["url"] for user in actor.all("user")}
            for record in actor.all(noun):
                for field, kind in NOUNS[noun].refers.items():
                    if kind == "user" and record[field] is not None:
                        assert record[field] in users
                        follow(actor, kind, record[field]).expect(200)
