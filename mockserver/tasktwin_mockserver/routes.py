"""From a path to an operation: the document's paths as a werkzeug map."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule

from tasktwin_mockserver.parameters import ParameterReader
from tasktwin_mockserver.refusal import Refusal
from tasktwin_schemas import Operation, openapi, operations

VARIABLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """An operation, how its parameters are read, and the id of what does its work."""

    operation: Operation
    reader: ParameterReader
    target: str


class Routes:
    """Finds the route of a request by its method and path."""

    def __init__(self, api: str) -> None:
        server = openapi(api)["servers"][0]["url"]
        self._base = server.removesuffix("{version}")
        self._versioned = server != self._base
        rules = []
        self._unversioned: dict[tuple[str, str], Route] = {}
        for operation in operations(api).values():
            route = Route(
                operation,
                ParameterReader(operation),
                operation.alias_of or operation.id,
            )
            path = VARIABLE.sub(r"<\1>", operation.path)
            if operation.versioned:
                rules.append(Rule(path, methods=[operation.method], endpoint=route))
            else:
                self._unversioned[operation.method, path] = route
        self._map = Map(rules, merge_slashes=False, redirect_defaults=False)
        self._adapter = self._map.bind("")

    def match(
        self, method: str, path: str
    ) -> tuple[Route, Mapping[str, Any], int | None]:
        """The route, the path's parameters and the version asked for.

        Raises `Refusal` of the kinds `path` and `method`.
        """
        if not path.startswith(self._base):
            raise Refusal("path", path)
        rest = path[len(self._base) :]
        route = self._unversioned.get((method, rest))
        if route is not None:
            return route, {}, None
        rest, version = self._version(rest)
        if not rest.startswith("/") or rest.startswith("//"):
            # werkzeug would take any number of slashes at the start.
            raise Refusal("path", path)
        try:
            route, values = self._adapter.match(rest, method)
        except (NotFound, RequestRedirect):
            raise Refusal("path", path) from None
        except MethodNotAllowed as error:
            allowed = sorted(error.valid_methods or ())
            raise Refusal("method", method, allowed=allowed) from None
        return route, values, version

    def _version(self, path: str) -> tuple[str, int | None]:
        if self._versioned and path.startswith("/v"):
            number, slash, rest = path[2:].partition("/")
            if number.isascii() and number.isdigit() and len(number) < 10:
                return slash + rest, int(number)
        return path, None
