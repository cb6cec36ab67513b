"""Which tests judge which clause, and the catalogue of clauses for readers.

The tests are read, not imported: they need the suite's own libraries.
"""

import ast
import json
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tasktwin_schemas import Clause, clauses

SUITES = Path(__file__).parent
INDENT = "    "
HEAD = (
    "| clause | level | sentence | source | tests | mutants |",
    "|---|---|---|---|---|---|",
)
PREFACE = (
    "Written by `tasktwin clauses {api} --format markdown`. *Mutants* are bugs that",
    "were put into the mock against a clause's sentence, and that its tests found.",
)


@cache
def tests_of(api: str) -> dict[str, list[str]]:
    """The tests of each clause of `api` that has any, by the clause's id.

    A test is named as pytest names it: `hitask/test_items.py::test_a_title_is_kept`.
    What is returned is shared and must not be changed.
    """
    return marked_in(SUITES / api)


def marked_in(folder: Path) -> dict[str, list[str]]:
    """The tests in the modules of `folder`, by the clauses that they are marked with.

    Raises `ValueError` where a mark names its clause by anything but a plain text.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("test_*.py")):
        module = f"{folder.name}/{path.name}"
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=module)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for clause in _marks(node, module):
                    found.setdefault(clause, []).append(f"{module}::{node.name}")
    return found


def as_data(api: str) -> dict[str, Any]:
    """The catalogue of `api` as plain JSON data."""
    tests = tests_of(api)
    return {
        "api": api,
        "clauses": [
            {
                "id": clause.id,
                "level": clause.level,
                "area": clause.area,
                "text": clause.text,
                "source": clause.source,
                "operations": list(clause.operations),
                "needs": list(clause.needs),
                "tests": tests.get(clause.id, []),
                "not_tested": clause.not_tested,
            }
            for clause in clauses(api).values()
        ],
    }


def as_text(api: str, width: int = 80) -> str:
    """The catalogue of `api` by area, no wider than `width` where words allow it."""
    tests = tests_of(api)
    areas: dict[str, list[Clause]] = {}
    for clause in clauses(api).values():
        areas.setdefault(clause.area, []).append(clause)
    lines = [textwrap.fill(_summary(api), width), ""]
    for area, members in areas.items():
        lines += [area, ""]
        for clause in members:
            lines += [*_entry(clause, tests.get(clause.id, []), width), ""]
    return "\n".join(lines).rstrip()


def as_markdown(api: str) -> str:
    """The catalogue of `api` as a page: a table for each area."""
    tests, mutants = tests_of(api), mutants_of(api)
    areas: dict[str, list[str]] = {}
    for clause in clauses(api).values():
        judged = "<br>".join(f"`{name}`" for name in tests.get(clause.id, []))
        cells = (
            clause.id,
            clause.level,
            clause.text,
            clause.source,
            judged or clause.not_tested or "",
            str(mutants.get(clause.id, 0)),
        )
        row = " | ".join(cell.replace("|", "\\|") for cell in cells)
        areas.setdefault(clause.area, []).append(f"| {row} |")
    lines = [f"# The clauses of {api}", "", _summary(api), ""]
    lines += [line.format(api=api) for line in PREFACE]
    for area, rows in areas.items():
        lines += ["", f"## {area}", "", *HEAD, *rows]
    return "\n".join(lines)


@cache
def mutants_of(api: str) -> dict[str, int]:
    """How many bugs the tests of each clause found that were written against it."""
    path = SUITES / api / "mutants.json"
    if not path.exists():
        return {}
    counts: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return counts


def _marks(node: ast.FunctionDef | ast.AsyncFunctionDef, module: str) -> Iterator[str]:
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(ast.Name("clause") | ast.Attribute(attr="clause"), args):
                for argument in args:
                    yield _literal(argument, module)


def _literal(argument: ast.expr, module: str) -> str:
    match argument:
        case ast.Constant(str(text)):
            return text
    line = f"{module}:{argument.lineno}"
    raise ValueError(f"{line}: name the clause by its id, as a plain text")


def _summary(api: str) -> str:
    catalogue = list(clauses(api).values())
    levels = [clause.level for clause in catalogue]
    counts = ", ".join(f"{levels.count(n)} {n}" for n in dict.fromkeys(levels))
    untested = sum(clause.not_tested is not None for clause in catalogue)
    return f"{api}: {len(catalogue)} clauses ({counts}), {untested} of them not tested."


def _entry(clause: Clause, tests: list[str], width: int) -> Iterator[str]:
    yield f"{clause.id}  {clause.level}"
    yield _wrapped(clause.text, width)
    yield _wrapped(clause.source, width, "source: ")
    if clause.not_tested is not None:
        yield _wrapped(clause.not_tested, width, "not tested: ")
    for test in tests or ([] if clause.not_tested else ["none of its own"]):
        yield _wrapped(test, width, "test: ")


def _wrapped(text: str, width: int, label: str = "") -> str:
    return textwrap.fill(
        text,
        width,
        initial_indent=f"{INDENT}{label}",
        subsequent_indent=INDENT + "  " * bool(label),
        break_long_words=False,
        break_on_hyphens=False,
    )
