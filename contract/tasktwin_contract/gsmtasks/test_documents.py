"""Documents and signatures: what is made of files, and who sees it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.gsmtasks.bodies import LEFT_OUT
from tasktwin_contract.gsmtasks.changes import PLACE, WHOLE_CONTACT
from tasktwin_contract.gsmtasks.laws import has_fields
from tasktwin_contract.gsmtasks.states import STATES, named, task_in
from tasktwin_contract.gsmtasks.uploads import picture, upload
from tasktwin_contract.gsmtasks.values import texts
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target, World

PARTS = ({"task"}, {"order"}, {"task", "order"})
HANDS = ("worker", "second_worker")


def shared(world: World) -> tuple[Object, Object]:
    """An order, and a task in it that the worker has."""
    order = world.manager.make("order")
    hand = named(world.worker)
    task = world.manager.make("task", order=order["url"], assignee=hand)
    return order, task


def attached(world: World, parts: set[str], **fields: Any) -> Object:
    """A new document of a shared task, its order, or both."""
    order, task = shared(world)
    urls = {"task": task["url"], "order": order["url"]}
    words = {name: urls[name] if name in parts else LEFT_OUT for name in urls}
    made: Object = world.manager.made("document", **{**words, **fields})
    return made


@clause("GT-FILE-17", "GT-FILE-31")
@pytest.mark.parametrize("noun", ["document", "signature"])
def test_fields(target: Target, noun: str) -> None:
    """Documents and signatures have every field of their tables."""
    with target.world() as world:
        made = world.manager.made(noun)
        listed = world.manager.listed(noun)[made["id"]]
        for record in (made, listed, world.manager.shown(noun, made)):
            has_fields(noun, record)


@clause("GT-FILE-18")
@pytest.mark.parametrize("value", [LEFT_OUT, None])
def test_a_document_of_nothing(target: Target, value: Any) -> None:
    """A document without task and order is refused with 400."""
    with target.world() as world:
        words = {"task": value, "order": value}
        world.manager.post("document", **words).refused(400)
        world.manager.post("document", task=value).refused(400)
        assert world.manager.listed("document") == {}


@clause("GT-FILE-19")
@pytest.mark.parametrize("parts", PARTS, ids=sorted)
def test_what_a_document_hangs_on(target: Target, parts: set[str]) -> None:
    """A document is attached to the task, the order, or both, that were sent."""
    with target.world() as world:
        order, task = shared(world)
        urls = {"task": task["url"], "order": order["url"]}
        words = {name: urls[name] if name in parts else LEFT_OUT for name in urls}
        made = world.manager.made("document", **words)
        for document in (made, world.manager.shown("document", made)):
            for name, url in urls.items():
                assert document[name] == (url if name in parts else None)


@clause("GT-FILE-19")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("noun", ["document", "signature"])
def test_attaching_in_any_state(target: Target, state: str, noun: str) -> None:
    """A document or a signature is attached to a task in whatever state."""
    with target.world() as world:
        task = task_in(state, world.manager)
        made = world.manager.made(noun, task=task["url"])
        assert world.manager.shown(noun, made)["task"] == task["url"]
        assert world.manager.shown("task", task)["state"] == state


@clause("GT-FILE-20", "GT-FILE-33")
@pytest.mark.parametrize("noun", ["document", "signature"])
@pytest.mark.parametrize("image", [True, False])
def test_what_is_the_files(target: Target, noun: str, image: bool) -> None:
    """file, size, is_image and created_by are those of the uploaded file."""
    data = picture("png") if image else b"no picture"
    with target.world() as world:
        task = world.manager.make("task", assignee=named(world.worker))
        file = upload(world.worker, "json", data, "p.png", "image/png")
        words = {"task": task["url"], "file_upload": file["url"]}
        made = world.worker.made(noun, **words)
        shown = world.manager.shown(noun, made)
        fields = ["file", "size"]
        fields += ["is_image", "created_by"] if noun == "document" else []
        for field in fields:
            assert made[field] == shown[field] == file[field], field


@clause("GT-FILE-21")
@given(description=texts, worker=st.booleans(), client=st.booleans())
def test_what_was_sent(
    target: Target, description: str, worker: bool, client: bool
) -> None:
    """description and who sees a document are as they were sent."""
    sent = {"description": description, "visible_to_worker": worker}
    with target.world() as world:
        made = world.manager.made("document", **sent, visible_to_client=client)
        for document in (made, world.manager.shown("document", made)):
            assert {name: document[name] for name in sent} == sent
            assert document["visible_to_client"] is client


@clause("GT-FILE-22")
@pytest.mark.parametrize("parts", PARTS, ids=sorted)
def test_no_description(target: Target, parts: set[str]) -> None:
    """A document's description is empty where it is not sent."""
    with target.world() as world:
        assert attached(world, parts)["description"] == ""


