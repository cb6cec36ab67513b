"""The parts that keep a server that is not ours from harm, each by itself."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.access import Access, unmet
from tasktwin_contract.actors import BODIES, Actor
from tasktwin_contract.allowances import covers
from tasktwin_contract.clashes import Clashes
from tasktwin_contract.courier import MOST_PATIENCE, Courier, Pace, retry_after
from tasktwin_contract.credentials import Credentials
from tasktwin_contract.failures import NotJudgedError, UnreachableError
from tasktwin_contract.guard import Guard
from tasktwin_contract.ledger import Ledger, Loan, Thing, found, masked, unmasked
from tasktwin_contract.marks import Mark, is_marked
from tasktwin_contract.payload import UnclearError, read, rewritten
from tasktwin_contract.people import People
from tasktwin_contract.redaction import Redaction, in_shell
from tasktwin_contract.reply import Reply, Sent
from tasktwin_contract.rules import rules_of
from tasktwin_contract.things import Things, removable
from tasktwin_contract.wire import Request, Response
from tasktwin_schemas import operations

RULES = rules_of("hitask")
OPERATIONS = operations("hitask")
OWN = "11111111-1111-4111-8111-111111111111"
ALIEN = "99999999-9999-4999-8999-999999999999"
PLACES = ("query", *BODIES)


class Desk:
    """What an actor needs of a world to write a request."""

    api, prefix = "hitask", ""


def request(name: str, via: str = "query", /, **parameters: Any) -> Sent:
    """A call of an operation as the suite would send it."""
    operation = OPERATIONS[name]
    actor = Actor(Desk(), "owner", {}, via=via)  # type: ignore[arg-type]
    return Sent(actor.request(operation, parameters), operation, "owner", "hitask")


@pytest.fixture
def things(tmp_path: Path) -> Things:
    """A world with one item, of the id 7, on which is the tag of the id 90."""
    ledger = Ledger.begin(tmp_path, "hitask", "http://h", "0123abcd")
    things = Things(RULES, lambda: ledger)
    thing = things.begin("item", OWN, "owner")
    things.learn("item", {"id": 7, "guid": OWN, "alerts": [{"id": 70}]})
    assert thing.number == "7"
    tags = [
        {"id": 90, "name": "tasktwin 0123abcd home"},
        {"id": 9, "name": "tasktwin ffffffff home"},
        {"id": 10, "name": "home"},
    ]
    body = json.dumps(tags).encode()
    things.take_in_implied("tag", body, Mark("0123abcd").text, "owner")
    return things


@pytest.fixture
def guard() -> Guard:
    """What watches over a run that may write, whose people are 1 and 2."""
    guard = Guard("hitask", RULES, Access.OWN, ["owner", "member"])
    guard.ours.update({"1", "2"})
    guard.drawn.add(OWN)
    return guard


@pytest.mark.parametrize("via", PLACES)
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("updateItem", {"guid": OWN, "parent": "true"}),
        ("updateItem", {"guid": OWN, "parent": 8.0}),
        ("updateItem", {"guid": OWN, "parent": [[8]]}),
        ("updateItem", {"guid": OWN, "parent": {"id": 8}}),
        ("deleteItem", {"guid": ALIEN}),
        ("deleteItem", {"guid": 8}),
        ("updateItem", {"guid": ALIEN, "title": "a"}),
        ("updateItem", {"id": 8, "title": "a"}),
        ("updateItem", {"guid": OWN, "id": 8}),
        ("updateItem", {"guid": OWN, "parent": 8}),
        ("updateItem", {"guid": OWN, "parentGuid": ALIEN}),
        ("updateItem", {"guid": OWN, "assignee": 3}),
        ("updateItem", {"guid": OWN, "participants": [1, 3]}),
        ("updateItem", {"guid": OWN, "permissions": [{"principal": 3, "level": 50}]}),
        ("updateItem", {"guid": OWN, "alerts": [{"id": 71, "timeType": 4}]}),
        ("updateItemById", {"guid": "8", "title": "a"}),
        ("createItem", {"guid": ALIEN, "title": "a"}),
        ("createItem", {"guid": OWN, "title": "a", "parent": 8}),
        ("createItem", {"guid": OWN, "title": "a", "parent": True}),
        ("updateUser", {"firstname": "a"}),
        ("setPreferences", {"time_format": "24"}),
        ("updateGroup", {"id": "g", "name": "a"}),
        ("addGroupMember", {"groupId": "g", "id": 2}),
        ("archiveItem", {"guid": ALIEN}),
        ("restoreItem", {"id": 8}),
        ("markRead", {"guid": ALIEN}),
        ("addComment", {"id": 8, "message": "a"}),
        ("deleteComment", {"id": 5, "itemId": 7}),
        ("addTag", {"item_id": 8, "name": "a"}),
        ("updateTag", {"id": 9, "name": "a"}),
        ("deleteTag", {"id": 7}),
    ],
)
def test_what_is_others_is_never_touched(
    guard: Guard, things: Things, name: str, parameters: dict[str, Any], via: str
) -> None:
    """A write that names what the run did not make ends the test, wherever it does."""
    with pytest.raises(pytest.skip.Exception):
        guard.errand(request(name, via, **parameters), things)


@pytest.mark.parametrize("via", PLACES)
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("deleteItem", {"guid": OWN}),
        ("deleteItem", {"guid": 7}),
        ("updateItem", {"id": 7, "parent": 0, "assignee": 0, "participants": []}),
        ("updateItem", {"guid": OWN.upper(), "parent": "", "parentGuid": OWN}),
        ("updateItem", {"guid": OWN, "participants": [1, 2], "assigneeId": 2}),
        ("updateItem", {"guid": OWN, "permissions": [{"principal": "1", "level": 50}]}),
        ("updateItem", {"guid": OWN, "alerts": [{"id": 70}, {"timeType": 4}]}),
        ("updateItem", {"id": 2**62, "title": "nowhere"}),
        ("createItem", {"guid": OWN, "title": "a"}),
        ("createItem", {"title": "a"}),
        ("listItems", {}),
        ("getHistory", {"id": 8}),
        ("archiveItem", {"id": 7}),
        ("markRead", {"guid": OWN}),
        ("addComment", {"id": 7, "message": "a"}),
        ("addTag", {"item_id": 7, "name": "a"}),
        ("updateTag", {"id": 90, "name": "a"}),
        ("deleteTag", {"id": 90}),
        ("createGroup", {"name": "a"}),
        ("authenticate", {"login": "x", "password": "y"}),
        ("logout", {"session_id": "x"}),
    ],
)
def test_what_is_ones_own_may_be_touched(
    guard: Guard, things: Things, name: str, parameters: dict[str, Any], via: str
) -> None:
    """What names only the run's own things and people is sent."""
    sent = request(name, via, **parameters)
    assert guard.errand(sent, things).sent is sent


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"guid": "%s", "id": 8' % OWN.encode()),
        ("application/json", b'{"permissions": [{"principal": "all"}]'),
        ("application/json", b'{"a": 1, "parent": \\u0038'),
        ("text/plain", b"parent=8"),
        ("application/x-www-form-urlencoded", b"p%61rent=8"),
        ("multipart/form-data; boundary=b", b"--b 8"),
        ("application/json", '{"parent": ٨'.encode()),
        ("application/json", ALIEN.encode()),
    ],
)
def test_what_cannot_be_read_is_not_sent(
    guard: Guard, things: Things, kind: str, body: bytes
) -> None:
    """A body of which nobody can tell what it names ends the test."""
    sent = request("createItem")
    odd = replace(sent.request, headers=(("Content-Type", kind),), body=body)
    with pytest.raises(pytest.skip.Exception):
        guard.errand(replace(sent, request=odd), things)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"guid": "%s", "title": "a"' % OWN.encode()),
        ("application/json", b"{title: a}"),
        ("text/plain", b"title"),
    ],
)
def test_what_names_nothing_may_be_odd(
    guard: Guard, things: Things, kind: str, body: bytes
) -> None:
    """A body that can name nothing, or but what was drawn, may be as odd as it is."""
    sent = request("createItem")
    odd = replace(sent.request, headers=(("Content-Type", kind),), body=body)
    errand = guard.errand(replace(sent, request=odd), things)
    assert errand.texts("guid") == ([OWN] if OWN.encode() in body else [])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api//user"),
        ("PATCH", "/api/user"),
        ("DELETE", "/api/item/8"),
        ("DELETE", "/api/v7/item/8"),
        ("DELETE", "/api/item/%38"),
        ("GET", "/api/user/update"),
    ],
)
def test_requests_of_no_operation(
    guard: Guard, things: Things, method: str, path: str
) -> None:
    """A request beside the operations is one of them by its path, or only reads."""
    sent = Sent(Request(method, path), None, None, "hitask")
    if method == "GET":
        assert guard.errand(sent, things).operation is None
    else:
        with pytest.raises(pytest.skip.Exception):
            guard.errand(sent, things)


