"""All controls of the mock."""

from tasktwin_mockserver.admin import (
    clocks,
    console,
    docs,
    faults,
    records,
    requests,
    settings,
    snapshots,
    worlds,
)
from tasktwin_mockserver.admin.asked import Control

NOUNS = (worlds, clocks, faults, requests, snapshots, settings, records, docs, console)
CONTROLS: list[Control] = [
    function.__control__
    for noun in NOUNS
    for function in vars(noun).values()
    if hasattr(function, "__control__")
]
