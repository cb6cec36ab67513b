"""What the operations of GSMtasks touch.

Nothing there can be removed, so a live server is asked for what makes records only
with full access; an operation that is missing here is never sent there.
"""

from tasktwin_contract.gsmtasks.raw import NOWHERE
from tasktwin_contract.rules import Rules

RULES = Rules(
    kinds={},
    operations={},
    lists={},
    common={},
    accounts=(),
    sign_in="authenticate",
    sign_out=None,
    probe="listUsers",
    version=r"/api(/tasks)?",
    limits=frozenset({429, 502, 503, 504}),
    limit_codes=frozenset(),
    nowhere=frozenset({NOWHERE}),
    retired=None,
    unique={},
    unique_in_team=frozenset(),
    team=frozenset({"manager", "worker", "second_worker", "both"}),
    session="token",
    administrator="manager",
)
