"""What is wrong with a field: values of a type that it does not have."""

from typing import Any

from tasktwin_contract.gsmtasks.examples import BODIED, OPERATIONS
from tasktwin_schemas.document import Schema

WRITING = [
    name for name in BODIED if not OPERATIONS[name].alias_of and name != "authenticate"
]
FIELDS = [
    (name, field)
    for name in WRITING
    for field, parameter in OPERATIONS[name].parameters.items()
    if parameter.place == "body"
    and not (name == "createFileUpload" and field == "is_image")
]
"""Each operation that writes, and each field that it takes."""


def rule(name: str, field: str) -> Schema:
    """The schema of a field."""
    found: Schema = OPERATIONS[name].parameters[field].schema
    return found


def wrong(name: str, field: str) -> Any:
    """A value of a type that the field does not have."""
    return 7 if "array" in rule(name, field).get("type", ()) else [7]


def nullable(name: str, field: str) -> bool:
    """Whether null is a value of the field."""
    return "null" in rule(name, field).get("type", ())
