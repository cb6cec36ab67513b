"""Parameters: values, as an operation gets them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tasktwin_mockserver.parameters import ParameterReader
from tasktwin_mockserver.refusal import Refusal
from tasktwin_schemas import operations

from .incoming import UPDATE

GUID = "9769a9f9-726c-4ec8-a920-be16193c26a6"
CREATE = ParameterReader(operations("hitask")["createItem"])

# Name, how it is refused, and values that are.
WRONG: list[tuple[str, str, list[Any]]] = [
    ("color", "format", ["", " 7", "7.0", "1e1", "\u0667", "0x7", "9" * 5000]),
    ("color", "format", [7.5, True, [], {}, 2**63]),
    ("color", "value", [-1, 8, "99"]),
    ("time_est", "format", ["nan", "inf", "1e999", "", True]),
    ("time_est", "value", ["-1"]),
    ("completed", "format", ["yes", "", 2, 0.5, [], "2"]),
    ("title", "format", [7, True, [], {}]),
    ("title", "length", ["x" * 256]),
    ("title", "value", ["", " \n"]),
    ("guid", "format", ["", "x", GUID[:-1], f"{GUID}\n", 7]),
    ("tags", "format", ["[1, 2]", "[", 7, {}, [None]]),
    ("tags", "value", [["a,b"], "a,,b"]),
    ("tags", "length", [["x" * 256]]),
    ("participants", "format", ["1,x", "1,,2", "[1.5]", [2**63]]),
    ("participants", "value", ["0"]),
    ("location", "format", ["{", "[]", "7", {"longitude": "1"}]),
    ("location", "format", [f'{{"longitude": {2**64}}}']),
    ("location", "value", [{"longitude": 181}]),
    ("recurring_by", "format", [[{"type": "BYDAY", "values": [2**64]}]]),
    ("permissions", "missing", [[{"level": 100}]]),
    ("permissions", "value", [[{"level": 15, "principal": 1}]]),
]


def read(name: str, raw: Any) -> Any:
    """What createItem gets of the parameter `name`."""
    return CREATE.readers[name].read(raw)


def refused(name: str, raw: Any) -> tuple[str, int | None]:
    """How createItem refuses the parameter `name`."""
    with pytest.raises(Refusal) as caught:
        read(name, raw)
    assert caught.value.parameter == name
    return caught.value.kind, caught.value.code


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("color", "7", 7),
        ("color", "+7", 7),
        ("color", 7, 7),
        ("color", 7.0, 7),
        ("priority", str(2**63 - 1), 2**63 - 1),
        ("recurring_interval", str(-(2**63)), -(2**63)),
        ("time_est", "1.5", 1.5),
        ("time_est", ".5e1", 5.0),
        ("time_est", 2, 2),
        ("completed", "TRUE", True),
        ("completed", "0", False),
        ("completed", 1, True),
        ("completed", False, False),
        ("title", " x ", " x "),
        ("message", "", None),
        ("tags", "a, b ,c", ["a", "b", "c"]),
        ("tags", '["a", "b"]', ["a", "b"]),
        ("tags", ["a"], ["a"]),
        ("tags", "", None),
        ("participants", "1,2", [1, 2]),
        ("participants", "[1, 2]", [1, 2]),
        ("location", '{"longitude": 1}', {"longitude": 1}),
        ("location", {"address": None}, {"address": None}),
        ("guid", GUID.upper(), GUID.upper()),
    ],
)
def test_values_that_fit(name: str, raw: Any, value: Any) -> None:
    """A value of the right type, or text of it, is read as that type."""
    found = read(name, raw)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "raw", "kind"),
    [(name, raw, kind) for name, kind, raws in WRONG for raw in raws],
)
def test_values_that_do_not_fit(name: str, raw: Any, kind: str) -> None:
    """A value that does not fit is refused, and it is told how."""
    assert refused(name, raw)[0] == kind


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("color", "red", 5),
        ("color", 99, 6),
        ("title", "", 4),
        ("title", "x" * 256, 25),
        ("alerts", "[", 6),
        ("permissions", [{}], 6),
    ],
)
def test_codes_of_refusals(name: str, raw: Any, code: int) -> None:
    """The code of a refusal is the parameter's own, where the document gives one."""
    assert refused(name, raw)[1] == code


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2012-03-15", datetime(2012, 3, 15)),  # noqa: DTZ001 (as it was sent)
        ("2012-03-15T10:00", datetime(2012, 3, 15, 10)),  # noqa: DTZ001 (likewise)
        ("2012-03-15T10:00:00Z", datetime(2012, 3, 15, 10, tzinfo=UTC)),
        (
            "2012-03-15T10:00:00.5 01:00",
            datetime(2012, 3, 15, 10, 0, 0, 500_000, timezone(timedelta(hours=1))),
        ),
    ],
)
def test_dates_that_fit(raw: str, moment: datetime) -> None:
    """A date is read with its offset, also where a form made a blank of its plus."""
    found = read("start_date", raw)
    assert found == moment
    assert found.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    "raw",
    [
        *("soon", "2012-02-30", "2012-03-15T25:00", "0001-01-01", "9999-12-31", 7),
        *(
            "2012-03-15T10:00:00+24:00",
            "2012-03-15T10:00:00+00:00:30",
            "\u0662012-03-15",
        ),
    ],
)
def test_dates_that_do_not_fit(raw: Any) -> None:
    """What is no date, or one that no other offset could show, is refused."""
    assert refused("start_date", raw) == ("format", 5)


def test_what_is_not_sent_has_no_key() -> None:
    """Absent parameters and JSON nulls have no key, and unknown ones are ignored."""
    raw = {"guid": GUID, "title": "x", "color": None, "colour": "red", "": "x"}
    assert CREATE.read(raw, None) == {"guid": GUID, "title": "x"}


@pytest.mark.parametrize(("version", "missing"), [(None, True), (6, True), (5, False)])
def test_duties_that_came_later(version: int | None, missing: bool) -> None:
    """A parameter that a later version requires may be left out in an earlier one."""
    if not missing:
        assert CREATE.read({"title": "x"}, version) == {"title": "x"}
        return
    with pytest.raises(Refusal) as caught:
        CREATE.read({"title": "x"}, version)
    assert (caught.value.kind, caught.value.parameter) == ("missing", "guid")


def test_aliases() -> None:
    """The value of an alias stands under the main name, whose own value counts."""
    assert UPDATE.read({"assigneeId": "7"}, None) == {"assignee": 7}
    assert UPDATE.read({"assigneeId": "7", "assignee": "8"}, None) == {"assignee": 8}


def test_names_in_any_case() -> None:
    """A name that is understood in any case is, and no other name."""
    reader = ParameterReader(operations("hitask")["updateUser"])
    assert reader.read({"RETURNINFO": "1"}, None) == {"returnInfo": True}
    assert reader.read({"FIRSTNAME": "x"}, None) == {}


@pytest.mark.parametrize("value", ["an address", {"email": "a@example.com"}, None])
def test_a_parameter_of_several_types(value: Any) -> None:
    """A value is read as the first of the types that it can be read as."""
    reader = ParameterReader(operations("gsmtasks")["createTask"])
    assert reader.readers["assignee"].read(value) == value


@pytest.mark.parametrize("value", [7, [], {}, True, ""])
def test_a_value_of_none_of_several_types(value: Any) -> None:
    """What fits none of the types is refused."""
    reader = ParameterReader(operations("gsmtasks")["createTask"])
    with pytest.raises(Refusal):
        reader.readers["assignee"].read(value)
