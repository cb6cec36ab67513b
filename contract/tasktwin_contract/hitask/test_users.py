"""The caller's account, and how it is changed."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.test_sessions import TYPES, sign_in
from tasktwin_contract.hitask.values import (
    CONTROLS,
    LATIN,
    LOGIN_MARKS,
    NO_EMAILS,
    NO_LOGIN_MARKS,
    any_case,
    bad_names,
    emails,
    letters,
    logins,
    names,
    words,
)
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target

NAMES = ("firstname", "lastname")
EVERYBODY = ["owner", "administrator", "manager", "member", "outsider", "personal"]
SOURCES = (0, 1, 2, 10, 11, 12, 100, 1000)
ACCOUNT_LEVELS = (0, 50, 100, 150, 200)
MEMBERSHIPS = {"owner": 100, "administrator": 10, "manager": 2, "member": 1}
TABLED = ("id", "login", "firstName", "lastName", "email", "pictureSource")
SHOWN_AS = {
    "firstname": "firstName",
    "lastname": "lastName",
    "email": "email",
    "loginId": "login",
}
CHANGES = {
    "firstname": "Mick",
    "lastname": "Johnson",
    "email": "mick@example.org",
    "loginId": "mickjohnson",
}


def account(actor: Actor) -> Object:
    """What getUser answers to `actor`."""
    return Object(actor.call("getUser").expect(200).data)


def shown(changes: dict[str, str]) -> dict[str, str]:
    """What getUser calls the parameters of updateUser."""
    return {SHOWN_AS[name]: value for name, value in changes.items()}


@clause("HT-USER-01")
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_account(target: Target, who: str) -> None:
    """The account has id, login, names, e-mail and the source of its picture."""
    with target.world() as world:
        actor = getattr(world, who)
        user = account(actor)
        assert user.keys() >= {*TABLED}, f"{TABLED} expected in {user}"
        assert (user["id"], user["login"]) == (actor.number, actor.login)
        assert user["email"] == actor.email
        assert user["pictureSource"] in SOURCES


@clause("HT-USER-02")
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_type_of_the_account(target: Target, who: str) -> None:
    """The account's accountType is one of the tabled types."""
    with target.world() as world:
        assert account(getattr(world, who))["accountType"] in TYPES


@clause("HT-USER-03")
def test_what_does_not_apply_is_null(target: Target) -> None:
    """Where there is no team, businessId and businessLevel are absent or null."""
    with target.world() as world:
        user = account(world.personal)
        assert (user["businessId"], user["businessLevel"]) == (None, None)


@clause("HT-USER-03")
def test_what_applies_is_told(target: Target) -> None:
    """The members of one team have one businessId, those of another another."""
    with target.world() as world:
        team = account(world.owner)["businessId"]
        assert type(team) is int
        assert account(world.member)["businessId"] == team
        assert account(world.outsider)["businessId"] != team


@clause("HT-USER-04")
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_level_of_the_account(target: Target, who: str) -> None:
    """The account's level is 0, 50, 100, 150 or 200."""
    with target.world() as world:
        assert account(getattr(world, who))["level"] in ACCOUNT_LEVELS


@clause("HT-USER-05")
@pytest.mark.parametrize("who", EVERYBODY)
def test_being_online(target: Target, who: str) -> None:
    """The account says with isOnline whether its user is online."""
    with target.world() as world:
        assert account(getattr(world, who))["isOnline"] in (True, False)


@clause("HT-USER-06")
@pytest.mark.parametrize("who", MEMBERSHIPS)
def test_memberships(target: Target, who: str) -> None:
    """The businessLevel is 1 for a member, 2, 10 and 100 for who may do more."""
    with target.world() as world:
        assert account(getattr(world, who))["businessLevel"] == MEMBERSHIPS[who]


@clause("HT-USER-07")
@pytest.mark.parametrize("name", CHANGES)
def test_one_change(target: Target, name: str) -> None:
    """updateUser changes the one thing of the account that is sent."""
    with target.world() as world:
        world.owner.call("updateUser", **{name: CHANGES[name]}).expect(200)
        assert account(world.owner)[SHOWN_AS[name]] == CHANGES[name]


