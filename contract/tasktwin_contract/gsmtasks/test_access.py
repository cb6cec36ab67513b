"""What managers, workers, and those who are both see and may do in an account."""

from typing import Any

import pytest

from tasktwin_contract.clauses import clause
from tasktwin_contract.gsmtasks.bodies import body
from tasktwin_contract.gsmtasks.changes import CHANGES, change
from tasktwin_contract.gsmtasks.nouns import NOUNS, UPDATED
from tasktwin_contract.gsmtasks.roles import role_of
from tasktwin_contract.gsmtasks.states import (
    ACTIONS,
    STATES,
    given,
    named,
    task_in,
)
from tasktwin_contract.gsmtasks.stock import OF_TASK, everything, number, stocked
from tasktwin_contract.target import Target, World

RANKED = ("manager", "both")
HANDS = ("worker", "second_worker")
PLAIN = ("order", "task", "client", "contact_address", "tracker", "route")
every_state = pytest.mark.parametrize("state", STATES)


def tasks_of(world: World) -> dict[str, Any]:
    """A task for each worker, and one for nobody."""
    hands = [*(getattr(world, name) for name in HANDS), world.both]
    made = [world.manager.make("task", assignee=named(hand)) for hand in hands]
    return dict(zip((*HANDS, "both"), made, strict=True)) | {
        "nobody": world.manager.make("task")
    }


@clause("GT-ACCESS-07")
@every_state
@pytest.mark.parametrize("name", RANKED)
def test_managers_see_every_task(target: Target, state: str, name: str) -> None:
    """A manager sees every task of the account, whoever it is assigned to."""
    with target.world() as world:
        actor = getattr(world, name)
        for hand in (world.worker, world.second_worker, world.both):
            assert actor.sees("task", task_in(state, world.manager, hand))


@clause("GT-ACCESS-08")
@pytest.mark.parametrize("name", HANDS)
def test_workers_see_their_tasks(target: Target, name: str) -> None:
    """A worker lists and reads the tasks that are assigned to them, and no other."""
    with target.world() as world:
        tasks = tasks_of(world)
        actor = getattr(world, name)
        seen = {whose for whose, task in tasks.items() if actor.sees("task", task)}
        assert seen == {name}
        assert list(actor.listed("task")) == [tasks[name]["id"]]


@clause("GT-ACCESS-08")
@every_state
def test_workers_see_their_tasks_in_any_state(target: Target, state: str) -> None:
    """A worker sees a task of theirs in whatever state, unless they have it no more."""
    with target.world() as world:
        task = task_in(state, world.manager, world.worker)
        assert world.worker.sees("task", task) == (task["assignee"] is not None)
        assert not world.second_worker.sees("task", task)


@clause("GT-ACCESS-09")
@pytest.mark.parametrize("field", [f for noun, f in CHANGES if noun == "task"])
def test_workers_change_no_other_task(target: Target, field: str) -> None:
    """A worker can neither change nor move a task that is not theirs: 404."""
    with target.world() as world:
        tasks = tasks_of(world)
        sent = change(world.manager, "task", field)
        for whose in ("second_worker", "both", "nobody"):
            world.worker.put("task", tasks[whose], **sent).refused(404)
            for action in ACTIONS:
                words = given(action, world.worker)
                world.worker.act(action, tasks[whose], **words).refused(404)
            assert world.manager.shown("task", tasks[whose]) == tasks[whose]


@clause("GT-ACCESS-10")
@pytest.mark.parametrize("name", HANDS)
def test_events_and_signatures_of_workers(target: Target, name: str) -> None:
    """A worker sees events and signatures of tasks assigned to them, and no other."""
    with target.world() as world:
        actor, tasks = getattr(world, name), tasks_of(world)
        made = {
            whose: world.manager.make("signature", task=task["url"])
            for whose, task in tasks.items()
        }
        seen = {whose for whose, one in made.items() if actor.sees("signature", one)}
        assert seen == {name}
        for whose, task in tasks.items():
            for event in world.manager.of_task("Events", task):
                assert actor.sees("event", event) == (whose == name)
            for word in OF_TASK:
                reply = actor.call(f"list{word}OfTask", id=task["id"])
                assert reply.status == (200 if whose == name else 404)


