"""The catalogue of clauses, and which tests judge them."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from tasktwin_contract import catalogue
from tasktwin_contract.catalogue import as_data, as_markdown, as_text, marked_in
from tasktwin_schemas import APIS, clauses

MODULE = '''
import no_such_library
from tasktwin_contract.clauses import clause

@clause("HT-PATH-01")
def test_one(target):
    """One."""

@clause("HT-PATH-02", "HT-PATH-01")
@given(text())
@clause("HT-PATH-03")
def test_two(target):
    """Two."""

@marks.clause("HT-PATH-04")
async def test_three(target):
    """Three."""

@other("HT-PATH-05")
@clause
def test_four(target):
    """Four."""

class Machine:
    @clause("HT-PATH-06")
    def test_five(self):
        """Five."""
'''


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Make the folder of a suite with one module of tests."""
    folder = tmp_path / "hitask"
    folder.mkdir()
    (folder / "test_paths.py").write_text(MODULE, encoding="utf-8")
    (folder / "paths.py").write_text(MODULE, encoding="utf-8")
    return folder


def test_the_tests_of_a_clause_are_found_without_an_import(suite: Path) -> None:
    """Marks of several clauses, and several marks, all count, in the file's order."""
    assert marked_in(suite) == {
        "HT-PATH-01": [
            "hitask/test_paths.py::test_one",
            "hitask/test_paths.py::test_two",
        ],
        "HT-PATH-02": ["hitask/test_paths.py::test_two"],
        "HT-PATH-03": ["hitask/test_paths.py::test_two"],
        "HT-PATH-04": ["hitask/test_paths.py::test_three"],
    }


def test_modules_come_in_order_of_their_names(suite: Path) -> None:
    """A clause's tests are listed by module, whatever the file system says."""
    text = '@clause("HT-PATH-01")\ndef test_zero(target): ...\n'
    (suite / "test_areas.py").write_text(text, encoding="utf-8")
    assert marked_in(suite)["HT-PATH-01"][0] == "hitask/test_areas.py::test_zero"


@pytest.mark.parametrize("words", ["NAME", "*NAMES", 'f"HT-{number}"', "1"])
def test_a_clause_that_is_not_named_in_plain_sight_is_refused(
    suite: Path, words: str
) -> None:
    """A mark that reading cannot resolve is an error with its place, never lost."""
    text = f"\n@clause({words})\ndef test_it(target): ...\n"
    (suite / "test_wrong.py").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^hitask/test_wrong\.py:2: "):
        marked_in(suite)


def test_an_api_without_tests_has_none(tmp_path: Path) -> None:
    """A folder that is not there holds no tests."""
    assert marked_in(tmp_path / "nothing") == {}


@pytest.mark.parametrize("api", APIS)
def test_the_suites_name_clauses_that_exist(api: str) -> None:
    """Every mark of a suite names a clause of its catalogue."""
    found = catalogue.tests_of(api)
    assert found
    assert found.keys() - clauses(api).keys() == set()


@pytest.mark.parametrize("api", APIS)
def test_the_data_names_every_clause_with_its_tests(api: str) -> None:
    """The catalogue as data holds each clause once, with the tests that judge it."""
    data = as_data(api)
    assert data["api"] == api
    assert [row["id"] for row in data["clauses"]] == list(clauses(api))
    tests = catalogue.tests_of(api)
    for row in data["clauses"]:
        assert row["tests"] == tests.get(row["id"], [])
        assert row["level"] in {"MUST", "SHOULD", "UNDOCUMENTED"}
        assert row["text"]
        assert row["source"]


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("width", [40, 80, 100])
def test_the_text_keeps_to_the_width(api: str, width: int) -> None:
    """No line is wider than asked for, but where one word is too long for it."""
    lines = as_text(api, width).splitlines()
    wide = [line for line in lines if len(line) > width]
    assert [line for line in wide if len(line.split(": ")[-1].split()) > 1] == []
    assert any(len(line) > width - 10 for line in lines)


@pytest.mark.parametrize("api", APIS)
def test_the_text_is_grouped_by_area(api: str) -> None:
    """Every area is a heading once, and every clause stands below its own."""
    area = None
    seen = []
    known = clauses(api)
    for line in as_text(api).splitlines()[2:]:
        clause = known.get(line.split()[0]) if line else None
        if clause and not line.startswith(" "):
            assert clause.area == area
        elif line and not line.startswith(" "):
            area = line
            seen.append(area)
    assert len(seen) == len(set(seen)) > 1


def test_a_clause_that_is_not_tested_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason why no test can judge a clause stands in text and data."""
    original = clauses("hitask")["HT-PATH-01"]
    changed = replace(original, not_tested="no server can show it")
    found = MappingProxyType({changed.id: changed})
    monkeypatch.setattr(catalogue, "clauses", lambda api: found)
    monkeypatch.setattr(catalogue, "tests_of", lambda api: {})
    text = as_text("hitask")
    assert "1 of them not tested" in text
    assert "    not tested: no server can show it" in text
    assert as_data("hitask")["clauses"][0]["not_tested"] == "no server can show it"


@pytest.mark.parametrize("api", ["hitask", "fivepm"])
def test_the_page_is_current(api: str) -> None:
    """docs/<api>.md is what the command prints: write it anew where this fails."""
    page = Path(__file__).parent.parent / "docs" / f"{api}.md"
    assert page.read_text(encoding="utf-8") == f"{as_markdown(api)}\n"


def test_the_page_names_every_clause() -> None:
    """The page has a row for each clause, with its tests and its mutants."""
    rows = [line for line in as_markdown("hitask").splitlines() if "HT-" in line]
    named = [row.split(" | ")[0][2:] for row in rows]
    assert len(named) == len({*named})
    assert {*named} == {*clauses("hitask")}
    assert all(row.count(" | ") >= 5 for row in rows)
