"""Parameters: where they are read from, and where they are not."""

import pytest
from werkzeug.test import EnvironBuilder

from tasktwin_mockserver.exchange import Request, Upload
from tasktwin_mockserver.parameters import ParameterReader
from tasktwin_mockserver.refusal import Refusal
from tasktwin_schemas import operations

from .incoming import FORM, JSON, request_of

PLACED = ParameterReader(operations("gsmtasks")["createClient"])
LISTING = ParameterReader(operations("gsmtasks")["listTasks"])
UPLOAD = ParameterReader(operations("gsmtasks")["createFileUpload"])
ANYWHERE = ParameterReader(operations("gsmtasks")["authenticate"])
ADD = ParameterReader(operations("fivepm")["projectsAdd"])
NAMED = b'{"name": "a name", "state": "active"}'


def test_parameters_come_from_where_the_document_has_them() -> None:
    """Without a word of other places the body's are not read from the query."""
    request = request_of("name=another&archived=true", JSON, NAMED)
    assert PLACED.raw(request, {}) == {"name": "a name"}
    assert LISTING.raw(request_of("state=active&name=x"), {}) == {"state": "active"}


def test_a_body_that_nothing_is_read_from_is_not_looked_at() -> None:
    """Where the document has no body, there may be any."""
    assert LISTING.raw(request_of("state=active", JSON, b"{"), {}) == {
        "state": "active"
    }


@pytest.mark.parametrize("kind", [FORM, "text/plain", "multipart/form-data", None])
def test_only_the_documents_media_types_are_read(kind: str | None) -> None:
    """A body of another media type is refused, where the document says which."""
    with pytest.raises(Refusal) as caught:
        PLACED.raw(request_of("", kind, b"name=x"), {})
    assert caught.value.kind == "media_type"


def test_any_json_is_json() -> None:
    """A media type whose suffix says that it is JSON is read as JSON."""
    request = request_of("", "application/problem+json", NAMED)
    assert PLACED.raw(request, {}) == {"name": "a name"}


def test_other_places_are_read_where_the_document_says_so() -> None:
    """An operation with places takes its parameters from any of them."""
    request = request_of("username=a", FORM, b"password=b")
    assert ANYWHERE.raw(request, {}) == {"username": "a", "password": "b"}


def test_a_path_counts_over_a_body() -> None:
    """What the path says of a parameter is not said again by the body."""
    reader = ParameterReader(operations("gsmtasks")["updateClient"])
    request = request_of("id=1", JSON, b'{"id": "2", "name": "x"}')
    assert reader.raw(request, {"id": "3"}) == {"id": "3", "name": "x"}


def test_a_file_or_an_object() -> None:
    """A parameter may be a file in one media type, and JSON in another."""
    file = {"name": "a", "contents": "data:a/b;base64,"}
    upload = Upload("a", "a/b", b"")
    assert UPLOAD.readers["file"].read(file) == file
    assert UPLOAD.readers["file"].read(upload) is upload
    with pytest.raises(Refusal):
        PLACED.readers["name"].read(upload)


def test_json_where_it_is_not_taken() -> None:
    """JSON is refused by an operation whose parameters come from elsewhere."""
    builder = EnvironBuilder(method="POST", data="{}", content_type=JSON)
    request = Request(builder.get_environ())
    request.read(10_000)
    with pytest.raises(Refusal) as refused:
        ADD.raw(request, {})
    assert refused.value.kind == "media_type"
