"""The contract data agree with themselves, with the mock, and with the suite."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis

from tasktwin_contract import catalogue
from tasktwin_mockserver.api import load
from tasktwin_schemas import APIS, clauses, errors, openapi, operations, schema
from tasktwin_schemas.document import openapi_path

FOLDERS = {api: openapi_path(api).parent for api in APIS}
SCHEMAS = [
    (api, path.name.removesuffix(".schema.json"))
    for api, folder in FOLDERS.items()
    for path in sorted(folder.glob("*.schema.json"))
]
LEVELS = {"MUST", "SHOULD", "UNDOCUMENTED"}
NEEDS = {
    "second_actor",
    "team_admin",
    "group",
    "clock",
    "settings",
    "write",
    "account_write",
}
ID = re.compile(r"[A-Z]{2}-[A-Z]+-[0-9]{2,}")
GUID = "9769a9f9-726c-4ec8-a920-be16193c26a6"
NAMING = ("x-tasktwin-clause", "x-tasktwin-stated-by")
PLACEHOLDER = re.compile(r"%(?![sd])")


def named_clauses(node: Any) -> set[str]:
    """Every clause that a document or a schema names."""
    if isinstance(node, list):
        return set().union(*map(named_clauses, node))
    if not isinstance(node, dict):
        return set()
    own = {node[one] for one in NAMING if one in node}
    for name in ("x-tasktwin-checks", "x-tasktwin-violations"):
        own |= set(node.get(name, {}).values())
    return own.union(*map(named_clauses, node.values()))


@pytest.mark.parametrize(("api", "name"), SCHEMAS)
def test_examples_validate(api: str, name: str) -> None:
    """Each schema has examples, and they are what it describes."""
    rules = schema(api, name)
    assert rules["examples"]
    for example in rules["examples"]:
        jsonschema.Draft202012Validator(rules).validate(example)


@pytest.mark.parametrize("api", APIS)
def test_clauses_are_well_formed(api: str) -> None:
    """Each clause has a level, a sentence, a source, and known operations and needs."""
    rows = json.loads(Path(FOLDERS[api], "clauses.json").read_text("utf-8"))
    assert len({row["id"] for row in rows}) == len(rows)
    known = set(operations(api))
    for row in rows:
        assert ID.fullmatch(row["id"])
        assert row["level"] in LEVELS
        assert row["text"].endswith(".")
        assert isinstance(row["source"], str) or set(row["source"]) == {
            "document",
            "heading",
        }
        assert row["level"] != "MUST" or isinstance(row["source"], dict), row["id"]
        assert row["operations"] == "*" or set(row["operations"]) <= known
        assert set(row["needs"]) <= NEEDS


@pytest.mark.parametrize("api", APIS)
def test_every_clause_has_a_test(api: str) -> None:
    """No clause without a test but with a reason, and no test without a clause."""
    tested, known = set(catalogue.tests_of(api)), clauses(api)
    untested = {name for name, clause in known.items() if clause.not_tested}
    assert tested | untested == set(known)
    assert not tested & untested
    assert len(untested) <= 0.03 * len(known)


@pytest.mark.parametrize("api", APIS)
def test_named_clauses_exist(api: str) -> None:
    """What a schema or a check names as its clause is in the catalogue."""
    documents = [openapi(api), *(schema(a, name) for a, name in SCHEMAS if a == api)]
    assert named_clauses(documents) <= set(clauses(api))


@pytest.mark.parametrize("api", APIS)
def test_what_is_documented_is_served(api: str) -> None:
    """The mock has an operation for each of the document, and no other."""
    documented = {op.alias_of or op.id for op in operations(api).values()}
    assert set(load(api).operations) == documented


def test_published_codes() -> None:
    """All 87 codes of HiTask are there, their templates with known placeholders."""
    published = errors("hitask")
    assert len(published) == 87
    assert not [c for c in published.values() if PLACEHOLDER.search(c.template)]


TASK = {"account": "https://gsmtasks.com/api/tasks/accounts/1/", "address": {}}
BODIES: list[tuple[str, str, Any, bool]] = [
    ("hitask", "/item", {"guid": GUID, "title": "a title"}, True),
    ("hitask", "/item", {"title": "no guid"}, False),
    ("hitask", "/item", {"guid": "9769a9f9", "title": 7}, False),
    ("hitask", "/item", [], False),
    ("gsmtasks", "/tasks/", TASK, True),
    ("gsmtasks", "/tasks/", {**TASK, "assignee": {"email": "a@example.com"}}, True),
    ("gsmtasks", "/tasks/", {**TASK, "assignee": {}}, False),
    ("gsmtasks", "/tasks/", {"account": TASK["account"]}, False),
    ("gsmtasks", "/tasks/", {**TASK, "category": "pickup"}, False),
    ("gsmtasks", "/tasks/", [], False),
]


@pytest.mark.parametrize(("api", "path", "body", "is_right"), BODIES)
def test_wrong_bodies_are_refused(
    api: str, path: str, body: Any, is_right: bool
) -> None:
    """The document, loaded by path, takes right request bodies and no others."""
    document = schemathesis.openapi.from_path(str(openapi_path(api)))
    rules = document[path]["POST"].body[0].validation_schema
    assert jsonschema.Draft202012Validator(rules).is_valid(body) is is_right


def test_what_an_operation_needs() -> None:
    """The document says which operations need a level, and which have no version."""
    known = operations("hitask").values()
    levels = {one.id: one.level for one in known if one.level is not None}
    assert levels["deleteItem"] == 100
    assert levels["addComment"] == 20
    unversioned = {one.id for one in known if not one.versioned}
    assert unversioned == {"getPreferencesV6", "getAvatar", "getAvatarPng"}
    assert [one.id for one in known if one.takes_files] == [
        "uploadAvatar",
        "uploadFile",
    ]
    assert [one.id for one in known if one.free] == ["setPreferences"]
