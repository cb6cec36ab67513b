"""What is sent in fields, and what becomes of fields that are not sent."""

from typing import Any

import pytest

from tasktwin_contract.clauses import clause
from tasktwin_contract.gsmtasks.changes import (
    CHANGES,
    FOLLOWING,
    WHOLE_ADDRESS,
    WHOLE_CONTACT,
    WRITABLE,
    change,
)
from tasktwin_contract.gsmtasks.examples import OPERATIONS, caller, example
from tasktwin_contract.gsmtasks.laws import names, rest
from tasktwin_contract.gsmtasks.nouns import CREATED, NOUNS, UPDATED
from tasktwin_contract.gsmtasks.raw import whole
from tasktwin_contract.gsmtasks.stock import everything, stocked
from tasktwin_contract.gsmtasks.wrong import FIELDS, WRITING, nullable, wrong
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target

JUNK: dict[str, Any] = {
    "id": "11111111-1111-4111-8111-111111111111",
    "url": "https://example.com/api/tasks/x/",
    "state": "completed",
    "slug": "junk",
    "display_name": "Junk",
    "created_at": "2001-01-01T00:00:00Z",
    "updated_at": "2001-01-01T00:00:00Z",
    "completed_at": "2001-01-01T00:00:00Z",
    "cancelled_at": "2001-01-01T00:00:00Z",
    "size": 123456,
    "created_by": "https://example.com/api/tasks/users/x/",
    "file": "https://example.com/media/x",
    "is_image": True,
    "assignee_proximity": "junk",
    "is_full_load": True,
    "issues": ["junk"],
    "events": "https://example.com/",
    "documents": "https://example.com/",
    "signatures": "https://example.com/",
    "actions": {"accept": "https://example.com/"},
    "counts": {"events": 99},
    "start_location": {"type": "Point", "coordinates": [1, 2]},
    "end_location": "junk",
    "total_distance": "junk",
    "total_duration": "junk",
}
every_change = pytest.mark.parametrize(("noun", "field"), CHANGES)


def readonly(noun: str, record: Object) -> dict[str, Any]:
    """Values for the fields of a record that only the server sets."""
    known = OPERATIONS[NOUNS[noun].create].parameters
    return {n: JUNK[n] for n in record if n not in known and n in JUNK}


@clause("GT-FIELD-01")
@pytest.mark.parametrize("operation_id", [*WRITING, "assignTask", "authenticate"])
def test_unknown_fields(target: Target, operation_id: str) -> None:
    """Fields that the resource does not have are ignored."""
    with target.world() as world:
        words = example(world, operation_id)
        more = {"colour": "red", "Name": 7, "é": None, "__proto__": {"x": []}}
        reply = caller(world, operation_id).call(operation_id, **words, **more)
        reply.expect(*OPERATIONS[operation_id].successes)
        assert not set(more) & set(reply.data)


@clause("GT-FIELD-02")
@pytest.mark.parametrize("noun", [n for n in CREATED if n != "file_upload"])
def test_what_the_server_sets(target: Target, noun: str) -> None:
    """Fields that only the server sets are ignored at the creation."""
    with target.world() as world:
        manager = world.manager
        plain = manager.made(noun)
        junk = readonly(noun, plain)
        made = manager.made(noun, **junk)
        assert {n for n in junk if made[n] == junk[n]} == set()
        for field in set(junk) & {"state", "is_full_load", "issues", "is_image"}:
            assert made[field] == plain[field]


@clause("GT-FIELD-02")
@pytest.mark.parametrize("noun", UPDATED)
def test_what_the_server_keeps(target: Target, noun: str) -> None:
    """Fields that only the server sets are ignored in an update."""
    with target.world() as world:
        made = world.manager.make(noun)
        junk = readonly(noun, made)
        reply = whole(world.manager, NOUNS[noun].update, made["id"], junk)
        assert rest(reply.expect(200).data) == rest(made)


