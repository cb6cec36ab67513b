"""What a server that is not ours may answer differently, and is not blamed for."""

import json
from typing import Any

import pytest

from tasktwin_contract.allowances import covers
from tasktwin_contract.clashes import Clashes
from tasktwin_contract.guard import Guard
from tasktwin_contract.reply import Reply
from tasktwin_contract.things import Things
from tasktwin_contract.wire import Response

from .calls import OWN, RULES, request


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
