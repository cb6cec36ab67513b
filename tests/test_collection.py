"""The tests of a suite are found alike by every process that looks for them."""

import pytest

from tasktwin_schemas import APIS

from .suite_process import printed

# The suite's settings shut off the plugin that would print this.
LIST = """
import sys
import pytest

class Names:
    def pytest_collection_finish(self, session):
        print(*(item.nodeid for item in session.items), sep="\\n")

sys.exit(pytest.main(sys.argv[1:], plugins=[Names()]))
"""
WORDS = ("--collect-only", "--tasktwin-profile=quick", "--tasktwin-seed=1")


def names(api: str, hash_seed: str) -> str:
    """The tests that a process with that seed for its sets finds, in their order."""
    return printed(LIST, api, hash_seed, *WORDS)


@pytest.mark.parametrize("api", APIS)
def test_the_order_is_the_same(api: str) -> None:
    """Workers could not share the tests if each saw them in an order of its own."""
    first = names(api, "1")
    assert first.count("\n") > 100
    assert first == names(api, "2")