@pytest.fixture
def full(guard: Guard) -> Guard:
    """The same with access to accounts; one of the people is called olive."""
    guard.access = Access.FULL
    guard.called.update({"olive", "olive@work.test"})
    guard.drawn.add(f"{OWN}@example.com")
    return guard


@pytest.fixture
def known(things: Things) -> Things:
    """The world with somebody invited, of the id 20, and a contact, of the id 2."""
    things.begin("invited", f"{OWN}@example.com", "owner", "20")
    things.begin("contact", "max@work.test", "owner", "2")
    return things


@pytest.mark.parametrize("via", PLACES)
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("inviteMember", {"email": "john@corp.test"}),
        ("inviteMember", {"email": "john@example.com.test"}),
        ("inviteMember", {"email": "john@myexample.com"}),
        ("inviteMember", {"email": "john@corp.test@"}),
        ("resendInvitation", {"email": "john@corp.test"}),
        ("inviteContact", {"email": "john@corp.test"}),
        ("removeMember", {"id": 2}),
        ("removeMember", {"id": 8}),
        ("removeContactFromBusiness", {"id": 2}),
        ("addContact", {"id": 8}),
        ("addContact", {"login": "john"}),
        ("addContact", {"email": "john@corp.test", "id": 2}),
        ("deleteContact", {"id": 1}),
        ("deleteContact", {"id": 20}),
        ("approveContact", {"id": 8}),
        ("addContactToBusiness", {"id": 8}),
    ],
)
def test_nobody_else_is_invited_or_removed(
    full: Guard, known: Things, name: str, parameters: dict[str, Any], via: str
) -> None:
    """Mail goes to nobody, and nobody is removed whom the run did not invite."""
    with pytest.raises(pytest.skip.Exception):
        full.errand(request(name, via, **parameters), known)


