"""The tree keeps its shape: imports run one way, and nothing outgrows its file."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "schemas" / "tasktwin_schemas"
MOCK = ROOT / "mockserver" / "tasktwin_mockserver"
CONTRACT = ROOT / "contract" / "tasktwin_contract"
PACKAGES = (SCHEMAS, MOCK, CONTRACT)

# What each package may never import.
FORBIDDEN = {
    SCHEMAS: (MOCK.name, CONTRACT.name),
    MOCK: (CONTRACT.name,),
    CONTRACT: (MOCK.name,),
}
HEAVY = {"hypothesis", "jsonschema", "msgspec", "schemathesis", "werkzeug"}
# What the mock does without, whoever uses it.
OF_THE_SUITE = {"hypothesis", "jsonschema", "pytest", "requests", "schemathesis"}
# What it does without where nobody asks over a socket.
OF_THE_SERVER = {"asyncio", "httptools"}

MODULE_LINES = 400
FUNCTION_LINES = 40
PUBLIC_NAMES = 10

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Import:
    """One name that a module imports, and whether a function's body does it."""

    target: str
    line: int
    in_function: bool

    def reaches(self, package: str) -> bool:
        """Tell whether this imports the package or anything inside it."""
        return f"{self.target}.".startswith(f"{package}.")


def imports(source: str, package: str = "") -> list[Import]:
    """List what a module of that package imports, by statement or by call."""
    return list(_imports(ast.parse(source), package, in_function=False))


