"""The fixtures of the stub kit, in the project of somebody else."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

CONFTEST = """
import sys
import pytest

@pytest.fixture
def client(hitask):
    return hitask.requests_session()
"""
SETTINGS = """
[pytest]
addopts = --strict-markers
filterwarnings = error
"""
UNHARMED = """
import sys
import contract, mockserver, schemas
import requests

def test_three_worlds(hitask, gsmtasks, fivepm):
    assert contract.MINE and mockserver.MINE and schemas.MINE
    task = gsmtasks.task(assignee="worker")
    for stub, path, who in (
        (hitask, "/api/user", hitask.owner),
        (gsmtasks, f"/api/tasks/tasks/{task['id']}/", gsmtasks.worker),
        (fivepm, "/api/v2/service/get/tasks/getList", fivepm.user),
    ):
        words = {"headers": who.headers, "params": who.params, "timeout": 10}
        assert requests.get(f"{stub.url}{path}", **words).status_code == 200
        assert [one.actor for one in stub.requests] == [who.name]

URLS = set()

def test_a_world_is_fresh(hitask):
    URLS.add(hitask.url)
    hitask.item()
    assert len(hitask.owner.call("listItems")) == 1

def test_the_next_one_too(hitask, client):
    assert hitask.url not in URLS
    assert hitask.owner.call("listItems") == []
    said = client.get(f"{hitask.url}/api/user", headers=hitask.owner.headers)
    assert said.json()["login"] == "owner"

def test_what_is_loaded():
    assert {"hypothesis", "schemathesis", "jsonschema"} & {*sys.modules} == set()
"""
ENDINGS = """
import pytest, requests

def test_leaves_a_script(hitask):
    hitask.faults.script("createItem", [503, 503, "reset"])

def test_strays(gsmtasks):
    gsmtasks.strict()
    words = {"headers": gsmtasks.worker.headers, "timeout": 10}
    requests.get(f"{gsmtasks.url}/api/tasks/tasks/?colour=red", **words)

def test_fails_and_leaves_a_script(fivepm):
    fivepm.faults.script("*", [503])
    assert fivepm.requests.count() == 1

def test_is_skipped(hitask):
    hitask.faults.script("*", [503])
    pytest.skip("not today")

def test_keeps_all(hitask):
    hitask.strict()
    hitask.faults.script("getUser", [503])
    words = {"headers": hitask.owner.headers, "timeout": 10}
    assert requests.get(f"{hitask.url}/api/user", **words).status_code == 503
"""
WORKERS = """
import os, pytest

@pytest.mark.parametrize("n", range(4))
def test_a_server_a_worker(hitask, n, record_property):
    assert hitask.owner.call("listItems") == []
    assert hitask.item()["id"]
    print(os.environ["PYTEST_XDIST_WORKER"], hitask.url)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with folders that are called as the kit's are."""
    for name in ("contract", "mockserver", "schemas"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("MINE = True\n")
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    return tmp_path


def run(
    project: Path, test: str, *words: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """What pytest makes of a test file of that project."""
    (project / "test_client.py").write_text(test)
    path = os.pathsep.join(part for part in sys.path if part)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tasktwin_contract.plugin", *words],
        cwd=project,
        env={**os.environ, "PYTHONPATH": path, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_foreign_project_is_unharmed(project: Path) -> None:
    """Its own folders and conftest are its own, and each test has a fresh world."""
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = run(project, UNHARMED, env=alone)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_how_tests_end(project: Path) -> None:
    """Unused scripts and broken clauses fail a test, in a sentence and at its end."""
    done = run(project, ENDINGS, "-rA", "--tb=short")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed, 3 passed, 1 skipped, 2 errors" in done.stdout
    assert "createItem was not used up; left: 503, 503, reset" in done.stdout
    assert "outside the contract: " in done.stdout
    assert "unknown-parameter:colour" in done.stdout
    assert "any operation was not used up" not in done.stdout
    assert "ERROR test_client.py::test_strays" in done.stdout


def test_a_server_for_each_worker(project: Path) -> None:
    """Under pytest-xdist each worker has a server of its own, at a port of its own."""
    pytest.importorskip("xdist")
    done = run(project, WORKERS, "-n", "2", "-rP")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split() for line in done.stdout.splitlines() if "http://" in line]
    servers = {(worker, url.rpartition("/")[0]) for worker, url in lines}
    assert len(lines) == 4
    assert len({server for _, server in servers}) == len(servers) == 2


def test_fixtures_are_described(project: Path) -> None:
    """`pytest --fixtures` says what they are."""
    done = run(project, "", "--fixtures", "-k", "nothing")
    for api in ("hitask", "gsmtasks", "fivepm"):
        assert f"A fresh world of {api}: its people" in done.stdout
