"""Schemathesis over the whole document."""

import pytest
from schemathesis import GenerationMode

from tasktwin_contract.clauses import clause
from tasktwin_contract.exploration import explore
from tasktwin_contract.fivepm.examples import EVERY
from tasktwin_contract.target import Target


@clause("FP-ERROR-06")
@pytest.mark.parametrize("operation_id", EVERY)
def test_documented_requests(target: Target, operation_id: str, cases: int) -> None:
    """A request that the document allows is answered as the document says."""
    explore(target, operation_id, GenerationMode.POSITIVE, cases - cases // 2)


@clause("FP-ERROR-07")
@pytest.mark.parametrize("operation_id", EVERY)
def test_other_requests(target: Target, operation_id: str, cases: int) -> None:
    """A request that the document does not allow never makes the server fail."""
    explore(target, operation_id, GenerationMode.NEGATIVE, cases // 2)
