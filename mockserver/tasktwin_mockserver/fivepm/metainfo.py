"""What statuses and priorities there are.

Published at http://www.5pmweb.com under Get Status list and Get Priority list.
"""

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.fivepm.records import values_of
from tasktwin_mockserver.fivepm.shapes import Choice
from tasktwin_mockserver.fivepm.universe import Call, FivePmWorld


@operation("metainfoGetStatuses")
def metainfo_get_statuses(call: Call, world: FivePmWorld) -> Choice:
    """Every status."""
    return Choice("metainfoGetStatuses", values_of("status"))


@operation("metainfoGetPriorities")
def metainfo_get_priorities(call: Call, world: FivePmWorld) -> Choice:
    """Every priority."""
    return Choice("metainfoGetPriorities", values_of("priority"))
