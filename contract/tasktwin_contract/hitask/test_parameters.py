"""Where parameters may come from, and which of them count."""

from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.examples import (
    EVERY,
    SECURED,
    TAKING_TEXTS,
    caller,
    example,
)
from tasktwin_contract.hitask.steps import created, updated
from tasktwin_contract.hitask.values import (
    integers_of_64_bits,
    json_values,
    texts,
    unknown_names,
)
from tasktwin_contract.rows import table
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target

ODD = " \t\r\nA\rB\nC+D&E=F%20;#\"'\\\0\x7f\x85--é🗂\ufffd\ufeff\u2028 \r\n"
CLIENTS_OWN: dict[str, Any] = {
    "doAdd": True,
    "isSubItem": False,
    "manytasks": False,
    "forceSendContacts": 1,
}


@clause("HT-PARAM-01")
@given(text=texts())
@hypothesis.example(text=ODD)
def test_the_query_carries_any_text(target: Target, text: str) -> None:
    """A text that comes in the query is kept as it is."""
    _carries(target, "query", text)


@clause("HT-PARAM-02")
@given(text=texts())
@hypothesis.example(text=ODD)
def test_a_form_carries_any_text(target: Target, text: str) -> None:
    """A text that comes in a URL-encoded form is kept as it is."""
    _carries(target, "form", text)


@clause("HT-PARAM-03")
@given(text=texts())
@hypothesis.example(text=ODD)
def test_a_multipart_form_carries_any_text(target: Target, text: str) -> None:
    """A text that comes in a multipart form is kept as it is."""
    _carries(target, "multipart", text)


@clause("HT-PARAM-04")
@given(text=texts())
@hypothesis.example(text=ODD)
def test_a_json_object_carries_any_text(target: Target, text: str) -> None:
    """A text that comes in a JSON object is kept as it is."""
    _carries(target, "json", text)


def _carries(target: Target, place: str, text: str) -> None:
    with target.world() as world:
        owner = world.owner.using(via=place)
        assert created(owner, message=text)["message"] == text
        assert updated(owner, message=text)["message"] == text


@clause("HT-PARAM-01")
@pytest.mark.parametrize("name", EVERY)
def test_every_operation_reads_the_query(target: Target, name: str) -> None:
    """On every method parameters, the session among them, may come in the query."""
    _reads(target, name, "query")


@clause("HT-PARAM-02")
@pytest.mark.parametrize("name", table(TAKING_TEXTS, "getUser"))
def test_every_operation_reads_a_form(target: Target, name: str) -> None:
    """On every method parameters, the session among them, may come as a form."""
    _reads(target, name, "form")


@clause("HT-PARAM-03")
@pytest.mark.parametrize("name", EVERY)
def test_every_operation_reads_a_multipart_form(target: Target, name: str) -> None:
    """On every method parameters, the session among them, may come as multipart."""
    _reads(target, name, "multipart")


@clause("HT-PARAM-04")
@pytest.mark.parametrize("name", table(TAKING_TEXTS, "getUser"))
def test_every_operation_reads_a_json_object(target: Target, name: str) -> None:
    """On every method parameters, the session among them, may come as JSON."""
    _reads(target, name, "json")


def _reads(target: Target, name: str, place: str) -> None:
    with target.world() as world:
        who = caller(world, name).using(via=place, session_by="parameter")
        who.call(name, **example(world, name)).expect(200)


@clause("HT-PARAM-05")
@given(place=st.sampled_from(raw.BODIES), body=titles(), query=titles())
def test_the_body_counts(target: Target, place: str, body: str, query: str) -> None:
    """A parameter of the body counts over its namesake in the query."""
    with target.world() as world:
        guid = world.guid()
        parts = raw.written(place, (("guid", guid), ("title", body)))
        parts["query"] = (("title", query), ("guid", world.guid()))
        raw.send(world.owner, "createItem", **parts).expect(200)
        assert world.owner.stored(guid)["title"] == body


