"""The bugs that are put into the mock: written ones, and where they are listed."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
MOCK = ROOT / "mockserver" / "tasktwin_mockserver"


@dataclass(frozen=True)
class Mutant:
    """One bug: `text` is what the mock's `file` holds instead of what it should.

    A written one breaks the sentence of `clause`. A mechanical one has none; it stands
    on `line`, or, where that is None, in what runs when the module is loaded.
    """

    id: str
    kind: str
    file: str
    text: str
    clause: str | None = None
    line: int | None = None
    change: str = ""

    @property
    def mechanical(self) -> bool:
        """Whether a rule made it, and no person."""
        return self.clause is None


def written(api: str) -> list[Mutant]:
    """The mutants of `api`.toml. Raises `ValueError` for one that does not fit."""
    return [fitted(row) for row in rows(api)]


def equivalents() -> dict[str, str]:
    """The reasons why mutants change nothing that a client can see, by their ids."""
    return {row["id"]: row["reason"] for row in rows("equivalent")}


def guilty() -> dict[str, set[str]]:
    """The MUSTs that mutants of less certain clauses break as well, by their ids."""
    return {row["id"]: {*row["clauses"]} for row in rows("guilty")}


def source(file: str) -> str:
    """What a file of the mock holds."""
    return (MOCK / file).read_text("utf-8")


def rows(name: str) -> list[dict[str, Any]]:
    """What `name`.toml lists."""
    listed = tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))
    return list(listed.get("mutant", []))


def fitted(row: dict[str, Any]) -> Mutant:
    """The mutant of a row. Raises `ValueError` where its text is not there once."""
    text, find, name = source(row["file"]), row["find"], row["id"]
    if text.count(find) != 1:
        raise ValueError(f"{name}: its text stands {text.count(find)} times")
    changed = text.replace(find, row["replace"])
    return Mutant(name, row["kind"], row["file"], changed, row["clause"])
