"""What a test was promised, and did not come: scripts, and the contract kept."""

from collections.abc import Iterator

from tasktwin_mockserver.faults import Faults
from tasktwin_mockserver.traffic import Exchange, Traffic
from tasktwin_mockserver.violations import Violation
from tasktwin_schemas import clauses


class VerificationError(AssertionError):
    """A fault script was not used up, or a client did not keep the contract."""


def unused(faults: Faults) -> Iterator[str]:
    """A line for each operation whose scripts no request has used up."""
    for operation, steps in faults.left.items():
        left = ", ".join(str(step.plain()) for step in steps)
        name = "any operation" if operation == "*" else operation
        yield f"a fault script for {name} was not used up; left: {left}"


class Strictness:
    """The demand that clients of a world send nothing outside the contract."""

    def __init__(self, api: str, traffic: Traffic) -> None:
        self._api = api
        self._traffic = traffic
        self._told = 0

    @property
    def is_demanded(self) -> bool:
        """Whether anybody has demanded it."""
        return self._traffic.keeps_strays

    def demand(self) -> None:
        """Demand it, of all requests in the log and all that come."""
        self._traffic.keeps_strays = True

    def broken(self) -> Iterator[str]:
        """A text for each thing that a client sent and the contract does not have."""
        if not self.is_demanded:
            return
        self._told = self._traffic.last
        for exchange in self._traffic.strays():
            for violation in exchange.violations:
                where = f"request {exchange.number}, {_line(exchange)}"
                told = f"outside the contract: {violation} ({where})"
                yield "\n    ".join([told, *_sentences(self._api, violation)])

    def forgive(self) -> None:
        """Let pass what was told and is no longer in the log."""
        self._traffic.forgive(self._told)


def _sentences(api: str, violation: Violation) -> Iterator[str]:
    """The clause that says what becomes of it, where there is one."""
    if violation.clause is not None:
        yield f"{violation.clause}: {clauses(api)[violation.clause].text}"


def _line(exchange: Exchange) -> str:
    operation = f"{exchange.operation}, " if exchange.operation else ""
    return f"{operation}{exchange.method} {exchange.path}"
