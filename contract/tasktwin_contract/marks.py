"""The mark that everything carries which a run makes on a live server."""

import json
import re
from dataclasses import replace
from typing import Any

from tasktwin_contract.wire import File

MOST = 255
MARKED = re.compile(r"tasktwin [0-9a-f]{8} ")


class Mark:
    """The mark of one run, before the titles and names of what it makes.

    It is put on where a title goes out and taken off where one comes in, so that tests
    know nothing of it. A title stays as it is where the mark would not fit, where it is
    blank, and so has to be refused, and where it is no text.
    """

    def __init__(self, run: str) -> None:
        self.text = f"tasktwin {run} "

    def on(self, value: Any) -> Any:
        """`value` with the mark, where it can carry it."""
        if isinstance(value, File):
            return replace(value, name=self.on(value.name))
        if not isinstance(value, str) or not value.strip():
            return value
        marked = f"{self.text}{value}"
        return marked if len(marked) <= MOST else value

    def on_each(self, value: Any) -> Any:
        """A list of words, or its text, with the mark on each of them."""
        if isinstance(value, list):
            return [self.on(word) for word in value]
        if not isinstance(value, str):
            return value
        if not value.lstrip().startswith("["):
            return ",".join(self.on(word.strip()) for word in value.split(","))
        try:
            return json.dumps(self.on_each(json.loads(value)))
        except ValueError:
            return value

    def off(self, body: bytes) -> bytes:
        """A body as if nothing in it were marked."""
        return body.replace(self.text.encode(), b"")


def is_marked(value: object) -> bool:
    """Whether a title or name carries the mark of some run."""
    return isinstance(value, str) and MARKED.match(value) is not None
