"""What a client sends that the contract does not have, though the mock may take it.

Each kind has a word; where the contract has a clause on it, the document's extension
`x-tasktwin-violations` names that, or `x-tasktwin-clause` that of one parameter.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote

import jsonschema_rs
import msgspec

from tasktwin_mockserver.exchange import FORM, Request
from tasktwin_mockserver.parameters import INTEGER
from tasktwin_mockserver.refusal import Refusal
from tasktwin_schemas import Operation, Parameter, openapi

HEADER = "X-Tasktwin-Violations"
MOST_SHOWN = 20
MOST_NAME = 80
DRAFT = "https://json-schema.org/draft/2020-12/schema"
INDEX = re.escape("[n]")
NUMBERS = {
    "integer": r"^-?(0|[1-9][0-9]*)$",
    "number": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$",
    "boolean": "^(true|false|1|0)$",
}
# What becomes of the kernel's refusals: the word for each kind.
REFUSED = {
    "path": "unknown-path",
    "method": "wrong-method",
    "body": "malformed-body",
    "object": "malformed-body",
    "media_type": "media-type",
    "too_large": "too-large",
    "insecure": "plain-http",
    "missing": "missing-parameter",
    "format": "wrong-format",
    "value": "wrong-value",
    "length": "too-long",
    "bounds": "out-of-bounds",
}
WHOLE = frozenset({"unknown-path", "wrong-method", "malformed-body", "too-large"})


class Violation(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that the contract does not have.

    `kind` is a word, `name` that of the parameter, the media type or the operation,
    `clause` the one that says what becomes of it.
    """

    kind: str
    name: str = ""
    clause: str | None = None

    def __str__(self) -> str:
        name = quote(self.name[:MOST_NAME], safe="", errors="replace")
        word = f"{self.kind}:{name}" if name else self.kind
        return f"{self.clause} {word}" if self.clause else word


class OutsideError(Refusal):
    """Something that the contract does not have, where that is not taken."""


def header(violations: Iterable[Violation]) -> tuple[str, str]:
    """The header that names `violations`, the first 20 of them."""
    return HEADER, ", ".join([*map(str, violations)][:MOST_SHOWN])