@clause("GT-FILE-23", "GT-FILE-35")
@pytest.mark.parametrize("noun", ["document", "signature"])
@pytest.mark.parametrize("name", ["manager", "both", "worker"])
def test_lists_of_a_task(target: Target, noun: str, name: str) -> None:
    """A document or signature of a task is in the task's list of them."""
    with target.world() as world:
        task = world.manager.make("task", assignee=named(world.worker))
        made = world.manager.made(noun, task=task["url"])
        found = getattr(world, name).of_task(f"{noun.capitalize()}s", task)
        assert found == [getattr(world, name).shown(noun, made)]


@clause("GT-FILE-24")
@pytest.mark.parametrize("parts", PARTS, ids=sorted)
def test_documents_of_an_order(target: Target, parts: set[str]) -> None:
    """A document with an order alone is in the list of no task."""
    with target.world() as world:
        made = attached(world, parts)
        task = world.manager.listed("task").only
        found = [one["id"] for one in world.manager.of_task("Documents", task)]
        assert found == ([made["id"]] if "task" in parts else [])
        assert task["counts"]["documents"] in (None, len(found))


@clause("GT-FILE-25", "GT-FILE-26", "GT-FILE-27")
@pytest.mark.parametrize("parts", PARTS, ids=sorted)
@pytest.mark.parametrize("shown", [True, False])
def test_what_workers_see(target: Target, parts: set[str], shown: bool) -> None:
    """A worker sees documents of their task or its order, if they may."""
    with target.world() as world:
        made = attached(world, parts, visible_to_worker=shown)
        of_task = "GT-FILE-26" if "task" in parts else "GT-FILE-27"
        with judging(of_task if shown else "GT-FILE-25"):
            assert world.worker.sees("document", made) == shown
        task = world.worker.listed("task").only
        listed = [one["id"] for one in world.worker.of_task("Documents", task)]
        assert (made["id"] in listed) == (shown and "task" in parts)
        assert not world.second_worker.sees("document", made)
        for name in ("manager", "both"):
            assert getattr(world, name).sees("document", made)
        assert not world.stranger.sees("document", made)


@clause("GT-FILE-25")
@pytest.mark.parametrize("parts", PARTS, ids=sorted)
def test_what_a_worker_hides_from_themselves(target: Target, parts: set[str]) -> None:
    """A document that is not visible to workers is hidden from its maker's like."""
    with target.world() as world:
        made = attached(world, parts, visible_to_worker=False)
        world.worker.get("document", made).refused(404)
        assert world.worker.listed("document") == {}


@clause("GT-FILE-25")
def test_who_works_and_manages(target: Target) -> None:
    """Who is both manager and worker sees what is hidden from workers."""
    with target.world() as world:
        task = world.manager.make("task", assignee=named(world.both))
        words = {"task": task["url"], "visible_to_worker": False}
        assert world.both.sees("document", world.manager.made("document", **words))


@clause("GT-FILE-27", "GT-FILE-28")
@pytest.mark.parametrize("hand", HANDS)
def test_documents_of_shared_orders(target: Target, hand: str) -> None:
    """To who does not see the task of a document that reference in it is null."""
    with target.world() as world:
        order, task = shared(world)
        other = named(world.second_worker)
        world.manager.make("task", order=order["url"], assignee=other)
        words = {"task": task["url"], "order": order["url"]}
        made = world.manager.made("document", **words)
        found = getattr(world, hand).shown("document", made)
        assert found["order"] == order["url"]
        assert found["task"] == (task["url"] if hand == "worker" else None)
        assert getattr(world, hand).listed("document") == {made["id"]: found}