@pytest.mark.parametrize("via", PLACES)
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("inviteMember", {"email": "a@example.com", "name": "Mick"}),
        ("inviteMember", {"email": "a@b.invalid"}),
        ("inviteMember", {"email": "nobody"}),
        ("inviteMember", {"email": "Olive@work.test"}),
        ("resendInvitation", {"email": "olive@work.test"}),
        ("removeMember", {"id": 20}),
        ("removeMember", {"id": 2**62}),
        ("addContact", {"id": 2}),
        ("addContact", {"login": "olive"}),
        ("addContact", {"login": OWN}),
        ("deleteContact", {"id": 2}),
        ("approveContact", {"id": 2}),
    ],
)
def test_who_was_invited_is_removed(
    full: Guard, known: Things, name: str, parameters: dict[str, Any], via: str
) -> None:
    """What reaches nobody but the run's own people is sent."""
    sent = request(name, via, **parameters)
    assert full.errand(sent, known).sent is sent


@pytest.mark.parametrize("name", ["inviteMember", "addContact", "removeMember"])
def test_people_are_of_the_account(guard: Guard, known: Things, name: str) -> None:
    """What writes to people needs access to accounts."""
    sent = request(name, email="a@example.com", id=20)
    with pytest.raises(pytest.skip.Exception, match="--access full"):
        guard.errand(sent, known)


