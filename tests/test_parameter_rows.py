"""Parameters: rows, by the numbers in their names."""

from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder

from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.parameters import ParameterReader
from tasktwin_mockserver.refusal import Refusal
from tasktwin_schemas import operations

MULTIPART = "multipart/form-data"
ATTACH = ParameterReader(operations("fivepm")["activityAttachFiles"])


def attached(*parts: tuple[str, str | None]) -> Any:
    """What an operation gets of a body with these parts; one without text is a file."""
    data = {
        name: (BytesIO(b"bytes"), "a.txt") if text is None else text
        for name, text in parts
    }
    builder = EnvironBuilder(method="POST", data=data, content_type=MULTIPART)
    request = Request(builder.get_environ())
    request.read(10_000)
    return ATTACH.read(ATTACH.raw(request, {}), None)


def row(number: object, name: str = "a") -> list[tuple[str, str | None]]:
    """The parts of one file of that number."""
    return [(f"files[{number}][name]", name), (f"files[{number}][file]", None)]


def test_rows_come_by_number() -> None:
    """Parameters with a number in their names become a list, whatever their order."""
    read = attached(*row(10, "b"), *row(2, "a"), ("activityId", "5"), *row(0, "z"))
    assert [one["name"] for one in read["files"]] == ["z", "a", "b"]
    assert [one["file"].data for one in read["files"]] == [b"bytes"] * 3
    assert read["activityId"] == 5


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ([], "files[1][name]"),
        (row(3)[:1], "files[3][file]"),
        ([*row(1), *row(2)[1:]], "files[2][name]"),
        (row("n"), "files[1][name]"),
        (row("-1"), "files[1][name]"),
        (row("9" * 10), "files[1][name]"),
    ],
)
def test_rows_that_lack_something(
    parts: list[tuple[str, str | None]], named: str
) -> None:
    """A row without one of its parameters is refused, and so is no row at all."""
    with pytest.raises(Refusal) as refused:
        attached(("activityId", "5"), *parts)
    assert refused.value.kind == "missing"
    assert refused.value.parameter == named


def test_a_row_with_a_wrong_value() -> None:
    """What is wrong in a row is refused as anywhere, beside what else is wrong."""
    with pytest.raises(Refusal) as refused:
        attached(("activityId", "x"), ("files[1][name]", " "), *row(1)[1:])
    kinds = [(one.kind, one.parameter) for one in refused.value.faults]
    assert kinds == [("format", "activityId"), ("value", "files[n][name]")]
