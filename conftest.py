"""Loads the suite's plugin in a plain checkout, as its entry point does elsewhere."""

import pytest

pytest_plugins = ["tasktwin_contract.plugin"]
# What the kit's own tests share says as much of a failed assertion as they do.
pytest.register_assert_rewrite("tests")
