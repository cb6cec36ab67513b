"""The mark that ties a test to the clauses that it judges."""

from typing import TypeVar

import pytest

T = TypeVar("T")


def clause(*ids: str) -> pytest.MarkDecorator:
    """Mark a test as judging these clauses: it fails, they are broken."""
    return pytest.mark.tasktwin_clause(*ids)