def test_invitations_that_cannot_be_read(full: Guard, known: Things) -> None:
    """A body of an invitation of which nobody can tell the address is not sent."""
    kind = (("Content-Type", "application/json"),)
    for name in ("inviteMember", "addContact"):
        sent = request(name)
        for body in (b'{"\\u0065mail": "john@corp.test"', b"{a: b}"):
            odd = replace(sent.request, headers=kind, body=body)
            with pytest.raises(pytest.skip.Exception):
                full.errand(replace(sent, request=odd), known)


def test_who_is_alone_has_no_rank(things: Things) -> None:
    """What only a team's owner may do is not asked of who may be anybody."""
    for actors in (["owner"], ["manager", "member"]):
        guard = Guard("hitask", RULES, Access.OWN, actors)
        with pytest.raises(pytest.skip.Exception, match="owner beside others"):
            guard.errand(request("createGroup", name="a"), things)


def test_access_read_writes_nothing(things: Things) -> None:
    """With access read a write ends the test, whatever it names."""
    guard = Guard("hitask", RULES, Access.READ, ["owner"])
    guard.drawn.add(OWN)
    with pytest.raises(pytest.skip.Exception, match="--access own"):
        guard.errand(request("createItem", guid=OWN, title="a"), things)


def test_every_write_has_a_rule() -> None:
    """Each operation that writes has a rule, without which no live server gets it."""
    writes = {op.alias_of or op.id for op in OPERATIONS.values() if op.effect != "read"}
    assert writes <= RULES.operations.keys()
    for name, rule in RULES.operations.items():
        known = OPERATIONS[name].parameters.keys() if name in OPERATIONS else ()
        named = {part for part in rule.names if part in known}
        ids = {part for part in known if part.lower().endswith(("id", "guid"))}
        assert ids - named <= {"session_id", "issue_id", "loginId"}, name


values = st.lists(
    st.tuples(st.sampled_from(["title", "guid", "x y"]), st.text(max_size=9)),
    max_size=3,
)


@given(values=values, place=st.sampled_from(["form", "json", "multipart"]))
def test_a_body_is_read_as_it_was_written(values: Any, place: str) -> None:
    """What the suite writes is read back, doubled parameters too, or is unclear."""
    from tasktwin_contract.hitask import raw

    parts = raw.written(place, tuple(values))
    wire = Request(
        "POST", "/api/item", (), (("Content-Type", parts["kind"]),), parts["body"]
    )
    try:
        assert read(wire, OPERATIONS["createItem"], RULES.version) == values
        assert rewritten(wire, lambda name, value: value).body == wire.body
    except UnclearError:
        assert place != "json"


def test_lists_hold_ones_own(things: Things) -> None:
    """Of lists and deltas a test sees its own items, and the stubs of these."""
    body = json.dumps(
        [
            {"id": 7, "guid": OWN, "title": "a"},
            {"id": 8, "guid": ALIEN},
            {"id": 7, "changed": False},
            {"id": 9, "changed": False},
        ]
    )
    kept = json.loads(things.reduced("item", body.encode()))
    assert [entry["id"] for entry in kept] == [7, 7]
    groups = b'[{"id": "a", "type": 1}, {"id": "b", "type": 2}]'
    assert json.loads(things.reduced("group", groups)) == [{"id": "a", "type": 1}]
    assert things.reduced("item", b"<html>") == b"<html>"
    tags = b'[{"id": 9, "name": "home"}, {"id": 90, "name": "home"}]'
    assert json.loads(things.reduced("tag", tags)) == [{"id": 90, "name": "home"}]


def test_what_is_implied_goes_last(things: Things) -> None:
    """What comes with other things is removed when these have gone."""
    things.begin("group", None, "owner")
    kinds = [thing.kind for thing in removable(RULES.kinds, things.made)]
    assert kinds == ["item", "group", "tag"]


class Clock:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.now += seconds


class Script:
    """A transport that answers what it was told, or does not."""

    def __init__(self, *answers: Any) -> None:
        self.answers: Iterator[Any] = iter(answers)

    def send(self, request: Request) -> Response:
        """The next answer."""
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        status, headers = answer
        return Response(status, headers, b'{"response_status": 0}')