@clause("GT-FIELD-03")
@every_change
def test_put_keeps_the_rest(target: Target, noun: str, field: str) -> None:
    """PUT keeps what is not sent."""
    with target.world() as world:
        made = world.manager.make(noun)
        sent = change(world.manager, noun, field)
        world.manager.changed(noun, made, **sent)
        after = world.manager.shown(noun, made)
        assert after[field] == sent[field]
        left = {field, *FOLLOWING.get((noun, field), ())}
        assert rest(after, *left) == rest(made, *left)


@clause("GT-FIELD-03")
@pytest.mark.parametrize("noun", UPDATED)
def test_put_keeps_what_was_put(target: Target, noun: str) -> None:
    """PUT keeps what an earlier one set, whatever the two set."""
    with target.world() as world:
        made = world.manager.make(noun)
        known: dict[str, Any] = {}
        for field in WRITABLE[noun]:
            sent = change(world.manager, noun, field)
            after = world.manager.changed(noun, made, **sent)
            known.update(sent)
            assert {name: after[name] for name in known} == known


@clause("GT-FIELD-04")
@every_change
def test_patch_does_the_same(target: Target, noun: str, field: str) -> None:
    """PATCH does the same as PUT."""
    with target.world() as world:
        made = world.manager.make(noun)
        sent = change(world.manager, noun, field)
        answer = world.manager.call(NOUNS[noun].patch, **sent, id=made["id"])
        after = world.manager.shown(noun, made)
        assert after == answer.expect(200).data
        assert after[field] == sent[field]
        left = {field, *FOLLOWING.get((noun, field), ())}
        assert rest(after, *left) == rest(made, *left)


@clause("GT-FIELD-05")
@pytest.mark.parametrize("noun", ["task", "contact_address"])
@pytest.mark.parametrize("field", ["contact", "address"])
def test_empty_objects_keep(target: Target, noun: str, field: str) -> None:
    """PUT with an empty object for contact or address keeps the one that there is."""
    with target.world() as world:
        sent = {"contact": WHOLE_CONTACT, "address": WHOLE_ADDRESS}
        made = world.manager.make(noun, **sent)
        after = world.manager.changed(noun, made, **{field: {}})
        assert after[field] == made[field] == sent[field]


@clause("GT-FIELD-06")
@pytest.mark.parametrize("noun", ["task", "contact_address"])
@pytest.mark.parametrize("kept", WHOLE_CONTACT)
def test_contacts_are_replaced(target: Target, noun: str, kept: str) -> None:
    """A contact that is not empty replaces the whole."""
    with target.world() as world:
        made = world.manager.make(noun, contact=WHOLE_CONTACT)
        after = world.manager.changed(noun, made, contact={kept: "new"})
        assert after["contact"] == {**dict.fromkeys(WHOLE_CONTACT, ""), kept: "new"}


@clause("GT-FIELD-06")
@pytest.mark.parametrize("noun", ["task", "contact_address"])
@pytest.mark.parametrize("kept", ["raw_address", "city", "country_code", "street"])
def test_addresses_are_replaced(target: Target, noun: str, kept: str) -> None:
    """An address that is not empty replaces the whole."""
    found_out = ("formatted_address", "location", kept)
    with target.world() as world:
        made = world.manager.make(noun, address=WHOLE_ADDRESS)
        after = world.manager.changed(noun, made, address={kept: "XY"})["address"]
        assert after[kept] == "XY"
        left = {n: v for n, v in after.items() if n not in found_out}
        assert left == dict.fromkeys(left, "")
        assert set(after) == set(WHOLE_ADDRESS)


@clause("GT-FIELD-21")
@pytest.mark.parametrize(("operation_id", "field"), FIELDS)
def test_values_of_the_wrong_type(
    target: Target, operation_id: str, field: str
) -> None:
    """A value of the wrong type is refused with 400 on its field."""
    with target.world() as world:
        words = example(world, operation_id)
        actor = caller(world, operation_id)
        sent = {**words, field: wrong(operation_id, field)}
        names(actor.call(operation_id, **sent), field)
        actor.call(operation_id, **words).expect(*OPERATIONS[operation_id].successes)


