"""References: addresses of records that are there, and that may be meant."""

from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.gsmtasks.bodies import LEFT_OUT, body
from tasktwin_contract.gsmtasks.laws import blames, faults, rest
from tasktwin_contract.gsmtasks.nouns import (
    NOUNS,
    REFERENCES,
    UPDATED,
    WRITTEN,
    as_written,
)
from tasktwin_contract.gsmtasks.stock import number, side_account, start, stocked
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.target import Target, World

every_reference = pytest.mark.parametrize(("noun", "field"), REFERENCES)
CHANGEABLE = [(noun, field) for noun, field in REFERENCES if noun in UPDATED]


def post(actor: Actor, noun: str, field: str, value: Any) -> Reply:
    """Call create with that reference."""
    reply: Reply = actor.post(noun, **{field: as_written(noun, field, value)})
    return reply


def put(actor: Actor, noun: str, record: Object, field: str, value: Any) -> Reply:
    """Call update with that reference, and nothing else."""
    sent = {field: as_written(noun, field, value)}
    reply: Reply = actor.put(noun, record, **sent)
    return reply


def wrong_addresses(world: World, kind: str) -> list[str]:
    """What is no address of a record of that kind."""
    stock = stocked(world.manager)
    nowhere = world.guid()
    path = NOUNS[kind].path
    others = [stock[one]["url"] for one in stock if one != kind]
    return [
        "rubbish",
        "",
        f"{start(world)}/api/tasks/{path}/",
        f"{start(world)}/api/tasks/{path}/{nowhere}/",
        f"{start(world)}/api/tasks/{path}/rubbish/",
        f"https://elsewhere.example.com/{path}/{nowhere}/",
        f"{stock[kind]['url']}events/",
        *others[:4],
    ]


@clause("GT-FIELD-24")
@every_reference
def test_what_is_no_reference(target: Target, noun: str, field: str) -> None:
    """A reference that is no address of a record of its kind is 400 on its field."""
    with target.world() as world:
        sent = body(world.manager, noun, {})
        for url in wrong_addresses(world, WRITTEN[noun][field]):
            value = as_written(noun, field, url)
            blames(world.manager.bare(noun, **{**sent, field: value}), field)


@clause("GT-FIELD-24")
@pytest.mark.parametrize(("noun", "field"), CHANGEABLE)
def test_what_is_no_reference_in_an_update(
    target: Target, noun: str, field: str
) -> None:
    """An update with such a reference is 400 on its field, and changes nothing."""
    with target.world() as world:
        record = world.manager.make(noun)
        for url in wrong_addresses(world, WRITTEN[noun][field]):
            blames(put(world.manager, noun, record, field, url), field)
        assert world.manager.shown(noun, record) == record


@clause("GT-FIELD-24")
@pytest.mark.parametrize("field", ["assignee", "order", "receiver"])
def test_addresses_of_a_world_that_is_another(target: Target, field: str) -> None:
    """An address of another world is no address of a record of this one."""
    with target.world() as world:
        stock = stocked(world.manager)
        task = stock["task"]
        with target.copy(world) as twin:
            blames(twin.manager.put("task", task, **{field: task[field]}), field)


@clause("GT-FIELD-24")
@pytest.mark.parametrize("noun", ["order", "tracker", "route"])
def test_one_wrong_task_among_right_ones(target: Target, noun: str) -> None:
    """One address that is none among right ones is refused with 400 on tasks."""
    with target.world() as world:
        tasks = [world.manager.make("task")["url"] for _ in "ab"]
        wrong = f"{tasks[0].rpartition('tasks/')[0]}tasks/{world.guid()}/"
        before = world.manager.listed(noun)
        blames(world.manager.post(noun, tasks=[*tasks, wrong]), "tasks")
        assert world.manager.listed(noun) == before


SEVERAL = [noun for noun, fields in WRITTEN.items() if len(fields) > 1]


@clause("GT-ERROR-06")
@pytest.mark.parametrize("noun", SEVERAL)
def test_all_that_refer_to_nothing(target: Target, noun: str) -> None:
    """A refusal names every reference that is wrong, and no other field."""
    with target.world() as world:
        fields = {field for field in WRITTEN[noun] if field != "account"}
        start = world.manager.account.partition("accounts/")[0]
        sent = body(world.manager, noun, {})
        for field in fields:
            path = NOUNS[WRITTEN[noun][field]].path
            sent[field] = as_written(noun, field, f"{start}{path}/{world.guid()}/")
        assert faults(world.manager.bare(noun, **sent)) == fields
        sent["account"] = f"{start}accounts/{world.guid()}/"
        if "account" in WRITTEN[noun]:
            found = faults(world.manager.bare(noun, **sent))
            assert found == {"account", *fields}


