"""What the run did not make is out of its reach, on a server that is not ours."""

from typing import Any

import pytest

from tasktwin_contract.access import Access
from tasktwin_contract.guard import Guard
from tasktwin_contract.reply import Sent
from tasktwin_contract.things import Things
from tasktwin_contract.wire import Request

from .calls import ALIEN, OPERATIONS, OWN, PLACES, RULES, request


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
