"""The clauses, the published response codes and the errata of an API."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from tasktwin_schemas.document import operations
from tasktwin_schemas.files import load, path

EVERY = "*"

Level = Literal["MUST", "SHOULD", "UNDOCUMENTED"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule that a server keeps or breaks.

    `level` says how sure the rule is: MUST, the documents state it; SHOULD, an example
    or a client shows it; UNDOCUMENTED, the kit's own choice. `needs` names what a
    target must lend for it to be judged, `live` what a server that is not ours may do
    instead, `not_tested` why no test can judge it.
    """

    id: str
    level: Level
    text: str
    source: str
    operations: tuple[str, ...]
    needs: tuple[str, ...]
    rule: str | None = None
    live: Mapping[str, Any] | None = None
    not_tested: str | None = None

    @property
    def area(self) -> str:
        """The part of the API it belongs to: `session` for `HT-SESSION-04`."""
        return self.id.split("-")[1].lower()


@dataclass(frozen=True, slots=True)
class PublishedCode:
    """A response code of the vendor's, with the template of its message."""

    code: int
    name: str
    template: str


@cache
def clauses(api: str) -> Mapping[str, Clause]:
    """Every clause of `api` by its id, in the catalogue's order."""
    rows = _rows(api, "clauses")
    return MappingProxyType({row["id"]: _clause(api, row) for row in rows})


@cache
def errors(api: str) -> Mapping[int, PublishedCode]:
    """Every published response code of `api`, by the code; some have none."""
    known = path(api, "errors.json").exists()
    rows = _rows(api, "errors") if known else []
    return MappingProxyType({row["code"]: PublishedCode(**row) for row in rows})


def errata(api: str) -> list[dict[str, str]]:
    """Where the documents of `api` contradict themselves, and what the kit does."""
    return _rows(api, "errata")


def _rows(api: str, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = load(api, f"{name}.json")
    return rows


def _clause(api: str, row: dict[str, Any]) -> Clause:
    source = row["source"]
    if isinstance(source, dict):
        source = f"{source['document']}, {source['heading']}"
    return Clause(
        id=row["id"],
        level=row["level"],
        text=row["text"],
        source=source,
        operations=_operations(api, row["operations"]),
        needs=tuple(row["needs"]),
        rule=row.get("rule"),
        live=row.get("live"),
        not_tested=row.get("not_tested"),
    )


def _operations(api: str, named: list[str] | str) -> tuple[str, ...]:
    """The operations that are `named`; an asterisk names every one."""
    if named == EVERY:
        return tuple(name for name, one in operations(api).items() if not one.alias_of)
    return tuple(named)
