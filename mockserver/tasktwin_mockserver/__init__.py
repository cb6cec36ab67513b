"""A stateful mock of three task-management web APIs."""

from tasktwin_mockserver.pipeline import App
from tasktwin_mockserver.server import MockServer
from tasktwin_mockserver.world import Settings

__all__ = ["App", "MockServer", "Settings"]
