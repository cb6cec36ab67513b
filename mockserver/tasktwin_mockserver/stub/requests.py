"""What a client has asked of a world."""

from collections.abc import Iterator, Mapping
from typing import Any

from tasktwin_mockserver.spelling import known
from tasktwin_mockserver.traffic import Exchange, Traffic
from tasktwin_schemas import operations


class Requests:
    """The requests that clients sent, oldest first; those that prepared are not there.

        assert [one.actor for one in hitask.requests("createItem")] == ["owner"]
        assert hitask.requests.order == ["authenticate", "createItem"]

    Each tells its `operation`, `actor`, `parameters` (typed, as the operation got
    them), `status`, `violations` and so on. An operation that the API has not is a
    `LookupError`, for nobody could ever call it.
    """

    def __init__(self, api: str, traffic: Traffic) -> None:
        self._api = api
        self._traffic = traffic
        self._since = 0

    def __call__(
        self,
        operation: str | None = None,
        *,
        parameters: Mapping[str, Any] | None = None,
        **asked: Any,
    ) -> list[Exchange]:
        """Those to that operation, or to any, with at least these `parameters`.

        `asked` may have `actor`, `status`, `path`, and `unmatched`: those that no
        operation serves.
        """
        if operation is not None and operation not in operations(self._api):
            near = known(operation, operations(self._api))
            raise LookupError(f"there is no operation {operation!r}{near}")
        found = self._traffic.find(operation, **{"since": self._since, **asked})
        wanted = (parameters or {}).items()
        return [
            one
            for one in found
            if all(k in one.parameters and one.parameters[k] == v for k, v in wanted)
        ]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self())

    def __len__(self) -> int:
        return len(self())

    def __getitem__(self, place: int) -> Exchange:
        return self()[place]

    def __repr__(self) -> str:
        return f"<requests: {', '.join(map(str, self.order)) or 'none'}>"

    def count(self, operation: str | None = None, **asked: Any) -> int:
        """How many there are."""
        return len(self(operation, **asked))

    def none(self, operation: str | None = None, **asked: Any) -> bool:
        """Whether there is none."""
        return not self(operation, **asked)

    @property
    def order(self) -> list[str | None]:
        """The operations in the order in which they were called."""
        return [one.operation for one in self()]

    def clear(self) -> None:
        """Have only those count that come from now on."""
        self._since = self._traffic.last
