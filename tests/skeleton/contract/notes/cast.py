"""The people whom tests of Notes know, and what they do to prepare a test."""

from tasktwin_contract import actors

ACTORS = ("writer", "reader")
"""In the order in which one of them stands in where the first is not there."""

KEYS = ("token",)
"""What it takes to be one of them."""


class Actor(actors.Actor):
    """Somebody with notes."""