def carry(clock: Clock, name: str, *answers: Any, rate: int | None = None) -> int:
    """The status that comes of these answers, in the end."""
    courier = Courier(Script(*answers), RULES, Pace(rate, clock, clock.wait))
    return courier.carry(request(name, guid=OWN)).status


def test_the_pace_is_kept() -> None:
    """With --rate-limit requests are evenly spread over the minute."""
    clock = Clock()
    pace = Pace(60, clock, clock.wait)
    for _ in range(4):
        pace.keep(writes=False)
    assert clock.now == pytest.approx(103.0)


def test_a_write_keeps_away_from_a_cursor() -> None:
    """Between a read that yields a cursor and the next write 5 ms pass."""
    clock = Clock()
    answers = [(200, {"x-cursor": "1"}), (200, {}), (200, {})]
    courier = Courier(Script(*answers), RULES, Pace(None, clock, clock.wait))
    courier.carry(request("listItems"))
    courier.carry(request("listItems"))
    assert clock.waits == []
    courier.carry(request("createItem"))
    assert clock.waits == [pytest.approx(0.005)]


def test_a_server_is_left_alone_as_long_as_it_asks() -> None:
    """Retry-After is waited for, in seconds or as a date."""
    clock = Clock()
    busy = (429, {"retry-after": "7"})
    assert carry(clock, "createItem", busy, busy, (400, {})) == 400
    assert clock.waits == [7.0, 7.0]
    past = Response(429, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, b"")
    assert retry_after(past) == 0
    assert retry_after(Response(429, {"retry-after": "soon"}, b"")) is None
    late = Response(429, {"retry-after": str(int(MOST_PATIENCE) + 1)}, b"")
    with pytest.raises(NotJudgedError, match="asks to wait"):
        retry_after(late)


def test_what_may_have_been_done_twice_is_not_judged() -> None:
    """A refusal of a write that may have been carried out before says nothing."""
    clock, lost = Clock(), UnreachableError("reset")
    assert carry(clock, "createItem", lost, (200, {})) == 200
    assert carry(clock, "getUser", (503, {}), (400, {})) == 400
    firsts: list[Any] = [lost, (502, {}), (503, {})]
    for first in firsts:
        with pytest.raises(NotJudgedError, match="carried out twice"):
            carry(clock, "deleteItem", first, (404, {}))


@pytest.mark.parametrize(
    ("live", "status", "code", "asked", "right"),
    [
        ({"status": [404]}, 404, 1, 403, True),
        ({"status": [404]}, 403, 7, 403, False),
        ({"status": [400], "code": [4]}, 400, 4, 401, True),
        ({"status": [400], "code": [4]}, 400, 5, 401, False),
        ({"code": [73, 74]}, 400, 74, 400, True),
        ({"code": [73, 74]}, 403, 74, 400, False),
        ({"code": [73, 74]}, 400, 75, 400, False),
        ({"code": [73, 74]}, 403, 74, None, True),
    ],
)
def test_what_a_clause_leaves_open(
    live: dict[str, Any], status: int, code: int, asked: int | None, right: bool
) -> None:
    """Statuses and codes of `live` may come instead of those that are asked for."""
    body = json.dumps({"response_status": code}).encode()
    reply = Reply(request("getUser"), Response(status, {}, body))
    assert covers(live, reply, asked) is right


def test_names_of_others_are_no_verdict(guard: Guard, things: Things) -> None:
    """A name in use is believed where the test took it, else it is somebody else's."""
    clashes = Clashes(RULES, ["olive"])
    sent = request("createItem", guid=OWN, title="a", short_name="ABC")
    errand = guard.errand(sent, things)
    assert clashes.with_others(errand, "owner", 80) == "short_name"
    assert clashes.with_others(errand, "owner", 6) is None
    clashes.take(errand, "owner")
    assert clashes.with_others(errand, "member", 80) is None
    assert clashes.with_others(errand, "outsider", 80) == "short_name"