def _imports(node: ast.AST, package: str, *, in_function: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        for target in _targets(child, package):
            yield Import(target, getattr(child, "lineno", 0), in_function)
        inside = in_function or isinstance(child, Function)
        yield from _imports(child, package, in_function=inside)


def _targets(node: ast.AST, package: str) -> Iterator[str]:
    match node:
        case ast.Import(names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module, names, level):
            base = _absolute("." * (level or 0) + (module or ""), package)
            yield base
            yield from (f"{base}.{alias.name}" for alias in names)
        case ast.Call(ast.Name(called) | ast.Attribute(_, called), [name, *_]):
            if called in {"import_module", "__import__"}:
                yield _absolute(_literal(name), package)


def _literal(name: ast.expr) -> str:
    """Read a string, or an f-string as far as it is known."""
    match name:
        case ast.Constant(str(text)) | ast.JoinedStr([ast.Constant(str(text)), *_]):
            return text.removesuffix(".")
    return ""


def _absolute(name: str, package: str) -> str:
    """Resolve leading dots against the package that the module is in."""
    level = len(name) - len(name.lstrip("."))
    if not level:
        return name
    parents = package.split(".")
    return ".".join([*parents[: len(parents) - level + 1], name[level:]]).rstrip(".")


def modules(package: Path) -> list[Path]:
    """List a package's modules, of which there is at least one."""
    found = sorted(package.rglob("*.py"))
    assert found, f"{package.relative_to(ROOT)} holds no module"
    return found


def imports_of(module: Path) -> list[Import]:
    """List what a module of one of the packages imports."""
    home = next(root for root in PACKAGES if module.is_relative_to(root))
    package = ".".join(module.parent.relative_to(home.parent).parts)
    return imports(module.read_text(encoding="utf-8"), package)


def offences(paths: Iterable[Path], *forbidden: str) -> list[str]:
    """Say where one of the modules imports one of the forbidden packages."""
    return [
        f"{path.relative_to(ROOT)}:{found.line} imports {found.target}"
        for path in paths
        for found in imports_of(path)
        if any(found.reaches(package) for package in forbidden)
        and not _is_allowed(path, found)
    ]


def _is_allowed(path: Path, found: Import) -> bool:
    """Three modules start the bundled mock; the command's only inside functions."""
    return path in (CONTRACT / "plugin.py", CONTRACT / "fixtures.py") or (
        path == CONTRACT / "cli.py" and found.in_function
    )


def apis() -> list[str]:
    """List the APIs whose contract is there as data."""
    found = sorted(path.parent.name for path in SCHEMAS.glob("*/openapi.json"))
    assert found, "no API has its openapi.json"
    return found


def functions(module: Path) -> list[Function]:
    """List every function of a module, nested ones and methods too."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("import a.b", "a.b"),
        ("import a.b as c", "a.b"),
        ("from a.b import c", "a.b"),
        ("from a import b", "a.b"),
        ("from . import b", "here.there.b"),
        ("from .b import c", "here.there.b"),
        ("from ..b import c", "here.b"),
        ("if TYPE_CHECKING:\n    import a.b", "a.b"),
        ("class A:\n    import a.b", "a.b"),
        ("try:\n    import a.b\nexcept ImportError:\n    pass", "a.b"),
        ("importlib.import_module('a.b')", "a.b"),
        ("x = import_module('.b', __package__)", "here.there.b"),
        ("import_module(f'a.{b}')", "a"),
        ("__import__('a.b')", "a.b"),
    ],
)
def test_every_way_to_import_is_seen(source: str, target: str) -> None:
    """No form of import at the top of a module slips past the tests below."""
    found = imports(source, "here.there")
    assert target in {entry.target for entry in found}
    assert not any(entry.in_function for entry in found)


@pytest.mark.parametrize("head", ["def f():", "async def f():", "class A:\n  def f():"])
def test_an_import_inside_a_function_is_told_apart(head: str) -> None:
    """An import in a function's body counts as one, however deep it stands."""
    (found,) = imports(f"{head}\n    if True:\n      import a.b")
    assert found == Import("a.b", found.line, in_function=True)


@pytest.mark.parametrize(
    ("target", "reaches"), [("a", True), ("a.b", True), ("ab", False), ("b.a", False)]
)
def test_a_package_is_reached_by_its_whole_name(target: str, reaches: bool) -> None:
    """Importing a package or its part reaches it, a longer name does not."""
    assert Import(target, 1, in_function=False).reaches("a") is reaches


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_imports_run_one_way(package: Path) -> None:
    """The data knows neither mock nor suite, the mock and the suite not each other."""
    assert offences(modules(package), *FORBIDDEN[package]) == []


def test_the_mocks_kernel_names_no_api() -> None:
    """The modules beside the APIs' packages import none of them by name."""
    kernel = [
        *MOCK.glob("*.py"),
        *modules(MOCK / "admin"),
        *modules(MOCK / "stub"),
    ]
    assert kernel, "the mock has no kernel"
    assert offences(kernel, *(f"{MOCK.name}.{api}" for api in apis())) == []


@pytest.mark.parametrize("package", [MOCK, CONTRACT], ids=lambda path: path.name)
def test_the_apis_are_strangers(package: Path) -> None:
    """The package of one API imports nothing from that of another."""
    names = apis()
    assert any((package / api).is_dir() for api in names)
    for api in names:
        others = (f"{package.name}.{other}" for other in names if other != api)
        assert offences((package / api).rglob("*.py"), *others) == []


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_no_module_outgrows_its_noun(package: Path) -> None:
    """A module has at most 400 lines."""
    lengths = {
        str(module.relative_to(ROOT)): module.read_text(encoding="utf-8").count("\n")
        for module in modules(package)
    }
    assert {name: n for name, n in lengths.items() if n > MODULE_LINES} == {}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_no_function_outgrows_a_screen(package: Path) -> None:
    """A function has at most 40 lines, its docstring among them."""
    lengths = {
        f"{module.relative_to(ROOT)}:{function.lineno} {function.name}": (
            (function.end_lineno or function.lineno) - function.lineno + 1
        )
        for module in modules(package)
        for function in functions(module)
    }
    assert lengths, f"{package.name} holds no function"
    assert {name: n for name, n in lengths.items() if n > FUNCTION_LINES} == {}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_the_public_surface_is_small_and_sorted(package: Path) -> None:
    """A package offers at most ten names, in plain order, and says which."""
    inits = sorted(package.rglob("__init__.py"))
    assert inits, f"{package.name} is no package"
    for init in inits:
        names = _public(init)
        assert len(names) <= PUBLIC_NAMES, f"{init.relative_to(ROOT)}: {len(names)}"
        assert names == sorted(set(names)), init.relative_to(ROOT)


def _public(init: Path) -> list[str]:
    """Read `__all__`; only a module that is a mere docstring needs none."""
    body = ast.parse(init.read_text(encoding="utf-8")).body
    for node in body:
        match node:
            case ast.Assign([ast.Name("__all__")]) | ast.AnnAssign(ast.Name("__all__")):
                assert node.value, f"{init} leaves __all__ empty"
                return [str(name) for name in ast.literal_eval(node.value)]
    assert all(isinstance(node, ast.Expr) for node in body), f"{init} has no __all__"
    return []


@pytest.mark.parametrize("folder", [ROOT / "tests", CONTRACT], ids=lambda p: p.name)
def test_each_test_says_its_behaviour(folder: Path) -> None:
    """A test's docstring is a sentence; it may begin with a name from the wire."""
    tests = {
        f"{module.relative_to(ROOT)}:{function.lineno} {function.name}": (
            ast.get_docstring(function) or ""
        )
        for module in sorted(folder.rglob("test_*.py"))
        for function in functions(module)
        if function.name.startswith("test_")
    }
    assert tests, f"{folder.relative_to(ROOT)} holds no test"
    assert [name for name, text in tests.items() if not _is_sentence(text)] == []


def _is_sentence(text: str) -> bool:
    return text.endswith(".") and " " in text


@pytest.mark.parametrize("name", ["cli", "fixtures", "plugin"])
def test_command_and_plugin_load_light(name: str, tmp_path: Path) -> None:
    """Every project that has the kit installed loads these, so they load no suite."""
    loaded = loads(f"tasktwin_contract.{name}", tmp_path)
    assert CONTRACT.name in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("name", ["", ".stub", ".__main__", ".server"])
def test_the_mock_needs_nothing_of_the_suite(name: str, tmp_path: Path) -> None:
    """Who has the mock alone has no pytest, and none of what judges servers."""
    loaded = loads(f"{MOCK.name}{name}", tmp_path)
    assert MOCK.name in loaded
    assert loaded & OF_THE_SUITE == set()


def test_the_mock_in_process_needs_no_sockets(tmp_path: Path) -> None:
    """The server is of the package's names, and loads when somebody asks for it."""
    assert loads(MOCK.name, tmp_path) & OF_THE_SERVER == set()


def loads(name: str, folder: Path) -> set[str]:
    """The packages that are loaded once that module is."""
    code = f"import sys, {name}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return {module.partition(".")[0] for module in done.stdout.split()}
