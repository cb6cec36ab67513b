"""Bugs that nobody thought of: small changes made by rule all over the mock.

A comparison is bent, a constant changed, a statement dropped, a branch swapped, each in
one place. Of all that are possible some are taken, spread over the files: those whose
digests come first, so that a change of one function leaves the others' as they are.
"""

import ast
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest

from bugs import MOCK, Mutant, source

from tasktwin_schemas import APIS

KERNEL = ("exchange.py", "parameters.py", "routes.py", "tables.py", "world.py")
APART = frozenset({"__init__.py", "cast.py", "stub.py"})  # what answers no request
BENT = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Change:
    """`new` in the place of what stands from `start` to `end` of a file's text."""

    kind: str
    start: int
    end: int
    new: str


class Finder(ast.NodeVisitor):
    """Finds every change that the rules allow in one module."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[tuple[Change, str, int | None]] = []
        self._lines = [0]
        for line in text.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._where: list[str] = []
        self._depth = 0
        self.visit(ast.parse(text))

    def visit(self, node: ast.AST) -> None:
        """Look at a node and below; a function's own decorators are left alone."""
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        self._where += [node.name] if named else []  # type: ignore[attr-defined]
        inside = isinstance(node, FUNCTIONS)
        self._depth += inside
        for change in self._changes(node):
            line = getattr(node, "lineno", None) if self._depth else None
            self.found.append((change, ".".join(self._where), line))
        for child in _children(node):
            self.visit(child)
        self._depth -= inside
        if named:
            self._where.pop()

    def _changes(self, node: ast.AST) -> Iterator[Change]:
        yield from self._of_values(node)
        yield from self._of_branches(node)
        if self._depth and _is_droppable(node):
            yield self._put("statement", node, "pass")

    def _of_values(self, node: ast.AST) -> Iterator[Change]:
        match node:
            case ast.Compare(left, [operator], [right]) if type(operator) in BENT:
                new = f"{self._of(left)} {BENT[type(operator)]} {self._of(right)}"
                yield self._put("comparison", node, f"({new})")
            case ast.Constant(bool(value)):
                yield self._put("constant", node, str(not value))
            case ast.Constant(int(value)):
                yield self._put("constant", node, str(value + 1))
            case ast.Constant(str(value)) if value:
                yield self._put("constant", node, repr(value + "-"))

    def _of_branches(self, node: ast.AST) -> Iterator[Change]:
        match node:
            case ast.If(test) | ast.IfExp(test):
                yield self._put("branch", test, f"(not ({self._of(test)}))")
            case ast.BoolOp(operator, values):
                word = " or " if isinstance(operator, ast.And) else " and "
                parts = (f"({self._of(value)})" for value in values)
                yield self._put("branch", node, f"({word.join(parts)})")

    def _put(self, kind: str, node: ast.AST, new: str) -> Change:
        return Change(kind, *self._span(node), new)

    def _of(self, node: ast.AST) -> str:
        start, end = self._span(node)
        return self.text[start:end]

    def _span(self, node: ast.AST) -> tuple[int, int]:
        first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
        return (
            self._offset(first, node.col_offset),  # type: ignore[attr-defined]
            self._offset(last, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def _offset(self, line: int, column: int) -> int:
        start = self._lines[line - 1]
        whole = self.text[start : self._lines[line]].encode()
        return start + len(whole[:column].decode())


def possible(file: str) -> list[Mutant]:
    """Every mutant of `file`, in the order of their digests."""
    text = source(file)
    seen: dict[str, int] = defaultdict(int)
    mutants = []
    for change, where, line in Finder(text).found:
        old = " ".join(text[change.start : change.end].split())
        label = f"{file} {where} {change.kind}: {old} -> {change.new}"
        seen[label] += 1
        digest = hashlib.blake2b(f"{label} {seen[label]}".encode(), digest_size=4)
        whole = text[: change.start] + change.new + text[change.end :]
        name = f"m-{digest.hexdigest()}"
        mutants.append(Mutant(name, change.kind, file, whole, line=line, change=label))
    return sorted(mutants, key=lambda mutant: mutant.id)


def files_of(api: str) -> list[str]:
    """The modules of the mock in which bugs are made: the API's rules.

    Those of the kernel are beside the first API's, whose suite asks most of it.
    """
    kernel = KERNEL if api == APIS[0] else ()
    folder = sorted(path.name for path in (MOCK / api).glob("*.py"))
    return [*kernel, *(f"{api}/{name}" for name in folder if name not in APART)]


def drawn(api: str, number: int) -> list[Mutant]:
    """`number` mutants, as many from each file as from another while there are any."""
    rows = [possible(file) for file in files_of(api)]
    turns = chain.from_iterable(zip_longest(*rows))
    return [mutant for mutant in turns if mutant is not None][:number]


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What is below a node and does something: no annotation, docstring or message."""
    if isinstance(node, ast.Raise | ast.JoinedStr) or _is_type(node):
        return
    skipped = {"annotation", "returns", "decorator_list", "type_params", "bases"}
    skipped |= {"keywords"} if isinstance(node, ast.ClassDef) else set()
    for name, value in ast.iter_fields(node):
        if name in skipped:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_docstring(child):
                yield child


def _is_droppable(node: ast.AST) -> bool:
    """Whether it is a statement that binds no name."""
    match node:
        case ast.Expr() | ast.AugAssign() | ast.Delete():
            return True
        case ast.Assign([ast.Attribute() | ast.Subscript()]):
            return True
    return False


def _is_type(node: ast.AST) -> bool:
    match node:
        case ast.Call(ast.Name("TypeVar")):
            return True
        case ast.Assign([ast.Name("__slots__" | "__all__")]):
            return True
    return False


def _is_docstring(node: ast.AST) -> bool:
    match node:
        case ast.Expr(ast.Constant(str())):
            return True
    return False
