"""Parameters that come in rows, numbered in their names: `files[1][name]`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tasktwin_mockserver.refusal import Refusal

PLACE = "[n]"
NUMBER = r"\[([0-9]{1,9})\]"


class Column:
    """One parameter that each row has; `name` has `[n]` where the number stands."""

    def __init__(self, name: str, *, required: bool) -> None:
        self.required = required
        self.rows, _, key = name.partition(PLACE)
        self.key = key.removeprefix("[").removesuffix("]")
        before, after = map(re.escape, name.split(PLACE))
        self._pattern = re.compile(f"{before}{NUMBER}{after}")
        self._name = name

    def numbered(self, names: Iterable[str]) -> Iterator[tuple[int, str]]:
        """Those of `names` that are this parameter, each with its number."""
        for name in names:
            if found := self._pattern.fullmatch(name):
                yield int(found[1]), name

    def at(self, number: int) -> str:
        """The name of the parameter in the row of that number."""
        return self._name.replace(PLACE, f"[{number}]")


def rows(
    columns: Iterable[Column], values: Mapping[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """What `values` hold for `columns`: lists of rows by their name, by number.

    Raises `Refusal` for a row without what each row has to have, and where something
    is required and there is no row.
    """
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for column in columns:
        table = found.setdefault(column.rows, {})
        for number, name in column.numbered(values):
            table.setdefault(number, {})[column.key] = values[name]
    for column in columns:
        table = found[column.rows]
        for number in table or (1,) if column.required else ():
            if column.key not in table.get(number, ()):
                raise Refusal("missing", column.at(number))
    return {name: [table[n] for n in sorted(table)] for name, table in found.items()}
