"""The document as Schemathesis loads it, whose silence would be taken for consent."""

import json
from typing import Any

import pytest
import requests
import schemathesis
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response

from tasktwin_schemas import APIS, openapi, operations, schema
from tasktwin_schemas.document import openapi_path

USER = schema("hitask", "user")["examples"][0]
REFUSAL = schema("hitask", "error")["examples"][0]
WRONG = [[], {}, None, {**USER, "id": "1001"}, {**USER, "level": 1}, REFUSAL]


def answer(body: Any, status: int = 200) -> Response:
    """What a server answers with that body."""
    return Response(
        status_code=status,
        headers={"content-type": ["application/json"]},
        content=json.dumps(body).encode(),
        request=requests.Request("GET", "http://localhost/api/user").prepare(),
        elapsed=0.0,
        verify=True,
    )


@pytest.fixture(scope="module")
def get_user() -> Any:
    """The operation as the document has it that is loaded by path."""
    document = schemathesis.openapi.from_path(str(openapi_path("hitask")))
    return document["/user"]["GET"]


@pytest.mark.parametrize("api", APIS)
def test_the_document_is_openapi(api: str) -> None:
    """The document is OpenAPI 3.1, and each of its operations can be made requests."""
    document = schemathesis.openapi.from_path(str(openapi_path(api)))
    found = [*document.get_all_operations()]
    assert document.specification.version.startswith("3.1")
    assert all(isinstance(result, Ok) for result in found)
    assert len(found) == sum(len(item) for item in methods(api))


def methods(api: str) -> list[set[str]]:
    """The methods of each path of the document."""
    known = {"get", "put", "post", "delete", "patch"}
    return [known & item.keys() for item in openapi(api)["paths"].values()]


@pytest.mark.parametrize("api", APIS)
def test_a_wrong_answer_of_any_kind_is_refused(api: str) -> None:
    """Whatever an operation answers in JSON, a number is not what it is."""
    document: Any = schemathesis.openapi.from_path(str(openapi_path(api)))
    for result in document.get_all_operations():
        operation = result.ok()
        known = operations(api)[operation.definition.raw["operationId"]].answers
        for status in operation.definition.raw["responses"]:
            if "json" in str(known[int(status)].media_types):
                found = operation.is_valid_response(answer(7, int(status)))
                assert not found, (operation.label, status)


def test_right_answers_are_taken(get_user: Any) -> None:
    """An account with 200 and the envelope with 401 are as documented."""
    assert get_user.is_valid_response(answer(USER))
    assert get_user.is_valid_response(answer(REFUSAL, 401))


@pytest.mark.parametrize("body", WRONG, ids=json.dumps)
def test_wrong_answers_are_refused(get_user: Any, body: Any) -> None:
    """A body that is no account is not taken for one."""
    assert not get_user.is_valid_response(answer(body))


def test_wrong_refusals_are_refused(get_user: Any) -> None:
    """A refusal without its envelope is not taken for one."""
    assert not get_user.is_valid_response(answer({"error_message": "no"}, 401))
    assert not get_user.is_valid_response(answer(USER, 401))


def test_why_the_document_is_loaded_by_path() -> None:
    """A document loaded as data takes any answer in silence, so the kit never does."""
    document = schemathesis.openapi.from_dict(openapi("hitask"))
    assert document["/user"]["GET"].is_valid_response(answer([]))
