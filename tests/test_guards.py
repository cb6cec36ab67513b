"""The table of guarded calls against the document's levels."""

from tasktwin_contract.hitask.examples import OPERATIONS
from tasktwin_contract.hitask.guards import (
    BY_FIELD,
    BY_OPERATION,
    NEW_VALUES,
)
from tasktwin_contract.hitask.steps import FIELDS

LEVEL = "x-tasktwin-level"
OTHER_LEVELS = {
    "starred": 10,
    "assignee": 40,
    "participants": 40,
    "completed": 50,
    "time_spent": 50,
    "permissions": 70,
}


def test_every_operation_with_a_level_has_a_row() -> None:
    """No operation that needs a level is left out of the matrix."""
    needing = {name for name, one in OPERATIONS.items() if one.level is not None}
    assert needing <= {guard.operation for guard in BY_OPERATION}


def test_every_field_has_another_value() -> None:
    """No field of an item is left out of the matrix."""
    assert NEW_VALUES.keys() == FIELDS.keys() - {"guid"}
    assert {name for guard in BY_FIELD for name in guard.changes} == {
        name for name, row in FIELDS.items() if LEVEL in row
    }


def test_the_documents_levels_are_the_clauses_levels() -> None:
    """A field needs 60, but for the few of which the table of levels says otherwise."""
    levels = {name: row[LEVEL] for name, row in FIELDS.items() if LEVEL in row}
    assert levels == dict.fromkeys(levels, 60) | OTHER_LEVELS


def test_the_levels_of_operations() -> None:
    """What is read needs 10, and then it goes up to deleting with 100."""
    levels = {guard.operation: guard.level for guard in BY_OPERATION}
    assert levels == {
        "getHistory": 10,
        "markRead": 10,
        "getFileUrl": 10,
        "addComment": 20,
        "createItem": 30,
        "uploadFile": 30,
        "addTag": 60,
        "updateTag": 60,
        "deleteTag": 60,
        "archiveItem": 80,
        "restoreItem": 80,
        "restoreCopy": 80,
        "deleteComment": 100,
        "deleteItem": 100,
    }
