"""What holds for answers of every resource."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.gsmtasks.bodies import LEFT_OUT
from tasktwin_contract.gsmtasks.cast import TEAM
from tasktwin_contract.gsmtasks.changes import CHANGES, change
from tasktwin_contract.gsmtasks.examples import (
    CREATING,
    EVERY,
    JSON_ANSWERED,
    LISTS,
    OPERATIONS,
    caller,
    example,
)
from tasktwin_contract.gsmtasks.nouns import CREATED, NOUNS, UPDATED
from tasktwin_contract.gsmtasks.nouns import EVERY as ALL
from tasktwin_contract.gsmtasks.stock import (
    OF_TASK,
    addresses,
    download,
    everything,
    follow,
    number,
    references,
    start,
    stocked,
)
from tasktwin_contract.target import Target

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
IN_ADDRESS = (
    "raw_address",
    "formatted_address",
    "google_place_id",
    "point_of_interest",
    "street",
    "house_number",
    "apartment_number",
    "city",
    "state",
    "postal_code",
    "country",
    "country_code",
)
IN_CONTACT = ("name", "company", "phone", "email", "notes")
every_noun = pytest.mark.parametrize("noun", ALL)


@clause("GT-ANSWER-01")
@pytest.mark.parametrize("operation_id", JSON_ANSWERED)
def test_answers_are_json(target: Target, operation_id: str) -> None:
    """An answer, but for the bytes of a file, is JSON, and says so."""
    with target.world() as world:
        reply = caller(world, operation_id).call(
            operation_id, **example(world, operation_id)
        )
        kind = reply.media_type
        if kind != "application/json" or not reply.is_json:
            raise ClauseBrokenError("application/json", f"{kind}: {reply.summary}")


@clause("GT-ANSWER-02")
@pytest.mark.parametrize("operation_id", LISTS)
def test_lists_are_arrays(target: Target, operation_id: str) -> None:
    """A list is an array of records, without anything around it."""
    with target.world() as world:
        words = example(world, operation_id)
        found = world.manager.call(operation_id, **words).expect(200).data
        if not isinstance(found, list) or not all(isinstance(o, dict) for o in found):
            raise ClauseBrokenError("an array of objects", str(found)[:200])


@clause("GT-ANSWER-03")
@pytest.mark.parametrize("noun", CREATED)
def test_the_newest_first(target: Target, noun: str) -> None:
    """A list has the newest record first."""
    with target.world() as world:
        made = [world.manager.made(noun)["id"] for _ in "abc"]
        assert [n for n in world.manager.listed(noun) if n in made] == made[::-1]


@clause("GT-ANSWER-03")
@pytest.mark.parametrize("noun", ["role", "event", "document", "signature", "client"])
def test_sorted_by_creation(target: Target, noun: str) -> None:
    """No record of a list was created after one before it."""
    with target.world() as world:
        for _ in "ab":
            stocked(world.manager)
        moments = [one["created_at"] for one in world.manager.listed(noun).values()]
        assert moments == sorted(moments, reverse=True)


@clause("GT-ANSWER-03")
def test_lists_of_a_task_and_of_an_account(target: Target) -> None:
    """Lists below a record have the newest first too."""
    with target.world() as world:
        manager = world.manager
        task, upload = manager.make("task"), manager.make("file_upload")
        manager.act("assign", task, assignee={"email": world.worker.email})
        manager.act("accept", task)
        found = manager.of_task("Events", task)
        assert [one["event"] for one in found] == ["accept", "assign", "create"]
        for noun in ("document", "signature"):
            words = {"task": task["url"], "file_upload": upload["url"]}
            made = [manager.made(noun, **words)["id"] for _ in "abc"]
            listed = manager.of_task(f"{noun.capitalize()}s", task)
            assert [one["id"] for one in listed] == made[::-1]


@clause("GT-ANSWER-03")
@pytest.mark.parametrize("flag", ["Worker", "Manager"])
def test_people_of_an_account(target: Target, flag: str) -> None:
    """Workers and managers are listed with the newest first."""
    with target.world() as world:
        manager = world.manager
        users = [manager.make("user") for _ in "abc"]
        for user in users:
            words = {"is_manager": flag == "Manager", "is_worker": flag == "Worker"}
            manager.make("role", user=user["url"], **words)
        place = {"id": number(manager.account)}
        found = manager.call(f"list{flag}s", **place).expect(200).data
        assert [o["id"] for o in found[:3]] == [u["id"] for u in users[::-1]]


@clause("GT-ANSWER-04", "GT-ANSWER-11", "GT-ANSWER-06")
@every_noun
def test_ids_moments_and_addresses(target: Target, noun: str) -> None:
    """Ids are UUIDs, moments are in UTC, addresses absolute; listed and read alone."""
    with target.world() as world:
        stock = stocked(world.manager)
        for record in (*world.manager.all(noun), stock[noun]):
            assert UUID.fullmatch(record["id"])
            for field, value in record.items():
                if field.endswith(("_at", "_time")) and value is not None:
                    assert MOMENT.fullmatch(value), f"{field}: {value}"
            with judging("GT-ANSWER-06"):
                for field, url in addresses(noun, record):
                    parts = urlsplit(str(url))
                    assert parts.scheme in ("http", "https"), f"{field}: {url}"
                    assert all((parts.netloc, parts.path)), f"{field}: {url}"


@clause("GT-ANSWER-05")
@pytest.mark.parametrize("noun", CREATED)
def test_ids_are_unique(target: Target, noun: str) -> None:
    """No two records of a kind have the same id."""
    with target.world() as world:
        made = [world.manager.made(noun)["id"] for _ in "abcd"]
        assert len(set(made)) == len(made)
        listed = [one["id"] for one in world.manager.all(noun)]
        assert len(set(listed)) == len(listed)
        assert set(made) <= set(listed)


@clause("GT-ANSWER-05", "GT-ANSWER-08")
@every_noun
def test_the_url_of_a_record(target: Target, noun: str) -> None:
    """GET on the url of a record answers that record; no two have the same."""
    with target.world() as world:
        stocked(world.manager)
        records = world.manager.all(noun)
        assert len({one["url"] for one in records}) == len(records)
        headers, _ = world.manager.carried
        for record in records[:3]:
            at = urlsplit(record["url"]).path.removeprefix(world.prefix)
            reply = world.request("GET", at, headers=headers).expect(200)
            assert reply["id"] == record["id"]
            assert reply["url"] == record["url"]


@clause("GT-ANSWER-07")
@every_noun
def test_addresses_are_under_the_world(target: Target, noun: str) -> None:
    """Addresses in answers are under the host and the world that were asked."""
    with target.world() as world:
        stocked(world.manager)
        for record in world.manager.all(noun):
            for field, url in addresses(noun, record):
                base = f"{start(world)}/{'media' if field == 'file' else 'api/tasks'}/"
                assert str(url).startswith(base), f"{field}: {url}"


@clause("GT-ANSWER-07")
@pytest.mark.parametrize("noun", ["task", "order", "account"])
def test_addresses_of_another_world(target: Target, noun: str) -> None:
    """A world that was copied has addresses of its own."""
    with target.world() as world:
        stock = stocked(world.manager)
        with target.copy(world) as twin:
            found = twin.manager.shown(noun, stock[noun])
            for field, url in addresses(noun, found):
                assert str(url).startswith(f"{start(twin)}/"), f"{field}: {url}"


@clause("GT-ANSWER-07")
def test_addresses_under_another_host(target: Target) -> None:
    """Addresses are under the host that the request names."""
    with target.world() as world:
        headers, _ = world.manager.carried
        headers = (*headers, ("Host", "tasks.example.com:8443"))
        reply = world.request("GET", "/api/tasks/accounts/", headers=headers)
        for account in reply.expect(200).data:
            assert urlsplit(account["url"]).netloc == "tasks.example.com:8443"


@clause("GT-ANSWER-09")
@pytest.mark.parametrize("noun", CREATED)
def test_what_was_made_is_read(target: Target, noun: str) -> None:
    """What a POST answers is what GET then answers."""
    steps = {"state", "updated_at"} if noun == "route" else set()
    with target.world() as world:
        made = world.manager.made(noun)
        found = world.manager.shown(noun, made)
        assert set(found) == set(made)
        assert {n for n in made if found[n] != made[n]} <= steps


@clause("GT-ANSWER-09")
@pytest.mark.parametrize(("noun", "field"), CHANGES)
def test_what_was_changed_is_read(target: Target, noun: str, field: str) -> None:
    """What a PUT answers is what GET then answers."""
    with target.world() as world:
        record = world.manager.make(noun)
        sent = change(world.manager, noun, field)
        answer = world.manager.changed(noun, record, **sent)
        assert world.manager.shown(noun, record) == answer


@clause("GT-ANSWER-10")
@every_noun
@pytest.mark.parametrize("name", [*TEAM, "stranger"])
def test_lists_and_records_agree(target: Target, noun: str, name: str) -> None:
    """A record as it is read alone is the one that the list has."""
    with target.world() as world:
        stocked(world.manager)
        actor: Actor = getattr(world, name)
        before = actor.listed(noun)
        alone = {n: actor.shown(noun, record) for n, record in before.items()}
        after = actor.listed(noun)
        for number_of, record in alone.items():
            # A route optimisation may have made a step meanwhile.
            assert record in (before[number_of], after[number_of])


@clause("GT-ANSWER-12", "GT-ANSWER-13", "GT-ANSWER-14")
@pytest.mark.parametrize(("noun", "field"), CHANGES)
def test_times_of_a_record(target: Target, noun: str, field: str) -> None:
    """created_at never changes, updated_at moves forward where there is one."""
    with target.world() as world:
        made = world.manager.make(noun)
        sent = change(world.manager, noun, field)
        world.manager.changed(noun, made, **sent)
        after = world.manager.shown(noun, made)
        with judging("GT-ANSWER-12"):
            assert after["created_at"] == made["created_at"]
        if made["updated_at"] is not None:
            with judging("GT-ANSWER-13"):
                assert made["created_at"] <= made["updated_at"]
            assert made["updated_at"] < after["updated_at"]


@clause("GT-ANSWER-13")
@pytest.mark.parametrize("noun", CREATED)
def test_times_of_a_new_record(target: Target, noun: str) -> None:
    """updated_at is never before created_at."""
    with target.world() as world:
        made = world.manager.made(noun)
        if made["updated_at"] is not None:
            assert made["created_at"] <= made["updated_at"]


@clause("GT-ANSWER-15")
@pytest.mark.parametrize(
    "place", [[170.25, 10.5], [-179.5, -89.75], [0, 0], [5, 80.125]]
)
def test_longitude_comes_first(target: Target, place: list[float]) -> None:
    """A location is a GeoJSON point: longitude first, then latitude."""
    with target.world() as world:
        point = {"type": "Point", "coordinates": place}
        made = world.manager.made("task", address={"location": point})
        assert made["address"]["location"] == point
        found = world.manager.shown("task", made)["address"]["location"]
        assert found == point


@clause("GT-ANSWER-16")
@pytest.mark.parametrize("noun", ["task", "contact_address", "account"])
def test_fields_of_addresses(target: Target, noun: str) -> None:
    """An address has all of its fields, and all but location are texts."""
    with target.world() as world:
        address = stocked(world.manager)[noun]["address"]
        assert "location" in address
        for field in IN_ADDRESS:
            assert isinstance(address[field], str), field


@clause("GT-ANSWER-17")
@pytest.mark.parametrize("noun", ["task", "contact_address", "signature"])
def test_fields_of_contacts(target: Target, noun: str) -> None:
    """A contact has name, company, phone, email and notes, all of them texts."""
    with target.world() as world:
        record = stocked(world.manager)[noun]
        contact = record["signer" if noun == "signature" else "contact"]
        for field in IN_CONTACT:
            assert isinstance(contact[field], str), field


@clause("GT-ANSWER-19", "GT-ANSWER-20")
@pytest.mark.parametrize("operation_id", CREATING)
def test_creating_answers_201(target: Target, operation_id: str) -> None:
    """Creating answers 201 and a Location, the url of what was made."""
    with target.world() as world:
        words = example(world, operation_id)
        reply = caller(world, operation_id).call(operation_id, **words).expect(201)
        made: Any = reply["account"] if operation_id == "register" else reply.data
        assert reply.headers.get("location") == made["url"]


@clause("GT-ANSWER-21")
@every_noun
@pytest.mark.parametrize("name", ["manager", "worker", "second_worker", "both"])
def test_references_can_be_followed(target: Target, noun: str, name: str) -> None:
    """Every reference in a list can be read by whoever got the list."""
    with target.world() as world:
        stock = stocked(world.manager)
        world.both.make("document", task=stock["task"]["url"])
        world.manager.make("document", order=stock["order"]["url"], task=LEFT_OUT)
        world.manager.make("task", order=stock["order"]["url"])
        actor: Actor = getattr(world, name)
        for record in actor.listed(noun).values():
            for _, kind, url in references(noun, record):
                follow(actor, kind, url).expect(200)
            if record["file"] is not None:
                download(actor, record["file"]).expect(200)


@clause("GT-ANSWER-21")
@pytest.mark.parametrize("name", ["manager", "worker", "both"])
def test_lists_that_are_referred_to(target: Target, name: str) -> None:
    """The lists that tasks and accounts refer to can be read as well."""
    with target.world() as world:
        stocked(world.manager)
        actor: Actor = getattr(world, name)
        for account in actor.listed("account"):
            for words in ("listWorkers", "listManagers"):
                actor.call(words, id=account).expect(200)
        for task in actor.listed("task").values():
            for word in OF_TASK:
                actor.of_task(word, task)


@clause("GT-ANSWER-22")
@pytest.mark.parametrize("operation_id", EVERY)
def test_where_operations_are(target: Target, operation_id: str) -> None:
    """Every operation is served where the document has it."""
    with target.world() as world:
        words = example(world, operation_id)
        reply = caller(world, operation_id).call(operation_id, **words)
        reply.expect(*OPERATIONS[operation_id].successes)


@clause("GT-ANSWER-22")
@pytest.mark.parametrize("noun", ALL)
@pytest.mark.parametrize("base", ["/api/", "/", "/api/tasks/tasks/"])
def test_nothing_elsewhere(target: Target, noun: str, base: str) -> None:
    """No resource is served at another base."""
    with target.world() as world:
        headers, _ = world.manager.carried
        path = f"{base}{NOUNS[noun].path}/"
        if path != "/api/tasks/":
            world.request("GET", path, headers=headers).refused(404)


@clause("GT-ERROR-18")
@pytest.mark.parametrize("noun", UPDATED)
def test_reading_changes_nothing(target: Target, noun: str) -> None:
    """Reading a record, or being refused it, changes nothing."""
    with target.world() as world:
        record = world.manager.make(noun)
        before = everything(world.manager)
        world.manager.get(noun, record).expect(200)
        world.stranger.get(noun, record).refused()
        assert everything(world.manager) == before
