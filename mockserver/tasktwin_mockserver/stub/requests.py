"""What a client has asked of a world."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tasktwin_mockserver.indexed import PLACE
from tasktwin_mockserver.spelling import known
from tasktwin_mockserver.stub.people import Person
from tasktwin_mockserver.traffic import KEPT, MOST_BYTES, Exchange, Traffic
from tasktwin_schemas import Operation, operations


class Requests:
    """The requests that clients sent, oldest first; those that prepared are not there.

        assert [one.actor for one in hitask.requests("createItem")] == ["owner"]
        assert hitask.requests.order == ["authenticate", "createItem"]

    Each tells its `operation`, `actor`, `parameters` (typed, as the operation got
    them), `status`, `violations` and so on. An operation that the API has not, a
    parameter that the operation has not, or a name that nobody has, is a `LookupError`:
    nobody could ever have asked so. So is a question for requests of which the log has
    lost some, for it holds the latest 10,000 only; `clear` begins anew.
    """

    def __init__(self, api: str, people: Iterable[str], traffic: Traffic) -> None:
        self._api = api
        self._people = tuple(people)
        self._traffic = traffic
        self._since = 0

    def __call__(
        self,
        operation: str | None = None,
        *,
        actor: str | Person | None = None,
        parameters: Mapping[str, Any] | None = None,
        **asked: Any,
    ) -> list[Exchange]:
        """Those to that operation, or to any, with at least these `parameters`.

        An `actor` is one of the people, or the id of somebody else. `asked` may have
        `status`, `path`, and `unmatched`: those that no operation serves.
        """
        if operation is not None and operation not in operations(self._api):
            near = known(operation, operations(self._api))
            raise LookupError(f"there is no operation {operation!r}{near}")
        self._hold_to_names(operation, parameters or ())
        asked = {"since": self._since, "actor": self._named(actor), **asked}
        found = self._traffic.find(operation, **asked)
        self._hold_to_room(asked["since"])
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
        found = self._traffic.find(since=self._since)
        named = ", ".join(str(one.operation) for one in found) or "none"
        is_whole = self._traffic.lost <= self._since
        return f"<requests{'' if is_whole else ', the latest'}: {named}>"

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

    def _hold_to_names(self, operation: str | None, names: Iterable[str]) -> None:
        """Raise `LookupError` where the log can have no parameter of such a name."""
        every = operations(self._api)
        if not names or (operation and every[operation].free):
            return
        called = _called([every[operation]] if operation else every.values())
        for name in names:
            if name not in called.values():
                raise LookupError(_unknown(name, operation, called))

    def _hold_to_room(self, since: int) -> None:
        """Raise `LookupError` where the log has not all requests after that number."""
        lost = self._traffic.lost
        if lost > since:
            held = f"the latest {KEPT:,}, and {MOST_BYTES >> 20} MiB of what they sent"
            gone = f"the log has lost the requests up to number {lost}; it holds {held}"
            raise LookupError(f"{gone}; call requests.clear() before those that count")

    def _named(self, actor: str | Person | None) -> str | None:
        """The name of an actor, as the log has it."""
        name = actor.name if isinstance(actor, Person) else actor
        if name is not None and name.isidentifier() and name not in self._people:
            near = known(name, self._people)
            raise LookupError(f"there is nobody called {name!r}{near}")
        return name


def _called(asked: Iterable[Operation]) -> dict[str, str]:
    """How the log calls the parameters of operations, by what clients call them."""
    every = [one for operation in asked for one in operation.parameters.values()]
    every.sort(key=lambda one: one.alias_of is None)  # a name of its own counts more
    return {one.name: one.alias_of or one.name.partition(PLACE)[0] for one in every}


def _unknown(name: str, operation: str | None, called: Mapping[str, str]) -> str:
    """What is wrong with a name that is none in the log."""
    if name in called:
        return f"{operation or 'an operation'} gets {name!r} as {called[name]!r}"
    words = f"{operation} has no" if operation else "no operation has a"
    return f"{words} parameter {name!r}{known(name, dict.fromkeys(called.values()))}"
