"""The console in a real browser: Debian's chromium, with its own driver.

Nothing is downloaded for it; where the two are not installed the tests are skipped.
"""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

pytest.importorskip("selenium", reason="selenium is not installed")

from selenium import webdriver
from selenium.common import JavascriptException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from tasktwin_mockserver.server import MockServer

BROWSER, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--window-size=1400,1600",
)
SECONDS = 30  # until something has to be seen
MOST_TABS = 60
MEMBER = 1004
RUN = "window.hacked = (window.hacked || 0) + 1"
HOSTILE = (
    f"<img src=x onerror='{RUN}'>",
    f"<script>{RUN}</script>",
    f"\"'><svg onload='{RUN}'>",
    f"javascript:{RUN}",
    "</pre></summary><iframe srcdoc='<script>parent.hacked=1</script>'>",
)

pytestmark = pytest.mark.skipif(
    not (BROWSER.exists() and DRIVER.exists()),
    reason=f"{BROWSER} and {DRIVER} are not installed: chromium, chromium-driver",
)


class Console:
    """The page as somebody uses it who looks at `server`."""

    def __init__(self, driver: webdriver.Chrome, server: MockServer) -> None:
        self.driver = driver
        self.server = server

    def open(self) -> None:
        """Go to the page, and wait until it shows a world."""
        self.driver.get(f"{self.server.url}/__admin/")
        self.until(self.tree)

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until that is so."""
        wait = WebDriverWait(self.driver, SECONDS, poll_frequency=0.05)
        wait.until(lambda _: condition(), f"failed: {self.text('failed')}")

    def script(self, text: str, *values: object) -> Any:
        """Run something in the page."""
        return self.driver.execute_script(text, *values)

    def get(self, name: str) -> WebElement:
        """The element with that id."""
        return self.driver.find_element("id", name)

    def text(self, name: str) -> str:
        """What the element with that id says."""
        found: str = self.script(
            "return document.getElementById(arguments[0]).innerText", name
        )
        return found

    def tree(self) -> list[str]:
        """The lines of the tree that are seen."""
        rows: list[str] = self.script(
            "return [...document.querySelectorAll('#tree .row')]"
            ".filter((row) => row.checkVisibility()).map((row) => row.innerText)"
        )
        return rows

    def choose(self, name: str, value: str) -> None:
        """Choose something of a list."""
        Select(self.get(name)).select_by_value(value)

    def fill(self, name: str, value: str) -> None:
        """Write into a field, and send its form."""
        field = self.get(name)
        field.clear()
        field.send_keys(value, Keys.ENTER)

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def focus(self) -> tuple[str, str]:
        """The id, and the text, of what has the focus."""
        one = self.driver.switch_to.active_element
        return one.get_attribute("id") or "", one.text

    def tab_to(self, name: str) -> None:
        """Press Tab until the focus is there."""
        for _ in range(MOST_TABS):
            if self.focus()[0] == name:
                return
            self.press(Keys.TAB)
        raise AssertionError(f"no Tab leads to {name}")

    # What a client of the mock does meanwhile.

    def controls(self, method: str, path: str, **words: Any) -> Any:
        """What the mock's controls say."""
        url = f"{self.server.url}/__admin{path}"
        return requests.request(method, url, timeout=SECONDS, **words).json()

    def actor(self, name: str, world: str = "default") -> dict[str, str]:
        """Somebody of the cast."""
        people: dict[str, dict[str, str]]
        people = self.controls("GET", f"/worlds/{world}")["actors"]
        return people[name]

    def ask(self, method: str, path: str, **words: Any) -> requests.Response:
        """What the API answers to the owner."""
        session = {"x-hi-session": self.actor("owner")["session_id"]}
        headers = session | words.pop("headers", {})
        url = f"{self.server.url}{path}"
        return requests.request(method, url, headers=headers, timeout=SECONDS, **words)

    def item(self, title: str, **fields: Any) -> int:
        """Have the owner make an item; its id."""
        sent = {"guid": str(uuid.uuid4()), "title": title, **fields}
        answer = self.ask("POST", "/api/item", json=sent)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["id"])