@clause("HT-USER-07")
@given(first=letters, last=letters, login=words, email=emails())
def test_changes(target: Target, first: str, last: str, login: str, email: str) -> None:
    """updateUser changes the names, the login and the e-mail that getUser answers."""
    changes = {"firstname": first, "lastname": last, "email": email}
    changes["loginId"] = f"zz{login}"
    with target.world() as world:
        world.owner.call("updateUser", **changes).expect(200)
        user = account(world.owner)
        assert {name: user[name] for name in shown(changes)} == shown(changes)


@clause("HT-USER-08")
@given(name=any_case("returnInfo"))
def test_return_info_in_any_letter_case(target: Target, name: str) -> None:
    """returnInfo is understood in any letter case."""
    with target.world() as world:
        reply = world.owner.call("updateUser", firstname="Mick", **{name: True})
        assert reply.expect(200)["login"] == world.owner.login


@clause("HT-USER-09")
@given(email=emails())
def test_a_new_email_is_not_confirmed(target: Target, email: str) -> None:
    """A new e-mail leaves emailConfirmed as it was until it is confirmed."""
    with target.world() as world:
        before = account(world.owner)["emailConfirmed"]
        world.owner.call("updateUser", email=email).arranged()
        assert account(world.owner)["emailConfirmed"] == before


@clause("HT-USER-10")
@pytest.mark.parametrize("who", ["member", "outsider", "personal"])
def test_a_login_in_use(target: Target, who: str) -> None:
    """A login that another user has is refused with 400 and code 21."""
    with target.world() as world:
        taken = world.people[who]["login"]
        world.owner.call("updateUser", loginId=taken).refused(400, 21)


@clause("HT-USER-11")
@pytest.mark.parametrize("who", ["member", "outsider", "personal"])
def test_an_email_in_use(target: Target, who: str) -> None:
    """An e-mail that another user has is refused with 400 and code 22."""
    with target.world() as world:
        taken = world.people[who]["email"]
        world.owner.call("updateUser", email=taken).refused(400, 22)


@clause("HT-USER-10")
def test_ones_own_login_is_free(target: Target) -> None:
    """The login that one has oneself is not another user's."""
    with target.world() as world:
        world.owner.call("updateUser", loginId=world.owner.login).expect(200)


@clause("HT-USER-11")
def test_ones_own_email_is_free(target: Target) -> None:
    """The e-mail that one has oneself is not another user's."""
    with target.world() as world:
        world.owner.call("updateUser", email=world.owner.email).expect(200)


@clause("HT-USER-12")
@given(word=words)
def test_what_is_no_email(target: Target, word: str) -> None:
    """An e-mail address that is none is refused with 400 and code 38."""
    with target.world() as world:
        for shape in NO_EMAILS:
            email = shape.format(word)
            world.owner.call("updateUser", email=email).refused(400, 38)


@clause("HT-USER-12")
@pytest.mark.parametrize("email", ["a@b.org", "a.b+c_d%e-f@x-y.example.org", "1@2.org"])
def test_what_is_an_email(target: Target, email: str) -> None:
    """An e-mail address that is one is not refused."""
    with target.world() as world:
        world.owner.call("updateUser", email=email).expect(200)
        assert account(world.owner)["email"] == email


@clause("HT-USER-13")
def test_what_no_login_holds(target: Target) -> None:
    """A login with other characters than its own is refused with 400 and code 39."""
    with target.world() as world:
        for mark in NO_LOGIN_MARKS:
            for login in (f"{mark}a", f"a{mark}"):
                world.owner.call("updateUser", loginId=login).refused(400, 39)


@clause("HT-USER-13")
@given(login=st.text(LATIN, min_size=65, max_size=90))
def test_logins_too_long(target: Target, login: str) -> None:
    """A login longer than 64 is refused with 400 and code 39."""
    with target.world() as world:
        world.owner.call("updateUser", loginId=login).refused(400, 39)


