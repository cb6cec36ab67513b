"""What an API's OpenAPI document says, with references resolved.

The document is the one source of paths, methods, parameters and shapes. These
extensions stand in it beside the standard's own words:

* `x-tasktwin-in` (document or operation): where a parameter may come from as well.
* `x-tasktwin-refusals` (document or parameter): the API's code for a parameter that is
  `missing`, has the wrong `format`, a wrong `value`, too great a `length`, or is out of
  its `bounds`, or for the word of its schema that it does not keep, say `not`;
  (operation) its code for a body that is no `object`, or where there is no `session`.
* `x-tasktwin-level` (operation or parameter): the least level of permission that the
  caller needs on the thing that is named; of a parameter, to change it.
* `x-tasktwin-stated-by` (operation or parameter): the clause that there is such a
  thing, where no MUST says so: what goes wrong with it is held against no surer one.
* `x-tasktwin-effect` (operation): `read`, `own` or `account`, what a call may touch.
* `x-tasktwin-alias-of` (operation or parameter): another name of the one named.
* `x-tasktwin-any-case` (parameter): its name is understood in any letter case.
* `x-tasktwin-required-from` (parameter): the first version that requires it.
* `x-tasktwin-bounds` (parameter): bounds that depend on another parameter's value.
* `x-tasktwin-media-types`, `x-tasktwin-most-bytes`, `x-tasktwin-least-edge` and
  `x-tasktwin-most-pixels` (parameter): what a file may be.
* `x-tasktwin-credential` (security scheme): which of an actor's facts it carries, say
  `session_id`, with `x-tasktwin-prefix` before it where there is one.
* `x-tasktwin-null` (document): `kept` where null in a JSON body is a value like any
  other, for parameters that may be null; elsewhere it is as if it were not sent.
* `x-tasktwin-clause` (schema): the clause that is broken where this part fails.
* `x-tasktwin-checks` (document): the clauses of what holds for every answer.
* `x-tasktwin-statuses` (document): those that any operation may answer with.
* `x-tasktwin-free-names` (document): operations whose answers have names that users
  chose.
* `x-tasktwin-violations` (document): the clauses of what a client may send amiss, by
  the mock's words for it.
* `x-tasktwin-forms` (parameter): the media type of the answer by the value sent.
* `x-tasktwin-indexed` (parameter): `rows[n][name]` stands for `rows[1][name]`,
  `rows[2][name]` and so on; an operation gets a list `rows`, by number, of objects.
* `x-tasktwin-attribute-of` (schema): in XML the value is an attribute of the element
  named; `x-tasktwin-attributes` (schema): attributes that its element has in XML beside
  what the data hold. All else that XML needs says the standard's own `xml`.
* `x-tasktwin-envelope` (document): the keys of code and message in a refusal.
* `x-tasktwin-console` (document): what the mock's console asks as each person, and
  which keys of the answers are id, title, parent and permission (`sight.py` of the
  mock has its words); without it the console shows no records.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tasktwin_schemas import files

Schema = dict[str, Any]
JSON = "application/json"
METHODS = ("get", "put", "post", "delete", "patch", "options", "head", "trace")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation, wherever it may come from.

    `place` is where the vendor shows it: `path`, `query` or `body`. `encoding` says how
    a list or an object is written in a form: `json` text, or parted by a `comma`.
    `may_be_file` says that it may come as a part of a multipart body that is a file.
    """

    name: str
    place: str
    required: bool
    schema: Schema
    refusals: Mapping[str, int]
    encoding: str
    may_be_file: bool

    @property
    def alias_of(self) -> str | None:
        """The parameter that this is another name of."""
        alias: str | None = self.schema.get("x-tasktwin-alias-of")
        return alias

    @property
    def any_case(self) -> bool:
        """Whether its name is understood in any letter case."""
        return bool(self.schema.get("x-tasktwin-any-case"))

    @property
    def forms(self) -> Mapping[str, str]:
        """The media types that an answer may have, by the values that ask for them."""
        found: Mapping[str, str] = self.schema.get("x-tasktwin-forms", {})
        return found

    @property
    def is_indexed(self) -> bool:
        """Whether `[n]` in its name stands for any number."""
        return bool(self.schema.get("x-tasktwin-indexed"))

    @property
    def is_file(self) -> bool:
        """Whether its value is a file, a part of a multipart body."""
        return self.schema.get("format") == "binary"

    @property
    def types(self) -> tuple[str, ...]:
        """The JSON types that it may have, `null` left out."""
        kinds = self.schema.get("type", "string")
        listed = kinds if isinstance(kinds, list) else [kinds]
        return tuple(kind for kind in listed if kind != "null")

    @property
    def nullable(self) -> bool:
        """Whether null is one of its values."""
        return "null" in self.schema.get("type", ())