@pytest.fixture(scope="module")
def driver() -> Iterator[webdriver.Chrome]:
    """One browser for all tests."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for switch in SWITCHES:
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    yield driver
    driver.quit()


@pytest.fixture
def made(driver: webdriver.Chrome) -> Iterator[Callable[..., Console]]:
    """Makes consoles, of which the browser has nothing to complain in the end.

    What a server refuses it notes too; that is no complaint about the page.
    """
    servers: list[MockServer] = []

    def make(api: str = "hitask", **words: Any) -> Console:
        server = MockServer(api, **words)
        server.start()
        servers.append(server)
        return Console(driver, server)

    yield make
    noted = driver.get_log("browser")  # type: ignore[no-untyped-call]
    driver.get("about:blank")
    for server in servers:
        server.stop()
    assert [one for one in noted if one["source"] != "network"] == []


@pytest.fixture
def console(made: Callable[..., Console]) -> Console:
    """The page of a mock of HiTask."""
    return made()


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


def test_nothing_that_was_sent_runs(console: Console) -> None:
    """Markup in titles, texts, names, queries, headers and paths is shown as text."""
    for text in HOSTILE:
        console.item(text, message=text)
        console.ask("PUT", "/api/user", json={"firstName": text, "lastName": text})
        headers = {"User-Agent": text, "Accept": text}
        query = {text: text, "title": text}
        console.ask("GET", "/api/item", params=query, headers=headers)
        console.ask("GET", f"/{text}")
    console.open()
    asked = 4 * len(HOSTILE)
    entries = "return document.querySelectorAll('#log > li').length"
    console.until(lambda: console.script(entries) == asked)
    console.script(
        "for (const one of document.querySelectorAll('details')) one.open = true"
    )
    page = console.script("return document.body.innerText")
    tree = "\n".join(console.tree())
    for text in HOSTILE:
        assert text in tree
        assert page.count(text) > 3
    for number in range(len(HOSTILE)):
        console.script(
            "document.querySelectorAll('[role=treeitem]')[arguments[0]].focus()",
            number + 1,
        )
        assert '"message"' in console.text("chosen")
    strange = "return document.querySelectorAll('body :is(img,script,svg,iframe)')"
    assert console.script(f"{strange}.length") == 0
    assert console.script("return window.hacked") is None


def test_not_even_markup_by_force_runs(console: Console) -> None:
    """Were there a hole in the page, its policy would still have nothing run."""
    console.open()
    for force in (
        "document.body.innerHTML = arguments[0]",
        "document.body.insertAdjacentHTML('beforeend', arguments[0])",
        "document.createElement('script').textContent = arguments[0]",
    ):
        with pytest.raises(JavascriptException):
            console.script(force, HOSTILE[0])
    assert console.script("return window.hacked") is None
    console.driver.get_log("browser")  # type: ignore[no-untyped-call]


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


def test_without_a_mouse(console: Console) -> None:
    """By the keyboard alone: choose somebody, walk the tree, keep and restore."""
    parent = console.item("Garden", permissions=[{"principal": MEMBER, "level": 50}])
    console.item("Paint the fence", parent=parent)
    console.open()
    console.tab_to("actor")
    console.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    console.until(lambda: console.text("viewer") == "member")
    console.until(lambda: "50 (complete)" in "".join(console.tree()))
    console.press(Keys.TAB, Keys.TAB, Keys.TAB)
    assert console.focus()[1].startswith("user member")
    console.press(Keys.ARROW_DOWN)
    assert console.focus()[1].startswith("item Garden")
    assert '"title": "Garden"' in console.text("chosen")
    console.press(Keys.ARROW_RIGHT)
    assert console.focus()[1].startswith("item Paint the fence")
    console.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert len(console.tree()) == 2
    console.press(Keys.END, Keys.HOME, Keys.ARROW_UP)
    assert console.focus()[1].startswith("user member")
    console.press(Keys.END, Keys.ENTER)
    assert len(console.tree()) == 3
    console.item("Weeds", parent=parent)
    console.until(lambda: len(console.tree()) == 4)
    assert console.focus()[1].startswith("item Garden"), "the focus stays"
    console.tab_to("snapshot-name")
    console.press("four", Keys.ENTER)
    console.until(lambda: "four" in console.text("snapshots"))
    console.item("More weeds", parent=parent)
    console.until(lambda: len(console.tree()) == 5)
    console.press(Keys.TAB, Keys.TAB)
    assert console.focus()[1] == "Restore"
    console.press(Keys.ENTER)
    console.until(lambda: len(console.tree()) == 4)
    assert console.text("said") == "The world is as it was at four."


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
    assert console.script("return [localStorage.length, sessionStorage.length]") == [
        0,
        0,
    ]


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
