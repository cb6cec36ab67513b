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
WORDS = ("--collect-only", "--tasktwin-profile=quick")
STACKED = "hitask/test_unread.py::test_modified_items_are_unread"


def names(tests: str, hash_seed: str, seed: int = 1) -> str:
    """The tests that a process with that seed for its sets finds, in their order."""
    return printed(LIST, tests, hash_seed, *WORDS, f"--tasktwin-seed={seed}")


@pytest.mark.parametrize("api", APIS)
def test_the_order_is_the_same(api: str) -> None:
    """Workers could not share the tests if each saw them in an order of its own."""
    first = names(api, "1")
    assert first.count("\n") > 100
    assert first == names(api, "2")


def test_certain_rows_are_always_looked_at() -> None:
    """Of stacked tables too: the one row that is certain in both, and one drawn."""
    found = [set(names(STACKED, "1", seed).splitlines()) for seed in range(3)]
    assert [len(rows) for rows in found] == [2, 2, 2]
    (certain,) = set.intersection(*found)
    assert certain.endswith("[modified-creator]")
