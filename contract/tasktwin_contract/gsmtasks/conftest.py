"""What the tests of GSMtasks share."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tasktwin_contract.plugin import load_profile

if TYPE_CHECKING:
    from tasktwin_contract.target import Target


def pytest_configure(config: pytest.Config) -> None:
    """Have properties looked at as long as the profile says."""
    load_profile(config)


@pytest.fixture(scope="session")
def target(tasktwin_target: Callable[[str], "Target"]) -> "Target":
    """The server under test."""
    return tasktwin_target("gsmtasks")
