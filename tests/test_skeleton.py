"""A further API takes three folders and one name, and the kit judges it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SKELETON = Path(__file__).parent / "skeleton"
PACKAGES = {
    "schemas": "tasktwin_schemas",
    "mockserver": "tasktwin_mockserver",
    "contract": "tasktwin_contract",
}
NAMES = "APIS = ("
STUBBED = """
def test_notes(notes):
    ann = notes.person(notes.people[0])
    notes.strict()
    made = ann.call("addNote", text="Buy milk")
    session = notes.requests_session()
    said = session.get(f"{notes.url}/api/notes", headers=ann.headers)
    assert said.json() == [made]
    assert notes.requests.order == ["listNotes"]
"""


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A copy of the kit with the skeleton's three folders and its name."""
    for folder, package in PACKAGES.items():
        source = ROOT / folder / package
        shutil.copytree(
            source, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
        (api,) = (SKELETON / folder).iterdir()
        shutil.copytree(api, tmp_path / package / api.name)
    names = tmp_path / "tasktwin_schemas" / "__init__.py"
    text = names.read_text("utf-8")
    assert text.count(NAMES) == 1
    names.write_text(text.replace(NAMES, f'{NAMES}"notes", '), "utf-8")
    return tmp_path


def command(kit: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What the command of that copy says."""
    return subprocess.run(
        [sys.executable, "-m", "tasktwin_contract", *words],
        env={**os.environ, "PYTHONPATH": str(kit)},
        cwd=kit,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_skeleton_conforms(kit: Path) -> None:
    """Its suite judges all of its clauses, and its mock keeps them."""
    done = command(kit, "verify", "notes", "--profile", "quick", "-n", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 of 7 clauses judged" in done.stdout
    assert "NT-NOTE-02" in command(kit, "clauses", "notes").stdout


def test_the_skeletons_suite_finds_a_bug(kit: Path) -> None:
    """A mock that mixes up whose notes are whose does not conform."""
    mock = kit / "tasktwin_mockserver" / "notes" / "__init__.py"
    text = mock.read_text("utf-8")
    wrong = text.replace(
        'world.notes.where("owner", call.user)', "world.notes.values()"
    )
    assert wrong != text
    mock.write_text(wrong, "utf-8")
    done = command(kit, "verify", "notes", "--clause", "NT-NOTE-02", "-n", "0")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "NT-NOTE-02" in done.stdout


def test_the_skeleton_has_a_console(kit: Path) -> None:
    """Without a word on what to show of it, its console shows all but records."""
    code = (
        "from tasktwin_mockserver import App; from werkzeug.test import Client;"
        "client = Client(App('notes'));"
        "print(client.get('/__admin/records?actor=writer').text);"
        "print(client.get('/__admin/contract').json['operations'][0]['id'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(kit)},
        cwd=kit,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    seen = '{"actor":"writer","lists":[],"records":[]}'
    assert done.stdout.splitlines() == [seen, "listNotes"], done.stderr


def test_the_skeleton_has_a_fixture(kit: Path) -> None:
    """Tests of its clients get a world of it, without a line for that."""
    (kit / "test_notes.py").write_text(STUBBED, "utf-8")
    words = ("pytest", "-p", "tasktwin_contract.plugin")
    done = subprocess.run(
        [sys.executable, "-m", *words, "test_notes.py"],
        env={**os.environ, "PYTHONPATH": str(kit)},
        cwd=kit,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