@clause("HT-USER-13")
@given(login=logins())
@example(login=f"aZ09{LOGIN_MARKS}")
@example(login="a" * 64)
def test_what_is_a_login(target: Target, login: str) -> None:
    """A login of up to 64 letters, digits and ._@+- is not refused."""
    with target.world() as world:
        world.owner.call("updateUser", loginId=login).expect(200)
        assert account(world.owner)["login"] == login


@clause("HT-USER-14")
@pytest.mark.parametrize("field", NAMES)
@given(name=bad_names())
def test_what_is_no_name(target: Target, field: str, name: str) -> None:
    """A name that is blank, too long, or holds controls or <> is 400 and code 40."""
    with target.world() as world:
        world.owner.call("updateUser", **{field: name}).refused(400, 40)


@clause("HT-USER-14")
@given(first=names(), last=names())
def test_what_is_a_name(target: Target, first: str, last: str) -> None:
    """A name of up to 100 characters is not refused, in whatever script."""
    with target.world() as world:
        changes = {"firstname": first, "lastname": last}
        world.owner.call("updateUser", **changes).expect(200)
        user = account(world.owner)
        assert (user["firstName"], user["lastName"]) == (first, last)


@clause("HT-USER-14")
@pytest.mark.parametrize("field", NAMES)
def test_names_at_the_edge(target: Target, field: str) -> None:
    """A name of 100 characters is not too long, one of 101 is."""
    with target.world() as world:
        world.owner.call("updateUser", **{field: "é" * 100}).expect(200)
        world.owner.call("updateUser", **{field: "é" * 101}).refused(400, 40)


@clause("HT-USER-14")
@pytest.mark.parametrize("field", NAMES)
def test_what_no_name_holds(target: Target, field: str) -> None:
    """No name holds any control character or angle bracket, wherever."""
    with target.world() as world:
        for mark in CONTROLS + "<>":
            for name in (f"{mark}a", f"a{mark}"):
                world.owner.call("updateUser", **{field: name}).refused(400, 40)


@clause("HT-USER-15")
@pytest.mark.parametrize("sent", [True, "true"])
def test_return_info(target: Target, sent: Any) -> None:
    """With returnInfo=true updateUser answers the account as it is then."""
    with target.world() as world:
        owner = world.owner
        reply = owner.call("updateUser", **CHANGES, returnInfo=sent).expect(200)
        user = account(owner)
        assert {name: reply[name] for name in TABLED} == {
            name: user[name] for name in TABLED
        }
        assert reply["firstName"] == "Mick"


@clause("HT-USER-16")
@pytest.mark.parametrize("more", [{}, {"returnInfo": False}, {"returnInfo": None}])
def test_without_return_info(target: Target, more: dict[str, Any]) -> None:
    """Without returnInfo updateUser answers the status, and not the account."""
    with target.world() as world:
        reply = world.owner.call("updateUser", firstname="Mick", **more).expect(200)
        assert (reply["login"], reply["firstName"]) == (None, None)


@clause("HT-USER-17")
@given(
    changes=st.fixed_dictionaries(
        {},
        optional={
            "firstname": names(),
            "lastname": names(),
            "email": emails(),
            "loginId": logins(),
        },
    )
)
def test_only_what_is_sent_changes(target: Target, changes: dict[str, str]) -> None:
    """updateUser leaves what is not sent, and every other user, as it was."""
    with target.world() as world:
        others = [world.member, world.outsider, world.personal]
        before, theirs = account(world.owner), [account(other) for other in others]
        world.owner.call("updateUser", **changes).expect(200)
        assert account(world.owner) == {**before, **shown(changes)}
        assert [account(other) for other in others] == theirs


@clause("HT-USER-18")
def test_the_new_login_signs_in(target: Target) -> None:
    """After a change of login the new one signs in and the old one does not."""
    with target.world() as world:
        world.owner.call("updateUser", loginId="mickjohnson").arranged()
        reply = sign_in(world, login="mickjohnson").expect(200)
        assert reply["id"] == world.owner.number
        sign_in(world).refused()


@clause("HT-USER-19")
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_id_of_the_account(target: Target, who: str) -> None:
    """The account's id is the one that signing in answered."""
    with target.world() as world:
        answered = sign_in(world, who).arranged()["id"]
        assert account(getattr(world, who))["id"] == answered