def test_parts_are_played() -> None:
    """Without an owner the first of the others plays that part, and no other."""
    cast = ("owner", "manager", "member")
    facts = {"login": "l", "password": "p"}
    words = (cast, "session_id", "session_id")
    both = People(Credentials("k", {"member": facts, "manager": facts}), *words)
    assert both.parts == {"owner": "manager", "member": "member"}
    with pytest.raises(pytest.skip.Exception, match="part of manager"):
        both.facts()["manager"]
    whole = People(Credentials("k", {"owner": facts, "member": facts}), *words)
    assert whole.parts == {"owner": "owner", "member": "member"}
    token = {"manager": {"token": "t"}}
    bearer = People(Credentials("", token), ("manager",), "token", "token")
    assert bearer.session("manager", lambda **_: pytest.fail("signs in")) == "t"
    assert unmet(["team_admin"], ["owner", "member"], "owner") is None
    for names in (["owner"], ["manager", "member"]):
        assert unmet(["team_admin"], names, "owner")


def test_a_ledger_is_found_again(tmp_path: Path) -> None:
    """A ledger tells what was made and has not gone, though its last line be cut."""
    ledger = Ledger.begin(tmp_path, "hitask", "http://h", "0123abcd")
    one, two = Thing("item", "owner", OWN), Thing("item", "member", ALIEN)
    for thing in (one, two):
        ledger.note(thing)
    one.gone = True
    two.number = "8"
    ledger.note(one)
    ledger.note(two)
    ledger.lend(Loan("owner", "updateUser", {"firstname": "A"}, ["new"]))
    with ledger.path.open("ab") as file:
        file.write(b'{"entry": 2, "ki')
    assert found(tmp_path, "hitask", "http://other") == []
    (again,) = found(tmp_path, "hitask", "http://h")
    assert again.left() == [two]
    assert again.loans == ledger.loans
    kept = [again.is_kept]
    assert ledger.path.stat().st_mode & 0o077 == 0
    ledger.close()
    assert [*kept, again.is_kept] == [True, False]
    assert ledger.path.exists()


def test_credentials_are_kept_nowhere() -> None:
    """What of an account is a credential is not written, but filled in again."""
    person = {"login": "olive", "password": "hush"}
    before = {"firstname": "Olive", "loginId": "olive"}
    written = masked(before, person)
    assert "olive" not in written.values()
    assert unmasked(written, person) == before


@given(title=st.text(max_size=300))
def test_a_mark_comes_off_as_it_went_on(title: str) -> None:
    """Whatever title is marked is the same again without the mark, and never longer."""
    mark = Mark("0123abcd")
    marked = mark.on(title)
    assert is_marked(marked) == (len(title.strip()) > 0 and len(title) <= 237)
    assert mark.off(marked.encode(errors="replace")) == title.encode(errors="replace")
    assert len(marked) <= max(255, len(title))


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (["a", "b c", 5], ["M a", "M b c", 5]),
        ('["a", ""]', '["M a", ""]'),
        ("a, b", "M a,M b"),
        ("", ""),
        ("[a", "[a"),
        (7, 7),
    ],
)
def test_words_are_marked_one_by_one(words: Any, marked: Any) -> None:
    """Of a list of words each one is marked, however the list is written."""
    mark = Mark("0123abcd")
    wanted = json.dumps(marked).replace("M ", mark.text)
    assert json.dumps(mark.on_each(words)) == wanted


@given(secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=4))
def test_secrets_are_cut(secret: str) -> None:
    """A secret is cut however it is written, and in a shell line is a variable."""
    redaction = Redaction()
    redaction.add(secret, "KEY")
    for form in (secret, json.dumps(secret), quote_plus(secret), repr(secret)):
        assert redaction.text(f"<{form}>").strip("<'\">") == "$KEY"
    hidden = redaction.request(Request("GET", "/", (("a", secret),), (), b""))
    assert hidden.query == (("a", "{{KEY}}"),)
    assert in_shell("curl '{{KEY}}' \"%7B%7BKEY%7D%7D\"") == (
        "curl ''\"$KEY\"'' \"$KEY\""
    )
