"""What answers look like."""

from collections.abc import Callable
from typing import Any

import pytest

from tasktwin_contract.checks import ALWAYS_KNOWN
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.examples import (
    EVERY,
    JSON_ANSWERED,
    OPERATIONS,
    caller,
    example,
    filled,
)
from tasktwin_contract.hitask.steps import create, update
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.rows import table
from tasktwin_contract.target import Target

NOTHING_TO_RETURN = ["logout", "updateUser", "deleteItem"]
NEVER_MISSING = (
    "id",
    "title",
    "category",
    "time_last_update",
    "permission",
    "permissions",
)
WHOLE = ("id", "user_id", "color", "category", "parent", "recurring", "priority")
TEXT = ("guid", "title", "short_name", "issue_id", "color_value", "message", "contact")
DATES = ("start_date", "end_date", "time_last_update", "time_create")
SWITCHES = ("completed", "is_all_day", "starred", "time_track")
LISTS = ("participants", "tags", "alerts", "permissions")
TABLED: tuple[tuple[tuple[str, ...], Callable[[Any], bool]], ...] = (
    (WHOLE, lambda value: type(value) is int),
    (TEXT + DATES, lambda value: isinstance(value, str)),
    (SWITCHES, lambda value: value in (True, False)),
    (("time_est", "time_spent"), lambda value: isinstance(value, int | float)),
    (LISTS, lambda value: isinstance(value, list)),
    (("location",), lambda value: isinstance(value, dict)),
)


@clause("HT-ANSWER-01")
@pytest.mark.parametrize("name", JSON_ANSWERED)
def test_answers_are_json(target: Target, name: str) -> None:
    """An answer is JSON, and says so."""
    with target.world() as world:
        reply = caller(world, name).call(name, **example(world, name)).expect(200)
        assert reply.media_type == "application/json"
        assert reply.data is not None


@clause("HT-ANSWER-01")
def test_the_root_is_the_data(target: Target) -> None:
    """The list of items is a list, and an account an object that has the id."""
    with target.world() as world:
        guid = world.owner.item()["guid"]
        listed = world.owner.call("listItems").expect(200).data
        assert isinstance(listed, list)
        assert [item["guid"] for item in listed if isinstance(item, Object)] == [guid]
        assert world.owner.call("getUser").expect(200)["id"] == world.owner.number


@clause("HT-ANSWER-02")
@pytest.mark.parametrize("name", NOTHING_TO_RETURN)
def test_nothing_to_return(target: Target, name: str) -> None:
    """An operation with nothing to return answers response_status 0."""
    with target.world() as world:
        reply = caller(world, name).call(name, **example(world, name)).expect(200)
        assert reply["response_status"] == 0


@clause("HT-ANSWER-03")
def test_an_item_has_the_tabled_types(target: Target) -> None:
    """An item has the tabled fields with their tabled types."""
    with target.world() as world:
        guid = world.owner.item(**filled(world))["guid"]
        item = world.owner.stored(guid)
        for names, is_so in TABLED:
            for name in names:
                value = item[name]
                assert value is None or is_so(value), f"{name} is {value!r}"


@clause("HT-ANSWER-04")
def test_what_an_item_never_lacks(target: Target) -> None:
    """An item never lacks id, title, category, change date and permissions."""
    with target.world() as world:
        made = create(world.owner).expect(200)
        changed = update(world.owner, world.owner.item(), color=1).expect(200)
        items: list[Reply | Object] = [made, changed, *world.owner.items().values()]
        for item in items:
            lacking = [name for name in NEVER_MISSING if item[name] is None]
            assert not lacking, f"{lacking} missing"


@clause("HT-ANSWER-05")
@pytest.mark.parametrize("name", EVERY)
def test_statuses_are_known(target: Target, name: str) -> None:
    """An operation answers with one of the statuses known for it."""
    known = {*OPERATIONS[name].answers, *ALWAYS_KNOWN}
    with target.world() as world:
        who, good = caller(world, name), example(world, name)
        path = raw.in_path(name, world.guid())
        replies = [
            world.nobody.call(name, **good),
            raw.send(who, name, path),
            raw.send(who, name, path, kind=raw.JSON, body=b"{"),
            raw.send(who, name, path, kind="text/plain", body=b"{"),
            who.call(name, **good),
        ]
        assert {reply.status for reply in replies} <= known


@clause("HT-ANSWER-06")
@pytest.mark.parametrize("name", table(EVERY, "getUser"))
def test_no_password_comes_back(target: Target, name: str) -> None:
    """No answer holds a password."""
    with target.world() as world:
        reply = caller(world, name).call(name, **example(world, name)).expect(200)
        text = reply.body.decode(errors="replace")
        for person in world.people.values():
            assert person["password"] not in text


@clause("HT-ANSWER-06")
def test_a_wrong_password_does_not_come_back(target: Target) -> None:
    """Not even a wrong password is in the refusal that it meets."""
    with target.world() as world:
        credentials = {**example(world, "authenticate"), "password": "zz-mistyped"}
        reply = world.nobody.call("authenticate", **credentials).refused()
        assert b"zz-mistyped" not in reply.body