@clause("GT-FILE-28", "GT-FILE-26")
def test_documents_of_orders_that_are_not_seen(target: Target) -> None:
    """To who does not see the order of a document that reference in it is null."""
    with target.world() as world:
        order = world.manager.make("order")
        task = world.manager.make("task", assignee=named(world.worker))
        words = {"task": task["url"], "order": order["url"]}
        made = world.manager.made("document", **words)
        found = world.worker.shown("document", made)
        assert (found["task"], found["order"]) == (task["url"], None)
        assert world.manager.shown("document", made)["order"] == order["url"]


@clause("GT-FILE-29")
@pytest.mark.parametrize("noun", ["document", "signature"])
@pytest.mark.parametrize("hand", [*HANDS, "both"])
def test_what_workers_attach(target: Target, noun: str, hand: str) -> None:
    """A worker may attach documents and signatures to their tasks."""
    with target.world() as world:
        actor = getattr(world, hand)
        task = world.manager.make("task", assignee=named(actor))
        made = actor.made(noun, task=task["url"])
        assert actor.sees(noun, made)
        assert world.manager.sees(noun, made)
        assert made["created_by"] == actor.user


@clause("GT-FILE-30")
@pytest.mark.parametrize("noun", ["document", "signature"])
def test_attaching_again(target: Target, noun: str) -> None:
    """An uploaded file may be attached more than once."""
    with target.world() as world:
        file = upload(world.manager, "multipart", b"x")
        tasks = [world.manager.make("task") for _ in "ab"]
        made = [
            world.manager.made(kind, task=task["url"], file_upload=file["url"])
            for task in (*tasks, tasks[0])
            for kind in (noun, "document")
        ]
        assert {one["file"] for one in made} == {file["file"]}
        assert len({one["id"] for one in made}) == len(made)


@clause("GT-FILE-32")
@pytest.mark.parametrize("place", [PLACE, {"type": "Point", "coordinates": [0, -90]}])
@pytest.mark.parametrize("signer", [WHOLE_CONTACT, {"name": "Ann"}, {"email": "a@b"}])
def test_what_was_signed(
    target: Target, place: dict[str, Any], signer: dict[str, str]
) -> None:
    """A signature has the task, the signer and the location that were sent."""
    with target.world() as world:
        task = world.manager.make("task")
        words = {"task": task["url"], "signer": signer, "location": place}
        made = world.manager.made("signature", **words)
        for signature in (made, world.manager.shown("signature", made)):
            assert signature["task"] == task["url"]
            assert signature["location"] == place
            assert signature["signer"] == {**dict.fromkeys(WHOLE_CONTACT, ""), **signer}


@clause("GT-FILE-34")
@pytest.mark.parametrize("maker", ["manager", "worker", "both"])
@pytest.mark.parametrize("uploader", ["manager", "worker"])
def test_who_signed(target: Target, maker: str, uploader: str) -> None:
    """created_by of a signature is who made the signature."""
    with target.world() as world:
        task = world.manager.make("task", assignee=named(world.worker))
        file = upload(getattr(world, uploader), "json", b"x")
        words = {"task": task["url"], "file_upload": file["url"]}
        world.manager.call("createDocument", **words, **VISIBLE)
        world.worker.call("createDocument", **words, **VISIBLE)
        actor = getattr(world, maker)
        made = actor.made("signature", **words)
        assert made["created_by"] == actor.user
        assert world.manager.shown("signature", made)["created_by"] == actor.user


VISIBLE = {"visible_to_worker": True, "visible_to_client": True}


@clause("GT-FILE-36")
@pytest.mark.parametrize("sent", [{}, {"location": None}])
def test_signed_nowhere(target: Target, sent: dict[str, Any]) -> None:
    """The location of a signature is null where it is not sent."""
    with target.world() as world:
        made = world.manager.made("signature", **sent)
        assert made["location"] is None
        assert world.manager.shown("signature", made)["location"] is None
