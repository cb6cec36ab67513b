"""What is known of one request while it goes its way, to be logged at the end."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from tasktwin_mockserver.api import Answer, Caller
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.faults import Step
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.routes import Route
from tasktwin_mockserver.traffic import NOTHING, Exchange, headers_of, without_files
from tasktwin_mockserver.violations import OutsideError, Violation, refused
from tasktwin_mockserver.world import World


class Visit:
    """One request in a world: which operation it reached, by whom, with what."""

    __slots__ = (
        "caller",
        "error",
        "parameters",
        "path",
        "request",
        "route",
        "step",
        "version",
        "violations",
        "world",
    )
    route: Route
    path: Mapping[str, Any]
    version: int | None

    def __init__(self, world: World, request: Request) -> None:
        self.world = world
        self.request = request
        self.caller: Caller[Any] | None = None
        self.parameters: Mapping[str, Any] | None = None
        self.step: Step | None = None
        self.violations: tuple[Violation, ...] = ()
        self.error: str | None = None

    @property
    def is_matched(self) -> bool:
        """Whether an operation serves it."""
        return hasattr(self, "route")

    def take(self, route: Route, path: Mapping[str, Any], version: int | None) -> None:
        """Go that route, with the step of a script that is next on it."""
        self.route, self.path, self.version = route, path, version
        if not self.request.prepares:
            self.step = self.world.faults.take(route.operation.id, route.target)
        self.violations = route.terms.broken(self.request)

    def hold_to_terms(self) -> None:
        """Raise `Refusal` for what the contract does not have."""
        if self.violations:
            words = ", ".join(map(str, self.violations))
            name = self.violations[0].name or "request"
            raise OutsideError("format", name, expected=f"not in the contract: {words}")

    def refused(self, problem: Exception, clauses: Mapping[str, str]) -> None:
        """Note what was sent against the contract where that was refused."""
        if not isinstance(problem, Refusal) or isinstance(problem, OutsideError):
            return
        known = {one.name for one in self.violations}
        more = (
            self.route.terms.refused(problem)
            if self.is_matched
            else refused(problem, clauses)
        )
        self.violations += tuple(one for one in more if one.name not in known)

    def log(self, answer: Answer) -> None:
        """Have the world's log tell of it, answered so."""
        request, world = self.request, self.world
        if request.prepares:
            return
        query = request.environ.get("QUERY_STRING", "")
        exchange = Exchange(
            at=world.clock.now(),
            method=request.method,
            path=request.path,
            query=query,
            operation=self.route.operation.id if self.is_matched else None,
            status=answer.status,
            error=self.error,
            actor=self._actor,
            parameters=self._sent,
            headers=headers_of(request.environ),
            size=len(answer.body or b""),
            fault=self.step,
            violations=self.violations,
            sent=len(query) + len(request.body),
        )
        world.traffic.add(exchange)

    @property
    def _actor(self) -> str | None:
        user = None if self.caller is None else self.caller.user
        if user is None:
            return None
        known = user if isinstance(user, str) else str(user.id)
        return self.world.people.get(known, known)

    @property
    def _sent(self) -> Mapping[str, Any]:
        """The parameters as the operation got them, or as they were sent."""
        if self.parameters is not None:
            return without_files(self.parameters)
        if not self.is_matched:
            return NOTHING
        raw: Mapping[str, Any] = NOTHING
        with suppress(Refusal):
            raw = self.route.reader.raw(self.request, self.path)
            return without_files(self.route.reader.read(raw, self.version))
        return without_files(raw)