@clause("GT-FIELD-25")
@every_reference
def test_bare_ids(target: Target, noun: str, field: str) -> None:
    """A bare id is no reference: 400 on its field."""
    with target.world() as world:
        url = stocked(world.manager)[WRITTEN[noun][field]]["url"]
        blames(post(world.manager, noun, field, number(url)), field)


def in_side_account(world: World, kind: str) -> str:
    """A record of that kind in the other account of who has two."""
    side = side_account(world)
    fields = {"account": side} if "account" in NOUNS[kind].refers else {}
    made: str = world.both.make(kind, **fields)["url"]
    return made


OF_TWO = [
    (noun, field)
    for noun, field in REFERENCES
    if field != "account" and WRITTEN[noun][field] in ("client", "order", "task")
]


@clause("GT-FIELD-26")
@pytest.mark.parametrize(("noun", "field"), OF_TWO)
def test_references_across_accounts(target: Target, noun: str, field: str) -> None:
    """A reference to a record of another account is 400, for who has both too."""
    if noun in ("document", "signature"):
        return
    with target.world() as world:
        url = in_side_account(world, WRITTEN[noun][field])
        blames(post(world.both, noun, field, url), field)
        if noun in UPDATED:
            record = world.both.make(noun)
            blames(put(world.both, noun, record, field, url), field)
            assert world.both.shown(noun, record) == record


@clause("GT-FIELD-26")
def test_documents_across_accounts(target: Target) -> None:
    """A document of a task and of another account's order is refused with 400."""
    with target.world() as world:
        order = in_side_account(world, "order")
        reply = world.both.post("document", order=order).refused(400)
        assert {"order", "task"} & set(reply.data)
        world.both.made("document", order=order, task=LEFT_OUT)


@clause("GT-FIELD-26")
@pytest.mark.parametrize("noun", ["task", "route"])
def test_assignees_across_accounts(target: Target, noun: str) -> None:
    """An assignee who is a worker of the caller's other account alone is 400."""
    with target.world() as world:
        side = side_account(world)
        tasks = [world.both.make("task", account=side)["url"]]
        words = {"tasks": tasks} if noun == "route" else {}
        assignee = world.worker.user
        reply = world.both.post(noun, account=side, assignee=assignee, **words)
        blames(reply, "assignee")


@clause("GT-FIELD-27")
@pytest.mark.parametrize("noun", UPDATED)
@pytest.mark.parametrize("verb", ["update", "patch"])
def test_another_account(target: Target, noun: str, verb: str) -> None:
    """An update with another account is refused with 400 on account."""
    with target.world() as world:
        record = world.both.make(noun)
        accounts = [one["url"] for one in world.both.all("account")]
        foreign = [world.stranger.account, *accounts]
        for url in set(foreign) - {record["account"]}:
            words = {"account": url, "id": record["id"]}
            blames(world.both.call(getattr(NOUNS[noun], verb), **words), "account")
        assert rest(world.both.shown(noun, record)) == rest(record)


@clause("GT-ACCESS-05")
@every_reference
def test_references_to_what_is_not_seen(target: Target, noun: str, field: str) -> None:
    """A reference to what the caller does not see is 400 as one to nothing is."""
    kind = WRITTEN[noun][field]
    with target.world() as world:
        sent = body(world.manager, noun, {})
        hidden = stocked(world.stranger)[kind]["url"]
        nowhere = hidden.replace(number(hidden), world.guid())
        replies = []
        for url in (hidden, nowhere):
            value = as_written(noun, field, url)
            replies.append(world.manager.bare(noun, **{**sent, field: value}))
            blames(replies[-1], field)
        assert replies[0].data == replies[1].data


@clause("GT-ACCESS-05")
@pytest.mark.parametrize(("noun", "field"), CHANGEABLE)
def test_hidden_references_in_an_update(target: Target, noun: str, field: str) -> None:
    """An update with a reference to what is not seen is 400 on its field."""
    with target.world() as world:
        record = world.manager.make(noun)
        hidden = stocked(world.stranger)[WRITTEN[noun][field]]["url"]
        blames(put(world.manager, noun, record, field, hidden), field)
        assert world.manager.shown(noun, record) == record


@clause("GT-ACCESS-05")
@pytest.mark.parametrize("noun", ["document", "signature"])
def test_a_worker_refers_to_what_they_see(target: Target, noun: str) -> None:
    """A worker refers to no task that is not assigned to them, nor to others' files."""
    with target.world() as world:
        task = world.manager.make("task")
        upload = world.worker.make("file_upload")
        words = {"task": task["url"], "file_upload": upload["url"]}
        blames(world.worker.post(noun, **words), "task")
        own = world.manager.make("task", assignee={"email": world.worker.email})
        foreign = world.manager.make("file_upload")
        words = {"task": own["url"], "file_upload": foreign["url"]}
        blames(world.worker.post(noun, **words), "file_upload")