@clause("GT-FIELD-21")
@pytest.mark.parametrize(
    ("noun", "field", "value"),
    [
        ("client", "name", 7),
        ("role", "is_worker", "yes"),
        ("order", "reference", True),
        ("task", "contact", {"name": 7}),
        ("task", "address", {"city": None}),
        ("task", "address", {"raw_address": ["x"]}),
        ("task", "assignee", {"name": "x"}),
        ("task", "assignee", {"email": 7}),
        ("tracker", "max_zoom_level", 1.5),
        ("tracker", "active_states", ["transit", 7]),
        ("tracker", "tasks", [7]),
        ("tracker", "autozoom", None),
        ("signature", "signer", {"phone": 7}),
    ],
)
def test_near_misses(target: Target, noun: str, field: str, value: Any) -> None:
    """A value that only looks like one of the right type is refused with 400."""
    with target.world() as world:
        names(world.manager.post(noun, **{field: value}), field)


@clause("GT-FIELD-22")
@pytest.mark.parametrize(
    ("operation_id", "field"), [row for row in FIELDS if not nullable(*row)]
)
def test_null_where_there_is_none(
    target: Target, operation_id: str, field: str
) -> None:
    """null is refused with 400 on a field that cannot be null."""
    with target.world() as world:
        words = {**example(world, operation_id), field: None}
        names(caller(world, operation_id).call(operation_id, **words), field)


CLEARED = {
    "task": (
        "order",
        "external_id",
        "orderer",
        "receiver",
        "complete_before",
        "scheduled_time",
        "assignee",
        "duration",
    ),
    "order": ("external_id", "client"),
    "contact_address": ("client",),
    "tracker": ("max_zoom_level",),
}


@clause("GT-FIELD-23")
@pytest.mark.parametrize(
    ("noun", "field"), [(noun, f) for noun, fields in CLEARED.items() for f in fields]
)
@pytest.mark.parametrize("verb", ["update", "patch"])
def test_null_clears(target: Target, noun: str, field: str, verb: str) -> None:
    """On PUT null clears a field that may be null."""
    with target.world() as world:
        made = world.manager.make(noun, **change(world.manager, noun, field))
        assert made[field] is not None
        words = {field: None, "id": made["id"]}
        operation_id = getattr(NOUNS[noun], verb)
        assert world.manager.call(operation_id, **words).expect(200)[field] is None
        assert world.manager.shown(noun, made)[field] is None


@clause("GT-FIELD-28")
@pytest.mark.parametrize("noun", UPDATED)
@pytest.mark.parametrize("verb", ["update", "patch"])
def test_its_own_account(target: Target, noun: str, verb: str) -> None:
    """An update with the record's own account is taken."""
    with target.world() as world:
        made = world.manager.make(noun)
        words = {"account": made["account"], "id": made["id"]}
        reply = world.manager.call(getattr(NOUNS[noun], verb), **words).expect(200)
        assert rest(reply.data) == rest(made)


@clause("GT-FIELD-29")
@pytest.mark.parametrize("noun", UPDATED)
@pytest.mark.parametrize("verb", ["update", "patch"])
def test_what_was_read_is_written_back(target: Target, noun: str, verb: str) -> None:
    """PUT of all that GET answered is taken, and changes nothing but updated_at."""
    with target.world() as world:
        record = stocked(world.manager)[noun]
        before = everything(world.manager, noun, "route")
        operation_id = getattr(NOUNS[noun], verb)
        reply = whole(world.manager, operation_id, record["id"], record).expect(200)
        assert rest(reply.data) == rest(record)
        assert everything(world.manager, noun, "route") == before


@clause("GT-FIELD-29")
@pytest.mark.parametrize("noun", ["contact_address", "tracker", "order", "task"])
def test_writing_back_a_whole(target: Target, noun: str) -> None:
    """A record with every field filled is written back as it is."""
    with target.world() as world:
        manager = world.manager
        sent = {name: make(manager) for name, make in WRITABLE[noun].items()}
        record = manager.make(noun, **sent)
        update = NOUNS[noun].update
        reply = whole(manager, update, record["id"], record).expect(200)
        assert rest(reply.data) == rest(record)