@clause("HT-PARAM-05")
@pytest.mark.parametrize("place", raw.BODIES)
def test_the_body_of_a_get_counts(target: Target, place: str) -> None:
    """On GET too a parameter of the body counts over its namesake in the query."""
    with target.world() as world:
        right = example(world, "authenticate")
        parts = raw.written(place, tuple(right.items()))
        parts["query"] = tuple({**right, "password": "wrong"}.items())
        raw.send(world.nobody, "authenticate", **parts).expect(200)


@clause("HT-PARAM-14")
@given(
    place=st.sampled_from(raw.PLACES),
    sent=st.lists(titles(40), min_size=2, max_size=4),
)
def test_the_last_of_its_name_counts(
    target: Target, place: str, sent: list[str]
) -> None:
    """Of a parameter sent twice the last one counts."""
    with target.world() as world:
        guid = world.guid()
        pairs = (("guid", guid), *(("title", title) for title in sent))
        raw.send(world.owner, "createItem", **raw.written(place, pairs)).expect(200)
        assert world.owner.stored(guid)["title"] == sent[-1]


@clause("HT-PARAM-14")
@pytest.mark.parametrize("place", raw.PLACES)
def test_the_last_password_counts(target: Target, place: str) -> None:
    """Of a password sent twice the last one signs in, or does not."""
    with target.world() as world:
        right = tuple(example(world, "authenticate").items())
        wrong = (("password", "wrong"),)
        last_right = raw.written(place, (*wrong, *right))
        last_wrong = raw.written(place, (*right, *wrong))
        raw.send(world.nobody, "authenticate", **last_right).expect(200)
        raw.send(world.nobody, "authenticate", **last_wrong).refused()


@clause("HT-PARAM-18")
@pytest.mark.parametrize("name", EVERY)
def test_every_operation_accepts_an_api_key(target: Target, name: str) -> None:
    """Every operation accepts an api_key."""
    with target.world() as world:
        parameters = {**example(world, name), "api_key": world.api_key}
        caller(world, name).call(name, **parameters).expect(200)


@clause("HT-PARAM-18")
@pytest.mark.parametrize("name", SECURED)
def test_an_api_key_says_nothing_beside_a_session(target: Target, name: str) -> None:
    """Where a session is needed, the api_key may be anything and replaces none."""
    with target.world() as world:
        parameters = {**example(world, name), "api_key": "no such key"}
        caller(world, name).call(name, **parameters).expect(200)
        world.nobody.call(name, **{**parameters, "api_key": world.api_key}).refused()


@clause("HT-PARAM-19")
@pytest.mark.parametrize("place", raw.PLACES)
def test_what_clients_tell_themselves(target: Target, place: str) -> None:
    """Parameters that clients use among themselves change nothing of the item."""
    with target.world() as world:
        owner = world.owner.using(via=place)
        marked = {**CLIENTS_OWN, "userId": world.member.number}
        plain, other = created(owner), created(owner, **marked)
        assert _own(other) == _own(plain)
        assert updated(owner, plain, **marked, title="new")["title"] == "new"


@clause("HT-PARAM-20")
@given(name=unknown_names(), value=json_values(integers_of_64_bits))
def test_unknown_parameters_on_writes(target: Target, name: str, value: Any) -> None:
    """An unknown parameter of whatever value changes nothing of the item."""
    with target.world() as world:
        owner = world.owner.using(via="json")
        plain, other = created(owner), created(owner, **{name: value})
        assert _own(other) == _own(plain)
        assert updated(owner, other, **{name: value}) == other


@clause("HT-PARAM-20")
@pytest.mark.parametrize("name", EVERY)
def test_every_operation_ignores_the_unknown(target: Target, name: str) -> None:
    """An unknown parameter keeps no operation from its work, wherever it stands."""
    for place in raw.PLACES:
        with target.world() as world:
            parameters = {**example(world, name), "zz-unknown": "x"}
            caller(world, name).using(via=place).call(name, **parameters).expect(200)


def _own(item: dict[str, Any]) -> dict[str, Any]:
    """What two items share that were made by the same request."""
    passing = {"id", "guid", "issue_id", "time_create", "time_last_update"}
    return {name: item[name] for name in item.keys() - passing}
