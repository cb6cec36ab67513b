"""Whatever an API's records hold comes back from a state file as it was."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect

from tasktwin_mockserver.api import load
from tasktwin_mockserver.packing import (
    LONG,
    DamageError,
    Kind,
    Kinds,
    PackingError,
    pack,
    seal,
    unpack,
    unseal,
)
from tasktwin_mockserver.world import Settings
from tasktwin_schemas import APIS

WHOLE = st.integers(-(2**200), 2**200)
TEXT = st.text(max_size=5)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner),
    max_leaves=5,
)


@dataclasses.dataclass(frozen=True)
class Note:
    """A record that is a dataclass."""

    id: int
    size: int | float
    data: bytes
    more: bytes | None = None


class Inner(msgspec.Struct, frozen=True):
    """Part of a record."""

    size: float


class Loose(msgspec.Struct, frozen=True):
    """A record that does not say that its numbers may be whole."""

    parts: tuple[Inner, ...]


def kinds(api: str) -> Kinds:
    """The records of an API."""
    return Kinds(f"tasktwin_mockserver.{api}")


def unsure(kind: inspect.Type, path: str) -> Iterator[str]:
    """Where something of that kind may come back as something else, and why."""
    match kind:
        case inspect.FloatType():
            yield f"{path} is a float, where 5 comes back as 5.0: say int | float"
        case inspect.CustomType(other):
            yield f"{path} is a {other.__name__}, which cannot be read back"
    for name, part in parts(kind):
        yield from unsure(part, f"{path}{name}")


def parts(kind: inspect.Type) -> list[tuple[str, inspect.Type]]:
    """What something of that kind is made of, with the names of fields."""
    match kind:
        case inspect.StructType(fields=fields) | inspect.DataclassType(fields=fields):
            return [(f".{field.name}", field.type) for field in fields]
        case inspect.UnionType(types):
            whole = any(isinstance(one, inspect.IntType) for one in types)
            sure = inspect.FloatType if whole else ()
            return [("", one) for one in types if not isinstance(one, sure)]
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return [("", item)]
        case inspect.DictType(_, value):
            return [("", value)]
    return []


def some(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Values of that kind."""
    match kind:
        case inspect.UnionType(types):
            return st.one_of(*map(some, types))
        case inspect.StructType(cls, fields) | inspect.DataclassType(cls, fields):
            return st.builds(cls, **{one.name: some(one.type) for one in fields})
        case inspect.VarTupleType(item):
            return st.lists(some(item), max_size=2).map(tuple)
        case inspect.ListType(item_type=item):
            return st.lists(some(item), max_size=2)
        case inspect.DictType(_, value):
            return st.dictionaries(TEXT, some(value), max_size=2)
        case inspect.LiteralType(values):
            return st.sampled_from(values)
        case inspect.BytesType():
            longs = st.binary(min_size=1, max_size=3).map(lambda part: part * LONG)
            return st.binary(max_size=5) | longs
    simple: dict[type[inspect.Type], st.SearchStrategy[Any]] = {
        inspect.IntType: WHOLE,
        inspect.FloatType: st.floats(allow_nan=False, allow_infinity=False),
        inspect.StrType: TEXT,
        inspect.BoolType: st.booleans(),
        inspect.NoneType: st.none(),
        inspect.AnyType: st.none() | TEXT | st.integers(0, 9) | st.lists(TEXT),
    }
    return simple[type(kind)]


@pytest.mark.parametrize("api", APIS)
def test_records_say_exactly_what_they_hold(api: str) -> None:
    """A record's types leave no doubt about what was kept, and all can be read back."""
    found = [
        problem
        for kind in kinds(api)
        for problem in unsure(inspect.type_info(kind.kind), kind.name)
    ]
    assert found == []


def test_doubts_are_found() -> None:
    """A float is in doubt, however deep it stands; one that may be whole is not."""
    assert [*unsure(inspect.type_info(Note), "Note")] == []
    (found,) = unsure(inspect.type_info(Loose), "Loose")
    assert found.startswith("Loose.parts.size is a float")


def test_records_may_stand_in_the_package_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small API needs no module of records, and what it imports is no record."""
    package = tmp_path / "small_api"
    package.mkdir()
    lines = ["import msgspec", "from tasktwin_mockserver.world import Settings"]
    lines += ["class Memo(msgspec.Struct):", "    id: int"]
    (package / "__init__.py").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert [kind.name for kind in Kinds("small_api")] == ["Memo"]


@pytest.mark.parametrize("api", APIS)
def test_the_records_of_a_world_can_be_kept(api: str) -> None:
    """All that stands in the tables of a seeded world is of the module `records`."""
    there = kinds(api)
    for table in load(api).world(0, Settings()).tables.values():
        for record in table.values():
            kind = there.of(record)
            packed, contents = kind.pack(record)
            assert kind.unpack(packed, contents, set()) == record


@pytest.mark.parametrize("api", APIS)
@given(data=st.data())
@settings(max_examples=50)
def test_records_come_back(api: str, data: st.DataObject) -> None:
    """A record of any kind, whatever is in it, is read as it was packed."""
    kind = data.draw(st.sampled_from([*kinds(api)]))
    record = data.draw(some(inspect.type_info(kind.kind)))
    packed, contents = kind.pack(record)
    assert repr(kind.unpack(packed, contents, set())) == repr(record)


@given(some(inspect.type_info(Note)))
def test_dataclasses_come_back(note: Note) -> None:
    """A dataclass is as good a record as any; its long bytes are kept apart."""
    kind = Kind(Note)
    packed, contents = kind.pack(note)
    used: set[bytes] = set()
    assert repr(kind.unpack(packed, contents, used)) == repr(note)
    assert used == contents.keys()
    assert set(contents.values()) == {
        part for part in (note.data, note.more) if part and len(part) >= LONG
    }
    if contents:
        with pytest.raises(DamageError):
            kind.unpack(packed, {}, set())


def test_a_record_from_elsewhere_is_refused() -> None:
    """What is no record of the API's own module is named, and where it belongs."""
    with pytest.raises(PackingError, match=r"a Note cannot be kept .*hitask\.records"):
        kinds("hitask").of(Note(1, 2, b""))
    with pytest.raises(PackingError, match="no record called 'Note'"):
        kinds("hitask").named("Note")


@given(ANYTHING | WHOLE)
def test_values_come_back(value: object) -> None:
    """Keys and facts are read as they were packed, numbers of any size included."""
    assert repr(unpack(pack(value), Any)) == repr(value)


@given(st.binary(), st.binary(), st.integers(0), st.integers(1, 255))
def test_no_byte_changes_unnoticed(
    data: bytes, place: bytes, at: int, change: int
) -> None:
    """What was sealed can be read at its place, and not with another byte in it."""
    sealed = bytearray(seal(data, place))
    assert unseal(bytes(sealed), place) == data
    with pytest.raises(DamageError):
        unseal(bytes(sealed), place + b"x")
    sealed[at % len(sealed)] ^= change
    with pytest.raises(DamageError):
        unseal(bytes(sealed), place)