@dataclass(frozen=True, slots=True)
class Credential:
    """How a request says who sends it.

    The actor's `fact` stands after `prefix` in what is called `name`, at `place`:
    `header`, `cookie` or `query`.
    """

    place: str
    name: str
    fact: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers with one status: media type, schema, headers.

    Of several `media_types`, all with the one schema, the first is the usual one.
    """

    media_type: str | None
    schema: Schema | None
    headers: Mapping[str, Schema]
    media_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document.

    `base` is what stands before its path where no version does. `secured` says that the
    document's own security holds for it, `public` that it has none at all, `places`
    where its parameters may come from beside where the vendor shows them, `media_types`
    what its body may be. `versioned` says that its path stands below every version's
    prefix, `level` which permission it needs on what it names, `free` that its body
    holds whatever keys the caller likes, `refusals` the API's codes for the whole body,
    `keeps_null` that null in a JSON body is a value, `stated_by` which clause says that
    there is such a call, where no MUST does.
    """

    id: str
    method: str
    path: str
    base: str
    effect: str
    secured: bool
    public: bool
    parameters: Mapping[str, Parameter]
    places: frozenset[str]
    media_types: tuple[str, ...]
    answers: Mapping[int, Answer]
    alias_of: str | None
    deprecated: bool
    versioned: bool
    level: int | None
    free: bool
    refusals: Mapping[str, int]
    keeps_null: bool
    stated_by: str | None

    @property
    def successes(self) -> tuple[int, ...]:
        """The statuses that say that it was done."""
        return tuple(status for status in self.answers if 200 <= status < 300)

    @property
    def media_type(self) -> str:
        """What a success answers; JSON where the document does not say."""
        kinds = (self.answers[status].media_type for status in self.successes)
        return next(filter(None, kinds), JSON)

    @property
    def takes_files(self) -> bool:
        """Whether a parameter of it is a file."""
        return any(parameter.may_be_file for parameter in self.parameters.values())


def openapi_path(api: str) -> Path:
    """Where the document of `api` stands; Schemathesis wants it loaded by path."""
    return files.path(api, "openapi.json")


def openapi(api: str) -> Schema:
    """The document of `api` as it stands, references unresolved."""
    document: Schema = files.load(api, "openapi.json")
    return document


@cache
def schema(api: str, name: str) -> Schema:
    """The schema file `name` of `api` (`"item"`), references resolved."""
    resolved: Schema = _Resolver(api).file(f"{name}.schema.json")
    return resolved


@cache
def operations(api: str) -> Mapping[str, Operation]:
    """Every operation of `api` by its id, in the document's order."""
    resolver = _Resolver(api)
    found = {}
    for path, item in openapi(api)["paths"].items():
        for method in METHODS:
            if method in item:
                operation = _operation(resolver, path, method, item)
                found[operation.id] = operation
    return MappingProxyType(found)


@cache
def credentials(api: str) -> tuple[Credential, ...]:
    """The ways in which a request of `api` says who sends it, the usual one first."""
    schemes = openapi(api)["components"]["securitySchemes"]
    rows = [schemes[name] for one in openapi(api)["security"] for name in one]
    return tuple(
        Credential(
            place=row["in"],
            name=row["name"],
            fact=row["x-tasktwin-credential"],
            prefix=row.get("x-tasktwin-prefix", ""),
        )
        for row in rows
        if "x-tasktwin-credential" in row
    )