@clause("GT-ACCESS-11")
@pytest.mark.parametrize("name", HANDS)
def test_orders_of_workers(target: Target, name: str) -> None:
    """A worker sees orders that hold a task of theirs, and in them these alone."""
    with target.world() as world:
        actor, tasks = getattr(world, name), tasks_of(world)
        whole = world.manager.make("order", tasks=[t["url"] for t in tasks.values()])
        empty = world.manager.make("order")
        other = world.manager.make("order")
        world.manager.make("task", order=other["url"], assignee=named(world.both))
        assert actor.sees("order", whole)
        assert not actor.sees("order", empty)
        assert not actor.sees("order", other)
        assert actor.shown("order", whole)["tasks"] == [tasks[name]["url"]]
        assert len(world.manager.shown("order", whole)["tasks"]) == len(tasks)


@clause("GT-ACCESS-12")
@pytest.mark.parametrize("name", HANDS)
def test_trackers_of_workers(target: Target, name: str) -> None:
    """A worker sees trackers that show a task of theirs, and in them these alone."""
    with target.world() as world:
        actor, tasks = getattr(world, name), tasks_of(world)
        urls = [task["url"] for task in tasks.values()]
        whole = world.manager.make("tracker", tasks=urls)
        other = world.manager.make("tracker", tasks=[tasks["nobody"]["url"]])
        assert actor.sees("tracker", whole)
        assert not actor.sees("tracker", other)
        assert actor.shown("tracker", whole)["tasks"] == [tasks[name]["url"]]
        assert world.manager.shown("tracker", whole)["tasks"] == urls


@clause("GT-ACCESS-13")
@pytest.mark.parametrize("name", HANDS)
def test_routes_of_workers(target: Target, name: str) -> None:
    """A worker sees the route optimisations made for them, and their tasks alone."""
    with target.world() as world:
        actor, tasks = getattr(world, name), tasks_of(world)
        urls = [task["url"] for task in tasks.values()]
        made = {
            whose: world.manager.make(
                "route", tasks=urls, assignee=getattr(world, whose).user
            )
            for whose in HANDS
        }
        for whose, route in made.items():
            assert actor.sees("route", route) == (whose == name)
        assert actor.shown("route", made[name])["tasks"] == [tasks[name]["url"]]


@clause("GT-ACCESS-14")
@pytest.mark.parametrize("noun", NOUNS)
def test_who_is_both(target: Target, noun: str) -> None:
    """Who is both manager and worker sees what a manager sees."""
    with target.world() as world:
        tasks_of(world)
        stocked(world.manager)
        mine, theirs = world.manager.listed(noun), world.both.listed(noun)
        again = world.manager.listed(noun)
        for number_of in mine:
            # A file that nothing is made of is its maker's alone, and a route
            # optimisation may have made a step meanwhile.
            if noun != "file_upload" or number_of in theirs:
                assert theirs[number_of] in (mine[number_of], again[number_of])


@clause("GT-ACCESS-15")
@pytest.mark.parametrize("name", ["manager", *HANDS, "both"])
def test_what_everybody_sees(target: Target, name: str) -> None:
    """Everybody with a role sees account, people, roles, clients, addresses."""
    with target.world() as world:
        actor, stock = getattr(world, name), stocked(world.manager)
        for noun in ("account", "role", "client", "contact_address", "user"):
            assert actor.sees(noun, stock[noun])
        for noun in ("role", "client", "contact_address"):
            wanted = world.manager.listed(noun)
            seen = {
                n: one
                for n, one in actor.listed(noun).items()
                if one["account"] == stock["account"]["url"]
            }
            assert seen == wanted
        place = {"id": stock["account"]["id"]}
        for operation_id in ("listWorkers", "listManagers"):
            found = actor.call(operation_id, **place).expect(200).data
            assert found == world.manager.call(operation_id, **place).data


@clause("GT-ACCESS-18")
@pytest.mark.parametrize("noun", PLAIN)
@pytest.mark.parametrize("name", HANDS)
def test_workers_make_nothing(target: Target, noun: str, name: str) -> None:
    """A worker is refused creating what managers make, with 403."""
    with target.world() as world:
        sent = body(world.manager, noun, {})
        if noun in ("tracker", "route"):
            task = world.manager.make("task", assignee=named(getattr(world, name)))
            sent["tasks"] = [task["url"]]
        before = everything(world.manager)
        getattr(world, name).bare(noun, **sent).refused(403)
        assert everything(world.manager) == before


@clause("GT-ACCESS-18")
@pytest.mark.parametrize(
    ("noun", "field"), [row for row in CHANGES if row[0] not in ("task", "role")]
)
def test_workers_change_nothing(target: Target, noun: str, field: str) -> None:
    """A worker is refused changing what they see but tasks, with 403."""
    with target.world() as world:
        record = stocked(world.manager)[noun]
        sent = change(world.manager, noun, field)
        for operation_id in (NOUNS[noun].update, NOUNS[noun].patch):
            words = {**sent, "id": record["id"]}
            world.worker.call(operation_id, **words).refused(403)
        assert world.manager.shown(noun, record) == record


