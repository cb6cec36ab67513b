"""The console in a browser: what is done there is done to the mock."""

import uuid
from collections.abc import Callable

from .browser import Console, needed

pytestmark = needed


def test_the_log_tells_the_clause(console: Console) -> None:
    """What was sent outside the contract is told with its clause, and refused then."""
    console.item("Call back")
    console.item("Call back", colour="red")
    console.open()
    console.until(lambda: "HT-PARAM-20" in console.text("log"))
    assert "HT-PARAM-20 unknown-parameter: colour" in console.text("log")
    console.get("log-violations").click()
    console.until(lambda: console.text("log").count("POST") == 1)
    console.get("log").find_element("css selector", "summary").click()
    sentence = console.controls("GET", "/contract")["clauses"]["HT-PARAM-20"]
    assert f"HT-PARAM-20: {sentence}" in console.text("log")
    assert '"title": "Call back"' in console.text("log")
    console.choose("log-operation", "getUser")
    console.until(lambda: console.text("log") == "")
    console.get("strict").click()
    console.until(lambda: "refused" in console.text("said"))
    assert console.controls("GET", "/settings")["strict"] is True
    sent = {"guid": str(uuid.uuid4()), "title": "x", "colour": "red"}
    assert console.ask("POST", "/api/item", json=sent).status_code == 400


def test_a_fault_script_is_met(console: Console) -> None:
    """A script that is made in the page is met by a client; it shows what is left."""
    console.open()
    console.choose("fault-operation", "getUser")
    console.fill("fault-steps", '503, {"status": 429, "retry_after": 2}, ok')
    console.until(lambda: "getUser: 503" in console.text("faults"))
    assert console.ask("GET", "/api/user").status_code == 503
    answer = console.ask("GET", "/api/user")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    console.until(lambda: 'left: "ok"' in console.text("faults"))
    assert "fault 503" in console.text("log")
    console.fill("fault-steps", "cut, explode")
    console.until(lambda: "(steps[1])." in console.text("failed"))
    console.get("faults-clear").click()
    console.until(lambda: console.text("faults") == "")
    assert console.controls("GET", "/faults") == []


def test_the_clock_is_frozen_and_turned(console: Console) -> None:
    """The clock is frozen, set, turned and let run, each for the world too."""
    console.open()
    console.get("freeze").click()
    console.until(lambda: console.text("runs") == "stands still")
    console.fill("moment", "2030-01-01T00:00:00Z")
    console.until(lambda: console.text("now") == "2030-01-01T00:00:00.000000Z")
    console.fill("seconds", "90.5")
    console.until(lambda: console.text("now") == "2030-01-01T00:01:30.500000Z")
    shown = {"now": "2030-01-01T00:01:30.500000Z", "frozen": True}
    assert console.controls("GET", "/clock") == shown
    console.get("freeze").click()
    console.until(lambda: console.text("runs") == "runs")
    assert console.controls("GET", "/clock")["frozen"] is False
    console.fill("moment", "yesterday")
    console.until(lambda: "(now)" in console.text("failed"))


def test_the_life_of_worlds(console: Console) -> None:
    """A world is made, forked, reset and dropped; one that is gone is left."""
    console.item("Call back")
    console.open()
    console.get("world-fork").click()
    console.fill("world-name", "twin")
    console.until(lambda: console.text("url").endswith("/~twin"))
    assert any("Call back" in row for row in console.tree())
    console.fill("world-name", "twin")
    console.until(lambda: "already" in console.text("failed"))
    console.get("drop").click()
    console.until(lambda: not console.text("url").endswith("/~twin"))
    assert [one["name"] for one in console.controls("GET", "/worlds")] == ["default"]
    assert not console.get("drop").is_enabled()
    console.get("reset").click()
    console.until(lambda: len(console.tree()) == 1)
    console.fill("world-name", "brief")
    console.until(lambda: console.text("url").endswith("/~brief"))
    console.controls("DELETE", "/worlds/brief")
    console.until(lambda: not console.text("url").endswith("/~brief"))
    assert console.text("failed") == "The world brief is gone."


def test_the_page_asks_for_the_token(made: Callable[..., Console]) -> None:
    """Where the controls need a token the page asks for it, and takes the right one."""
    console = made(admin_token="open sesame")
    console.driver.get(f"{console.server.url}/__admin/")
    console.until(lambda: console.get("token-form").is_displayed())
    assert console.focus()[0] == "token"
    assert console.tree() == []
    console.fill("token", "open barley")
    console.until(lambda: console.get("token-form").is_displayed())
    assert console.text("failed") == (
        "The controls of this server need its token (Authorization)."
    )
    console.fill("token", "open sesame")
    console.until(console.tree)
    assert not console.get("token-form").is_displayed()
    assert console.focus()[0] == "world"
    assert console.script("return [localStorage.length, sessionStorage.length]") == [
        0,
        0,
    ]