class _Resolver:
    """Puts what a `$ref` points to in its place; the keys beside it count over it."""

    def __init__(self, api: str) -> None:
        self.api = api
        self.document = openapi(api)
        self._targets: dict[tuple[str, str], Schema] = {}

    def file(self, name: str) -> Any:
        resolved = self(files.load(self.api, name), name)
        resolved.pop("$schema", None)
        return resolved

    def __call__(self, node: Any, name: str = "openapi.json") -> Any:
        if isinstance(node, list):
            return [self(item, name) for item in node]
        if not isinstance(node, dict):
            return node
        resolved = {key: self(value, name) for key, value in node.items()}
        target = resolved.pop("$ref", None)
        return (
            resolved if target is None else {**self._target(target, name), **resolved}
        )

    def _target(self, reference: str, name: str) -> Schema:
        """What is pointed to, the same each time; most are pointed to from all over."""
        file, _, pointer = reference.partition("#")
        name = file or name
        known = self._targets.get((name, pointer))
        if known is None:
            known = self._targets[name, pointer] = self._resolved(pointer, name)
        return known

    def _resolved(self, pointer: str, name: str) -> Schema:
        node = files.load(self.api, name)
        for step in pointer.strip("/").split("/") if pointer else ():
            node = node[step]
        resolved: Schema = self(node, name)
        resolved.pop("$schema", None)
        return resolved


def _operation(
    resolver: _Resolver, path: str, method: str, item: Mapping[str, Any]
) -> Operation:
    document, raw = resolver.document, item[method]
    body = resolver(raw.get("requestBody", {})).get("content", {})
    declared = resolver([*item.get("parameters", ()), *raw.get("parameters", ())])
    named = {row["name"]: _parameter(document, row, row["in"], row) for row in declared}
    for name, row, required in _properties(body):
        encoding = _encoding(body, name)
        file = _may_be_file(body, name)
        parameter = {"required": required, "schema": row, "file": file}
        named.setdefault(
            name,
            _parameter(document, {"name": name, **parameter}, "body", row, encoding),
        )
    return Operation(
        id=raw["operationId"],
        method=method.upper(),
        path=path,
        base=_base((item if "servers" in item else document)["servers"][0]["url"]),
        effect=raw["x-tasktwin-effect"],
        secured="security" not in raw,
        public=raw.get("security") == [],
        parameters=MappingProxyType(named),
        places=frozenset(raw.get("x-tasktwin-in", document.get("x-tasktwin-in", ()))),
        media_types=tuple(body),
        answers=_answers(resolver(raw["responses"])),
        alias_of=raw.get("x-tasktwin-alias-of"),
        deprecated=raw.get("deprecated", False),
        versioned="servers" not in item,
        level=raw.get("x-tasktwin-level"),
        free=any("additionalProperties" in media["schema"] for media in body.values()),
        refusals=MappingProxyType(raw.get("x-tasktwin-refusals", {})),
        keeps_null=document.get("x-tasktwin-null") == "kept",
        stated_by=raw.get("x-tasktwin-stated-by"),
    )


def _base(url: str) -> str:
    return url.removesuffix("{version}").rstrip("/")


def _parameter(
    document: Schema, row: Schema, place: str, words: Schema, encoding: str = "json"
) -> Parameter:
    refusals = {
        **document.get("x-tasktwin-refusals", {}),
        **words.get("x-tasktwin-refusals", {}),
    }
    return Parameter(
        name=row["name"],
        place=place,
        required=row.get("required", False),
        schema=row["schema"],
        refusals=MappingProxyType(refusals),
        encoding=encoding,
        may_be_file=row.get("file", False),
    )


def _properties(body: Mapping[str, Any]) -> Iterator[tuple[str, Schema, bool]]:
    """Name, schema and duty of each property that the body's media types share."""
    for media in list(body.values())[:1]:
        for part in (media["schema"], *media["schema"].get("allOf", ())):
            required = media["schema"].get("required", ())
            for name, row in part.get("properties", {}).items():
                yield name, row, name in required


def _may_be_file(body: Mapping[str, Any], name: str) -> bool:
    rows = (media["schema"].get("properties", {}).get(name) for media in body.values())
    return any(row and row.get("format") == "binary" for row in rows)


def _encoding(body: Mapping[str, Any], name: str) -> str:
    for media in body.values():
        if media.get("encoding", {}).get(name, {}).get("style") == "form":
            return "comma"
    return "json"


def _answers(responses: Mapping[str, Any]) -> Mapping[int, Answer]:
    answers = {}
    for status, response in responses.items():
        content = response.get("content", {})
        media_type = next(iter(content), None)
        answers[int(status)] = Answer(
            media_type=media_type,
            media_types=tuple(content),
            schema=content[media_type].get("schema") if media_type else None,
            headers={
                name: header["schema"]
                for name, header in response.get("headers", {}).items()
            },
        )
    return MappingProxyType(answers)
