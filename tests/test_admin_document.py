"""The OpenAPI document of the controls, held true."""

import json
from collections.abc import Iterator
from importlib.resources import as_file, files
from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks
from werkzeug.test import Client

from tasktwin_mockserver import App
from tasktwin_mockserver.admin.controls import CONTROLS
from tasktwin_mockserver.admin.docs import document
from tasktwin_mockserver.server import MockServer
from tasktwin_mockserver.world import Settings
from tasktwin_mockserver.worlds import Room
from tasktwin_schemas import APIS

CASES = 10
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
]
OPERATIONS = [(control.path, control.method) for control in CONTROLS]


def documented() -> dict[tuple[str, str], Any]:
    """Every operation of the document by path and method."""
    return {
        (path, method.upper()): operation
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    }


def explored() -> list[Any]:
    """Each operation, asked as documented, and otherwise where there is a way to."""
    return [
        pytest.param(path, method, mode, id=f"{operation['operationId']}-{mode.value}")
        for (path, method), operation in documented().items()
        for mode in GenerationMode
        if mode.is_positive or {"parameters", "requestBody"} & operation.keys()
    ]


@pytest.fixture(scope="module")
def loaded() -> Any:
    """The document as Schemathesis has it, which takes it by path alone."""
    with as_file(files("tasktwin_mockserver.admin") / "openapi.json") as path:
        return schemathesis.openapi.from_path(str(path))


@pytest.fixture(scope="module", params=APIS)
def server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """A mock of each API at a port, with little room for worlds."""
    with MockServer(request.param, room=Room(most=3)) as server:
        yield server


def test_what_is_documented_is_served() -> None:
    """The document has every control, and no other."""
    assert sorted(documented()) == sorted(OPERATIONS)


def test_the_document_has_the_settings() -> None:
    """The settings of the document are those of a world, types and bounds too."""
    properties = document()["components"]["schemas"]["Settings"]["properties"]
    assert list(properties) == list(Settings.__struct_fields__)


def test_the_examples_are_taken() -> None:
    """Each body that the document shows is one that its control takes."""
    shown = 0
    for (path, method), operation in documented().items():
        content = operation.get("requestBody", {}).get("content", {})
        for example in content.get("application/json", {}).get("examples", {}).values():
            answer = Client(App("hitask")).open(
                f"/__admin{path}", method=method, json=example["value"]
            )
            assert answer.status_code in (200, 201), answer.text
            shown += 1
    assert shown > 10


def test_examples_keep_to_the_schemas() -> None:
    """Each body that the document shows keeps to the schema beside it."""
    for operation in documented().values():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            rules = {**media["schema"], "components": document()["components"]}
            for example in media["examples"].values():
                jsonschema.Draft202012Validator(rules).validate(example["value"])


@pytest.mark.parametrize(("path", "method", "mode"), explored())
def test_answers_are_documented(
    loaded: Any, server: MockServer, path: str, method: str, mode: GenerationMode
) -> None:
    """Whatever is asked, the answer is as documented, and never the mock's fault."""

    @settings(max_examples=CASES, suppress_health_check=[*HealthCheck])
    @given(case=loaded[path][method].as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        case.call_and_validate(base_url=f"{server.url}/__admin", checks=CHECKS)

    each()


def test_the_document_is_served() -> None:
    """The document is served as data, and as a page with every operation in it."""
    client = Client(App("hitask"))
    assert client.get("/__admin/openapi.json").json == document()
    page = client.get("/__admin/docs")
    assert page.content_type == "text/html; charset=utf-8"
    for path, method in OPERATIONS:
        assert f"{method} /__admin{path}<" in page.text
    assert json.dumps(503) in page.text
