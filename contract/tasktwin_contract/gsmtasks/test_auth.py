"""Tokens: how they are carried, and how they are got."""

from typing import Any

import pytest

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.gsmtasks.examples import LISTS_OF_ALL, SECURED, registration
from tasktwin_contract.gsmtasks.laws import challenged
from tasktwin_contract.gsmtasks.nouns import EVERY
from tasktwin_contract.gsmtasks.raw import JSON, NOWHERE, in_path, send
from tasktwin_contract.reply import Reply
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target, World

DAY = 24 * 3600
PEOPLE = ("manager", "worker", "second_worker", "both", "stranger")
everybody = pytest.mark.parametrize("name", PEOPLE)


def sign_in(world: World, name: str = "manager", **others: Any) -> Reply:
    """Call authenticate as somebody, with other values where they are given."""
    person = getattr(world, name)
    sent = {"username": person.email, "password": person.password, **others}
    return world.nobody.call("authenticate", **sent)


def headed(world: World, value: str, name: str = "listTasks") -> Reply:
    """Call an operation with that Authorization header."""
    return send(
        world.nobody,
        name,
        in_path(name, NOWHERE),
        headers=(("Authorization", value),),
    )


@clause("GT-AUTH-01")
@pytest.mark.parametrize("operation_id", LISTS_OF_ALL)
def test_a_token_is_taken(target: Target, operation_id: str) -> None:
    """A request with Authorization: Token and a known token is served."""
    with target.world() as world:
        headed(world, f"Token {world.manager.token}", operation_id).expect(200)


@clause("GT-AUTH-01")
@everybody
def test_a_token_is_its_users(target: Target, name: str) -> None:
    """A request is served as the user whose token it carries."""
    with target.world() as world:
        actor = getattr(world, name)
        made = actor.made("file_upload")
        assert made["created_by"] == actor.user


@clause("GT-AUTH-02", "GT-AUTH-03")
@pytest.mark.parametrize("operation_id", SECURED)
def test_without_a_token(target: Target, operation_id: str) -> None:
    """Without a token an operation is refused with 401, and a challenge."""
    with target.world() as world:
        place = in_path(operation_id, NOWHERE)
        challenged(world.nobody.call(operation_id, **place))


@clause("GT-AUTH-02", "GT-AUTH-03")
@pytest.mark.parametrize("noun", EVERY)
def test_records_without_a_token(target: Target, noun: str) -> None:
    """Without a token a record that is there is refused with 401."""
    with target.world() as world:
        world.manager.make("task")
        for record in world.manager.all(noun)[:1]:
            challenged(world.nobody.get(noun, record))


@clause("GT-AUTH-03", "GT-AUTH-04")
@pytest.mark.parametrize(
    "form",
    [
        "Token",
        "Token ",
        "Token {wrong}",
        "Token {token} {token}",
        "Token {token} more",
        "Bearer {token}",
        certain("Basic {token}"),
        "{token}",
        "token={token}",
        "Tokens {token}",
        "Token{token}",
        "Token {token}0",
        "",
    ],
)
@pytest.mark.parametrize(
    "operation_id", ["listAccounts", certain("listTasks"), "createTask"]
)
def test_malformed_tokens(target: Target, form: str, operation_id: str) -> None:
    """A token that nobody has, and a header of another kind, are refused with 401."""
    with target.world() as world:
        value = form.format(token=world.manager.token, wrong=world.guid())
        challenged(headed(world, value, operation_id))


@clause("GT-AUTH-04")
@pytest.mark.parametrize("place", ["query", "json"])
def test_tokens_elsewhere(target: Target, place: str) -> None:
    """A token anywhere but in the header is none."""
    with target.world() as world:
        pair = ("Authorization", f"Token {world.manager.token}")
        if place == "query":
            challenged(send(world.nobody, "listTasks", query=(pair,)))
        else:
            body = f'{{"token": "{world.manager.token}"}}'.encode()
            challenged(send(world.nobody, "createTask", kind=JSON, body=body))


@clause("GT-AUTH-05")
@pytest.mark.parametrize("word", ["token", "TOKEN", "tOkEn", "Token"])
def test_the_word_in_any_case(target: Target, word: str) -> None:
    """The word Token in the header is understood in any letter case."""
    with target.world() as world:
        headed(world, f"{word} {world.manager.token}", "listAccounts").expect(200)


@clause("GT-AUTH-06", "GT-AUTH-07", "GT-AUTH-08")
@everybody
def test_signing_in(target: Target, name: str) -> None:
    """authenticate answers token, account, accounts and user."""
    with target.world() as world:
        with judging("GT-AUTH-06"):
            answer = sign_in(world, name).expect(200)
            assert {"token", "account", "accounts", "user"} <= set(answer.data)
        with judging("GT-AUTH-07"):
            assert answer["user"] == getattr(world, name).user
            found = world.nobody.with_session(answer["token"])
            number = answer["user"].rstrip("/").rpartition("/")[2]
            user = found.call("getUser", id=number).expect(200)
            assert user["email"] == getattr(world, name).email


@clause("GT-AUTH-08", "GT-AUTH-09")
@everybody
def test_the_accounts(target: Target, name: str) -> None:
    """accounts are the ids of those that the user lists, account is one of them."""
    with target.world() as world:
        answer = sign_in(world, name).expect(200)
        listed = getattr(world, name).listed("account")
        assert sorted(answer["accounts"]) == sorted(listed)
        assert answer["account"] in answer["accounts"]


