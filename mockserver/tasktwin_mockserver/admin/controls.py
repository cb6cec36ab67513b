"""All controls of the mock."""

from tasktwin_mockserver.admin import (
    clocks,
    docs,
    faults,
    requests,
    settings,
    snapshots,
    worlds,
)
from tasktwin_mockserver.admin.asked import Control

NOUNS = (worlds, clocks, faults, requests, snapshots, settings, docs)
CONTROLS: list[Control] = [
    function.__control__
    for noun in NOUNS
    for function in vars(noun).values()
    if hasattr(function, "__control__")
]
