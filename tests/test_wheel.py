"""What is published holds the three packages, their data and nothing else."""

import os
import subprocess
import sys
from importlib.metadata import PathDistribution
from pathlib import Path
from zipfile import Path as ZipPath
from zipfile import ZipFile

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "schemas" / "tasktwin_schemas"
PACKAGES = (
    SCHEMAS,
    ROOT / "mockserver" / "tasktwin_mockserver",
    ROOT / "contract" / "tasktwin_contract",
)

# What a package is made of: modules, the contracts' data, the suite's own pytest
# settings, the marker for type checkers, the console's page.
KINDS = {".css", ".html", ".ini", ".js", ".json", ".py", ".svg", ".typed"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the tree with what is installed."""
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    out = tmp_path_factory.mktemp("dist")
    command = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    done = subprocess.run(
        [sys.executable, *command, str(ROOT)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def held(wheel: Path) -> set[str]:
    """Name every file in the wheel but its metadata."""
    with ZipFile(wheel) as archive:
        return {
            name
            for name in archive.namelist()
            if not name.startswith(_metadata_folder(wheel).at)
        }


@pytest.fixture(scope="module")
def distribution(wheel: Path) -> PathDistribution:
    """Read the wheel's metadata as an installed distribution's."""
    return PathDistribution(_metadata_folder(wheel))


def _metadata_folder(wheel: Path) -> ZipPath:
    name, version, *_ = wheel.name.split("-")
    return ZipPath(wheel, f"{name}-{version}.dist-info/")


def test_the_top_level_is_three_packages(held: set[str]) -> None:
    """Nothing at the wheel's top level can collide with a project's own folders."""
    tops = {name.partition("/")[0] for name in held}
    assert tops == {package.name for package in PACKAGES}


def test_every_data_file_is_in_the_wheel(held: set[str]) -> None:
    """The contracts' data is in the wheel, file for file."""
    data = {
        path.relative_to(package.parent).as_posix()
        for package in PACKAGES
        for path in package.rglob("*.json")
    }
    assert data, "the tree holds no data"
    assert data == {name for name in held if name.endswith(".json")}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_every_module_is_in_the_wheel(package: Path, held: set[str]) -> None:
    """A package's files are all there, the tests of the suite among them."""
    tree = {
        path.relative_to(package.parent).as_posix()
        for path in package.rglob("*")
        if path.suffix in KINDS
    }
    assert f"{package.name}/__init__.py" in tree
    assert tree == {name for name in held if name.startswith(f"{package.name}/")}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_each_package_is_typed(package: Path, held: set[str]) -> None:
    """Type checkers of a project that uses the kit read its annotations."""
    assert f"{package.name}/py.typed" in held


def test_nothing_else_is_in_the_wheel(held: set[str]) -> None:
    """The wheel holds no kind of file that nobody meant to publish."""
    assert {Path(name).suffix for name in held} <= KINDS


ALONE = """
import sys
from urllib.request import urlopen

for name in ("hypothesis", "jsonschema", "pytest", "requests", "schemathesis"):
    sys.modules[name] = None

from tasktwin_mockserver import MockServer
from tasktwin_schemas import APIS

for api in APIS:
    with MockServer(api) as server, server.fresh() as world:
        world.faults.script("*", [503])
        try:
            urlopen(f"{world.url}/api/nothing", timeout=10)
        except OSError as error:
            assert error.status == 404, error
        world.faults.clear()
        assert len(world.requests(unmatched=True)) == 1
        assert world.people
print(*APIS)
"""


def test_the_mock_needs_nothing_but_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """Its worlds are to be had where neither pytest nor the suite's libraries are."""
    for name in ("msgspec", "werkzeug", "jsonschema_rs"):
        pytest.importorskip(name)
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", ALONE],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "hitask" in done.stdout.split()


def test_the_entry_points(distribution: PathDistribution) -> None:
    """The wheel brings one command and one pytest plugin, named by its module."""
    entries = distribution.entry_points
    assert {(entry.group, entry.name, entry.value) for entry in entries} == {
        ("console_scripts", "tasktwin", "tasktwin_contract.cli:main"),
        ("pytest11", "tasktwin_contract.plugin", "tasktwin_contract.plugin"),
    }


def test_the_base_install_brings_no_test_tools(distribution: PathDistribution) -> None:
    """Whoever wants the mock alone gets none of the suite's dependencies."""
    wanted = [Requirement(line) for line in distribution.requires or []]
    base = {want.name for want in wanted if want.marker is None}
    verify = {want.name for want in wanted if str(want.marker) == 'extra == "verify"'}
    assert base
    assert verify >= {"hypothesis", "jsonschema", "pytest", "schemathesis"}
    assert base & verify == set()


def test_the_metadata_is_valid(wheel: Path) -> None:
    """An index would take the metadata, and the licence is in it."""
    raw = (_metadata_folder(wheel) / "METADATA").read_bytes()
    metadata = Metadata.from_email(raw, validate=True)
    assert metadata.license_expression == "MIT"
    assert metadata.license_files == ["LICENSE"]
    assert metadata.description_content_type == "text/markdown"
