"""What a live server may answer instead: the one reader of a clause's `live`."""

from collections.abc import Iterable, Mapping
from typing import Any

from _pytest.outcomes import Skipped

from tasktwin_contract.reply import Reply
from tasktwin_schemas import clauses


def allowances(api: str, names: Iterable[str]) -> list[Mapping[str, Any]]:
    """What the clauses of these names leave open for a live server."""
    known = [clauses(api)[name].live for name in names if name in clauses(api)]
    return [live for live in known if live]


class ConformsError(Skipped):
    """The test may end here: what the server did instead conforms as well."""

    passes = True


def covers(live: Mapping[str, Any], reply: Reply, status: int | None) -> bool:
    """Whether `reply` may be instead of a refusal with `status`.

    `live` holds statuses, codes or both. A status of it may have any code where no
    codes are told; a code of it needs the status asked for where no statuses are.
    """
    statuses, codes = live.get("status"), live.get("code")
    if statuses is None:
        right = reply.status == status if status else 400 <= reply.status < 500
    else:
        right = reply.status in statuses
    return right and (codes is None or reply.code in codes)