@clause("GT-ACCESS-19")
@pytest.mark.parametrize("field", [f for noun, f in CHANGES if noun == "task"])
@pytest.mark.parametrize("verb", ["update", "patch"])
def test_workers_change_their_tasks(target: Target, field: str, verb: str) -> None:
    """A worker may change a task of theirs, but its assignee and its order: 403."""
    with target.world() as world:
        task = world.manager.make("task", assignee=named(world.worker))
        sent = change(world.manager, "task", field)
        if field == "assignee":
            sent = {field: world.second_worker.user}
        if field == "order":
            hand = named(world.worker)
            world.manager.make("task", assignee=hand, order=sent["order"])
        reply = world.worker.call(f"{verb}Task", **sent, id=task["id"])
        if field in ("assignee", "order"):
            reply.refused(403)
            assert world.manager.shown("task", task) == task
        else:
            assert reply.expect(200)[field] == sent[field]


@clause("GT-ACCESS-19")
def test_workers_let_go_of_nothing(target: Target) -> None:
    """A worker may not take a task of theirs from themselves, nor off its order."""
    with target.world() as world:
        order = world.manager.make("order")
        hand = named(world.worker)
        task = world.manager.make("task", assignee=hand, order=order["url"])
        for field in ("assignee", "order"):
            world.worker.put("task", task, **{field: None}).refused(403)
        assert world.manager.shown("task", task) == task


@clause("GT-ACCESS-20")
@pytest.mark.parametrize("way", ["assign", "unassign", "update", "clear"])
def test_the_former_worker(target: Target, way: str) -> None:
    """Once a task is assigned to somebody else its former worker is refused it."""
    with target.world() as world:
        task = world.manager.make("task", assignee=named(world.worker))
        event = world.manager.of_task("Events", task)[0]
        assert world.worker.sees("task", task)
        other = named(world.second_worker)
        if way in ("update", "clear"):
            sent = {"assignee": other if way == "update" else None}
            world.manager.put("task", task, **sent).arranged()
        else:
            world.manager.act(way, task, **given(way, world.second_worker)).arranged()
        assert not world.worker.sees("task", task)
        assert not world.worker.sees("event", event)
        world.worker.act("accept", task).refused(404)
        has_it = way in ("assign", "update")
        assert world.second_worker.sees("task", task) == has_it


@clause("GT-ACCESS-21")
def test_a_worker_becomes_a_manager(target: Target) -> None:
    """A worker who is made a manager sees and does what a manager does."""
    with target.world() as world:
        task = world.manager.make("task")
        role = role_of(world, world.worker)
        assert not world.worker.sees("task", task)
        world.manager.changed("role", role, is_manager=True)
        assert world.worker.sees("task", task)
        actions = world.manager.shown("task", task)["actions"]
        assert set(world.worker.shown("task", task)["actions"]) == set(actions)
        world.worker.made("task")
        world.worker.act("cancel", task).expect(200)


@clause("GT-ACCESS-21")
def test_a_manager_becomes_a_worker(target: Target) -> None:
    """A manager who is made a worker alone sees and does what a worker does."""
    with target.world() as world:
        task = world.manager.make("task")
        own = world.manager.make("task", assignee=named(world.both))
        another = world.manager.make("task", assignee=named(world.worker))
        world.manager.changed("role", role_of(world, world.both), is_manager=False)
        assert not world.both.sees("task", task)
        assert world.both.sees("task", own)
        actions = world.worker.shown("task", another)["actions"]
        assert set(world.both.shown("task", own)["actions"]) == set(actions)
        sent = {"account": world.manager.account}
        refused = world.worker.post("client", **sent).status
        assert world.both.post("client", **sent).status == refused


@clause("GT-ACCESS-18")
@pytest.mark.parametrize("noun", UPDATED)
def test_workers_give_nothing_away(target: Target, noun: str) -> None:
    """A worker is refused moving a record into another account as well."""
    with target.world() as world:
        record = stocked(world.manager)[noun]
        account = world.stranger.account
        reply = world.worker.put(noun, record, account=account).refused()
        assert reply.status in (400, 403), reply.summary
        assert world.manager.shown(noun, record) == record
        assert number(account) not in str(world.worker.all(noun))
