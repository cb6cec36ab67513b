"""Parameters: from what came over HTTP to the types that the document gives them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import MAXYEAR, MINYEAR, datetime, timedelta
from typing import Any, NoReturn

import jsonschema_rs
import msgspec

from tasktwin_mockserver.exchange import Request, Upload, is_too_deep
from tasktwin_mockserver.indexed import Column, rows
from tasktwin_mockserver.refusal import Refusal
from tasktwin_schemas import Operation, Parameter
from tasktwin_schemas.document import JSON

Parameters = Mapping[str, Any]

LEAST, MOST = -(2**63), 2**63 - 1
EARLIEST_YEAR, LATEST_YEAR = MINYEAR + 1, MAXYEAR - 1  # room for any offset
MINUTE = timedelta(minutes=1)
INTEGER = re.compile(r"[+-]?[0-9]{1,4000}", re.ASCII)
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
KINDS = {
    "required": "missing",
    "type": "format",
    "format": "format",
    "maxLength": "length",
    "maxItems": "length",
}


class WrongTypeError(ValueError):
    """The value cannot be read as the type that it should have."""


class Reader:
    """Reads one parameter: turns text into its type and holds it against its schema."""

    def __init__(self, parameter: Parameter, keeps_null: bool = False) -> None:
        self.parameter = parameter
        self._clear = None if keeps_null else ""
        self.name = parameter.name
        self._nullable = parameter.nullable
        shape = parameter.schema.get("format") or " or ".join(parameter.types)
        self._expected = f"{shape} expected"
        self._convert = _converter(parameter)
        self._validator = jsonschema_rs.validator_for(
            {"$schema": "https://json-schema.org/draft/2020-12/schema"}
            | parameter.schema
        )

    def read(self, raw: Any) -> Any:
        """The value of `raw`; None where null, or empty text, clears.

        Raises `Refusal`.
        """
        if raw == self._clear and self._nullable:
            return None
        try:
            is_file = isinstance(raw, Upload) and self.parameter.may_be_file
            value = raw if is_file else self._convert(raw)
        except WrongTypeError:
            raise self.refusal("format", expected=self._expected) from None
        if isinstance(value, Upload):
            self._hold_to_size(value)
        elif not isinstance(value, datetime) and not self._validator.is_valid(value):
            raise self._explain(value)
        return value

    def refusal(self, kind: str, word: str = "", **details: object) -> Refusal:
        """The refusal of this parameter as `kind`, with the code of the document.

        It may have one for the `word` of the schema that the value does not keep.
        """
        codes = self.parameter.refusals
        return Refusal(kind, self.name, codes.get(word, codes.get(kind)), **details)

    def _hold_to_size(self, value: Upload) -> None:
        most = self.parameter.schema.get("maxLength")
        if most is not None and len(value.data) > most:
            raise self.refusal("length", limit=most)

    def _explain(self, value: Any) -> Refusal:
        errors = list(self._validator.iter_errors(value))
        kinds = [KINDS.get(error.kind.name, "value") for error in errors]
        kind = min(kinds, key=("missing", "format", "length", "value").index)
        error = errors[kinds.index(kind)]
        where = "".join(f"[{step!r}]" for step in error.instance_path)
        limit = getattr(error.kind, "limit", None)
        word, wrong = error.kind.name, error.message
        return self.refusal(kind, word, limit=limit, where=where, wrong=wrong)


class ParameterReader:
    """Reads all parameters of one operation."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self.readers = {
            name: Reader(parameter, operation.keeps_null)
            for name, parameter in operation.parameters.items()
            if not parameter.is_indexed
        }
        self._columns = [
            (Column(name, required=one.required), Reader(one, operation.keeps_null))
            for name, one in operation.parameters.items()
            if one.is_indexed
        ]
        self._keeps_null = operation.keeps_null
        self._aliases = [
            (name, reader.parameter.alias_of)
            for name, reader in self.readers.items()
            if reader.parameter.alias_of
        ]
        self._required = [
            (name, parameter.schema.get("x-tasktwin-required-from", 0))
            for name, parameter in operation.parameters.items()
            if parameter.required and name in self.readers
        ]
        self._files = [
            name
            for name, parameter in operation.parameters.items()
            if parameter.may_be_file
        ]
        self._any_case = {
            name.lower(): name
            for name, reader in self.readers.items()
            if reader.parameter.any_case
        }

    def raw(self, request: Request, path: Mapping[str, Any]) -> Mapping[str, Any]:
        """What `request`, whose path says `path`, holds for the operation.

        Raises `Refusal` for a body that cannot be read, or is JSON where parameters
        come from elsewhere.
        """
        places = self._operation.places
        if request.is_json and places and "json" not in places:
            raise Refusal("media_type", "body", media_type=request.media_type)
        try:
            values = self._sent(request)
        except Refusal as refusal:
            code = self._operation.refusals.get(refusal.kind)
            if code is None:
                raise
            raise Refusal(refusal.kind, refusal.parameter, code) from None
        if self._files:
            files = request.files
            names = {*self._files, *(name for _, name in self._numbered(files))}
            values = {**values, **{n: files[n] for n in names if n in files}}
        return {**values, **path} if path else values

    def _sent(self, request: Request) -> Mapping[str, Any]:
        """The parameters in `request`, from where the document lets them come."""
        operation = self._operation
        if operation.free:
            return request.body_values
        if operation.places:
            return request.values
        query, body = request.query_values if request.query else {}, {}
        if operation.media_types and request.body:
            if not _is_one_of(request.media_type, operation.media_types):
                raise Refusal("media_type", "body", media_type=request.media_type)
            body = request.body_values
        return {
            name: values[name]
            for name, reader in self.readers.items()
            if name in (values := query if reader.parameter.place == "query" else body)
        }

    def read(self, raw: Mapping[str, Any], version: int | None) -> Parameters:
        """What `raw` says of the parameters that the operation has in `version`.

        An operation that is free takes `raw` as it is.

        A JSON null is left out unless the document keeps it, so absent parameters have
        no key; unknown ones are ignored. The value of an alias stands under the name
        that it is an alias of. Raises `Refusal` for a value that does not fit, or a
        required one that is not there, with all that is wrong beside it.
        """
        if self._operation.free:
            return raw
        try:
            values = self._values(raw) if raw else {}
            for name in self._missing(values, version):
                raise self.readers[name].refusal("missing")
            if self._columns:
                values |= self._rows(raw)
        except Refusal as refusal:
            others = self._faults(raw, version)
            rest = (one for one in others if one.parameter != refusal.parameter)
            refusal.faults = (refusal, *rest)
            raise
        return values

    def _missing(self, values: Mapping[str, Any], version: int | None) -> Iterator[str]:
        for name, since in self._required:
            if name not in values and (version is None or version >= since):
                yield name

    def _faults(self, raw: Mapping[str, Any], version: int | None) -> Iterator[Refusal]:
        """All that is wrong with the parameters in `raw`."""
        values: dict[str, Any] = {}
        raw = self._spelt(raw)
        for name in filter(raw.__contains__, self.readers):
            try:
                values |= self._values({name: raw[name]})
            except Refusal as refusal:
                values[refusal.parameter] = None
                yield refusal
        for name in self._missing(values, version):
            yield self.readers[name].refusal("missing")
        try:
            self._rows(raw)
        except Refusal as refusal:
            yield refusal

    def _rows(self, raw: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """The rows of parameters with a number in their names, by theirs."""
        values = {name: reader.read(raw[name]) for reader, name in self._numbered(raw)}
        return rows([column for column, _ in self._columns], values)

    def _numbered(self, names: Iterable[str]) -> Iterator[tuple[Reader, str]]:
        """Those of `names` that have a number, and what reads them."""
        for column, reader in self._columns:
            for _, name in column.numbered(names):
                yield reader, name

    def _spelt(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """`raw` with the names as the document spells them."""
        if not self._any_case:
            return raw
        return {self._any_case.get(name.lower(), name): raw[name] for name in raw}

    def _values(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        raw = self._spelt(raw)
        values = {
            name: reader.read(raw[name])
            for name, reader in self.readers.items()
            if name in raw and (self._keeps_null or raw[name] is not None)
        }
        for alias, name in self._aliases:
            if alias in values:
                values.setdefault(name, values.pop(alias))
        return values


def _converter(parameter: Parameter) -> Callable[[Any], Any]:
    kinds = parameter.types
    if parameter.is_file:
        return _no_upload
    if parameter.schema.get("format") == "date-time":
        return to_datetime
    if parameter.schema.get("format") == "uuid" and parameter.place != "path":
        return _to_uuid
    if "array" in kinds and parameter.encoding == "comma":
        whole = "integer" in parameter.schema["items"].get("type", ())
        return _to_integers if whole else _to_texts
    ways = [convert for kind, convert in CONVERTERS.items() if kind in kinds]
    return _first_that_fits(ways) if len(ways) > 1 else ways[0]


def _first_that_fits(ways: list[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    """Reads a value as the first of its types that it can be read as."""

    def convert(raw: Any) -> Any:
        for way in ways[:-1]:
            with suppress(WrongTypeError):
                return way(raw)
        return ways[-1](raw)

    return convert


def _is_one_of(media_type: str, known: tuple[str, ...]) -> bool:
    return media_type in known or (media_type.endswith("+json") and JSON in known)


def to_integer(raw: Any) -> int:
    """A 64-bit integer from a JSON number or decimal text."""
    if isinstance(raw, str) and INTEGER.fullmatch(raw):
        raw = int(raw)
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int) or not LEAST <= raw <= MOST:
        raise WrongTypeError
    return raw


def to_datetime(raw: Any) -> datetime:
    """A moment from ISO 8601 text; without an offset it has no time zone."""
    if not isinstance(raw, str) or not raw.isascii() or len(raw) < len("2012-03-15"):
        raise WrongTypeError
    try:
        # In a form a plus sign that is not escaped arrives as a blank.
        moment = datetime.fromisoformat(raw.replace(" ", "+") if "T" in raw else raw)
    except ValueError:
        raise WrongTypeError from None
    offset = moment.utcoffset() or timedelta()
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR or offset % MINUTE:
        raise WrongTypeError
    return moment


def _to_number(raw: Any) -> float:
    if isinstance(raw, str) and NUMBER.fullmatch(raw):
        raw = float(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise WrongTypeError
    if isinstance(raw, int):
        return to_integer(raw)
    if raw in (float("inf"), float("-inf")):
        raise WrongTypeError
    return raw


def _to_boolean(raw: Any) -> bool:
    if isinstance(raw, str):
        raw = BOOLEANS.get(raw.lower(), raw)
    if isinstance(raw, bool):
        return raw
    if raw in (0, 1):
        return bool(raw)
    raise WrongTypeError


def _to_text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise WrongTypeError
    return raw


def _no_upload(raw: Any) -> NoReturn:
    """Refuse what stands for a file and came as a text."""
    raise WrongTypeError


def _to_uuid(raw: Any) -> str:
    if not isinstance(raw, str) or not UUID.fullmatch(raw):
        raise WrongTypeError
    return raw


def _to_json(raw: Any) -> Any:
    if isinstance(raw, str):
        try:
            raw = msgspec.json.decode(raw)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            raise WrongTypeError from None
    if isinstance(raw, dict | list) and is_too_deep(raw):
        raise WrongTypeError
    _hold_to_64_bits(raw)
    return raw


def _to_texts(raw: Any) -> list[Any]:
    if isinstance(raw, str) and not raw.lstrip().startswith("["):
        return [part.strip() for part in raw.split(",")]
    values: list[Any] = _to_json(raw)
    return values


def _to_integers(raw: Any) -> list[int]:
    values = _to_texts(raw)
    if not isinstance(values, list):
        raise WrongTypeError
    return [to_integer(value) for value in values]


def _hold_to_64_bits(value: Any) -> None:
    """Raise `WrongTypeError` if an integer anywhere in `value` is too large."""
    rest = [value]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            rest.extend(value.values())
        elif isinstance(value, list):
            rest.extend(value)
        elif isinstance(value, int) and not LEAST <= value <= MOST:
            raise WrongTypeError


CONVERTERS: Mapping[str, Callable[[Any], Any]] = {
    "string": _to_text,
    "integer": to_integer,
    "number": _to_number,
    "boolean": _to_boolean,
    "array": _to_json,
    "object": _to_json,
}