@clause("GT-AUTH-10")
@everybody
def test_what_the_token_opens(target: Target, name: str) -> None:
    """The token that authenticate answers opens calls as the user who signed in."""
    with target.world() as world:
        world.manager.make("task", assignee={"email": world.worker.email})
        token = sign_in(world, name).expect(200)["token"]
        found = world.nobody.with_session(token).listed("task")
        assert found == getattr(world, name).listed("task")


@clause("GT-AUTH-11")
@everybody
def test_signing_in_again(target: Target, name: str) -> None:
    """Signing in again answers the same token."""
    with target.world() as world:
        first = sign_in(world, name).expect(200)["token"]
        world.advance(DAY)
        assert sign_in(world, name).expect(200)["token"] == first
        assert first == getattr(world, name).token


@clause("GT-AUTH-12")
@pytest.mark.parametrize("days", [1, 400, 4000])
def test_tokens_last(target: Target, days: int) -> None:
    """A token is good however much time passes."""
    with target.world() as world:
        token = sign_in(world).expect(200)["token"]
        world.advance(days * DAY)
        world.nobody.with_session(token).call("listAccounts").expect(200)
        world.worker.call("listAccounts").expect(200)


@clause("GT-AUTH-13")
@pytest.mark.parametrize(
    "missing", [["username"], ["password"], ["username", "password"]]
)
def test_incomplete_credentials(target: Target, missing: str) -> None:
    """authenticate without username, or without password, is refused with 400."""
    with target.world() as world:
        actor = world.manager
        sent = {"username": actor.email, "password": actor.password}
        kept = {name: value for name, value in sent.items() if name not in missing}
        world.nobody.call("authenticate", **kept).refused(400)


@clause("GT-AUTH-13")
@pytest.mark.parametrize("name", ["username", "password"])
@pytest.mark.parametrize("value", ["", None])
def test_empty_credentials(target: Target, name: str, value: str | None) -> None:
    """authenticate with an empty username, or password, is refused with 400."""
    with target.world() as world:
        person = world.manager
        sent = {"username": person.email, "password": person.password, name: value}
        world.nobody.call("authenticate", **sent).refused(400)


@clause("GT-AUTH-14", "GT-AUTH-15")
@everybody
def test_wrong_credentials(target: Target, name: str) -> None:
    """A wrong password and an unknown e-mail are refused alike, with 400."""
    with target.world() as world:
        person = getattr(world, name)
        wrong = [
            sign_in(world, name, password=world.guid()),
            sign_in(world, name, password=person.password.upper()),
            sign_in(world, name, password=f"{person.password} "),
            sign_in(world, name, username=world.address()),
            sign_in(world, name, username=person.id),
        ]
        with judging("GT-AUTH-14"):
            for reply in wrong:
                reply.refused(400)
        assert len({reply.body for reply in wrong}) == 1


@clause("GT-AUTH-14")
def test_another_ones_password(target: Target) -> None:
    """authenticate with the password of somebody else is refused with 400."""
    with target.world() as world:
        sign_in(world, "worker", password=world.manager.password).refused(400)
        sign_in(world, "manager", password=world.manager.email).refused(400)


@clause("GT-AUTH-16")
@everybody
def test_the_email_in_any_case(target: Target, name: str) -> None:
    """The e-mail of username is understood in any letter case."""
    with target.world() as world:
        email = getattr(world, name).email
        for written in (email.upper(), email.title(), email.swapcase()):
            answer = sign_in(world, name, username=written).expect(200)
            assert answer["user"] == getattr(world, name).user


@clause("GT-AUTH-17")
@pytest.mark.parametrize("via", ["form", "query", "json"])
@everybody
def test_places_of_credentials(target: Target, via: str, name: str) -> None:
    """authenticate also takes username and password as a form, or in the query."""
    with target.world() as world:
        person = getattr(world, name)
        sent = {"username": person.email, "password": person.password}
        reply = world.nobody.using(via=via).call("authenticate", **sent)
        assert reply.expect(200)["token"] == person.token


@clause("GT-AUTH-30")
@pytest.mark.parametrize("operation_id", ["listAccounts"])
def test_plain_http(target: Target, operation_id: str) -> None:
    """Over plain HTTP a request is refused, or redirected to HTTPS."""
    target.in_clear(operation_id).refused()


@clause("GT-AUTH-31")
def test_the_status_over_plain_http(target: Target) -> None:
    """Over plain HTTP a request is refused with 403."""
    with target.world(require_https=True) as world:
        world.manager.call("listAccounts").refused(403)


@clause("GT-AUTH-30")
def test_plain_http_without_a_token(target: Target) -> None:
    """Over plain HTTP no token is given out, and nobody is registered."""
    with target.world(require_https=True) as world:
        assert sign_in(world).status >= 300
        reply = world.nobody.call("register", **registration(world))
        assert reply.status >= 300


@clause("GT-ANSWER-18")
@everybody
def test_no_password_comes_back(target: Target, name: str) -> None:
    """No answer holds a password."""
    with target.world() as world:
        secret = getattr(world, name).password
        answers = [sign_in(world, name), getattr(world, name).query("user")]
        sent = registration(world)
        answers += [world.nobody.call("register", **sent)]
        for reply in answers:
            text = reply.body.decode()
            assert secret not in text
            assert sent["user"]["password"] not in text
            assert '"password"' not in text
