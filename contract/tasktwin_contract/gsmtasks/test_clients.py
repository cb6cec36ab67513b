"""Clients, and the list of contact addresses."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, multiple, rule

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.gsmtasks.bodies import PLACE
from tasktwin_contract.gsmtasks.changes import WHOLE_ADDRESS, WHOLE_CONTACT
from tasktwin_contract.gsmtasks.laws import faults, has_fields, names
from tasktwin_contract.gsmtasks.stock import side_account
from tasktwin_contract.gsmtasks.values import texts
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target

NAMES = ["Corner Shop", "ONE", "Fast and Far Ltd", "Route 66", "a"]
SLUGS = ["corner-shop", "one", "fast-and-far-ltd", "route-66", "a"]
CONTACTS = [{"name": "Ann"}, {"name": "Bob"}, {"phone": "+1"}]
PLACES = [{"raw_address": "Pikk 1"}, {"raw_address": "Lai 2"}, {"city": "Tartu"}]


@clause("GT-CLIENT-01", "GT-CLIENT-08")
@pytest.mark.parametrize("noun", ["client", "contact_address"])
def test_fields(target: Target, noun: str) -> None:
    """Clients and contact addresses have every field of their tables."""
    with target.world() as world:
        made = world.manager.made(noun)
        listed = world.manager.listed(noun)[made["id"]]
        for record in (made, listed, world.manager.shown(noun, made)):
            has_fields(noun, record)


@clause("GT-CLIENT-02")
@given(name=texts)
def test_making_a_client(target: Target, name: str) -> None:
    """createClient makes a client of that account and name."""
    with target.world() as world:
        made = world.manager.made("client", name=name)
        for client in (made, world.manager.shown("client", made)):
            assert client["name"] == name
            assert client["account"] == world.manager.account
        assert made["id"] in world.manager.listed("client")


@clause("GT-CLIENT-03", "GT-CLIENT-04")
@pytest.mark.parametrize(("name", "slug"), [*zip(NAMES, SLUGS, strict=True)])
def test_slugs(target: Target, name: str, slug: str) -> None:
    """The slug is the name at the creation, and stays when the name changes."""
    with target.world() as world:
        made = world.manager.made("client", name=name)
        assert made["slug"] == slug
        after = world.manager.changed("client", made, name="Something else")
        assert (after["name"], after["slug"]) == ("Something else", slug)


@clause("GT-CLIENT-05")
def test_a_new_client(target: Target) -> None:
    """archived is false where it is not sent, and what was sent where it is."""
    with target.world() as world:
        assert world.manager.made("client")["archived"] is False
        for archived in (True, False):
            made = world.manager.made("client", archived=archived)
            assert made["archived"] is archived


@clause("GT-CLIENT-06")
@given(name=texts, archived=st.booleans())
def test_changing_a_client(target: Target, name: str, archived: bool) -> None:
    """updateClient sets name and archived, together and each alone."""
    with target.world() as world:
        made = world.manager.make("client", archived=not archived)
        world.manager.changed("client", made, archived=archived)
        found = world.manager.shown("client", made)
        assert (found["name"], found["archived"]) == (made["name"], archived)
        world.manager.changed("client", made, name=name, archived=not archived)
        found = world.manager.shown("client", made)
        assert (found["name"], found["archived"]) == (name, not archived)


@clause("GT-CLIENT-07")
@pytest.mark.parametrize("name", ["", " ", "\t\n", "\u3000 "])
def test_blank_names(target: Target, name: str) -> None:
    """A name of nothing but white space is refused with 400 on name."""
    with target.world() as world:
        made = world.manager.make("client")
        names(world.manager.post("client", name=name), "name")
        names(world.manager.put("client", made, name=name), "name")
        assert world.manager.shown("client", made) == made


@clause("GT-CLIENT-09")
@pytest.mark.parametrize("linked", [True, False])
def test_making_a_contact_address(target: Target, linked: bool) -> None:
    """A contact address has the account, client, contact and address sent."""
    with target.world() as world:
        client = world.manager.make("client")["url"] if linked else None
        sent = {"client": client, "contact": WHOLE_CONTACT, "address": WHOLE_ADDRESS}
        made = world.manager.made("contact_address", **sent)
        for record in (made, world.manager.shown("contact_address", made)):
            assert {name: record[name] for name in sent} == sent
            assert record["account"] == world.manager.account


@clause("GT-CLIENT-09", "GT-CLIENT-15")
@pytest.mark.parametrize("field", WHOLE_CONTACT)
def test_a_contact_of_one_field(target: Target, field: str) -> None:
    """What is not sent of a contact is empty; the client is null."""
    with target.world() as world:
        made = world.manager.made("contact_address", contact={field: "x"})
        assert made["contact"] == {**dict.fromkeys(WHOLE_CONTACT, ""), field: "x"}
        assert made["client"] is None


def pairs(records: dict[str, Object]) -> list[str]:
    """The contact and the address of each record, as texts."""
    return [str((one["contact"], one["address"])) for one in records.values()]


@clause("GT-CLIENT-10", "GT-CLIENT-11")
@pytest.mark.parametrize("address", [PLACE, WHOLE_ADDRESS, {"city": "Tartu"}])
@pytest.mark.parametrize("linked", [True, False])
def test_a_twin(target: Target, address: dict[str, Any], linked: bool) -> None:
    """The same contact at the same address in the same account is refused."""
    with target.world() as world:
        sent = {"contact": WHOLE_CONTACT, "address": address}
        made = world.manager.make("contact_address", **sent)
        before = world.manager.listed("contact_address")
        more = {"client": world.manager.make("client")["url"]} if linked else {}
        both = {name: made[name] for name in ("contact", "address")}
        twins = (
            world.manager.post("contact_address", **sent, **more),
            world.both.post("contact_address", **both),
        )
        after = world.manager.listed("contact_address")
        with judging("GT-CLIENT-10"):
            assert len(set(pairs(after))) == len(after)
        for twin in twins:
            assert faults(twin) <= {*sent, "non_field_errors"}
        assert after == before


@clause("GT-CLIENT-10", "GT-CLIENT-12")
@pytest.mark.parametrize("fields", [["contact"], ["address"], ["contact", "address"]])
def test_becoming_a_twin(target: Target, fields: list[str]) -> None:
    """An update that would make a twin is refused with 400."""
    one = {"contact": CONTACTS[0], "address": PLACES[0]}
    other = {
        **one,
        **{f: {"contact": CONTACTS, "address": PLACES}[f][1] for f in fields},
    }
    with target.world() as world:
        made = world.manager.make("contact_address", **one)
        twin = world.manager.make("contact_address", **other)
        sent = {name: one[name] for name in fields}
        faults(world.manager.put("contact_address", twin, **sent))
        assert world.manager.shown("contact_address", twin) == twin
        world.manager.changed("contact_address", made, **one)
        world.manager.changed("contact_address", twin, **other)


@clause("GT-CLIENT-13")
def test_what_is_no_twin(target: Target) -> None:
    """Another contact, another address, or another account make no twin."""
    sent = {"contact": CONTACTS[0], "address": PLACES[0]}
    with target.world() as world:
        world.manager.made("contact_address", **sent)
        world.manager.made("contact_address", **{**sent, "contact": CONTACTS[1]})
        world.manager.made("contact_address", **{**sent, "address": PLACES[1]})
        world.stranger.made("contact_address", **sent)
        side = side_account(world)
        world.both.made("contact_address", account=side, **sent)


@clause("GT-CLIENT-14")
@given(raw=texts)
def test_a_place_is_found(target: Target, raw: str) -> None:
    """With raw_address alone a contact address gets formatted address and location."""
    with target.world() as world:
        made = world.manager.made("contact_address", address={"raw_address": raw})
        address = made["address"]
        assert address["raw_address"] == raw
        assert address["formatted_address"]
        assert address["location"]["type"] == "Point"
        assert len(address["location"]["coordinates"]) == 2


class Addresses(WorldMachine):
    """Make and change contact addresses of one account."""

    records = Bundle("records")
    contacts = st.integers(0, 2)
    places = st.integers(0, 2)

    def settle(self) -> None:
        """Start with none."""
        self.manager = self.world.manager
        self.model: dict[str, tuple[int, int]] = {}

    @rule(target=records, contact=contacts, place=places)
    def make(self, contact: int, place: int) -> Any:
        """Make one, unless it is a twin."""
        sent = {"contact": CONTACTS[contact], "address": PLACES[place]}
        reply = self.manager.post("contact_address", **sent)
        if (contact, place) in self.model.values():
            reply.refused(400)
            return multiple()
        made = reply.expect(200, 201).data
        self.model[made["id"]] = (contact, place)
        return made

    @rule(record=records, contact=contacts, place=places)
    def change(self, record: Object, contact: int, place: int) -> None:
        """Change one, unless that makes it a twin."""
        sent = {"contact": CONTACTS[contact], "address": PLACES[place]}
        reply = self.manager.put("contact_address", record, **sent)
        others = [v for n, v in self.model.items() if n != record["id"]]
        if (contact, place) in others:
            reply.refused(400)
        else:
            reply.expect(200)
            self.model[record["id"]] = (contact, place)

    @invariant()
    def the_list_is_the_model(self) -> None:
        """The list holds what the history left, and no pair twice."""
        listed = self.manager.listed("contact_address")
        assert listed.keys() == self.model.keys()
        known = pairs(listed)
        assert len(set(known)) == len(known)


@clause("GT-CLIENT-10", "GT-CLIENT-12")
def test_histories_of_contact_addresses(target: Target) -> None:
    """Whatever is made and changed, no two contact addresses are the same."""
    play(Addresses, target)
