"""What the pages show is what happens."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tasktwin_schemas import APIS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN = re.compile(r"<!-- docs: run -->\n```console\n(.*?)```", re.DOTALL)
PYTHON = re.compile(r"(?<!-->\n)```python\n(.*?)```", re.DOTALL)
FILE = re.compile(r"<!-- docs: file (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
TOML = re.compile(r"```toml\n(.*?)```", re.DOTALL)
MARK = "@@ end of command"
SHIM = '#!/bin/sh\nexec "{python}" {words} "$@"\n'
COMMANDS = {
    "tasktwin": "-m tasktwin_contract",
    "pytest": "-m pytest -p tasktwin_contract.plugin",
    "python3": "",
}
NEEDED = ("curl", "node")  # by some of the pages' examples


def blocks(pattern: re.Pattern[str]) -> list[ParameterSet]:
    """Each block of `pattern` in the pages, named after its page and place."""
    return [
        pytest.param(text, id=f"{page.stem}-{number}")
        for page in PAGES
        for number, text in enumerate(pattern.findall(page.read_text("utf-8")), 1)
    ]


def commands(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that it shows."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    split = [part.partition("\n") for part in parts]
    return [(command, output.strip("\n")) for command, _, output in split]


def matches(shown: str, real: str) -> bool:
    """Whether `real` is what is `shown`, where `…` stands for anything."""
    pattern = ".*?".join(map(re.escape, shown.split("…")))
    return re.fullmatch(pattern, real, re.DOTALL) is not None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """An environment in which the commands are those under test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, words in COMMANDS.items():
        shim = folder / name
        shim.write_text(SHIM.format(python=sys.executable, words=words))
        shim.chmod(0o755)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TASKTWIN_")}
    source = os.pathsep.join(path for path in sys.path if path)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "PYTHONPATH": source, "COLUMNS": "88"}


@pytest.mark.parametrize("block", blocks(RUN))
def test_consoles(block: str, shell: dict[str, str], tmp_path: Path) -> None:
    """Each command of a console block runs, and prints what is shown."""
    for name in NEEDED:
        if re.search(rf"\b{name} ", block) and not shutil.which(name):
            pytest.skip(f"there is no {name} on this machine")
    put_files(tmp_path)
    steps = commands(block.replace("8080", str(free_port())))
    script = "set -m\n" + "".join(f"{c}\necho '{MARK}'\n" for c, _ in steps)
    done = subprocess.run(
        ["/bin/bash", "-c", script],
        cwd=tmp_path,
        env=shell,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    outputs = done.stdout.split(f"{MARK}\n")
    assert len(outputs) == len(steps) + 1, done.stderr
    for (command, shown), real in zip(steps, outputs, strict=False):
        assert matches(shown, real.strip("\n")), f"{command}\n{real}\n{done.stderr}"


def put_files(folder: Path) -> None:
    """Have all files that the pages show in a folder; no two have one name."""
    files = [found for page in PAGES for found in FILE.findall(page.read_text("utf-8"))]
    assert len(dict(files)) == len(files)
    for name, text in files:
        (folder / name).write_text(text, "utf-8")


@pytest.mark.parametrize("block", blocks(PYTHON))
def test_python(block: str) -> None:
    """Each Python example runs."""
    exec(compile(block, "example", "exec"), {})  # noqa: S102 (the pages' own)


@pytest.mark.parametrize("block", blocks(TOML))
def test_toml(block: str, shell: dict[str, str], tmp_path: Path) -> None:
    """Each configuration file shown is one that the command reads."""
    assert tomllib.loads(block)
    (tmp_path / "tasktwin.toml").write_text(block)
    done = subprocess.run(
        [sys.executable, "-m", "tasktwin_contract", "clauses", "hitask"],
        cwd=tmp_path,
        env=shell,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_pages_have_examples() -> None:
    """Each page for users shows something that runs."""
    for page in PAGES:
        text = page.read_text("utf-8")
        assert RUN.search(text) or page.stem in ("ci", "strength", *APIS)
