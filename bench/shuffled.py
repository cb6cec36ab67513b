"""A pytest plugin that runs the tests in an order drawn by `--tasktwin-seed`."""

import random

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Draw the order, the same in each worker."""
    random.Random(config.option.tasktwin_seed).shuffle(items)
