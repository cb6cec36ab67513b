"""The contracts of three task-management web APIs, as data.

Every API of `APIS` has a folder of JSON files: `openapi.json`, the schemas it refers
to, `clauses.json`, `errata.json` and, where it has codes of its own, `errors.json`. The
functions here load them, once a process; what they return is shared and must not be
changed.
"""

from tasktwin_schemas.catalogue import Clause, clauses, errata, errors
from tasktwin_schemas.document import (
    Operation,
    Parameter,
    openapi,
    operations,
    schema,
)

APIS = ("hitask", "gsmtasks", "fivepm")

__all__ = [
    "APIS",
    "Clause",
    "Operation",
    "Parameter",
    "clauses",
    "errata",
    "errors",
    "openapi",
    "operations",
    "schema",
]
