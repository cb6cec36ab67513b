"""A stateful mock of three task-management web APIs."""

from typing import TYPE_CHECKING, Any

from tasktwin_mockserver.app import App
from tasktwin_mockserver.world import Settings

if TYPE_CHECKING:
    from tasktwin_mockserver.server import MockServer

__all__ = ["App", "MockServer", "Settings"]


def __getattr__(name: str) -> Any:
    """The server, loaded once somebody asks; who stays in process needs no sockets."""
    if name != "MockServer":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tasktwin_mockserver.server import MockServer

    return MockServer
