"""What a test was promised, and did not come: scripts, and the contract kept."""

from collections.abc import Iterator

from tasktwin_mockserver.faults import Faults
from tasktwin_mockserver.traffic import Exchange, Traffic
from tasktwin_schemas import clauses


class VerificationError(AssertionError):
    """A fault script was not used up, or a client did not keep the contract."""


def unused(faults: Faults) -> Iterator[str]:
    """A line for each operation whose scripts no request has used up."""
    for operation, steps in faults.left.items():
        left = ", ".join(str(step.plain()) for step in steps)
        name = "any operation" if operation == "*" else operation
        yield f"a fault script for {name} was not used up; left: {left}"


def broken(api: str, traffic: Traffic) -> Iterator[str]:
    """A line for each thing that a client sent and the contract does not have."""
    for exchange in traffic:
        for violation in exchange.violations:
            where = f"request {exchange.number}, {_line(exchange)}"
            yield f"outside the contract: {violation} ({where})"
            if violation.clause is not None:
                yield f"    {violation.clause}: {clauses(api)[violation.clause].text}"


def _line(exchange: Exchange) -> str:
    operation = f"{exchange.operation}, " if exchange.operation else ""
    return f"{operation}{exchange.method} {exchange.path}"
