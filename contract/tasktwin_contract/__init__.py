"""The conformance suites: they find out whether a server keeps an API's contract."""
