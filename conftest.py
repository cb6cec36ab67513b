"""Loads the suite's plugin in a plain checkout, as its entry point does elsewhere."""

pytest_plugins = ["tasktwin_contract.plugin"]