class Terms:
    """What the contract lets a request to one operation send."""

    def __init__(self, api: str, operation: Operation) -> None:
        self._operation = operation
        self._document = openapi(api)
        self._clauses = self._document.get("x-tasktwin-violations", {})

    def broken(self, request: Request) -> tuple[Violation, ...]:
        """What `request` sends against the terms, each thing once.

        What cannot be read at all is a refusal's matter.
        """
        sent = request.body or request.environ.get("QUERY_STRING")
        if not sent and not self._operation.deprecated:
            return ()
        try:
            found = list(self._found(request))
        except Refusal:
            return ()
        return _each_once(found)

    def refused(self, refusal: Refusal) -> tuple[Violation, ...]:
        """What `refusal` says that was sent against the terms."""
        return refused(refusal, self._clauses, self._operation.parameters)

    def _found(self, request: Request) -> Iterator[Violation]:
        operation = self._operation
        if operation.deprecated:
            yield self._violation("deprecated-operation", operation.id)
        query = request.query_values if request.query else {}
        body = request.body_values
        yield from self._held(self._text, query)
        if request.is_json:
            yield from self._held(self._json, body)
        else:
            yield from self._held(self._form, body)
        yield from self._repeated(request, query, body)

    def _held(self, validator: Any, values: Mapping[str, Any]) -> Iterator[Violation]:
        values = self._spelt(values)
        if not values or validator.is_valid(values):
            return
        for error in validator.iter_errors(values):
            if error.kind.name == "additionalProperties":
                for name in error.kind.unexpected:
                    yield self._violation("unknown-parameter", name)
            else:
                name = str(error.instance_path[0])
                own = self._operation.parameters.get(name)
                yield self._violation(_wrong(error, values[name], own), name)

    def _spelt(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        if not self._any_case:
            return values
        return {self._any_case.get(k.lower(), k): v for k, v in values.items()}

    def _repeated(
        self, request: Request, query: Mapping[str, str], body: Mapping[str, Any]
    ) -> Iterator[Violation]:
        """The parameters that come twice: in one place, or in query and body."""
        names = [name for name in query if name in body] if body else []
        if query and request.query.count("&") >= len(query):
            names += _again(request.query)
        if request.media_type == FORM and request.body.count(b"&") >= len(body):
            names += _again(request.body.decode(errors="replace"))
        for name in names:
            yield self._violation("repeated-parameter", name)

    def _violation(self, kind: str, name: str) -> Violation:
        return _violation(kind, name, self._clauses, self._operation.parameters)

    @cached_property
    def _any_case(self) -> dict[str, str]:
        known = self._operation.parameters.values()
        return {one.name.lower(): one.name for one in known if one.any_case}

    @cached_property
    def _text(self) -> Any:
        known = {} if self._operation.free else self._parameters
        return _validator(
            {name: _as_text(one) for name, one in known.items()} | self._secured
        )

    @cached_property
    def _form(self) -> Any:
        known = {name: _as_text(one) for name, one in self._parameters.items()}
        return _validator(known | self._secured, free=self._operation.free)

    @cached_property
    def _json(self) -> Any:
        known = {name: one.schema for name, one in self._parameters.items()}
        return _validator(known | self._secured, free=self._operation.free)

    @cached_property
    def _parameters(self) -> dict[str, Parameter]:
        known = self._operation.parameters
        return {name: one for name, one in known.items() if one.place != "path"}

    @cached_property
    def _secured(self) -> dict[str, Any]:
        """The parameters by which a request may say who sends it."""
        schemes = self._document["components"]["securitySchemes"].values()
        return {row["name"]: {} for row in schemes if row.get("in") == "query"}


def refused(
    refusal: Refusal,
    clauses: Mapping[str, str],
    parameters: Mapping[str, Parameter] | None = None,
) -> tuple[Violation, ...]:
    """What `refusal` says that was sent against the contract."""
    return _each_once(
        _violation(*_named(one), clauses, parameters or {})
        for one in refusal.faults
        if one.kind in REFUSED
    )


def _named(refusal: Refusal) -> tuple[str, str]:
    kind = REFUSED[refusal.kind]
    if kind == "media-type":
        media_type = str(refusal.details.get("media_type", ""))
        none = media_type in ("", "none")
        return ("missing-content-type", "") if none else (kind, media_type)
    if refusal.parameter in ("body", "query or form"):
        kind = REFUSED["body"] if kind == "wrong-format" else kind
        return kind, ""
    return kind, "" if kind in WHOLE else refusal.parameter


def _violation(
    kind: str,
    name: str,
    clauses: Mapping[str, str],
    parameters: Mapping[str, Parameter],
) -> Violation:
    own = (
        parameters[name].schema.get("x-tasktwin-clause") if name in parameters else None
    )
    return Violation(kind, name, own or clauses.get(kind))


def _each_once(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """`violations`, of several on one name the first."""
    found: dict[str, Violation] = {}
    for one in violations:
        found.setdefault(one.name or one.kind, one)
    return tuple(found.values())


def _wrong(error: Any, value: object, parameter: Parameter | None) -> str:
    """The word for what jsonschema-rs says of a value."""
    if value is None:
        return "null"
    if error.kind.name not in ("type", "pattern", "anyOf"):
        return "wrong-value"
    kinds = parameter.types if parameter else ()
    if isinstance(value, str) and "integer" in kinds and INTEGER.fullmatch(value):
        return "integer-as-text"
    return "boolean-spelling" if "boolean" in kinds else "wrong-type"


def _again(pairs: str) -> list[str]:
    """The names that come in `pairs` more often than once."""
    names = Counter(name for name, _ in parse_qsl(pairs, True, errors="replace"))
    return [name for name, times in names.items() if times > 1]


def _as_text(parameter: Parameter) -> dict[str, Any]:
    """What the text of a parameter has to be, as a schema."""
    kinds = parameter.types
    if len(kinds) != 1 or kinds[0] not in NUMBERS:
        return {}
    pattern = {"pattern": NUMBERS[kinds[0]]}
    return {"anyOf": [pattern, {"const": ""}]} if parameter.nullable else pattern


def _validator(known: Mapping[str, Any], *, free: bool = False) -> Any:
    indexed = [name for name, row in known.items() if "[n]" in name]
    patterns = {
        "^" + re.escape(name).replace(INDEX, r"\[[0-9]+\]") + "$": known[name]
        for name in indexed
    }
    return jsonschema_rs.validator_for(
        {
            "$schema": DRAFT,
            "properties": dict(known),
            "patternProperties": patterns,
            "additionalProperties": free,
        }
    )
