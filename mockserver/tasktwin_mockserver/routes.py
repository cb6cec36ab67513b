"""From a path to an operation: the document's paths as a werkzeug map."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, MapAdapter, RequestRedirect, Rule

from tasktwin_mockserver.parameters import ParameterReader
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.violations import Terms
from tasktwin_schemas import Operation, openapi, operations

VARIABLE = re.compile(r"\{(\w+)\}")
MOST_KNOWN = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """An operation, how its parameters are read, and the id of what does its work.

    `terms` are what a request to it may send.
    """

    operation: Operation
    reader: ParameterReader
    target: str
    terms: Terms


class Pattern(Rule):
    """A rule for matching: what builds its paths is compiled if one is to be built.

    That takes most of the time in which a map is made, and here nothing builds any.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        compiled = super()._compile_builder

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            return compiled(append_unknown)(rule, **values)

        return build


class Routes:
    """Finds the route of a request by its method and path."""

    def __init__(self, api: str) -> None:
        document = openapi(api)
        self.clauses: Mapping[str, str] = document.get("x-tasktwin-violations", {})
        server = document["servers"][0]["url"]
        self._base = server.removesuffix("{version}")
        self._versioned = server != self._base
        rules: list[Pattern] = []
        fixed: list[Pattern] = []
        for operation in operations(api).values():
            route = Route(
                operation,
                ParameterReader(operation),
                operation.alias_of or operation.id,
                Terms(api, operation),
            )
            path = VARIABLE.sub(r"<\1>", operation.path)
            where = path if operation.versioned else f"{operation.base}{path}"
            rule = Pattern(where, methods=[operation.method], endpoint=route)
            (rules if operation.versioned else fixed).append(rule)
        # Most paths are few and come again and again.
        self._found = lru_cache(maxsize=MOST_KNOWN)(_adapter(rules).match)
        self._fixed = _adapter(fixed)
        self._fixed_starts = tuple(rule.rule.partition("<")[0] for rule in fixed)

    def match(
        self, method: str, path: str
    ) -> tuple[Route, Mapping[str, Any], int | None]:
        """The route, the path's parameters and the version asked for.

        Raises `Refusal` of the kinds `path` and `method`.
        """
        below = path.startswith(self._base)
        found = self._without_version(method, path, below)
        if found is not None:
            return *found, None
        if not below:
            raise Refusal("path", path)
        rest, version = self._version(path[len(self._base) :])
        if not rest.startswith("/") or rest.startswith("//"):
            # werkzeug would take any number of slashes at the start.
            raise Refusal("path", path)
        try:
            route, values = self._found(rest, method)
        except (NotFound, RequestRedirect):
            raise Refusal("path", path) from None
        except MethodNotAllowed as error:
            raise _wrong_method(method, error) from None
        return route, values, version

    def _without_version(
        self, method: str, path: str, below: bool
    ) -> tuple[Route, Mapping[str, Any]] | None:
        """The route of a path that no version stands before, and its parameters.

        One `below` the others' base may be theirs, with another method.
        """
        if not path.startswith(self._fixed_starts):
            return None
        try:
            found: tuple[Route, Mapping[str, Any]] = self._fixed.match(path, method)
        except (NotFound, RequestRedirect):
            return None
        except MethodNotAllowed as error:
            if below:
                return None
            raise _wrong_method(method, error) from None
        return found

    def _version(self, path: str) -> tuple[str, int | None]:
        if self._versioned and path.startswith("/v"):
            number, slash, rest = path[2:].partition("/")
            if number.isascii() and number.isdigit() and len(number) < 10:
                return slash + rest, int(number)
        return path, None


def _adapter(rules: list[Pattern]) -> MapAdapter:
    return Map(rules, merge_slashes=False, redirect_defaults=False).bind("")


def _wrong_method(method: str, error: MethodNotAllowed) -> Refusal:
    return Refusal("method", method, allowed=sorted(error.valid_methods or ()))
