"""The console in a browser: who sees what, by mouse and by itself."""

from collections.abc import Callable
from typing import Any

import requests

from .browser import HOSTILE, MEMBER, SECONDS, Console, needed

pytestmark = needed


def test_two_people_see_the_tree(console: Console) -> None:
    """The tree shows what each person sees, with what they may do, and no more."""
    parent = console.item(
        "Garden", category=4, permissions=[{"principal": MEMBER, "level": 50}]
    )
    console.item("Paint the fence", parent=parent)
    console.item("Secret")
    console.open()
    rows = console.tree()
    assert len(rows) == 4
    assert all("permission: 100 (everything)" in row for row in rows[1:])
    console.choose("actor", "member")
    console.until(lambda: len(console.tree()) == 3)
    assert [row.split(" permission: ")[0] for row in console.tree()[1:]] == [
        "item Garden",
        "item Paint the fence",
    ]
    assert all("permission: 50 (complete)" in row for row in console.tree()[1:])
    levels = console.script(
        "return [...document.querySelectorAll('[role=treeitem]')].map((one) => "
        "[one.getAttribute('aria-level'), one.getAttribute('aria-expanded')])"
    )
    assert levels == [["1", None], ["1", "true"], ["2", None]]
    assert len(console.controls("GET", "/requests")) == 3


def test_the_page_follows(console: Console) -> None:
    """What a client does is seen without anything being pressed."""
    console.open()
    assert console.text("log-empty") == "Nothing was asked yet."
    console.item("Call back")
    console.until(lambda: "POST /api/item" in console.text("log"))
    console.until(lambda: any("Call back" in row for row in console.tree()))
    console.get("pause").click()
    assert console.get("pause").get_attribute("aria-pressed") == "true"
    console.get("pause").click()
    console.controls("DELETE", "/requests")
    console.until(lambda: console.text("log") == "")


def test_projects_of_another_api(made: Callable[..., Console]) -> None:
    """In 5pm each sees the projects they are in, and whether they may change them."""
    console = made("fivepm")
    session = {"sessionId": console.actor("user")["session_id"]}
    project = {"project[name]": HOSTILE[0], "project[team]": "102,105"}
    url = f"{console.server.url}/api/v2/service/post/projects/add"
    requests.post(url, params=session, data=project, timeout=SECONDS)
    console.open()
    console.choose("actor", "user")
    console.until(lambda: "can_edit: true" in "".join(console.tree()))
    console.choose("actor", "client")
    console.until(lambda: "can_edit: false" in "".join(console.tree()))
    assert "securityLevel: 200 (client)" in console.tree()[0]
    console.choose("actor", "external")
    console.until(lambda: "150" in console.tree()[0])
    assert len(console.tree()) == 1


def test_tasks_of_another_api(made: Callable[..., Console]) -> None:
    """In GSMtasks a manager sees tasks below their order, a worker those of theirs."""
    console = made("gsmtasks")
    manager = console.actor("manager")
    api = f"{console.server.url}/api/tasks"
    headers = {"Authorization": f"Token {manager['token']}"}
    account = f"{api}/accounts/{manager['account']}/"

    def post(noun: str, **sent: Any) -> dict[str, Any]:
        body = {"account": account, **sent}
        answer = requests.post(
            f"{api}/{noun}/", json=body, headers=headers, timeout=SECONDS
        )
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    order = post("orders", reference="O-112")
    worker = f"{console.server.url}{console.actor('worker')['path']}"
    place = {"raw_address": "1 Example Street"}
    task = {"category": "assignment", "address": place, "order": order["url"]}
    post("tasks", description="Deliver", assignee=worker, **task)
    post("tasks", description="Wait", **task)
    console.open()
    tree = "\n".join(console.tree())
    assert tree.index("order O-112") < tree.index("task Deliver")
    assert "state: assigned" in tree
    assert "assignee: worker" in tree
    console.choose("actor", "worker")
    console.until(lambda: console.text("viewer") == "worker")
    console.until(lambda: "task Wait" not in "".join(console.tree()))
    assert "task Deliver" in "".join(console.tree())
